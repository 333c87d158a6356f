/* SPDX-License-Identifier: MIT */

/* IOCTL_DVD_READ_STRUCTURE and IOCTL_STORAGE_SET_READ_AHEAD. */

#include <string.h>

#include "tests/windows/cdrom_internal.h"

enum structure_format {
    STRUCTURE_PHYSICAL = 0,
    STRUCTURE_DISC_KEY = 2,
};

struct command_result send_read_structure(struct cdrom *device, uint32_t lba, uint8_t layer,
                                          uint8_t format, unsigned agid, uint32_t length)
{
    struct command command = command_of(device, OP_READ_DVD_STRUCTURE, 12);

    put_be32(command.port.cdb + 2, lba);
    command.port.cdb[6] = layer;
    command.port.cdb[7] = format;
    put_be16(command.port.cdb + 8, length);
    command.port.cdb[10] = (uint8_t)((agid & 3) << 6);
    command_data_in(&command, device, length);
    return command_send(device, &command);
}

enum nt_status check_read_structure(const struct cdrom *device, struct cdrom_request *request)
{
    if (request->out_length < sizeof(struct nt_dvd_descriptor_header)) {
        request->information = sizeof(struct nt_dvd_descriptor_header);
        return NT_BUFFER_TOO_SMALL;
    }
    if (request->out_length > 0xFFFF || (request->out_length & device->port->alignment_mask))
        return NT_INVALID_PARAMETER;
    return NT_SUCCESS;
}

static void swap(uint8_t *data, size_t at, size_t size, size_t transferred)
{
    if (at + size > transferred)
        return;
    for (size_t i = 0; i < size / 2; i++) {
        uint8_t byte = data[at + i];
        data[at + i] = data[at + size - 1 - i];
        data[at + size - 1 - i] = byte;
    }
}

/*
 * The answer lies over the request when the format is looked at again: what counts are bytes 8 to
 * 11 of the answer, the first sector of a physical descriptor, so that the sector fields stay as
 * the drive sent them; and an answer of any format that is zero there has two fields swapped.
 */
static void take_structure(const struct cdrom *device, struct cdrom_request *request,
                           size_t transferred)
{
    const size_t format_at = offsetof(struct nt_dvd_read_structure, format);

    memcpy(request->buffer, device->scratch, transferred);
    swap(request->buffer, 0, 2, transferred);
    if (request_le32(request, format_at) != STRUCTURE_PHYSICAL)
        return;
    /* First and last sector, last sector of layer 0. */
    for (size_t at = 8; at <= 16; at += 4)
        swap(request->buffer, at, 4, transferred);
}

void control_read_structure(struct cdrom *device, struct cdrom_request *request)
{
    struct nt_dvd_read_structure input;
    struct command_result result;

    memcpy(&input, request->buffer, sizeof input);
    uint32_t format = from_le32(input.format);
    result = send_read_structure(
        device, (uint32_t)(from_le64(input.block_byte_offset) >> device->sector_shift),
        input.layer_number, (uint8_t)format,
        format == STRUCTURE_DISC_KEY ? from_le32(input.session_id) : 0,
        (uint32_t)request->out_length);
    if (nt_success(result.status))
        take_structure(device, request, result.transferred);
    request_end(request, result.status, result.transferred);
}

void control_set_read_ahead(struct cdrom *device, struct cdrom_request *request)
{
    struct nt_storage_set_read_ahead input;
    struct command command = command_of(device, OP_SET_READ_AHEAD, 12);

    memcpy(&input, request->buffer, sizeof input);
    put_be32(command.port.cdb + 2,
             (uint32_t)(from_le64(input.trigger_address) >> device->sector_shift));
    put_be32(command.port.cdb + 6,
             (uint32_t)(from_le64(input.target_address) >> device->sector_shift));
    request_end(request, command_send(device, &command).status, 0);
}
