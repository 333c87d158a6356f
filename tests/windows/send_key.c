/* SPDX-License-Identifier: MIT */

/*
 * IOCTL_DVD_SEND_KEY for the three types that do no lasting harm, IOCTL_DVD_SEND_KEY2 for all; on
 * the wire they are the same.
 */

#include <string.h>

#include "tests/windows/cdrom_internal.h"

static bool is_known_type(uint32_t type, bool harmless_only)
{
    static const struct {
        uint32_t type;
        bool harmless;
    } types[] = {
        {NT_DVD_CHALLENGE_KEY,   true },
        {NT_DVD_BUS_KEY1,        false},
        {NT_DVD_BUS_KEY2,        true },
        {NT_DVD_TITLE_KEY,       false},
        {NT_DVD_ASF,             false},
        {NT_DVD_SET_RPC_KEY,     false},
        {NT_DVD_GET_RPC_KEY,     false},
        {NT_DVD_DISK_KEY,        false},
        {NT_DVD_INVALIDATE_AGID, true },
    };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i].type == type)
            return types[i].harmless || !harmless_only;
    return false;
}

enum nt_status check_send_key(const struct cdrom *device, struct cdrom_request *request)
{
    struct nt_dvd_copy_protect_key key;

    (void)device;
    memcpy(&key, request->buffer, sizeof key);
    if (from_le32(key.key_length) != request->in_length ||
        !is_known_type(from_le32(key.key_type), request->code == NT_IOCTL_DVD_SEND_KEY))
        return NT_INVALID_PARAMETER;
    if (request->in_length - sizeof key > CDROM_SCRATCH_SIZE - 4)
        return NT_INTERNAL_ERROR;
    return NT_SUCCESS;
}

void control_send_key(struct cdrom *device, struct cdrom_request *request)
{
    struct nt_dvd_copy_protect_key key;
    struct command command = command_of(device, OP_SEND_KEY, 12);
    size_t data_length = request->in_length - sizeof key;
    size_t length = data_length + 4;

    memcpy(&key, request->buffer, sizeof key);
    put_be16(command.port.cdb + 8, (uint32_t)length);
    command.port.cdb[10] =
        (uint8_t)((from_le32(key.session_id) & 3) << 6 | (from_le32(key.key_type) & 0x3F));
    /* Bytes 2 and 3 of the header keep what an earlier transfer left there. */
    put_be16(device->scratch, (uint32_t)(length - 2));
    memcpy(device->scratch + 4, request->buffer + sizeof key, data_length);
    command_data_out(&command, device, length);
    request_end(request, command_send(device, &command).status, 0);
}
