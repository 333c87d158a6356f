/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_DVD_VIDEO_H
#define MEDIA_DVD_VIDEO_H

/*
 * Where the VOB files of a DVD-Video image lie (UDF, read with libudfread).
 */

#include "media/disc.h"
#include "media/image.h"

/*
 * The title set of a VOB file by its name, upper or lower case: 0 for VIDEO_TS.VOB, nn for
 * VTS_nn_m.VOB; -1 for any other name.
 */
int dvd_video_title_set(const char *name);

#define DVD_VIDEO_NAME_SIZE 16

/* One part of a VOB file that is consecutive on the disc. */
struct dvd_video_extent {
    char file[DVD_VIDEO_NAME_SIZE]; /* "VIDEO_TS.VOB", "VTS_01_0.VOB", ...; upper case */
    struct disc_extent extent;      /* with the title set of the file's name */
};

struct dvd_video_extents {
    struct dvd_video_extent *extent; /* malloc'ed, sorted by first sector */
    size_t count;
};

/*
 * Finds every VOB of VIDEO_TS in the image.  An image without UDF or without VIDEO_TS has none:
 * success with count 0.  Extents that reach beyond the image are cut, and a damaged file system
 * gives what can be made out of it.  Returns false only when memory is short.
 */
bool dvd_video_find(const struct image *image, struct dvd_video_extents *extents);
void dvd_video_release(struct dvd_video_extents *extents);

#endif
