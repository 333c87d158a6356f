/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/status.h"

static const struct {
    NTSTATUS ntstatus;
    const char *name;
    const char *meaning;
} table[] = {
#define ROW(name, meaning)                                                                         \
    {                                                                                              \
        STATUS_##name, #name, meaning                                                              \
    }
    ROW(SUCCESS, "done"),
    ROW(DEVICE_BUSY, "the drive is busy, or another program has locked it"),
    ROW(VERIFY_REQUIRED, "the medium was changed; try again"),
    ROW(NO_DATA_DETECTED, "blank medium"),
    ROW(UNSUCCESSFUL, "failed"),
    ROW(INVALID_HANDLE, "the handle is not that of a device"),
    ROW(INVALID_PARAMETER, "the driver refused lengths or fields before the drive was asked"),
    ROW(NO_SUCH_DEVICE, "no such drive"),
    ROW(INVALID_DEVICE_REQUEST, "the drive refused the command, or the driver does not know it"),
    ROW(END_OF_FILE, "behind the end"),
    ROW(NO_MEDIA_IN_DEVICE, "no disc in the drive"),
    ROW(UNRECOGNIZED_MEDIA, "the disc is of another kind"),
    ROW(NONEXISTENT_SECTOR, "the disc has no such sector"),
    ROW(ACCESS_DENIED, "no access: the handle may not write, or another program has locked it"),
    ROW(BUFFER_TOO_SMALL, "the driver wants a longer buffer"),
    ROW(OBJECT_NAME_NOT_FOUND, "no such drive"),
    ROW(DATA_OVERRUN, "the drive sent another number of bytes than the port driver expected"),
    ROW(DEVICE_DATA_ERROR, "unreadable sector"),
    ROW(DEVICE_NOT_CONNECTED, "the drive is gone"),
    ROW(MEDIA_WRITE_PROTECTED, "write protected"),
    ROW(DEVICE_NOT_READY, "the drive is not ready"),
    ROW(IO_TIMEOUT, "the drive did not answer in time"),
    ROW(NOT_SUPPORTED, "not implemented here"),
    ROW(DEVICE_DOES_NOT_EXIST, "the drive is gone"),
    ROW(INTERNAL_ERROR, "the driver had no room for the request"),
    ROW(INVALID_BLOCK_LENGTH, "the drive reported another block length"),
    ROW(IO_DEVICE_ERROR, "the drive or the way to it failed"),
    ROW(DEVICE_PROTOCOL_ERROR, "the drive's answer broke the protocol"),
    ROW(COPY_PROTECTION_FAILURE, "copy protection refused it"),
    ROW(CSS_AUTHENTICATION_FAILURE, "CSS: the drive does not accept the host's answer"),
    ROW(CSS_KEY_NOT_PRESENT, "CSS: there is no key for this sector"),
    ROW(CSS_KEY_NOT_ESTABLISHED, "CSS: no authentication has taken place with this AGID"),
    ROW(CSS_SCRAMBLED_SECTOR, "CSS: scrambled sectors are not read before authentication"),
    ROW(CSS_REGION_MISMATCH, "CSS: the drive's region is not set or not one of the disc's"),
    ROW(CSS_RESETS_EXHAUSTED, "CSS: the region cannot be changed any more"),
#undef ROW
};

const char *status_name(uint32_t ntstatus)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if ((uint32_t)table[i].ntstatus == ntstatus)
            return table[i].name;
    return "not in this program's list";
}

const char *status_meaning(uint32_t ntstatus)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if ((uint32_t)table[i].ntstatus == ntstatus)
            return table[i].meaning;
    return "";
}
