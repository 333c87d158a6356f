/* SPDX-License-Identifier: MIT */
#include "tests/host/iso9660.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/css_sector.h"

#define VOLUME_DESCRIPTOR 16
#define ROOT_RECORD       156

/* Fields of a directory record (ECMA-119, 9.1). */
#define RECORD_EXTENT    2
#define RECORD_SIZE      10
#define RECORD_NAME_SIZE 32
#define RECORD_NAME      33

static uint32_t little_endian(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

struct directory {
    uint32_t lba, sectors;
};

static struct directory directory_of(const uint8_t *record)
{
    return (struct directory){
        .lba = little_endian(record + RECORD_EXTENT),
        .sectors = little_endian(record + RECORD_SIZE) / DVD_SECTOR_SIZE,
    };
}

/* Calls `visit` for each record until it returns false.  Records do not cross sectors. */
static void for_each_record(struct sector_source *source, struct directory directory,
                            bool (*visit)(void *context, const uint8_t *record), void *context)
{
    uint8_t sector[DVD_SECTOR_SIZE];

    for (uint32_t i = 0; i < directory.sectors; i++) {
        if (!source->read(source, directory.lba + i, 1, sector))
            return;
        for (size_t at = 0; at + RECORD_NAME < DVD_SECTOR_SIZE && sector[at]; at += sector[at]) {
            const uint8_t *record = sector + at;
            if (at + RECORD_NAME + record[RECORD_NAME_SIZE] > DVD_SECTOR_SIZE)
                break;
            if (!visit(context, record))
                return;
        }
    }
}

static bool find_video_ts(void *context, const uint8_t *record)
{
    struct directory *found = context;

    if (record[RECORD_NAME_SIZE] != 8 || memcmp(record + RECORD_NAME, "VIDEO_TS", 8) != 0)
        return true;
    *found = directory_of(record);
    return false;
}

struct vob_list {
    struct vob *vob;
    size_t count;
};

static bool add_vob(void *context, const uint8_t *record)
{
    struct vob_list *list = context;
    struct vob *vob = &list->vob[list->count];
    char name[64];

    snprintf(name, sizeof name, "%.*s", record[RECORD_NAME_SIZE],
             (const char *)record + RECORD_NAME);
    char *version = strstr(name, ".VOB;1");
    if (!version || list->count == VOBS_MAX)
        return true;
    version[4] = '\0';
    *vob = (struct vob){
        .lba = little_endian(record + RECORD_EXTENT),
        .sectors = little_endian(record + RECORD_SIZE) / DVD_SECTOR_SIZE,
    };
    if (strncmp(name, "VTS_", 4) == 0)
        vob->title_set = (unsigned)strtoul(name + 4, NULL, 10);
    snprintf(vob->name, sizeof vob->name, "%.15s", name);
    list->count++;
    return true;
}

size_t iso9660_find_vobs(struct sector_source *source, struct vob vobs[VOBS_MAX])
{
    uint8_t descriptor[DVD_SECTOR_SIZE];
    struct directory video_ts = {0};
    struct vob_list list = {.vob = vobs};

    if (!source->read(source, VOLUME_DESCRIPTOR, 1, descriptor) ||
        memcmp(descriptor + 1, "CD001", 5) != 0)
        return 0;
    for_each_record(source, directory_of(descriptor + ROOT_RECORD), find_video_ts, &video_ts);
    for_each_record(source, video_ts, add_vob, &list);
    return list.count;
}
