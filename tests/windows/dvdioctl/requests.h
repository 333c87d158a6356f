/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_REQUESTS_H
#define TESTS_WINDOWS_DVDIOCTL_REQUESTS_H

/*
 * The family IOCTL_DVD_*, one function each.  Every function returns false if the request failed;
 * device->last says how it ended.
 *
 * Buffers are those of nt.h; behind nt_dvd_copy_protect_key follow the key data.
 */

#include "tests/windows/dvdioctl/device.h"

#define KEY_DATA_MAX 2048

/* Formats of READ_STRUCTURE. */
enum structure_format {
    STRUCTURE_PHYSICAL,
    STRUCTURE_COPYRIGHT,
    STRUCTURE_DISC_KEY,
    STRUCTURE_BCA,
    STRUCTURE_MANUFACTURING,
};
#define STRUCTURE_COPYRIGHT_SIZE 4 /* without header */

/* The header of a READ_STRUCTURE answer and the longest structure. */
#define STRUCTURE_MAX (4 + 2048)

/* A key request: the fields of nt_dvd_copy_protect_key. */
struct key {
    unsigned type; /* enum nt_dvd_key_type, or another */
    uint32_t session;
    uint64_t offset; /* title key: byte offset of a sector */
    uint32_t flags;  /* answer */
    uint32_t length; /* answer: KeyLength */
    uint8_t data[KEY_DATA_MAX];
};

/* How many bytes of key data a type has: 12, 8, 4, 2048, or 0 for an unknown one. */
size_t key_data_size(unsigned type);
/* "DvdBusKey1" */
const char *key_type_name(unsigned type);

bool request_start_session(struct device *device, uint32_t *session);
bool request_end_session(struct device *device, uint32_t session);
bool request_get_region(struct device *device, struct nt_dvd_region *region);

/* IOCTL_DVD_READ_KEY with exact buffers.  Success fills flags, length and data. */
bool request_read_key(struct device *device, struct key *key);
/* IOCTL_DVD_SEND_KEY, or with `second` IOCTL_DVD_SEND_KEY2. */
bool request_send_key(struct device *device, const struct key *key, bool second);

/*
 * The two with lengths of their own, for what the driver must refuse.  `in_size`: of the input
 * buffer; `out_size`: of the output buffer; `key_length`: what the field says; none above
 * NT_DVD_KEY_HEADER_LENGTH + KEY_DATA_MAX.
 */
bool request_read_key_sized(struct device *device, struct key *key, size_t in_size,
                            size_t out_size);
bool request_send_key_sized(struct device *device, const struct key *key, size_t in_size,
                            uint32_t key_length);

/*
 * IOCTL_DVD_READ_STRUCTURE into `answer`, at most STRUCTURE_MAX bytes.  `session` matters for
 * format 2 only.
 */
bool request_read_structure(struct device *device, unsigned format, unsigned layer,
                            uint32_t session, uint8_t *answer, size_t size);

/*
 * How long the header is of the structure that was just read: 4 as documented, or 0 if only `size`
 * bytes came, those of the structure alone.  Wine does that.
 */
size_t request_structure_header_size(const struct device *device, size_t size);

#endif
