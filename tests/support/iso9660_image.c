/* SPDX-License-Identifier: MIT */
#include "tests/support/iso9660_image.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *sector_at(uint8_t *image, uint32_t lba)
{
    return image + (size_t)lba * DVD_SECTOR_SIZE;
}

/* Both byte orders, as ISO 9660 has its numbers. */
static void put_both32(uint8_t *to, uint32_t value)
{
    uint32_t little = htole32(value), big = htobe32(value);
    memcpy(to, &little, sizeof little);
    memcpy(to + 4, &big, sizeof big);
}

/* The beginning of a volume descriptor. */
static void put_type(uint8_t *volume, uint8_t type)
{
    static const uint8_t identifier[] = {'C', 'D', '0', '0', '1', 1};
    volume[0] = type;
    memcpy(volume + 1, identifier, sizeof identifier);
}

/* A directory record; returns where the next one goes. */
static size_t put_record(uint8_t *to, const char *name, size_t length, uint8_t flags,
                         uint32_t first, uint32_t bytes)
{
    size_t size = (33 + length + 1) / 2 * 2;
    to[0] = (uint8_t)size;
    put_both32(to + 2, first);
    put_both32(to + 10, bytes);
    to[25] = flags;
    to[32] = (uint8_t)length;
    memcpy(to + 33, name, length);
    return size;
}

enum flags { IS_FILE = 0x00, IS_FOLDER = 0x02, GOES_ON = 0x80 };

static size_t put_file(uint8_t *folder, size_t at, const struct dvd_image_file *file)
{
    char name[64];
    size_t length = (size_t)snprintf(name, sizeof name, "%s;1", file->name);
    for (unsigned i = 0; i < DVD_IMAGE_PARTS && file->part[i].sectors > 0; i++) {
        bool last = i + 1 == DVD_IMAGE_PARTS || file->part[i + 1].sectors == 0;
        /* No record crosses the end of a sector. */
        if (at % DVD_SECTOR_SIZE > DVD_SECTOR_SIZE - 100)
            at = (at / DVD_SECTOR_SIZE + 1) * DVD_SECTOR_SIZE;
        at += put_record(folder + at, name, length, last ? IS_FILE : GOES_ON, file->part[i].first,
                         file->part[i].sectors * DVD_SECTOR_SIZE);
    }
    return at;
}

/* More than enough: a record has less than 64 bytes. */
static uint32_t folder_sectors(const struct dvd_image_file *files)
{
    uint32_t count = 0;
    while (files[count].name)
        count++;
    return (count * DVD_IMAGE_PARTS * 64) / DVD_SECTOR_SIZE + 1;
}

uint8_t *iso9660_image_build(uint32_t sectors, const char *folder,
                             const struct dvd_image_file *files)
{
    uint8_t *image = calloc(sectors, DVD_SECTOR_SIZE);
    if (!image)
        abort();
    uint8_t *volume = sector_at(image, ISO9660_IMAGE_VOLUME);
    put_type(volume, 1);
    put_both32(volume + 80, sectors);
    volume[129] = volume[130] = DVD_SECTOR_SIZE >> 8;
    put_record(volume + 156, "", 1, IS_FOLDER, ISO9660_IMAGE_ROOT, DVD_SECTOR_SIZE);
    uint8_t *end = sector_at(image, ISO9660_IMAGE_VOLUME + 1);
    put_type(end, 255);

    uint8_t *root = sector_at(image, ISO9660_IMAGE_ROOT);
    size_t at = put_record(root, "", 1, IS_FOLDER, ISO9660_IMAGE_ROOT, DVD_SECTOR_SIZE);
    at += put_record(root + at, "\1", 1, IS_FOLDER, ISO9660_IMAGE_ROOT, DVD_SECTOR_SIZE);
    at += put_record(root + at, "README.;1", 9, IS_FILE, ISO9660_IMAGE_ROOT, 5);
    uint32_t folder_size = folder_sectors(files) * DVD_SECTOR_SIZE;
    put_record(root + at, folder, strlen(folder), IS_FOLDER, ISO9660_IMAGE_FOLDER, folder_size);

    uint8_t *entries = sector_at(image, ISO9660_IMAGE_FOLDER);
    at = put_record(entries, "", 1, IS_FOLDER, ISO9660_IMAGE_FOLDER, folder_size);
    at += put_record(entries + at, "\1", 1, IS_FOLDER, ISO9660_IMAGE_ROOT, DVD_SECTOR_SIZE);
    for (unsigned i = 0; files[i].name; i++) {
        at = put_file(entries, at, &files[i]);
        for (unsigned j = 0; j < DVD_IMAGE_PARTS; j++)
            for (uint32_t k = 0; k < files[i].part[j].sectors; k++)
                if (files[i].part[j].first + k < sectors)
                    dvd_image_pack(sector_at(image, files[i].part[j].first + k),
                                   files[i].part[j].first + k);
    }
    return image;
}
