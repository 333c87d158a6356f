/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_PHRASES_H
#define TESTS_CONFORMANCE_PHRASES_H

/* Steps that many rows share. */

#define TEST_UNIT_READY "00 00 00 00 00 00"
#define REQUEST_SENSE   "03 00 00 00 12 00"
#define NO_SENSE        " > 70 00 00 00 00 00 00 0A 00{10}"
#define EJECT           "1B 00 00 00 02 00"
#define LOAD            "1B 00 00 00 03 00"
#define PREVENT         "1E 00 00 00 01 00"
#define ALLOW           "1E 00 00 00 00 00"

/* The mode pages as they are after power on; all of them as page 3Fh returns them. */
#define PAGE_01   "01 0A 00 05 00{8}"
#define PAGE_1A   "1A 0A 00 03 00000258 000012C0"
#define PAGE_1D   "1D 08 00 00 00 00 .... ...."
#define PAGE_2A   "2A 1E 08 00 00 00 29 00 5690 0000 0200 5690 0000 00000000 0001 00000001 00000000"
#define ALL_PAGES PAGE_01 " " PAGE_1A " " PAGE_1D " " PAGE_2A

/* READ DISC STRUCTURE FFh: the structures of a drive with CSS. */
#define STRUCTURE_LIST                                                                             \
    "001E 0000 00 40 0804 01 40 0008 02 40 0804 03 40 00C0 04 40 0804 05 40 0008 FF 40 0020"

/* GET EVENT STATUS NOTIFICATION for one class; the answers without an event. */
#define CHANGE_EVENT "4A 01 00 00 02 00 00 0008 00"
#define POWER_EVENT  "4A 01 00 00 04 00 00 0008 00"
#define MEDIA_EVENT  "4A 01 00 00 10 00 00 0008 00"
#define BUSY_EVENT   "4A 01 00 00 40 00 00 0008 00"
#define ANY_EVENT    "4A 01 00 00 56 00 00 0008 00"

/*
 * Keys of the first session: challenges 00..09 of the host and 10..19 of the drive, variant 13;
 * wire order, as everything below.
 */
#define HOST_CHALLENGE  "09 08 07 06 05 04 03 02 01 00"
#define DRIVE_CHALLENGE "19 18 17 16 15 14 13 12 11 10"
#define KEY1            "2C 1A 72 3B AD"
#define KEY2            "CF CA D2 7C 75"
#define WRONG_KEY2      "CF CA D2 7C 74"
#define BUS_KEY         "FABF1373F3"
/* Title keys of title set 1 and 2 and a zero key under that bus key. */
#define TITLE_KEY_1 "6C 4F 48 32 7D"
#define TITLE_KEY_2 "D9 54 DB A8 D4"
#define ZERO_KEY    "F3 73 13 BF FA"

/* The key commands; `a` is the first digit of CDB byte 10: AGID 0, 1, 2, 3 as 0, 4, 8, C. */
#define REPORT_AGID "A4 00 00000000 00 00 0008 00 00"
#define GRANTED(a)  " > 00 06 00 00 00 00 00 " #a "0"
#define SEND_HOST_CHALLENGE(a)                                                                     \
    "A3 00 00000000 00 00 0010 " #a "1 00 < 00 0E 00 00 " HOST_CHALLENGE " 00 00"
#define REPORT_KEY1(a)            "A4 00 00000000 00 00 000C " #a "2 00"
#define KEY1_ANSWER               " > 00 0A 00 00 " KEY1 " 00 00 00"
#define REPORT_DRIVE_CHALLENGE(a) "A4 00 00000000 00 00 0010 " #a "1 00"
#define DRIVE_CHALLENGE_ANSWER    " > 00 0E 00 00 " DRIVE_CHALLENGE " 00 00"
#define SEND_KEY2(a)              "A3 00 00000000 00 00 000C " #a "3 00 < 00 0A 00 00 " KEY2 " 00 00 00"
#define SEND_WRONG_KEY2(a)                                                                         \
    "A3 00 00000000 00 00 000C " #a "3 00 < 00 0A 00 00 " WRONG_KEY2 " 00 00 00"
#define REPORT_TITLE_KEY_1(a) "A4 00 00000101 00 00 000C " #a "4 00"
#define REPORT_TITLE_KEY_2(a) "A4 00 00000201 00 00 000C " #a "4 00"
#define TITLE_KEY_1_ANSWER    " > 00 0A 00 00 F0 " TITLE_KEY_1 " 00 00"
#define TITLE_KEY_2_ANSWER    " > 00 0A 00 00 F0 " TITLE_KEY_2 " 00 00"
#define READ_DISC_KEY(a)      "AD 00 00000000 00 02 0804 " #a "0 00"
#define DISC_KEY_ANSWER       " > 08 02 00 00 $disc-key:" BUS_KEY
#define INVALIDATE(a)         "A4 00 00000000 00 00 0000 " #a " 00" /* 3F, 7F, BF, FF */
#define REPORT_ASF            "A4 00 00000000 00 00 0008 05 00"
#define ASF_0                 " > 00 06 00 00 00 00 00 00"
#define ASF_1                 " > 00 06 00 00 00 00 00 01"
#define REPORT_RPC_STATE      "A4 00 00000000 00 00 0008 08 00"
#define SET_REGION(mask)      "A3 00 00000000 00 00 0008 06 00 < 00 06 00 00 " #mask " 00 00 00"

/* The four steps after an AGID was granted, and all five. */
#define EXCHANGE(a)                                                                                \
    SEND_HOST_CHALLENGE(a), REPORT_KEY1(a) KEY1_ANSWER,                                            \
        REPORT_DRIVE_CHALLENGE(a) DRIVE_CHALLENGE_ANSWER, SEND_KEY2(a)
#define AUTHENTICATE(a) REPORT_AGID GRANTED(a), EXCHANGE(a)

/* The region is set: title keys are given for discs of region 1. */
#define REGION_1 " region=FE/4/4"

#endif
