/* SPDX-License-Identifier: MIT */
#include "handlers/state_file/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handlers/state_file/state_text.h"
#include "media/settings.h"

struct state_file {
    char *path, *lock_path, *new_path;
    char serial[sizeof(((struct drive_profile *)0)->serial)];
    int lock; /* -1: not held */
    struct diagnostics *diagnostics;
};

static bool report(const struct state_file *file, const char *path, const char *what)
{
    diagnostics_error(file->diagnostics, "%s: %s: %s", path, what, strerror(errno));
    return false;
}

/* Whether the lock file that was locked is still the one with the name: a server that ends removes
 * it. */
static bool is_current(int fd, const char *path)
{
    struct stat open_file, named;

    return fstat(fd, &open_file) == 0 && stat(path, &named) == 0 &&
           open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

static bool take_lock(struct state_file *file)
{
    for (;;) {
        int fd = open(file->lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return report(file, file->lock_path, "cannot be opened");
        if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
            int error = errno;
            close(fd);
            errno = error;
            if (error != EWOULDBLOCK)
                return report(file, file->lock_path, "cannot be locked");
            diagnostics_error(file->diagnostics, "%s: in use by another server", file->path);
            return false;
        }
        if (is_current(fd, file->lock_path)) {
            file->lock = fd;
            return true;
        }
        close(fd);
    }
}

static bool write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, text, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        length -= (size_t)written;
    }
    return true;
}

/* Makes a rename in the folder of `path` last. */
static bool sync_folder(const char *path)
{
    char *copy = strdup(path);
    int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool done = fd >= 0 && fsync(fd) == 0;
    int error = errno;

    if (fd >= 0)
        close(fd);
    free(copy);
    errno = error;
    return done;
}

static bool write_new(const struct state_file *file, const char *text, size_t length)
{
    int fd = open(file->new_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool done;

    if (fd < 0)
        return report(file, file->new_path, "cannot be written");
    done = write_all(fd, text, length) && fsync(fd) == 0;
    if (!done)
        report(file, file->new_path, "cannot be written");
    if (close(fd) < 0 && done)
        done = report(file, file->new_path, "cannot be written");
    return done;
}

bool state_file_store(void *state_file, const struct drive_nonvolatile *state)
{
    const struct state_file *file = state_file;
    char text[STATE_TEXT_MAX];
    size_t length = state_text_write(text, file->serial, state);

    if (!write_new(file, text, length)) {
        unlink(file->new_path);
        return false;
    }
    if (rename(file->new_path, file->path) < 0) {
        report(file, file->path, "cannot be replaced");
        unlink(file->new_path);
        return false;
    }
    if (!sync_folder(file->path))
        return report(file, file->path, "cannot be kept");
    return true;
}

static bool read_state(struct state_file *file, const struct drive_profile *profile,
                       struct drive_nonvolatile *state)
{
    char *text;
    bool right;

    if (access(file->path, F_OK) < 0 && errno == ENOENT) {
        drive_nonvolatile_factory(profile, state);
        return state_file_store(file, state);
    }
    text = settings_load(file->path, STATE_TEXT_MAX - 1, file->diagnostics);
    right = text && state_text_read(file->path, text, file->serial, state, file->diagnostics);
    free(text);
    return right;
}

static struct state_file *allocate(const char *path, const struct drive_profile *profile,
                                   struct diagnostics *diagnostics)
{
    struct state_file *file = calloc(1, sizeof(*file));

    if (!file)
        return NULL;
    file->lock = -1;
    file->diagnostics = diagnostics;
    snprintf(file->serial, sizeof(file->serial), "%s", profile->serial);
    file->path = strdup(path);
    if (asprintf(&file->lock_path, "%s.lock", path) < 0)
        file->lock_path = NULL;
    if (asprintf(&file->new_path, "%s.new", path) < 0)
        file->new_path = NULL;
    if (file->path && file->lock_path && file->new_path)
        return file;
    state_file_close(file);
    return NULL;
}

struct state_file *state_file_open(const char *path, const struct drive_profile *profile,
                                   struct drive_nonvolatile *state, struct diagnostics *diagnostics)
{
    struct state_file *file = allocate(path, profile, diagnostics);

    if (!file) {
        diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
        return NULL;
    }
    if (take_lock(file) && read_state(file, profile, state))
        return file;
    state_file_close(file);
    return NULL;
}

void state_file_close(struct state_file *file)
{
    if (!file)
        return;
    if (file->lock >= 0 && file->lock_path) {
        unlink(file->lock_path);
        close(file->lock);
    }
    free(file->path);
    free(file->lock_path);
    free(file->new_path);
    free(file);
}
