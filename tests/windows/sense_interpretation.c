/* SPDX-License-Identifier: MIT */

/*
 * From status and sense data to NTSTATUS: first the additional sense code, mostly whatever the key,
 * then the key, then what the MMC handler and single commands have to say.
 */

#include "tests/windows/cdrom_internal.h"

enum outcome {
    FINAL,
    RETRIED,
    ATTENTION, /* on a mounted volume VERIFY_REQUIRED and final, else retried */
};

#define ANY 0xFF

static const struct code_row {
    uint8_t asc, ascq_first, ascq_last;
    enum nt_status status;
    enum outcome outcome;
    unsigned delay; /* seconds */
    unsigned effects;
} codes[] = {
    {0x04, 0x01, 0x01, NT_DEVICE_NOT_READY,            RETRIED,   10, EFFECT_BECOMING_READY               },
    {0x04, 0x03, 0x03, NT_NO_MEDIA_IN_DEVICE,          FINAL,     0,  0                                   },
    {0x04, 0x04, 0x04, NT_DEVICE_NOT_READY,            FINAL,     0,  0                                   },
    {0x04, 0x07, 0x07, NT_DEVICE_NOT_READY,            RETRIED,   10, EFFECT_BECOMING_READY               },
    {0x04, 0x08, 0x08, NT_DEVICE_NOT_READY,            RETRIED,   0,  0                                   },
    {0x04, 0x00, ANY,  NT_DEVICE_NOT_READY,            RETRIED,   0,  EFFECT_START_UNIT                   },
    {0x3A, 0xCC, 0xCC, NT_NO_MEDIA_IN_DEVICE,          FINAL,     0,  EFFECT_UNAVAILABLE                  },
    {0x3A, 0x00, ANY,  NT_NO_MEDIA_IN_DEVICE,          FINAL,     0,  EFFECT_ABSENT                       },
    {0x30, 0x01, 0x02, NT_UNRECOGNIZED_MEDIA,          FINAL,     0,  0                                   },
    {0x30, 0x03, 0x03, NT_CLEANER_CARTRIDGE_INSTALLED, FINAL,     0,  0                                   },
    {0x02, 0x00, 0x00, NT_DEVICE_DATA_ERROR,           RETRIED,   0,  0                                   },
    {0x08, 0x03, 0x03, NT_IO_DEVICE_ERROR,             RETRIED,   1,  0                                   },
    {0x21, 0x00, ANY,  NT_NONEXISTENT_SECTOR,          FINAL,     0,  0                                   },
    {0x24, 0x00, ANY,  NT_INVALID_DEVICE_REQUEST,      FINAL,     0,  0                                   },
    {0x25, 0x00, ANY,  NT_NO_SUCH_DEVICE,              FINAL,     0,  0                                   },
    {0x6F, 0x00, 0x00, NT_CSS_AUTHENTICATION_FAILURE,  FINAL,     0,  0                                   },
    {0x6F, 0x01, 0x01, NT_CSS_KEY_NOT_PRESENT,         FINAL,     0,  0                                   },
    {0x6F, 0x02, 0x02, NT_CSS_KEY_NOT_ESTABLISHED,     FINAL,     0,  0                                   },
    {0x6F, 0x03, 0x03, NT_CSS_SCRAMBLED_SECTOR,        FINAL,     0,  0                                   },
    {0x6F, 0x04, 0x04, NT_CSS_REGION_MISMATCH,         FINAL,     0,  0                                   },
    {0x6F, 0x05, 0x05, NT_CSS_RESETS_EXHAUSTED,        FINAL,     0,  0                                   },
    {0x6F, 0x06, ANY,  NT_COPY_PROTECTION_FAILURE,     FINAL,     0,  0                                   },
    {0x28, 0x00, ANY,  NT_IO_DEVICE_ERROR,             ATTENTION, 0,  EFFECT_PRESENT                      },
    {0x5A, 0x01, 0x01, NT_IO_DEVICE_ERROR,             ATTENTION, 0,  EFFECT_EJECT_REQUEST | EFFECT_VERIFY},
    {0x3F, 0x00, ANY,  NT_IO_DEVICE_ERROR,             ATTENTION, 5,  EFFECT_BUS_RESCAN                   },
    {0x17, 0x00, ANY,  NT_SUCCESS,                     FINAL,     0,  0                                   },
    {0x18, 0x00, ANY,  NT_SUCCESS,                     FINAL,     0,  0                                   },
    {0x5D, 0x00, ANY,  NT_SUCCESS,                     FINAL,     0,  0                                   },
    {0x57, 0x00, 0x00, NT_UNRECOGNIZED_MEDIA,          FINAL,     0,  0                                   },
};

static const struct key_row {
    enum nt_status status;
    enum outcome outcome;
    unsigned delay;
} keys[16] = {
    [0x0] = {NT_IO_DEVICE_ERROR,        RETRIED,   0},
      [0x1] = {NT_SUCCESS,                FINAL,     0},
    [0x2] = {NT_DEVICE_NOT_READY,       RETRIED,   0},
      [0x3] = {NT_DEVICE_DATA_ERROR,      FINAL,     0},
    [0x4] = {NT_IO_DEVICE_ERROR,        RETRIED,   0},
      [0x5] = {NT_INVALID_DEVICE_REQUEST, FINAL,     0},
    [0x6] = {NT_IO_DEVICE_ERROR,        ATTENTION, 0},
      [0x7] = {NT_MEDIA_WRITE_PROTECTED,  FINAL,     0},
    [0x8] = {NT_NO_DATA_DETECTED,       FINAL,     0},
      [0x9] = {NT_IO_DEVICE_ERROR,        RETRIED,   0},
    [0xA] = {NT_IO_DEVICE_ERROR,        RETRIED,   0},
      [0xB] = {NT_IO_DEVICE_ERROR,        RETRIED,   1},
    [0xC] = {NT_IO_DEVICE_ERROR,        RETRIED,   0},
      [0xD] = {NT_IO_DEVICE_ERROR,        RETRIED,   0},
    [0xE] = {NT_IO_DEVICE_ERROR,        RETRIED,   0},
      [0xF] = {NT_IO_DEVICE_ERROR,        RETRIED,   0},
};

/* The driver takes fixed format for granted and misreads the descriptor format; so does this. */
struct sense_fields {
    uint8_t key, asc, ascq;
    bool incorrect_length;
};

static struct sense_fields sense_fields(const uint8_t sense[DRIVE_SENSE_SIZE])
{
    uint8_t additional = sense[7];

    return (struct sense_fields){
        .key = sense[2] & 0x0F,
        .asc = additional >= 6 ? sense[12] : 0,
        .ascq = additional >= 7 ? sense[13] : 0,
        .incorrect_length = sense[2] & 0x20,
    };
}

static struct verdict decide(enum nt_status status, enum outcome outcome, unsigned delay,
                             bool mounted)
{
    struct verdict verdict = {status, outcome != FINAL, delay * SECOND, 0};

    if (outcome == ATTENTION && mounted)
        verdict = (struct verdict){NT_VERIFY_REQUIRED, false, 0, EFFECT_VERIFY};
    return verdict;
}

static struct verdict by_code(const struct sense_fields *sense, bool mounted, bool *found)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        const struct code_row *row = &codes[i];
        if (row->asc != sense->asc || sense->ascq < row->ascq_first || sense->ascq > row->ascq_last)
            continue;
        struct verdict verdict = decide(row->status, row->outcome, row->delay, mounted);
        verdict.effects |= row->effects;
        *found = true;
        return verdict;
    }
    *found = false;
    return (struct verdict){0};
}

/* The sense codes alone; `mounted` decides what becomes of unit attentions. */
static struct verdict interpret_sense(const uint8_t data[DRIVE_SENSE_SIZE], bool mounted)
{
    struct sense_fields sense = sense_fields(data);
    bool found;
    struct verdict verdict = by_code(&sense, mounted, &found);
    bool length_counts = found ? verdict.status == NT_SUCCESS : sense.key <= 1;

    if (!found)
        verdict =
            decide(keys[sense.key].status, keys[sense.key].outcome, keys[sense.key].delay, mounted);
    if (length_counts && sense.incorrect_length)
        verdict = (struct verdict){NT_INVALID_BLOCK_LENGTH, false, 0, 0};
    if (sense.key == 6)
        verdict.effects |= EFFECT_ATTENTION;
    return verdict;
}

/* Reads and writes and what belongs to them. */
static bool waits_for_operation(uint8_t operation)
{
    static const uint8_t operations[] = {
        OP_READ_10,
        OP_READ_6,
        OP_READ_CAPACITY,
        OP_READ_CD,
        OP_READ_CD_MSF,
        OP_READ_TOC,
        OP_WRITE_10,
        OP_WRITE_6,
        OP_READ_TRACK_INFORMATION,
        OP_READ_DISC_INFORMATION,
    };

    for (size_t i = 0; i < sizeof operations; i++)
        if (operations[i] == operation)
            return true;
    return false;
}

static void mmc_handler(const struct port_request *request, const struct sense_fields *sense,
                        struct verdict *verdict)
{
    if (sense->key == 2 && sense->asc == 0x04 && (sense->ascq == 0x07 || sense->ascq == 0x08) &&
        waits_for_operation(request->cdb[0])) {
        verdict->status = NT_DEVICE_BUSY;
        verdict->retry = true;
    }
    if (sense->key == 6 && (sense->asc == 0x28 || sense->asc == 0x29))
        verdict->effects |= EFFECT_STALE;
    if (sense->key == 6 && sense->asc == 0x5A && sense->ascq >= 0x01 && sense->ascq <= 0x03) {
        verdict->status = NT_DEVICE_BUSY;
        verdict->retry = true;
        if (sense->ascq != 0x01)
            verdict->effects |= EFFECT_STALE;
    }
}

/* Setting the region has its own view of three of them. */
static void set_region_handler(const struct sense_fields *sense, struct verdict *verdict)
{
    if (sense->asc == 0x3A) {
        verdict->status = NT_NO_MEDIA_IN_DEVICE;
        verdict->retry = false;
    }
    if (sense->key == 5 && sense->ascq == (sense->asc == 0x30 ? 0x02 : 0x04) &&
        (sense->asc == 0x30 || sense->asc == 0x6F)) {
        verdict->status = NT_CSS_REGION_MISMATCH;
        verdict->retry = false;
    }
}

static void command_rules(const struct port_request *request, const struct sense_fields *sense,
                          struct verdict *verdict)
{
    uint8_t operation = request->cdb[0];

    if (operation == OP_SEND_KEY && request->cdb[7] == 0 && (request->cdb[10] & 0x3F) == 0x06)
        set_region_handler(sense, verdict);
    if (verdict->status == NT_VERIFY_REQUIRED &&
        (operation == OP_MODE_SENSE_6 || operation == OP_MODE_SENSE_10 ||
         operation == OP_READ_CAPACITY)) {
        verdict->status = NT_IO_DEVICE_ERROR;
        verdict->retry = true;
    }
}

static struct verdict by_sense(const struct cdrom *device, const struct port_request *request,
                               const struct port_result *result)
{
    struct sense_fields sense = sense_fields(result->sense);
    struct verdict verdict = interpret_sense(result->sense, device->mounted);

    if (device->mmc)
        mmc_handler(request, &sense, &verdict);
    command_rules(request, &sense, &verdict);
    return verdict;
}

struct verdict interpret(const struct cdrom *device, const struct port_request *request,
                         const struct port_result *result)
{
    switch (result->outcome) {
    case PORT_CHECK_CONDITION:
        return by_sense(device, request, result);
    case PORT_OVERRUN:
        return (struct verdict){NT_DATA_OVERRUN, false, 0, 0};
    case PORT_BUSY:
        return (struct verdict){NT_DEVICE_NOT_READY, true, 0, 0};
    case PORT_RESERVATION_CONFLICT:
        return (struct verdict){NT_DEVICE_BUSY, false, 0, 0};
    case PORT_TIMEOUT:
        return (struct verdict){NT_IO_TIMEOUT, true, SECOND, 0};
    case PORT_NO_DEVICE:
        return (struct verdict){NT_DEVICE_NOT_CONNECTED, false, 0, 0};
    case PORT_SUCCESS:
        break;
    }
    return (struct verdict){NT_SUCCESS, false, 0, 0};
}
