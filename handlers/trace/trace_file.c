/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "handlers/trace/trace_json.h"
#include "handlers/trace/trace_observer.h"

struct trace_file {
    struct output_file *output;
    struct drive *drive;
    struct trace_observer *observer;
    uint64_t lines; /* commands and events that were written */
    uint64_t gap;   /* that were lost since the last one was */
};

/* One line, with its newline in place of the NUL; takes the object over.  NULL: memory is short. */
static char *line_of(json_t *object, size_t *length)
{
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;

    json_decref(object);
    *length = text ? strlen(text) : 0;
    if (text)
        text[(*length)++] = '\n';
    return text;
}

/* In front of the first line after a gap stands how many are missing, in one piece with it. */
static char *with_gap(const struct trace_file *file, char *text, size_t *length)
{
    const struct trace_loss loss = {.time = drive_now(file->drive), .lines = file->gap};
    size_t loss_length;
    char *line = line_of(trace_json_loss(&loss), &loss_length);
    char *both = line ? realloc(line, loss_length + *length) : NULL;

    if (both) {
        memcpy(both + loss_length, text, *length);
        *length += loss_length;
    } else {
        free(line);
    }
    free(text);
    return both;
}

/* A command or an event; takes the object over. */
static void write_line(struct trace_file *file, json_t *object)
{
    size_t length;
    char *text = line_of(object, &length);
    bool written;

    if (text && file->gap > 0)
        text = with_gap(file, text, &length);
    if (!text)
        output_file_lose(file->output, 1);
    written = text && output_file_write(file->output, text, length);
    free(text);
    file->lines += written;
    file->gap = written ? 0 : file->gap + 1;
}

static void write_command(void *context, const struct trace_command *command)
{
    write_line(context, trace_json_command(command));
}

static void write_event(void *context, const struct trace_event *event)
{
    write_line(context, trace_json_event(event));
}

void trace_header_of(const struct drive *drive, struct trace_header *header)
{
    const struct drive_profile *profile = drive_profile(drive);

    memset(header, 0, sizeof(*header));
    memcpy(header->vendor, profile->vendor, sizeof(header->vendor));
    memcpy(header->product, profile->product, sizeof(header->product));
    memcpy(header->revision, profile->revision, sizeof(header->revision));
    memcpy(header->serial, profile->serial, sizeof(header->serial));
    header->time = drive_now(drive);
    header->started = time(NULL);
    header->has_state = true;
    trace_state_of(drive, &header->state);
    if (header->state.medium == DRIVE_MEDIUM_BECOMING_READY)
        header->ready_in = drive_deadline(drive) - header->time;
}

static bool write_header(struct trace_file *file)
{
    struct trace_header header;
    size_t length;
    char *text;
    bool written;

    trace_header_of(file->drive, &header);
    text = line_of(trace_json_header(&header), &length);
    written = text && output_file_write(file->output, text, length);
    errno = text ? errno : ENOMEM;
    free(text);
    return written;
}

struct trace_file *trace_file_open(struct output_file *output, struct drive *drive,
                                   size_t medium_bytes, struct diagnostics *diagnostics)
{
    struct trace_file *file = output ? calloc(1, sizeof(*file)) : NULL;

    if (!file) {
        if (output)
            diagnostics_error(diagnostics, "%s: %s", output_file_path(output), strerror(ENOMEM));
        output_file_close(output);
        return NULL;
    }
    file->output = output;
    file->drive = drive;
    if (write_header(file)) {
        const struct trace_sink sink = {write_command, write_event, file};
        file->observer = trace_observer_create(drive, &sink, medium_bytes);
        if (file->observer)
            return file;
        errno = ENOMEM;
    }
    if (errno == ENOMEM)
        diagnostics_error(diagnostics, "%s: %s", output_file_path(output), strerror(ENOMEM));
    output_file_close(output);
    free(file);
    return NULL;
}

void trace_file_report(struct trace_file *file, struct diagnostics *diagnostics)
{
    output_file_report(file->output, diagnostics);
}

static void write_end(struct trace_file *file)
{
    struct trace_end end = {
        .orderly = true, .time = drive_now(file->drive), .has_lines = true, .lines = file->lines};
    size_t length;
    char *text;

    output_file_lose(file->output, trace_observer_lost(file->observer));
    end.lost = output_file_lost(file->output);
    text = line_of(trace_json_end(&end), &length);
    if (text)
        output_file_write_last(file->output, text, length);
    else
        output_file_lose(file->output, 1);
    free(text);
}

bool trace_file_close(struct trace_file *file)
{
    bool whole;

    if (!file)
        return true;
    write_end(file);
    trace_observer_destroy(file->observer);
    whole = output_file_close(file->output);
    free(file);
    return whole;
}
