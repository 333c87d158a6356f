/* SPDX-License-Identifier: MIT */

/* DeviceIoControl(): what is checked before the drive hears of it, in this order, and who does it.
 */

#include "tests/windows/cdrom_internal.h"

enum control_flags {
    NEEDS_DVD = 1 << 0,
    OF_EXCLUSIVE_FAMILY = 1 << 1, /* refused while another handle holds the exclusive lock */
    DVD_FIRST = 1 << 2, /* that it is no DVD drive comes before what is wrong with lengths */
};
#define DVD (NEEDS_DVD | OF_EXCLUSIVE_FAMILY)

static const struct control_row {
    uint32_t code;
    size_t in_length;  /* at least, else INVALID_PARAMETER */
    size_t out_length; /* at least, else BUFFER_TOO_SMALL */
    bool tells_length; /* with that status */
    enum nt_status (*check)(const struct cdrom *device, struct cdrom_request *request);
    void (*handle)(struct cdrom *device, struct cdrom_request *request);
    unsigned flags;
} rows[] = {
    {NT_IOCTL_DVD_START_SESSION,        0,  4,  true,  NULL,                   control_start_session,     DVD                },
    {NT_IOCTL_DVD_READ_KEY,             24, 0,  false, check_read_key,         control_read_key,          DVD                },
    {NT_IOCTL_DVD_SEND_KEY,             24, 0,  false, check_send_key,         control_send_key,          OF_EXCLUSIVE_FAMILY},
    {NT_IOCTL_DVD_SEND_KEY2,            24, 0,  false, check_send_key,         control_send_key,          DVD                },
    {NT_IOCTL_DVD_END_SESSION,          4,  0,  false, NULL,                   control_end_session,       OF_EXCLUSIVE_FAMILY},
    {NT_IOCTL_DVD_GET_REGION,           0,  4,  false, NULL,                   control_get_region,        DVD | DVD_FIRST    },
    {NT_IOCTL_DVD_READ_STRUCTURE,       17, 0,  false, check_read_structure,   control_read_structure,    DVD                },
    {NT_IOCTL_STORAGE_SET_READ_AHEAD,   16, 0,  false, NULL,                   control_set_read_ahead,
     OF_EXCLUSIVE_FAMILY                                                                                                     },
    {NT_IOCTL_STORAGE_CHECK_VERIFY,     0,  0,  false, NULL,                   control_check_verify,      0                  },
    {NT_IOCTL_STORAGE_MEDIA_REMOVAL,    1,  0,  false, NULL,                   control_media_removal,     0                  },
    {NT_IOCTL_STORAGE_EJECT_MEDIA,      0,  0,  false, NULL,                   control_eject,             0                  },
    {NT_IOCTL_STORAGE_LOAD_MEDIA,       0,  0,  false, NULL,                   control_load,              0                  },
    {NT_IOCTL_CDROM_GET_DRIVE_GEOMETRY, 0,  24, true,  NULL,                   control_geometry,          0                  },
    {NT_IOCTL_CDROM_READ_TOC_EX,        4,  4,  true,  NULL,                   control_read_toc_ex,       0                  },
    {NT_IOCTL_CDROM_READ_TOC,           0,  4,  true,  NULL,                   control_read_toc,          0                  },
    {NT_IOCTL_CDROM_GET_LAST_SESSION,   0,  4,  true,  NULL,                   control_last_session,      0                  },
    {NT_IOCTL_CDROM_GET_CONFIGURATION,  8,  8,  true,  NULL,                   control_get_configuration, 0                  },
    {NT_IOCTL_CDROM_RAW_READ,           16, 0,  false, check_raw_read,         control_raw_read,          0                  },
    {NT_IOCTL_CDROM_EXCLUSIVE_ACCESS,   8,  0,  false, check_exclusive_access, control_exclusive_access,
     OF_EXCLUSIVE_FAMILY                                                                                                     },
};

static const struct control_row aacs = {
    .check = check_aacs, .handle = control_aacs, .flags = OF_EXCLUSIVE_FAMILY};

/* Storage codes may be asked for as those of one of the device types that have them. */
static uint32_t base_code(uint32_t code)
{
    static const uint32_t types[] = {NT_DEVICE_CONTROLLER, NT_DEVICE_DISK, NT_DEVICE_TAPE,
                                     NT_DEVICE_DVD, NT_DEVICE_CD_ROM};
    uint32_t function = NT_CODE_FUNCTION(code);

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (NT_CODE_DEVICE(code) == types[i] && function >= 0x200 && function <= 0x300)
            return (uint32_t)NT_DEVICE_MASS_STORAGE << 16 | (code & 0xFFFF);
    return code;
}

static const struct control_row *find(uint32_t code)
{
    bool is_aacs = NT_CODE_DEVICE(code) == NT_DEVICE_DVD && NT_CODE_FUNCTION(code) >= 0x430 &&
                   NT_CODE_FUNCTION(code) <= 0x43C;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return &rows[i];
    return is_aacs ? &aacs : NULL;
}

static enum nt_status check(const struct cdrom *device, const struct control_row *row,
                            struct cdrom_request *request)
{
    enum nt_status status = NT_SUCCESS;

    if ((row->flags & OF_EXCLUSIVE_FAMILY) && device->exclusive_owner != 0 &&
        device->exclusive_owner != request->handle)
        return NT_ACCESS_DENIED;
    if ((row->flags & DVD_FIRST) && !device->dvd)
        return NT_INVALID_DEVICE_REQUEST;
    if (request->in_length < row->in_length)
        return NT_INVALID_PARAMETER;
    if (request->out_length < row->out_length) {
        request->information = row->tells_length ? row->out_length : 0;
        return NT_BUFFER_TOO_SMALL;
    }
    if (row->check)
        status = row->check(device, request);
    if (nt_success(status) && (row->flags & NEEDS_DVD) && !device->dvd)
        status = NT_INVALID_DEVICE_REQUEST;
    return status;
}

void cdrom_device_control(struct cdrom *device, struct cdrom_request *request)
{
    const struct control_row *row;

    request->information = 0;
    request->code = base_code(request->code);
    row = find(request->code);
    if (!device->started)
        request->status = NT_DEVICE_DOES_NOT_EXIST;
    else if (!row)
        /* Passed down to the port driver, which does not know it either. */
        request->status = device->port->kind->unknown_control;
    else
        request->status = check(device, row, request);
    if (!row || !nt_success(request->status))
        return;
    device_update(device);
    row->handle(device, request);
}
