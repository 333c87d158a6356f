/* SPDX-License-Identifier: MIT */

/*
 * Disc images: whatever their file systems say, looking for the VOBs comes to an end within its
 * limits, and what is found lies inside the image.
 *
 * An input is a list of sectors: the number of sectors (4 bytes, little-endian, at most
 * SECTORS_MAX), then for each sector that is not zeros its number (4 bytes), how many bytes of it
 * are there (2 bytes), and those.  The checksum of UDF tags is mended while a sector is read, so
 * that changed descriptors are still read.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "media/dvd_video.h"
#include "media/extent_list.h"

#define SECTORS_MAX 65536u
#define TAG_SIZE    16u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

struct input {
    const uint8_t *data;
    size_t size;
    uint32_t sectors;
    unsigned reads;
};

static uint32_t get(const uint8_t *from, unsigned bytes)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value |= (uint32_t)from[i] << 8 * i;
    return value;
}

static void mend_tag(uint8_t *tag)
{
    uint8_t sum = 0;
    for (unsigned i = 0; i < TAG_SIZE; i++)
        sum = (uint8_t)(sum + (i == 4 ? 0 : tag[i]));
    tag[4] = sum;
}

/* Volume recognition begins with a zero byte and letters, which is no tag; the file identifiers of
 * a folder follow each other in a sector. */
static void mend_tags(uint8_t sector[DVD_SECTOR_SIZE])
{
    for (size_t at = 0; at + 38 < DVD_SECTOR_SIZE;) {
        uint32_t tag = get(sector + at, 2);
        if (tag == 0 || tag > 266)
            return;
        mend_tag(sector + at);
        if (tag != 257)
            return;
        at += (38 + get(sector + at + 36, 2) + sector[at + 19] + 3) / 4 * 4;
    }
}

static bool read_sector(void *context, uint32_t lba, uint8_t sector[DVD_SECTOR_SIZE])
{
    struct input *input = context;
    require(lba < input->sectors);
    require(++input->reads <= EXAMINATION_READS_MAX);
    memset(sector, 0, DVD_SECTOR_SIZE);
    for (size_t at = 4; input->size - at >= 6;) {
        size_t length = get(input->data + at + 4, 2);
        if (length > DVD_SECTOR_SIZE)
            length = DVD_SECTOR_SIZE;
        if (length > input->size - at - 6)
            length = input->size - at - 6;
        if (get(input->data + at, 4) == lba) {
            memcpy(sector, input->data + at + 6, length);
            break;
        }
        at += 6 + length;
    }
    mend_tags(sector);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4)
        return 0;
    struct input input = {data, size, get(data, 4) % SECTORS_MAX + 1, 0};
    struct examination examination = {read_sector, &input, .sectors = input.sectors};
    struct dvd_video video;
    require(dvd_video_find(&examination, &video));
    require(examination.entries <= EXAMINATION_ENTRIES_MAX);
    require(examination.reads == input.reads);
    require(video.count <= EXAMINATION_ENTRIES_MAX);
    for (size_t i = 0; i < video.count; i++) {
        const struct disc_extent *extent = &video.extent[i].extent;
        require(extent->first < input.sectors && extent->count >= 1 &&
                extent->count <= input.sectors - extent->first);
        require(i == 0 || video.extent[i - 1].extent.first <= extent->first);
        require(dvd_video_title_set(video.extent[i].file) == (int)extent->title_set);
    }
    struct disc_extents none = {0}, found = {0}, given = {0};
    struct extent_sharing sharing;
    found.extent = calloc(video.count + 1, sizeof *found.extent);
    require(found.extent != NULL);
    for (size_t i = 0; i < video.count; i++)
        found.extent[found.count++] = video.extent[i].extent;
    require(extent_list_share_out(&none, &found, &given, &sharing));
    for (size_t i = 1; i < given.count; i++)
        require(given.extent[i - 1].first + given.extent[i - 1].count <= given.extent[i].first);
    free(found.extent);
    free(given.extent);
    dvd_video_release(&video);
    return 0;
}
