/* SPDX-License-Identifier: MIT */

/*
 * Sense data to NTSTATUS: one row for each line of the driver's tables, with IOCTL_DVD_READ_KEY of
 * bus key 1, on an unmounted volume and, where that matters, on a mounted one.
 */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/windows/rows.h"

#define WIRE_KEY1 "A4 00 00000000 00 00 000C 02 00"

enum retries {
    FINAL,
    SIX,        /* attempts */
    SIX_STARTS, /* with START UNIT between them */
    TWO_WAYS,   /* six, but VERIFY_REQUIRED at once if mounted */
    BUSY,       /* six, mounted or not: DEVICE_BUSY */
};

static const struct line {
    const char *sense; /* as the fault rule takes it */
    const char *words;
    const char *status;
    enum retries retries;
    unsigned delay;     /* seconds between attempts */
    const char *expect; /* what else happens, or NULL */
} lines[] = {
  /* By additional sense code and qualifier. */
    {"2/04/00", "not ready, cause not reportable",     "DEVICE_NOT_READY",            SIX_STARTS, 0,  NULL                    },
    {"2/04/02", "initializing command required",       "DEVICE_NOT_READY",            SIX_STARTS, 0,  NULL                    },
    {"2/04/05", "rebuild in progress",                 "DEVICE_NOT_READY",            SIX_STARTS, 0,  NULL                    },
    {"2/04/06", "recalculation in progress",           "DEVICE_NOT_READY",            SIX_STARTS, 0,  NULL                    },
    {"2/04/09", "self-test in progress",               "DEVICE_NOT_READY",            SIX_STARTS, 0,  NULL                    },
    {"2/04/01", "becoming ready",                      "DEVICE_NOT_READY",            SIX,        10,
     "expect notes becoming-ready becoming-ready becoming-ready becoming-ready becoming-ready "
     "becoming-ready"                                                                                                         },
    {"2/04/03", "manual intervention required",        "NO_MEDIA_IN_DEVICE",          FINAL,      0,
     "expect media present"                                                                                                   },
    {"2/04/04", "format in progress",                  "DEVICE_NOT_READY",            FINAL,      0,  NULL                    },
    {"2/04/07", "operation in progress",               "DEVICE_NOT_READY",            SIX,        10,
     "expect notes becoming-ready becoming-ready becoming-ready becoming-ready becoming-ready "
     "becoming-ready"                                                                                                         },
    {"2/04/08", "long write in progress",              "DEVICE_NOT_READY",            SIX,        0,  "expect notes none"     },
    {"2/3A/00", "no medium",                           "NO_MEDIA_IN_DEVICE",          FINAL,      0,  "expect media absent"   },
    {"2/3A/01", "no medium, tray closed",              "NO_MEDIA_IN_DEVICE",          FINAL,      0,  "expect media absent"   },
    {"2/3A/02", "no medium, tray open",                "NO_MEDIA_IN_DEVICE",          FINAL,      0,  "expect notes removal"  },
    {"2/3A/CC", "medium reserved by a burning filter", "NO_MEDIA_IN_DEVICE",          FINAL,      0,
     "expect media unavailable"                                                                                               },
    {"5/30/01", "unknown format",                      "UNRECOGNIZED_MEDIA",          FINAL,      0,  NULL                    },
    {"5/30/02", "incompatible format",                 "UNRECOGNIZED_MEDIA",          FINAL,      0,  NULL                    },
    {"2/30/03", "cleaning cartridge",                  "CLEANER_CARTRIDGE_INSTALLED", FINAL,      0,  NULL                    },
    {"5/30/00", "incompatible medium, by key",         "INVALID_DEVICE_REQUEST",      FINAL,      0,  NULL                    },
    {"4/02/00", "no seek complete",                    "DEVICE_DATA_ERROR",           SIX,        0,  NULL                    },
    {"4/08/03", "communication CRC error",             "IO_DEVICE_ERROR",             SIX,        1,  NULL                    },
    {"5/21/00", "address out of range",                "NONEXISTENT_SECTOR",          FINAL,      0,  NULL                    },
    {"5/21/02", "address out of range, another one",   "NONEXISTENT_SECTOR",          FINAL,      0,  NULL                    },
    {"5/24/00", "invalid field in CDB",                "INVALID_DEVICE_REQUEST",      FINAL,      0,  NULL                    },
    {"5/25/00", "logical unit not supported",          "NO_SUCH_DEVICE",              FINAL,      0,  NULL                    },
    {"5/6F/00", "authentication failure",              "CSS_AUTHENTICATION_FAILURE",  FINAL,      0,  NULL                    },
    {"5/6F/01", "key not present",                     "CSS_KEY_NOT_PRESENT",         FINAL,      0,  NULL                    },
    {"5/6F/02", "key not established",                 "CSS_KEY_NOT_ESTABLISHED",     FINAL,      0,  NULL                    },
    {"5/6F/03", "scrambled sector",                    "CSS_SCRAMBLED_SECTOR",        FINAL,      0,  NULL                    },
    {"5/6F/04", "region mismatch",                     "CSS_REGION_MISMATCH",         FINAL,      0,  NULL                    },
    {"5/6F/05", "region must be permanent",            "CSS_RESETS_EXHAUSTED",        FINAL,      0,  NULL                    },
    {"5/6F/06", "another copy protection failure",     "COPY_PROTECTION_FAILURE",     FINAL,      0,  NULL                    },
    {"5/6F/FF", "any other copy protection failure",   "COPY_PROTECTION_FAILURE",     FINAL,      0,  NULL                    },
    {"7/6F/02", "key not established, another key",    "CSS_KEY_NOT_ESTABLISHED",     FINAL,      0,  NULL                    },
    {"6/28/00", "medium may have changed",             "IO_DEVICE_ERROR",             TWO_WAYS,   0,
     "expect mmc-state stale"                                                                                                 },
    {"6/28/01", "import or export element",            "IO_DEVICE_ERROR",             TWO_WAYS,   0,
     "expect mmc-state stale"                                                                                                 },
    {"2/28/00", "medium change that is no attention",  "IO_DEVICE_ERROR",             TWO_WAYS,   0,
     "expect mmc-state current"                                                                                               },
    {"6/5A/01", "eject request",                       "DEVICE_BUSY",                 BUSY,       0,
     "expect notes eject-request eject-request eject-request eject-request eject-request "
     "eject-request"                                                                                                          },
    {"6/5A/02", "write protect request",               "DEVICE_BUSY",                 BUSY,       0,  "expect mmc-state stale"},
    {"6/5A/03", "write permit request",                "DEVICE_BUSY",                 BUSY,       0,  "expect mmc-state stale"},
    {"6/3F/01", "microcode changed",                   "IO_DEVICE_ERROR",             TWO_WAYS,   5,  NULL                    },
    {"1/17/01", "recovered data with retries",         "SUCCESS",                     FINAL,      0,  NULL                    },
    {"1/18/00", "recovered data with correction",      "SUCCESS",                     FINAL,      0,  NULL                    },
    {"1/5D/00", "failure prediction",                  "SUCCESS",                     FINAL,      0,  NULL                    },
    {"3/57/00", "table of contents not recovered",     "UNRECOGNIZED_MEDIA",          FINAL,      0,  NULL                    },
 /* By key; the first are codes that no line above names. */
    {"5/1A/00", "parameter list length",               "INVALID_DEVICE_REQUEST",      FINAL,      0,  NULL                    },
    {"5/20/00", "invalid operation code",              "INVALID_DEVICE_REQUEST",      FINAL,      0,  NULL                    },
    {"5/26/00", "invalid field in parameter list",     "INVALID_DEVICE_REQUEST",      FINAL,      0,  NULL                    },
    {"5/2C/00", "command sequence",                    "INVALID_DEVICE_REQUEST",      FINAL,      0,  NULL                    },
    {"5/39/00", "saving parameters not supported",     "INVALID_DEVICE_REQUEST",      FINAL,      0,  NULL                    },
    {"5/55/00", "system resource failure",             "INVALID_DEVICE_REQUEST",      FINAL,      0,  NULL                    },
    {"5/64/00", "illegal mode for this track",         "INVALID_DEVICE_REQUEST",      FINAL,      0,  NULL                    },
    {"6/29/00", "power on or reset",                   "IO_DEVICE_ERROR",             TWO_WAYS,   0,  "expect mmc-state stale"},
    {"6/2A/01", "mode parameters changed",             "IO_DEVICE_ERROR",             TWO_WAYS,   0,
     "expect mmc-state current"                                                                                               },
    {"0/00/00", "no sense",                            "IO_DEVICE_ERROR",             SIX,        0,  NULL                    },
    {"1/0B/01", "recovered error, a warning",          "SUCCESS",                     FINAL,      0,  NULL                    },
    {"2/53/00", "not ready, by key",                   "DEVICE_NOT_READY",            SIX,        0,  NULL                    },
    {"3/11/05", "medium error",                        "DEVICE_DATA_ERROR",           FINAL,      0,  NULL                    },
    {"4/44/00", "hardware error",                      "IO_DEVICE_ERROR",             SIX,        0,  NULL                    },
    {"7/27/00", "data protect",                        "MEDIA_WRITE_PROTECTED",       FINAL,      0,  NULL                    },
    {"8/64/01", "blank check",                         "NO_DATA_DETECTED",            FINAL,      0,  NULL                    },
    {"9/80/00", "vendor specific",                     "IO_DEVICE_ERROR",             SIX,        0,  NULL                    },
    {"A/0D/00", "copy aborted",                        "IO_DEVICE_ERROR",             SIX,        0,  NULL                    },
    {"B/4E/00", "aborted command",                     "IO_DEVICE_ERROR",             SIX,        1,  NULL                    },
    {"C/00/00", "obsolete key",                        "IO_DEVICE_ERROR",             SIX,        0,  NULL                    },
    {"D/00/00", "volume overflow",                     "IO_DEVICE_ERROR",             SIX,        0,  NULL                    },
    {"E/1D/00", "miscompare",                          "IO_DEVICE_ERROR",             SIX,        0,  NULL                    },
    {"F/00/00", "completed",                           "IO_DEVICE_ERROR",             SIX,        0,  NULL                    },
};

/* "2/04/01" as a step has it: "02/04/01". */
static const char *step_sense(const char *sense)
{
    static char text[16];
    snprintf(text, sizeof text, "0%s", sense);
    return text;
}

static void add_commands(struct suite *suite, const struct line *line, bool mounted)
{
    unsigned attempts = line->retries == FINAL || (line->retries == TWO_WAYS && mounted) ? 1 : 6;

    if (line->retries != SIX_STARTS) {
        suite_step(suite, "| every %u x%u " WIRE_KEY1 " ! %s", line->delay * 1000, attempts,
                   step_sense(line->sense));
        return;
    }
    for (unsigned i = 0; i < attempts; i++) {
        if (i > 0)
            suite_step(suite, "| 1B 00 00 00 01 00");
        suite_step(suite, "| " WIRE_KEY1 " ! %s", step_sense(line->sense));
    }
}

static void add_row(struct suite *suite, const struct line *line, bool mounted)
{
    bool verify = mounted && line->retries == TWO_WAYS;

    suite_begin_row(suite, "SN1", "%s %s%s", line->sense, line->words, mounted ? ", mounted" : "");
    suite_step(suite, DRIVE("css"));
    suite_step(suite, mounted ? "boot mounted=yes" : "boot");
    suite_step(suite, "fault F command=0xA4 key-format=2 sense=%s times=always", line->sense);
    suite_step(suite, "ioctl DVD_READ_KEY type 02 session 0 out 32");
    add_commands(suite, line, mounted);
    suite_step(suite, "= %s", verify ? "VERIFY_REQUIRED" : line->status);
    if (mounted)
        suite_step(suite, "expect verify-flag %s",
                   verify || line->retries == BUSY ? "set" : "clear");
    if (line->expect)
        suite_step(suite, "%s", line->expect);
    if (line->sense[0] == '6')
        suite_step(suite, "expect media-changes %u", verify ? 1 : 6);
}

/* What single commands make of some of them. */
/* clang-format off */ /* NOLINTBEGIN(bugprone-suspicious-missing-comma): steps are made of phrases */
static const struct row overrides[] = {
    ROW("SN2", "2/04/07 and 2/04/08 with READ(10): busy, for 160 s", DRIVE("css"), "boot",
        "fault F command=0x28 sense=2/04/07 times=always",
        "read 8000 800", "| x3384 every 47.3 28 00 00000010 00 0001 00 ! 02/04/07", "= DEVICE_BUSY win32 170",
        "unfault", "fault F command=0x28 sense=2/04/08 times=always",
        "read 8000 800", "| x3384 every 47.3 28 00 00000010 00 0001 00 ! 02/04/08", "= DEVICE_BUSY"),
    ROW("SN2", "2/04/08 with READ CAPACITY: three attempts, busy", DRIVE("css"), "boot",
        "fault F command=0x25 sense=2/04/08 times=always",
        "ioctl CDROM_GET_DRIVE_GEOMETRY out 24", "| x3 25 00 00000000 0000 00 00 ! 02/04/08", "= DEVICE_BUSY"),
    ROW("SN2", "READ CAPACITY on a mounted volume takes the attention", DRIVE("css"), "boot mounted=yes",
        "insert css-1",
        "ioctl CDROM_GET_DRIVE_GEOMETRY out 24", "| 25 00 00000000 0000 00 00 ! 06/28/00",
        "| 25 00 00000000 0000 00 00 > 00 00 07 FF 00 00 08 00",
        "= SUCCESS info 24 : 01 00{7} 0B 00 00 00 40 00 00 00 20 00 00 00 00 08 00 00"),
    ROW("SN2", "lock while becoming ready: three attempts ten seconds apart", DRIVE("css"), "boot",
        "fault F command=0x1E sense=2/04/01 times=always",
        "ioctl STORAGE_MEDIA_REMOVAL data 01", "| x3 every 10000 1E 00 00 00 01 00 ! 02/04/01", "= DEVICE_NOT_READY"),
    ROW("SN2", "lock of a drive that is not ready: two seconds apart", DRIVE("css"), "boot",
        "fault F command=0x1E sense=2/04/08 times=always",
        "ioctl STORAGE_MEDIA_REMOVAL data 01", "| x3 every 2000 1E 00 00 00 01 00 ! 02/04/08", "= DEVICE_NOT_READY"),
    ROW("SN2", "unlock that is refused is repeated all the same", DRIVE("css"), "boot",
        "fault F command=0x1E sense=5/24/00 times=always",
        "ioctl STORAGE_MEDIA_REMOVAL data 00", "| x5 1E 00 00 00 00 00 ! 05/24/00", "= INVALID_DEVICE_REQUEST"),
    ROW("SN2", "the timer asks once", DRIVE("css"), "boot",
        "fault F command=0x4A sense=2/04/01 times=always", "tick", "| 4A 01 0000 52 0000 0008 00 ! 02/04/01",
        "expect notes becoming-ready", "expect polling events"),
    ROW("SN2", "a region change that meets an attention is repeated", DRIVE("css-12"), "boot", "reset hard",
        "ioctl DVD_SEND_KEY2 type 06 data FD 00 00 00", WIRE_SET_REGION(FD) " ! 06/29/00", WIRE_SET_REGION(FD), "= SUCCESS"),
    ROW("SN3", "sense data without additional length: only the key counts", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=2 sense-data=700005000000000000000000 times=always",
        "ioctl DVD_READ_KEY type 02 session 0 out 32", "| status 02 " WIRE_KEY1, "= INVALID_DEVICE_REQUEST"),
    ROW("SN3", "an additional length of 5 hides code and qualifier", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=2 sense-data=700005000000000500000000 times=always",
        "ioctl DVD_READ_KEY type 02 session 0 out 32", "| status 02 " WIRE_KEY1, "= INVALID_DEVICE_REQUEST",
        "unfault", "fault F command=0xA4 key-format=2 sense-data=7000050000000005000000006F02 times=always",
        "ioctl DVD_READ_KEY type 02 session 0 out 32", "| status 02 " WIRE_KEY1, "= INVALID_DEVICE_REQUEST"),
    ROW("SN3", "an additional length of 6 hides the qualifier", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=2 sense-data=7000050000000006000000006F02 times=always",
        "ioctl DVD_READ_KEY type 02 session 0 out 32", "| status 02 " WIRE_KEY1, "= CSS_AUTHENTICATION_FAILURE"),
    ROW("SN3", "incorrect length", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=2 sense-data=70002000000000 times=always",
        "ioctl DVD_READ_KEY type 02 session 0 out 32", "| status 02 " WIRE_KEY1, "= INVALID_BLOCK_LENGTH win32 1106",
        "unfault", "fault F command=0xA4 key-format=2 sense-data=70002100000000 times=always",
        "ioctl DVD_READ_KEY type 02 session 0 out 32", "| status 02 " WIRE_KEY1, "= INVALID_BLOCK_LENGTH"),
    ROW("SN4", "status BUSY: six attempts", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=2 status=busy times=always",
        "ioctl DVD_READ_KEY type 02 session 0 out 32", "| x6 status 08 " WIRE_KEY1, "= DEVICE_NOT_READY win32 21"),
    ROW("SN4", "status RESERVATION CONFLICT", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=2 status=reservation-conflict times=always",
        "ioctl DVD_READ_KEY type 02 session 0 out 32", "| status 18 " WIRE_KEY1, "= DEVICE_BUSY win32 170"),
    ROW("SN4", "a command that takes too long is repeated after a reset of the device", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=2 delay=11s times=always",
        "ioctl DVD_READ_KEY type 02 session 0 out 32",
        "| at 0 status 02 " WIRE_KEY1, "| at 11000 " WIRE_KEY1 " ! 06/29/00", "| at 11000 status 02 " WIRE_KEY1,
        "| at 22000 " WIRE_KEY1 " ! 06/29/00", "| at 22000 status 02 " WIRE_KEY1, "| at 33000 " WIRE_KEY1 " ! 06/29/00",
        "= IO_DEVICE_ERROR"),
    ROW("SN4", "a drive that answers no more once: the command is repeated", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=0 delivery=lost times=1",
        "ioctl DVD_START_SESSION out 4", "| at 0 status FF A4 00 00000000 00 00 0008 00 00",
        "| at 11000 A4 00 00000000 00 00 0008 00 00 ! 06/29/00", "| A4 00 00000000 00 00 0008 00 00" GRANTED(0),
        "= SUCCESS info 4 : 00 00 00 00"),
    ROW("SN4", "a device that is gone", DRIVE("css"), "boot",
        "fault F command=0xA4 key-format=0 delivery=unplug times=1",
        "ioctl DVD_START_SESSION out 4", "| status FF A4 00 00000000 00 00 0008 00 00", "= DEVICE_NOT_CONNECTED"),
};
/* clang-format on */ /* NOLINTEND(bugprone-suspicious-missing-comma) */

void windows_sense(struct suite *suite)
{
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        add_row(suite, &lines[i], false);
        if (lines[i].retries == TWO_WAYS || lines[i].retries == BUSY)
            add_row(suite, &lines[i], true);
    }
    SUITE_ADD_ROWS(suite, overrides);
}
