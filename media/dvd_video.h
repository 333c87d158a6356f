/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_DVD_VIDEO_H
#define MEDIA_DVD_VIDEO_H

/*
 * Where the VOB files of a DVD-Video image lie, by its UDF or else its ISO 9660 file system.
 */

#include "media/disc.h"
#include "media/examination.h"

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

struct dvd_video {
    struct dvd_video_extent *extent; /* malloc'ed, sorted by first sector */
    size_t count;
    bool has_file_system; /* UDF or ISO 9660 */
    bool has_root;        /* that could be read */
    bool has_folder;      /* VIDEO_TS */
    uint64_t sectors;     /* as many as the file systems say that the image has */
};

/*
 * Finds every VOB of VIDEO_TS: in UDF, and in ISO 9660 if UDF has none.  An image without a file
 * system or without VIDEO_TS has none: success with count 0.  Extents that reach beyond the image
 * are cut, and a damaged file system gives what can be made out of it; examination->given_up says
 * whether everything was looked at.  Returns false only when memory is short.
 */
bool dvd_video_find(struct examination *examination, struct dvd_video *video);
/* What an image without a VOB has not, the first thing of those that it would need. */
const char *dvd_video_lack(const struct dvd_video *video);
void dvd_video_release(struct dvd_video *video);

#endif
