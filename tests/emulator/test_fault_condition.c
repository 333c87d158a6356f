/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <stdio.h>

#include "tests/support/faulty_drive.h"

/* Which commands a fault rule is for: every condition and every count. */

#define READY         "00 00 00 00 00 00"
#define INQUIRY       "12 00 00 00 24 00"
#define CONFIGURATION "46 02 00 1F 00 00 00 00 10 00"
#define GESN          "4A 01 00 00 10 00 00 00 08 00"
#define READ(lba)     "28 00 00 00 " lba " 00 00 01 00"
#define AGID          "A4 00 00000000 00 00 0008 00 00"
#define ASF           "A4 00 00000000 00 00 0008 05 00"
#define RPC_STATE     "A4 00 00000000 00 00 0008 08 00"
#define RELEASE(key)  "A4 00 00000000 00 00 0000 " key " 00"
#define COPYRIGHT     "AD 00 00000000 00 01 0008 00 00"
#define DISC_KEY(key) "AD 00 00000000 00 02 0804 " key " 00"

/* The rule's sense, which no command has by itself. */
#define SENSE        "sense=4/3E/02"
#define ASSERT_HIT() faulty_drive_assert_sense(0x4, 0x3E, 0x02)
#define HITS(bytes)                                                                                \
    do {                                                                                           \
        faulty_drive_run(bytes);                                                                   \
        ASSERT_HIT();                                                                              \
    } while (0)
#define PASSES(bytes)                                                                              \
    do {                                                                                           \
        faulty_drive_run(bytes);                                                                   \
        faulty_drive_assert_good();                                                                \
    } while (0)

START_TEST(command_is_named_in_the_words_of_the_standard)
{
    faulty_drive_rule("r", "command=TEST UNIT READY|" SENSE);
    HITS(READY);
    PASSES(INQUIRY);
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "command=get configuration, 0x4a|" SENSE);
    PASSES(READY);
    HITS(CONFIGURATION);
    HITS(GESN);
}
END_TEST

START_TEST(without_a_command_every_command_is_meant)
{
    faulty_drive_rule("r", SENSE);
    HITS(READY);
    HITS(INQUIRY);
    HITS("03 00 00 00 12 00");
    HITS("BE 00 00 00 00 00 00 00 00 00 00 00");
}
END_TEST

START_TEST(a_pending_unit_attention_comes_first)
{
    faulty_drive_rule("r", SENSE);
    drive_reset(faulty.drive, DRIVE_RESET_BUS, faulty.now);
    HITS(INQUIRY);
    faulty_drive_run(READY);
    faulty_drive_assert_sense(0x6, 0x29, 0x02);
    HITS(READY);
}
END_TEST

START_TEST(other_logical_units_have_no_faults)
{
    faulty_drive_rule("r", SENSE);
    faulty.command = (struct drive_command){.nexus = faulty.nexus, .lun = 1, .cdb_length = 6};
    drive_execute(faulty.drive, &faulty.command, NULL, 0, faulty.now);
    faulty_drive_assert_sense(0x5, 0x25, 0x00);
}
END_TEST

START_TEST(cdb_is_compared_digit_by_digit)
{
    faulty_drive_rule("r", "cdb=46 .2|" SENSE);
    HITS(CONFIGURATION);
    PASSES("46 01 00 1F 00 00 00 00 10 00");
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "cdb=12 .. .. .. 24|" SENSE);
    HITS(INQUIRY);
    PASSES("12 00 00 00 05 00");
}
END_TEST

START_TEST(key_format_is_of_key_commands)
{
    faulty_drive_rule("r", "key-format=rpc-state, 0x05|" SENSE);
    HITS(RPC_STATE);
    HITS(ASF);
    PASSES(AGID);
    PASSES("46 00 00 00 00 00 00 00 08 00");
}
END_TEST

START_TEST(structure_format_is_of_structures)
{
    faulty_drive_rule("r", "structure-format=copyright|" SENSE);
    HITS(COPYRIGHT);
    PASSES("AD 00 00000000 00 00 0018 00 00");
    PASSES(READY);
}
END_TEST

START_TEST(agid_is_that_of_the_cdb)
{
    faulty_drive_rule("r", "agid=1,3|" SENSE);
    PASSES(RELEASE("3F"));
    HITS(RELEASE("7F"));
    PASSES(RELEASE("BF"));
    HITS(RELEASE("FF"));
    HITS("AD 00 00000000 00 01 0008 40 00");
    PASSES(READY);
}
END_TEST

START_TEST(authentication_is_that_of_the_agid)
{
    faulty_drive_rule("r", "authentication=free|key-format=invalidate|" SENSE);
    HITS(RELEASE("3F"));
    PASSES(AGID);
    PASSES(RELEASE("3F"));
    HITS(RELEASE("3F"));
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "authentication=granted, authenticated|" SENSE);
    PASSES(AGID);
    HITS(RELEASE("3F"));
    drive_fault_clear(faulty.drive);
    PASSES(RELEASE("3F"));
    ck_assert_uint_eq(faulty_drive_authenticate(), 0);
    faulty_drive_rule("r", "authentication=authenticated|" SENSE);
    HITS(DISC_KEY("00"));
    PASSES("AD 00 00000000 00 01 0008 40 00");
    PASSES(READY);
}
END_TEST

START_TEST(asf_is_that_of_the_drive)
{
    faulty_drive_rule("r", "asf=set|command=READ(10)|" SENSE);
    PASSES(READ("00 20"));
    faulty_drive_authenticate();
    HITS(READ("00 20"));
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "asf=clear|command=READ(10)|" SENSE);
    PASSES(READ("00 20"));
}
END_TEST

START_TEST(lba_is_met_by_any_sector_of_the_command)
{
    faulty_drive_rule("r", "lba=0x20-0x22|execute=off|" SENSE);
    PASSES(READ("00 1F"));
    HITS(READ("00 20"));
    HITS(READ("00 22"));
    PASSES(READ("00 23"));
    HITS("28 00 00 00 00 1F 00 00 02 00");
    PASSES("28 00 00 00 00 1F 00 00 01 00");
    PASSES("28 00 00 00 00 21 00 00 00 00");
    HITS("A8 00 00 00 00 10 00 00 00 20 00 00");
    HITS("2F 00 00 00 00 10 00 00 20 00");
    HITS("2B 00 00 00 00 21 00 00 00 00");
    PASSES(READY);
}
END_TEST

START_TEST(lba_of_a_title_key)
{
    faulty_drive_rule("r", "lba=360|" SENSE);
    faulty_drive_authenticate();
    PASSES("A4 00 00000169 00 00 000C 04 00");
    faulty_drive_authenticate();
    HITS("A4 00 00000168 00 00 000C 04 00");
}
END_TEST

START_TEST(nth_counts_what_meets_the_other_conditions)
{
    faulty_drive_rule("r", "command=TEST UNIT READY|nth=2|" SENSE);
    PASSES(READY);
    PASSES(INQUIRY);
    HITS(READY);
    PASSES(READY);
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "command=TEST UNIT READY|nth=2-3|" SENSE);
    PASSES(READY);
    HITS(READY);
    HITS(READY);
    PASSES(READY);
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "command=TEST UNIT READY|nth=3-|" SENSE);
    PASSES(READY);
    PASSES(READY);
    HITS(READY);
    HITS(READY);
}
END_TEST

static unsigned hits_of_a_thousand(int64_t seed)
{
    struct drive_profile profile;
    struct fault_status status;

    drive_profile_init(&profile);
    profile.seed = seed;
    faulty_drive_renew(&profile);
    faulty_drive_rule("r", "probability=12.5%|" SENSE);
    for (unsigned i = 0; i < 1000; i++)
        faulty_drive_run(READY);
    ck_assert(drive_fault_get(faulty.drive, 0, &status));
    ck_assert_uint_eq(status.met, 1000);
    return (unsigned)status.applied;
}

START_TEST(probability_is_drawn_under_the_seed)
{
    unsigned first = hits_of_a_thousand(1);

    ck_assert_uint_gt(first, 80);
    ck_assert_uint_lt(first, 180);
    ck_assert_uint_eq(hits_of_a_thousand(1), first);
    ck_assert_uint_ne(hits_of_a_thousand(2), first);
}
END_TEST

START_TEST(times_are_counted)
{
    struct fault_status status;

    faulty_drive_rule("r", "command=TEST UNIT READY|times=2|" SENSE);
    HITS(READY);
    HITS(READY);
    PASSES(READY);
    ck_assert(drive_fault_get(faulty.drive, 0, &status));
    ck_assert(status.spent);
    ck_assert_uint_eq(status.met, 3);
    ck_assert_uint_eq(status.applied, 2);
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "times=always|" SENSE);
    for (unsigned i = 0; i < 20; i++)
        HITS(READY);
}
END_TEST

START_TEST(once_per_session_begins_again_with_each_grant)
{
    faulty_drive_rule("r", "key-format=invalidate|times=once-per-session|" SENSE);
    PASSES(AGID);
    HITS(RELEASE("3F"));
    PASSES(RELEASE("3F"));
    PASSES(RELEASE("3F"));
    PASSES(AGID);
    HITS(RELEASE("3F"));
    PASSES(RELEASE("3F"));
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "command=READ(10)|times=once-per-session|" SENSE);
    HITS(READ("00 20"));
    PASSES(READ("00 20"));
    PASSES(AGID);
    HITS(READ("00 20"));
    PASSES(READ("00 20"));
}
END_TEST

/* Each event, with what brings it about. */
static void take_tray_out(void)
{
    drive_eject(faulty.drive, false, faulty.now);
}
static void close_tray(void)
{
    drive_eject(faulty.drive, false, faulty.now);
    drive_insert(faulty.drive, NULL, faulty.now);
    drive_reset(faulty.drive, DRIVE_RESET_HARD, faulty.now);
}
static void close_empty(void)
{
    drive_eject(faulty.drive, true, faulty.now);
    drive_insert(faulty.drive, NULL, faulty.now);
}
static void insert_unusable(void)
{
    struct disc_description description;
    struct disc *disc;

    disc_description_init(&description);
    description.medium = DISC_MEDIUM_UNREADABLE;
    disc = disc_create(&description, NULL);
    ck_assert_ptr_nonnull(disc);
    disc_description_release(&description);
    drive_insert(faulty.drive, disc, faulty.now);
    disc_release(disc);
}
static void prevent(void)
{
    PASSES("1E 00 00 00 01 00");
}
static void press(void)
{
    prevent();
    drive_press_eject_button(faulty.drive, faulty.now);
}
static void allow(void)
{
    prevent();
    PASSES("1E 00 00 00 00 00");
}
static void grant(void)
{
    PASSES(AGID);
}
static void release(void)
{
    PASSES(AGID);
    PASSES(RELEASE("3F"));
}
static void authenticate(void)
{
    faulty_drive_authenticate();
}
static void fail_authentication(void)
{
    PASSES(AGID);
    PASSES("A3 00 00000000 00 00 0010 01 00 < 000E0000 00010203040506070809 0000");
    PASSES("A4 00 00000000 00 00 000C 02 00");
    PASSES("A4 00 00000000 00 00 0010 01 00");
    faulty_drive_run("A3 00 00000000 00 00 000C 03 00 < 000A0000 0000000000 000000");
    faulty_drive_assert_sense(0x5, 0x6F, 0x00);
}
static void drop_asf(void)
{
    faulty_drive_authenticate();
    drive_reset(faulty.drive, DRIVE_RESET_HARD, faulty.now);
}
static void set_region(void)
{
    PASSES("A3 00 00000000 00 00 0008 06 00 < 00060000 FD000000");
}
static void reset(void)
{
    drive_reset(faulty.drive, DRIVE_RESET_HARD, faulty.now);
}
static void spin_up(void)
{
    faulty_drive_rule("spin-up", "command=INQUIRY|becoming-ready=1s");
    faulty_drive_run(INQUIRY);
    ck_assert(drive_fault_remove(faulty.drive, "spin-up"));
}

static const struct {
    const char *name;
    void (*bring_about)(void);
} events[] = {
    {"medium-ready",          close_tray         },
    {"medium-unusable",       insert_unusable    },
    {"medium-becoming-ready", spin_up            },
    {"tray-opened",           take_tray_out      },
    {"tray-closed-empty",     close_empty        },
    {"eject-request",         press              },
    {"removal-prevented",     prevent            },
    {"removal-allowed",       allow              },
    {"agid-granted",          grant              },
    {"agid-released",         release            },
    {"authenticated",         authenticate       },
    {"authentication-failed", fail_authentication},
    {"asf-set",               authenticate       },
    {"asf-cleared",           drop_asf           },
    {"region-changed",        set_region         },
    {"unit-attention",        reset              },
    {"reset",                 reset              },
};

START_TEST(after_and_before_an_event)
{
    char after[128], before[128];

    snprintf(after, sizeof after, "command=REQUEST SENSE|after=%s|" SENSE, events[_i].name);
    snprintf(before, sizeof before, "command=REPORT LUNS|before=%s|" SENSE, events[_i].name);
    faulty_drive_rule("after", after);
    faulty_drive_rule("before", before);
    PASSES("03 00 00 00 12 00");
    HITS("A0 00 00 00 00 00 00 00 00 10 00 00");
    events[_i].bring_about();
    HITS("03 00 00 00 12 00");
    PASSES("A0 00 00 00 00 00 00 00 00 10 00 00");
}
END_TEST

START_TEST(the_first_rule_that_applies_is_taken)
{
    struct fault_status status;

    faulty_drive_rule("a", "command=TEST UNIT READY|times=1|sense=2/04/01");
    faulty_drive_rule("b", "command=TEST UNIT READY|" SENSE);
    faulty_drive_run(READY);
    faulty_drive_assert_sense(0x2, 0x04, 0x01);
    HITS(READY);
    ck_assert(drive_fault_get(faulty.drive, 1, &status));
    ck_assert_uint_eq(status.met, 1);
    ck_assert_str_eq(status.rule->name, "b");
    ck_assert_str_eq(status.rule->text, "command='TEST UNIT READY' sense=4/3E/02");
    ck_assert(!drive_fault_get(faulty.drive, 2, &status));
}
END_TEST

START_TEST(rules_are_added_and_removed_by_name)
{
    static struct fault_rule rule;
    const char *words[] = {SENSE};
    char name[16];

    ck_assert(!drive_fault_remove(faulty.drive, "r"));
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", SENSE);
    ck_assert(fault_rule_parse("r", words, 1, &rule, NULL));
    ck_assert_int_eq(drive_fault_add(faulty.drive, &rule), FAULT_NAME_TAKEN);
    fault_rule_release(&rule);
    for (unsigned i = 1; i < FAULT_RULES_MAX; i++) {
        snprintf(name, sizeof name, "r%u", i);
        faulty_drive_rule(name, SENSE);
    }
    ck_assert(fault_rule_parse("one-more", words, 1, &rule, NULL));
    ck_assert_int_eq(drive_fault_add(faulty.drive, &rule), FAULT_TOO_MANY);
    ck_assert(drive_fault_remove(faulty.drive, "r7"));
    ck_assert(!drive_fault_remove(faulty.drive, "r7"));
    ck_assert_int_eq(drive_fault_add(faulty.drive, &rule), FAULT_ADDED);
    fault_rule_release(&rule);
    HITS(READY);
    drive_fault_clear(faulty.drive);
    PASSES(READY);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("fault conditions");
    TCase *tests = tcase_create("all");

    faulty_drive_add_fixtures(tests);
    tcase_add_test(tests, command_is_named_in_the_words_of_the_standard);
    tcase_add_test(tests, without_a_command_every_command_is_meant);
    tcase_add_test(tests, a_pending_unit_attention_comes_first);
    tcase_add_test(tests, other_logical_units_have_no_faults);
    tcase_add_test(tests, cdb_is_compared_digit_by_digit);
    tcase_add_test(tests, key_format_is_of_key_commands);
    tcase_add_test(tests, structure_format_is_of_structures);
    tcase_add_test(tests, agid_is_that_of_the_cdb);
    tcase_add_test(tests, authentication_is_that_of_the_agid);
    tcase_add_test(tests, asf_is_that_of_the_drive);
    tcase_add_test(tests, lba_is_met_by_any_sector_of_the_command);
    tcase_add_test(tests, lba_of_a_title_key);
    tcase_add_test(tests, nth_counts_what_meets_the_other_conditions);
    tcase_add_test(tests, probability_is_drawn_under_the_seed);
    tcase_add_test(tests, times_are_counted);
    tcase_add_test(tests, once_per_session_begins_again_with_each_grant);
    tcase_add_loop_test(tests, after_and_before_an_event, 0, sizeof events / sizeof *events);
    tcase_add_test(tests, the_first_rule_that_applies_is_taken);
    tcase_add_test(tests, rules_are_added_and_removed_by_name);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(make_suite)
