/* SPDX-License-Identifier: MIT */

/* Fewer bytes than asked for, on each virtual bus. */

#include <stdio.h>

#include "tests/windows/rows.h"

/* What a DVD control code gets when half of the answer comes, or nothing. */
static const struct bus {
    const char *name;
    const char *some, *none;
    const char *no_key;  /* READ_KEY of a type whose answer has no data */
    const char *unknown; /* a control code that nobody knows */
} buses[] = {
    {"ahci",   "= SUCCESS info 4 : 06 00 00 00", "= SUCCESS",                                  "= SUCCESS",
     "= INVALID_DEVICE_REQUEST win32 1"                                                                                       },
    {"usb",    "= DATA_OVERRUN win32 1117",      "= DATA_OVERRUN",                             "= DATA_OVERRUN win32 1117",
     "= NOT_SUPPORTED win32 50"                                                                                               },
    {"virtio", "= DATA_OVERRUN win32 1117",      "= SUCCESS info 8 : 06 00 00 00 01 00 00 00",
     "= SUCCESS info 24 : " KEY_HEADER(18,                                                                                  00, 00, 3F), "= INVALID_DEVICE_REQUEST win32 1"},
    {"atapi",     "= DATA_OVERRUN win32 1117",   "= DATA_OVERRUN",                                               "= DATA_OVERRUN win32 1117",
     "= INVALID_DEVICE_REQUEST win32 1"                                      },
};

static const struct row overrun[] = {
    ROW("SH5", "more bytes than asked for", DRIVE("css"), "boot",
        "fault F command=0xAD overrun=4 times=1", "ioctl DVD_READ_STRUCTURE format 1 out 8",
        WIRE_COPYRIGHT " > 00 06 00 00 01 00 00 00 00{4}", "= DATA_OVERRUN win32 1117"),
};

void windows_buses(struct suite *suite)
{
    for (size_t i = 0; i < sizeof buses / sizeof buses[0]; i++) {
        suite_begin_row(suite, "SH1", "half of a structure, %s", buses[i].name);
        suite_step(suite, DRIVE("css"));
        suite_step(suite, "boot bus=%s", buses[i].name);
        suite_step(suite, "fault F command=0xAD truncate=4 times=1");
        suite_step(suite, "ioctl DVD_READ_STRUCTURE format 1 out 8");
        suite_step(suite, WIRE_COPYRIGHT " > 00 06 00 00");
        suite_step(suite, "%s", buses[i].some);

        suite_begin_row(suite, "SH2", "nothing of a structure, %s", buses[i].name);
        suite_step(suite, DRIVE("css"));
        suite_step(suite, "boot bus=%s", buses[i].name);
        suite_step(suite, "quietly ioctl DVD_READ_STRUCTURE format 1 out 8");
        suite_step(suite, "fault F command=0xAD truncate=0 times=1");
        suite_step(suite, "ioctl DVD_READ_STRUCTURE format 1 out 8");
        suite_step(suite, WIRE_COPYRIGHT);
        suite_step(suite, "%s", buses[i].none);

        suite_begin_row(suite, "SH3", "the AGID of an answer that is not there, %s", buses[i].name);
        suite_step(suite, DRIVE("css"));
        suite_step(suite, "boot bus=%s", buses[i].name);
        suite_step(suite, "quietly ioctl DVD_START_SESSION out 4");
        suite_step(suite, "quietly ioctl DVD_START_SESSION out 4");
        suite_step(suite, "fault F command=0xA4 key-format=0 truncate=0 times=1");
        suite_step(suite, "ioctl DVD_START_SESSION out 4");
        suite_step(suite, "| A4 00 00000000 00 00 0008 00 00");
        suite_step(suite, i == 0 || i == 2 ? "= SUCCESS info 4 : 01 00 00 00" : "= DATA_OVERRUN");

        suite_begin_row(suite, "ES7", "READ_KEY type 3F ends a session whatever it returns, %s",
                        buses[i].name);
        suite_step(suite, DRIVE("css"));
        suite_step(suite, "boot bus=%s", buses[i].name);
        suite_step(suite, "%s", REPORT_AGID GRANTED(0));
        suite_step(suite, "ioctl DVD_READ_KEY type 3F session 0 out 24");
        suite_step(suite, "| A4 00 00000000 00 00 0004 3F 00");
        suite_step(suite, "%s", buses[i].no_key);
        suite_step(suite, "%s", REPORT_AGID GRANTED(0));

        suite_begin_row(suite, "RA2", "the read-ahead of the DVD family is nobody's, %s",
                        buses[i].name);
        suite_step(suite, DRIVE("css"));
        suite_step(suite, "boot bus=%s", buses[i].name);
        suite_step(suite, "ioctl DVD_SET_READ_AHEAD in 16");
        suite_step(suite, "%s", buses[i].unknown);

        suite_begin_row(suite, "SH4", "TOC into a large buffer, %s", buses[i].name);
        suite_step(suite, DRIVE("css"));
        suite_step(suite, "boot bus=%s", buses[i].name);
        suite_step(suite, "ioctl CDROM_READ_TOC_EX out 1364 data 00 00 00 00");
        suite_step(
            suite,
            "| 43 00 00 00000000 0554 00 > 00 12 01 01 00 14 01 00 00000000 00 14 AA 00 00000800");
        suite_step(suite,
                   "= SUCCESS info 20 : 00 12 01 01 00 14 01 00 00000000 00 14 AA 00 00000800");
    }
    SUITE_ADD_ROWS(suite, overrun);
}
