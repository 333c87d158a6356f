/* SPDX-License-Identifier: MIT */

/* IOCTL_DVD_GET_REGION. */

#include "tests/windows/rows.h"

#define GET_REGION "ioctl DVD_GET_REGION out 4"

/* clang-format off */ /* NOLINTBEGIN(bugprone-suspicious-missing-comma): steps are made of phrases */
static const struct row rows[] = {
    ROW("RG1", "region 1, 4 changes left, disc of region 1", DRIVE("css-1"), "boot",
        GET_REGION, WIRE_COPYRIGHT " > 00 06 00 00 01 FE 00 00", WIRE_RPC_STATE " > 00 06 00 00 64 FE 01 00",
        "= SUCCESS info 4 : 01 FE 01 04"),
    ROW("RG2", "no region, disc without CSS", "start plain", "boot",
        GET_REGION, WIRE_COPYRIGHT " > 00 06 00 00 00 00 00 00", WIRE_RPC_STATE " > 00 06 00 00 25 FF 01 00",
        "= SUCCESS info 4 : 00 00 00 05"),
    ROW("RG3", "no region, CSS disc: a region is picked first", "start empty", "boot", "insert css-2", ARRIVE,
        GET_REGION, WIRE_COPYRIGHT " > 00 06 00 00 01 FD 00 00", WIRE_COPYRIGHT " > 00 06 00 00 01 FD 00 00",
        WIRE_RPC_STATE " > 00 06 00 00 25 FF 01 00", WIRE_SET_REGION(FD), WIRE_RPC_STATE " > 00 06 00 00 64 FD 01 00",
        "= SUCCESS info 4 : 01 FD 02 04", "expect region-pick off"),
    ROW("RG4", "no disc", DRIVE("empty"), "boot",
        GET_REGION, WIRE_COPYRIGHT " ! 02/3A/01", "= NO_MEDIA_IN_DEVICE win32 21"),
    ROW("RG5", "RPC-1, scheme 0", "start css rpc=phase-1", "boot",
        GET_REGION, WIRE_COPYRIGHT " > 00 06 00 00 01 00 00 00",
        WIRE_COPYRIGHT " > 00 06 00 00 01 00 00 00", WIRE_RPC_STATE " > 00 06 00 00 00 00 00 00",
        WIRE_RPC_STATE " > 00 06 00 00 00 00 00 00",
        "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("RG5", "RPC-1, scheme 0, of a drive with an open mask", "start plain", "boot",
        "fault F command=0xA4 key-format=8 answer=0006000000FF0000 times=always",
        GET_REGION, WIRE_COPYRIGHT " > 00 06 00 00 00 00 00 00", WIRE_RPC_STATE " > 00 06 00 00 00 FF 00 00",
        "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("RG6", "RPC-1 that refuses", "start css rpc=none", "boot",
        GET_REGION, WIRE_COPYRIGHT " > 00 06 00 00 01 00 00 00", WIRE_RPC_STATE " ! 05/24/00 cdb 10.5",
        "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("RG7", "room for 3 bytes, of what Windows takes for a CD drive", DRIVE("css"),
        "fault F command=0x46 nth=4 patch=57:1D times=1", "boot", "expect device mmc",
        "ioctl DVD_GET_REGION out 3", "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("RG7", "room for 3 bytes", DRIVE("css"), "boot", "ioctl DVD_GET_REGION out 3", "= BUFFER_TOO_SMALL win32 122"),
    ROW("RG8", "permanent region 4", "start css region=F7/0/4", "boot",
        GET_REGION, WIRE_COPYRIGHT " > 00 06 00 00 01 00 00 00", WIRE_RPC_STATE " > 00 06 00 00 E0 F7 01 00",
        "= SUCCESS info 4 : 01 00 08 00"),
    ROW("RG9", "last chance", "start css region=FE/1/4", "boot",
        GET_REGION, WIRE_COPYRIGHT " > 00 06 00 00 01 00 00 00", WIRE_RPC_STATE " > 00 06 00 00 A1 FE 01 00",
        "= SUCCESS info 4 : 01 00 01 01"),
    ROW("RG10", "an RPC state that is too short", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=8 truncate=7 times=1",
        GET_REGION, WIRE_COPYRIGHT " > 00 06 00 00 01 00 00 00", WIRE_RPC_STATE " > 00 06 00 00 64 FE 01", "= INVALID_DEVICE_REQUEST",
        "fault G command=0xA4 key-format=8 header-length=1 times=1",
        GET_REGION, WIRE_COPYRIGHT " > 00 06 00 00 01 00 00 00", WIRE_RPC_STATE " > 00 01 00 00 64 FE 01 00", "= INVALID_DEVICE_REQUEST"),
    ROW("RG11", "a mask without a region set counts for nothing", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=8 answer=0006000025FE0100 times=always",
        GET_REGION, WIRE_COPYRIGHT " > 00 06 00 00 01 00 00 00", WIRE_RPC_STATE " > 00 06 00 00 25 FE 01 00",
        "= SUCCESS info 4 : 01 00 00 05"),
};
/* clang-format on */ /* NOLINTEND(bugprone-suspicious-missing-comma) */

void windows_regions(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
