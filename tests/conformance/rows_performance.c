/* SPDX-License-Identifier: MIT */

/* GET PERFORMANCE, SET STREAMING, SET CD SPEED (MMC 1.19-1.21, 7.5). */

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

#define SPEED(value) "5A 00 2A 00 000000 0018 00 > 00 26 00{6} 2A 1E ..{12} " #value
#define STREAM       "B6 00 00 00 00 00 00 00 00 001C 00 < "
/* 0 to LBA 7FFh, 5540 kB in 1000 ms. */
#define FOUR_TIMES "00000000 00000000 000007FF 000015A4 000003E8 000015A4 000003E8"

/* clang-format off */
static const struct row rows[] = {
    ROW("MMC 1.19", "nominal performance of a full disc: 6.6x to 16x",
        "start dvd-5",
        "AC 10 00000000 0000 000A 00 00 > 00000014 00 000000 00000000 000023.. 0023053F 000056.."),
    ROW("MMC 7.5", "a short disc ends slower",
        "start css",
        "AC 10 00000000 0000 000A 00 00 > 00000014 00 000000 00000000 000023.. 000007FF 000023.."),
    ROW("MMC 1.19", "a maximum of 1 and of 0 descriptors, with the full length in the header",
        "start css",
        "AC 10 00000000 0000 0001 00 00 > 00000014 00 000000 00000000 000023.. 000007FF 000023..",
        "AC 10 00000000 0000 0000 00 00 > 00000014 00 000000"),
    ROW("MMC 7.5", "an opposite track path disc: one descriptor or two",
        "start dvd-9",
        "AC 10 00000000 0000 0000 00 00 > 000000.4 00 000000"),
    ROW("MMC 7.5", "an opposite track path disc: rising to the layer break, then falling",
        "start dvd-9",
        "AC 10 00000000 0000 000A 00 00 > 00000024 00 000000 00000000 000023.. 001FD7FF 0000.... "
        "001FD800 0000.... 003FAFFF 000023.."),
    ROW("MMC 1.19", "write performance and write speeds of a read-only drive: header only",
        "start css",
        "AC 14 00000000 0000 00C8 00 00 > 00000004 02 000000",
        "AC 10 00000000 0000 00C8 03 00 > 00000004 0. 000000",
        "AC 00 00000000 0000 00C8 03 00 > 00000004 0. 000000"),
    ROW("MMC 1.19", "exceptions: header only",
        "start css",
        "AC 11 00000000 0000 00C8 00 00 > 00000004 01 000000",
        "AC 12 00000000 0000 00C8 00 00 > 00000004 01 000000",
        "AC 13 00000000 0000 00C8 00 00 ! 05/24/00 cdb 1"),
    ROW("MMC 1.19", "a tolerance other than 10b is refused",
        "start css",
        "AC 00 00000000 0000 0001 00 00 ! 05/24/00 cdb 1",
        "AC 08 00000000 0000 0001 00 00 ! 05/24/00 cdb 1",
        "AC 18 00000000 0000 0001 00 00 ! 05/24/00 cdb 1"),
    ROW("MMC 1.19", "other types are refused",
        "start css",
        "AC 10 00000000 0000 0001 01 00 ! 05/24/00 cdb 10",
        "AC 10 00000000 0000 0001 02 00 ! 05/24/00 cdb 10",
        "AC 10 00000000 0000 0001 04 00 ! 05/24/00 cdb 10",
        "AC 10 00000000 0000 0001 05 00 ! 05/24/00 cdb 10",
        "AC 10 00000000 0000 0001 FF 00 ! 05/24/00 cdb 10"),
    ROW("MMC 1.19", "a starting LBA beyond the disc",
        "start css",
        "AC 10 000007FF 0000 0000 00 00 > 000000.4 00 000000",
        "AC 10 00000800 0000 0001 00 00 ! 05/21/00 lba 800"),
    ROW("MMC 1.19", "without medium it answers all the same",
        "start empty",
        "AC 10 00000000 0000 0000 00 00 > 000000.4 00 000000",
        "AC 14 00000000 0000 00C8 00 00 > 00000004 02 000000"),

    ROW("MMC 1.20", "SET STREAMING, performance descriptor",
        "start css",
        STREAM FOUR_TIMES),
    ROW("MMC 1.20", "a cache zone descriptor (type 05h) is accepted, an unknown type is not",
        "start css",
        "B6 00 00 00 00 00 00 00 05 001C 00 < " FOUR_TIMES,
        "B6 00 00 00 00 00 00 00 01 001C 00 < " FOUR_TIMES " ! 05/24/00 cdb 8"),
    ROW("MMC 1.20", "restore defaults ignores the rest",
        "start css",
        STREAM "04 FF{27}"),
    ROW("MMC 1.20", "works without medium",
        "start empty",
        STREAM "04 00{27}"),
    ROW("MMC 1.20", "a wrong list length",
        "start css",
        "B6 00 00 00 00 00 00 00 00 001B 00 < 04 00{26} ! 05/1A/00",
        "B6 00 00 00 00 00 00 00 00 0020 00 < 04 00{31} ! 05/1A/00",
        "B6 00 00 00 00 00 00 00 00 0001 00 < 04 ! 05/1A/00"),
    ROW("MMC 1.20", "a read time of 0 is refused",
        "start css",
        STREAM "00000000 00000000 000007FF 000015A4 00000000 000015A4 000003E8 ! 05/26/00 list 16-19"),
    ROW("MMC 1.20", "an exact speed that the drive does not have is refused",
        "start css",
        STREAM "02000000 00000000 000007FF 00FFFFFF 000003E8 000015A4 000003E8 ! 05/26/00 list ?"),

    ROW("MMC 1.21", "SET CD SPEED shows in mode page 2Ah",
        "start css",
        SPEED(5690),
        "BB 00 15A4 FFFF 00 00 00 00 00 00", SPEED(15A4),
        "BB 00 5690 FFFF 00 00 00 00 00 00", SPEED(5690)),
    ROW("MMC 1.21", "FFFFh and more than the maximum are the maximum",
        "start css",
        "BB 00 0569 0000 00 00 00 00 00 00", SPEED(0569),
        "BB 00 FFFF FFFF 00 00 00 00 00 00", SPEED(5690),
        "BB 00 0569 0000 00 00 00 00 00 00",
        "BB 00 8000 0000 00 00 00 00 00 00", SPEED(5690)),
    ROW("MMC 1.21", "always GOOD, also for what cannot be",
        "start empty",
        "BB 00 0000 0000 00 00 00 00 00 00",
        "BB 01 00B1 0000 00 00 00 00 00 00",
        "BB 03 FFFF FFFF 00 00 00 00 00 00"),
    ROW("MMC 1.21", "a new medium brings the maximum back",
        "start css",
        "BB 00 15A4 FFFF 00 00 00 00 00 00", SPEED(15A4),
        "eject", "insert css", "clear 1",
        SPEED(5690)),
};
/* clang-format on */

void rows_performance(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
