/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_ISO9660_IMAGE_H
#define TESTS_SUPPORT_ISO9660_IMAGE_H

/*
 * Small images with an ISO 9660 file system, for tests.
 */

#include "tests/support/dvd_image.h"

/* Where things lie, for tests that change them. */
enum {
    ISO9660_IMAGE_VOLUME = 16,
    ISO9660_IMAGE_ROOT = 18,
    ISO9660_IMAGE_FOLDER = 19, /* and as many as it needs */
};

/*
 * An image of `sectors` sectors whose root has the folder `folder` with these files (a name of NULL
 * ends the list), names as written with ";1" behind them.  A file of several parts is a
 * multi-extent file.  To be freed by the caller; never NULL.
 */
uint8_t *iso9660_image_build(uint32_t sectors, const char *folder,
                             const struct dvd_image_file *files);

#endif
