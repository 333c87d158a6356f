/* SPDX-License-Identifier: MIT */

/* GET CONFIGURATION (MMC 1.17, 3). */

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

#define PROFILE_NONE "0000 03 04 0010 00 00 "
#define PROFILE_DVD  "0000 03 04 0010 01 00 "
#define CORE         "0001 0B 08 00000001 03 000000 "
#define MORPHING     "0002 07 04 02 000000 "
#define REMOVABLE    "0003 0B 04 39 000000 "
#define READABLE(c)  "0010 " #c " 08 00000800 0010 01 00 "
#define DVD_READ(c)  "001F " #c " 04 00000000 "
#define POWER        "0100 03 00 "
#define TIMEOUT      "0105 07 04 00000000 "
#define CSS(c)       "0106 " #c " 04 00000001 "
#define STREAMING(c) "0107 " #c " 04 18000000 "
#define SERIAL       "0108 03 0C '123456789012' "
#define BEFORE       CORE MORPHING REMOVABLE
#define WITHOUT_MEDIUM                                                                             \
    PROFILE_NONE BEFORE READABLE(00) DVD_READ(08) POWER TIMEOUT CSS(00) STREAMING(0C) SERIAL
#define WITH_CSS                                                                                   \
    PROFILE_DVD BEFORE READABLE(01) DVD_READ(09) POWER TIMEOUT CSS(01) STREAMING(0D) SERIAL
#define WITH_PLAIN                                                                                 \
    PROFILE_DVD BEFORE READABLE(01) DVD_READ(09) POWER TIMEOUT CSS(00) STREAMING(0D) SERIAL

/* clang-format off */
static const struct row rows[] = {
    ROW("MMC 3.3", "GET CONFIGURATION without medium is 108 bytes",
        "start empty",
        "46 00 0000 000000 FFFF 00 > 00000068 0000 0000 " WITHOUT_MEDIUM),
    ROW("MMC 3.3", "with a CSS disc",
        "start css",
        "46 00 0000 000000 FFFF 00 > 00000068 0000 0010 " WITH_CSS),
    ROW("MMC 3.3", "with an unprotected disc: feature 0106h is not current",
        "start plain",
        "46 00 0000 000000 FFFF 00 > 00000068 0000 0010 " WITH_PLAIN),
    ROW("MMC 1.17", "GET CONFIGURATION RT=01b without medium is 72 bytes",
        "start empty",
        "46 01 0000 000000 FFFF 00 > 00000044 0000 0000 " PROFILE_NONE BEFORE POWER TIMEOUT SERIAL),
    ROW("MMC 1.17", "RT=01b with a CSS disc is everything",
        "start css",
        "46 01 0000 000000 FFFF 00 > 00000068 0000 0010 " WITH_CSS),
    ROW("MMC 1.17", "RT=01b with an unprotected disc is everything but CSS",
        "start plain",
        "46 01 0000 000000 FFFF 00 > 00000060 0000 0010 "
        PROFILE_DVD BEFORE READABLE(01) DVD_READ(09) POWER TIMEOUT STREAMING(0D) SERIAL),
    ROW("MMC 1.17", "RT=10b is the one feature",
        "start css",
        "46 02 0000 000000 FFFF 00 > 0000000C 0000 0010 " PROFILE_DVD,
        "46 02 0001 000000 FFFF 00 > 00000010 0000 0010 " CORE,
        "46 02 0002 000000 FFFF 00 > 0000000C 0000 0010 " MORPHING,
        "46 02 0003 000000 FFFF 00 > 0000000C 0000 0010 " REMOVABLE,
        "46 02 0010 000000 FFFF 00 > 00000010 0000 0010 " READABLE(01),
        "46 02 001F 000000 FFFF 00 > 0000000C 0000 0010 " DVD_READ(09),
        "46 02 0100 000000 FFFF 00 > 00000008 0000 0010 " POWER,
        "46 02 0105 000000 FFFF 00 > 0000000C 0000 0010 " TIMEOUT,
        "46 02 0106 000000 FFFF 00 > 0000000C 0000 0010 " CSS(01),
        "46 02 0107 000000 FFFF 00 > 0000000C 0000 0010 " STREAMING(0D),
        "46 02 0108 000000 FFFF 00 > 00000014 0000 0010 " SERIAL),
    ROW("MMC 1.17", "RT=10b gives a feature that is not current, too",
        "start empty",
        "46 02 0106 000000 FFFF 00 > 0000000C 0000 0000 " CSS(00),
        "46 02 001F 000000 FFFF 00 > 0000000C 0000 0000 " DVD_READ(08)),
    ROW("MMC 3.2", "RT=10b of an absent feature is the header alone",
        "start css",
        "46 02 0004 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 0020 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 0021 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 0028 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 002A 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 0101 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 0103 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 0109 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 010B 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 010C 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 010D 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 0110 000000 FFFF 00 > 00000004 0000 0010",
        "46 02 FFFF 000000 FFFF 00 > 00000004 0000 0010"),
    ROW("MMC 1.17", "RT=00b begins at the starting feature",
        "start css",
        "46 00 0001 000000 FFFF 00 > 00000060 0000 0010 " BEFORE READABLE(01) DVD_READ(09) POWER
        TIMEOUT CSS(01) STREAMING(0D) SERIAL,
        "46 00 0020 000000 FFFF 00 > 00000030 0000 0010 " POWER TIMEOUT CSS(01) STREAMING(0D) SERIAL,
        "46 00 0106 000000 FFFF 00 > 00000024 0000 0010 " CSS(01) STREAMING(0D) SERIAL,
        "46 00 0108 000000 FFFF 00 > 00000014 0000 0010 " SERIAL),
    ROW("MMC 1.17", "RT=01b begins at the starting feature",
        "start plain",
        "46 01 0106 000000 FFFF 00 > 0000001C 0000 0010 " STREAMING(0D) SERIAL),
    ROW("MMC 1.17", "a starting feature above all is the header alone",
        "start css",
        "46 00 0109 000000 FFFF 00 > 00000004 0000 0010",
        "46 00 FFFF 000000 FFFF 00 > 00000004 0000 0010",
        "46 01 0200 000000 FFFF 00 > 00000004 0000 0010"),
    ROW("MMC 1.17", "RT=11b is refused",
        "start css",
        "46 03 0000 000000 FFFF 00 ! 05/24/00 cdb 1.1"),
    ROW("MMC 1.17", "every allocation length truncates RT=00b with a CSS disc",
        "start css",
        "sweep 7-8 46 00 0000 000000 0000 00 > 00000068 0000 0010 " WITH_CSS),
    ROW("MMC 1.17", "every allocation length truncates RT=01b without medium",
        "start empty",
        "sweep 7-8 46 01 0000 000000 0000 00 > 00000044 0000 0000 " PROFILE_NONE BEFORE POWER TIMEOUT SERIAL),
    ROW("MMC 1.17", "every allocation length truncates RT=10b",
        "start css",
        "sweep 7-8 46 02 0106 000000 0000 00 > 0000000C 0000 0010 " CSS(01)),
    ROW("MMC 1.17", "no profile with the tray open, while becoming ready, with an unusable disc",
        "start css", EJECT,
        "46 00 0000 000000 FFFF 00 > 00000068 0000 0000 " WITHOUT_MEDIUM,
        "start empty spin-up-time=5000", "insert css",
        "46 00 0000 000000 FFFF 00 > 00000068 0000 0000 " WITHOUT_MEDIUM,
        "start unreadable",
        "46 00 0000 000000 FFFF 00 > 00000068 0000 0000 " WITHOUT_MEDIUM),
    ROW("MMC 1.17", "the profile comes when the disc is ready",
        "start empty spin-up-time=5000", "insert css",
        "46 00 0000 000000 0008 00 > 00000068 0000 0000",
        "wait 5000",
        "46 00 0000 000000 0008 00 > 00000068 0000 0010"),
    ROW("MMC 1.17", "it neither reports nor clears an attention",
        "power-on",
        "46 00 0000 000000 0008 00 > 00000068 0000 0000",
        TEST_UNIT_READY " ! 06/29/0."),
    ROW("MMC 3.2", "without a serial number feature 0108h is absent",
        "start empty serial=",
        "46 00 0105 000000 FFFF 00 > 0000001C 0000 0000 " TIMEOUT CSS(00) STREAMING(0C),
        "46 02 0108 000000 FFFF 00 > 00000004 0000 0000"),
    ROW("MMC 3.2", "a serial number is padded to a multiple of four",
        "start empty serial=ABCDE",
        "46 02 0108 000000 FFFF 00 > 00000010 0000 0000 0108 03 08 'ABCDE   '"),
    ROW("MMC 3.2", "firmware information when the date is known",
        "start empty firmware-date=20240229123456",
        "46 02 010C 000000 FFFF 00 > 00000018 0000 0000 010C 03 10 '20240229123456' 0000"),
    ROW("MMC 3.2", "without CSS feature 0106h is absent",
        "start css css=off",
        "46 02 0106 000000 FFFF 00 > 00000004 0000 0010",
        "46 00 0105 000000 FFFF 00 > 00000024 0000 0010 " TIMEOUT STREAMING(0D) SERIAL),
    ROW("MMC 3.2", "the interface of feature 0001h",
        "start empty interface=8",
        "46 02 0001 000000 FFFF 00 > 00000010 0000 0000 0001 0B 08 00000008 03 000000",
        "start empty interface=2",
        "46 02 0001 000000 FFFF 00 > 00000010 0000 0000 0001 0B 08 00000002 03 000000",
        "start empty interface=7",
        "46 02 0001 000000 FFFF 00 > 00000010 0000 0000 0001 0B 08 00000007 03 000000"),
};
/* clang-format on */

void rows_configuration(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
