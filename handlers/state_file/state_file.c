/* SPDX-License-Identifier: MIT */
#include "handlers/state_file/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handlers/state_file/state_text.h"
#include "handlers/system/lock_file.h"
#include "media/settings.h"

struct state_file {
    char *path, *new_path;
    char serial[sizeof(((struct drive_profile *)0)->serial)];
    struct lock_file lock;
    bool folder_failed; /* its last sync did, and that was said */
    struct diagnostics *diagnostics;
};

static bool report(const struct state_file *file, const char *path, const char *what)
{
    diagnostics_error(file->diagnostics, "%s: %s: %s", path, what, strerror(errno));
    return false;
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

/* The name leads to the new state already, and whoever opens it reads that; only a power failure of
 * this machine could still bring the old one back. */
static void keep_name(struct state_file *file)
{
    bool failed = !sync_folder(file->path);

    if (failed && !file->folder_failed)
        diagnostics_warning(file->diagnostics,
                            "%s: stored, but its folder cannot be written to the medium: %s",
                            file->path, strerror(errno));
    file->folder_failed = failed;
}

bool state_file_store(void *state_file, const struct drive_nonvolatile *state)
{
    struct state_file *file = state_file;
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
    keep_name(file);
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
    file->diagnostics = diagnostics;
    snprintf(file->serial, sizeof(file->serial), "%s", profile->serial);
    file->path = strdup(path);
    if (asprintf(&file->new_path, "%s.new", path) < 0)
        file->new_path = NULL;
    if (file->path && file->new_path)
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
    if (lock_file_take(&file->lock, path, "in use by another server", diagnostics) &&
        read_state(file, profile, state))
        return file;
    state_file_close(file);
    return NULL;
}

void state_file_close(struct state_file *file)
{
    if (!file)
        return;
    lock_file_release(&file->lock);
    free(file->path);
    free(file->new_path);
    free(file);
}
