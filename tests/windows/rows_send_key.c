/* SPDX-License-Identifier: MIT */

/* IOCTL_DVD_SEND_KEY and IOCTL_DVD_SEND_KEY2. */

#include "tests/windows/rows.h"

#define GRANT_0_1 REPORT_AGID GRANTED(0), REPORT_AGID GRANTED(4)
#define UNTIL_DRIVE_CHALLENGE                                                                      \
    GRANT_0_1, SEND_HOST_CHALLENGE(4), REPORT_KEY1(4) KEY1_ANSWER,                                 \
        REPORT_DRIVE_CHALLENGE(4) DRIVE_CHALLENGE_ANSWER
#define WIRE_CHALLENGE(k)                                                                          \
    "| A3 00 00000000 00 00 0010 " #k " 00 < 00 0E .. .. " HOST_CHALLENGE " 00 00"
#define WIRE_KEY2(key)    "| A3 00 00000000 00 00 000C 43 00 < 00 0A .. .. " key " 00 00 00"
#define SEND_REGION(mask) "ioctl DVD_SEND_KEY2 type 06 data " #mask " 00 00 00"

/* clang-format off */ /* NOLINTBEGIN(bugprone-suspicious-missing-comma): steps are made of phrases */
static const struct row rows[] = {
    ROW("SK1", "host challenge, AGID 1", DRIVE("css"), "boot", GRANT_0_1,
        "ioctl DVD_SEND_KEY type 01 session 1 data " HOST_CHALLENGE " 00 00", WIRE_CHALLENGE(41), "= SUCCESS",
        REPORT_KEY1(4) KEY1_ANSWER),
    ROW("SK1", "the same with SEND_KEY2", DRIVE("css"), "boot", GRANT_0_1,
        "ioctl DVD_SEND_KEY2 type 01 session 1 data " HOST_CHALLENGE " 00 00", WIRE_CHALLENGE(41), "= SUCCESS",
        REPORT_KEY1(4) KEY1_ANSWER),
    ROW("SK2", "right bus key 2", DRIVE("css"), "boot", UNTIL_DRIVE_CHALLENGE,
        "ioctl DVD_SEND_KEY type 03 session 1 data " KEY2 " 00 00 00", WIRE_KEY2(KEY2), "= SUCCESS",
        READ_DISC_KEY(4) DISC_KEY_ANSWER),
    ROW("SK3", "wrong bus key 2: the AGID is gone", DRIVE("css"), "boot", UNTIL_DRIVE_CHALLENGE,
        "ioctl DVD_SEND_KEY type 03 session 1 data " WRONG_KEY2 " 00 00 00", WIRE_KEY2(WRONG_KEY2) " ! 05/6F/00",
        "= CSS_AUTHENTICATION_FAILURE win32 0x80030306",
        REPORT_AGID GRANTED(4)),
    ROW("SK4", "AGID not granted", DRIVE("css"), "boot",
        "ioctl DVD_SEND_KEY type 01 session 1 data " HOST_CHALLENGE " 00 00", WIRE_CHALLENGE(41) " ! 05/2C/00",
        "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("SK4", "AGID not granted, of a drive that says no key is established", DRIVE("css"), "boot",
        "fault F command=0xA3 key-format=1 sense=5/6F/02 times=1",
        "ioctl DVD_SEND_KEY type 01 session 1 data " HOST_CHALLENGE " 00 00", WIRE_CHALLENGE(41) " ! 05/6F/02",
        "= CSS_KEY_NOT_ESTABLISHED"),
    ROW("SK5", "SEND_KEY cannot set the region", DRIVE("css-12"), "boot",
        "ioctl DVD_SEND_KEY type 06 data FD 00 00 00", "= INVALID_PARAMETER win32 87"),
    ROW("SK6", "region 2 that the disc allows", DRIVE("css-12"), "boot",
        SEND_REGION(FD), WIRE_SET_REGION(FD), "= SUCCESS",
        REPORT_RPC_STATE " > 00 06 00 00 63 FD 01 00"),
    ROW("SK7", "region 2 with a disc of region 1", DRIVE("css-1"), "boot",
        SEND_REGION(FD), WIRE_SET_REGION(FD) " ! 05/6F/04", "= CSS_REGION_MISMATCH win32 0x8003030A"),
    ROW("SK8", "no disc", DRIVE("empty"), "boot",
        SEND_REGION(FD), WIRE_SET_REGION(FD) " ! 02/3A/01", "= NO_MEDIA_IN_DEVICE win32 21"),
    ROW("SK9", "a disc without region code", DRIVE("plain"), "boot",
        SEND_REGION(FD), WIRE_SET_REGION(FD) " ! 05/30/02", "= CSS_REGION_MISMATCH win32 0x8003030A"),
    ROW("SK10", "no changes left", "start css region=FE/0/4", "boot",
        SEND_REGION(FD), WIRE_SET_REGION(FD) " ! 05/6F/05", "= CSS_RESETS_EXHAUSTED win32 0x8003030B"),
    ROW("SK11", "KeyLength 36, 40 bytes of input", DRIVE("css"), "boot", GRANT_0_1,
        "ioctl DVD_SEND_KEY type 01 session 1 key-length 36 in 40 data " HOST_CHALLENGE " 00 00",
        "= INVALID_PARAMETER win32 87"),
    ROW("SK12", "no such type", DRIVE("css"), "boot",
        "ioctl DVD_SEND_KEY2 type 07 data 00 00 00 00", "= INVALID_PARAMETER win32 87"),
    ROW("SK13", "a title key cannot be sent", DRIVE("css"), "boot",
        "ioctl DVD_SEND_KEY2 type 04 session 1 data 00{8}",
        "| A3 00 00000000 00 00 000C 44 00 < 00 0A .. .. 00{8} ! 05/24/00 cdb 10.5", "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("SK13", "neither bus key 1, ASF nor RPC state", DRIVE("css"), "boot",
        "ioctl DVD_SEND_KEY2 type 02 data 00{8}",
        "| A3 00 00000000 00 00 000C 02 00 < 00 0A .. .. 00{8} ! 05/24/00 cdb 10.5", "= INVALID_DEVICE_REQUEST",
        "ioctl DVD_SEND_KEY2 type 05 data 00{4}",
        "| A3 00 00000000 00 00 0008 05 00 < 00 06 .. .. 00{4} ! 05/24/00 cdb 10.5", "= INVALID_DEVICE_REQUEST",
        "ioctl DVD_SEND_KEY2 type 08 data 00{4}",
        "| A3 00 00000000 00 00 0008 08 00 < 00 06 .. .. 00{4} ! 05/24/00 cdb 10.5", "= INVALID_DEVICE_REQUEST"),
    ROW("SK13", "a disk key goes out as format 00", DRIVE("css"), "boot",
        "ioctl DVD_SEND_KEY2 type 80 session 1 data 00{2048}",
        "| A3 00 00000000 00 00 0804 40 00 < 08 02 .. .. 00{2048} ! 05/24/00 cdb 10.5", "= INVALID_DEVICE_REQUEST"),
    ROW("SK14", "a challenge of 6 bytes", DRIVE("css"), "boot", GRANT_0_1,
        "ioctl DVD_SEND_KEY type 01 session 1 data 00{6}",
        "| A3 00 00000000 00 00 000A 41 00 < 00 08 .. .. 00{6} ! 05/1A/00", "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("SK15", "junk in reserved bytes", DRIVE("css"), "boot", GRANT_0_1,
        "quietly ioctl CDROM_GET_DRIVE_GEOMETRY out 24",
        "ioctl DVD_SEND_KEY type 01 session 1 data " HOST_CHALLENGE " FF FF",
        "| A3 00 00000000 00 00 0010 41 00 < 00 0E 07 FF " HOST_CHALLENGE " FF FF", "= SUCCESS",
        REPORT_KEY1(4) KEY1_ANSWER),
    ROW("SK16", "two regions at once", DRIVE("css"), "boot",
        SEND_REGION(FC), WIRE_SET_REGION(FC) " ! 05/26/00 list 4", "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("SK17", "KeyLength beyond the buffer of the driver", DRIVE("css"), "boot",
        "ioctl DVD_SEND_KEY type 01 data 00{65600}", "= INTERNAL_ERROR win32 1359"),
    ROW("SK18", "SEND_KEY goes to a drive that is no DVD drive, SEND_KEY2 does not", DRIVE("css"),
        "fault F command=0x46 sense=5/20/00 times=1", "boot", "expect device cd-rom", GRANT_0_1,
        "ioctl DVD_SEND_KEY type 01 session 1 data " HOST_CHALLENGE " 00 00", WIRE_CHALLENGE(41), "= SUCCESS",
        SEND_REGION(FD), "= INVALID_DEVICE_REQUEST"),
};
/* clang-format on */ /* NOLINTEND(bugprone-suspicious-missing-comma) */

void windows_send_key(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
