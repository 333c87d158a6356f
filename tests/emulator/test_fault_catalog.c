/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

#include "emulator/fault_catalog.h"
#include "tests/support/fault_log.h"
#include "tests/support/faulty_drive.h"

/* The catalog: every scenario can be loaded and meets what hosts send. */

static struct fault_rule rules[FAULT_SCENARIO_RULES_MAX];
static struct fault_log fault_log;

static void release(void)
{
    for (size_t i = 0; i < FAULT_SCENARIO_RULES_MAX; i++)
        fault_rule_release(&rules[i]);
}

static unsigned load(const char *name, const char *const *extra, size_t extra_count)
{
    unsigned count;

    release();
    fault_log_init(&fault_log);
    ck_assert_msg(
        fault_scenario_read(name, extra, extra_count, rules, &count, &fault_log.diagnostics), "%s",
        fault_log.text);
    return count;
}

START_TEST(scenarios_are_complete)
{
    const struct fault_scenario *scenario = &fault_catalog[_i];

    ck_assert_ptr_eq(fault_scenario_find(scenario->name), scenario);
    ck_assert_int_eq(scenario->what[strlen(scenario->what) - 1], '.');
    ck_assert_int_eq(scenario->correct[strlen(scenario->correct) - 1], '.');
    /* It goes on the words "A correct driver". */
    ck_assert_int_ge(scenario->correct[0], 'a');
    ck_assert_uint_ge(load(scenario->name, NULL, 0), 1);
    ck_assert_str_eq(rules[0].name, scenario->name);
    /* Subjects stand together. */
    for (int i = _i; fault_catalog[i].name; i++)
        if (strcmp(fault_catalog[i].subject, scenario->subject) == 0)
            ck_assert_msg(i == _i || strcmp(fault_catalog[i - 1].subject, scenario->subject) == 0,
                          "%s", fault_catalog[i].name);
}
END_TEST

START_TEST(settings_replace_those_of_a_scenario)
{
    static const char *const extra[] = {"times=always", "lba=5", "command=READ(12)"};

    ck_assert_uint_eq(load("scratch", extra, 3), 1);
    ck_assert_str_eq(rules[0].text, "sense=3/11/05 times=always lba=5 command='READ(12)'");
    ck_assert_uint_eq(load("mode-sense-length", extra, 1), 2);
    ck_assert_str_eq(rules[0].name, "mode-sense-length");
    ck_assert_str_eq(rules[1].name, "mode-sense-length-2");
}
END_TEST

START_TEST(what_is_not_right_is_said)
{
    static const char *const extra[] = {"times=never"};
    unsigned count;

    fault_log_init(&fault_log);
    ck_assert(!fault_scenario_read("scrach", NULL, 0, rules, &count, &fault_log.diagnostics));
    ck_assert_str_eq(fault_log.text,
                     "catalog:scrach: no such scenario; the nearest is \"scratch\"\n");
    fault_log_init(&fault_log);
    ck_assert(!fault_scenario_read("scratch", extra, 1, rules, &count, &fault_log.diagnostics));
    ck_assert_str_eq(fault_log.text, "fault scratch: times = never: not a count from 1; accepted: "
                                     "N | always | once-per-session\n");
}
END_TEST

/* What hosts send when they start, mount, authenticate and read; whatever comes of it. */
static const char *const start[] = {
    "12 00 00 00 24 00",
    "12 00 00 00 24 00",
    "12 01 00 00 FF 00",
    "12 01 80 00 FF 00",
    "A0 00 00 000000 00000100 00 00",
    "46 00 0000 000000 0100 00",
    "46 02 001F 000000 0010 00",
    "4A 01 0000 10 0000 0008 00",
    "4A 01 0000 10 0000 0008 00",
    "1A 00 2A 00 80 00",
    "1A 00 3F 00 80 00",
    "5A 00 2A 00 000000 0080 00",
    "5A 00 3F 00 000000 0080 00",
    "A3 0C 00 000000 00000008 00 00",
    "00 00 00 00 00 00",
    "25 00 00000000 0000 00 00",
    "43 00 00 000000 00 000C 00",
    "52 01 00000001 00 0024 00",
    "AD 00 00000000 00 00 0804 00 00",
    "AD 00 00000000 01 00 0804 00 00",
    "AD 00 00000000 00 01 0008 00 00",
    "28 00 00000010 00 0010 00",
    "28 00 00000100 00 0010 00",
    "28 00 00000108 00 0010 00",
    "28 00 00000010 00 0001 00",
    "A8 00 00000020 00000004 00 00",
    "A8 00 00000030 00000004 00 00",
    "A8 00 00000040 00000004 00 00",
    "A8 00 00000050 00000004 00 00",
    "A8 00 00000060 00000004 00 00",
};

static const char *const sessions[] = {
    "A4 00 00000000 00 00 0008 40 00", /* an AGID field that means nothing */
    "A4 00 00000000 00 00 0000 3F 00", "A4 00 00000000 00 00 0000 7F 00",
    "A4 00 00000000 00 00 0008 00 00", "A4 00 00000000 00 00 0000 3F 00",
    "A4 00 00000000 00 00 0008 00 00", "A4 00 00000000 00 00 0000 3F 00",
    "A4 00 00000000 00 00 0008 08 00", "A3 00 00000000 00 00 0008 06 00 < 00060000 FD000000",
    "A4 00 00000000 00 00 0008 08 00", "A4 00 00000000 00 00 0008 08 00",
};

static void run_all(const char *const *commands, size_t count)
{
    for (size_t i = 0; i < count; i++)
        faulty_drive_run(commands[i]);
}

static void authenticate_and(const char *cdb)
{
    unsigned agid;
    char bytes[64];

    /* Over attentions and whatever else comes once. */
    for (unsigned attempt = 0; attempt < 3 && !faulty_drive_try_authentication(&agid); attempt++)
        for (unsigned i = 0; i < 4; i++) {
            snprintf(bytes, sizeof bytes, "A4 00 00000000 00 00 0000 %02X 00", i << 6 | 0x3F);
            faulty_drive_run(bytes);
        }
    snprintf(bytes, sizeof bytes, cdb, agid << 6 & 0xC0);
    faulty_drive_run(bytes);
    faulty_drive_run("A4 00 00000000 00 00 0008 05 00");
}

static void converse(void)
{
    run_all(start, sizeof start / sizeof *start);
    run_all(sessions, sizeof sessions / sizeof *sessions);
    authenticate_and("AD 00 00000000 00 02 0804 %02X 00");
    authenticate_and("A4 00 00000168 00 00 000C %02X 00");
    faulty_drive_run("A4 00 00000168 00 00 000C 04 00");
    drive_insert(faulty.drive, faulty.disc, faulty.now);
    /* A host polls: this is where it hears of the change, or not. */
    faulty_drive_run("00 00 00 00 00 00");
    run_all(start, sizeof start / sizeof *start);
    for (unsigned i = 0; i < 300; i++)
        faulty_drive_run("00 00 00 00 00 00");
}

START_TEST(scenarios_meet_what_hosts_send)
{
    const char *name = fault_catalog[_i].name;
    unsigned count = load(name, NULL, 0);
    struct fault_status status;

    for (unsigned i = 0; i < count; i++)
        ck_assert_int_eq(drive_fault_add(faulty.drive, &rules[i]), FAULT_ADDED);
    converse();
    for (size_t i = 0; drive_fault_get(faulty.drive, i, &status); i++)
        ck_assert_msg(status.applied > 0, "%s: %s", status.rule->name, status.rule->text);
    /* The drive outlives them. */
    drive_fault_clear(faulty.drive);
    drive_reset(faulty.drive, DRIVE_RESET_POWER_ON, faulty.now);
    drive_insert(faulty.drive, faulty.disc, faulty.now);
    for (unsigned i = 0; i < 3; i++)
        faulty_drive_run("00 00 00 00 00 00");
    faulty_drive_assert_good();
    faulty_drive_authenticate();
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("fault catalog");
    TCase *texts = tcase_create("texts"), *tests = tcase_create("all");
    int count = 0;

    tcase_add_checked_fixture(texts, NULL, release);
    while (fault_catalog[count].name)
        count++;
    faulty_drive_add_fixtures(tests);
    tcase_add_loop_test(texts, scenarios_are_complete, 0, count);
    tcase_add_test(texts, settings_replace_those_of_a_scenario);
    tcase_add_test(texts, what_is_not_right_is_said);
    suite_add_tcase(suite, texts);
    tcase_add_loop_test(tests, scenarios_meet_what_hosts_send, 0, count);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(make_suite)
