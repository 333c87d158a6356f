/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <string.h>

#include "emulator/ready_profile.h"
#include "tests/support/fault_log.h"
#include "tests/support/faulty_drive.h"

/* The ready-made profiles, and what is particular about each drive. */

#define AGID      "A4 00 00000000 00 00 0008 00 00"
#define RPC_STATE "A4 00 00000000 00 00 0008 08 00"

static void use(const char *name)
{
    struct drive_profile profile;
    struct fault_log log;

    fault_log_init(&log);
    ck_assert_msg(ready_profile_read(name, &profile, &log.diagnostics), "%s", log.text);
    faulty_drive_renew(&profile);
    drive_profile_release(&profile);
}

START_TEST(every_profile_makes_a_drive)
{
    const struct ready_profile *ready = &ready_profiles[_i];

    ck_assert(ready_profile_is_name(ready->name));
    ck_assert_ptr_eq(ready_profile_find(ready->name), ready);
    ck_assert_int_eq(ready->purpose[strlen(ready->purpose) - 1], '.');
    struct drive_profile profile;
    struct fault_log log;
    fault_log_init(&log);
    ck_assert_msg(ready_profile_read(ready->name, &profile, &log.diagnostics), "%s", log.text);
    struct drive *drive = drive_create(&profile, NULL, NULL, 0);
    ck_assert_ptr_nonnull(drive);
    drive_profile_release(&profile);
    drive_destroy(drive);
}
END_TEST

START_TEST(names_are_told_from_files)
{
    struct drive_profile profile;
    struct fault_log log;

    ck_assert(ready_profile_is_name("rpc1"));
    ck_assert(!ready_profile_is_name("./rpc1"));
    ck_assert(!ready_profile_is_name("x.drive"));
    ck_assert(!ready_profile_is_name(""));
    fault_log_init(&log);
    ck_assert(!ready_profile_read("last-chanse", &profile, &log.diagnostics));
    ck_assert_str_eq(log.text,
                     "last-chanse: no such ready-made profile; the nearest is \"last-chance\"; "
                     "accepted: a name that `vodd info --profiles` lists, or the path of a file, "
                     "./last-chanse for one here\n");
}
END_TEST

static const struct {
    const char *name, *rpc_state;
} regions[] = {
    {"factory-fresh", "0006 0000 25 FF 01 00"},
    {"region-1",      "0006 0000 64 FE 01 00"},
    {"region-2",      "0006 0000 64 FD 01 00"},
    {"last-chance",   "0006 0000 A1 FE 01 00"},
    {"permanent",     "0006 0000 E0 FE 01 00"},
    {"permanent-4",   "0006 0000 E0 F7 01 00"},
    {"rpc1",          "0006 0000 00 00 00 00"},
};

START_TEST(regions_are_as_named)
{
    use(regions[_i].name);
    faulty_drive_run(RPC_STATE);
    faulty_drive_assert_good();
    faulty_drive_assert_data(regions[_i].rpc_state);
}
END_TEST

/* A command that tells the drive from others, and what it ends with; 0: GOOD and these data. */
static const struct {
    const char *name, *command;
    unsigned key, asc, ascq;
    const char *data;
} answers[] = {
    {"rpc1-silent",         RPC_STATE,                                             0x5, 0x24, 0x00, NULL                           },
    {"no-css",              RPC_STATE,                                             0x5, 0x20, 0x00, NULL                           },
    {"any-medium",          "A3 00 00000000 00 00 0008 06 00 < 00060000 EF000000", 0,   0,    0,    ""                             },
    {"strict-agid",         "A3 00 00000000 00 00 0000 3F 00",                     0x5, 0x24, 0x00, NULL                           },
    {"no-configuration",    "46 00 0000 000000 0008 00",                           0x5, 0x20, 0x00, NULL                           },
    {"no-events",           "4A 01 0000 10 0000 0008 00",                          0x5, 0x20, 0x00, NULL                           },
    {"no-mode-sense-6",     "1A 00 2A 00 80 00",                                   0x5, 0x20, 0x00, NULL                           },
    {"no-mode-sense-6",     "5A 00 2A 00 000000 0002 00",                          0,   0,    0,    "0026"                         },
    {"all-features",        "46 02 001F 000000 000C 00",                           0,   0,    0,    "00000068 0000 0010 0000 03 04"},
    {"misaligned-features", "46 00 0000 000000 000C 00",                           0,   0,    0,    "00000068 0000 0010 0000 03 06"},
    {"odd-features",        "46 00 0000 000000 0004 00",                           0,   0,    0,    "00000067"                     },
    {"short-inquiry",       "12 00 00 00 05 00",                                   0,   0,    0,    "0580 0502 1E"                 },
    {"long-inquiry",        "12 00 00 00 05 00",                                   0,   0,    0,    "0580 0502 5B"                 },
};

START_TEST(answers_are_as_promised)
{
    use(answers[_i].name);
    faulty_drive_run(answers[_i].command);
    if (answers[_i].key != 0) {
        faulty_drive_assert_sense(answers[_i].key, answers[_i].asc, answers[_i].ascq);
    } else {
        faulty_drive_assert_good();
        faulty_drive_assert_data(answers[_i].data);
    }
}
END_TEST

START_TEST(the_odd_feature_list_ends_with_its_odd_serial_number)
{
    use("odd-features");
    faulty_drive_run("46 00 0000 000000 0100 00");
    ck_assert_uint_eq(faulty.length, 107);
    ck_assert_mem_eq(faulty.data + 92, "\x01\x08\x03\x0BVODD0000000", 15);
}
END_TEST

START_TEST(the_pool_has_one_agid)
{
    use("one-agid");
    faulty_drive_run(AGID);
    faulty_drive_assert_data("0006 0000 000000 00");
    faulty_drive_run(AGID);
    faulty_drive_assert_sense(0x5, 0x55, 0x00);
}
END_TEST

START_TEST(the_attention_comes_as_an_event_once)
{
    struct drive_profile profile;

    ck_assert(ready_profile_read("event-attention", &profile, NULL));
    struct drive *drive = drive_create(&profile, NULL, NULL, 0);
    drive_profile_release(&profile);
    struct drive_nexus *nexus = drive_nexus_attach(drive, true);
    uint8_t data[8];
    struct iovec iov = {data, sizeof data};
    for (unsigned i = 0; i < 2; i++) {
        struct drive_command command = {
            .nexus = nexus, .cdb = {0x4A, 1, [4] = 0x10, [8] = 8},
                 .cdb_length = 10
        };
        drive_execute(drive, &command, &iov, 1, 0);
        ck_assert_uint_eq(command.sense[12], i == 0 ? 0x29 : 0);
    }
    drive_nexus_detach(nexus);
    drive_destroy(drive);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("ready-made profiles");
    TCase *tests = tcase_create("all");
    int count = 0;

    while (ready_profiles[count].name)
        count++;
    faulty_drive_add_fixtures(tests);
    tcase_add_loop_test(tests, every_profile_makes_a_drive, 0, count);
    tcase_add_test(tests, names_are_told_from_files);
    tcase_add_loop_test(tests, regions_are_as_named, 0, sizeof regions / sizeof *regions);
    tcase_add_loop_test(tests, answers_are_as_promised, 0, sizeof answers / sizeof *answers);
    tcase_add_test(tests, the_odd_feature_list_ends_with_its_odd_serial_number);
    tcase_add_test(tests, the_pool_has_one_agid);
    tcase_add_test(tests, the_attention_comes_as_an_event_once);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(make_suite)
