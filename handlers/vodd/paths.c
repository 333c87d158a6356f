/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/paths.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_LENGTH 64
#define LETTERS         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* QEMU wants the same of the ids that are made of it. */
bool paths_name_is_valid(const char *name, struct diagnostics *diagnostics)
{
    size_t length = strlen(name);

    if (length > 0 && length <= NAME_MAX_LENGTH && strchr(LETTERS, name[0]) &&
        strspn(name, LETTERS "0123456789._-") == length)
        return true;
    diagnostics_error(diagnostics, "--name %s: cannot name a drive; accepted: %s", name,
                      PATHS_NAME_FORM);
    return false;
}

__attribute__((format(printf, 2, 3))) static char *format_path(struct diagnostics *diagnostics,
                                                               const char *format, ...)
{
    va_list arguments;
    char *path;
    int length;

    va_start(arguments, format);
    length = vasprintf(&path, format, arguments);
    va_end(arguments);
    if (length >= 0)
        return path;
    diagnostics_error(diagnostics, "%s", strerror(ENOMEM));
    return NULL;
}

/* Environment variables that do not name an absolute path count as unset, as the XDG base directory
 * specification says. */
static const char *folder_variable(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] == '/' ? value : NULL;
}

static char *runtime_folder(struct diagnostics *diagnostics)
{
    const char *folder = folder_variable("XDG_RUNTIME_DIR");

    if (folder)
        return format_path(diagnostics, "%s/vodd", folder);
    if (geteuid() == 0)
        return format_path(diagnostics, "/run/vodd");
    return format_path(diagnostics, "/tmp/vodd-%u", (unsigned)geteuid());
}

static char *state_folder(struct diagnostics *diagnostics)
{
    const char *folder = folder_variable("XDG_STATE_HOME");
    const char *home = folder_variable("HOME");

    if (folder)
        return format_path(diagnostics, "%s/vodd", folder);
    if (geteuid() == 0)
        return format_path(diagnostics, "/var/lib/vodd");
    if (home)
        return format_path(diagnostics, "%s/.local/state/vodd", home);
    diagnostics_error(diagnostics,
                      "neither XDG_STATE_HOME nor HOME says where the state of the drive shall be "
                      "kept; --state does");
    return NULL;
}

static bool make_folder(const char *path)
{
    struct stat status;

    if (mkdir(path, 0700) == 0)
        return true;
    return errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool make_folders(char *path, struct diagnostics *diagnostics)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        bool made = make_folder(path);
        *slash = '/';
        if (!made)
            break;
    }
    if (make_folder(path))
        return true;
    diagnostics_error(diagnostics, "%s: cannot make this folder: %s", path, strerror(errno));
    return false;
}

/* In /tmp anybody could have made the folder first. */
static bool is_own(const char *path, struct diagnostics *diagnostics)
{
    struct stat status;

    if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
        (status.st_mode & 022) == 0)
        return true;
    diagnostics_error(diagnostics, "%s: not a folder that only this user can write to", path);
    return false;
}

static char *in_folder(char *folder, const char *name, const char *suffix,
                       struct diagnostics *diagnostics)
{
    char *path = NULL;

    if (folder && make_folders(folder, diagnostics) && is_own(folder, diagnostics))
        path = format_path(diagnostics, "%s/%s.%s", folder, name, suffix);
    free(folder);
    return path;
}

char *paths_socket(const char *name, const char *suffix, struct diagnostics *diagnostics)
{
    return in_folder(runtime_folder(diagnostics), name, suffix, diagnostics);
}

char *paths_state(const char *name, struct diagnostics *diagnostics)
{
    return in_folder(state_folder(diagnostics), name, "state", diagnostics);
}
