/* SPDX-License-Identifier: MIT */

/* IOCTL_DVD_READ_KEY: REPORT KEY, and for the disk key READ DVD STRUCTURE. */

#include <string.h>

#include "tests/windows/cdrom_internal.h"

static size_t length_constant(uint32_t type)
{
    static const struct {
        uint32_t type;
        size_t length;
    } constants[] = {
        {NT_DVD_CHALLENGE_KEY, NT_DVD_CHALLENGE_KEY_LENGTH},
        {NT_DVD_BUS_KEY1,      NT_DVD_BUS_KEY_LENGTH      },
        {NT_DVD_BUS_KEY2,      NT_DVD_BUS_KEY_LENGTH      },
        {NT_DVD_TITLE_KEY,     NT_DVD_TITLE_KEY_LENGTH    },
        {NT_DVD_ASF,           NT_DVD_ASF_LENGTH          },
        {NT_DVD_GET_RPC_KEY,   NT_DVD_RPC_KEY_LENGTH      },
        {NT_DVD_DISK_KEY,      NT_DVD_DISK_KEY_LENGTH     },
    };

    for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++)
        if (constants[i].type == type)
            return constants[i].length;
    return NT_DVD_KEY_HEADER_LENGTH;
}

enum nt_status check_read_key(const struct cdrom *device, struct cdrom_request *request)
{
    struct nt_dvd_copy_protect_key key;

    memcpy(&key, request->buffer, sizeof key);
    size_t needed = length_constant(from_le32(key.key_type));
    if (request->out_length < needed) {
        request->information = needed;
        return NT_BUFFER_TOO_SMALL;
    }
    if (request->out_length & device->port->alignment_mask)
        return NT_INVALID_PARAMETER;
    return NT_SUCCESS;
}

/* What the drive's length field and the transfer agree on. */
static size_t key_bytes(const struct cdrom *device, size_t transferred)
{
    size_t announced = transferred >= 4 ? get_be16(device->scratch) : 0;

    if (announced < 2)
        return 0;
    return announced - 2 < transferred - 4 ? announced - 2 : transferred - 4;
}

static void take_title_key(const struct cdrom *device, struct nt_dvd_copy_protect_key *key,
                           uint8_t *data, size_t length)
{
    key->key_flags = to_le32(device->scratch[4]);
    memcpy(data, device->scratch + 5, length - 1);
    data[length - 1] = 0;
}

static void take_key(struct cdrom *device, struct cdrom_request *request,
                     struct nt_dvd_copy_protect_key *key, size_t transferred)
{
    uint8_t *data = request->buffer + sizeof *key;
    size_t length = key_bytes(device, transferred);
    bool has_header = transferred >= 4 && get_be16(device->scratch) >= 2;

    if (!has_header) {
        request_end(request, NT_SUCCESS, 0);
        return;
    }
    if (length > request->out_length - sizeof *key)
        length = request->out_length - sizeof *key;
    if (from_le32(key->key_type) != NT_DVD_TITLE_KEY) {
        memcpy(data, device->scratch + 4, length);
    } else if (length > 0) {
        take_title_key(device, key, data, length);
    } else {
        /* The length of the copy would be minus one. */
        device_note(device, CDROM_NOTE_BUG_CHECK);
        request_end(request, NT_INTERNAL_ERROR, 0);
        return;
    }
    key->key_length = to_le32((uint32_t)(sizeof *key + length));
    memcpy(request->buffer, key, sizeof *key);
    request_end(request, NT_SUCCESS, sizeof *key + length);
}

static void read_disk_key(struct cdrom *device, struct cdrom_request *request,
                          struct nt_dvd_copy_protect_key *key)
{
    struct command_result result =
        send_read_structure(device, 0, 0, 2, from_le32(key->session_id),
                            NT_DVD_DISK_KEY_LENGTH - NT_DVD_KEY_HEADER_LENGTH + 4);

    if (nt_success(result.status)) {
        key->key_length = to_le32(NT_DVD_DISK_KEY_LENGTH);
        memcpy(request->buffer, key, sizeof *key);
        memcpy(request->buffer + sizeof *key, device->scratch + 4,
               NT_DVD_DISK_KEY_LENGTH - NT_DVD_KEY_HEADER_LENGTH);
    }
    request_end(request, result.status, NT_DVD_DISK_KEY_LENGTH);
}

void control_read_key(struct cdrom *device, struct cdrom_request *request)
{
    struct nt_dvd_copy_protect_key key;
    struct command_result result;
    uint32_t type, lba = 0;
    size_t length = request->out_length - NT_DVD_KEY_HEADER_LENGTH + 4;

    memcpy(&key, request->buffer, sizeof key);
    type = from_le32(key.key_type);
    if (type == NT_DVD_DISK_KEY) {
        read_disk_key(device, request, &key);
        return;
    }
    if (type == NT_DVD_GET_RPC_KEY)
        region_pick(device);
    if (type == NT_DVD_TITLE_KEY)
        lba = (uint32_t)(from_le64(key.title_offset) >> device->sector_shift);
    if (length > 0xFFFF)
        length = 0xFFFF;
    result = send_report_key(device, from_le32(key.session_id), type, lba, (uint32_t)length);
    if (nt_success(result.status))
        take_key(device, request, &key, result.transferred);
    else
        request_end(request, result.status, 0);
}
