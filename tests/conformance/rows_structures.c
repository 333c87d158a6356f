/* SPDX-License-Identifier: MIT */

/* READ DISC STRUCTURE but for the disc key (MMC 1.24, 7.2, 7.3). */

#include <string.h>

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

#define PHYSICAL_0 "AD 00 00000000 00 00 0804 00 00 > 0802 0000 "
#define PHYSICAL_1 "AD 00 00000000 01 00 0804 00 00 > 0802 0000 "
#define COPYRIGHT  "AD 00 00000000 00 01 0008 00 00"
#define ONE_LAYER  "01 02 01 00 00030000 000307FF 00000000 00 00{2031}"

/* clang-format off */
static const struct row rows[] = {
    ROW("MMC 1.24", "00h, one layer of 800h sectors",
        "start css", PHYSICAL_0 ONE_LAYER),
    ROW("MMC 1.24", "00h, opposite track path: both layers alike",
        "start otp",
        PHYSICAL_0 "01 02 31 10 00030000 00FCFFDF 0003040F 00 00{2031}",
        PHYSICAL_1 "01 02 31 10 00030000 00FCFFDF 0003040F 00 00{2031}"),
    ROW("MMC 1.24", "00h, parallel track path: each layer its own end",
        "start ptp",
        PHYSICAL_0 "01 02 21 10 00030000 0003040F 00000000 00 00{2031}",
        PHYSICAL_1 "01 02 21 10 00030000 000303EF 00000000 00 00{2031}"),
    ROW("MMC 7.2", "00h, a full single layer disc",
        "start dvd-5",
        PHYSICAL_0 "01 02 01 00 00030000 0026053F 00000000 00 00{2031}"),
    ROW("MMC 7.2", "00h, a full dual layer disc",
        "start dvd-9",
        PHYSICAL_0 "01 02 31 10 00030000 00FCFFFF 0022D7FF 00 00{2031}",
        PHYSICAL_1 "01 02 31 10 00030000 00FCFFFF 0022D7FF 00 00{2031}"),
    ROW("MMC 7.2", "00h, layer 1 shorter than layer 0",
        "start otp-short-1",
        PHYSICAL_0 "01 02 31 10 00030000 00EC6A3F 0022D7FF 00 00{2031}"),
    ROW("MMC 1.24", "00h, 80 mm, part version 2, burst cutting area",
        "start css-bca",
        PHYSICAL_0 "02 12 01 00 00030000 000307FF 00000000 80 00{2031}"),
    ROW("MMC 1.24", "a layer that the disc does not have is refused",
        "start css",
        "AD 00 00000000 01 00 0804 00 00 ! 05/24/00 cdb 6.-",
        "AD 00 00000000 01 01 0008 00 00 ! 05/24/00 cdb 6.-",
        "AD 00 00000000 01 04 0804 00 00 ! 05/24/00 cdb 6.-",
        "AD 00 00000000 FF 00 0804 00 00 ! 05/24/00 cdb 6.-",
        "start otp",
        "AD 00 00000000 01 01 0008 00 00 > 0006 0000 00 00 00 00",
        "AD 00 00000000 02 00 0804 00 00 ! 05/24/00 cdb 6.-"),
    ROW("MMC 1.24", "a media type other than DVD is refused",
        "start css",
        "AD 01 00000000 00 00 0804 00 00 ! 05/24/00 cdb 1.3",
        "AD 0F 00000000 00 01 0008 00 00 ! 05/24/00 cdb 1.3"),

    ROW("MMC 1.24", "01h, no protection",
        "start plain", COPYRIGHT " > 0006 0000 00 00 00 00"),
    ROW("MMC 1.24", "01h, CSS with its region management information",
        "start css", COPYRIGHT " > 0006 0000 01 00 00 00",
        "start css-1", COPYRIGHT " > 0006 0000 01 FE 00 00",
        "start css-12", COPYRIGHT " > 0006 0000 01 FC 00 00"),
    ROW("MMC 1.24", "03h, a disc without burst cutting area",
        "start css",
        "AD 00 00000000 00 03 00C0 00 00 ! 05/24/00 cdb 7.-"),
    ROW("MMC 1.24", "03h, burst cutting area of 16 bytes",
        "start css-bca",
        "AD 00 00000000 00 03 00C0 00 00 > 0012 0000 A0A1A2A3 A4A5A6A7 A8A9AAAB ACADAEAF"),
    ROW("MMC 1.24", "the layer number means nothing to 03h, 05h and FFh",
        "start css-bca",
        "AD 00 00000000 01 03 0006 00 00 > 0012 0000 A0A1",
        "AD 00 00000100 01 05 0008 00 00 > 0006 0000 F0 00 00 00",
        "AD 00 00000000 01 FF 0004 00 00 > 001E 0000"),
    ROW("MMC 1.24", "a drive without CSS has no disc key, all else it has",
        "start css-bca css=off",
        "AD 00 00000000 00 02 0804 00 00 ! 05/24/00 cdb 7.-",
        "AD 00 00000000 00 00 0004 00 00 > 0802 0000",
        "AD 00 00000000 00 01 0008 00 00 > 0006 0000 01 00 00 00",
        "AD 00 00000000 00 03 0006 00 00 > 0012 0000 A0A1",
        "AD 00 00000000 00 04 0004 00 00 > 0802 0000",
        "AD 00 00000100 00 05 0008 00 00 > 0006 0000 F0 00 00 00",
        "AD 00 00000000 00 FF 0804 00 00 > 001A 0000 00 40 0804 01 40 0008 03 40 00C0 04 40 0804 "
        "05 40 0008 FF 40 001C"),
    ROW("MMC 1.24", "04h, manufacturing information",
        "start css",
        "AD 00 00000000 00 04 0804 00 00 > 0802 0000 00{2048}",
        "start css-marked",
        "AD 00 00000000 00 04 0804 00 00 > 0802 0000 'vodd' 00{2044}"),
    ROW("MMC 1.24", "05h, copyright management of a sector",
        "start css",
        "AD 00 00000000 00 05 0008 00 00 > 0006 0000 00 00 00 00",
        "AD 00 00000100 00 05 0008 00 00 > 0006 0000 F0 00 00 00",
        "AD 00 0000011F 00 05 0008 00 00 > 0006 0000 F0 00 00 00",
        "AD 00 00000120 00 05 0008 00 00 > 0006 0000 00 00 00 00",
        "AD 00 00000200 00 05 0008 00 00 > 0006 0000 F0 00 00 00",
        "AD 00 000007FF 00 05 0008 00 00 > 0006 0000 00 00 00 00",
        "start plain",
        "AD 00 00000101 00 05 0008 00 00 > 0006 0000 00 00 00 00"),
    ROW("MMC 1.24", "05h, an LBA beyond the disc",
        "start css",
        "AD 00 00000800 00 05 0008 00 00 ! 05/21/00 lba 800",
        "AD 00 FFFFFFFF 00 05 0008 00 00 ! 05/21/00 lba FFFFFFFF"),
    ROW("MMC 1.24", "FFh, the structure list, with and without medium",
        "start css", "AD 00 00000000 00 FF 0804 00 00 > " STRUCTURE_LIST,
        "start plain", "AD 00 00000000 00 FF 0804 00 00 > " STRUCTURE_LIST,
        "start empty", "AD 00 00000000 00 FF 0804 00 00 > " STRUCTURE_LIST,
        "start unreadable", "AD 00 00000000 00 FF 0804 00 00 > " STRUCTURE_LIST),
    ROW("MMC 1.24", "every allocation length truncates 00h",
        "start css", "sweep 8-9 AD 00 00000000 00 00 0000 00 00 > 0802 0000 " ONE_LAYER),
    ROW("MMC 1.24", "every allocation length truncates 01h",
        "start css-1", "sweep 8-9 AD 00 00000000 00 01 0000 00 00 > 0006 0000 01 FE 00 00"),
    ROW("MMC 1.24", "every allocation length truncates 03h",
        "start css-bca",
        "sweep 8-9 AD 00 00000000 00 03 0000 00 00 > 0012 0000 A0A1A2A3 A4A5A6A7 A8A9AAAB ACADAEAF"),
    ROW("MMC 1.24", "every allocation length truncates 04h",
        "start css-marked", "sweep 8-9 AD 00 00000000 00 04 0000 00 00 > 0802 0000 'vodd' 00{2044}"),
    ROW("MMC 1.24", "every allocation length truncates 05h",
        "start css", "sweep 8-9 AD 00 00000100 00 05 0000 00 00 > 0006 0000 F0 00 00 00"),
    ROW("MMC 1.24", "every allocation length truncates FFh",
        "start empty", "sweep 8-9 AD 00 00000000 00 FF 0000 00 00 > " STRUCTURE_LIST),
    ROW("MMC 1.24", "no structure needs an authentication but the disc key",
        "start css-bca",
        COPYRIGHT " > 0006 0000 01 00 00 00",
        "AD 00 00000000 00 03 0006 00 00 > 0012 0000 A0A1",
        "AD 00 00000000 00 02 0804 00 00 ! 05/6F/02"),
};
/* clang-format on */

void rows_structures(struct suite *suite)
{
    static const unsigned char known[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0xFF};

    SUITE_ADD_ROWS(suite, rows);
    for (int format = 0; format < 0x100; format++) {
        if (memchr(known, format, sizeof known))
            continue;
        suite_begin_row(suite, "MMC 1.24", "structure format %02Xh is refused", (unsigned)format);
        suite_step(suite, "start css");
        suite_step(suite, "AD 00 00000000 00 %02X 0804 00 00 ! 05/24/00 cdb 7.-", (unsigned)format);
        suite_step(suite, "AD 00 00000000 00 %02X 0000 00 00 ! 05/24/00 cdb 7.-", (unsigned)format);
    }
}
