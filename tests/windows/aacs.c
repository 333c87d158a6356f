/* SPDX-License-Identifier: MIT */

/* The IOCTL_AACS_* family: only with drives that list the AACS feature. */

#include <string.h>

#include "tests/windows/cdrom_internal.h"

#define KEY_CLASS_AACS        0x02
#define SESSIONS_MAX          4
#define MEDIA_KEY_BLOCK_SIZE  0x8004u
#define BINDING_NONCE_COMMAND 36

static const struct aacs_row {
    uint32_t code;
    uint8_t operation;
    uint8_t format;     /* of the key or of the structure */
    uint16_t length;    /* of the data with its header */
    size_t in_length;   /* exactly */
    size_t out_length;  /* at least */
    bool checks_header; /* else IO_DEVICE_ERROR */
} rows[] = {
    {NT_IOCTL_AACS_READ_MEDIA_KEY_BLOCK,   OP_READ_DVD_STRUCTURE, 0x83, MEDIA_KEY_BLOCK_SIZE,  1,
     0x8004,                                                                                             false},
    {NT_IOCTL_AACS_START_SESSION,          OP_REPORT_KEY,         0x00, 8,                     0,   4,   false},
    {NT_IOCTL_AACS_END_SESSION,            OP_SEND_KEY,           0x3F, 0,                     4,   0,   false},
    {NT_IOCTL_AACS_SEND_CERTIFICATE,       OP_SEND_KEY,           0x01, 0x74,                  116, 0,   false},
    {NT_IOCTL_AACS_GET_CERTIFICATE,        OP_REPORT_KEY,         0x01, 0x74,                  4,   112, true },
    {NT_IOCTL_AACS_GET_CHALLENGE_KEY,      OP_REPORT_KEY,         0x02, 0x54,                  4,   80,  true },
    {NT_IOCTL_AACS_SEND_CHALLENGE_KEY,     OP_SEND_KEY,           0x02, 0x54,                  84,  0,   false},
    {NT_IOCTL_AACS_READ_VOLUME_ID,         OP_READ_DVD_STRUCTURE, 0x80, 0x24,                  4,   32,  true },
    {NT_IOCTL_AACS_READ_SERIAL_NUMBER,     OP_READ_DVD_STRUCTURE, 0x81, 0x24,                  4,   32,  true },
    {NT_IOCTL_AACS_READ_MEDIA_ID,          OP_READ_DVD_STRUCTURE, 0x82, 0x24,                  4,   32,  true },
    {NT_IOCTL_AACS_READ_BINDING_NONCE,     OP_REPORT_KEY,         0x21, 0x24,                  24,  32,  true },
    {NT_IOCTL_AACS_GENERATE_BINDING_NONCE, OP_TEST_UNIT_READY,    0x00, BINDING_NONCE_COMMAND, 24,  32,
     false                                                                                                    },
};

static const struct aacs_row *find(uint32_t code)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

static uint32_t session_of(const struct cdrom_request *request)
{
    le32 session = to_le32(0);

    if (request->in_length >= sizeof session)
        memcpy(&session, request->buffer, sizeof session);
    return from_le32(session);
}

enum nt_status check_aacs(const struct cdrom *device, struct cdrom_request *request)
{
    const struct aacs_row *row = find(request->code);
    uint32_t session = session_of(request);
    bool all = row && row->format == 0x3F && session == NT_DVD_END_ALL_SESSIONS;

    if (!device->aacs || !row)
        return NT_INVALID_DEVICE_REQUEST;
    if (request->in_length != row->in_length || (session > SESSIONS_MAX && !all))
        return NT_INVALID_PARAMETER;
    if (request->out_length < row->out_length) {
        request->information = row->out_length;
        return NT_BUFFER_TOO_SMALL;
    }
    return NT_SUCCESS;
}

/* A layer of the disc, or session, block address and number of sectors of a binding nonce. */
static void fill_addresses(struct command *command, const struct cdrom *device,
                           const struct aacs_row *row, const struct cdrom_request *request)
{
    le64 start;
    uint8_t *cdb = command->port.cdb;

    if (row->format == 0x83)
        cdb[6] = request->buffer[0];
    if (row->format != 0x21)
        return;
    memcpy(&start, request->buffer + 8, sizeof start);
    put_be32(cdb + 2, (uint32_t)(from_le64(start) >> device->sector_shift));
    cdb[6] = request->buffer[4];
}

static struct command make_command(struct cdrom *device, const struct aacs_row *row,
                                   const struct cdrom_request *request, uint32_t session)
{
    struct command command = command_of(device, row->operation, 12);
    uint8_t *cdb = command.port.cdb;

    if (row->operation == OP_TEST_UNIT_READY) {
        command_data_in(&command, device, row->length);
        return command;
    }
    put_be16(cdb + 8, row->length);
    if (row->operation == OP_READ_DVD_STRUCTURE) {
        cdb[7] = row->format;
        cdb[10] = row->format == 0x83 ? 0 : (uint8_t)((session & 3) << 6);
    } else {
        cdb[7] = KEY_CLASS_AACS;
        cdb[10] = (uint8_t)((session & 3) << 6 | row->format);
    }
    fill_addresses(&command, device, row, request);
    if (row->operation != OP_SEND_KEY) {
        command_data_in(&command, device, row->length);
        return command;
    }
    if (row->length > 0) {
        put_be16(device->scratch, row->length - 2u);
        memcpy(device->scratch + 4, request->buffer + 4, row->length - 4u);
    }
    command_data_out(&command, device, row->length);
    return command;
}

/* Key or structure behind the header; of a new session its number. */
static void take_answer(const struct cdrom *device, const struct aacs_row *row,
                        struct cdrom_request *request, size_t transferred)
{
    le32 session = to_le32(device->scratch[7] >> 6);

    if (row->code == NT_IOCTL_AACS_START_SESSION) {
        memcpy(request->buffer, &session, sizeof session);
        request_end(request, NT_SUCCESS, sizeof session);
        return;
    }
    if (row->checks_header &&
        (transferred < row->length || get_be16(device->scratch) != row->length - 2u)) {
        request_end(request, NT_IO_DEVICE_ERROR, 0);
        return;
    }
    size_t skipped = row->format == 0x83 ? 0 : 4;
    size_t length = transferred > skipped ? transferred - skipped : 0;
    memcpy(request->buffer, device->scratch + skipped, length);
    request_end(request, NT_SUCCESS, length);
}

void control_aacs(struct cdrom *device, struct cdrom_request *request)
{
    const struct aacs_row *row = find(request->code);
    uint32_t session = session_of(request);
    struct command_result result = {NT_SUCCESS, 0};
    bool all = row->format == 0x3F && session == NT_DVD_END_ALL_SESSIONS;

    for (uint32_t i = all ? 0 : session; nt_success(result.status); i++) {
        struct command command = make_command(device, row, request, i);
        result = command_send(device, &command);
        if (!all || i + 1 >= SESSIONS_MAX)
            break;
    }
    if (nt_success(result.status) && row->operation != OP_SEND_KEY)
        take_answer(device, row, request, result.transferred);
    else
        request_end(request, result.status, 0);
}
