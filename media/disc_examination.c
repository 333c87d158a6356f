/* SPDX-License-Identifier: MIT */
#include "media/disc_private.h"

/* Whether what is scrambled depends on the files of the image. */
static bool needs_files(const struct disc_description *description)
{
    return description->protection == DISC_PROTECTION_CSS &&
           (description->scramble_extents.count == 0 || description->scramble_file_count > 0);
}

bool disc_examine(const struct disc_description *description, const struct image *image,
                  struct dvd_video *video, struct diagnostics *diagnostics)
{
    struct examination examination = examination_of_image(image);
    if (!dvd_video_find(&examination, video)) {
        diagnostics_error(diagnostics, "%s: out of memory", description->image);
        return false;
    }
    if (!examination.given_up)
        return true;
    if (!needs_files(description)) {
        diagnostics_warning(diagnostics,
                            "%s: the look at its file system was given up: %s; what is wrong with "
                            "it is not known",
                            description->image, examination.given_up);
        return true;
    }
    diagnostics_error(diagnostics,
                      "%s: the search for its VOBs was given up: %s; extents in [css] can say what "
                      "is scrambled instead",
                      description->image, examination.given_up);
    dvd_video_release(video);
    return false;
}
