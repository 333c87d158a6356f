/* SPDX-License-Identifier: MIT */
#include "tests/support/dvd_image.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ECMA-167 descriptor tags. */
enum tag {
    TAG_PRIMARY_VOLUME = 1,
    TAG_ANCHOR = 2,
    TAG_PARTITION = 5,
    TAG_LOGICAL_VOLUME = 6,
    TAG_TERMINATOR = 8,
    TAG_FILE_SET = 256,
    TAG_FILE_IDENTIFIER = 257,
    TAG_ALLOCATION_EXTENT = 258,
    TAG_FILE_ENTRY = 261,
};

/* Where things lie: volume structures by sector, the rest by block of the partition. */
enum {
    RECOGNITION = 16,
    VOLUME_DESCRIPTORS = 32,
    ANCHOR = 256,
    PARTITION = 257,
    FILE_SET = 0,
    ROOT_ENTRY = 1,
    ROOT_DATA = 2,
    FOLDER_ENTRY = 3,
    FOLDER_DATA = 4,
    FILE_ENTRIES = 5,
};

enum file_type { TYPE_FOLDER = 4, TYPE_FILE = 5 };

static void put16(uint8_t *to, uint16_t value)
{
    value = htole16(value);
    memcpy(to, &value, sizeof value);
}

static void put32(uint8_t *to, uint32_t value)
{
    value = htole32(value);
    memcpy(to, &value, sizeof value);
}

/* Identifiers have fixed places and no zero byte at the end. */
static void put_text(uint8_t *to, const char *text)
{
    for (size_t i = 0; text[i]; i++)
        to[i] = (uint8_t)text[i];
}

static uint8_t *sector_at(uint8_t *image, uint32_t lba)
{
    return image + (size_t)lba * DVD_SECTOR_SIZE;
}

static uint8_t *block_at(uint8_t *image, uint32_t block)
{
    return sector_at(image, PARTITION + block);
}

/* The tag has a checksum of its own; the checksum of the descriptor is left out. */
static void put_tag(uint8_t *to, enum tag tag, uint32_t location)
{
    put16(to, (uint16_t)tag);
    put16(to + 2, 2);
    put32(to + 12, location);
    uint8_t sum = 0;
    for (unsigned i = 0; i < 16; i++)
        sum = (uint8_t)(sum + (i == 4 ? 0 : to[i]));
    to[4] = sum;
}

static void put_long_extent(uint8_t *to, uint32_t bytes, uint32_t block)
{
    put32(to, bytes);
    put32(to + 4, block);
}

static void put_volume(uint8_t *image, uint32_t sectors)
{
    static const char *const recognition[] = {"BEA01", "NSR02", "TEA01"};
    for (unsigned i = 0; i < 3; i++) {
        put_text(sector_at(image, RECOGNITION + i) + 1, recognition[i]);
        sector_at(image, RECOGNITION + i)[6] = 1;
    }
    uint8_t *anchor = sector_at(image, ANCHOR);
    put32(anchor + 16, 4 * DVD_SECTOR_SIZE);
    put32(anchor + 20, VOLUME_DESCRIPTORS);
    put_tag(anchor, TAG_ANCHOR, ANCHOR);

    uint8_t *primary = sector_at(image, VOLUME_DESCRIPTORS);
    put_tag(primary, TAG_PRIMARY_VOLUME, VOLUME_DESCRIPTORS);

    uint8_t *logical = sector_at(image, VOLUME_DESCRIPTORS + 1);
    put32(logical + 212, DVD_SECTOR_SIZE);
    put_text(logical + 217, "*OSTA UDF Compliant");
    put16(logical + 240, 0x0102);
    put_long_extent(logical + 248, DVD_SECTOR_SIZE, FILE_SET);
    put32(logical + 264, 6);
    put32(logical + 268, 1);
    logical[440] = 1;
    logical[441] = 6;
    put16(logical + 442, 1);
    put_tag(logical, TAG_LOGICAL_VOLUME, VOLUME_DESCRIPTORS + 1);

    uint8_t *partition = sector_at(image, VOLUME_DESCRIPTORS + 2);
    put_text(partition + 25, "+NSR02");
    put32(partition + 184, 1);
    put32(partition + 188, PARTITION);
    put32(partition + 192, sectors - PARTITION);
    put_tag(partition, TAG_PARTITION, VOLUME_DESCRIPTORS + 2);

    put_tag(sector_at(image, VOLUME_DESCRIPTORS + 3), TAG_TERMINATOR, VOLUME_DESCRIPTORS + 3);

    uint8_t *set = block_at(image, FILE_SET);
    put_long_extent(set + 400, DVD_SECTOR_SIZE, ROOT_ENTRY);
    put_text(set + 417, "*OSTA UDF Compliant");
    put_tag(set, TAG_FILE_SET, FILE_SET);
}

static void put_file_entry(uint8_t *image, uint32_t block, enum file_type type, uint64_t bytes)
{
    uint8_t *entry = block_at(image, block);
    put16(entry + 20, 4); /* strategy */
    put16(entry + 24, 1);
    entry[27] = (uint8_t)type;
    put16(entry + 48, 1);
    put32(entry + 56, (uint32_t)bytes);
    put32(entry + 60, (uint32_t)(bytes >> 32));
    put_tag(entry, TAG_FILE_ENTRY, block);
}

static void add_part(uint8_t *image, uint32_t block, uint32_t bytes, uint32_t part_block)
{
    uint8_t *entry = block_at(image, block);
    uint32_t used;
    memcpy(&used, entry + 172, sizeof used);
    used = le32toh(used);
    put32(entry + 176 + used, bytes);
    put32(entry + 180 + used, part_block);
    put32(entry + 172, used + 8);
}

/* Adds a file identifier to a folder's data; returns where the next one goes. */
static uint32_t add_name(uint8_t *image, uint32_t data_block, uint32_t at, const char *name,
                         uint8_t characteristics, uint32_t entry_block)
{
    uint8_t *identifier = block_at(image, data_block) + at;
    size_t length = *name ? strlen(name) + 1 : 0;
    put16(identifier + 16, 1);
    identifier[18] = characteristics;
    identifier[19] = (uint8_t)length;
    put_long_extent(identifier + 20, DVD_SECTOR_SIZE, entry_block);
    if (length > 0) {
        identifier[38] = 8; /* eight bits a character */
        memcpy(identifier + 39, name, length - 1);
    }
    put_tag(identifier, TAG_FILE_IDENTIFIER, data_block);
    return at + (uint32_t)((38 + length + 3) / 4 * 4);
}

enum characteristics { NAMES_FILE = 0x00, NAMES_FOLDER = 0x02, NAMES_PARENT = 0x0A };

static void put_file(uint8_t *image, uint32_t sectors, uint32_t block,
                     const struct dvd_image_file *file)
{
    uint64_t bytes = 0;
    for (unsigned i = 0; i < DVD_IMAGE_PARTS; i++)
        bytes += (uint64_t)file->part[i].sectors * DVD_SECTOR_SIZE;
    put_file_entry(image, block, TYPE_FILE, bytes);
    for (unsigned i = 0; i < DVD_IMAGE_PARTS && file->part[i].sectors > 0; i++) {
        uint32_t first = file->part[i].first;
        add_part(image, block, file->part[i].sectors * DVD_SECTOR_SIZE, first - PARTITION);
        for (uint32_t lba = first; lba < sectors && lba - first < file->part[i].sectors; lba++)
            dvd_image_pack(sector_at(image, lba), lba);
    }
}

uint8_t *dvd_image_build(uint32_t sectors, const char *folder, const struct dvd_image_file *files)
{
    uint8_t *image = calloc(sectors, DVD_SECTOR_SIZE);
    if (!image)
        abort();
    put_volume(image, sectors);

    uint32_t root_size = add_name(image, ROOT_DATA, 0, "", NAMES_PARENT, ROOT_ENTRY);
    root_size = add_name(image, ROOT_DATA, root_size, folder, NAMES_FOLDER, FOLDER_ENTRY);
    put_file_entry(image, ROOT_ENTRY, TYPE_FOLDER, root_size);
    add_part(image, ROOT_ENTRY, root_size, ROOT_DATA);

    uint32_t folder_size = add_name(image, FOLDER_DATA, 0, "", NAMES_PARENT, ROOT_ENTRY);
    for (uint32_t i = 0; files[i].name; i++) {
        folder_size =
            add_name(image, FOLDER_DATA, folder_size, files[i].name, NAMES_FILE, FILE_ENTRIES + i);
        put_file(image, sectors, FILE_ENTRIES + i, &files[i]);
    }
    put_file_entry(image, FOLDER_ENTRY, TYPE_FOLDER, folder_size);
    add_part(image, FOLDER_ENTRY, folder_size, FOLDER_DATA);
    return image;
}

void dvd_image_put_tag(uint8_t *descriptor, uint16_t tag, uint32_t location)
{
    put_tag(descriptor, (enum tag)tag, location);
}

void dvd_image_close_loop(uint8_t *image, unsigned file, bool empty)
{
    enum { GOES_ON = 3 };
    uint32_t block = DVD_IMAGE_FREE - PARTITION;
    uint8_t *entry = block_at(image, FILE_ENTRIES + file), *loop = block_at(image, block);
    put_file_entry(image, FILE_ENTRIES + file, TYPE_FILE, UINT64_MAX);
    put32(entry + 172, 0);
    add_part(image, FILE_ENTRIES + file, (uint32_t)GOES_ON << 30 | DVD_SECTOR_SIZE, block);
    memset(loop, 0, DVD_SECTOR_SIZE);
    put32(loop + 20, empty ? 8 : 16);
    put32(loop + 24, DVD_SECTOR_SIZE);
    put32(loop + 28, DVD_IMAGE_FILES_FIRST - PARTITION);
    put32(loop + (empty ? 24 : 32), (uint32_t)GOES_ON << 30 | DVD_SECTOR_SIZE);
    put32(loop + (empty ? 28 : 36), block);
    put_tag(loop, TAG_ALLOCATION_EXTENT, block);
}

void dvd_image_pack(uint8_t sector[DVD_SECTOR_SIZE], uint32_t lba)
{
    static const uint8_t streams[16] = {0xBB, 0xE0, 0xE0, 0xE0, 0xC0, 0xE0, 0xE0, 0xE0,
                                        0xC0, 0xE0, 0xE0, 0xE0, 0xBD, 0xE0, 0xE0, 0xBE};
    static const uint8_t head[] = {0x00, 0x00, 0x01, 0xBA, 0x44, 0x00, 0x04, 0x00, 0x04, 0x01, 0x01,
                                   0x89, 0xC3, 0xF8, 0x00, 0x00, 0x01, 0xE0, 0x07, 0xEC, 0x81};
    for (unsigned i = 0; i < DVD_SECTOR_SIZE; i++)
        sector[i] = (uint8_t)(37 * i + 11 * (i >> 8) + 13 * lba + (lba >> 8) * i);
    memcpy(sector, head, sizeof head);
    uint8_t stream = streams[lba % 16];
    sector[0x11] = stream;
    if (stream == 0xBB)
        sector[0x14] = 0x80; /* no flags there: a rate bound */
    memset(sector + 0x40, (int)(lba & 0xFF), 0x60);
}

char *dvd_image_save(const void *bytes, size_t size)
{
    const char *folder = getenv("TMPDIR");
    char *path;
    if (asprintf(&path, "%s/vodd-image-XXXXXX", folder ? folder : "/tmp") < 0)
        abort();
    int descriptor = mkstemp(path);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
    return path;
}
