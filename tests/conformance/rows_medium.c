/* SPDX-License-Identifier: MIT */

/* Small commands about the medium and the mechanism (MMC 1.9, 1.14, 1.15, 1.22-1.31). */

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

#define DISC_INFORMATION "0020 0E 01 01 01 01 20 00 00 00 00 00000000 FFFFFFFF FFFFFFFF 00{8} 00 00"
#define TRACK_INFORMATION                                                                          \
    "00 .. 01 01 00 04 01 00 00000000 00000000 00000000 000000.. 00000800 00000000 00 00 00 00 *"
#define STATUS "BD 00 00 00 00 00 00 00 0008 00 00"

/* clang-format off */
static const struct row rows[] = {
    ROW("MMC 1.9", "READ CAPACITY: last LBA, block length 2048",
        "start css",
        "25 00 00000000 0000 00 00 > 000007FF 00000800"),
    ROW("MMC 1.9", "PMI with an LBA",
        "start css",
        "25 00 00000123 0000 01 00 > 000007FF 00000800"),
    ROW("MMC 1.9", "RelAdr is refused",
        "start css",
        "25 01 00000000 0000 00 00 ! 05/24/00 cdb 1.0"),
    ROW("MMC 1.9", "an LBA without PMI is refused",
        "start css",
        "25 00 01000000 0000 00 00 ! 05/24/00 cdb 2.-",
        "25 00 00000001 0000 00 00 ! 05/24/00 cdb 2-5"),
    ROW("MMC 7.3", "READ CAPACITY of large discs",
        "start dvd-5", "25 00 00000000 0000 00 00 > 0023053F 00000800",
        "start dvd-9", "25 00 00000000 0000 00 00 > 003FAFFF 00000800",
        "start otp-short-1", "25 00 00000000 0000 00 00 > 002F1A3F 00000800",
        "start ptp", "25 00 00000000 0000 00 00 > 000007FF 00000800"),

    ROW("MMC 1.14", "READ DISC INFORMATION",
        "start css",
        "51 00 00 00 00 00 00 00FF 00 > " DISC_INFORMATION,
        "sweep 7-8 51 00 00 00 00 00 00 0000 00 > " DISC_INFORMATION),
    ROW("MMC 1.14", "other data types are refused",
        "start css",
        "51 01 00 00 00 00 00 00FF 00 ! 05/24/00 cdb 1.2",
        "51 02 00 00 00 00 00 00FF 00 ! 05/24/00 cdb 1.2",
        "51 07 00 00 00 00 00 00FF 00 ! 05/24/00 cdb 1.2"),

    ROW("MMC 1.15", "READ TRACK INFORMATION by LBA, track and session",
        "start css",
        "52 00 00000000 00 00FF 00 > " TRACK_INFORMATION,
        "52 00 000007FF 00 00FF 00 > " TRACK_INFORMATION,
        "52 01 00000001 00 00FF 00 > " TRACK_INFORMATION,
        "52 02 00000001 00 00FF 00 > " TRACK_INFORMATION),
    ROW("MMC 1.15", "the track size is the capacity",
        "start dvd-5",
        "52 01 00000001 00 001C 00 > 00 .. 01 01 00 04 01 00 00{12} 000000.. 00230540"),
    ROW("MMC 1.15", "every allocation length up to 36 truncates",
        "start css",
        "52 01 00000001 00 0000 00",
        "52 01 00000001 00 0001 00 > 00",
        "52 01 00000001 00 0007 00 > 00 .. 01 01 00 04 01",
        "52 01 00000001 00 0008 00 > 00 .. 01 01 00 04 01 00",
        "52 01 00000001 00 001C 00 > 00 .. 01 01 00 04 01 00 00{12} 000000.. 00000800",
        "52 01 00000001 00 0020 00 > 00 .. 01 01 00 04 01 00 00{12} 000000.. 00000800 00000000",
        "52 01 00000001 00 0024 00 > 00 .. 01 01 00 04 01 00 00{12} 000000.. 00000800 00000000 00000000"),
    ROW("MMC 1.15", "an LBA beyond the disc is refused with 05/24/00",
        "start css",
        "52 00 00000800 00 00FF 00 ! 05/24/00 cdb 2-5",
        "52 00 FFFFFFFF 00 00FF 00 ! 05/24/00 cdb 2-5"),
    ROW("MMC 1.15", "tracks and sessions other than 1 are refused",
        "start css",
        "52 01 00000000 00 00FF 00 ! 05/24/00 cdb 2-5",
        "52 01 00000002 00 00FF 00 ! 05/24/00 cdb 2-5",
        "52 01 000000FF 00 00FF 00 ! 05/24/00 cdb 2-5",
        "52 01 00000101 00 00FF 00 ! 05/24/00 cdb 2-5",
        "52 02 00000000 00 00FF 00 ! 05/24/00 cdb 2-5",
        "52 02 00000002 00 00FF 00 ! 05/24/00 cdb 2-5"),
    ROW("MMC 1.15", "the reserved address type and Open are refused",
        "start css",
        "52 03 00000001 00 00FF 00 ! 05/24/00 cdb 1.1",
        "52 05 00000001 00 00FF 00 ! 05/24/00 cdb 1.2"),

    ROW("MMC 1.23", "MECHANISM STATUS, tray closed",
        "start css", STATUS " > 00 0. .. .. .. 00 0000",
        "start empty", STATUS " > 00 0. .. .. .. 00 0000"),
    ROW("MMC 1.23", "MECHANISM STATUS, tray open",
        "start css", EJECT, STATUS " > 00 10 .. .. .. 00 0000"),
    ROW("MMC 1.23", "every allocation length truncates MECHANISM STATUS",
        "start css", EJECT,
        "sweep 8-9 BD 00 00 00 00 00 00 00 0000 00 00 > 00 10 .. .. .. 00 0000"),

    ROW("MMC 1.26", "READ BUFFER CAPACITY in bytes",
        "start css",
        "5C 00 00 00 00 00 00 00FF 00 > 000A 00 00 00080000 ........",
        "sweep 7-8 5C 00 00 00 00 00 00 0000 00 > 000A 00 00 00080000 ........"),
    ROW("MMC 1.26", "READ BUFFER CAPACITY in blocks",
        "start css",
        "5C 01 00 00 00 00 00 00FF 00 > 000A 00 01 00000000 ........"),
    ROW("MMC 1.26", "READ BUFFER CAPACITY of another drive, without medium",
        "start empty buffer-size=262144",
        "5C 00 00 00 00 00 00 000C 00 > 000A 00 00 00040000 ........"),

    ROW("MMC 1.27", "READ FORMAT CAPACITIES with a disc",
        "start css",
        "23 00 00 00 00 00 00 00FC 00 > 00 00 00 08 00000800 02 000800",
        "sweep 7-8 23 00 00 00 00 00 00 0000 00 > 00 00 00 08 00000800 02 000800"),
    ROW("MMC 1.27", "READ FORMAT CAPACITIES without medium",
        "start empty",
        "23 00 00 00 00 00 00 00FC 00 > 00 00 00 08 ........ 03 000800"),

    ROW("MMC 1.29", "SEND DIAGNOSTIC: the default self-test",
        "start css", "1D 04 00 0000 00"),
    ROW("MMC 1.29", "SEND DIAGNOSTIC: no self-test and no parameter list are no error",
        "start css", "1D 00 00 0000 00", "1D 10 00 0000 00"),

    ROW("MMC 1.31", "SYNCHRONIZE CACHE does nothing, whatever its bytes are",
        "start css", "35 00 00000000 00 0000 00", "35 02 FFFFFFFF 00 FFFF 00"),

    ROW("MMC 1.11", "SEEK to the last LBA and beyond",
        "start css",
        "2B 00 000007FF 00 0000 00",
        "2B 00 00000800 00 0000 00 ! 05/21/00 lba 800",
        "2B 00 FFFFFFFF 00 0000 00 ! 05/21/00 lba FFFFFFFF"),

    ROW("MMC 1.22", "SET READ AHEAD",
        "start css",
        "A7 00 00000000 000007FF 00 00",
        "A7 00 000007FF 00000000 00 00",
        "A7 00 00000800 00000000 00 00 ! 05/21/00 lba 800",
        "A7 00 00000000 00000800 00 00 ! 05/21/00 lba 800"),
};
/* clang-format on */

/* Every self-test code with every combination of PF, SelfTest, DevOffL and UnitOffL, without and
 * with a parameter list. */
static void rows_send_diagnostic(struct suite *suite)
{
    for (unsigned code = 0; code < 8; code++) {
        suite_begin_row(suite, "MMC 1.29", "SEND DIAGNOSTIC with self-test code %u", code);
        suite_step(suite, "start css");
        for (unsigned bits = 0; bits < 0x20; bits++) {
            unsigned flags = code << 5 | bits;
            if ((bits & 0x08) != 0)
                continue; /* reserved */
            suite_step(suite, "1D %02X 00 0000 00%s", flags, code ? " ! 05/24/00 cdb 1.7" : "");
            suite_step(suite, "1D %02X 00 0004 00 < 00{4} ! 05/24/00 %s", flags,
                       code ? "cdb 1.7" : "cdb 3.-");
        }
    }
}

void rows_medium(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
    rows_send_diagnostic(suite);
}
