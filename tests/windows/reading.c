/* SPDX-License-Identifier: MIT */

/* ReadFile() and IOCTL_CDROM_RAW_READ. */

#include <string.h>

#include "tests/windows/cdrom_internal.h"

#define RAW_UNIT 2048u

static enum nt_status check_read(const struct cdrom *device, const struct cdrom_request *request)
{
    uint64_t block = 1ull << device->sector_shift;
    uint64_t end = device->sectors << device->sector_shift;

    if (request->offset % block != 0 || request->out_length % block != 0)
        return NT_INVALID_DEVICE_REQUEST;
    if (!device->writer && (request->offset > end || request->out_length > end - request->offset))
        return NT_INVALID_DEVICE_REQUEST;
    if (device->verify && !request->override_verify)
        return NT_VERIFY_REQUIRED;
    return NT_SUCCESS;
}

static struct command_result read_piece(struct cdrom *device, const struct cdrom_request *request,
                                        uint64_t offset, uint8_t *data, size_t length)
{
    struct command command = command_of(device, OP_READ_10, 10);

    put_be32(command.port.cdb + 2, (uint32_t)(offset >> device->sector_shift));
    put_be16(command.port.cdb + 7, (uint32_t)(length >> device->sector_shift));
    command.port.direction = PORT_DATA_IN;
    command.port.data = data;
    command.port.length = length;
    command.attempts = ATTEMPTS_READ;
    command.override_verify = request->override_verify;
    return command_send(device, &command);
}

/* Pieces as long as the adapter takes, one after the other; a short one moves those behind it. */
static void read_pieces(struct cdrom *device, struct cdrom_request *request)
{
    size_t piece = device->port->kind->maximum_transfer;
    size_t left = request->out_length, done = 0;

    request->status = NT_SUCCESS;
    while (left > 0) {
        size_t length = left < piece ? left : piece;
        struct command_result result =
            read_piece(device, request, request->offset + done, request->buffer + done, length);
        if (!nt_success(result.status)) {
            request->status = result.status;
            break;
        }
        done += result.transferred;
        left -= length;
    }
    /* What came before the piece that failed counts. */
    request->information = done;
}

void cdrom_read(struct cdrom *device, struct cdrom_request *request)
{
    enum nt_status status;

    request->information = 0;
    if (request->out_length == 0) {
        request->status = NT_SUCCESS;
        return;
    }
    status = device->started ? check_read(device, request) : NT_DEVICE_DOES_NOT_EXIST;
    if (!nt_success(status)) {
        request->status = status;
        return;
    }
    device_update(device);
    read_pieces(device, request);
}

static const struct track_mode {
    uint8_t sector_type, main_channel, sub_channel;
    unsigned size; /* bytes of a sector */
    bool c2, subcode;
} modes[] = {
    {0x0C, 0xB0, 0x00, 2352, false, false}, /* YellowMode2 */
    {0x14, 0xF0, 0x00, 2352, false, false}, /* XAForm2 */
    {0x04, 0xF0, 0x00, 2352, false, false}, /* CDDA */
    {0x00, 0xF4, 0x01, 2744, true,  true }, /* RawWithC2AndSubCode */
    {0x00, 0xF4, 0x00, 2648, true,  false}, /* RawWithC2 */
    {0x00, 0xF0, 0x01, 2448, false, true }, /* RawWithSubCode */
};

enum nt_status check_raw_read(const struct cdrom *device, struct cdrom_request *request)
{
    struct nt_raw_read_info input;

    memcpy(&input, request->buffer, sizeof input);
    uint32_t mode = from_le32(input.track_mode);
    uint64_t count = from_le32(input.sector_count);
    if (mode >= sizeof modes / sizeof modes[0])
        return NT_INVALID_PARAMETER;
    if ((modes[mode].c2 && !device->reads_c2) || (modes[mode].subcode && !device->reads_subcode))
        return NT_INVALID_DEVICE_REQUEST;
    if (request->out_length < count * modes[mode].size) {
        request->information = (size_t)(count * modes[mode].size);
        return NT_BUFFER_TOO_SMALL;
    }
    if (count * modes[mode].size > device->port->kind->maximum_transfer ||
        count * modes[mode].size > CDROM_SCRATCH_SIZE)
        return NT_INVALID_PARAMETER;
    return NT_SUCCESS;
}

void control_raw_read(struct cdrom *device, struct cdrom_request *request)
{
    struct nt_raw_read_info input;
    struct command command = command_of(device, OP_READ_CD, 12);
    uint8_t *cdb = command.port.cdb;

    memcpy(&input, request->buffer, sizeof input);
    const struct track_mode *mode = &modes[from_le32(input.track_mode)];
    uint32_t count = from_le32(input.sector_count);
    cdb[1] = mode->sector_type;
    put_be32(cdb + 2, (uint32_t)(from_le64(input.disk_offset) / RAW_UNIT));
    cdb[6] = (uint8_t)(count >> 16);
    put_be16(cdb + 7, count);
    cdb[9] = mode->main_channel;
    cdb[10] = mode->sub_channel;
    command.attempts = ATTEMPTS_READ;
    command_data_in(&command, device, (size_t)count * mode->size);
    struct command_result result = command_send(device, &command);
    if (nt_success(result.status))
        memcpy(request->buffer, device->scratch, result.transferred);
    request_end(request, result.status, result.transferred);
}
