/* SPDX-License-Identifier: MIT */
#include "media/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/file_type.h"

/* The text, or NULL with what is wrong in *fault. */
static char *read_text(FILE *file, size_t limit, const char **fault)
{
    char *text = malloc(limit + 2);
    if (!text) {
        *fault = "out of memory";
        return NULL;
    }
    size_t size = fread(text, 1, limit + 1, file);
    if (ferror(file))
        *fault = strerror(errno);
    else if (size > limit)
        *fault = "too long for a settings file";
    else if (memchr(text, 0, size))
        *fault = "contains a zero byte, so it is not text";
    if (*fault) {
        free(text);
        return NULL;
    }
    text[size] = 0;
    char *fitted = realloc(text, size + 1);
    return fitted ? fitted : text;
}

/* Opening a pipe or reading a terminal would wait for somebody. */
static FILE *open_regular(const char *path, struct diagnostics *diagnostics)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0) {
        diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        diagnostics_error(diagnostics, "%s: is %s; accepted: a file", path,
                          file_type_name(status.st_mode));
    } else {
        FILE *file = fdopen(fd, "r");
        if (file)
            return file;
        diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

static char *load(FILE *file, const char *path, size_t limit, struct diagnostics *diagnostics)
{
    const char *fault = NULL;
    char *text = read_text(file, limit, &fault);
    fclose(file);
    if (!text)
        diagnostics_error(diagnostics, "%s: %s", path, fault);
    return text;
}

char *settings_load(const char *path, size_t limit, struct diagnostics *diagnostics)
{
    FILE *file = open_regular(path, diagnostics);
    return file ? load(file, path, limit, diagnostics) : NULL;
}

char *settings_load_patiently(const char *path, size_t limit, struct diagnostics *diagnostics)
{
    FILE *file = fopen(path, "re");
    if (file)
        return load(file, path, limit, diagnostics);
    diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
    return NULL;
}
