/* SPDX-License-Identifier: MIT */

/* Media change: events, attentions, the shell. */

#include "tests/windows/rows.h"

#define GESN(mask) "| 4A 01 0000 " #mask " 0000 0008 00"
#define CHANGED    " > 00 06 01 56 02 00 00 01"
#define IDLE_ROUND                                                                                 \
    GESN(52)                                                                                       \
    " > 00 06 01 56 00 00 00 00", GESN(50) " > 00 06 04 56 00 .. 00 00",                           \
        GESN(40) " > 00 06 06 56 00 00 00 00"
#define NO_EVENT " > 00 06 01 56 00 00 00 00"

/* clang-format off */ /* NOLINTBEGIN(bugprone-suspicious-missing-comma): steps are made of phrases */
static const struct row rows[] = {
    ROW("MC0", "nothing happens: one class after the other", DRIVE("empty"), "boot",
        "tick", IDLE_ROUND, "tick", IDLE_ROUND, "expect notes none"),
    ROW("MC1", "disc inserted: arrival, update, mount", DRIVE("empty"), "boot", "insert css",
        "tick", GESN(52) CHANGED, GESN(52) " > 00 06 04 56 02 02 00 00", GESN(52) NO_EVENT,
        "expect notes arrival", "expect media present", "expect mmc-state stale",
        "ioctl STORAGE_CHECK_VERIFY out 4",
        WIRE_UPDATE_CONFIGURATION, "| 5A 08 2A 00 00 00 00 FFF0 00 ! 06/28/00", WIRE_UPDATE_MODE_PAGE, WIRE_UPDATE_SPEEDS,
        "| " TEST_UNIT_READY, "= SUCCESS info 4 : 01 00 00 00",
        "expect mmc-state stale",
        "ioctl CDROM_GET_DRIVE_GEOMETRY out 24", WIRE_UPDATE,
        "| 25 00 00000000 0000 00 00 > 00 00 07 FF 00 00 08 00",
        "= SUCCESS info 24 : 01 00{7} 0B 00 00 00 40 00 00 00 20 00 00 00 00 08 00 00",
        "ioctl CDROM_READ_TOC_EX out 1364 data 00 00 00 00",
        "| 43 00 00 00000000 0554 00 > 00 12 01 01 00 14 01 00 00000000 00 14 AA 00 00000800",
        "= SUCCESS info 20 : 00 12 01 01 00 14 01 00 00000000 00 14 AA 00 00000800",
        "ioctl CDROM_GET_LAST_SESSION out 804",
        "| 43 00 01 00000000 0324 00 > 00 0A 01 01 00 14 01 00 00000000",
        "= SUCCESS info 12 : 00 0A 01 01 00 14 01 00 00000000",
        "read 8000 800", "| 28 00 00000010 00 0001 00 > $plain:10", "= SUCCESS info 2048 : $plain:10"),
    ROW("MC1", "disc inserted, TEST UNIT READY takes the attention", DRIVE("empty"), "boot", "insert css",
        "ioctl STORAGE_CHECK_VERIFY", "| " TEST_UNIT_READY " ! 06/28/00", "| " TEST_UNIT_READY, "= SUCCESS",
        "expect media present", "expect notes arrival", "expect mmc-state stale",
        "tick", WIRE_UPDATE, GESN(52) CHANGED, GESN(52) " > 00 06 04 56 02 02 00 00", GESN(52) NO_EVENT,
        "expect notes none"),
    ROW("MC2", "disc removed", DRIVE("css"), "boot", "eject",
        "tick", GESN(52) CHANGED, GESN(52) " > 00 06 04 56 03 01 00 00", GESN(52) NO_EVENT,
        "expect notes removal", "expect media absent"),
    ROW("MC3", "a swap shows removal, then arrival", DRIVE("css"), "boot", "insert css-1",
        "tick", GESN(52) CHANGED, GESN(52) CHANGED, GESN(52) " > 00 06 04 56 03 02 00 00", GESN(52) " > 00 06 04 56 02 02 00 00",
        GESN(52) NO_EVENT, "expect notes removal arrival"),
    ROW("MC3", "a swap reported as new media only: nobody hears of it", DRIVE("css"), "boot",
        "fault F command=0x4A answer=0006045602020000 times=1",
        "tick", GESN(52) " > 00 06 04 56 02 02 00 00", GESN(52) NO_EVENT,
        "expect notes none", "expect media present"),
    ROW("MC4", "eject button while the host has locked the tray, then the shell ejects", DRIVE("css"), "boot",
        PREVENT, "press stays",
        "tick", GESN(52) " > 00 06 04 56 01 02 00 00", GESN(52) NO_EVENT,
        "expect notes eject-request",
        "ioctl STORAGE_MEDIA_REMOVAL data 00", "| 1E 00 00 00 00 00", "= SUCCESS",
        "ioctl STORAGE_EJECT_MEDIA", "| 1B 00 00 00 02 00", "= SUCCESS",
        TEST_UNIT_READY " ! 02/3A/02"),
    ROW("MC5", "the same event for ever: GESN is given up, also after a restart", DRIVE("css"), "boot",
        "fault F command=0x4A answer=0006045602020000 times=always",
        "tick", "| x33 4A 01 0000 52 0000 0008 00 > 00 06 04 56 02 02 00 00",
        "expect MMCDetectionState 1", "expect polling unit",
        "tick", "| " TEST_UNIT_READY,
        "unfault", "quietly replug", "expect polling unit", "quietly tick", "tick", "| " TEST_UNIT_READY),
    ROW("MC6", "polled with TEST UNIT READY: arrival and removal", DRIVE("empty"),
        "fault F command=0x4A sense=6/29/00 times=1", "boot", "expect polling unit", "insert css",
        "tick", "| " TEST_UNIT_READY " ! 06/28/00", "expect notes arrival", "eject",
        "tick", WIRE_UPDATE_CONFIGURATION, "| 5A 08 2A 00 00 00 00 FFF0 00 > 00 26 00{6} 2A 1E ..{30}", WIRE_UPDATE_SPEEDS,
        "| " TEST_UNIT_READY " ! 02/3A/02", "expect notes removal"),
    ROW("MC7", "without AutoRun nobody polls", DRIVE("css"), "boot autorun=off", "insert css-1",
        "tick", "expect polling none", "expect notes none"),
    ROW("MC8", "an empty drive answers GESN", DRIVE("empty"), "boot", "eject", "insert nothing",
        "quietly tick", "tick", IDLE_ROUND, "expect media absent"),
    ROW("MC9", "codes of other device types", DRIVE("css"), "boot",
        "ioctl CDROM_CHECK_VERIFY", "| " TEST_UNIT_READY, "= SUCCESS"),
    ROW("MC10", "GET_CONFIGURATION comes with a CDB of 12 bytes", DRIVE("css"), "boot",
        "ioctl CDROM_GET_CONFIGURATION out 16 data 1F 00 00 00 02 00 00 00",
        "| 46 02 001F 00 00 00 0010 00 00 00 > 00 00 00 0C 00 00 00 10 00 1F 09 04 00 00 00 00",
        "= SUCCESS info 16 : 00 00 00 0C 00 00 00 10 00 1F 09 04 00 00 00 00"),
    ROW("MC9", "table of contents with MSF addresses, of a track", DRIVE("css"), "boot",
        "ioctl CDROM_READ_TOC_EX out 804 data 80 01 00 00",
        "| 43 02 00 00000001 0324 00 > 00 12 01 01 00 14 01 00 00000200 00 14 AA 00 00001D17",
        "= SUCCESS info 20 : 00 12 01 01 00 14 01 00 00000200 00 14 AA 00 00001D17"),
    ROW("MC11", "eject and load", DRIVE("css"), "boot",
        "ioctl STORAGE_EJECT_MEDIA", "| 1B 00 00 00 02 00", "= SUCCESS",
        "ioctl STORAGE_LOAD_MEDIA", "| 1B 00 00 00 03 00", "= SUCCESS"),
    ROW("MC12", "lock; a locked tray cannot be ejected", DRIVE("css"), "boot",
        "ioctl STORAGE_MEDIA_REMOVAL data 01", "| 1E 00 00 00 01 00", "= SUCCESS",
        "ioctl STORAGE_EJECT_MEDIA", "| 1B 00 00 00 02 00 ! 05/53/02", "= INVALID_DEVICE_REQUEST"),
    ROW("MC13", "two swaps between two ticks: the change class is left out from then on", DRIVE("css"), "boot",
        "insert css-1", "insert css",
        "tick", GESN(52) CHANGED, GESN(52) CHANGED, GESN(52) CHANGED, GESN(52) CHANGED,
        GESN(50) " > 00 06 04 56 03 02 00 00", GESN(50) " > 00 06 04 56 03 02 00 00",
        GESN(50) " > 00 06 04 56 02 02 00 00", GESN(50) " > 00 06 04 56 00 02 00 00", GESN(40) " > 00 06 06 56 00 00 00 00",
        "expect notes removal arrival"),
    ROW("MC14", "a disc that spins up: becoming ready, then arrival", DRIVE("empty spin-up-time=3000"), "boot", "insert css",
        "tick", GESN(52) " > 00 06 06 56 01 02 00 1E", GESN(52) NO_EVENT, "expect notes becoming-ready", "wait 3000",
        "tick", GESN(52) CHANGED, GESN(52) " > 00 06 04 56 02 02 00 00", GESN(52) NO_EVENT, "expect notes arrival"),
    ROW("MC15", "an operational change that adds no feature is no reason for an update", DRIVE("css"), "boot",
        "fault F command=0x4A answer=0006015602000003 times=1",
        "tick", GESN(52) " > 00 06 01 56 02 00 00 03", GESN(52) NO_EVENT, GESN(50) " > 00 06 04 56 00 02 00 00",
        GESN(40) " > 00 06 06 56 00 00 00 00", "expect mmc-state current"),
    ROW("MC16", "a new disc on a mounted volume: nothing is read before it is verified", DRIVE("css"), "boot mounted=yes",
        "insert css-1", "quietly tick", "expect verify-flag set", "read 8000 800", "= VERIFY_REQUIRED"),
    ROW("MC16", "new media alone", DRIVE("css"), "boot mounted=yes",
        "fault F command=0x4A answer=0006045602020000 times=1", "quietly tick", "expect verify-flag set"),
    ROW("MC16", "an operational change alone", DRIVE("css"), "boot mounted=yes",
        "fault F command=0x4A answer=0006015602000001 times=1", "quietly tick", "expect verify-flag set",
        "expect mmc-state stale"),
};
/* clang-format on */ /* NOLINTEND(bugprone-suspicious-missing-comma) */

void windows_media(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
