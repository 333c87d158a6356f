/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_DEVICE_H
#define TESTS_WINDOWS_DVDIOCTL_DEVICE_H

/*
 * One optical drive of a Windows system: DeviceIoControl and ReadFile with the whole outcome, that
 * is, the Win32 error, the NTSTATUS below it and the count of bytes.
 */

#include <stdbool.h>
#include <stdint.h>

#include "tests/host/iso9660.h"
#include "tests/windows/dvdioctl/status.h"

/* How a request ended. */
struct outcome {
    char request[64]; /* "IOCTL_DVD_READ_KEY, DvdBusKey1" */
    uint32_t code;    /* of the IOCTL; 0: opening or reading */
    uint32_t win32;   /* GetLastError(), 0 after success */
    enum nt_status status;
    uint32_t information; /* bytes returned, 0 after a failure */
};

#define DEVICE_NAME_SIZE 260

struct device {
    void *handle;                 /* of CreateFile() */
    char path[DEVICE_NAME_SIZE];  /* "\\.\E:" */
    bool may_write;               /* opened for reading and writing */
    struct sector_source sectors; /* device_read() */
    struct outcome last;          /* of the last function below */
};

#define DEVICE_READ_MAX 32u /* sectors of one ReadFile */

/*
 * `name`: "E:", "E", "CdRom0" or "\\.\CdRom0".  Fills `device`, which must stay in place.  With
 * `write` the handle may write as well, which IOCTL_DVD_SEND_KEY2 needs.  False with device->last
 * set; INVALID_PARAMETER for a name of another form.
 */
bool device_open(struct device *device, const char *name, bool write);
void device_close(struct device *device);

/*
 * Sends an IOCTL; `name` is what the outcome calls it.  `in` and `out` may be the same buffer, or
 * NULL with size 0.  False if it failed.
 */
bool device_ioctl(struct device *device, uint32_t code, const char *name, void *in, size_t in_size,
                  void *out, size_t out_size);

/* Reads `count` sectors of 2048 bytes into a buffer of any alignment.  False if it failed. */
bool device_read(struct device *device, uint32_t lba, uint32_t count, uint8_t *sectors);

#endif
