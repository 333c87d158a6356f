/* SPDX-License-Identifier: MIT */
#include "handlers/system/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "handlers/system/clock.h"

/* How long the end waits for the reader of a pipe: three outputs must end within a second. */
#define PATIENCE_NANOSECONDS 250000000
#define PATIENCE_STEP        50 /* milliseconds */

/* What a pipe has not taken yet. */
struct record {
    struct record *next;
    size_t length, done;
    uint8_t bytes[];
};

struct output_file {
    struct output_terms terms;
    struct diagnostics *diagnostics;
    char *path;
    char *target, *temporary; /* of one that is opened beside `path`; NULL: it is not */
    struct output_descriptor descriptor;
    struct run_file *noted;
    bool begun, failed, late;
    off_t size; /* of the whole records of a regular file */
    uint64_t lost;
    struct record *first, **last;
    size_t queued; /* bytes */
    struct event *writable;
};

static bool is_regular(const struct output_file *output)
{
    return S_ISREG(output->descriptor.is.st_mode);
}

static const struct output_kind_row *kind_of(const struct output_file *output)
{
    return &output_kinds[output->terms.kind];
}

/* The end of the file: errno says why. */
static void fail(struct output_file *output)
{
    if (!output->failed)
        diagnostics_error(output->diagnostics, "%s: %s; the %s ends here", output->path,
                          strerror(errno), kind_of(output)->name);
    output->failed = true;
}

/* Pipes --------------------------------------------------------------------- */

static void drop_first(struct output_file *output)
{
    struct record *record = output->first;

    output->first = record->next;
    if (!output->first)
        output->last = &output->first;
    output->queued -= record->length;
    free(record);
}

static void lose_queue(struct output_file *output)
{
    while (output->first) {
        output->lost++;
        drop_first(output);
    }
}

/* As much as the pipe takes. */
static void drain(struct output_file *output)
{
    while (output->first) {
        struct record *record = output->first;
        ssize_t step = write(output->descriptor.fd, record->bytes + record->done,
                             record->length - record->done);
        if (step < 0 && errno == EINTR)
            continue;
        if (step < 0 && errno == EAGAIN) {
            if (output->writable)
                event_add(output->writable, NULL);
            return;
        }
        if (step < 0) {
            fail(output);
            lose_queue(output);
            return;
        }
        record->done += (size_t)step;
        if (record->done == record->length)
            drop_first(output);
    }
}

static void takes_more(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    drain(context);
}

static bool queue(struct output_file *output, const void *bytes, size_t length, bool always)
{
    struct record *record = NULL;

    if (always || output->queued + length <= OUTPUT_BUFFER_MAX)
        record = malloc(sizeof(*record) + length);
    if (!record) {
        if (!output->late)
            diagnostics_warning(output->diagnostics, "%s: its reader is too slow; %s are left out",
                                output->path, kind_of(output)->records);
        output->late = true;
        output->lost++;
        return false;
    }
    record->next = NULL;
    record->length = length;
    record->done = 0;
    memcpy(record->bytes, bytes, length);
    *output->last = record;
    output->last = &record->next;
    output->queued += length;
    drain(output);
    return !output->failed;
}

/* Opening ------------------------------------------------------------------- */

static struct output_file *allocate(const char *path, const struct output_terms *terms,
                                    struct diagnostics *diagnostics)
{
    struct output_file *output = calloc(1, sizeof(*output));

    if (output && (output->path = strdup(path))) {
        output->terms = *terms;
        output->diagnostics = diagnostics;
        output->descriptor.fd = -1;
        output->last = &output->first;
        return output;
    }
    free(output);
    diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
    return NULL;
}

static bool note(struct output_file *output)
{
    if (!output->terms.files)
        return true;
    output->noted = run_files_note_output(output->terms.files, output->path, &output->descriptor.is,
                                          output->diagnostics);
    return output->noted;
}

static bool prepare_pipe(struct output_file *output)
{
    int fd = output->descriptor.fd;

    if (is_regular(output))
        return true;
    if (output->terms.pipes == OUTPUT_PIPES_WAITED_FOR)
        return fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) == 0;
    output->writable = event_new(output->terms.base, fd, EV_WRITE, takes_more, output);
    return output->writable;
}

struct output_file *output_file_open(const char *path, const struct output_terms *terms,
                                     struct diagnostics *diagnostics)
{
    struct output_file *output = allocate(path, terms, diagnostics);

    if (!output)
        return NULL;
    if (output_open(&output->descriptor, path, terms, diagnostics) && note(output)) {
        if (prepare_pipe(output))
            return output;
        diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
    }
    output_file_close(output);
    return NULL;
}

struct output_file *output_file_standard(enum output_kind kind, struct diagnostics *diagnostics)
{
    const struct output_terms terms = {.kind = kind, .pipes = OUTPUT_PIPES_WAITED_FOR};
    struct output_file *output = allocate("standard output", &terms, diagnostics);

    if (!output)
        return NULL;
    /* Whatever it is, it is the caller's: nothing is emptied or cut. */
    output->begun = true;
    output->descriptor.fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    if (output->descriptor.fd >= 0)
        return output;
    diagnostics_error(diagnostics, "standard output: %s", strerror(errno));
    output_file_close(output);
    return NULL;
}

/* Beside another ------------------------------------------------------------ */

static bool open_temporary(struct output_file *output)
{
    mode_t mask = umask(0);

    umask(mask);
    errno = ENOMEM;
    if (asprintf(&output->temporary, "%s.XXXXXX", output->target) < 0) {
        output->temporary = NULL;
        return false;
    }
    output->descriptor.fd = mkostemp(output->temporary, O_CLOEXEC);
    if (output->descriptor.fd < 0) {
        free(output->temporary);
        output->temporary = NULL;
        return false;
    }
    return fchmod(output->descriptor.fd, 0666 & ~mask) == 0;
}

struct output_file *output_file_open_beside(const char *path, const struct output_terms *terms,
                                            struct diagnostics *diagnostics)
{
    struct output_file *output = allocate(path, terms, diagnostics);
    bool exists;

    if (!output)
        return NULL;
    if (output_may_replace(path, terms, &output->descriptor.is, &exists, diagnostics)) {
        output->begun = true;
        output->descriptor.created = !exists;
        /* A link stays one. */
        output->target = exists ? realpath(path, NULL) : strdup(path);
        if (output->target && (!exists || note(output)) && open_temporary(output))
            return output;
        if (!output->target || (!exists || output->noted))
            diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
    }
    output_file_close(output);
    return NULL;
}

/* Whether the target is what was looked at. */
static bool is_unchanged(const struct output_file *output)
{
    struct stat now;

    return stat(output->target, &now) == 0 && now.st_dev == output->descriptor.is.st_dev &&
           now.st_ino == output->descriptor.is.st_ino;
}

static bool take_place(const struct output_file *output)
{
    if (!output->descriptor.created)
        return is_unchanged(output) ? rename(output->temporary, output->target) == 0
                                    : (errno = EEXIST, false);
    if (renameat2(AT_FDCWD, output->temporary, AT_FDCWD, output->target, RENAME_NOREPLACE) == 0)
        return true;
    /* A file system that does not know how. */
    return (errno == EINVAL || errno == ENOSYS) && link(output->temporary, output->target) == 0 &&
           unlink(output->temporary) == 0;
}

bool output_file_publish(struct output_file *output)
{
    if (output->failed)
        return false;
    if (fsync(output->descriptor.fd) != 0 || !take_place(output)) {
        diagnostics_error(output->diagnostics, "%s: %s", output->path, strerror(errno));
        return false;
    }
    free(output->temporary);
    output->temporary = NULL;
    /* The file is there; only a power failure could still lose its name. */
    output_sync_folder(output->target);
    return true;
}

/* Writing ------------------------------------------------------------------- */

void output_file_report(struct output_file *output, struct diagnostics *diagnostics)
{
    output->diagnostics = diagnostics;
}

const char *output_file_path(const struct output_file *output)
{
    return output->path;
}

int output_file_descriptor(const struct output_file *output)
{
    return output->descriptor.fd;
}

static void begin(struct output_file *output)
{
    if (output->begun)
        return;
    output->begun = true;
    if (is_regular(output) && ftruncate(output->descriptor.fd, 0) < 0)
        fail(output);
}

static bool write_through(struct output_file *output, const void *bytes, size_t length)
{
    int error;

    if (output_write_all(output->descriptor.fd, bytes, length)) {
        output->size += (off_t)length;
        return true;
    }
    error = errno;
    if (is_regular(output) && !output->temporary &&
        ftruncate(output->descriptor.fd, output->size) < 0)
        error = errno;
    errno = error;
    fail(output);
    output->lost++;
    return false;
}

static bool put(struct output_file *output, const void *bytes, size_t length, bool last)
{
    begin(output);
    /* There may be room for the end of a file that met its limit. */
    if (output->failed && !(last && is_regular(output))) {
        output->lost++;
        return false;
    }
    return output->writable ? queue(output, bytes, length, last)
                            : write_through(output, bytes, length);
}

bool output_file_write(struct output_file *output, const void *bytes, size_t length)
{
    return put(output, bytes, length, false);
}

bool output_file_write_last(struct output_file *output, const void *bytes, size_t length)
{
    return put(output, bytes, length, true);
}

uint64_t output_file_lost(const struct output_file *output)
{
    return output->lost;
}

void output_file_lose(struct output_file *output, uint64_t count)
{
    output->lost += count;
}

/* Closing ------------------------------------------------------------------- */

static void drain_with_patience(struct output_file *output)
{
    uint64_t end = clock_now() + PATIENCE_NANOSECONDS;
    struct pollfd pipe = {.fd = output->descriptor.fd, .events = POLLOUT};

    while (output->first && clock_now() < end) {
        poll(&pipe, 1, PATIENCE_STEP);
        drain(output);
    }
    lose_queue(output);
}

/* Leaves nothing behind of what was never written. */
static void remove_unused(const struct output_file *output)
{
    struct stat now;

    if (output->temporary)
        unlink(output->temporary);
    else if (!output->begun && output->descriptor.created && stat(output->path, &now) == 0 &&
             now.st_dev == output->descriptor.is.st_dev &&
             now.st_ino == output->descriptor.is.st_ino)
        unlink(output->path);
}

static void release(struct output_file *output)
{
    if (output->writable)
        event_free(output->writable);
    if (output->terms.files)
        run_files_forget(output->terms.files, output->noted);
    free(output->path);
    free(output->target);
    free(output->temporary);
    free(output);
}

bool output_file_close(struct output_file *output)
{
    bool whole;

    if (!output)
        return true;
    drain_with_patience(output);
    remove_unused(output);
    if (output->descriptor.fd >= 0 && close(output->descriptor.fd) < 0) {
        fail(output);
        output->lost++;
    }
    if (output->lost > 0)
        diagnostics_error(output->diagnostics, "%s: lost: %" PRIu64 " %s", output->path,
                          output->lost, kind_of(output)->records);
    whole = output->lost == 0 && !output->failed;
    release(output);
    return whole;
}
