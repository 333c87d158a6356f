/* SPDX-License-Identifier: MIT */
#include "media/disc_private.h"

#include <stdlib.h>
#include <string.h>

#include "media/extent_list.h"

static bool is_named(const struct disc_description *description, const char *file)
{
    for (size_t i = 0; i < description->scramble_file_count; i++)
        if (strcmp(description->scramble_files[i], file) == 0)
            return true;
    return false;
}

static bool is_on_disc(const struct dvd_video *video, const char *file)
{
    for (size_t i = 0; i < video->count; i++)
        if (strcmp(video->extent[i].file, file) == 0)
            return true;
    return false;
}

static bool check_files(const struct disc_description *description, const struct dvd_video *video,
                        const char *name, struct diagnostics *diagnostics)
{
    bool right = true;
    for (size_t i = 0; i < description->scramble_file_count; i++)
        if (!is_on_disc(video, description->scramble_files[i])) {
            diagnostics_error(diagnostics, "%s: there is no %s in VIDEO_TS to scramble", name,
                              description->scramble_files[i]);
            right = false;
        }
    return right;
}

static bool check_extents(const struct disc_description *description, uint32_t sectors,
                          const char *name, struct diagnostics *diagnostics)
{
    bool right = true;
    for (size_t i = 0; i < description->scramble_extents.count; i++) {
        const struct disc_extent *extent = &description->scramble_extents.extent[i];
        if (extent->first >= sectors || extent->count > sectors - extent->first) {
            diagnostics_error(
                diagnostics,
                "%s: scrambled extent %u-%u is not inside the disc, whose last sector "
                "is %u",
                name, extent->first, extent->first + extent->count - 1, sectors - 1);
            right = false;
        }
    }
    return right;
}

/* Those VOBs that the description wants, not yet in order. */
static bool collect(const struct disc_description *description, const struct dvd_video *video,
                    struct disc_extents *wanted)
{
    bool all = description->scramble_file_count == 0 && description->scramble_extents.count == 0;
    *wanted = (struct disc_extents){
        reallocarray(NULL, video->count + 1, sizeof *wanted->extent),
        0,
    };
    if (!wanted->extent)
        return false;
    for (size_t i = 0; i < video->count; i++)
        if (all || is_named(description, video->extent[i].file))
            wanted->extent[wanted->count++] = video->extent[i].extent;
    return true;
}

/*
 * A title key is a property of the sector.  On real discs title sets share their VOBs, menus are
 * aliases of titles, and files of copy-protected ones run into the next title set.
 */
static bool share_out(const struct disc_description *description, const struct dvd_video *video,
                      struct disc_extents *scrambled, const char *name,
                      struct diagnostics *diagnostics)
{
    struct disc_extents wanted;
    struct extent_sharing sharing;
    bool done = collect(description, video, &wanted) &&
                extent_list_share_out(&description->scramble_extents, &wanted, scrambled, &sharing);
    free(wanted.extent);
    if (!done) {
        diagnostics_error(diagnostics, "%s: out of memory", name);
        return false;
    }
    if (sharing.sectors > 0)
        diagnostics_warning(diagnostics,
                            "%s: %u sectors belong to more than one title set, the first of them, "
                            "%u, to %u and %u; each has the title key of the first that names it",
                            name, sharing.sectors, sharing.first, sharing.kept, sharing.other);
    return true;
}

bool disc_settle_scrambling(const struct disc_description *description, const struct image *image,
                            const struct dvd_video *video, struct disc_extents *scrambled,
                            const struct disc_names *names, struct diagnostics *diagnostics)
{
    const char *name = names->name[DISC_SETTING_IMAGE];
    bool files_right =
        check_files(description, video, names->name[DISC_SETTING_FILES], diagnostics);
    if (!check_extents(description, image->sectors, names->name[DISC_SETTING_EXTENTS],
                       diagnostics) ||
        !files_right || !share_out(description, video, scrambled, name, diagnostics))
        return false;
    /* That there is no file system has been said. */
    if (scrambled->count == 0 && video->has_file_system)
        diagnostics_warning(diagnostics, "%s: %s, so nothing is scrambled", name,
                            dvd_video_lack(video));
    return true;
}
