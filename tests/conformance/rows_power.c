/* SPDX-License-Identifier: MIT */

/* Power conditions and their timers (MMC 1.7, 1.18, 4.5). */

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"

#define READ_ONE     "28 00 00000010 00 0001 00 > $plain:10"
#define ACTIVE       " > 00 06 02 56 00 01 00 00"
#define IDLE         " > 00 06 02 56 00 02 00 00"
#define STANDBY      " > 00 06 02 56 00 03 00 00"
#define GOES_IDLE    " > 00 06 02 56 01 02 00 00"
#define GOES_STANDBY " > 00 06 02 56 01 03 00 00"

/* clang-format off */
static const struct row rows[] = {
    ROW("MMC 1.18", "the power management class of an active drive",
        "start css",
        POWER_EVENT ACTIVE),
    ROW("MMC 4.5", "idle after 60 s without medium command",
        "start css", READ_ONE, "clear 1",
        "wait 59000", POWER_EVENT ACTIVE,
        "wait 1000", POWER_EVENT GOES_IDLE, POWER_EVENT IDLE),
    ROW("MMC 4.5", "standby after 480 s",
        "start css", READ_ONE, "clear 1",
        "wait 61000", POWER_EVENT GOES_IDLE,
        "wait 418000", POWER_EVENT IDLE,
        "wait 2000", POWER_EVENT GOES_STANDBY, POWER_EVENT STANDBY),
    ROW("MMC 4.5", "a medium command starts the timers anew",
        "start css", READ_ONE, "clear 1",
        "wait 40000", READ_ONE,
        "wait 40000", POWER_EVENT ACTIVE,
        "wait 21000", POWER_EVENT GOES_IDLE),
    ROW("MMC 4.5", "polling for events does not start the timers anew",
        "start css", READ_ONE, "clear 1",
        "wait 30000", POWER_EVENT ACTIVE, MEDIA_EVENT " > 00 06 04 56 00 02 00 00",
        "wait 31000", POWER_EVENT GOES_IDLE),
    ROW("MMC 4.5", "a read wakes the drive",
        "start css", READ_ONE, "clear 1",
        "wait 490000", READ_ONE, "clear 1",
        POWER_EVENT ACTIVE),
    ROW("MMC 4.5", "a timer that is switched off is ignored",
        "start css",
        "55 10 00 00 00 00 00 0014 00 < 00{8} 1A 0A 00 00 00000258 000012C0",
        READ_ONE, "clear 1",
        "wait 1000000", POWER_EVENT ACTIVE),
    ROW("MMC 4.5", "the standby timer alone",
        "start css",
        "55 10 00 00 00 00 00 0014 00 < 00{8} 1A 0A 00 01 00000258 00000064",
        READ_ONE, "clear 1",
        "wait 9000", POWER_EVENT ACTIVE,
        "wait 1000", POWER_EVENT GOES_STANDBY, POWER_EVENT STANDBY),
    ROW("MMC 4.5", "the idle timer as MODE SELECT set it, in units of 100 ms",
        "start css",
        "55 10 00 00 00 00 00 0014 00 < 00{8} 1A 0A 00 03 0000000A 000012C0",
        READ_ONE, "clear 1",
        "wait 900", POWER_EVENT ACTIVE,
        "wait 100", POWER_EVENT GOES_IDLE),
    ROW("MMC 4.5", "both changes are events of their own when nobody looked",
        "start css", READ_ONE, "clear 1",
        "wait 500000",
        POWER_EVENT " > 00 06 02 56 01 0. 00 00",
        POWER_EVENT GOES_STANDBY,
        POWER_EVENT STANDBY),
    ROW("MMC 1.7", "any command wakes a sleeping drive",
        "start css",
        "1B 00 00 00 50 00", ALLOW, POWER_EVENT " > 00 06 02 56 0. 01 00 00",
        "clear 1", POWER_EVENT ACTIVE),
    ROW("MMC 1.7", "start makes the drive active",
        "start css",
        "1B 00 00 00 30 00", POWER_EVENT " > 00 06 02 56 0. 03 00 00", POWER_EVENT STANDBY,
        "1B 00 00 00 01 00", POWER_EVENT " > 00 06 02 56 0. 01 00 00", POWER_EVENT ACTIVE),
    ROW("MMC 6.2", "a new disc makes the drive active",
        "start css",
        "1B 00 00 00 30 00", POWER_EVENT " > 00 06 02 56 0. 03 00 00", POWER_EVENT STANDBY,
        "insert plain", POWER_EVENT " > 00 06 02 56 0. 01 00 00", POWER_EVENT ACTIVE),
    ROW("MMC 1.7", "idle and standby on command show in the status",
        "start css",
        "1B 00 00 00 20 00", POWER_EVENT " > 00 06 02 56 0. 02 00 00", POWER_EVENT IDLE,
        "1B 00 00 00 30 00", POWER_EVENT " > 00 06 02 56 0. 03 00 00", POWER_EVENT STANDBY,
        "1B 00 00 00 10 00", POWER_EVENT " > 00 06 02 56 0. 01 00 00", POWER_EVENT ACTIVE),
    ROW("MMC 4.5", "idle and standby leave the medium ready",
        "start css", READ_ONE, "clear 1",
        "wait 500000",
        TEST_UNIT_READY,
        "46 00 0000 000000 0008 00 > 00000068 0000 0010",
        MEDIA_EVENT " > 00 06 04 56 00 02 00 00",
        READ_ONE),
    ROW("MMC 2.3", "idle, standby and stop keep AGIDs and ASF",
        "start css", AUTHENTICATE(0),
        "1B 00 00 00 20 00", "1B 00 00 00 30 00", "1B 00 00 00 00 00", "wait 500000",
        REPORT_ASF ASF_1,
        READ_DISC_KEY(0) DISC_KEY_ANSWER),
    ROW("MMC 2.3", "sleep frees all AGIDs and clears ASF",
        "start css", AUTHENTICATE(0),
        "1B 00 00 00 50 00",
        REPORT_ASF ASF_0,
        READ_DISC_KEY(0) " ! 05/6F/02",
        REPORT_AGID GRANTED(0)),
};
/* clang-format on */

void rows_power(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
}
