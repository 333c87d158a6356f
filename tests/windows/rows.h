/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_ROWS_H
#define TESTS_WINDOWS_ROWS_H

/* The checklist, one function for each part (guest.h is the notation of a row). */

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

void windows_sessions(struct suite *suite);   /* SS, ES */
void windows_read_key(struct suite *suite);   /* RK */
void windows_send_key(struct suite *suite);   /* SK */
void windows_regions(struct suite *suite);    /* RG */
void windows_structures(struct suite *suite); /* ST, RA */
void windows_start(struct suite *suite);      /* IN */
void windows_media(struct suite *suite);      /* MC */
void windows_reads(struct suite *suite);      /* RD */
void windows_sense(struct suite *suite);      /* SN1 */
void windows_buses(struct suite *suite);      /* SH: short transfers */
void windows_aacs(struct suite *suite);       /* AA */

/* Phrases.  Numbers of the wire are big-endian, those of a caller's buffer little-endian. */
#define WIRE_START_SESSION        "| A4 00 00000000 00 00 0008 00 00"
#define WIRE_END_SESSION(byte_10) "| A3 00 00000000 00 00 0000 " #byte_10 " 00"
#define WIRE_COPYRIGHT            "| AD 00 00000000 00 01 0008 00 00"
#define WIRE_RPC_STATE            "| A4 00 00000000 00 00 0008 08 00"
#define WIRE_SET_REGION(mask)     "| A3 00 00000000 00 00 0008 06 00 < 00 06 .. .. " #mask " 00 00 00"

/* DVD_COPY_PROTECT_KEY without data: lengths and types as two hexadecimal digits. */
#define KEY_HEADER(length_low, length_high, session, type)                                         \
#length_low " " #length_high " 00 00 " #session " 00 00 00 " #type " 00 00 00 00{12} "

/* The update sequence. */
#define WIRE_UPDATE_CONFIGURATION "| 46 01 0000 00 00 00 006C 00 > 00 00 .. .. 00 00 .. .. *"
#define WIRE_UPDATE_MODE_PAGE     "| 5A 08 2A 00 00 00 00 FFF0 00 > 00 26 00{6} 2A 1E ..{30}"
#define WIRE_UPDATE_SPEEDS                                                                         \
    "| AC 14 00000000 0000 00C8 00 00 > 00 00 00 04 02 00 00 00",                                  \
        "| AC 00 00000000 0000 00C8 03 00 > 00 00 00 04 0. 00 00 00"
#define WIRE_UPDATE WIRE_UPDATE_CONFIGURATION, WIRE_UPDATE_MODE_PAGE, WIRE_UPDATE_SPEEDS

/* A drive of region 1 with a disc. */
#define DRIVE(disc) "start " disc REGION_1

/* What the shell does about a new disc: the timer sees it, a file system looks. */
#define ARRIVE "quietly tick", "quietly ioctl STORAGE_CHECK_VERIFY", "quietly tick"

#endif
