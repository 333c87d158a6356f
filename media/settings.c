/* SPDX-License-Identifier: MIT */
#include "media/settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/nearest_word.h"
#include "media/settings_quotes.h"

/* How much of a bad value is shown. */
#define VALUE_SHOWN 60

/* A key of a row that takes any key. */
struct seen {
    const struct setting *row;
    char *key;
    unsigned line;
};

struct reading {
    const char *name;
    const struct setting *table;
    void *target;
    struct diagnostics *diagnostics;
    unsigned faults;
    bool out_of_memory;
    bool unnumbered; /* there are no lines to name */

    char *rest; /* what was not read yet, of a copy that is cut into lines, keys and values */
    unsigned line;
    bool key_open; /* an indented line continues a value */
    bool quoted;   /* which ends on its line, though */
    bool refused;  /* the last line was not read, so what continues it is not either */

    const char *section;
    bool in_section, section_known;

    /* The key whose value is being collected; a row of NULL means that the value is skipped. */
    const struct setting *row;
    const char *key;
    char *value; /* as long as the whole text */
    size_t value_length;
    unsigned key_line;

    unsigned *lines;
    struct seen *seen;
    size_t seen_count;
};

__attribute__((format(printf, 3, 4))) static void fault(struct reading *reading, unsigned line,
                                                        const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    reading->faults++;
    if (text && reading->unnumbered)
        diagnostics_error(reading->diagnostics, "%s: %s", reading->name, text);
    else if (text)
        diagnostics_error(reading->diagnostics, "%s:%u: %s", reading->name, line, text);
    else
        reading->out_of_memory = true;
    free(text);
}

static void value_fault(struct reading *reading, const char *what)
{
    char *shown = malloc(SETTINGS_QUOTED_SIZE(reading->value_length));

    if (!shown) {
        reading->out_of_memory = true;
        return;
    }
    settings_quote(reading->value, shown);
    bool cut = strlen(shown) > VALUE_SHOWN;
    fault(reading, reading->key_line, "%s = %.*s%s: %s; accepted: %s", reading->key, VALUE_SHOWN,
          shown, cut ? "..." : "", what, reading->row->form);
    free(shown);
}

static void remember(struct reading *reading)
{
    reading->lines[reading->row - reading->table] = reading->key_line;
    if (reading->row->key)
        return;
    struct seen *seen = reallocarray(reading->seen, reading->seen_count + 1, sizeof *reading->seen);
    char *key = strdup(reading->key);
    if (seen)
        reading->seen = seen;
    if (!seen || !key) {
        free(key);
        reading->out_of_memory = true;
        return;
    }
    seen[reading->seen_count++] = (struct seen){reading->row, key, reading->key_line};
}

/* The length of the kind and the blank behind it, of a row that gathers sections; else 0. */
static size_t kind_length(const struct setting *row)
{
    size_t length = strlen(row->section);
    return length >= 2 && strcmp(row->section + length - 2, " *") == 0 ? length - 1 : 0;
}

static bool is_section(const struct setting *row, const char *section)
{
    size_t kind = kind_length(row);
    return kind > 0 ? strncmp(row->section, section, kind) == 0
                    : strcmp(row->section, section) == 0;
}

static struct settings_sections *gathered(const struct reading *reading, const struct setting *row)
{
    return (struct settings_sections *)(void *)((char *)reading->target + row->offset);
}

/* The value is complete. */
static void finish_value(struct reading *reading)
{
    if (!reading->row)
        return;
    if (kind_length(reading->row) > 0) {
        reading->out_of_memory |= !settings_sections_add_pair(
            gathered(reading, reading->row), reading->key, reading->value, reading->key_line);
        reading->row = NULL;
        return;
    }
    char what[256] = "not accepted";
    if (reading->row->parse(reading->row, reading->key, reading->value, reading->target, what,
                            sizeof what))
        remember(reading);
    else
        value_fault(reading, what);
    reading->row = NULL;
}

/* Where the same key was given before; 0 if nowhere. */
static unsigned line_before(const struct reading *reading, const struct setting *row,
                            const char *key)
{
    if (row->key)
        return reading->lines[row - reading->table];
    if (kind_length(row) > 0)
        return 0; /* for its reader to judge */
    for (size_t i = 0; i < reading->seen_count; i++)
        if (reading->seen[i].row == row && strcmp(reading->seen[i].key, key) == 0)
            return reading->seen[i].line;
    return 0;
}

static void unknown_key(struct reading *reading, const char *key)
{
    struct nearest_word nearest;
    nearest_word_init(&nearest, key);
    for (const struct setting *row = reading->table; row->section; row++)
        if (row->key && strcmp(row->section, reading->section) == 0)
            nearest_word_consider(&nearest, row->key);
    if (nearest.word)
        fault(reading, reading->line, "%s: no such key in [%s]; the nearest is \"%s\"", key,
              reading->section, nearest.word);
    else
        fault(reading, reading->line, "%s: no such key in [%s]", key, reading->section);
}

static void unknown_section(struct reading *reading)
{
    struct nearest_word nearest;
    nearest_word_init(&nearest, reading->section);
    for (const struct setting *row = reading->table; row->section; row++)
        nearest_word_consider(&nearest, row->section);
    fault(reading, reading->line, "[%s]: no such section; the nearest is [%s]", reading->section,
          nearest.word);
}

static const struct setting *find_row(const struct reading *reading, const char *key)
{
    const struct setting *any = NULL;
    for (const struct setting *row = reading->table; row->section; row++) {
        if (!is_section(row, reading->section))
            continue;
        if (!row->key)
            any = row;
        else if (strcmp(row->key, key) == 0)
            return row;
    }
    return any;
}

static void begin_value(struct reading *reading, const char *key, const char *value)
{
    if (!reading->in_section) {
        fault(reading, reading->line, "%s = %s: outside any section", key, value);
        return;
    }
    if (!reading->section_known)
        return;
    if (key[0] == 0) {
        fault(reading, reading->line, "no key before \"= %s\"", value);
        return;
    }
    const struct setting *row = find_row(reading, key);
    if (!row) {
        unknown_key(reading, key);
        return;
    }
    unsigned before = line_before(reading, row, key);
    if (before && reading->unnumbered) {
        fault(reading, 0, "%s = %s: given twice", key, value);
        return;
    }
    if (before) {
        fault(reading, reading->line, "%s = %s: given twice, first at line %u", key, value, before);
        return;
    }
    reading->row = row;
    reading->key_line = reading->line;
    reading->key = key;
    reading->value_length = strlen(value);
    memcpy(reading->value, value, reading->value_length + 1);
}

/*
 * The first of `characters`, or the blank and the ; with which a comment begins (where the ; is),
 * or the end.
 */
static char *find(char *text, const char *characters)
{
    bool blank = false;

    while (*text && !strchr(characters, *text) && !(blank && *text == ';')) {
        blank = settings_is_blank(*text);
        text++;
    }
    return text;
}

/* Without a comment behind it and blanks around it. */
static char *bare(char *text)
{
    char *end = find(text, "");

    while (end > text && settings_is_blank(end[-1]))
        end--;
    *end = 0;
    return text + strspn(text, SETTINGS_BLANKS);
}

static void continue_value(struct reading *reading, char *line)
{
    if (!reading->row)
        return;
    if (reading->quoted) {
        fault(reading, reading->line, "%s: a value in quotes ends on its line", reading->key);
        reading->row = NULL;
        return;
    }
    const char *more = bare(line);
    size_t length = strlen(more);
    if (reading->value_length > 0)
        reading->value[reading->value_length++] = ' ';
    memcpy(reading->value + reading->value_length, more, length + 1);
    reading->value_length += length;
}

/* The value as it is meant, or NULL after reporting what is wrong with its quotes. */
static const char *take_value(struct reading *reading, const char *key, char *text)
{
    char *value = text + strspn(text, SETTINGS_BLANKS), *end;
    const char *what;

    reading->quoted = *value == '"';
    if (!reading->quoted)
        return bare(text);
    char shown[VALUE_SHOWN + 1];
    snprintf(shown, sizeof shown, "%s", value);
    what = settings_unquote(value, &end);
    if (!what && *bare(end))
        what = "text behind the quotes";
    if (what)
        fault(reading, reading->line, "%.*s = %s: %s; accepted: %s", VALUE_SHOWN, key, shown, what,
              SETTINGS_QUOTES_FORM);
    return what ? NULL : value;
}

/* A new key with its value. */
static void take_pair(struct reading *reading, char *line)
{
    char *equals = find(line, "=:"), *end = equals;

    if (*equals != '=' && *equals != ':') {
        fault(reading, reading->line, "neither KEY = VALUE nor [SECTION] nor a comment");
        return;
    }
    while (end > line && settings_is_blank(end[-1]))
        end--;
    *end = 0;
    finish_value(reading);
    reading->key_open = *line != 0;
    const char *value = take_value(reading, line, equals + 1);
    if (value)
        begin_value(reading, line, value);
}

static void begin_section(struct reading *reading, char *line)
{
    finish_value(reading);
    reading->in_section = true;
    reading->section_known = false;
    char *close = strchr(line, ']');
    if (!close) {
        fault(reading, reading->line, "%.*s: a section without its ]", VALUE_SHOWN, line);
        return;
    }
    reading->key_open = false;
    *close = 0;
    reading->section = line + 1;
    const char *behind = close + 1 + strspn(close + 1, " \t");
    if (*behind && *behind != ';' && *behind != '#')
        fault(reading, reading->line, "[%s]: text behind the section: %s", reading->section,
              behind);
    for (const struct setting *row = reading->table; row->section; row++) {
        if (!is_section(row, reading->section) || reading->section_known)
            continue;
        reading->section_known = true;
        if (kind_length(row) > 0)
            reading->out_of_memory |=
                !settings_sections_add(gathered(reading, row), reading->name,
                                       reading->section + kind_length(row), reading->line);
    }
    if (!reading->section_known)
        unknown_section(reading);
}

/* False after reporting what no line may have. */
static bool inspect_line(struct reading *reading, const char *line, size_t length)
{
    if (length > SETTINGS_LINE_MAX) {
        fault(reading, reading->line,
              "the line has %zu bytes; accepted: at most %d, a long value may continue on indented "
              "lines",
              length, SETTINGS_LINE_MAX);
        return false;
    }
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)line[i] == 0x7F || ((unsigned char)line[i] < 0x20 && line[i] != '\t')) {
            fault(reading, reading->line, "control character %02Xh in column %zu",
                  (unsigned char)line[i], i + 1);
            return false;
        }
    return true;
}

static void read_line(struct reading *reading, char *line)
{
    char *start = line + strspn(line, " \t");

    if (reading->line == 1 && strncmp(start, "\xEF\xBB\xBF", 3) == 0)
        start += 3 + strspn(start + 3, " \t");
    bool continues = start > line && reading->key_open;
    if (*start == 0 || *start == ';' || *start == '#')
        return;
    if (continues)
        continue_value(reading, start);
    else if (*start == '[')
        begin_section(reading, start);
    else
        take_pair(reading, start);
}

/* Cuts the next line off the rest and reads it. */
static void read_next_line(struct reading *reading)
{
    char *line = reading->rest;
    size_t whole = strcspn(line, "\n"), length = whole;

    reading->rest += whole + (line[whole] == '\n');
    reading->line++;
    while (length > 0 && line[length - 1] == '\r')
        length--;
    line[length] = 0;
    bool continues = reading->refused && (*line == ' ' || *line == '\t');
    reading->refused = continues || !inspect_line(reading, line, length);
    if (reading->refused)
        finish_value(reading);
    else
        read_line(reading, line);
}

bool settings_read_lines(const char *name, const char *text, const struct setting *table,
                         void *target, unsigned *lines, struct diagnostics *diagnostics)
{
    char *copy = strdup(text);
    struct reading reading = {
        .name = name,
        .table = table,
        .target = target,
        .diagnostics = diagnostics,
        .rest = copy,
        .section = "",
        .lines = lines,
        .value = malloc(strlen(text) + 1),
    };
    for (size_t i = 0; table[i].section; i++)
        lines[i] = 0;
    reading.out_of_memory = !copy || !reading.value;
    while (!reading.out_of_memory && *reading.rest && reading.faults < SETTINGS_FAULTS_MAX)
        read_next_line(&reading);
    finish_value(&reading);
    if (reading.out_of_memory)
        diagnostics_error(diagnostics, "%s: out of memory", name);
    else if (reading.faults >= SETTINGS_FAULTS_MAX && *reading.rest)
        diagnostics_error(diagnostics, "%s: %u faults; the rest was not read", name,
                          reading.faults);
    for (size_t i = 0; i < reading.seen_count; i++)
        free(reading.seen[i].key);
    free(reading.seen);
    free(reading.value);
    free(copy);
    return reading.faults == 0 && !reading.out_of_memory;
}

/* Room for the longest value of the pairs. */
static char *value_buffer(const struct settings_pair *pairs, size_t count)
{
    size_t longest = 0;
    for (size_t i = 0; i < count; i++)
        if (strlen(pairs[i].value) > longest)
            longest = strlen(pairs[i].value);
    return malloc(longest + 1);
}

bool settings_read_pairs(const char *name, bool numbered, const struct settings_pair *pairs,
                         size_t count, const struct setting *table, void *target, unsigned *lines,
                         struct diagnostics *diagnostics)
{
    struct reading reading = {
        .name = name,
        .table = table,
        .target = target,
        .diagnostics = diagnostics,
        .unnumbered = !numbered,
        .in_section = true,
        .section_known = true,
        .lines = lines,
        .value = value_buffer(pairs, count),
    };
    for (size_t i = 0; table[i].section; i++)
        lines[i] = 0;
    if (!reading.value) {
        diagnostics_error(diagnostics, "%s: out of memory", name);
        return false;
    }
    reading.section = table[0].section;
    for (size_t i = 0; i < count && reading.faults < SETTINGS_FAULTS_MAX; i++) {
        reading.line = numbered ? pairs[i].line : (unsigned)i + 1;
        begin_value(&reading, pairs[i].key, pairs[i].value);
        finish_value(&reading);
    }
    free(reading.value);
    return reading.faults == 0 && !reading.out_of_memory;
}

bool settings_read(const char *name, const char *text, const struct setting *table, void *target,
                   struct diagnostics *diagnostics)
{
    size_t rows = 0;
    while (table[rows].section)
        rows++;
    unsigned *lines = calloc(rows + 1, sizeof *lines);
    if (!lines) {
        diagnostics_error(diagnostics, "%s: out of memory", name);
        return false;
    }
    bool right = settings_read_lines(name, text, table, target, lines, diagnostics);
    free(lines);
    return right;
}
