/* SPDX-License-Identifier: MIT */
#include "tests/windows/nt.h"

#include <stdio.h>

#define STATUS(name, value, win32) {#name, NT_##name, win32},
#define IOCTL(name, code)          {#name, code},

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
