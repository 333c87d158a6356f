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

/* Fields of the request, which stays in front of the key: what of it the driver does not set, the
 * caller gets back as it gave it. */
#define KEY_FIELD(field) offsetof(struct nt_dvd_copy_protect_key, field)

static void take_title_key(const struct cdrom *device, struct cdrom_request *request, size_t length)
{
    uint8_t *data = request->buffer + NT_DVD_KEY_HEADER_LENGTH;

    memcpy(data, device->scratch + 5, length - 1);
    data[length - 1] = 0;
    request_put_le32(request, KEY_FIELD(key_flags), device->scratch[4]);
}

static void take_key(struct cdrom *device, struct cdrom_request *request, size_t transferred)
{
    size_t length = key_bytes(device, transferred);
    bool has_header = transferred >= 4 && get_be16(device->scratch) >= 2;

    if (!has_header) {
        request_end(request, NT_SUCCESS, 0);
        return;
    }
    if (length > request->out_length - NT_DVD_KEY_HEADER_LENGTH)
        length = request->out_length - NT_DVD_KEY_HEADER_LENGTH;
    if (request_le32(request, KEY_FIELD(key_type)) != NT_DVD_TITLE_KEY) {
        memcpy(request->buffer + NT_DVD_KEY_HEADER_LENGTH, device->scratch + 4, length);
    } else if (length > 0) {
        take_title_key(device, request, length);
    } else {
        /* The length of the copy would be minus one. */
        device_note(device, CDROM_NOTE_BUG_CHECK);
        request_end(request, NT_INTERNAL_ERROR, 0);
        return;
    }
    request_put_le32(request, KEY_FIELD(key_length), (uint32_t)(NT_DVD_KEY_HEADER_LENGTH + length));
    request_end(request, NT_SUCCESS, NT_DVD_KEY_HEADER_LENGTH + length);
}

static void read_disk_key(struct cdrom *device, struct cdrom_request *request)
{
    const size_t key_length = NT_DVD_DISK_KEY_LENGTH - NT_DVD_KEY_HEADER_LENGTH;
    struct command_result result = send_read_structure(
        device, 0, 0, 2, request_le32(request, KEY_FIELD(session_id)), (uint32_t)key_length + 4);

    if (nt_success(result.status)) {
        request_put_le32(request, KEY_FIELD(key_length), NT_DVD_DISK_KEY_LENGTH);
        memcpy(request->buffer + NT_DVD_KEY_HEADER_LENGTH, device->scratch + 4, key_length);
    }
    request_end(request, result.status, NT_DVD_DISK_KEY_LENGTH);
}

void control_read_key(struct cdrom *device, struct cdrom_request *request)
{
    struct command_result result;
    uint32_t type = request_le32(request, KEY_FIELD(key_type)), lba = 0;
    size_t length = request->out_length - NT_DVD_KEY_HEADER_LENGTH + 4;

    if (type == NT_DVD_DISK_KEY) {
        read_disk_key(device, request);
        return;
    }
    if (type == NT_DVD_GET_RPC_KEY)
        region_pick(device);
    if (type == NT_DVD_TITLE_KEY)
        lba = (uint32_t)(request_le64(request, KEY_FIELD(title_offset)) >> device->sector_shift);
    if (length > 0xFFFF)
        length = 0xFFFF;
    result = send_report_key(device, request_le32(request, KEY_FIELD(session_id)), type, lba,
                             (uint32_t)length);
    if (nt_success(result.status))
        take_key(device, request, result.transferred);
    else
        request_end(request, result.status, 0);
}
