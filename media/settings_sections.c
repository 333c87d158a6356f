/* SPDX-License-Identifier: MIT */
#include "media/settings_sections.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more element than `count` in the array `items`: twice as many whenever a power of
 * two is full, so that the copying does not grow faster than the array. */
static void *make_room(void *items, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return items;
    return reallocarray(items, count == 0 ? 1 : 2 * count, size);
}

bool settings_sections_add(struct settings_sections *sections, const char *file, const char *name,
                           unsigned line)
{
    struct settings_section *section =
        make_room(sections->section, sections->count, sizeof *section);
    if (!section)
        return false;
    sections->section = section;
    if (!sections->file && !(sections->file = strdup(file)))
        return false;
    section += sections->count;
    *section = (struct settings_section){.name = strdup(name), .line = line};
    if (!section->name)
        return false;
    sections->count++;
    return true;
}

bool settings_sections_add_pair(struct settings_sections *sections, const char *key,
                                const char *value, unsigned line)
{
    struct settings_section *section = &sections->section[sections->count - 1];
    struct settings_pair *pairs = make_room(section->pairs, section->count, sizeof *pairs);
    if (!pairs)
        return false;
    section->pairs = pairs;
    struct settings_pair pair = {strdup(key), strdup(value), line};
    if (!pair.key || !pair.value) {
        free((char *)pair.key);
        free((char *)pair.value);
        return false;
    }
    pairs[section->count++] = pair;
    return true;
}

bool settings_sections_copy(struct settings_sections *to, const struct settings_sections *from)
{
    *to = (struct settings_sections){0};
    for (size_t i = 0; i < from->count; i++) {
        const struct settings_section *section = &from->section[i];
        if (!settings_sections_add(to, from->file, section->name, section->line))
            return false;
        for (size_t j = 0; j < section->count; j++) {
            const struct settings_pair *pair = &section->pairs[j];
            if (!settings_sections_add_pair(to, pair->key, pair->value, pair->line))
                return false;
        }
    }
    return true;
}

void settings_sections_release(struct settings_sections *sections)
{
    for (size_t i = 0; i < sections->count; i++) {
        struct settings_section *section = &sections->section[i];
        for (size_t j = 0; j < section->count; j++) {
            free((char *)section->pairs[j].key);
            free((char *)section->pairs[j].value);
        }
        free(section->pairs);
        free(section->name);
    }
    free(sections->section);
    free(sections->file);
    *sections = (struct settings_sections){0};
}
