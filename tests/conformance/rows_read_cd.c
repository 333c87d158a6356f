/* SPDX-License-Identifier: MIT */

/* READ CD and READ CD MSF of user data, the policy read-cd (MMC 1.13); without it rows_opcodes.c.
 */

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

#define SERVES " read-cd=user-data"

/* clang-format off */
static const struct row rows[] = {
    ROW("MMC 1.13", "read-cd = refuse: both are invalid operation codes, also for user data",
        "start css read-cd=refuse",
        "BE 00 00000010 000001 10 00 00 ! 05/20/00",
        "B9 00 00 00 02 10 00 02 11 10 00 00 ! 05/20/00"),
    ROW("MMC 1.13", "READ CD of user data, as any type and as mode 1",
        "start css" SERVES,
        "BE 00 00000010 000002 10 00 00 > $plain:10 $plain:11",
        "BE 08 000007FF 000001 10 00 00 > $plain:7FF",
        "BE 02 00000010 000001 10 00 00 > $plain:10"),
    ROW("MMC 1.13", "READ CD without a main channel or without sectors: no data, the address is checked",
        "start css" SERVES,
        "BE 00 00000010 000002 00 00 00", "BE 00 00000010 000000 10 00 00",
        "BE 00 000007FF 000002 00 00 00 ! 05/21/00 lba 800",
        "BE 00 00000801 000000 10 00 00 ! 05/21/00 lba 801"),
    ROW("MMC 1.13", "READ CD beyond the end",
        "start css" SERVES,
        "BE 00 000007FF 000002 10 00 00 ! 05/21/00 lba 800",
        "BE 00 FFFFFFFF 000001 10 00 00 ! 05/21/00 lba FFFFFFFF",
        "BE 00 00000000 FFFFFF 10 00 00 ! 05/21/00 lba 800"),
    ROW("MMC 1.13", "READ CD of what a DVD does not have",
        "start css" SERVES,
        "BE 00 00000010 000001 F8 00 00 ! 05/24/00 cdb 9.7",
        "BE 00 00000010 000001 90 00 00 ! 05/24/00 cdb 9.7",
        "BE 00 00000010 000001 30 00 00 ! 05/24/00 cdb 9.6",
        "BE 00 00000010 000001 50 00 00 ! 05/24/00 cdb 9.6",
        "BE 00 00000010 000001 18 00 00 ! 05/24/00 cdb 9.3",
        "BE 00 00000010 000001 12 00 00 ! 05/24/00 cdb 9.2",
        "BE 00 00000010 000001 14 00 00 ! 05/24/00 cdb 9.2",
        "BE 00 00000010 000001 10 01 00 ! 05/24/00 cdb 10.2",
        "BE 00 00000010 000001 10 04 00 ! 05/24/00 cdb 10.2",
        "BE 01 00000010 000001 10 00 00 ! 05/24/00 cdb 1.0"),
    ROW("MMC 1.13", "READ CD of another type of sector: 05/64/00",
        "start css" SERVES,
        "BE 04 00000010 000001 10 00 00 ! 05/64/00",
        "BE 0C 00000010 000001 10 00 00 ! 05/64/00",
        "BE 10 00000010 000001 10 00 00 ! 05/64/00",
        "BE 14 00000010 000001 10 00 00 ! 05/64/00",
        "BE 18 00000010 000001 10 00 00 ! 05/64/00",
        "BE 1C 00000010 000001 10 00 00 ! 05/64/00"),
    ROW("MMC 1.13", "READ CD MSF of user data: the end is not read",
        "start css" SERVES,
        "B9 00 00 00 02 10 00 02 12 10 00 00 > $plain:10 $plain:11",
        "B9 08 00 00 1D 16 00 1D 17 10 00 00 > $plain:7FF"),
    ROW("MMC 1.13", "READ CD MSF of no sectors and without a main channel",
        "start css" SERVES,
        "B9 00 00 00 02 10 00 02 10 10 00 00", "B9 00 00 00 02 10 00 02 12 00 00 00"),
    ROW("MMC 1.13", "READ CD MSF: an end before the start, what is no address, what lies outside",
        "start css" SERVES,
        "B9 00 00 00 02 10 00 02 0F 10 00 00 ! 05/24/00 cdb 6.-",
        "B9 00 00 00 3C 00 01 02 00 10 00 00 ! 05/24/00 cdb 3.-",
        "B9 00 00 00 02 4B 00 04 00 10 00 00 ! 05/24/00 cdb 3.-",
        "B9 00 00 FF FF FF 00 04 00 10 00 00 ! 05/24/00 cdb 3.-",
        "B9 00 00 00 02 10 00 3C 00 10 00 00 ! 05/24/00 cdb 6.-",
        "B9 00 00 00 02 10 00 04 4B 10 00 00 ! 05/24/00 cdb 6.-",
        "B9 00 00 00 01 4A 00 02 01 10 00 00 ! 05/21/00",
        "B9 00 00 00 1D 17 00 1E 17 10 00 00 ! 05/21/00 lba 800"),
    ROW("MMC 1.13", "READ CD MSF of what a DVD does not have",
        "start css" SERVES,
        "B9 00 00 00 02 10 00 02 11 F8 00 00 ! 05/24/00 cdb 9.7",
        "B9 00 00 00 02 10 00 02 11 10 02 00 ! 05/24/00 cdb 10.2",
        "B9 01 00 00 02 10 00 02 11 10 00 00 ! 05/24/00 cdb 1.0",
        "B9 04 00 00 02 10 00 02 11 10 00 00 ! 05/64/00"),
    ROW("MMC 1.13", "READ CD needs a medium",
        "start empty" SERVES,
        "BE 00 00000010 000001 10 00 00 ! 02/3A/01", "B9 00 00 00 02 10 00 02 11 10 00 00 ! 02/3A/01",
        "start unreadable" SERVES,
        "BE 00 00000010 000001 10 00 00 ! 02/30/02", "B9 00 00 00 02 10 00 02 11 10 00 00 ! 02/30/02"),
    ROW("MMC 2.7", "READ CD of scrambled sectors has the gate of READ",
        "start css" SERVES,
        "BE 00 00000101 000001 10 00 00 ! 05/6F/03 lba 101",
        AUTHENTICATE(0), "BE 00 00000101 000001 10 00 00 > $title-1",
        "B9 00 00 00 05 20 00 05 21 10 00 00 > $title-1"),
    ROW("MMC 1.13", "READ CD of a bad sector",
        "start defects" SERVES,
        "BE 00 000002FF 000002 10 00 00 > $plain:2FF ! 03/11/05 lba 300"),
};
/* clang-format on */

void rows_read_cd(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
