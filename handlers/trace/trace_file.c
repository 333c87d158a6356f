/* SPDX-License-Identifier: MIT */
#include "handlers/trace/trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "handlers/trace/trace_json.h"
#include "handlers/trace/trace_observer.h"

struct trace_file {
    char *path;
    int fd;
    struct diagnostics *diagnostics;
    struct trace_observer *observer;
    bool failed;
};

static bool write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t step = write(fd, text, length);
        if (step < 0 && errno == EINTR)
            continue;
        if (step < 0)
            return false;
        text += step;
        length -= (size_t)step;
    }
    return true;
}

/* Takes the object over. */
static void write_line(struct trace_file *file, json_t *object)
{
    char *text = file->failed || !object ? NULL : json_dumps(object, JSON_COMPACT);
    size_t length = text ? strlen(text) : 0;

    json_decref(object);
    if (file->failed)
        return;
    errno = ENOMEM;
    if (text)
        text[length++] = '\n'; /* in place of the NUL */
    if (!text || !write_all(file->fd, text, length)) {
        file->failed = true;
        diagnostics_error(file->diagnostics, "%s: %s; the trace ends here", file->path,
                          strerror(errno));
    }
    free(text);
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

struct trace_file *trace_file_open(const char *path, struct drive *drive, size_t medium_bytes,
                                   struct diagnostics *diagnostics)
{
    struct trace_file *file = calloc(1, sizeof(*file));
    struct trace_header header;

    if (!file || !(file->path = strdup(path))) {
        diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
        free(file);
        return NULL;
    }
    file->diagnostics = diagnostics;
    file->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (file->fd < 0) {
        diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
        trace_file_close(file);
        return NULL;
    }
    trace_header_of(drive, &header);
    write_line(file, trace_json_header(&header));
    if (!file->failed) {
        const struct trace_sink sink = {write_command, write_event, file};
        file->observer = trace_observer_create(drive, &sink, medium_bytes);
        if (file->observer)
            return file;
        diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
    }
    trace_file_close(file);
    return NULL;
}

void trace_file_report(struct trace_file *file, struct diagnostics *diagnostics)
{
    file->diagnostics = diagnostics;
}

bool trace_file_close(struct trace_file *file)
{
    bool whole;

    if (!file)
        return true;
    trace_observer_destroy(file->observer);
    whole = !file->failed;
    if (file->fd >= 0 && close(file->fd) < 0)
        whole = false;
    free(file->path);
    free(file);
    return whole;
}
