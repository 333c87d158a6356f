/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_LOCK_FILE_H
#define HANDLERS_SYSTEM_LOCK_FILE_H

/*
 * A name in the file system for one server at a time: whoever uses NAME holds a lock (flock) on the
 * file NAME.lock.  The system gives the lock up with the process, however that ends, so a lock file
 * that was left behind locks nobody out; one whose owner ends in order is removed.  So it must be
 * nobody's file: one that holds something, a pipe or a folder is refused.
 */

#include <stdbool.h>

#include "media/diagnostics.h"

#define LOCK_FILE_SUFFIX ".lock"

struct lock_file {
    char *path; /* of the lock file, owned; NULL: not held */
    int fd;
};

/*
 * Takes the lock that belongs to the name `path`, without waiting.  Returns false after reporting
 * why: "PATH: `taken`" if somebody has it.  Then nothing is held.
 */
bool lock_file_take(struct lock_file *lock, const char *path, const char *taken,
                    struct diagnostics *diagnostics);

/* Removes the lock file and gives the lock up.  Does nothing for one that is not held, all zeros
 * included. */
void lock_file_release(struct lock_file *lock);

#endif
