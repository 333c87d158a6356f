/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_SETTINGS_SECTIONS_H
#define MEDIA_SETTINGS_SECTIONS_H

/*
 * Sections of a settings file as text: those that a table gathers for somebody else to read.
 */

#include <stdbool.h>
#include <stddef.h>

/* A setting that nobody has read yet. */
struct settings_pair {
    const char *key, *value; /* trimmed */
    unsigned line;
};

struct settings_section {
    char *name; /* what follows the kind: "x" of [fault x] */
    unsigned line;
    struct settings_pair *pairs; /* with strings of their own */
    size_t count;
};

struct settings_sections {
    char *file; /* for messages; NULL while there is no section */
    struct settings_section *section;
    size_t count;
};

/* An empty section at the end; false when memory is short. */
bool settings_sections_add(struct settings_sections *sections, const char *file, const char *name,
                           unsigned line);
/* A pair at the end of the last section. */
bool settings_sections_add_pair(struct settings_sections *sections, const char *key,
                                const char *value, unsigned line);
/* *to, which has nothing yet, gets the same.  After a failure it can be released. */
bool settings_sections_copy(struct settings_sections *to, const struct settings_sections *from);
void settings_sections_release(struct settings_sections *sections);

#endif
