/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handlers/trace/trace_json.h"

struct trace_reader {
    char *path;
    FILE *stream;
    struct diagnostics *diagnostics;
    struct trace_header header;
    unsigned long line;
    uint64_t commands;
    uint64_t lines, lost; /* commands and events; those that are said to be lost */
    bool damaged, ended;
    size_t length; /* of what there is of the line */
    char text[TRACE_LINE_MAX + 2];
};

static enum trace_read damaged(struct trace_reader *reader, size_t column, const char *text)
{
    reader->damaged = true;
    diagnostics_error(reader->diagnostics, "%s:%lu:%zu: %s", reader->path, reader->line + 1, column,
                      text);
    return TRACE_READ_DAMAGED;
}

/* A whole line, without its newline, into `text`; what there is of one stays for the next time. */
static enum trace_read read_line(struct trace_reader *reader)
{
    int c;

    while ((c = getc_unlocked(reader->stream)) != EOF && c != '\n') {
        if (reader->length == TRACE_LINE_MAX)
            return damaged(reader, TRACE_LINE_MAX + 1, "a line has at most 65536 bytes");
        reader->text[reader->length++] = (char)c;
    }
    reader->text[reader->length] = 0;
    if (c == '\n')
        return TRACE_READ_LINE;
    if (ferror(reader->stream))
        return damaged(reader, reader->length + 1, strerror(errno));
    clearerr(reader->stream);
    return TRACE_READ_END;
}

static bool is_blank(const struct trace_reader *reader)
{
    return strspn(reader->text, " \t\r") == reader->length;
}

static enum trace_read next(struct trace_reader *reader, struct trace_line *line)
{
    struct trace_fault fault;
    enum trace_read read;

    if (reader->damaged)
        return TRACE_READ_DAMAGED;
    while ((read = read_line(reader)) == TRACE_READ_LINE && reader->length > 0 &&
           is_blank(reader)) {
        reader->line++;
        reader->length = 0;
    }
    if (read != TRACE_READ_LINE)
        return read;
    if (!trace_json_parse(reader->text, reader->length, line, &fault))
        return damaged(reader, fault.column, fault.text);
    reader->line++;
    reader->length = 0;
    return TRACE_READ_LINE;
}

static enum trace_read damaged_line(struct trace_reader *reader, const char *text)
{
    reader->line--;
    return damaged(reader, 1, text);
}

static enum trace_read take_end(struct trace_reader *reader, const struct trace_end *end)
{
    char text[160];

    if (end->has_lines && end->lines != reader->lines) {
        snprintf(text, sizeof(text),
                 "lines: %" PRIu64 " were written, %" PRIu64
                 " are here: the trace was cut or put together",
                 end->lines, reader->lines);
        return damaged_line(reader, text);
    }
    reader->ended = end->orderly;
    if (end->lost > reader->lost)
        reader->lost = end->lost;
    return TRACE_READ_LINE;
}

enum trace_read trace_reader_next(struct trace_reader *reader, struct trace_line *line)
{
    enum trace_read read = next(reader, line);

    if (read != TRACE_READ_LINE)
        return read;
    if (line->kind == TRACE_LINE_HEADER)
        return damaged_line(reader, "a second header; accepted: one, in the first line");
    if (reader->ended)
        return damaged_line(reader, "something behind the end of the trace");
    if (line->kind == TRACE_LINE_END)
        return take_end(reader, &line->end);
    if (line->kind == TRACE_LINE_LOSS) {
        reader->lost = line->loss.lines < UINT64_MAX - reader->lost
                           ? reader->lost + line->loss.lines
                           : UINT64_MAX;
        return TRACE_READ_LINE;
    }
    reader->lines++;
    if (line->kind == TRACE_LINE_COMMAND) {
        reader->commands++;
        if (line->command.number == 0)
            line->command.number = reader->commands;
    }
    return TRACE_READ_LINE;
}

bool trace_reader_is_truncated(struct trace_reader *reader)
{
    if (reader->damaged || reader->length == 0)
        return false;
    damaged(reader, reader->length + 1, "the trace ends in the middle of a line");
    return true;
}

bool trace_reader_is_whole(const struct trace_reader *reader, bool accepted)
{
    void (*report)(struct diagnostics * diagnostics, const char *format, ...) =
        accepted ? diagnostics_warning : diagnostics_error;

    if (reader->damaged || (reader->ended && reader->lost == 0))
        return true;
    if (!reader->ended)
        report(
            reader->diagnostics,
            "%s: the trace has no end: its drive still runs or was killed, or the trace was cut%s",
            reader->path, accepted ? "" : "; --incomplete accepts it");
    else
        report(reader->diagnostics, "%s: the trace has lost %" PRIu64 " lines%s", reader->path,
               reader->lost, accepted ? "" : "; --incomplete accepts it");
    return false;
}

static bool read_header(struct trace_reader *reader)
{
    struct trace_line *line = malloc(sizeof(*line));
    enum trace_read read;
    bool right = false;

    if (!line) {
        diagnostics_error(reader->diagnostics, "%s: %s", reader->path, strerror(ENOMEM));
        return false;
    }
    read = next(reader, line);
    if (read == TRACE_READ_END) {
        if (!trace_reader_is_truncated(reader))
            damaged(reader, 1, "not a trace: it is empty");
    } else if (read == TRACE_READ_LINE && line->kind != TRACE_LINE_HEADER) {
        damaged_line(reader, "not a trace; accepted: a first line with \"vodd-trace\":1");
    } else if (read == TRACE_READ_LINE) {
        reader->header = line->header;
        right = true;
    }
    free(line);
    return right;
}

struct trace_reader *trace_reader_open(const char *path, struct diagnostics *diagnostics)
{
    struct trace_reader *reader = calloc(1, sizeof(*reader));

    if (!reader || !(reader->path = strdup(strcmp(path, "-") == 0 ? "standard input" : path))) {
        diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
        trace_reader_close(reader);
        return NULL;
    }
    reader->diagnostics = diagnostics;
    reader->stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (!reader->stream)
        diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
    else if (read_header(reader))
        return reader;
    trace_reader_close(reader);
    return NULL;
}

void trace_reader_close(struct trace_reader *reader)
{
    if (!reader)
        return;
    if (reader->stream && reader->stream != stdin)
        fclose(reader->stream);
    free(reader->path);
    free(reader);
}

const char *trace_reader_path(const struct trace_reader *reader)
{
    return reader->path;
}

const struct trace_header *trace_reader_header(const struct trace_reader *reader)
{
    return &reader->header;
}

unsigned long trace_reader_line(const struct trace_reader *reader)
{
    return reader->line;
}
