/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_EXAMINATION_H
#define MEDIA_EXAMINATION_H

/*
 * Looking at what an image holds, within limits: an image may come from anywhere, and its file
 * systems may be made so that following them never ends.  Whoever follows a reference counts it
 * here; when a limit is reached everything fails from then on, so every loop that reads or counts
 * comes to its end.
 */

#include <stdbool.h>
#include <stdint.h>

#include "media/css_sector.h"
#include "media/image.h"

/*
 * The limits.  The largest DVD-Video, 99 title sets with ten VOBs each, needs about 1200 reads and
 * 3200 entries.
 */
#define EXAMINATION_READS_MAX   8192  /* sectors: 16 MiB */
#define EXAMINATION_ENTRIES_MAX 32768 /* names in folders, parts of files, descriptors */
#define EXAMINATION_SECONDS_MAX 10    /* on a medium that is slow or does not answer */

struct examination {
    /* Reads one sector below `sectors`; false if it cannot be read. */
    bool (*read)(void *context, uint32_t lba, uint8_t sector[DVD_SECTOR_SIZE]);
    void *context;
    uint32_t sectors; /* of the image */

    unsigned reads, entries; /* so far */
    uint64_t deadline;       /* nanoseconds of CLOCK_MONOTONIC; 0: not yet begun */
    /* The limit that was reached, for a message: "more than 8192 reads"; NULL: none. */
    const char *given_up;
};

/* An examination of `image`, which must outlive it. */
struct examination examination_of_image(const struct image *image);

/* Reads a sector.  False if it is not inside the image, cannot be read, or a limit is reached. */
bool examination_read(struct examination *examination, uint32_t lba,
                      uint8_t sector[DVD_SECTOR_SIZE]);

/* Counts one more entry.  False if a limit is reached. */
bool examination_count(struct examination *examination);

#endif
