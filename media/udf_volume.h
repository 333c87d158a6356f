/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_UDF_VOLUME_H
#define MEDIA_UDF_VOLUME_H

/*
 * The volume structure of UDF (ECMA-167, part 3): from the anchor to where a block of a partition
 * lies.  Shared by udf.c and udf_node.c.
 */

#include "media/examination.h"

/* Descriptor tags (ECMA-167, 3/7.2.1 and 4/7.2.1). */
enum udf_tag {
    UDF_TAG_NONE = 0, /* no descriptor, or its checksum is wrong */
    UDF_TAG_ANCHOR = 2,
    UDF_TAG_VOLUME_POINTER = 3,
    UDF_TAG_PARTITION = 5,
    UDF_TAG_LOGICAL_VOLUME = 6,
    UDF_TAG_TERMINATOR = 8,
    UDF_TAG_FILE_SET = 256,
    UDF_TAG_FILE_IDENTIFIER = 257,
    UDF_TAG_ALLOCATION_EXTENT = 258,
    UDF_TAG_FILE_ENTRY = 261,
    UDF_TAG_EXTENDED_FILE_ENTRY = 266,
};

/* The length of an extent; the two bits above it say what it is. */
#define UDF_EXTENT_BYTES 0x3FFFFFFFu

/* A place in the volume: what a long allocation descriptor names. */
struct udf_address {
    uint32_t bytes;
    uint32_t block;
    uint16_t map; /* index of the partition map */
};

/* A part of a file, in blocks of its partition map. */
struct udf_part {
    struct udf_address at;
    bool recorded; /* otherwise it reads as zeros and lies nowhere */
};

struct udf_parts {
    struct udf_part *part; /* malloc'ed */
    size_t count, room;
};

enum { UDF_PARTITIONS_MAX = 4, UDF_MAPS_MAX = 4 };

struct udf_volume {
    struct examination *examination;
    bool out_of_memory;

    struct {
        uint32_t sequence; /* the highest prevails */
        uint16_t number;
        uint32_t first, sectors;
    } partition[UDF_PARTITIONS_MAX];
    unsigned partitions;

    bool has_logical_volume;
    uint32_t logical_sequence;
    struct udf_address file_set;
    struct udf_map {
        bool usable;
        uint32_t first;   /* sector of block 0 */
        bool in_metadata; /* blocks lie in the metadata file, whose entry is at `entry` */
        uint32_t entry, mirror;
        struct udf_parts metadata;
    } map[UDF_MAPS_MAX];
    unsigned maps;
};

uint16_t udf_get16(const uint8_t *from);
uint32_t udf_get32(const uint8_t *from);
struct udf_address udf_get_address(const uint8_t *from);

/* The tag of the descriptor at `from`, 16 bytes. */
enum udf_tag udf_tag_of(const uint8_t *from);

/* Whether the volume recognition sequence names UDF. */
bool udf_is_present(struct examination *examination);

/* Reads the volume's descriptors.  False if they are not all there.  Metadata maps are not yet
 * usable: udf_node.h reads their file. */
bool udf_volume_read(struct udf_volume *volume);
void udf_volume_release(struct udf_volume *volume);

/* How many sectors the image must have for all partitions. */
uint64_t udf_volume_sectors(const struct udf_volume *volume);

/* Where a block of a map lies in the image.  False if it does not say. */
bool udf_volume_locate(const struct udf_volume *volume, uint16_t map, uint32_t block,
                       uint32_t *lba);
/* The same and reads it. */
bool udf_volume_read_block(struct udf_volume *volume, uint16_t map, uint32_t block,
                           uint8_t sector[DVD_SECTOR_SIZE]);

#endif
