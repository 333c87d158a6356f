/* SPDX-License-Identifier: MIT */
#include "emulator/sense.h"

#include <string.h>

#include "emulator/mmc_types.h"

const struct sense_description sense_descriptions[SENSE_CODES] = {
#define X(name, key, asc, ascq, text) [SENSE_##name] = {#name, key, asc, ascq, text},
    SENSE_TABLE(X)
#undef X
};

struct fixed_format {
    uint8_t response_code; /* bit 7 VALID */
    uint8_t reserved;
    uint8_t key;
    be32 information;
    uint8_t additional_length;
    be32 command_specific;
    uint8_t asc;
    uint8_t ascq;
    uint8_t field_replaceable_unit;
    uint8_t key_specific; /* SKSV, C/D, BPV, bit pointer */
    be16 field_pointer;
};
MMC_LAYOUT(fixed_format, SENSE_SIZE);

/* Descriptor format: the header, and the descriptor of type 00h. */
struct descriptor_format {
    uint8_t response_code;
    uint8_t key;
    uint8_t asc;
    uint8_t ascq;
    uint8_t reserved[3];
    uint8_t additional_length;
};
MMC_LAYOUT(descriptor_format, 8);

struct information_descriptor {
    uint8_t type;
    uint8_t additional_length; /* 0Ah */
    uint8_t valid;             /* bit 7 */
    uint8_t reserved;
    be32 information_high, information_low;
};
MMC_LAYOUT(information_descriptor, 12);
#define DESCRIPTOR_INFORMATION 0x00
#define DESCRIPTOR_HEADER      2 /* type and additional length */

#define RESPONSE_CODE       0x7F
#define SENSE_KEY           0x0F
#define FIXED_CURRENT       0x70
#define FIXED_DEFERRED      0x71
#define DESCRIPTOR_CURRENT  0x72
#define DESCRIPTOR_DEFERRED 0x73
#define FIXED_VALID         0x80
#define FIXED_SKSV          0x80
#define FIXED_CD            0x40
#define FIXED_BPV           0x08

struct sense sense_of(enum sense_code code)
{
    return (struct sense){.code = code, .bit = -1};
}

struct sense sense_good(void)
{
    return sense_of(SENSE_NO_SENSE);
}

struct sense sense_at_lba(enum sense_code code, uint32_t lba)
{
    struct sense sense = sense_of(code);
    sense.has_information = true;
    sense.information = lba;
    return sense;
}

struct sense sense_in_cdb(size_t field, int bit)
{
    return (struct sense){.code = SENSE_INVALID_FIELD_IN_CDB,
                          .pointer = SENSE_POINTER_CDB,
                          .field = (uint16_t)field,
                          .bit = bit};
}

struct sense sense_in_list(size_t field, int bit)
{
    return (struct sense){.code = SENSE_INVALID_FIELD_IN_PARAMETER_LIST,
                          .pointer = SENSE_POINTER_PARAMETER_LIST,
                          .field = (uint16_t)field,
                          .bit = bit};
}

void sense_encode(const struct sense *sense, uint8_t data[SENSE_SIZE])
{
    const struct sense_description *description = &sense_descriptions[sense->code];
    struct fixed_format fixed = {
        .response_code = (uint8_t)(FIXED_CURRENT | (sense->has_information ? FIXED_VALID : 0)),
        .key = description->key,
        .information = to_be32(sense->has_information ? sense->information : 0),
        .additional_length = SENSE_SIZE - 8,
        .asc = description->asc,
        .ascq = description->ascq,
    };

    if (sense->pointer != SENSE_NO_POINTER) {
        fixed.key_specific = FIXED_SKSV;
        if (sense->pointer == SENSE_POINTER_CDB)
            fixed.key_specific |= FIXED_CD;
        if (sense->bit >= 0)
            fixed.key_specific |= (uint8_t)(FIXED_BPV | sense->bit);
        fixed.field_pointer = to_be16(sense->field);
    }
    memcpy(data, &fixed, sizeof fixed);
}

void sense_encode_codes(uint8_t key, uint8_t asc, uint8_t ascq, uint8_t data[SENSE_SIZE])
{
    const struct fixed_format fixed = {
        .response_code = FIXED_CURRENT,
        .key = key,
        .additional_length = SENSE_SIZE - 8,
        .asc = asc,
        .ascq = ascq,
    };

    memcpy(data, &fixed, sizeof fixed);
}

void sense_set_information(uint8_t data[SENSE_SIZE], uint32_t information)
{
    const be32 bytes = to_be32(information);

    data[offsetof(struct fixed_format, response_code)] |= FIXED_VALID;
    memcpy(data + offsetof(struct fixed_format, information), &bytes, sizeof bytes);
}

/* How much of `size` bytes there is by an additional length that stands at `at`. */
static size_t bounded(const uint8_t *data, size_t size, size_t at)
{
    if (size <= at)
        return size;
    return size < at + 1u + data[at] ? size : at + 1u + data[at];
}

static void decode_fixed(const uint8_t *data, size_t size, struct sense_reading *reading)
{
    struct fixed_format fixed = {0};

    size = bounded(data, size, offsetof(struct fixed_format, additional_length));
    memcpy(&fixed, data, size < sizeof fixed ? size : sizeof fixed);
    reading->key = fixed.key & SENSE_KEY;
    reading->asc = fixed.asc;
    reading->ascq = fixed.ascq;
    reading->has_information =
        (fixed.response_code & FIXED_VALID) != 0 &&
        size >= offsetof(struct fixed_format, information) + sizeof fixed.information;
    if (reading->has_information)
        reading->information = from_be32(fixed.information);
}

static void decode_descriptors(const uint8_t *data, size_t size, struct sense_reading *reading)
{
    struct descriptor_format header = {0};
    struct information_descriptor found;

    size = bounded(data, size, offsetof(struct descriptor_format, additional_length));
    memcpy(&header, data, size < sizeof header ? size : sizeof header);
    reading->key = header.key & SENSE_KEY;
    reading->asc = header.asc;
    reading->ascq = header.ascq;
    for (size_t at = sizeof header; at + DESCRIPTOR_HEADER <= size;
         at += DESCRIPTOR_HEADER + (size_t)data[at + 1]) {
        if (data[at] != DESCRIPTOR_INFORMATION || at + sizeof found > size)
            continue;
        memcpy(&found, data + at, sizeof found);
        reading->has_information = (found.valid & FIXED_VALID) != 0;
        if (reading->has_information)
            reading->information = (uint64_t)from_be32(found.information_high) << 32 |
                                   from_be32(found.information_low);
        return;
    }
}

bool sense_decode(const uint8_t *data, size_t size, struct sense_reading *reading)
{
    const unsigned code = size > 0 ? data[0] & RESPONSE_CODE : 0;

    *reading = (struct sense_reading){0};
    if (code == FIXED_CURRENT || code == FIXED_DEFERRED)
        decode_fixed(data, size, reading);
    else if (code == DESCRIPTOR_CURRENT || code == DESCRIPTOR_DEFERRED)
        decode_descriptors(data, size, reading);
    else
        return false;
    return true;
}
