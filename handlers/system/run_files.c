/* SPDX-License-Identifier: MIT */
#include "handlers/system/run_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct run_file {
    struct run_file *next;
    char *path;
    enum run_file_role role;
    bool known; /* `device` and `inode` are */
    dev_t device;
    ino_t inode;
};

static const char *const roles[RUN_FILE_ROLES] = {
    [RUN_FILE_DISC] = "is the image or the fixture of the disc",
    [RUN_FILE_NEXT_DISC] = "is the image or the fixture of the disc",
    [RUN_FILE_PROFILE] = "is the profile of the drive",
    [RUN_FILE_STATE] = "belongs to the state of the drive",
    [RUN_FILE_READ_TRACE] = "is the trace that is read",
    [RUN_FILE_OUTPUT] = "is being written",
};

static bool same(const struct stat *status, dev_t device, ino_t inode)
{
    return status->st_dev == device && status->st_ino == inode;
}

static bool find_status(const char *path, enum run_file_role role, struct stat *status)
{
    bool is_input = strcmp(path, "-") == 0 && role == RUN_FILE_READ_TRACE;

    return (is_input ? fstat(STDIN_FILENO, status) : stat(path, status)) == 0;
}

static bool is(const struct run_file *file, const struct stat *status)
{
    struct stat now;

    if (file->known && same(status, file->device, file->inode))
        return true;
    return find_status(file->path, file->role, &now) && same(status, now.st_dev, now.st_ino);
}

/* Only one that is written itself concerns a file that is read. */
static const struct run_file *find(const struct run_files *files, const struct stat *status,
                                   bool outputs_only)
{
    for (const struct run_file *file = files->first; file; file = file->next)
        if ((!outputs_only || file->role == RUN_FILE_OUTPUT) && is(file, status))
            return file;
    return NULL;
}

static struct run_file *add(struct run_files *files, enum run_file_role role, const char *path,
                            const struct stat *status, struct diagnostics *diagnostics)
{
    struct run_file *file = calloc(1, sizeof(*file));

    if (!file || !(file->path = strdup(path))) {
        diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
        free(file);
        return NULL;
    }
    file->role = role;
    if (status) {
        file->known = true;
        file->device = status->st_dev;
        file->inode = status->st_ino;
    }
    file->next = files->first;
    files->first = file;
    return file;
}

bool run_files_note(struct run_files *files, enum run_file_role role, const char *path,
                    struct diagnostics *diagnostics)
{
    const struct run_file *output;
    struct stat status;
    bool exists = find_status(path, role, &status);

    output = exists ? find(files, &status, true) : NULL;
    if (!output)
        return add(files, role, path, exists ? &status : NULL, diagnostics);
    diagnostics_error(diagnostics, "%s: %s; accepted: another file", path, roles[output->role]);
    return false;
}

struct run_file *run_files_note_output(struct run_files *files, const char *path,
                                       const struct stat *status, struct diagnostics *diagnostics)
{
    const struct run_file *other = S_ISREG(status->st_mode) ? find(files, status, false) : NULL;

    if (!other)
        return add(files, RUN_FILE_OUTPUT, path, status, diagnostics);
    diagnostics_error(diagnostics, "%s: %s; accepted: another file", path, roles[other->role]);
    return NULL;
}

bool run_files_join(struct run_files *files, struct run_files *from,
                    struct diagnostics *diagnostics)
{
    bool free_of_outputs = true;

    while (from->first) {
        struct run_file *file = from->first;
        struct stat status;
        const struct run_file *output =
            find_status(file->path, file->role, &status) ? find(files, &status, true) : NULL;
        if (output) {
            diagnostics_error(diagnostics, "%s: %s; accepted: another file", file->path,
                              roles[output->role]);
            free_of_outputs = false;
        }
        from->first = file->next;
        file->next = files->first;
        files->first = file;
    }
    return free_of_outputs;
}

static void release(struct run_file *file)
{
    free(file->path);
    free(file);
}

void run_files_forget(struct run_files *files, struct run_file *file)
{
    struct run_file **link = &files->first;

    if (!file)
        return;
    while (*link != file)
        link = &(*link)->next;
    *link = file->next;
    release(file);
}

void run_files_exchange_disc(struct run_files *files, bool inserted)
{
    enum run_file_role old = inserted ? RUN_FILE_DISC : RUN_FILE_NEXT_DISC;
    struct run_file **link = &files->first;

    while (*link) {
        struct run_file *file = *link;
        if (file->role == old) {
            *link = file->next;
            release(file);
            continue;
        }
        if (file->role == RUN_FILE_NEXT_DISC)
            file->role = RUN_FILE_DISC;
        link = &file->next;
    }
}

void run_files_release(struct run_files *files)
{
    while (files->first)
        run_files_forget(files, files->first);
}
