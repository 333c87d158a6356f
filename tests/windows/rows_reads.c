/* SPDX-License-Identifier: MIT */

/* ReadFile() and IOCTL_CDROM_RAW_READ. */

#include "tests/windows/rows.h"

/* clang-format off */
static const struct row rows[] = {
    ROW("RD1", "64 KiB of clear sectors", "start css" REGION_1, "boot",
        "read 8000 10000", "| 28 00 00000010 00 0020 00 > $plain:10 $plain:11 ..{59392} $plain:2F",
        "= SUCCESS info 65536 : $plain:10 $plain:11 ..{59392} $plain:2F"),
    ROW("RD1", "256 KiB in two pieces", "start css" REGION_1, "boot",
        "read 8000 40000", "| 28 00 00000010 00 0040 00 > $plain:10 *", "| 28 00 00000050 00 0040 00 > $plain:50 *",
        "= SUCCESS info 262144 : $plain:10 *"),
    ROW("RD1", "128 KiB in two pieces, USB", "start css" REGION_1, "boot bus=usb",
        "read 8000 20000", "| 28 00 00000010 00 0020 00 > $plain:10 *", "| 28 00 00000030 00 0020 00 > $plain:30 *",
        "= SUCCESS info 131072 : $plain:10 *"),
    ROW("RD2", "scrambled, not authenticated", "start css" REGION_1, "boot",
        "read 80800 8000", "| 28 00 00000101 00 0010 00 ! 05/6F/03 lba 101", "= CSS_SCRAMBLED_SECTOR win32 0x80030309"),
    ROW("RD2", "scrambled in the second piece: the first one counts", "start css" REGION_1, "boot bus=usb",
        "read 78800 20000", "| 28 00 000000F1 00 0020 00 > $plain:F1 * ! 05/6F/03 lba 101", "= CSS_SCRAMBLED_SECTOR"),
    ROW("RD3", "scrambled, authenticated", "start css" REGION_1, "boot", AUTHENTICATE(0),
        "read 80800 800", "| 28 00 00000101 00 0001 00 > $title-1", "= SUCCESS info 2048 : $title-1"),
    ROW("RD4", "bad sector", "start defects" REGION_1, "boot",
        "read 180000 800", "| 28 00 00000300 00 0001 00 ! 03/11/05 lba 300", "= DEVICE_DATA_ERROR win32 23"),
    ROW("RD5", "beyond the capacity", "start css" REGION_1, "boot",
        "read 400000 800", "= INVALID_DEVICE_REQUEST win32 1", "read 3FF800 1000", "= INVALID_DEVICE_REQUEST"),
    ROW("RD5", "beyond a capacity that is not known", "start empty" REGION_1, "boot", "insert css", ARRIVE,
        "read 400000 800", "| 28 00 00000800 00 0001 00 ! 05/21/00 lba 800", "= NONEXISTENT_SECTOR win32 27"),
    ROW("RD6", "becoming ready for 5 s, then its attention", "start empty spin-up-time=5000" REGION_1, "boot", "insert css",
        "read 8000 800", "| x* every 47.3 28 00 00000010 00 0001 00 ! 02/04/01", "| 28 00 00000010 00 0001 00 ! 06/28/00",
        "| 28 00 00000010 00 0001 00 > $plain:10", "= SUCCESS info 2048 : $plain:10"),
    ROW("RD6", "becoming ready for 106 attempts", "start css" REGION_1, "boot",
        "fault F command=0x28 sense=2/04/01 times=106",
        "read 8000 800", "| x106 every 47.3 28 00 00000010 00 0001 00 ! 02/04/01",
        "| at 5013.8 28 00 00000010 00 0001 00 > $plain:10", "= SUCCESS after 5013.8 info 2048 : $plain:10"),
    ROW("RD7", "hardware error for ever", "start css" REGION_1, "boot",
        "fault F command=0x28 sense=4/44/00 times=always",
        "read 8000 800", "| x3384 every 47.3 28 00 00000010 00 0001 00 ! 04/44/00",
        "= IO_DEVICE_ERROR win32 1117 after 160015.9"),
    ROW("RD7", "servo error: six attempts", "start css" REGION_1, "boot",
        "fault F command=0x28 sense=4/09/00 times=always",
        "read 8000 800", "| x6 every 47.3 28 00 00000010 00 0001 00 ! 04/09/00", "= IO_DEVICE_ERROR"),
    ROW("RD8", "RAW_READ of audio: READ CD is no command of a drive without CD profile", "start css" REGION_1, "boot",
        "ioctl CDROM_RAW_READ mode 2 offset 8000 count 1 out 2352", "| BE 04 00000010 000001 F0 00 00 ! 05/20/00",
        "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("RD8", "RAW_READ of audio on a drive that knows READ CD", "start css" REGION_1, "boot",
        "fault F command=0xBE sense=5/64/00 times=1",
        "ioctl CDROM_RAW_READ mode 2 offset 8000 count 1 out 2352", "| BE 04 00000010 000001 F0 00 00 ! 05/64/00",
        "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("RD8", "RAW_READ, the other sector types", "start css" REGION_1, "boot",
        "ioctl CDROM_RAW_READ mode 0 offset 8000 count 2 out 4704", "| BE 0C 00000010 000002 B0 00 00 ! 05/20/00",
        "= INVALID_DEVICE_REQUEST",
        "ioctl CDROM_RAW_READ mode 1 offset 8000 count 2 out 4704", "| BE 14 00000010 000002 F0 00 00 ! 05/20/00",
        "= INVALID_DEVICE_REQUEST",
        "ioctl CDROM_RAW_READ mode 4 offset 8000 count 1 out 2648", "= INVALID_DEVICE_REQUEST"),
    ROW("RD9", "disc swapped on a mounted volume", "start css" REGION_1, "boot mounted=yes", "insert css-1",
        "read 8000 800", "| 28 00 00000010 00 0001 00 ! 06/28/00", "= VERIFY_REQUIRED win32 1110",
        "expect verify-flag set", "expect media-changes 1",
        "read 8000 800", "= VERIFY_REQUIRED",
        "ioctl STORAGE_CHECK_VERIFY override", WIRE_UPDATE, "| " TEST_UNIT_READY, "= SUCCESS", "set verified",
        "read 8000 800", "| 28 00 00000010 00 0001 00 > $plain:10", "= SUCCESS info 2048 : $plain:10"),
    ROW("RD9", "a file system that is mounting takes the attention itself", "start css" REGION_1, "boot mounted=yes",
        "insert css-1",
        "ioctl STORAGE_CHECK_VERIFY override", "| " TEST_UNIT_READY " ! 06/28/00", "| " TEST_UNIT_READY, "= SUCCESS"),
    ROW("RD10", "lengths and offsets", "start css" REGION_1, "boot",
        "read 8000 0", "= SUCCESS", "read 8000 400", "= INVALID_DEVICE_REQUEST", "read 8400 800", "= INVALID_DEVICE_REQUEST"),
    ROW("RD11", "region mismatch on a drive that enforces it", "start css-2 region-gate=strict" REGION_1, "boot", AUTHENTICATE(0),
        "read 80800 800", "| 28 00 00000101 00 0001 00 ! 05/6F/04 lba? 101", "= CSS_REGION_MISMATCH win32 0x8003030A"),
    ROW("RD12", "recovered error: success, its bytes do not count", "start css" REGION_1, "boot",
        "fault F command=0x28 sense=1/17/01 execute=on times=1",
        "read 8000 800", "| 28 00 00000010 00 0001 00 > $plain:10 ! 01/17/01", "= SUCCESS"),
};
/* clang-format on */

void windows_reads(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
