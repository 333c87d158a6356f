/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_CDROM_INTERNAL_H
#define TESTS_WINDOWS_CDROM_INTERNAL_H

/* Between the files of the model. */

#include <string.h>

#include "tests/windows/cdrom.h"

#define MILLISECOND 1000000ull
#define SECOND      1000000000ull

/* Operation codes that the driver sends. */
enum scsi_operation {
    OP_TEST_UNIT_READY = 0x00,
    OP_READ_6 = 0x08,
    OP_WRITE_6 = 0x0A,
    OP_INQUIRY = 0x12,
    OP_MODE_SENSE_6 = 0x1A,
    OP_START_STOP_UNIT = 0x1B,
    OP_PREVENT_ALLOW = 0x1E,
    OP_READ_CAPACITY = 0x25,
    OP_READ_10 = 0x28,
    OP_WRITE_10 = 0x2A,
    OP_SYNCHRONIZE_CACHE = 0x35,
    OP_READ_TOC = 0x43,
    OP_GET_CONFIGURATION = 0x46,
    OP_GET_EVENT_STATUS = 0x4A,
    OP_READ_DISC_INFORMATION = 0x51,
    OP_READ_TRACK_INFORMATION = 0x52,
    OP_MODE_SENSE_10 = 0x5A,
    OP_SEND_KEY = 0xA3,
    OP_REPORT_KEY = 0xA4,
    OP_SET_READ_AHEAD = 0xA7,
    OP_READ_12 = 0xA8,
    OP_GET_PERFORMANCE = 0xAC,
    OP_READ_DVD_STRUCTURE = 0xAD,
    OP_READ_CD_MSF = 0xB9,
    OP_READ_CD = 0xBE,
};

static inline void put_be16(uint8_t *to, uint32_t value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}
static inline void put_be32(uint8_t *to, uint32_t value)
{
    put_be16(to, value >> 16);
    put_be16(to + 2, value);
}
static inline uint32_t get_be16(const uint8_t *from)
{
    return (uint32_t)from[0] << 8 | from[1];
}
static inline uint32_t get_be32(const uint8_t *from)
{
    return get_be16(from) << 16 | get_be16(from + 2);
}

/* Sense ---------------------------------------------------------------------------------------- */

enum sense_effect {
    EFFECT_ABSENT = 1 << 0,
    EFFECT_UNAVAILABLE = 1 << 1,
    EFFECT_PRESENT = 1 << 2,
    EFFECT_BECOMING_READY = 1 << 3,
    EFFECT_EJECT_REQUEST = 1 << 4,
    EFFECT_BUS_RESCAN = 1 << 5,
    EFFECT_VERIFY = 1 << 6, /* on a mounted volume */
    EFFECT_STALE = 1 << 7,
    EFFECT_START_UNIT = 1 << 8, /* sent before the retry */
    EFFECT_ATTENTION = 1 << 9,
};

/* What became of a command, before anybody retries it. */
struct verdict {
    enum nt_status status;
    bool retry;
    uint64_t delay; /* nanoseconds before the retry */
    unsigned effects;
};

/* Status, sense tables and the MMC handler. */
struct verdict interpret(const struct cdrom *device, const struct port_request *request,
                         const struct port_result *result);

/* Commands ------------------------------------------------------------------------------------- */

enum command_attempts {
    ATTEMPTS_DEFAULT, /* 6 */
    ATTEMPTS_THREE,
    ATTEMPTS_THREE_SPACED, /* at least two seconds apart if not ready */
    ATTEMPTS_UNLOCK,       /* failures that are final are repeated as well, 5 */
    ATTEMPTS_POLL,         /* 1 */
    ATTEMPTS_READ,         /* as many as fit into 160 seconds */
};

struct command {
    struct port_request port;
    enum command_attempts attempts;
    bool override_verify;
    bool accepts_overrun; /* a buffer larger than the answer is the rule for it */
};

struct command_result {
    enum nt_status status;
    size_t transferred;
};

/* A command without data, the device's timeout, default attempts. */
struct command command_of(const struct cdrom *device, uint8_t operation, uint8_t cdb_length);
/* Into the scratch buffer. */
void command_data_in(struct command *command, struct cdrom *device, size_t length);
/* From the scratch buffer. */
void command_data_out(struct command *command, struct cdrom *device, size_t length);

/* Sends it, interprets, retries. */
struct command_result command_send(struct cdrom *device, const struct command *command);

/* Device state --------------------------------------------------------------------------------- */

void device_set_media(struct cdrom *device, enum cdrom_media_state state);
void device_note(struct cdrom *device, enum cdrom_notification note);
void device_set_stale(struct cdrom *device);
/* The update sequence if it is due. */
void device_update(struct cdrom *device);
struct command_result device_read_capacity(struct cdrom *device, bool override_verify);

/* Configuration -------------------------------------------------------------------------------- */

struct configuration {
    const uint8_t *data;
    size_t length;
};

/* The feature's descriptor, NULL if it is not listed or cut off; walks as the driver does. */
const uint8_t *configuration_feature(const struct configuration *configuration, uint32_t code);
bool configuration_current(const struct configuration *configuration, uint32_t code);
bool configuration_is_writer(const struct configuration *configuration);

/* GET CONFIGURATION into the scratch buffer. */
struct command_result send_get_configuration(struct cdrom *device, unsigned request_type,
                                             uint32_t length);
/* Steps 3 to 5 of the start. */
void configuration_start(struct cdrom *device);

/* Events --------------------------------------------------------------------------------------- */

/* Steps 2 of the start. */
void events_start(struct cdrom *device);

/* Keys and structures -------------------------------------------------------------------------- */

/* REPORT KEY, into the scratch buffer. */
struct command_result send_report_key(struct cdrom *device, unsigned agid, unsigned format,
                                      uint32_t lba, uint32_t length);
/* READ DVD STRUCTURE, likewise. */
struct command_result send_read_structure(struct cdrom *device, uint32_t lba, uint8_t layer,
                                          uint8_t format, unsigned agid, uint32_t length);

/* The RPC state as a DVD_RPC_KEY; false if the drive gave none. */
struct rpc_state {
    enum nt_status status;
    unsigned type, user_resets;
    uint8_t mask, scheme;
};
bool region_query(struct cdrom *device, struct rpc_state *state);
/* The automatic choice of a region, if it is armed and a CSS disc is in. */
void region_pick(struct cdrom *device);

/* Handlers of control codes: the request is checked; they fill status and information. */
void control_start_session(struct cdrom *device, struct cdrom_request *request);
void control_end_session(struct cdrom *device, struct cdrom_request *request);
void control_read_key(struct cdrom *device, struct cdrom_request *request);
void control_send_key(struct cdrom *device, struct cdrom_request *request);
void control_get_region(struct cdrom *device, struct cdrom_request *request);
void control_read_structure(struct cdrom *device, struct cdrom_request *request);
void control_set_read_ahead(struct cdrom *device, struct cdrom_request *request);
void control_aacs(struct cdrom *device, struct cdrom_request *request);
void control_check_verify(struct cdrom *device, struct cdrom_request *request);
void control_media_removal(struct cdrom *device, struct cdrom_request *request);
void control_eject(struct cdrom *device, struct cdrom_request *request);
void control_load(struct cdrom *device, struct cdrom_request *request);
void control_geometry(struct cdrom *device, struct cdrom_request *request);
void control_read_toc_ex(struct cdrom *device, struct cdrom_request *request);
void control_read_toc(struct cdrom *device, struct cdrom_request *request);
void control_last_session(struct cdrom *device, struct cdrom_request *request);
void control_get_configuration(struct cdrom *device, struct cdrom_request *request);
void control_raw_read(struct cdrom *device, struct cdrom_request *request);
void control_exclusive_access(struct cdrom *device, struct cdrom_request *request);

/* Checks of control codes before the drive hears of them; SUCCESS or what is wrong. */
enum nt_status check_read_key(const struct cdrom *device, struct cdrom_request *request);
enum nt_status check_send_key(const struct cdrom *device, struct cdrom_request *request);
enum nt_status check_read_structure(const struct cdrom *device, struct cdrom_request *request);
enum nt_status check_aacs(const struct cdrom *device, struct cdrom_request *request);
enum nt_status check_raw_read(const struct cdrom *device, struct cdrom_request *request);
enum nt_status check_exclusive_access(const struct cdrom *device, struct cdrom_request *request);

/*
 * METHOD_BUFFERED: there is one buffer for input and output.  A field of the request has to be read
 * from it where the driver reads it: after the answer was copied it is the answer.
 */
static inline uint32_t request_le32(const struct cdrom_request *request, size_t offset)
{
    le32 value;

    memcpy(&value, request->buffer + offset, sizeof value);
    return from_le32(value);
}
static inline uint64_t request_le64(const struct cdrom_request *request, size_t offset)
{
    le64 value;

    memcpy(&value, request->buffer + offset, sizeof value);
    return from_le64(value);
}
static inline void request_put_le32(struct cdrom_request *request, size_t offset, uint32_t value)
{
    le32 bytes = to_le32(value);

    memcpy(request->buffer + offset, &bytes, sizeof bytes);
}

static inline void request_end(struct cdrom_request *request, enum nt_status status,
                               size_t information)
{
    request->status = status;
    request->information = nt_success(status) ? information : 0;
}

#endif
