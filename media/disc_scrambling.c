/* SPDX-License-Identifier: MIT */
#include "media/disc_private.h"

#include <stdlib.h>
#include <string.h>

#include "media/dvd_video.h"
#include "media/extent_list.h"

static bool is_named(const struct disc_description *description, const char *file)
{
    for (size_t i = 0; i < description->scramble_file_count; i++)
        if (strcmp(description->scramble_files[i], file) == 0)
            return true;
    return false;
}

static bool is_on_disc(const struct dvd_video_extents *vobs, const char *file)
{
    for (size_t i = 0; i < vobs->count; i++)
        if (strcmp(vobs->extent[i].file, file) == 0)
            return true;
    return false;
}

static bool check_files(const struct disc_description *description,
                        const struct dvd_video_extents *vobs, struct diagnostics *diagnostics)
{
    bool right = true;
    for (size_t i = 0; i < description->scramble_file_count; i++)
        if (!is_on_disc(vobs, description->scramble_files[i])) {
            diagnostics_error(diagnostics, "%s: there is no %s in VIDEO_TS to scramble",
                              description->image, description->scramble_files[i]);
            right = false;
        }
    return right;
}

static bool check_extents(const struct disc_description *description, uint32_t sectors,
                          struct diagnostics *diagnostics)
{
    bool right = true;
    for (size_t i = 0; i < description->scramble_extents.count; i++) {
        const struct disc_extent *extent = &description->scramble_extents.extent[i];
        if (extent->first >= sectors || extent->count > sectors - extent->first) {
            diagnostics_error(
                diagnostics,
                "%s: scrambled extent %u-%u is not inside the disc, whose last sector "
                "is %u",
                description->image, extent->first, extent->first + extent->count - 1, sectors - 1);
            right = false;
        }
    }
    return right;
}

/* Those of `vobs` that the description wants, and its own extents. */
static bool collect(const struct disc_description *description,
                    const struct dvd_video_extents *vobs, struct disc_extents *scrambled)
{
    size_t stated = description->scramble_extents.count;
    bool all = description->scramble_file_count == 0 && stated == 0;
    struct disc_extent *extent = reallocarray(NULL, vobs->count + stated + 1, sizeof *extent);
    if (!extent)
        return false;
    size_t count = 0;
    for (size_t i = 0; i < vobs->count; i++)
        if (all || is_named(description, vobs->extent[i].file))
            extent[count++] = vobs->extent[i].extent;
    if (stated > 0)
        memcpy(extent + count, description->scramble_extents.extent, stated * sizeof *extent);
    *scrambled = (struct disc_extents){extent, count + stated};
    return true;
}

static bool settle(const struct disc_description *description, const struct image *image,
                   const struct dvd_video_extents *vobs, struct disc_extents *scrambled,
                   struct diagnostics *diagnostics)
{
    bool files_right = check_files(description, vobs, diagnostics);
    if (!check_extents(description, image->sectors, diagnostics) || !files_right)
        return false;
    if (!collect(description, vobs, scrambled)) {
        diagnostics_error(diagnostics, "%s: out of memory", description->image);
        return false;
    }
    uint32_t where;
    extent_list_sort(scrambled);
    if (!extent_list_join(scrambled, &where)) {
        diagnostics_error(diagnostics, "%s: sector %u belongs to two title sets",
                          description->image, where);
        free(scrambled->extent);
        *scrambled = (struct disc_extents){0};
        return false;
    }
    if (scrambled->count == 0)
        diagnostics_warning(diagnostics, "%s: no VOB in VIDEO_TS, so nothing is scrambled",
                            description->image);
    return true;
}

bool disc_settle_scrambling(const struct disc_description *description, const struct image *image,
                            struct disc_extents *scrambled, struct diagnostics *diagnostics)
{
    struct dvd_video_extents vobs;
    if (!dvd_video_find(image, &vobs)) {
        diagnostics_error(diagnostics, "%s: out of memory", description->image);
        return false;
    }
    bool right = settle(description, image, &vobs, scrambled, diagnostics);
    dvd_video_release(&vobs);
    return right;
}
