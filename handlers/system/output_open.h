/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_OUTPUT_OPEN_H
#define HANDLERS_SYSTEM_OUTPUT_OPEN_H

/*
 * Opening a file that vodd writes.  A file that is there is looked at before anything is lost: it
 * must be empty or of the kind that is written, unless the user forces it, and never one that this
 * run reads, serves, keeps or writes already.  Opening never waits and changes nothing.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "handlers/system/output_kind.h"
#include "handlers/system/run_files.h"
#include "media/diagnostics.h"

enum output_force {
    OUTPUT_FORCE_NEVER, /* the user has no way to force it */
    OUTPUT_FORCE_OFFERED,
    OUTPUT_FORCED, /* --force: a file of another kind is replaced */
};

/* What happens with a pipe, a terminal or another character device. */
enum output_pipes {
    OUTPUT_PIPES_REFUSED,
    OUTPUT_PIPES_BUFFERED, /* nobody may wait for its reader: see output_file.h */
    OUTPUT_PIPES_WAITED_FOR,
};

struct event_base;

struct output_terms {
    enum output_kind kind;
    enum output_force force;
    enum output_pipes pipes;
    bool refuses_links;
    struct run_files *files; /* of the run, outlive the output; NULL: it has no others */
    struct event_base *base; /* for OUTPUT_PIPES_BUFFERED, outlives the output */
};

/* The terms for a number that an option for --force was read into. */
#define OUTPUT_FORCE(option) ((option) ? OUTPUT_FORCED : OUTPUT_FORCE_OFFERED)

struct output_descriptor {
    int fd;         /* at the end of the file; regular files are locked against other writers */
    bool created;   /* the file was not there */
    struct stat is; /* as it was when it was opened */
};

/* False after reporting why not: then `fd` is -1 and nothing has changed. */
bool output_open(struct output_descriptor *output, const char *path,
                 const struct output_terms *terms, struct diagnostics *diagnostics);

/*
 * Whether the file at `path`, if there is one, may be replaced by another with its name; fills `is`
 * and sets `exists`.  False after reporting why not.
 */
bool output_may_replace(const char *path, const struct output_terms *terms, struct stat *is,
                        bool *exists, struct diagnostics *diagnostics);

/* Writes all of it; false with errno set.  SIGXFSZ must be ignored. */
bool output_write_all(int fd, const void *bytes, size_t length);

/* Makes what was renamed in the folder of `path` last a power failure; false with errno set. */
bool output_sync_folder(const char *path);

#endif
