/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

#include "emulator/fault_table.h"
#include "tests/support/faulty_drive.h"

/*
 * When a rule is applied: each effect on a command that succeeds, on one that is refused, and where
 * there is nothing for the effect to act on.  A rule is not spent on a command without effect.
 */

#define READY         "00 00 00 00 00 00"
#define RPC_STATE     "A4 00 00000000 00 00 0008 08 00"
#define AGID          "A4 00 00000000 00 00 0008 00 00"
#define CHALLENGE     "A3 00 00000000 00 00 0010 01 00 < 000E0000 00010203040506070809 0000"
#define KEY1          "A4 00 00000000 00 00 000C 02 00"
#define KEY1_REFUSED  "A4 00 00000000 00 00 000C C2 00" /* AGID 3 is not granted */
#define KEY1_HEADER   "A4 00 00000000 00 00 0004 02 00" /* no room for the key */
#define SET_REGION_2  "A3 00 00000000 00 00 0008 06 00 < 00060000 FD000000"
#define SET_NO_REGION "A3 00 00000000 00 00 0008 06 00 < 00060000 FC000000"
#define SEND_ASF      "A3 00 00000000 00 00 0008 05 00 < 00060000 00000000"
#define READ          "28 00 00000020 00 0002 00"
#define READ_BEYOND   "28 00 7FFFFFFF 00 0001 00"
#define READ_KEYLESS  "28 00 00000168 00 0002 00" /* scrambled: fails when its data are fetched */

static void run_good(const char *bytes)
{
    faulty_drive_run(bytes);
    faulty_drive_assert_good();
}

static void take_agid(void)
{
    run_good(AGID);
}
static void take_all_agids(void)
{
    for (unsigned i = 0; i < 4; i++)
        run_good(AGID);
}
static void challenge(void)
{
    run_good(AGID);
    run_good(CHALLENGE);
}
static void authenticate(void)
{
    faulty_drive_authenticate();
}
static void raise_attention(void)
{
    drive_reset(faulty.drive, DRIVE_RESET_BUS, faulty.now);
}
static void open_tray(void)
{
    drive_eject(faulty.drive, false, faulty.now);
}
static void read_once(void)
{
    run_good(READ);
}
static void report_once(void)
{
    run_good(RPC_STATE);
}

enum situation {
    SUCCEEDS,
    REFUSED,
    WITHOUT, /* data, or state of the drive, that the effect changes */
    SITUATIONS,
};

#define ALWAYS(row, setting)                                                                       \
    {row, setting, SUCCEEDS, NULL, RPC_STATE, true},                                               \
        {row, setting, REFUSED, NULL, KEY1_REFUSED, true},                                         \
    {                                                                                              \
        row, setting, WITHOUT, NULL, READY, true                                                   \
    }
#define OF_DATA(row, setting)                                                                      \
    {row, setting, SUCCEEDS, NULL, RPC_STATE, true},                                               \
        {row, setting, REFUSED, NULL, KEY1_REFUSED, false},                                        \
        {row, setting, WITHOUT, NULL, READY, false},                                               \
    {                                                                                              \
        row, setting, WITHOUT, NULL, SEND_ASF, false                                               \
    }
#define OF_MEDIUM(row, setting)                                                                    \
    {row, setting, SUCCEEDS, NULL, READ, true}, {row, setting, REFUSED, NULL, READ_BEYOND, false}, \
    {                                                                                              \
        row, setting, REFUSED, NULL, READ_KEYLESS, false                                           \
    }
#define OF_DRIVE(row, setting, with, without)                                                      \
    {row, setting, SUCCEEDS, with, RPC_STATE, true},                                               \
        {row, setting, REFUSED, with, KEY1_REFUSED, true},                                         \
    {                                                                                              \
        row, setting, WITHOUT, without, RPC_STATE, false                                           \
    }

/* clang-format off */
static const struct {
    enum fault_row row;
    const char *settings;
    enum situation situation;
    void (*prepare)(void);
    const char *command;
    bool applied;
} cases[] = {
    ALWAYS(FAULT_ROW_SENSE, "sense=4/44/00"),
    ALWAYS(FAULT_ROW_SENSE_DATA, "sense-data=72 04 44 00"),
    ALWAYS(FAULT_ROW_STATUS, "status=busy"),
    OF_DATA(FAULT_ROW_ANSWER, "answer=01 02"),
    OF_DATA(FAULT_ROW_ANSWER, "answer="),
    OF_DATA(FAULT_ROW_HEADER_LENGTH, "header-length=2"),
    {FAULT_ROW_HEADER_LENGTH, "header-length=2", WITHOUT, NULL, READ, false},
    OF_DATA(FAULT_ROW_TRUNCATE, "truncate=5"),
    OF_MEDIUM(FAULT_ROW_TRUNCATE, "truncate=100"),
    {FAULT_ROW_TRUNCATE, "truncate=8", WITHOUT, NULL, RPC_STATE, false},
    OF_DATA(FAULT_ROW_OVERRUN, "overrun=4"),
    {FAULT_ROW_OVERRUN, "overrun=4", WITHOUT, NULL, READ, false},
    OF_DATA(FAULT_ROW_PATCH, "patch=5:FF"),
    OF_MEDIUM(FAULT_ROW_PATCH, "patch=5:FF"),
    {FAULT_ROW_PATCH, "patch=8:FF", WITHOUT, NULL, RPC_STATE, false},
    {FAULT_ROW_PATCH, "patch=4096:FF", WITHOUT, NULL, READ, false},
    OF_DATA(FAULT_ROW_FLIP, "flip=3"),
    OF_MEDIUM(FAULT_ROW_FLIP, "flip=3"),
    {FAULT_ROW_WRONG_KEY, "wrong-key=on", SUCCEEDS, challenge, KEY1, true},
    {FAULT_ROW_WRONG_KEY, "wrong-key=on", REFUSED, challenge, KEY1_REFUSED, false},
    {FAULT_ROW_WRONG_KEY, "wrong-key=on", WITHOUT, challenge, RPC_STATE, false},
    {FAULT_ROW_WRONG_KEY, "wrong-key=on", WITHOUT, challenge, KEY1_HEADER, false},
    {FAULT_ROW_STALE, "stale=on|nth=2", SUCCEEDS, report_once, RPC_STATE, true},
    {FAULT_ROW_STALE, "stale=on|nth=2", REFUSED, report_once, KEY1_REFUSED, false},
    {FAULT_ROW_STALE, "stale=on|nth=2", SUCCEEDS, read_once, READ, true},
    {FAULT_ROW_STALE, "stale=on|nth=2", REFUSED, read_once, READ_BEYOND, false},
    {FAULT_ROW_STALE, "stale=on", WITHOUT, NULL, RPC_STATE, false},
    {FAULT_ROW_STALE, "stale=on", WITHOUT, NULL, READ, false},
    ALWAYS(FAULT_ROW_MISREAD, "misread=1:00"),
    ALWAYS(FAULT_ROW_DELAY, "delay=5ms"),
    ALWAYS(FAULT_ROW_DELIVERY, "delivery=unplug"),
    ALWAYS(FAULT_ROW_RESET, "reset=bus"),
    OF_DRIVE(FAULT_ROW_BECOMING_READY, "becoming-ready=5s", NULL, open_tray),
    OF_MEDIUM(FAULT_ROW_VANISH, "vanish=2048"),
    {FAULT_ROW_VANISH, "vanish=0", WITHOUT, NULL, READY, true},
    OF_DRIVE(FAULT_ROW_EXHAUST_AGIDS, "exhaust-agids=on", NULL, take_all_agids),
    OF_DRIVE(FAULT_ROW_DROP_AGIDS, "drop-agids=on", take_agid, NULL),
    OF_DRIVE(FAULT_ROW_DROP_ASF, "drop-asf=on", authenticate, NULL),
    OF_DRIVE(FAULT_ROW_DROP_ATTENTION, "drop-attention=on", raise_attention, NULL),
    {FAULT_ROW_REGION_LAG, "region-lag=2", SUCCEEDS, NULL, SET_REGION_2, true},
    {FAULT_ROW_REGION_LAG, "region-lag=2", REFUSED, NULL, SET_NO_REGION, false},
    {FAULT_ROW_REGION_LAG, "region-lag=2", WITHOUT, NULL, RPC_STATE, false},
    /* What `execute` makes of others. */
    {FAULT_ROW_SENSE, "sense=1/17/01|execute=on", SUCCEEDS, NULL, READ, true},
    {FAULT_ROW_SENSE, "sense=1/17/01|execute=on", REFUSED, NULL, READ_BEYOND, false},
    {FAULT_ROW_SENSE, "sense=1/17/01|execute=on", REFUSED, NULL, READ_KEYLESS, false},
    {FAULT_ROW_SENSE, "sense=3/11/05|lba=361", REFUSED, NULL, READ_KEYLESS, false},
    {FAULT_ROW_SENSE, "sense=3/11/05|lba=33", SUCCEEDS, NULL, READ, true},
    {FAULT_ROW_ANSWER, "answer=01|execute=on", REFUSED, NULL, KEY1_REFUSED, true},
    {FAULT_ROW_ANSWER, "answer=01|execute=off", REFUSED, NULL, KEY1_REFUSED, true},
    {FAULT_ROW_ANSWER, "answer=01", REFUSED, NULL, "BE 00 00000000 000001 10 00 00", true},
};
/* clang-format on */
#define CASES (sizeof cases / sizeof *cases)

static struct {
    struct drive_observer observer;
    unsigned applied, met, finished;
} heard;

static void hear(struct drive_observer *observer, const struct drive_event *event)
{
    (void)observer;
    if (event->kind == DRIVE_EVENT_COMMAND)
        heard.finished++;
    if (event->kind != DRIVE_EVENT_FAULT)
        return;
    ck_assert_str_eq(event->fault.name, "r");
    ck_assert_ptr_eq(event->fault.command, &faulty.command);
    /* Whoever watches commands hears of the rule before the command's end. */
    ck_assert_uint_eq(heard.finished, 0);
    heard.applied += event->fault.change == DRIVE_FAULT_APPLIED;
    heard.met += event->fault.change == DRIVE_FAULT_MET;
}

START_TEST(a_rule_is_applied_when_its_effect_takes_place)
{
    struct fault_status status;
    char settings[120];

    snprintf(settings, sizeof settings, "%s|times=1", cases[_i].settings);
    if (strstr(settings, "nth=") != NULL)
        faulty_drive_rule("r", settings);
    if (cases[_i].prepare)
        cases[_i].prepare();
    if (strstr(settings, "nth=") == NULL)
        faulty_drive_rule("r", settings);
    memset(&heard, 0, sizeof heard);
    heard.observer.event = hear;
    drive_observe(faulty.drive, &heard.observer);
    faulty_drive_run(cases[_i].command);
    drive_unobserve(faulty.drive, &heard.observer);
    ck_assert(drive_fault_get(faulty.drive, 0, &status));
    ck_assert_msg(status.applied == cases[_i].applied, "%s on %s: applied %u times", settings,
                  cases[_i].command, (unsigned)status.applied);
    ck_assert_int_eq(status.spent, cases[_i].applied);
    ck_assert_uint_eq(heard.applied, cases[_i].applied);
    ck_assert_uint_le(heard.met, !cases[_i].applied);
    /* What is changed only where it is asked for is taken by each command that meets it. */
    if (cases[_i].row != FAULT_ROW_WRONG_KEY)
        ck_assert_uint_eq(heard.applied + heard.met, 1);
}
END_TEST

START_TEST(every_effect_is_tried_in_every_situation)
{
    for (unsigned row = FAULT_ROW_SENSE; row < FAULT_ROW_INFORMATION; row++) {
        for (unsigned situation = 0; situation < SITUATIONS; situation++) {
            bool found = false;
            for (size_t i = 0; i < CASES; i++)
                found |= cases[i].row == row && cases[i].situation == situation;
            ck_assert_msg(found, "%s: situation %u", fault_table[row].key, situation);
        }
    }
}
END_TEST

START_TEST(a_rule_waits_for_the_command_that_it_can_change)
{
    uint8_t right[12];

    challenge();
    faulty_drive_rule("r", "command=REPORT KEY|key-format=key1|wrong-key=on|times=1");
    faulty_drive_run(KEY1_REFUSED);
    faulty_drive_assert_sense(0x5, 0x2C, 0x00);
    run_good(RPC_STATE);
    run_good(KEY1);
    memcpy(right, faulty.data, sizeof right);
    run_good("A4 00 00000000 00 00 0000 3F 00");
    drive_fault_clear(faulty.drive);
    challenge();
    run_good(KEY1);
    ck_assert_mem_eq(faulty.data, right, 4);
    ck_assert_mem_ne(faulty.data + 4, right + 4, 5);
}
END_TEST

START_TEST(a_session_counts_when_the_rule_was_applied_in_it)
{
    struct fault_status status;

    run_good(AGID);
    faulty_drive_rule("r", "key-format=key1|truncate=6|times=once-per-session");
    faulty_drive_run(KEY1);
    faulty_drive_assert_sense(0x5, 0x2C, 0x00);
    run_good(CHALLENGE);
    run_good(KEY1);
    ck_assert_uint_eq(faulty.length, 6);
    ck_assert(drive_fault_get(faulty.drive, 0, &status));
    ck_assert_uint_eq(status.met, 2);
    ck_assert_uint_eq(status.applied, 1);
}
END_TEST

START_TEST(commands_under_way_do_not_take_more_than_there_is)
{
    static struct drive_command second;
    struct fault_status status;
    uint8_t sectors[2 * 2048];
    const struct iovec iov = {sectors, sizeof sectors};

    faulty_drive_rule("r", "command=READ(10)|patch=0:EE|times=1");
    faulty_drive_begin(READ);
    second = (struct drive_command){.nexus = faulty.nexus, .cdb_length = 10};
    memcpy(second.cdb, faulty.command.cdb, sizeof second.cdb);
    drive_begin(faulty.drive, &second, faulty.now);
    drive_data_in(faulty.drive, &second, &iov, 1);
    drive_finish(faulty.drive, &second, faulty.now);
    ck_assert_uint_ne(sectors[0], 0xEE);
    faulty_drive_finish();
    ck_assert_uint_eq(faulty.data[0], 0xEE);
    ck_assert(drive_fault_get(faulty.drive, 0, &status));
    ck_assert_uint_eq(status.applied, 1);
    /* One that is given up gives the rule back. */
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "command=READ(10)|patch=0:EE|times=1");
    faulty_drive_begin(READ);
    drive_finish(faulty.drive, &faulty.command, faulty.now);
    run_good(READ);
    ck_assert_uint_eq(faulty.data[0], 0xEE);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("fault rules applied");
    TCase *tests = tcase_create("all");

    faulty_drive_add_fixtures(tests);
    tcase_add_loop_test(tests, a_rule_is_applied_when_its_effect_takes_place, 0, CASES);
    tcase_add_test(tests, every_effect_is_tried_in_every_situation);
    tcase_add_test(tests, a_rule_waits_for_the_command_that_it_can_change);
    tcase_add_test(tests, a_session_counts_when_the_rule_was_applied_in_it);
    tcase_add_test(tests, commands_under_way_do_not_take_more_than_there_is);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(make_suite)
