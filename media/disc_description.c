/* SPDX-License-Identifier: MIT */
#include "media/disc.h"

#include <stdlib.h>

void disc_description_init(struct disc_description *description)
{
    *description = (struct disc_description){
        .medium = DISC_MEDIUM_DVD_ROM,
        .seed = DISC_SEED_DEFAULT,
        .track_path = DISC_TRACK_PATH_OPPOSITE,
        .book_version = 1,
        .protection = DISC_PROTECTION_NONE,
        .scramble_every = 1,
    };
}

void disc_description_release(struct disc_description *description)
{
    free(description->image);
    free(description->origin.fixture);
    for (size_t i = 0; i < description->scramble_file_count; i++)
        free(description->scramble_files[i]);
    free(description->scramble_files);
    free(description->scramble_extents.extent);
    free(description->defects.extent);
    settings_sections_release(&description->faults);
    disc_description_init(description);
}
