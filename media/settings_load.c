/* SPDX-License-Identifier: MIT */
#include "media/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

char *settings_load(const char *path, size_t limit, struct diagnostics *diagnostics)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
        return NULL;
    }
    const char *fault = NULL;
    char *text = read_text(file, limit, &fault);
    fclose(file);
    if (!text)
        diagnostics_error(diagnostics, "%s: %s", path, fault);
    return text;
}
