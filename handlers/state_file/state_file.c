/* SPDX-License-Identifier: MIT */
#include "handlers/state_file/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handlers/state_file/state_text.h"
#include "handlers/system/lock_file.h"
#include "handlers/system/output_open.h"
#include "media/settings.h"

#define NEW_SUFFIX ".new" /* the next state, before it has its name */

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

static bool write_new(const struct state_file *file, const char *text, size_t length)
{
    const struct output_terms terms = {.kind = OUTPUT_STATE, .refuses_links = true};
    struct output_descriptor new;
    bool done;

    if (!output_open(&new, file->new_path, &terms, file->diagnostics))
        return false;
    done =
        ftruncate(new.fd, 0) == 0 && output_write_all(new.fd, text, length) && fsync(new.fd) == 0;
    if (!done)
        report(file, file->new_path, "cannot be written");
    if (close(new.fd) < 0 && done)
        done = report(file, file->new_path, "cannot be written");
    if (!done)
        unlink(file->new_path);
    return done;
}

/* The name leads to the new state already, and whoever opens it reads that; only a power failure of
 * this machine could still bring the old one back. */
static void keep_name(struct state_file *file)
{
    bool failed = !output_sync_folder(file->path);

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

    if (!write_new(file, text, length))
        return false;
    if (rename(file->new_path, file->path) < 0) {
        report(file, file->path, "cannot be replaced");
        unlink(file->new_path);
        return false;
    }
    keep_name(file);
    return true;
}

bool state_file_note(const char *path, struct run_files *files, struct diagnostics *diagnostics)
{
    static const char *const suffixes[] = {"", LOCK_FILE_SUFFIX, NEW_SUFFIX};
    bool noted = true;

    for (size_t i = 0; noted && i < sizeof(suffixes) / sizeof(*suffixes); i++) {
        char *name = NULL;
        if (asprintf(&name, "%s%s", path, suffixes[i]) < 0) {
            diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
            return false;
        }
        noted = run_files_note(files, RUN_FILE_STATE, name, diagnostics);
        free(name);
    }
    return noted;
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
    if (asprintf(&file->new_path, "%s" NEW_SUFFIX, path) < 0)
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
