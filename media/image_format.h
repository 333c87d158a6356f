/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_IMAGE_FORMAT_H
#define MEDIA_IMAGE_FORMAT_H

/*
 * Files that hold a disc in another form than its sectors one after the other, recognised by a
 * signature.
 */

#include "media/image.h"

struct image_format {
    const char *name; /* "compressed with gzip" */
    const char *way;  /* how an image comes of it, for a message: "gunzip unpacks it" */
    long at;          /* of the signature, from the beginning or, below 0, from the end */
    const char *signature;
    size_t length;
};

/* NULL: none that is known.  For files without a file system: the first sectors of a disc may hold
 * anything. */
const struct image_format *image_format_find(const struct image *image);

#endif
