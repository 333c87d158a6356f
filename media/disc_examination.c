/* SPDX-License-Identifier: MIT */
#include "media/disc_private.h"

#include "media/image_format.h"

/* Of the sectors of all VOBs so many are looked at; one in ten being scrambled is enough. */
#define SAMPLES 128u

/* Whether what is scrambled depends on the files of the image. */
static bool needs_files(const struct disc_description *description)
{
    return description->protection == DISC_PROTECTION_CSS &&
           (description->scramble_extents.count == 0 || description->scramble_file_count > 0);
}

/* Says that something was not looked at to its end.  Returns whether the disc can be made. */
static bool give_up(const struct disc_description *description,
                    const struct examination *examination, const char *name,
                    struct diagnostics *diagnostics)
{
    if (!needs_files(description)) {
        diagnostics_warning(diagnostics,
                            "%s: the look at its file system was given up: %s; what is wrong with "
                            "it is not known",
                            name, examination->given_up);
        return true;
    }
    diagnostics_error(diagnostics,
                      "%s: the search for its VOBs was given up: %s; extents in [css] can say what "
                      "is scrambled instead",
                      name, examination->given_up);
    return false;
}

/* The first of some sectors of the VOBs that is scrambled in the image; false if none is. */
static bool find_scrambled(struct examination *examination, const struct dvd_video *video,
                           uint32_t *lba)
{
    uint64_t sectors = 0, before = 0;
    for (size_t i = 0; i < video->count; i++)
        sectors += video->extent[i].extent.count;
    size_t at = 0;
    for (uint64_t sample = 0; sample < SAMPLES && sample < sectors; sample++) {
        uint64_t place = sectors <= SAMPLES ? sample : sample * sectors / SAMPLES;
        while (place - before >= video->extent[at].extent.count)
            before += video->extent[at++].extent.count;
        uint8_t sector[DVD_SECTOR_SIZE];
        *lba = video->extent[at].extent.first + (uint32_t)(place - before);
        if (examination_read(examination, *lba, sector) && css_sector_is_scrambled(sector))
            return true;
    }
    return false;
}

/* At most one thing: each makes the next ones follow. */
static void warn_of_shape(const struct image *image, const struct dvd_video *video,
                          const char *name, struct diagnostics *diagnostics)
{
    const struct image_format *format = video->has_file_system ? NULL : image_format_find(image);
    unsigned rest = (unsigned)(image->bytes % DVD_SECTOR_SIZE);
    if (format)
        diagnostics_warning(diagnostics, "%s: is %s, not a disc sector by sector; %s", name,
                            format->name, format->way);
    else if (!video->has_file_system)
        diagnostics_warning(diagnostics, "%s: %s, so hosts will not know what is on it", name,
                            dvd_video_lack(video));
    else if (video->sectors > image->sectors)
        diagnostics_warning(diagnostics,
                            "%s: has %u sectors, its file system %llu: the end is missing", name,
                            image->sectors, (unsigned long long)video->sectors);
    else if (rest != 0)
        diagnostics_warning(diagnostics,
                            "%s: the last %u bytes are not a whole sector and are left out", name,
                            rest);
}

static void warn_of_content(struct examination *examination, const struct dvd_video *video,
                            const char *name, struct diagnostics *diagnostics)
{
    uint32_t lba;
    if (find_scrambled(examination, video, &lba))
        diagnostics_warning(diagnostics,
                            "%s: sector %u is scrambled already, with a key that is not known; "
                            "an image is to hold the disc in clear",
                            name, lba);
}

bool disc_examine(const struct disc_description *description, const struct image *image,
                  struct dvd_video *video, const struct disc_names *names,
                  struct diagnostics *diagnostics)
{
    const char *name = names->name[DISC_SETTING_IMAGE];
    struct examination examination = examination_of_image(image);
    if (!dvd_video_find(&examination, video)) {
        diagnostics_error(diagnostics, "%s: out of memory", name);
        return false;
    }
    if (examination.given_up) {
        bool right = give_up(description, &examination, name, diagnostics);
        if (!right)
            dvd_video_release(video);
        return right;
    }
    warn_of_shape(image, video, name, diagnostics);
    warn_of_content(&examination, video, name, diagnostics);
    return true;
}
