/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_DVD_VIDEO_H
#define MEDIA_DVD_VIDEO_H

/*
 * Where the VOB files of a DVD-Video image lie (UDF, read with libudfread).
 */

#include "media/disc.h"

/* One part of a VOB file that is consecutive on the disc. */
struct dvd_video_extent {
    char file[16];             /* "VIDEO_TS.VOB", "VTS_01_0.VOB", ...; upper case */
    struct disc_extent extent; /* with the title set of the file's name */
};

struct dvd_video_extents {
    struct dvd_video_extent *extent; /* malloc'ed, sorted by first sector */
    size_t count;
};

/*
 * Finds every VOB of VIDEO_TS in the image behind the open descriptor `image` (not closed here),
 * which has `sectors` sectors. An image without UDF or without VIDEO_TS has none: success with
 * count 0.  Extents that reach beyond the image are cut. Returns false only when memory is short.
 */
bool dvd_video_find(int image, uint32_t sectors, struct dvd_video_extents *extents);
void dvd_video_release(struct dvd_video_extents *extents);

#endif
