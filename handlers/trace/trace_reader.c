/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_reader.h"

#include <errno.h>
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
    bool damaged;
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

enum trace_read trace_reader_next(struct trace_reader *reader, struct trace_line *line)
{
    enum trace_read read = next(reader, line);

    if (read != TRACE_READ_LINE)
        return read;
    if (line->kind == TRACE_LINE_HEADER) {
        reader->line--;
        return damaged(reader, 1, "a second header; accepted: one, in the first line");
    }
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
        reader->line--;
        damaged(reader, 1, "not a trace; accepted: a first line with \"vodd-trace\":1");
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
