/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_IMAGE_H
#define MEDIA_IMAGE_H

/*
 * An image file: 2048-byte sectors one after the other, which are only read.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "media/diagnostics.h"
#include "media/iov_cursor.h"

struct image {
    int descriptor;   /* -1: no image */
    uint32_t sectors; /* whole ones, at least 1 */
    off_t bytes;      /* with those behind the last whole sector */
};

/*
 * Opens a regular file or a block device; anything else is refused without being opened, since that
 * may wait, or do something.  Returns false after reporting why not: it cannot be opened, has no
 * whole sector, has more than DISC_SECTORS_MAX.  Messages begin with `name`, which may be the path.
 */
bool image_open(struct image *image, const char *path, const char *name,
                struct diagnostics *diagnostics);
void image_close(struct image *image);

/*
 * Reads `count` sectors from `lba` to the cursor's place, which moves over the whole sectors that
 * were read.  Returns how many; fewer than `count` if the file has become shorter or cannot be
 * read there: then *error is 0 or says why (errno).  May be called from several threads.
 */
uint32_t image_read(const struct image *image, uint32_t lba, uint32_t count,
                    struct iov_cursor *cursor, int *error);

/* Reads bytes from anywhere in the file; false if they are not all there. */
bool image_read_bytes(const struct image *image, off_t at, void *to, size_t size);

#endif
