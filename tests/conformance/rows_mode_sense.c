/* SPDX-License-Identifier: MIT */

/* MODE SENSE and the mode pages (MMC 1.5, 4). */

#include <string.h>

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

#define PAGE_01_MASK "01 0A 37 FF 00{8}"
#define PAGE_1A_MASK "1A 0A 00 03 FFFFFFFF FFFFFFFF"
#define PAGE_1D_MASK "1D 08 00 00 04 00 FFFF FFFF"
#define PAGE_2A_LOCKED                                                                             \
    "2A 1E 08 00 00 00 2B 00 5690 0000 0200 5690 0000 00000000 0001 00000001 00000000"
#define PAGE_2A_MASK "2A 1E 00{30}"
#define ALL_MASKS    PAGE_01_MASK " " PAGE_1A_MASK " " PAGE_1D_MASK " " PAGE_2A_MASK

/* clang-format off */
static const struct row rows[] = {
    ROW("MMC 1.5", "MODE SENSE(10) header: no medium type, no block descriptor",
        "start empty",
        "5A 00 01 00 000000 FFFF 00 > 00 12 00 00 00 00 00 00 " PAGE_01),
    ROW("MMC 1.5", "MODE SENSE(6) header: no medium type, no block descriptor",
        "start empty",
        "1A 00 01 00 FF 00 > 0F 00 00 00 " PAGE_01),
    ROW("MMC 1.5", "the header is the same with a disc",
        "start css",
        "5A 00 01 00 000000 FFFF 00 > 00 12 00 00 00 00 00 00 " PAGE_01,
        "1A 00 01 00 FF 00 > 0F 00 00 00 " PAGE_01),
    ROW("MMC 4.1", "DBD and LLBAA make no difference",
        "start css",
        "5A 08 01 00 000000 FFFF 00 > 00 12 00 00 00 00 00 00 " PAGE_01,
        "5A 18 01 00 000000 FFFF 00 > 00 12 00 00 00 00 00 00 " PAGE_01,
        "1A 08 01 00 FF 00 > 0F 00 00 00 " PAGE_01),
    ROW("MMC 4.2", "page 01h: current, changeable, default",
        "start css",
        "5A 00 01 00 000000 FFFF 00 > 00 12 00{6} " PAGE_01,
        "5A 00 41 00 000000 FFFF 00 > 00 12 00{6} " PAGE_01_MASK,
        "5A 00 81 00 000000 FFFF 00 > 00 12 00{6} " PAGE_01),
    ROW("MMC 4.5", "page 1Ah: current, changeable, default",
        "start css",
        "5A 00 1A 00 000000 FFFF 00 > 00 12 00{6} " PAGE_1A,
        "5A 00 5A 00 000000 FFFF 00 > 00 12 00{6} " PAGE_1A_MASK,
        "5A 00 9A 00 000000 FFFF 00 > 00 12 00{6} " PAGE_1A),
    ROW("MMC 4.6", "page 1Dh: current, changeable, default",
        "start css",
        "5A 00 1D 00 000000 FFFF 00 > 00 10 00{6} " PAGE_1D,
        "5A 00 5D 00 000000 FFFF 00 > 00 10 00{6} " PAGE_1D_MASK,
        "5A 00 9D 00 000000 FFFF 00 > 00 10 00{6} " PAGE_1D),
    ROW("MMC 4.7", "page 2Ah: current, changeable, default",
        "start css",
        "5A 00 2A 00 000000 FFFF 00 > 00 26 00{6} " PAGE_2A,
        "5A 00 6A 00 000000 FFFF 00 > 00 26 00{6} " PAGE_2A_MASK,
        "5A 00 AA 00 000000 FFFF 00 > 00 26 00{6} " PAGE_2A),
    ROW("MMC 4.7", "page 2Ah is the same without medium",
        "start empty",
        "5A 00 2A 00 000000 FFFF 00 > 00 26 00{6} " PAGE_2A),
    ROW("MMC 4.7", "page 2Ah shows the lock while removal is prevented",
        "start css",
        PREVENT,
        "5A 00 2A 00 000000 FFFF 00 > 00 26 00{6} " PAGE_2A_LOCKED,
        ALLOW,
        "5A 00 2A 00 000000 FFFF 00 > 00 26 00{6} " PAGE_2A),
    ROW("MMC 4.7", "page 2Ah of a drive with another speed, buffer and no CSS",
        "start plain css=off max-read-speed=11080 buffer-size=262144",
        "5A 00 2A 00 000000 FFFF 00 > 00 26 00{6} 2A 1E 08 00 00 00 29 00 2B48 0000 0100 2B48 0000 "
        "00000000 0000 00000001 00000000"),
    ROW("MMC 1.5", "page 3Fh is all pages in ascending order",
        "start css",
        "5A 00 3F 00 000000 FFFF 00 > 00 48 00{6} " ALL_PAGES,
        "1A 00 3F 00 FF 00 > 45 00 00 00 " ALL_PAGES,
        "5A 00 7F 00 000000 FFFF 00 > 00 48 00{6} " ALL_MASKS,
        "5A 00 BF 00 000000 FFFF 00 > 00 48 00{6} " ALL_PAGES),
    ROW("MMC 1.5", "page 3Fh, subpage FFh is the same",
        "start css",
        "5A 00 3F FF 000000 FFFF 00 > 00 48 00{6} " ALL_PAGES),
    ROW("MMC 1.5", "saved values are refused",
        "start css",
        "5A 00 C1 00 000000 FFFF 00 ! 05/39/00",
        "5A 00 EA 00 000000 FFFF 00 ! 05/39/00",
        "5A 00 FF 00 000000 FFFF 00 ! 05/39/00",
        "1A 00 EA 00 FF 00 ! 05/39/00"),
    ROW("MMC 1.5", "a subpage is refused",
        "start css",
        "5A 00 01 01 000000 FFFF 00 ! 05/24/00 cdb 3.-",
        "5A 00 2A FF 000000 FFFF 00 ! 05/24/00 cdb 3.-",
        "5A 00 3F 01 000000 FFFF 00 ! 05/24/00 cdb 3.-",
        "1A 00 2A 01 FF 00 ! 05/24/00 cdb 3.-"),
    ROW("MMC 1.5", "every allocation length truncates MODE SENSE(10) of page 2Ah",
        "start css",
        "sweep 7-8 5A 00 2A 00 000000 0000 00 > 00 26 00{6} " PAGE_2A),
    ROW("MMC 1.5", "every allocation length truncates MODE SENSE(6) of page 2Ah",
        "start css",
        "sweep 4-4 1A 00 2A 00 00 00 > 23 00 00 00 " PAGE_2A),
    ROW("MMC 1.5", "every allocation length truncates MODE SENSE(10) of page 3Fh",
        "start css",
        "sweep 7-8 5A 00 3F 00 000000 0000 00 > 00 48 00{6} " ALL_PAGES),
    ROW("MMC 1.5", "every allocation length truncates MODE SENSE(6) of page 3Fh",
        "start css",
        "sweep 4-4 1A 00 3F 00 00 00 > 45 00 00 00 " ALL_PAGES),
};
/* clang-format on */

void rows_mode_sense(struct suite *suite)
{
    static const char known[] = {0x01, 0x1A, 0x1D, 0x2A};

    SUITE_ADD_ROWS(suite, rows);
    for (int page = 0; page < 0x3F; page++) {
        if (memchr(known, page, sizeof known))
            continue;
        suite_begin_row(suite, "MMC 4.1", "mode page %02Xh is not supported", (unsigned)page);
        suite_step(suite, "start css");
        suite_step(suite, "5A 00 %02X 00 000000 FFFF 00 ! 05/24/00 cdb 2.5", (unsigned)page);
        suite_step(suite, "1A 00 %02X 00 FF 00 ! 05/24/00 cdb 2.5", (unsigned)page);
        suite_step(suite, "5A 00 %02X 00 000000 FFFF 00 ! 05/24/00 cdb 2.5", (unsigned)page | 0x40);
    }
}
