/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_SHOWN_TEXT_H
#define MEDIA_SHOWN_TEXT_H

/*
 * Text from outside (paths, names, values of files, texts of a drive, a server's answers) for the
 * eyes of people.  A terminal obeys some characters instead of showing them; whoever writes such a
 * text could move the cursor, hide a line or make up one.  So each byte of
 *
 *   - a control character (C0 with newline and tab, DEL, C1),
 *   - a character that turns the direction of writing, parts lines or paragraphs or is not to be
 * seen,
 *   - what is no UTF-8
 *
 * is written as \xHH, everything else as it is: the byte E9h of an old file name is \xE9, U+202E is
 * \xE2\x80\xAE.  A backslash stays one.  This is the rule wherever the output goes, to a terminal
 * or not; formats for programs (JSON) have escapes of their own.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Whether a character, or UTF8_INVALID, is written as \xHH. */
bool shown_text_is_hidden(uint32_t character);

/* Writes all of `text`. */
void shown_text_put(const char *text, FILE *stream);

/*
 * fprintf() for people: what the format and its arguments come to is shown as above; only a newline
 * that ends the format is one.  What is longer than SHOWN_TEXT_MAX bytes is cut.
 */
#define SHOWN_TEXT_MAX 16384
__attribute__((format(printf, 2, 3))) void shown_text_print(FILE *stream, const char *format, ...);
__attribute__((format(printf, 2, 0))) void shown_text_print_list(FILE *stream, const char *format,
                                                                 va_list arguments);

/* The text into `room` of `size` bytes, cut at its end behind a whole character; returns `room`. */
char *shown_text(const char *text, char *room, size_t size);

#endif
