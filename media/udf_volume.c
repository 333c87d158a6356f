/* SPDX-License-Identifier: MIT */
#include "media/udf_volume.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

enum { RECOGNITION_FIRST = 16, RECOGNITION_LAST = 31, ANCHOR = 256 };

/* Logical volume descriptor (ECMA-167, 3/10.6) and partition maps (UDF 2.2.8 to 2.2.10). */
enum {
    SEQUENCE_NUMBER = 16,

    LOGICAL_BLOCK_SIZE = 212,
    LOGICAL_DOMAIN = 217,
    LOGICAL_FILE_SET = 248,
    LOGICAL_MAPS_SIZE = 264,
    LOGICAL_MAPS = 440,

    MAP_TYPE = 0,
    MAP_LENGTH = 1,
    MAP_PHYSICAL = 1,
    MAP_PHYSICAL_LENGTH = 6,
    MAP_PHYSICAL_PARTITION = 4,
    MAP_NAMED = 2,
    MAP_NAMED_LENGTH = 64,
    MAP_NAMED_NAME = 5,
    MAP_NAMED_PARTITION = 38,
    MAP_METADATA_FILE = 40,
    MAP_METADATA_MIRROR = 44,

    PARTITION_NUMBER = 22,
    PARTITION_FIRST = 188,
    PARTITION_SECTORS = 192,
};

uint16_t udf_get16(const uint8_t *from)
{
    return (uint16_t)(from[0] | from[1] << 8);
}

uint32_t udf_get32(const uint8_t *from)
{
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return le32toh(value);
}

struct udf_address udf_get_address(const uint8_t *from)
{
    return (struct udf_address){
        .bytes = udf_get32(from) & UDF_EXTENT_BYTES,
        .block = udf_get32(from + 4),
        .map = udf_get16(from + 8),
    };
}

enum udf_tag udf_tag_of(const uint8_t *from)
{
    enum { CHECKSUM = 4, TAG_SIZE = 16 };
    uint8_t sum = 0;
    for (unsigned i = 0; i < TAG_SIZE; i++)
        sum = (uint8_t)(sum + (i == CHECKSUM ? 0 : from[i]));
    return sum == from[CHECKSUM] ? (enum udf_tag)udf_get16(from) : UDF_TAG_NONE;
}

bool udf_is_present(struct examination *examination)
{
    for (uint32_t lba = RECOGNITION_FIRST; lba <= RECOGNITION_LAST; lba++) {
        uint8_t sector[DVD_SECTOR_SIZE];
        if (!examination_read(examination, lba, sector))
            return false;
        if (memcmp(sector + 1, "NSR02", 5) == 0 || memcmp(sector + 1, "NSR03", 5) == 0)
            return true;
    }
    return false;
}

static void take_partition(struct udf_volume *volume, const uint8_t *descriptor)
{
    uint16_t number = udf_get16(descriptor + PARTITION_NUMBER);
    uint32_t sequence = udf_get32(descriptor + SEQUENCE_NUMBER);
    unsigned i = 0;
    while (i < volume->partitions && volume->partition[i].number != number)
        i++;
    if (i == UDF_PARTITIONS_MAX)
        return;
    if (i < volume->partitions && volume->partition[i].sequence > sequence)
        return;
    if (i == volume->partitions)
        volume->partitions++;
    volume->partition[i].number = number;
    volume->partition[i].sequence = sequence;
    volume->partition[i].first = udf_get32(descriptor + PARTITION_FIRST);
    volume->partition[i].sectors = udf_get32(descriptor + PARTITION_SECTORS);
}

/* The partition is known by its number until every descriptor has been read. */
static struct udf_map take_map(const uint8_t *map, size_t length)
{
    if (map[MAP_TYPE] == MAP_PHYSICAL && length == MAP_PHYSICAL_LENGTH)
        return (struct udf_map){.usable = true, .first = udf_get16(map + MAP_PHYSICAL_PARTITION)};
    if (map[MAP_TYPE] != MAP_NAMED || length != MAP_NAMED_LENGTH)
        return (struct udf_map){0};
    const char *name = (const char *)map + MAP_NAMED_NAME;
    bool metadata = strncmp(name, "*UDF Metadata Partition", 23) == 0;
    return (struct udf_map){
        .usable = metadata || strncmp(name, "*UDF Sparable Partition", 23) == 0,
        .first = udf_get16(map + MAP_NAMED_PARTITION),
        .in_metadata = metadata,
        .entry = udf_get32(map + MAP_METADATA_FILE),
        .mirror = udf_get32(map + MAP_METADATA_MIRROR),
    };
}

static void take_logical_volume(struct udf_volume *volume, const uint8_t *descriptor)
{
    uint32_t sequence = udf_get32(descriptor + SEQUENCE_NUMBER);
    if (udf_get32(descriptor + LOGICAL_BLOCK_SIZE) != DVD_SECTOR_SIZE ||
        memcmp(descriptor + LOGICAL_DOMAIN, "*OSTA UDF Compliant", 19) != 0 ||
        (volume->has_logical_volume && volume->logical_sequence > sequence))
        return;
    volume->has_logical_volume = true;
    volume->logical_sequence = sequence;
    volume->file_set = udf_get_address(descriptor + LOGICAL_FILE_SET);
    volume->maps = 0;
    size_t size = udf_get32(descriptor + LOGICAL_MAPS_SIZE), at = 0;
    if (size > DVD_SECTOR_SIZE - LOGICAL_MAPS)
        size = DVD_SECTOR_SIZE - LOGICAL_MAPS;
    while (volume->maps < UDF_MAPS_MAX && size - at > MAP_LENGTH) {
        const uint8_t *map = descriptor + LOGICAL_MAPS + at;
        size_t length = map[MAP_LENGTH];
        if (length <= MAP_LENGTH || length > size - at)
            break;
        volume->map[volume->maps++] = take_map(map, length);
        at += length;
    }
}

static bool is_complete(const struct udf_volume *volume)
{
    return volume->has_logical_volume && volume->partitions > 0;
}

/* A sequence of descriptors, which may go on elsewhere. */
static void read_sequence(struct udf_volume *volume, uint32_t bytes, uint32_t lba)
{
    uint8_t sector[DVD_SECTOR_SIZE];
    for (uint32_t left = bytes / DVD_SECTOR_SIZE; left > 0; left--, lba++) {
        if (!examination_count(volume->examination) ||
            !examination_read(volume->examination, lba, sector))
            return;
        switch (udf_tag_of(sector)) {
        case UDF_TAG_PARTITION:
            take_partition(volume, sector);
            break;
        case UDF_TAG_LOGICAL_VOLUME:
            take_logical_volume(volume, sector);
            break;
        case UDF_TAG_VOLUME_POINTER:
            left = udf_get32(sector + 20) / DVD_SECTOR_SIZE + 1;
            lba = udf_get32(sector + 24) - 1;
            break;
        case UDF_TAG_TERMINATOR:
            return;
        default:
            break;
        }
    }
}

static bool read_anchor(struct udf_volume *volume, uint32_t lba)
{
    enum { MAIN = 16, RESERVE = 24 };
    uint8_t anchor[DVD_SECTOR_SIZE];
    if (!examination_read(volume->examination, lba, anchor) || udf_tag_of(anchor) != UDF_TAG_ANCHOR)
        return false;
    read_sequence(volume, udf_get32(anchor + MAIN), udf_get32(anchor + MAIN + 4));
    if (!is_complete(volume))
        read_sequence(volume, udf_get32(anchor + RESERVE), udf_get32(anchor + RESERVE + 4));
    return is_complete(volume);
}

static void resolve_map(const struct udf_volume *volume, struct udf_map *map)
{
    uint32_t number = map->first;
    for (unsigned i = 0; i < volume->partitions; i++)
        if (volume->partition[i].number == number) {
            map->first = volume->partition[i].first;
            return;
        }
    map->usable = false;
}

bool udf_volume_read(struct udf_volume *volume)
{
    uint32_t last = volume->examination->sectors - 1;
    if (!read_anchor(volume, ANCHOR) && !read_anchor(volume, last) &&
        (last < ANCHOR || !read_anchor(volume, last - ANCHOR)))
        return false;
    for (unsigned i = 0; i < volume->maps; i++)
        resolve_map(volume, &volume->map[i]);
    return true;
}

void udf_volume_release(struct udf_volume *volume)
{
    for (unsigned i = 0; i < UDF_MAPS_MAX; i++) {
        free(volume->map[i].metadata.part);
        volume->map[i].metadata = (struct udf_parts){0};
    }
}

uint64_t udf_volume_sectors(const struct udf_volume *volume)
{
    uint64_t sectors = 0;
    for (unsigned i = 0; i < volume->partitions; i++) {
        uint64_t end = (uint64_t)volume->partition[i].first + volume->partition[i].sectors;
        if (end > sectors)
            sectors = end;
    }
    return sectors;
}

/* The block of the partition that has a block of the metadata file. */
static bool locate_in_metadata(const struct udf_map *map, uint32_t *block)
{
    uint32_t left = *block;
    for (size_t i = 0; i < map->metadata.count; i++) {
        const struct udf_part *part = &map->metadata.part[i];
        uint32_t blocks = part->at.bytes / DVD_SECTOR_SIZE;
        if (left < blocks) {
            *block = part->at.block + left;
            return part->recorded;
        }
        left -= blocks;
    }
    return false;
}

bool udf_volume_locate(const struct udf_volume *volume, uint16_t map, uint32_t block, uint32_t *lba)
{
    if (map >= volume->maps || !volume->map[map].usable)
        return false;
    const struct udf_map *found = &volume->map[map];
    if (found->in_metadata && !locate_in_metadata(found, &block))
        return false;
    uint64_t place = (uint64_t)found->first + block;
    *lba = (uint32_t)place;
    return place <= UINT32_MAX;
}

bool udf_volume_read_block(struct udf_volume *volume, uint16_t map, uint32_t block,
                           uint8_t sector[DVD_SECTOR_SIZE])
{
    uint32_t lba;
    return udf_volume_locate(volume, map, block, &lba) &&
           examination_read(volume->examination, lba, sector);
}
