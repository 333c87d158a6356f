/* SPDX-License-Identifier: MIT */

/* IOCTL_DVD_START_SESSION and IOCTL_DVD_END_SESSION. */

#include "tests/windows/rows.h"

#define START      "ioctl DVD_START_SESSION out 4"
#define END(id)    "ioctl DVD_END_SESSION session " #id
#define SESSION(n) "= SUCCESS info 4 : " #n " 00 00 00"
#define GRANT_0_2  REPORT_AGID GRANTED(0), REPORT_AGID GRANTED(4), REPORT_AGID GRANTED(8)
#define GRANT_ALL  GRANT_0_2, REPORT_AGID GRANTED(C)
#define END_ALL                                                                                    \
    WIRE_END_SESSION(3F), WIRE_END_SESSION(7F), WIRE_END_SESSION(BF), WIRE_END_SESSION(FF)

/* clang-format off */ /* NOLINTBEGIN(bugprone-suspicious-missing-comma): steps are made of phrases */
static const struct row rows[] = {
    ROW("SS1", "all AGIDs free", DRIVE("css"), "boot",
        START, WIRE_START_SESSION " > 00 06 00 00 00 00 00 00", SESSION(00)),
    ROW("SS2", "AGIDs 0 to 2 granted", DRIVE("css"), "boot", GRANT_0_2,
        START, WIRE_START_SESSION " > 00 06 00 00 00 00 00 C0", SESSION(03)),
    ROW("SS3", "all four granted", DRIVE("css"), "boot", GRANT_ALL,
        START, WIRE_START_SESSION " ! 05/55/00", "= INVALID_DEVICE_REQUEST win32 1"),
    ROW("SS4", "no medium", DRIVE("empty"), "boot",
        START, WIRE_START_SESSION " ! 02/3A/01", "= NO_MEDIA_IN_DEVICE win32 21", "expect media absent"),
    ROW("SS5", "a disc without CSS, which this drive grants AGIDs for", DRIVE("plain"), "boot",
        START, WIRE_START_SESSION GRANTED(0), SESSION(00)),
    ROW("SS5", "a disc without CSS, of a drive that refuses it", DRIVE("plain"), "boot",
        "fault F command=0xA4 key-format=0 sense=5/30/00 times=1",
        START, WIRE_START_SESSION " ! 05/30/00", "= INVALID_DEVICE_REQUEST win32 1",
        "fault G command=0xA4 key-format=0 sense=5/24/00 times=1",
        START, WIRE_START_SESSION " ! 05/24/00", "= INVALID_DEVICE_REQUEST"),
    ROW("SS5b", "no DVD at all", DRIVE("unreadable"), "boot",
        START, WIRE_START_SESSION " ! 05/30/02", "= UNRECOGNIZED_MEDIA win32 1785"),
    ROW("SS6", "medium just changed, unmounted", DRIVE("css"), "boot", "insert css-1",
        START, WIRE_START_SESSION " ! 06/28/00", WIRE_START_SESSION GRANTED(0), SESSION(00),
        "expect mmc-state stale", "expect media-changes 1",
        END(0), WIRE_UPDATE, WIRE_END_SESSION(3F), "= SUCCESS",
        "expect mmc-state current"),
    ROW("SS7", "medium just changed, mounted", DRIVE("css"), "boot mounted=yes", "insert css-1",
        START, WIRE_START_SESSION " ! 06/28/00", "= VERIFY_REQUIRED win32 1110",
        "expect verify-flag set", "expect mmc-state stale"),
    ROW("SS8", "spinning up for 15 s, then its attention", DRIVE("empty spin-up-time=15000"), "boot", "insert css",
        START, WIRE_START_SESSION " ! 02/04/01", "| at 10000 A4 00 00000000 00 00 0008 00 00 ! 02/04/01",
        "| at 20000 A4 00 00000000 00 00 0008 00 00 ! 06/28/00", "| at 20000 A4 00 00000000 00 00 0008 00 00" GRANTED(0),
        "= SUCCESS after 20000 info 4 : 00 00 00 00", "expect notes becoming-ready becoming-ready arrival"),
    ROW("SS8", "becoming ready for two attempts", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=0 sense=2/04/01 times=2",
        START, "| at 0 every 10000 x2 A4 00 00000000 00 00 0008 00 00 ! 02/04/01",
        "| at 20000 A4 00 00000000 00 00 0008 00 00" GRANTED(0), "= SUCCESS after 20000 info 4 : 00 00 00 00"),
    ROW("SS8", "becoming ready for ever", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=0 sense=2/04/01 times=always",
        START, "| at 0 every 10000 x6 A4 00 00000000 00 00 0008 00 00 ! 02/04/01",
        "= DEVICE_NOT_READY win32 21 after 50000"),
    ROW("SS9", "room for 3 bytes", DRIVE("css"), "boot",
        "ioctl DVD_START_SESSION out 3", "= BUFFER_TOO_SMALL win32 122 info 4"),
    ROW("SS10", "the DVD feature is not listed at the start", DRIVE("css"),
        "fault F command=0x46 nth=4 patch=57:1D times=1", "boot", "expect device mmc",
        START, "= INVALID_DEVICE_REQUEST win32 1",
        END(0), WIRE_END_SESSION(3F), "= SUCCESS"),
    ROW("SS11", "all four granted, end of all sessions, start", DRIVE("css"), "boot", GRANT_ALL,
        START, WIRE_START_SESSION " ! 05/55/00", "= INVALID_DEVICE_REQUEST",
        END(-1), END_ALL, "= SUCCESS",
        START, WIRE_START_SESSION GRANTED(0), SESSION(00)),
    ROW("SS12", "another handle has the exclusive lock", DRIVE("css"), "boot",
        "ioctl CDROM_EXCLUSIVE_ACCESS handle 1 data 01 00 00 00 00 00 00 00 'burner' 00{58}", "= SUCCESS",
        START " handle 2", "= ACCESS_DENIED win32 5",
        START " handle 1", WIRE_START_SESSION GRANTED(0), SESSION(00),
        "ioctl CDROM_EXCLUSIVE_ACCESS handle 1 data 02 00 00 00 00 00 00 00", "= SUCCESS",
        "expect mmc-state stale",
        START " handle 2", WIRE_UPDATE, WIRE_START_SESSION GRANTED(4), SESSION(01)),
    ROW("ES1", "AGID 1 granted", DRIVE("css"), "boot", REPORT_AGID GRANTED(0), REPORT_AGID GRANTED(4),
        END(1), WIRE_END_SESSION(7F), "= SUCCESS",
        REPORT_AGID GRANTED(4)),
    ROW("ES2", "only AGID 3 granted, all ended", DRIVE("css"), "boot", GRANT_ALL,
        INVALIDATE(3F), INVALIDATE(7F), INVALIDATE(BF),
        END(-1), END_ALL, "= SUCCESS",
        GRANT_ALL),
    ROW("ES3", "a drive that refuses AGIDs which are not granted: the last one stays", DRIVE("css"), "boot", GRANT_ALL,
        INVALIDATE(3F), INVALIDATE(7F), INVALIDATE(BF),
        "fault F command=0xA3 key-format=63 authentication=free sense=5/24/00 times=always",
        END(-1), WIRE_END_SESSION(3F) " ! 05/24/00", "= INVALID_DEVICE_REQUEST win32 1",
        GRANT_0_2, REPORT_AGID " ! 05/55/00"),
    ROW("ES4", "session 5 is AGID 1", DRIVE("css"), "boot", REPORT_AGID GRANTED(0), REPORT_AGID GRANTED(4),
        END(5), WIRE_END_SESSION(7F), "= SUCCESS",
        REPORT_AGID GRANTED(4)),
    ROW("ES5", "2 bytes of input", DRIVE("css"), "boot",
        END(0) " in 2", "= INVALID_PARAMETER win32 87"),
    ROW("ES6", "AGID 2 granted, invalidated with SEND_KEY", DRIVE("css"), "boot", GRANT_0_2,
        "ioctl DVD_SEND_KEY type 3F session 2", "| A3 00 00000000 00 00 0004 BF 00 < 00 02 .. ..", "= SUCCESS",
        REPORT_AGID GRANTED(8)),
    ROW("ES7", "AGID 2 granted, invalidated with READ_KEY", DRIVE("css"), "boot", GRANT_0_2,
        "ioctl DVD_READ_KEY type 3F session 2 out 24", "| A4 00 00000000 00 00 0004 BF 00", "= SUCCESS",
        REPORT_AGID GRANTED(8)),
    ROW("ES8", "tray opened with AGIDs granted", DRIVE("css"), "boot", GRANT_ALL, EJECT, LOAD,
        START, WIRE_START_SESSION " ! 06/28/00", WIRE_START_SESSION GRANTED(0), SESSION(00)),
    ROW("ES8", "reset with AGIDs granted", DRIVE("css"), "boot", GRANT_ALL, "reset hard",
        START, WIRE_START_SESSION " ! 06/29/00", WIRE_START_SESSION GRANTED(0), SESSION(00)),
};
/* clang-format on */ /* NOLINTEND(bugprone-suspicious-missing-comma) */

void windows_sessions(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
