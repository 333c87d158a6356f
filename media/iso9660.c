/* SPDX-License-Identifier: MIT */
#include "media/iso9660.h"

#include <endian.h>
#include <string.h>
#include <strings.h>

/* Volume descriptors (ECMA-119, 8). */
enum volume {
    DESCRIPTORS_FIRST = 16,
    DESCRIPTORS_LAST = 31,
    VOLUME_TYPE = 0,
    VOLUME_IDENTIFIER = 1,
    VOLUME_SECTORS = 80,
    VOLUME_BLOCK_SIZE = 128,
    VOLUME_ROOT = 156,

    TYPE_PRIMARY = 1,
    TYPE_TERMINATOR = 255,
};

/* Directory records (ECMA-119, 9.1). */
enum record {
    RECORD_LENGTH = 0,
    RECORD_ATTRIBUTES = 1, /* blocks before the data */
    RECORD_EXTENT = 2,
    RECORD_SIZE = 10,
    RECORD_FLAGS = 25,
    RECORD_UNIT = 26, /* not 0: interleaved */
    RECORD_NAME_LENGTH = 32,
    RECORD_NAME = 33,

    FLAG_FOLDER = 0x02,
    FLAG_GOES_ON = 0x80, /* the next record is about the same file */
};

/* What is recorded in both byte orders is read in the first. */
static uint32_t get32(const uint8_t *from)
{
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return le32toh(value);
}

struct extent {
    uint32_t first; /* may lie outside the image */
    uint32_t size;  /* bytes */
};

static struct extent extent_of(const uint8_t *record)
{
    uint64_t first = (uint64_t)get32(record + RECORD_EXTENT) + record[RECORD_ATTRIBUTES];
    return (struct extent){
        .first = first > UINT32_MAX ? UINT32_MAX : (uint32_t)first,
        .size = get32(record + RECORD_SIZE),
    };
}

/* The name without ";1" and without a dot that nothing follows. */
static void take_name(const uint8_t *record, char name[FILE_SYSTEM_NAME_SIZE])
{
    size_t length = record[RECORD_NAME_LENGTH];
    memcpy(name, record + RECORD_NAME, length);
    name[length] = 0;
    char *version = strrchr(name, ';');
    if (version)
        *version = 0;
    length = strlen(name);
    if (length > 1 && name[length - 1] == '.')
        name[length - 1] = 0;
}

/* A folder is read record by record; none crosses the end of a sector. */
struct folder {
    struct examination *examination;
    struct extent extent;
    uint32_t read; /* bytes of whole sectors behind and of this one */
    uint8_t sector[DVD_SECTOR_SIZE];
    size_t at;
};

static struct folder open_folder(struct examination *examination, struct extent extent)
{
    return (struct folder){
        .examination = examination,
        .extent = extent,
        .at = DVD_SECTOR_SIZE,
    };
}

static bool next_sector(struct folder *folder)
{
    uint32_t done = folder->read / DVD_SECTOR_SIZE;
    if (folder->read >= folder->extent.size || folder->extent.first > UINT32_MAX - done ||
        !examination_read(folder->examination, folder->extent.first + done, folder->sector))
        return false;
    folder->read =
        folder->read > UINT32_MAX - DVD_SECTOR_SIZE ? UINT32_MAX : folder->read + DVD_SECTOR_SIZE;
    folder->at = 0;
    return true;
}

/* The next record that is complete, NULL at the end. */
static const uint8_t *next_record(struct folder *folder)
{
    while (folder->at >= DVD_SECTOR_SIZE || folder->sector[folder->at + RECORD_LENGTH] == 0)
        if (!next_sector(folder))
            return NULL;
    const uint8_t *record = folder->sector + folder->at;
    size_t length = record[RECORD_LENGTH];
    if (length <= RECORD_NAME || length > DVD_SECTOR_SIZE - folder->at ||
        record[RECORD_NAME_LENGTH] > length - RECORD_NAME ||
        !examination_count(folder->examination))
        return NULL;
    folder->at += length;
    return record;
}

static void visit_files(struct folder *folder, const struct file_system_visitor *visitor)
{
    const uint8_t *record;
    bool wanted = false, continues = false;
    while ((record = next_record(folder))) {
        char name[FILE_SYSTEM_NAME_SIZE];
        uint8_t flags = record[RECORD_FLAGS];
        take_name(record, name);
        if (!continues)
            wanted = (flags & FLAG_FOLDER) == 0 && visitor->file(visitor->context, name);
        continues = (flags & FLAG_GOES_ON) != 0;
        struct extent extent = extent_of(record);
        uint32_t sectors = extent.size / DVD_SECTOR_SIZE + (extent.size % DVD_SECTOR_SIZE != 0);
        if (wanted && record[RECORD_UNIT] == 0 && sectors > 0 &&
            !visitor->part(visitor->context, extent.first, sectors))
            return;
    }
}

static bool find_folder(struct examination *examination, struct extent root,
                        const struct file_system_visitor *visitor)
{
    struct folder folder = open_folder(examination, root);
    const uint8_t *record;
    while ((record = next_record(&folder))) {
        char name[FILE_SYSTEM_NAME_SIZE];
        take_name(record, name);
        if ((record[RECORD_FLAGS] & FLAG_FOLDER) == 0 || strcasecmp(name, visitor->folder) != 0)
            continue;
        struct folder found = open_folder(examination, extent_of(record));
        visit_files(&found, visitor);
        return true;
    }
    return false;
}

static bool find_primary(struct examination *examination, uint8_t sector[DVD_SECTOR_SIZE])
{
    for (uint32_t lba = DESCRIPTORS_FIRST; lba <= DESCRIPTORS_LAST; lba++) {
        if (!examination_read(examination, lba, sector) ||
            memcmp(sector + VOLUME_IDENTIFIER, "CD001", 5) != 0 ||
            sector[VOLUME_TYPE] == TYPE_TERMINATOR)
            return false;
        if (sector[VOLUME_TYPE] == TYPE_PRIMARY)
            return true;
    }
    return false;
}

struct file_system iso9660_search(struct examination *examination,
                                  const struct file_system_visitor *visitor)
{
    uint8_t volume[DVD_SECTOR_SIZE];
    struct file_system found = {.present = find_primary(examination, volume)};
    /* Other sizes of a logical block are allowed and do not exist on DVDs. */
    if (!found.present || (get32(volume + VOLUME_BLOCK_SIZE) & 0xFFFF) != DVD_SECTOR_SIZE)
        return found;
    found.readable = true;
    found.sectors = get32(volume + VOLUME_SECTORS);
    if (visitor)
        found.has_folder = find_folder(examination, extent_of(volume + VOLUME_ROOT), visitor);
    return found;
}
