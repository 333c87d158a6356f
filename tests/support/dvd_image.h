/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_DVD_IMAGE_H
#define TESTS_SUPPORT_DVD_IMAGE_H

/*
 * Small images with a UDF file system and made-up MPEG packs, for tests.
 */

#include <stdbool.h>
#include <stdint.h>

#include "media/css_sector.h"

#define DVD_IMAGE_PARTS 4
/* The file system ends before this sector; files may lie from here on. */
#define DVD_IMAGE_FILES_FIRST 300

struct dvd_image_file {
    const char *name;
    struct {
        uint32_t first, sectors;
    } part[DVD_IMAGE_PARTS]; /* in the order of the file; a part of no sectors ends it */
};

/*
 * An image of `sectors` sectors whose root has the folder `folder` with these files (at most 16, a
 * name of NULL ends the list).  Sectors of a file inside the image hold packs (dvd_image_pack),
 * those of no file zeros.  To be freed by the caller; never NULL.
 */
uint8_t *dvd_image_build(uint32_t sectors, const char *folder, const struct dvd_image_file *files);

/* Where things lie in it, for tests that change them: sectors of the image. */
enum {
    DVD_IMAGE_VOLUME = 32, /* primary, logical volume, partition, terminator */
    DVD_IMAGE_ANCHOR = 256,
    DVD_IMAGE_PARTITION = 257,
    DVD_IMAGE_FILE_ENTRIES = 262,
    DVD_IMAGE_FREE = 290, /* no structure has it */
};

/* Writes the tag of a UDF descriptor, over what else is in its 16 bytes. */
void dvd_image_put_tag(uint8_t *descriptor, uint16_t tag, uint32_t location);

/*
 * Lets the allocation descriptors of the `file`-th file, from 0, go on in a descriptor at
 * DVD_IMAGE_FREE that has one part, unless `empty`, and then goes on in itself.  The file claims to
 * be as long as UDF allows.
 */
void dvd_image_close_loop(uint8_t *image, unsigned file, bool empty);

/*
 * The pack at `lba`: in turn of sixteen a navigation pack (lba mod 16 = 0), a padding pack (15),
 * MPEG audio (4, 8), private stream 1 (12) and video (all others).  Every one is different; the
 * first 96 bytes of payload before and behind offset 80h are alike, as in silence.
 */
void dvd_image_pack(uint8_t sector[DVD_SECTOR_SIZE], uint32_t lba);

/* Writes bytes to a new temporary file and returns its path, to be freed; unlink it when done. */
char *dvd_image_save(const void *bytes, size_t size);

#endif
