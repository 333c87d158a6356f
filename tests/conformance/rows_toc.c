/* SPDX-License-Identifier: MIT */

/* READ TOC/PMA/ATIP of a DVD (MMC 1.16). */

#include "tests/conformance/row.h"

/* Of 800h sectors: the lead-out is at LBA 800h, 2198 frames = 00:29:23. */
#define TOC_LBA  "0012 01 01 00 14 01 00 00000000 00 14 AA 00 00000800"
#define TOC_MSF  "0012 01 01 00 14 01 00 00000200 00 14 AA 00 00001D17"
#define LAST_LBA "000A 01 01 00 14 01 00 00000000"
#define LAST_MSF "000A 01 01 00 14 01 00 00000200"

/* clang-format off */
static const struct row rows[] = {
    ROW("MMC 1.16", "format 0, LBA: track 1 and the lead-out",
        "start css",
        "43 00 00 00 00 00 00 0324 00 > " TOC_LBA,
        "43 00 00 00 00 00 01 0324 00 > " TOC_LBA),
    ROW("MMC 1.16", "format 0, MSF",
        "start css",
        "43 02 00 00 00 00 00 0324 00 > " TOC_MSF,
        "43 02 00 00 00 00 01 0324 00 > " TOC_MSF),
    ROW("MMC 1.16", "format 0 from AAh: the lead-out alone",
        "start css",
        "43 00 00 00 00 00 AA 0324 00 > 000A 01 01 00 14 AA 00 00000800",
        "43 02 00 00 00 00 AA 0324 00 > 000A 01 01 00 14 AA 00 00001D17"),
    ROW("MMC 1.16", "other starting tracks are refused",
        "start css",
        "43 00 00 00 00 00 02 0324 00 ! 05/24/00 cdb 6.-",
        "43 00 00 00 00 00 63 0324 00 ! 05/24/00 cdb 6.-",
        "43 00 00 00 00 00 A9 0324 00 ! 05/24/00 cdb 6.-",
        "43 00 00 00 00 00 AB 0324 00 ! 05/24/00 cdb 6.-",
        "43 02 00 00 00 00 FF 0324 00 ! 05/24/00 cdb 6.-"),
    ROW("MMC 1.16", "format 1: the last session",
        "start css",
        "43 00 01 00 00 00 00 0324 00 > " LAST_LBA,
        "43 02 01 00 00 00 00 0324 00 > " LAST_MSF),
    ROW("MMC 1.16", "format 1 by control byte 40h, the old way",
        "start css",
        "43 00 00 00 00 00 00 000C 40 > " LAST_LBA,
        "43 02 00 00 00 00 00 000C 40 > " LAST_MSF),
    ROW("MMC 1.16", "the control byte counts only when byte 2 is 0",
        "start css",
        "43 00 01 00 00 00 00 000C 80 > " LAST_LBA,
        "43 00 01 00 00 00 00 000C C0 > " LAST_LBA),
    ROW("MMC 1.16", "format 2 by the control byte is refused",
        "start css",
        "43 00 00 00 00 00 00 0324 80 ! 05/24/00 cdb 9.7",
        "43 00 00 00 00 00 00 0324 C0 ! 05/24/00 cdb 9.7"),
    ROW("MMC 1.16", "every other format is refused",
        "start css",
        "43 00 02 00 00 00 00 0324 00 ! 05/24/00 cdb 2.3",
        "43 02 02 00 00 00 01 0324 00 ! 05/24/00 cdb 2.3",
        "43 00 03 00 00 00 00 0324 00 ! 05/24/00 cdb 2.3",
        "43 02 04 00 00 00 00 0324 00 ! 05/24/00 cdb 2.3",
        "43 00 05 00 00 00 00 0324 00 ! 05/24/00 cdb 2.3",
        "43 00 06 00 00 00 00 0324 00 ! 05/24/00 cdb 2.3",
        "43 00 0F 00 00 00 00 0324 00 ! 05/24/00 cdb 2.3"),
    ROW("MMC 1.16", "every allocation length truncates format 0",
        "start css",
        "sweep 7-8 43 00 00 00 00 00 00 0000 00 > " TOC_LBA,
        "sweep 7-8 43 02 00 00 00 00 00 0000 00 > " TOC_MSF),
    ROW("MMC 1.16", "every allocation length truncates format 1",
        "start css",
        "sweep 7-8 43 00 01 00 00 00 00 0000 00 > " LAST_LBA),
    ROW("MMC 1.16", "the largest lead-out that has an MSF address: FF:3B:4A",
        "start msf-last",
        "43 02 00 00 00 00 AA 000C 00 > 000A 01 01 00 14 AA 00 00FF3B4A",
        "43 00 00 00 00 00 AA 000C 00 > 000A 01 01 00 14 AA 00 00119369"),
    ROW("MMC 1.16", "minute FFh is an address like any other",
        "start msf-minute",
        "43 02 00 00 00 00 AA 000C 00 > 000A 01 01 00 14 AA 00 00FF3A4A"),
    ROW("MMC 1.16", "beyond it the MSF address saturates",
        "start msf-beyond",
        "43 02 00 00 00 00 AA 000C 00 > 000A 01 01 00 14 AA 00 00FF3B4A",
        "43 00 00 00 00 00 AA 000C 00 > 000A 01 01 00 14 AA 00 0011936A",
        "start dvd-9",
        "43 02 00 00 00 00 AA 000C 00 > 000A 01 01 00 14 AA 00 00FF3B4A"),
};
/* clang-format on */

void rows_toc(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
