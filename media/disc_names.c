/* SPDX-License-Identifier: MIT */
#include "media/disc_private.h"

#include <stdio.h>
#include <stdlib.h>

/* Of a list, whose bad element the message itself names, there is no value. */
static int write_name(const struct disc_description *description, enum disc_setting setting,
                      char **name)
{
    static const char *const keys[DISC_SETTINGS] = {
        [DISC_SETTING_FILES] = "files",
        [DISC_SETTING_EXTENTS] = "extents",
        [DISC_SETTING_UNREADABLE] = "unreadable",
    };
    const char *fixture = description->origin.fixture;
    unsigned line = description->origin.line[setting];
    unsigned image_line = description->origin.line[DISC_SETTING_IMAGE];
    if (fixture && line && setting == DISC_SETTING_LAYERS)
        return asprintf(name, "%s:%u: layers = %u", fixture, line, description->layers);
    if (fixture && line && setting == DISC_SETTING_LAYER_BREAK)
        return asprintf(name, "%s:%u: layer-break = %u", fixture, line, description->layer_break);
    if (fixture && line && keys[setting])
        return asprintf(name, "%s:%u: %s", fixture, line, keys[setting]);
    if (fixture && image_line)
        return asprintf(name, "%s:%u: image = %s", fixture, image_line, description->image);
    return asprintf(name, "%s", description->image);
}

bool disc_names_make(const struct disc_description *description, struct disc_names *names)
{
    *names = (struct disc_names){0};
    for (unsigned i = 0; i < DISC_SETTINGS; i++)
        if (write_name(description, (enum disc_setting)i, &names->name[i]) < 0) {
            names->name[i] = NULL;
            return false;
        }
    return true;
}

void disc_names_release(struct disc_names *names)
{
    for (unsigned i = 0; i < DISC_SETTINGS; i++)
        free(names->name[i]);
}
