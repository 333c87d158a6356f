/* SPDX-License-Identifier: MIT */

/* Realistic timing: what a host sees of it (MMC 1.7, 1.18-1.22, 6.1, 6.5, 7.4, 7.5). */

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

/* Times that are short where time is real. */
#define REALISTIC                                                                                  \
    "timing=realistic tray-time=50 start-time=50 identification-time=100 wake-time=20 "            \
    "seek-time=5 full-seek-time=10 layer-change-time=5 authentication-time=10"
/* The same with one phase that is long enough to look at it. */
#define SLOW_TRAY   REALISTIC " tray-time=1500"
#define SLOW_START  REALISTIC " start-time=1500"
#define SLOW_LEADIN REALISTIC " identification-time=2000"

#define PERFORMANCE   "AC 10 00000000 0000 000A 00 00 > "
#define SPEED(value)  "5A 00 2A 00 000000 0018 00 > 00 26 00{6} 2A 1E ..{12} " #value
#define STREAM        "B6 00 00 00 00 00 00 00 00 001C 00 < "
#define STREAM_4X     STREAM "00000000 00000000 000007FF 000015A4 000003E8 000015A4 000003E8"
#define SET_CAV(kB)   "BB 01 " #kB " FFFF 00 00 00 00 00 00"
#define SET_CLV(kB)   "BB 00 " #kB " FFFF 00 00 00 00 00 00"
#define BECOMES_READY " ! 02/04/01"
#define STOP          "1B 00 00 00 00 00"
#define START         "1B 00 00 00 01 00"
#define START_AT_ONCE "1B 01 00 00 01 00"
#define LOAD_AT_ONCE  "1B 01 00 00 03 00"
#define READ_ONE      "28 00 00000010 00 0001 00 > $plain:10"

/* clang-format off */
static const struct row rows[] = {
    ROW("MMC 7.5", "realistic: a full disc at 16x with constant angular velocity",
        "start dvd-5 " REALISTIC,
        PERFORMANCE "00000014 00 000000 00000000 000023D1 0023053F 00005690"),
    ROW("MMC 7.5", "realistic: a short disc ends slower",
        "start css " REALISTIC,
        PERFORMANCE "00000014 00 000000 00000000 000023D1 000007FF 000023E5"),
    ROW("MMC 7.5", "realistic: two layers, opposite track path: rising, then falling",
        "start dvd-9 " REALISTIC,
        PERFORMANCE "00000024 00 000000 00000000 000023D1 001FD7FF 00005690 "
        "001FD800 00005690 003FAFFF 000023D1"),
    ROW("MMC 7.5", "realistic: two layers, parallel track path: each begins on the inside",
        "start ptp " REALISTIC,
        PERFORMANCE "00000024 00 000000 00000000 000023D1 0000040F 000023.. "
        "00000410 000023D1 000007FF 000023.."),
    ROW("MMC 7.5", "realistic: 4x with constant angular velocity",
        "start dvd-5 " REALISTIC,
        SET_CAV(15A4), SPEED(15A4),
        PERFORMANCE "00000014 00 000000 00000000 000008F4 0023053F 000015A4"),
    ROW("MMC 7.5", "realistic: 4x with constant linear velocity is 4x everywhere",
        "start dvd-5 " REALISTIC,
        SET_CLV(15A4), SPEED(15A4),
        PERFORMANCE "00000014 00 000000 00000000 000015A4 0023053F 000015A4"),
    ROW("MMC 7.5", "realistic: 8x with constant linear velocity, once the spindle can follow",
        "start dvd-5 " REALISTIC,
        SET_CLV(2B48), SPEED(2B48),
        PERFORMANCE "00000024 00 000000 00000000 000023D1 00035355 00002B47 "
        "00035356 00002B48 0023053F 00002B48"),
    ROW("MMC 7.5", "realistic: 8x with constant linear velocity on two layers, four descriptors",
        "start dvd-9 " REALISTIC,
        SET_CLV(2B48),
        PERFORMANCE "00000044 00 000000 00000000 000023D1 000305B3 00002B47 "
        "000305B4 00002B48 001FD7FF 00002B48 001FD800 00002B48 003CAA4B 00002B48 "
        "003CAA4C 00002B47 003FAFFF 000023D1",
        "AC 10 00000000 0000 0001 00 00 > 00000044 00 000000 00000000 000023D1 000305B3 00002B47"),
    ROW("MMC 7.5", "realistic: 16x with constant linear velocity is what the spindle can do",
        "start dvd-5 " REALISTIC,
        SET_CLV(5690),
        PERFORMANCE "00000014 00 000000 00000000 000023D1 0023053F 00005690"),
    ROW("MMC 1.20", "realistic: SET STREAMING, GET PERFORMANCE and mode page 2Ah agree",
        "start dvd-5 " REALISTIC,
        STREAM_4X, SPEED(15A4),
        PERFORMANCE "00000014 00 000000 00000000 000008F4 0023053F 000015A4",
        STREAM "04 00{27}", SPEED(5690),
        PERFORMANCE "00000014 00 000000 00000000 000023D1 0023053F 00005690"),
    ROW("MMC 1.21", "realistic: a speed between two is the lower one",
        "start dvd-5 " REALISTIC,
        SET_CLV(2000), SPEED(15A4),
        PERFORMANCE "00000014 00 000000 00000000 000015A4 0023053F 000015A4"),
    ROW("MMC 1.21", "realistic: a new medium turns at the maximum",
        "start css " REALISTIC,
        SET_CAV(15A4), PERFORMANCE "00000014 00 000000 00000000 000008F4 000007FF 000008F9",
        "eject keep", "insert nothing", "wait 250", "clear 1",
        SPEED(5690), PERFORMANCE "00000014 00 000000 00000000 000023D1 000007FF 000023E5"),
    ROW("MMC 1.19", "realistic: without medium a header",
        "start empty " REALISTIC,
        SET_CLV(15A4), "AC 10 00000000 0000 000A 00 00 > 00000004 00 000000"),
    ROW("MMC 7.4", "realistic: a drive of 8x",
        "start dvd-5 " REALISTIC " max-read-speed=11080",
        PERFORMANCE "00000014 00 000000 00000000 000011E8 0023053F 00002B48",
        SET_CLV(5690), SPEED(2B48),
        PERFORMANCE "00000014 00 000000 00000000 000011E8 0023053F 00002B48"),

    ROW("MMC 6.5", "realistic: tray, spindle and identification before a disc is ready",
        "power-on " SLOW_LEADIN, "clear 1", "insert css",
        TEST_UNIT_READY BECOMES_READY,
        MEDIA_EVENT " > 00 06 04 56 00 02 00 00",
        BUSY_EVENT " > 00 06 06 56 01 02 00 ..",
        "wait 2150",
        TEST_UNIT_READY " ! 06/28/00", TEST_UNIT_READY,
        MEDIA_EVENT " > 00 06 04 56 02 02 00 00",
        BUSY_EVENT " > 00 06 06 56 00 00 00 00"),
    ROW("MMC 6.5", "realistic: load waits until the disc is ready",
        "start css " REALISTIC,
        EJECT, LOAD, TEST_UNIT_READY " ! 06/28/00", READ_ONE),
    ROW("MMC 6.5", "realistic: load with IMMED is GOOD at once",
        "start css " SLOW_LEADIN,
        EJECT, LOAD_AT_ONCE, TEST_UNIT_READY BECOMES_READY,
        "wait 2200", TEST_UNIT_READY " ! 06/28/00", READ_ONE),
    ROW("MMC 6.5", "realistic: start waits until the disc is ready",
        "power-on " SLOW_LEADIN, "clear 1", "insert css",
        START, TEST_UNIT_READY " ! 06/28/00", READ_ONE),
    ROW("MMC 6.1", "realistic: an empty tray on its way in is becoming ready, then there is no medium",
        "start empty " SLOW_TRAY, EJECT, "clear 1", LOAD_AT_ONCE,
        TEST_UNIT_READY BECOMES_READY,
        START BECOMES_READY,
        MEDIA_EVENT " > 00 06 04 56 00 00 00 00",
        "wait 1500", TEST_UNIT_READY " ! 02/3A/01",
        MEDIA_EVENT " > 00 06 04 56 00 00 00 00"),
    ROW("MMC 6.1", "realistic: load of an empty tray waits for the tray",
        "start empty " REALISTIC, EJECT, LOAD,
        TEST_UNIT_READY " ! 02/3A/01"),
    ROW("MMC 1.18", "realistic: eject with IMMED is GOOD at once, and the device busy",
        "start css " SLOW_TRAY, "1B 01 00 00 02 00",
        TEST_UNIT_READY " ! 02/3A/02",
        BUSY_EVENT " > 00 06 06 56 01 02 00 ..",
        "wait 1500",
        BUSY_EVENT " > 00 06 06 56 00 00 00 00"),
    ROW("MMC 6.2", "realistic: a reset with a disc in the drive: ready again after identification",
        "start css " SLOW_LEADIN, "reset hard",
        TEST_UNIT_READY " ! 06/29/00", TEST_UNIT_READY BECOMES_READY,
        "wait 2000",
        TEST_UNIT_READY " ! 06/28/00", READ_ONE),
    ROW("MMC 6.2", "realistic: an unusable disc is one only after identification",
        "power-on " SLOW_LEADIN, "clear 1", "insert unreadable",
        TEST_UNIT_READY BECOMES_READY,
        "wait 2150", TEST_UNIT_READY " ! 06/28/00", TEST_UNIT_READY " ! 02/30/02"),
    ROW("MMC 6.2", "realistic: a disc in a closed drive is exchanged by way of the tray",
        "start css " SLOW_TRAY, "insert plain",
        TEST_UNIT_READY BECOMES_READY,
        "wait 3150", TEST_UNIT_READY " ! 06/28/00", READ_ONE),

    ROW("MMC 1.7", "realistic: after a stop the medium is ready; the next read spins up",
        "start css " REALISTIC,
        STOP, TEST_UNIT_READY, READ_ONE),
    ROW("MMC 1.7", "realistic: start after stop waits; no medium has changed",
        "start css " SLOW_START,
        STOP, START, TEST_UNIT_READY, MEDIA_EVENT " > 00 06 04 56 00 02 00 00"),
    ROW("MMC 1.7", "realistic: start with IMMED after stop: 02/04/01 until the spindle turns",
        "start css " SLOW_START,
        STOP, START_AT_ONCE,
        TEST_UNIT_READY BECOMES_READY,
        "28 00 00000010 00 0001 00" BECOMES_READY,
        BUSY_EVENT " > 00 06 06 56 01 02 00 ..",
        "46 00 0000 000000 0008 00 > 00000068 0000 0010",
        "wait 1500",
        TEST_UNIT_READY, READ_ONE,
        MEDIA_EVENT " > 00 06 04 56 00 02 00 00"),
    ROW("MMC 1.7", "realistic: a second start waits for the first one",
        "start css " SLOW_START,
        STOP, START_AT_ONCE, START, TEST_UNIT_READY),
    ROW("MMC 1.7", "realistic: a stop ends a start",
        "start css " SLOW_START,
        STOP, START_AT_ONCE, STOP, TEST_UNIT_READY),
    ROW("MMC 1.7", "realistic: the active power condition with IMMED is a start with IMMED",
        "start css " SLOW_START,
        "1B 00 00 00 30 00", "1B 01 00 00 10 00", TEST_UNIT_READY BECOMES_READY,
        "1B 00 00 00 10 00", TEST_UNIT_READY),
    ROW("MMC 1.7", "realistic: reads from idle, standby and sleep",
        "start css " REALISTIC,
        "1B 00 00 00 20 00", READ_ONE, "1B 00 00 00 30 00", READ_ONE, "1B 00 00 00 50 00", READ_ONE),
    ROW("MMC 1.7", "realistic: start with IMMED of a drive that turns is done at once",
        "start css " SLOW_START,
        START_AT_ONCE, TEST_UNIT_READY, BUSY_EVENT " > 00 06 06 56 00 00 00 00"),
    ROW("MMC 1.22", "realistic: the data are the same whatever the pick-up does",
        "start css " REALISTIC,
        "2B 00 00000700 00 0000 00", READ_ONE, READ_ONE,
        "A7 00 00000010 00000300 00 00", READ_ONE, "28 00 00000300 00 0001 00 > $plain:300",
        "28 08 00000010 00 0001 00 > $plain:10",
        "2F 00 00000000 00 0010 00",
        "A8 00 00000400 00000002 00 00 > $plain:400 $plain:401"),
    ROW("MMC 7.3", "realistic: across the layer break",
        "start otp " REALISTIC,
        "28 00 0000040F 00 0002 00 > $plain:40F $plain:410"),
    ROW("MMC 2.10", "realistic: a whole authentication and a title key",
        "start css " REALISTIC,
        "handshake 0"),
};
/* clang-format on */

void rows_mechanics(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
