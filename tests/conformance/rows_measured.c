/* SPDX-License-Identifier: MIT */

/* What drives of metal answered (CSS 12.7b, MMC 2.2, 2.6). */

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

/* A PLDS DS-8ABSH: every session has variant 0. */
#define DS_8ABSH "start css css-variant=0 "
#define KEY1_FOR(challenge, key1)                                                                  \
    REPORT_AGID GRANTED(0), "A3 00 00000000 00 00 0010 01 00 < 00 0E 00 00 " challenge " 00 00",   \
        REPORT_KEY1(0) " > 00 0A 00 00 " key1 " 00 00 00"

/* clang-format off */
static const struct row rows[] = {
    ROW("CSS 12.7b", "KEY1 of a DS-8ABSH for 00 01 02 ...",
        DS_8ABSH, KEY1_FOR("00 01 02 03 04 05 06 07 08 09", "1D 84 6F ED E3")),
    ROW("CSS 12.7b", "KEY1 of a DS-8ABSH for 10 11 12 ...",
        DS_8ABSH, KEY1_FOR("10 11 12 13 14 15 16 17 18 19", "74 EB 0B CD 88")),
    ROW("CSS 12.7b", "KEY1 of a DS-8ABSH for STEP1WIN02",
        DS_8ABSH, KEY1_FOR("53 54 45 50 31 57 49 4E 30 32", "60 B4 0E 67 89")),
    ROW("CSS 12.7b", "KEY1 of a DS-8ABSH for FF EE DD ...",
        DS_8ABSH, KEY1_FOR("FF EE DD CC BB AA 99 88 77 66", "DD 7D EF 27 13")),
    ROW("CSS 12.7b", "KEY1 of a DS-8ABSH for STEP1WIN03",
        DS_8ABSH, KEY1_FOR("53 54 45 50 31 57 49 4E 30 33", "55 39 C6 27 70")),
    ROW("CSS 12.7b", "KEY1 of a DS-8ABSH for BMIONONCE and 01h",
        DS_8ABSH, KEY1_FOR("42 4D 49 4F 4E 4F 4E 43 45 01", "7E 4B EA 02 02")),

    ROW("MMC 2.2", "a DS-8ABSH without medium: no ASF, 02/3A/01",
        "start empty", REPORT_ASF " ! 02/3A/01"),
    ROW("MMC 2.2", "a drive that answered a SEND KEY 01h with header length 0",
        "start css", REPORT_AGID GRANTED(0),
        "A3 00 00000000 00 00 0010 01 00 < 00 00 00 00 " HOST_CHALLENGE " 00 00 ! 05/26/00 list 0"),
    ROW("MMC 2.6", "a DS-8ABSH with a granted AGID: every REPORT KEY before the challenge",
        "start css", REPORT_AGID GRANTED(0),
        REPORT_AGID GRANTED(4), REPORT_ASF ASF_0, REPORT_RPC_STATE " > 00 06 00 00 25 FF 01 00",
        REPORT_DRIVE_CHALLENGE(0) " ! 05/2C/00", REPORT_KEY1(0) " ! 05/2C/00",
        REPORT_TITLE_KEY_1(0) " ! 05/6F/02",
        "A4 00 00000000 00 00 0008 06 00 ! 05/24/00 cdb 10.5",
        INVALIDATE(3F)),
    ROW("MMC 2.6", "drives of three makers whose region was never set",
        "start css", REPORT_RPC_STATE " > 00 06 00 00 25 FF 01 00"),
    ROW("MMC 2.6", "a TS-L633C without medium keeps its region: 02/3A/01",
        "start empty", SET_REGION(FE) " ! 02/3A/01",
        REPORT_RPC_STATE " > 00 06 00 00 25 FF 01 00"),
    ROW("MMC 2.6", "a TS-L633C and a disc of region 1: region 1 is set, region 2 refused",
        "start css-1", SET_REGION(FD) " ! 05/6F/04", SET_REGION(FE),
        REPORT_RPC_STATE " > 00 06 00 00 64 FE 01 00"),
    ROW("MMC 2.6", "a TS-L633C and a disc that region 7 alone may not play: region 2 is set",
        "start css-but-7", SET_REGION(FD), REPORT_RPC_STATE " > 00 06 00 00 64 FD 01 00"),
    ROW("MMC 2.6", "a TS-L633C takes no value without exactly one region",
        "start css",
        SET_REGION(01) " ! 05/26/00 list 4", SET_REGION(00) " ! 05/26/00 list 4", SET_REGION(FF) " ! 05/26/00 list 4",
        SET_REGION(FC) " ! 05/26/00 list 4", REPORT_RPC_STATE " > 00 06 00 00 25 FF 01 00"),
};
/* clang-format on */

void rows_measured(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
