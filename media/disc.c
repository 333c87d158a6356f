/* SPDX-License-Identifier: MIT */
#include "media/disc_private.h"

#include <stdlib.h>
#include <string.h>

#include "media/extent_list.h"

#define SECTOR_COPYRIGHT_SCRAMBLED 0xF0 /* CPM, CP_SEC, no copying allowed, CSS */

static bool copy_extents(struct disc_extents *to, const struct disc_extents *from)
{
    to->count = 0;
    to->extent = reallocarray(NULL, from->count + 1, sizeof *to->extent);
    if (!to->extent)
        return false;
    if (from->count > 0)
        memcpy(to->extent, from->extent, from->count * sizeof *to->extent);
    to->count = from->count;
    return true;
}

static bool copy_strings(struct disc_description *to, const struct disc_description *from)
{
    to->image = from->image ? strdup(from->image) : NULL;
    to->origin.fixture = from->origin.fixture ? strdup(from->origin.fixture) : NULL;
    to->scramble_files = calloc(from->scramble_file_count + 1, sizeof *to->scramble_files);
    if ((from->image && !to->image) || (from->origin.fixture && !to->origin.fixture) ||
        !to->scramble_files)
        return false;
    for (size_t i = 0; i < from->scramble_file_count; i++) {
        to->scramble_files[i] = strdup(from->scramble_files[i]);
        if (!to->scramble_files[i])
            return false;
        to->scramble_file_count++;
    }
    return true;
}

/* After a failure *to can be released. */
static bool copy_description(struct disc_description *to, const struct disc_description *from)
{
    *to = *from;
    to->image = NULL;
    to->origin.fixture = NULL;
    to->scramble_files = NULL;
    to->scramble_file_count = 0;
    to->scramble_extents = (struct disc_extents){0};
    to->defects = (struct disc_extents){0};
    to->faults = (struct settings_sections){0};
    return settings_sections_copy(&to->faults, &from->faults) && copy_strings(to, from) &&
           copy_extents(&to->scramble_extents, &from->scramble_extents) &&
           copy_extents(&to->defects, &from->defects);
}

static bool settle_defects(struct disc *disc, const char *name, struct diagnostics *diagnostics)
{
    struct disc_extents *defects = &disc->description.defects;
    bool right = true;
    for (size_t i = 0; i < defects->count; i++) {
        struct disc_extent *defect = &defects->extent[i];
        defect->title_set = 0;
        if (defect->first < disc->image.sectors &&
            defect->count <= disc->image.sectors - defect->first)
            continue;
        diagnostics_error(diagnostics,
                          "%s: unreadable sectors %u-%u are not inside the disc, whose last sector "
                          "is %u",
                          name, defect->first, defect->first + defect->count - 1,
                          disc->image.sectors - 1);
        right = false;
    }
    uint32_t where;
    extent_list_sort(defects);
    extent_list_join(defects, &where);
    return right;
}

static void warn_of_idle_title_keys(const struct disc *disc,
                                    const struct disc_description *description,
                                    struct diagnostics *diagnostics)
{
    for (unsigned i = 0; i < DISC_TITLE_SETS; i++) {
        bool used = !description->has_title_key[i];
        for (size_t j = 0; j < disc->scrambled.count && !used; j++)
            used = disc->scrambled.extent[j].title_set == i;
        if (!used)
            diagnostics_warning(diagnostics, "%s: title key %u scrambles nothing",
                                description->image, i);
    }
}

static bool settle_css(struct disc *disc, const struct disc_description *stated,
                       const struct dvd_video *video, const struct disc_names *names,
                       struct diagnostics *diagnostics)
{
    struct disc_description *description = &disc->description;
    if (!disc_settle_scrambling(description, &disc->image, video, &disc->scrambled, names,
                                diagnostics))
        return false;
    warn_of_idle_title_keys(disc, stated, diagnostics);
    if (!disc_settle_keys(description, diagnostics))
        return false;
    css_disc_key_block_build(disc->key_block, &description->disc_key, description->player_key);
    for (unsigned i = 0; i < DISC_TITLE_SETS; i++)
        disc->stored_title_key[i] =
            css_key_encrypt(CSS_KEY_USE_TITLE, &description->disc_key, &description->title_key[i]);
    return true;
}

/* What depends on the image. */
static bool settle_image(struct disc *disc, const struct disc_description *stated,
                         const struct disc_names *names, struct diagnostics *diagnostics)
{
    struct disc_description *description = &disc->description;
    if (!image_open(&disc->image, description->image, names->name[DISC_SETTING_IMAGE], diagnostics))
        return false;
    bool layers_right = disc_settle_layers(description, disc->image.sectors, names, diagnostics);
    bool defects_right = settle_defects(disc, names->name[DISC_SETTING_UNREADABLE], diagnostics);
    struct dvd_video video;
    if (!disc_examine(description, &disc->image, &video, names, diagnostics))
        return false;
    bool css_right = !disc_is_css(disc) || settle_css(disc, stated, &video, names, diagnostics);
    dvd_video_release(&video);
    return layers_right && defects_right && css_right;
}

static bool settle(struct disc *disc, const struct disc_description *stated,
                   struct diagnostics *diagnostics)
{
    struct disc_description *description = &disc->description;
    if (!copy_description(description, stated)) {
        diagnostics_error(diagnostics, "out of memory");
        return false;
    }
    if (description->scramble_every == 0)
        description->scramble_every = 1;
    if (description->medium == DISC_MEDIUM_UNREADABLE) {
        description->layers = 1;
        description->layer_break = 0;
        return true;
    }
    if (!description->image) {
        diagnostics_error(diagnostics, "a disc needs an image");
        return false;
    }
    struct disc_names names;
    bool right = disc_names_make(description, &names);
    if (!right)
        diagnostics_error(diagnostics, "%s: out of memory", description->image);
    right = right && settle_image(disc, stated, &names, diagnostics);
    disc_names_release(&names);
    return right;
}

struct disc *disc_create(const struct disc_description *description,
                         struct diagnostics *diagnostics)
{
    struct disc *disc = calloc(1, sizeof *disc);
    if (!disc) {
        diagnostics_error(diagnostics, "out of memory");
        return NULL;
    }
    atomic_init(&disc->references, 1);
    disc->image.descriptor = -1;
    unsigned errors = diagnostics ? diagnostics->errors : 0;
    /* Strict diagnostics count a warning as an error. */
    if (!settle(disc, description, diagnostics) || (diagnostics && diagnostics->errors > errors)) {
        disc_release(disc);
        return NULL;
    }
    return disc;
}

struct disc *disc_reference(struct disc *disc)
{
    atomic_fetch_add_explicit(&disc->references, 1, memory_order_relaxed);
    return disc;
}

void disc_release(struct disc *disc)
{
    if (!disc || atomic_fetch_sub_explicit(&disc->references, 1, memory_order_acq_rel) > 1)
        return;
    image_close(&disc->image);
    free(disc->scrambled.extent);
    disc_description_release(&disc->description);
    free(disc);
}

const struct disc_description *disc_description(const struct disc *disc)
{
    return &disc->description;
}

enum disc_medium disc_medium(const struct disc *disc)
{
    return disc->description.medium;
}

uint32_t disc_sectors(const struct disc *disc)
{
    return disc->image.sectors;
}

unsigned disc_layers(const struct disc *disc)
{
    return disc->description.layers;
}

uint32_t disc_layer_break(const struct disc *disc)
{
    return disc->description.layer_break;
}

bool disc_is_css(const struct disc *disc)
{
    return disc->description.medium == DISC_MEDIUM_DVD_ROM &&
           disc->description.protection == DISC_PROTECTION_CSS;
}

uint8_t disc_regions_forbidden(const struct disc *disc)
{
    return disc_is_css(disc) ? disc->description.regions_forbidden : 0;
}

const uint8_t *disc_key_block(const struct disc *disc)
{
    return disc_is_css(disc) ? disc->key_block : NULL;
}

struct disc_sector_header disc_sector_header(const struct disc *disc, uint32_t lba)
{
    struct disc_sector_header header = {0};
    const struct disc_extent *extent = extent_list_find(&disc->scrambled, lba);
    if (extent && extent->first <= lba) {
        header.copyright = SECTOR_COPYRIGHT_SCRAMBLED;
        header.encrypted_title_key = disc->stored_title_key[extent->title_set];
    }
    return header;
}

const struct disc_extents *disc_scrambled_extents(const struct disc *disc)
{
    return &disc->scrambled;
}
