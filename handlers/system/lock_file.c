/* SPDX-License-Identifier: MIT */
#include "handlers/system/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether the file that was locked is still the one with the name: its last owner removed it. */
static bool is_current(int fd, const char *path)
{
    struct stat open_file, named;

    return fstat(fd, &open_file) == 0 && stat(path, &named) == 0 &&
           open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

/* It goes with its owner, so it must not be somebody's file. */
static bool is_lock(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
}

/* An open and locked file, or -1 with errno set: EWOULDBLOCK if somebody else has it, EEXIST if it
 * is no lock file. */
static int open_locked(const char *path)
{
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return -1;
        if (!is_lock(fd)) {
            close(fd);
            errno = EEXIST;
            return -1;
        }
        if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
            int error = errno;
            close(fd);
            errno = error;
            return -1;
        }
        if (is_current(fd, path))
            return fd;
        close(fd);
    }
}

bool lock_file_take(struct lock_file *lock, const char *path, const char *taken,
                    struct diagnostics *diagnostics)
{
    if (asprintf(&lock->path, "%s" LOCK_FILE_SUFFIX, path) < 0) {
        lock->path = NULL;
        diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
        return false;
    }
    lock->fd = open_locked(lock->path);
    if (lock->fd >= 0)
        return true;
    if (errno == EWOULDBLOCK)
        diagnostics_error(diagnostics, "%s: %s", path, taken);
    else if (errno == EEXIST || errno == EISDIR)
        diagnostics_error(diagnostics, "%s: is no lock file; accepted: none, or an empty one",
                          lock->path);
    else
        diagnostics_error(diagnostics, "%s: its lock file cannot be opened: %s", path,
                          strerror(errno));
    free(lock->path);
    lock->path = NULL;
    return false;
}

void lock_file_release(struct lock_file *lock)
{
    if (!lock->path)
        return;
    /* While it is held, so that it is nobody else's. */
    unlink(lock->path);
    close(lock->fd);
    free(lock->path);
    lock->path = NULL;
}
