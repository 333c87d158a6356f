/* SPDX-License-Identifier: MIT */
#ifndef TESTS_GUEST_DVD_HOST_DEVICE_H
#define TESTS_GUEST_DVD_HOST_DEVICE_H

/*
 * The guest's /dev/srN: the ioctls of the kernel's CD-ROM layer and SG_IO beside it, which shows
 * sense data.
 */

#include "media/css_sector.h"
#include "tests/host/cdb_transport.h"
#include "tests/host/iso9660.h"

struct device {
    int file;                     /* open file descriptor */
    struct host_transport ioctls; /* DVD_AUTH and DVD_READ_STRUCT */
    struct cdb_transport sg;      /* the same requests through SG_IO */
    struct sector_source sectors; /* device_read() */
};

/* Opens and fills `device`, which must stay in place.  False with errno set. */
bool device_open(struct device *device, const char *path);
void device_close(struct device *device);

/* CDROM_GET_CAPABILITY: CDC_ bits, or -1. */
int device_capabilities(const struct device *device);

/* READ(10) of one sector through SG_IO: no page cache, no read-ahead, and the sense of a refusal.
 */
bool device_read_sector(const struct device *device, uint32_t lba, uint8_t sector[DVD_SECTOR_SIZE],
                        struct host_refusal *refusal);

/* read() through the block device.  False on an error or the end of the medium, with errno set. */
bool device_read(const struct device *device, uint32_t lba, uint32_t count, uint8_t *sectors);

#endif
