/* SPDX-License-Identifier: MIT */

/* Disc key and title keys: order of the conditions, regions, unprotected sectors
 * (MMC 2.5, 2.6, 2.10). */

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

#define TITLE_KEY_OF(lba) "A4 00 " #lba " 00 00 000C 04 00"
#define NO_TITLE_KEY      " > 00 0A 00 00 00 " ZERO_KEY " 00 00"

/* clang-format off */
static const struct row rows[] = {
    ROW("MMC 2.5", "without authentication 05/6F/02 comes before every other reason",
        "start css",
        REPORT_TITLE_KEY_1(0) " ! 05/6F/02",
        TITLE_KEY_OF(FFFFFFFF) " ! 05/6F/02",
        "start plain",
        REPORT_TITLE_KEY_1(0) " ! 05/6F/02",
        READ_DISC_KEY(0) " ! 05/6F/02",
        TITLE_KEY_OF(FFFFFFFF) " ! 05/6F/02",
        "start css-2" REGION_1,
        REPORT_TITLE_KEY_1(0) " ! 05/6F/02"),
    ROW("MMC 2.5", "the medium comes before the state",
        "start empty",
        REPORT_TITLE_KEY_1(0) " ! 02/3A/01",
        READ_DISC_KEY(0) " ! 02/3A/01",
        REPORT_KEY1(0) " ! 02/3A/01",
        "start unreadable",
        REPORT_TITLE_KEY_1(0) " ! 05/30/02",
        READ_DISC_KEY(0) " ! 05/30/02"),
    ROW("MMC 2.5", "a disc without keys comes before the LBA",
        "start plain" REGION_1, AUTHENTICATE(0), TITLE_KEY_OF(FFFFFFFF) " ! 05/6F/01"),
    ROW("MMC 2.5", "the LBA comes before the region",
        "start css-2" REGION_1, AUTHENTICATE(0), TITLE_KEY_OF(00000800) " ! 05/21/00 lba 800",
        REPORT_ASF ASF_1),
    ROW("MMC 2.5", "a title key beyond the capacity",
        "start css" REGION_1,
        AUTHENTICATE(0), TITLE_KEY_OF(00000800) " ! 05/21/00 lba 800",
        AUTHENTICATE(0), TITLE_KEY_OF(FFFFFFFF) " ! 05/21/00 lba FFFFFFFF"),
    ROW("MMC 2.5", "an unprotected disc has no disc key",
        "start plain", AUTHENTICATE(0), READ_DISC_KEY(0) " ! 05/6F/01", REPORT_ASF ASF_1),
    ROW("MMC 2.5", "an unprotected disc has no title keys",
        "start plain" REGION_1, AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) " ! 05/6F/01",
        REPORT_ASF ASF_1, REPORT_AGID GRANTED(0)),
    ROW("MMC 2.2", "every sector of a title set has its title key, navigation and padding packs too",
        "start css" REGION_1,
        AUTHENTICATE(0), TITLE_KEY_OF(00000100) TITLE_KEY_1_ANSWER,
        AUTHENTICATE(0), TITLE_KEY_OF(00000108) TITLE_KEY_1_ANSWER,
        AUTHENTICATE(0), TITLE_KEY_OF(0000011F) TITLE_KEY_1_ANSWER,
        AUTHENTICATE(0), TITLE_KEY_OF(00000200) TITLE_KEY_2_ANSWER,
        AUTHENTICATE(0), TITLE_KEY_OF(0000020F) TITLE_KEY_2_ANSWER),
    ROW("MMC 2.10", "unprotected-title-key zero: CPM 0 and a zero key under the bus key",
        "start css" REGION_1,
        AUTHENTICATE(0), TITLE_KEY_OF(00000010) NO_TITLE_KEY, REPORT_ASF ASF_1,
        AUTHENTICATE(0), TITLE_KEY_OF(000000FF) NO_TITLE_KEY,
        AUTHENTICATE(0), TITLE_KEY_OF(00000120) NO_TITLE_KEY,
        AUTHENTICATE(0), TITLE_KEY_OF(00000180) NO_TITLE_KEY,
        AUTHENTICATE(0), TITLE_KEY_OF(000007FF) NO_TITLE_KEY,
        REPORT_AGID GRANTED(0)),
    ROW("MMC 2.10", "unprotected-title-key not-present: 05/6F/01, the AGID is free",
        "start css unprotected-title-key=not-present" REGION_1,
        AUTHENTICATE(0), TITLE_KEY_OF(00000010) " ! 05/6F/01", REPORT_ASF ASF_1,
        AUTHENTICATE(0), TITLE_KEY_OF(00000180) " ! 05/6F/01",
        AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) TITLE_KEY_1_ANSWER),
    ROW("MMC 2.6", "region never set: no title key, for a disc of all regions either",
        "start css", AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) " ! 05/6F/04",
        REPORT_ASF ASF_0,
        "start css-1", AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) " ! 05/6F/04"),
    ROW("MMC 2.6", "region-unset plays-region-free: a disc of all regions matches, others do not",
        "start css region-unset=plays-region-free",
        AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) TITLE_KEY_1_ANSWER,
        "start css-1 region-unset=plays-region-free",
        AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) " ! 05/6F/04",
        "start css-2 region-unset=plays-region-free" REGION_1,
        AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) " ! 05/6F/04"),
    ROW("MMC 2.6", "region set: RMI 00h matches, the own region matches, another does not",
        "start css" REGION_1, AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) TITLE_KEY_1_ANSWER,
        "start css-1" REGION_1, AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) TITLE_KEY_1_ANSWER,
        "start css-12" REGION_1, AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) TITLE_KEY_1_ANSWER,
        "start css-2" REGION_1, AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) " ! 05/6F/04",
        "start css-1 region=FD/4/4", AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) " ! 05/6F/04",
        "start css-12 region=FD/4/4", AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) TITLE_KEY_1_ANSWER,
        "start css-12 region=7F/4/4", AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) " ! 05/6F/04"),
    ROW("MMC 2.6", "region mismatch: authentication and disc key work, ASF 1 after them",
        "start css-2" REGION_1, AUTHENTICATE(0), READ_DISC_KEY(0) DISC_KEY_ANSWER, REPORT_ASF ASF_1),
    ROW("MMC 2.6", "region mismatch: ASF is 1 again after a new authentication",
        "start css-2" REGION_1, AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) " ! 05/6F/04",
        REPORT_ASF ASF_0, AUTHENTICATE(0), REPORT_ASF ASF_1,
        "28 00 00000101 00 0001 00 > $title-1"),
    ROW("MMC 2.6", "region mismatch: a sector without key gives 05/6F/04 as well",
        "start css-2" REGION_1, AUTHENTICATE(0), TITLE_KEY_OF(00000010) " ! 05/6F/04"),
    ROW("MMC 2.6", "a phase I drive and a drive without RPC match every disc",
        "start css-2 rpc=phase-1", AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) TITLE_KEY_1_ANSWER,
        "start css-2 rpc=none", AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) TITLE_KEY_1_ANSWER),
};
/* clang-format on */

void rows_keys(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
