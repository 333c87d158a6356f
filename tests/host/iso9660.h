/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HOST_ISO9660_H
#define TESTS_HOST_ISO9660_H

/* The VOB files of a disc, from the ISO 9660 directory VIDEO_TS. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a file system is read from. */
struct sector_source {
    /* Reads `count` sectors of 2048 bytes, or returns false. */
    bool (*read)(struct sector_source *source, uint32_t lba, uint32_t count, uint8_t *sectors);
};

#define VOBS_MAX 1000 /* VIDEO_TS.VOB and ten of each of 99 title sets */

struct vob {
    char name[16];      /* "VTS_01_1.VOB" */
    unsigned title_set; /* 0: VIDEO_TS.VOB */
    uint32_t lba;
    uint32_t sectors;
};

/*
 * Fills `vobs`, in the order of their names, and returns how many there are; 0 when the disc has no
 * ISO 9660 file system with a VIDEO_TS, or cannot be read.
 */
size_t iso9660_find_vobs(struct sector_source *source, struct vob vobs[VOBS_MAX]);

#endif
