/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_SENSE_H
#define EMULATOR_SENSE_H

/*
 * Sense data: every combination of sense key, additional sense code and qualifier that the drive
 * reports, each once, and the formats that carry them: the fixed one (SPC-3 4.5.3), which the drive
 * writes, and the descriptor format (4.5.2), which a fault rule may state.  Nobody else knows where
 * in sense data something stands.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SENSE_SIZE 18

/* X(name, sense key, ASC, ASCQ, the standard's words) */
#define SENSE_TABLE(X)                                                                             \
    X(NO_SENSE, 0x0, 0x00, 0x00, "no additional sense information")                                \
    X(BECOMING_READY, 0x2, 0x04, 0x01, "logical unit is in process of becoming ready")             \
    X(MEDIUM_INCOMPATIBLE, 0x2, 0x30, 0x02, "cannot read medium - incompatible format")            \
    X(NO_MEDIUM, 0x2, 0x3A, 0x01, "medium not present - tray closed")                              \
    X(TRAY_OPEN, 0x2, 0x3A, 0x02, "medium not present - tray open")                                \
    X(REMOVAL_PREVENTED_EMPTY, 0x2, 0x53, 0x02, "medium removal prevented")                        \
    X(UNRECOVERED_READ, 0x3, 0x11, 0x05, "L-EC uncorrectable error")                               \
    X(INTERNAL_TARGET_FAILURE, 0x4, 0x44, 0x00, "internal target failure")                         \
    X(PARAMETER_LIST_LENGTH, 0x5, 0x1A, 0x00, "parameter list length error")                       \
    X(INVALID_OPERATION_CODE, 0x5, 0x20, 0x00, "invalid command operation code")                   \
    X(LBA_OUT_OF_RANGE, 0x5, 0x21, 0x00, "logical block address out of range")                     \
    X(INVALID_FIELD_IN_CDB, 0x5, 0x24, 0x00, "invalid field in cdb")                               \
    X(LOGICAL_UNIT_NOT_SUPPORTED, 0x5, 0x25, 0x00, "logical unit not supported")                   \
    X(INVALID_FIELD_IN_PARAMETER_LIST, 0x5, 0x26, 0x00, "invalid field in parameter list")         \
    X(COMMAND_SEQUENCE, 0x5, 0x2C, 0x00, "command sequence error")                                 \
    X(PERSISTENT_PREVENT_CONFLICT, 0x5, 0x2C, 0x06, "persistent prevent conflict")                 \
    X(WRONG_MEDIUM, 0x5, 0x30, 0x02, "cannot read medium - incompatible format")                   \
    X(SAVING_NOT_SUPPORTED, 0x5, 0x39, 0x00, "saving parameters not supported")                    \
    X(REMOVAL_PREVENTED, 0x5, 0x53, 0x02, "medium removal prevented")                              \
    X(SYSTEM_RESOURCE_FAILURE, 0x5, 0x55, 0x00, "system resource failure")                         \
    X(ILLEGAL_MODE_FOR_TRACK, 0x5, 0x64, 0x00, "illegal mode for this track")                      \
    X(AUTHENTICATION_FAILURE, 0x5, 0x6F, 0x00,                                                     \
      "copy protection key exchange failure - authentication failure")                             \
    X(KEY_NOT_PRESENT, 0x5, 0x6F, 0x01, "copy protection key exchange failure - key not present")  \
    X(KEY_NOT_ESTABLISHED, 0x5, 0x6F, 0x02,                                                        \
      "copy protection key exchange failure - key not established")                                \
    X(SCRAMBLED_SECTOR, 0x5, 0x6F, 0x03, "read of scrambled sector without authentication")        \
    X(REGION_MISMATCH, 0x5, 0x6F, 0x04, "media region code is mismatched to logical unit region")  \
    X(REGION_PERMANENT, 0x5, 0x6F, 0x05,                                                           \
      "drive region must be permanent/region reset count error")                                   \
    X(MEDIUM_MAY_HAVE_CHANGED, 0x6, 0x28, 0x00,                                                    \
      "not ready to ready change, medium may have changed")                                        \
    X(POWER_ON_OR_RESET, 0x6, 0x29, 0x00, "power on, reset, or bus device reset occurred")         \
    X(POWER_ON, 0x6, 0x29, 0x01, "power on occurred")                                              \
    X(BUS_RESET, 0x6, 0x29, 0x02, "SCSI bus reset occurred")                                       \
    X(LOGICAL_UNIT_RESET, 0x6, 0x29, 0x03, "bus device reset function occurred")                   \
    X(MODE_PARAMETERS_CHANGED, 0x6, 0x2A, 0x01, "mode parameters changed")

enum sense_code {
#define X(name, key, asc, ascq, text) SENSE_##name,
    SENSE_TABLE(X)
#undef X
        SENSE_CODES,
    /* None of the drive's own: the command has the sense data of a fault rule, whatever they are.
     */
    SENSE_STATED = SENSE_CODES
};

struct sense_description {
    const char *name; /* the constant without its prefix */
    uint8_t key, asc, ascq;
    const char *text;
};

extern const struct sense_description sense_descriptions[SENSE_CODES];

/*
 * How a command ended.  SENSE_NO_SENSE is status GOOD; every other code is CHECK CONDITION.
 * Handlers return it by value; one function turns it into status and sense data.
 */
struct sense {
    enum sense_code code;
    bool has_information; /* VALID: `information` is an LBA */
    uint32_t information;
    enum {
        SENSE_NO_POINTER,
        SENSE_POINTER_CDB,
        SENSE_POINTER_PARAMETER_LIST,
    } pointer;
    uint16_t field; /* byte of the CDB or parameter list */
    int bit; /* most significant bit of a field smaller than a byte; -1: the field is whole bytes */
};

/* Status GOOD. */
struct sense sense_good(void);
struct sense sense_of(enum sense_code code);
/* With INFORMATION. */
struct sense sense_at_lba(enum sense_code code, uint32_t lba);
/* 05/24/00 with the field pointer at CDB byte `field`; `bit` as in struct sense. */
struct sense sense_in_cdb(size_t field, int bit);
/* 05/26/00 with the field pointer at parameter list byte `field`. */
struct sense sense_in_list(size_t field, int bit);

/* Fixed format sense data, 18 bytes, additional length 0Ah; not of SENSE_STATED. */
void sense_encode(const struct sense *sense, uint8_t data[SENSE_SIZE]);
/* The same of codes that need not be in the table, without INFORMATION and field pointer. */
void sense_encode_codes(uint8_t key, uint8_t asc, uint8_t ascq, uint8_t data[SENSE_SIZE]);
/* INFORMATION with VALID into sense data of fixed format. */
void sense_set_information(uint8_t data[SENSE_SIZE], uint32_t information);

/* What sense data say. */
struct sense_reading {
    uint8_t key, asc, ascq;
    bool has_information; /* VALID */
    uint64_t information;
};

/*
 * Reads sense data of fixed format (response codes 70h, 71h) or descriptor format (72h, 73h), of
 * which `size` bytes came.  Codes beyond what came, or beyond what the additional sense length says
 * there is, are 0.  False, with everything 0, for data of no format that is known.
 */
bool sense_decode(const uint8_t *data, size_t size, struct sense_reading *reading);

#endif
