/* SPDX-License-Identifier: MIT */
#include "tests/windows/nt.h"

#include <stdio.h>

#define STATUS(name, value, win32) {#name, NT_##name, win32},
#define IOCTL(name, code)          {#name, code},

/* The values are made of device type, access, function and method. */
#define IS_DVD(name, access, function)                                                             \
    _Static_assert(NT_IOCTL_##name ==                                                              \
                       NT_CONTROL_CODE(NT_DEVICE_DVD, access, function, NT_METHOD_BUFFERED),       \
                   #name)
IS_DVD(DVD_START_SESSION, NT_READ_ACCESS, 0x400);
IS_DVD(DVD_READ_KEY, NT_READ_ACCESS, 0x401);
IS_DVD(DVD_SEND_KEY, NT_READ_ACCESS, 0x402);
IS_DVD(DVD_END_SESSION, NT_READ_ACCESS, 0x403);
IS_DVD(DVD_SET_READ_AHEAD, NT_READ_ACCESS, 0x404);
IS_DVD(DVD_GET_REGION, NT_READ_ACCESS, 0x405);
IS_DVD(DVD_SEND_KEY2, NT_READ_WRITE_ACCESS, 0x406);
IS_DVD(DVD_READ_STRUCTURE, NT_READ_ACCESS, 0x450);
IS_DVD(AACS_GENERATE_BINDING_NONCE, NT_READ_WRITE_ACCESS, 0x43C);
_Static_assert(NT_IOCTL_CDROM_RAW_READ ==
                   NT_CONTROL_CODE(NT_DEVICE_CD_ROM, NT_READ_ACCESS, 0x00F, NT_METHOD_OUT_DIRECT),
               "CDROM_RAW_READ");

const struct nt_status_name nt_status_names[] = {
    NT_STATUS_TABLE(STATUS){NULL, NT_SUCCESS, 0}
};

const struct nt_ioctl_name nt_ioctl_names[] = {
    NT_IOCTL_TABLE(IOCTL){NULL, 0}
};

const char *nt_status_name(enum nt_status status)
{
    static char text[32];

    for (const struct nt_status_name *at = nt_status_names; at->name; at++)
        if (at->status == status)
            return at->name;
    snprintf(text, sizeof text, "STATUS %08X", (unsigned)status);
    return text;
}
