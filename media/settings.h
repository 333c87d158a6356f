/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_SETTINGS_H
#define MEDIA_SETTINGS_H

/*
 * INI text read against a table: one row for each section and key, with the form it
 * accepts. Disc fixtures, drive profiles and state files are three such tables.
 *
 * Every fault is reported as "NAME:LINE: KEY = VALUE: what is wrong; accepted: FORM" and reading
 * goes on, so that one run shows all of them: unknown sections and keys (the nearest known one is
 * named), a key given twice, text outside any section, lines that are not INI, lines that are too
 * long (SETTINGS_LINE_MAX; a long value continues on indented lines, which are joined with a
 * space), control characters.  After SETTINGS_FAULTS_MAX faults reading stops.
 *
 * Key and value are separated by the first = or :.  Comments are lines that begin with ; or # and,
 * behind a value, whatever follows a blank and a ;.  A value in quotes may have anything but NUL,
 * see settings_quotes.h; it does not continue on another line.  Time and memory grow with the
 * length of the text.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/diagnostics.h"
#include "media/settings_sections.h"

/* The longest line, in bytes, without its newline. */
#define SETTINGS_LINE_MAX   65535
#define SETTINGS_FAULTS_MAX 100

struct setting;

/*
 * Parses `value` (never NULL, trimmed) into `target`, the object that the table describes.  `key`
 * is the key as written, for rows whose key is a number.  On failure leaves *target unchanged,
 * writes what is wrong into `fault` (a clause such as "9 is not a region") and returns false.
 */
typedef bool setting_parse(const struct setting *setting, const char *key, const char *value,
                           void *target, char *fault, size_t fault_size);

struct setting {
    /*
     * A section that ends with a blank and a * stands for all sections of that kind, such as
     * "fault *".  They are not read but gathered: `key` and `parse` are NULL, `offset` is that of a
     * struct settings_sections, which the caller releases in any case.
     */
    const char *section;
    /* NULL accepts every key of the section; the parser judges it. */
    const char *key;
    setting_parse *parse;
    /* Byte offset into the target and parser-specific extent, for the generic parsers below. */
    size_t offset;
    int64_t minimum, maximum;
    /* For settings_parse_choice: NULL-terminated list of words; the value stored (int) is the
     * index. */
    const char *const *choices;
    /* The accepted form, for messages and man pages: "on | off", "1..4", "5 hexadecimal bytes". */
    const char *form;
};

/*
 * Reads `text` (NUL-terminated) against `table` (ended by a row with section = NULL).  `name` is
 * the file name for messages.  Returns true when there was no fault; otherwise every fault was
 * reported and `target` holds the rows that were right, so the caller must discard it.
 */
bool settings_read(const char *name, const char *text, const struct setting *table, void *target,
                   struct diagnostics *diagnostics);

/*
 * The same, and tells where a setting was found: lines[i] is the line of the last key that row i of
 * the table took, 0 if there was none.  `lines` has room for every row of the table.
 */
bool settings_read_lines(const char *name, const char *text, const struct setting *table,
                         void *target, unsigned *lines, struct diagnostics *diagnostics);

/* int at offset: index into choices. */
setting_parse settings_parse_choice;
/* int64_t at offset, minimum..maximum, decimal or 0x hexadecimal. */
setting_parse settings_parse_integer;
/* bool at offset: on | off. */
setting_parse settings_parse_switch;
/* char array at offset with room for `maximum` bytes plus NUL: printable ASCII, at least `minimum`
 * long. */
setting_parse settings_parse_text;

/*
 * Reads `count` pairs that stand for one section, from wherever they come, against `table`, whose
 * rows all have the same section.  `numbered`: lines of the pairs are lines of the file `name`,
 * otherwise the messages have none.  `lines` as above, for unnumbered pairs their place from 1 on.
 */
bool settings_read_pairs(const char *name, bool numbered, const struct settings_pair *pairs,
                         size_t count, const struct setting *table, void *target, unsigned *lines,
                         struct diagnostics *diagnostics);

/*
 * Bytes in hexadecimal with or without spaces between them ("48 9B 77", "489b77").  Returns the
 * number of bytes, or -1 when the text is something else or has more than `room` bytes.
 */
long settings_hex_bytes(const char *text, uint8_t *bytes, size_t room);

/*
 * The whole of a small text file (at most `limit` bytes), NUL-terminated, to be freed by the
 * caller; NULL after reporting why.  Only a regular file is read: nothing else may be waited for.
 */
char *settings_load(const char *path, size_t limit, struct diagnostics *diagnostics);
/* The same for a program that has nothing else to do: also from a pipe or a terminal. */
char *settings_load_patiently(const char *path, size_t limit, struct diagnostics *diagnostics);

#endif
