/* SPDX-License-Identifier: MIT */
#include "media/examination.h"

#include <time.h>

#define SECOND 1000000000u

#define IN_WORDS(number)  IN_WORDS_(number)
#define IN_WORDS_(number) #number

static bool read_image(void *context, uint32_t lba, uint8_t sector[DVD_SECTOR_SIZE])
{
    struct iovec iov = {sector, DVD_SECTOR_SIZE};
    struct iov_cursor cursor = iov_cursor_begin(&iov, 1);
    int error;
    return image_read(context, lba, 1, &cursor, &error) == 1;
}

struct examination examination_of_image(const struct image *image)
{
    return (struct examination){
        .read = read_image,
        .context = (void *)image,
        .sectors = image->sectors,
    };
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static bool is_late(struct examination *examination)
{
    if (examination->deadline == 0)
        examination->deadline = now() + (uint64_t)EXAMINATION_SECONDS_MAX * SECOND;
    return now() > examination->deadline;
}

bool examination_read(struct examination *examination, uint32_t lba,
                      uint8_t sector[DVD_SECTOR_SIZE])
{
    if (examination->given_up || lba >= examination->sectors)
        return false;
    if (examination->reads >= EXAMINATION_READS_MAX)
        examination->given_up = "it takes more than " IN_WORDS(EXAMINATION_READS_MAX) " reads";
    else if (is_late(examination))
        examination->given_up = "it takes more than " IN_WORDS(EXAMINATION_SECONDS_MAX) " seconds";
    if (examination->given_up)
        return false;
    examination->reads++;
    return examination->read(examination->context, lba, sector);
}

bool examination_count(struct examination *examination)
{
    if (!examination->given_up && examination->entries >= EXAMINATION_ENTRIES_MAX)
        examination->given_up = "it has more than " IN_WORDS(EXAMINATION_ENTRIES_MAX) " entries";
    if (examination->given_up)
        return false;
    examination->entries++;
    return true;
}
