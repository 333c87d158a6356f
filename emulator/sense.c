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

#define FIXED_CURRENT 0x70
#define FIXED_VALID   0x80
#define FIXED_SKSV    0x80
#define FIXED_CD      0x40
#define FIXED_BPV     0x08

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
