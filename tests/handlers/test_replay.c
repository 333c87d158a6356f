/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handlers/trace/trace_file.h"
#include "handlers/vodd/commands.h"
#include "tests/support/captured_output.h"
#include "tests/support/traced_drive.h"
#include "tests/tap.h"

/* Replays: what was recorded comes again, and every kind of difference is found. */

#define MILLISECOND UINT64_C(1000000)
#define HEADER      "{\"vodd-trace\":1}\n"
#define END         "{\"end\":true}\n"

static struct captured_output captured;
static char root[4096]; /* where the golden traces are found */

static void set_up(void)
{
    if (!*root)
        ck_assert_ptr_nonnull(getcwd(root, sizeof(root)));
    traced_drive_set_up();
    /* A name without a blank, whatever the project's folder is called. */
    ck_assert_int_eq(symlink(root, "project"), 0);
    program_invocation_short_name = "vodd";
}

/* `line`: words separated by blanks behind "replay". */
static int replay(const char *line)
{
    char words[4600];
    const char *argv[16] = {"replay"};
    int argc = 1;

    snprintf(words, sizeof(words), "%s", line);
    for (char *rest = words, *word; (word = strsep(&rest, " "));)
        argv[argc++] = word;
    captured_output_begin();
    int status = command_replay(argc, argv);
    captured_output_end(&captured);
    return status;
}

static void assert_replays(const char *line)
{
    int status = replay(line);

    ck_assert_msg(status == 0, "%s%s", captured.output, captured.error);
}

/* Writes `text` behind a header and replays that. */
static int replay_text(const char *text)
{
    char whole[2048];

    snprintf(whole, sizeof(whole), HEADER "%s\n" END, text);
    traced_drive_write("bad.trace", whole);
    return replay("--disc movie.disc --attached bad.trace");
}

/* The recorded trace with the first `from` behind `after` replaced. */
static void tamper(const char *after, const char *from, const char *to)
{
    char *text = traced_drive_read(TRACED_DRIVE_TRACE), *place = strstr(text, after);
    FILE *file = fopen("tampered.trace", "w");

    ck_assert_ptr_nonnull(place);
    place = strstr(place, from);
    ck_assert_ptr_nonnull(place);
    ck_assert_ptr_nonnull(file);
    fprintf(file, "%.*s%s%s", (int)(place - text), text, to, place + strlen(from));
    fclose(file);
    free(text);
}

START_TEST(what_was_recorded_comes_again)
{
    traced_drive_be_ready();
    traced_drive_play();
    traced_drive_execute("28 00 00 00 01 64 00 00 21 00", "");
    traced_drive_execute("A3 00 00 00 00 00 00 00 00 08 06 00", "00 06 00 00 FD 00 00 00");
    drive_eject(traced.drive, false, traced.now);
    traced_drive_execute("00 00 00 00 00 00", "");
    traced_drive_execute("A4 00 00 00 00 00 00 00 00 08 00 00", "");
    drive_insert(traced.drive, NULL, traced.now);
    traced_drive_be_ready();
    ck_assert_int_eq(css_host_authenticate(&traced.host), CSS_HOST_DONE);
    drive_reset(traced.drive, DRIVE_RESET_BUS, traced.now);
    drive_vendor_reset(traced.drive);
    traced_drive_be_ready();
    traced_drive_execute("A4 00 00 00 00 00 00 00 00 08 08 00", "");
    drive_eject(traced.drive, true, traced.now);
    drive_insert(traced.drive, NULL, traced.now);
    traced_drive_execute("00 00 00 00 00 00", "");
    traced_drive_execute("1E 00 00 00 01 00", "");
    drive_press_eject_button(traced.drive, traced.now);
    traced_drive_execute("4A 01 00 00 10 00 00 00 08 00", "");
    traced_drive_end();
    assert_replays("--disc movie.disc --record again.trace drive.trace");
    ck_assert_str_eq(captured.output, "drive.trace: 28 commands, each as recorded\n");
    assert_replays("--disc movie.disc again.trace");
}
END_TEST

static void test_unit_ready(struct drive *drive, struct drive_nexus *nexus, uint64_t now,
                            uint8_t sense_key)
{
    struct drive_command command = {.nexus = nexus, .cdb_length = 6};

    drive_execute(drive, &command, NULL, 0, now);
    ck_assert_uint_eq(command.sense[2], sense_key);
}

/* The drive was switched on 300 ms before the trace: the header tells when it becomes ready. */
START_TEST(a_trace_that_begins_while_the_medium_becomes_ready)
{
    const uint64_t on = 1000 * MILLISECOND, ready = on + 1500 * MILLISECOND;
    const struct output_terms terms = {.kind = OUTPUT_TRACE};
    struct drive_profile profile;
    struct diagnostics diagnostics;

    drive_profile_init(&profile);
    profile.spin_up_time = 1500;
    diagnostics_to_stderr(&diagnostics);
    struct drive *drive = drive_create(&profile, NULL, NULL, on);
    ck_assert(drive_insert(drive, traced.disc, on));
    drive_advance(drive, on + 300 * MILLISECOND);
    struct trace_file *late = trace_file_open(output_file_open("late.trace", &terms, &diagnostics),
                                              drive, 0, &diagnostics);
    struct drive_nexus *nexus = drive_nexus_attach(drive, true);
    test_unit_ready(drive, nexus, ready - 3 * MILLISECOND, 6);
    test_unit_ready(drive, nexus, ready - 2 * MILLISECOND, 2);
    test_unit_ready(drive, nexus, ready + 1 * MILLISECOND, 6);
    test_unit_ready(drive, nexus, ready + 2 * MILLISECOND, 0);
    ck_assert(trace_file_close(late));
    drive_nexus_detach(nexus);
    drive_destroy(drive);
    traced_drive_write("slow.drive", "[abilities]\nspin-up-time = 1500\n");
    assert_replays("--disc movie.disc --drive slow.drive late.trace");
}
END_TEST

/* It is in the trace behind the event that the medium is ready, and yet was told that it is not. */
START_TEST(a_command_that_ends_after_the_medium_became_ready)
{
    const uint64_t on = 1000 * MILLISECOND, ready = on + 1500 * MILLISECOND;
    const struct output_terms terms = {.kind = OUTPUT_TRACE};
    struct drive_profile profile;
    struct diagnostics diagnostics;
    struct drive_command command = {.cdb_length = 6};

    drive_profile_init(&profile);
    profile.spin_up_time = 1500;
    diagnostics_to_stderr(&diagnostics);
    struct drive *drive = drive_create(&profile, NULL, NULL, on);
    struct trace_file *trace = trace_file_open(output_file_open("late.trace", &terms, &diagnostics),
                                               drive, 0, &diagnostics);
    ck_assert(drive_insert(drive, traced.disc, on));
    command.nexus = drive_nexus_attach(drive, true);
    test_unit_ready(drive, command.nexus, ready - 3 * MILLISECOND, 6);
    drive_begin(drive, &command, ready - 1 * MILLISECOND);
    drive_advance(drive, ready);
    drive_finish(drive, &command, ready + 1 * MILLISECOND);
    ck_assert_uint_eq(command.sense[2], 2);
    test_unit_ready(drive, command.nexus, ready + 2 * MILLISECOND, 6);
    ck_assert(trace_file_close(trace));
    drive_nexus_detach(command.nexus);
    drive_destroy(drive);
    drive_profile_release(&profile);
    traced_drive_write("slow.drive", "[abilities]\nspin-up-time = 1500\n");
    assert_replays("--disc movie.disc --drive slow.drive late.trace");
}
END_TEST

START_TEST(a_host_with_autosense_and_one_that_gives_up)
{
    uint8_t data[2048];
    struct iovec iov = {data, 100};
    struct drive_nexus *second = drive_nexus_attach(traced.drive, true);
    struct drive_command command = {.nexus = second, .cdb_length = 6};
    struct drive_command read = {
        .nexus = second, .cdb = {0x28, [5] = 16, [8] = 1},
             .cdb_length = 10
    };

    drive_execute(traced.drive, &command, NULL, 0, traced.now);
    command.cdb[0] = 0x03;
    command.cdb[4] = 18;
    iov.iov_len = 18;
    drive_execute(traced.drive, &command, &iov, 1, traced.now);
    iov.iov_len = 100;
    drive_begin(traced.drive, &read, traced.now);
    drive_data_in(traced.drive, &read, &iov, 1);
    drive_finish(traced.drive, &read, traced.now);
    traced_drive_be_ready();
    drive_nexus_detach(second);
    traced_drive_end();
    assert_replays("--disc movie.disc drive.trace");
}
END_TEST

START_TEST(the_first_byte_that_differs_is_named)
{
    traced_drive_be_ready();
    traced_drive_execute("12 00 00 00 24 00", "");
    traced_drive_end();
    tamper("\"name\":\"INQUIRY\"", "564F4444", "564F4544");
    ck_assert_int_eq(replay("--disc movie.disc tampered.trace"), 1);
    ck_assert_str_eq(captured.error, "vodd: tampered.trace:8: command 4, INQUIRY: byte 10 of the "
                                     "answer: expected 45, got 44\n");
    ck_assert_str_eq(captured.output, "");
    ck_assert_int_eq(replay("--json --disc movie.disc tampered.trace"), 1);
    ck_assert_ptr_nonnull(strstr(captured.output, "\"offset\": 10"));
    ck_assert_ptr_nonnull(strstr(captured.output, "\"part\": \"in\""));

    tamper("\"name\":\"TEST UNIT READY\"", "7000060000", "7000060001");
    ck_assert_int_eq(replay("--disc movie.disc --all tampered.trace"), 1);
    ck_assert_str_eq(captured.error,
                     "vodd: tampered.trace:5: command 1, TEST UNIT READY: byte 4 of "
                     "the sense data: expected 01, got 00\n");
    ck_assert_str_eq(captured.output, "tampered.trace: 4 commands, 1 of them not as recorded\n");
}
END_TEST

static const struct {
    const char *text, *message; /* NULL: no difference */
} rows[] = {
    {"{\"cdb\":\"12 00 00 00 05 00\",\"in\":\"0580\",\"in-length\":5}",                    NULL                                                                            },
    {"{\"cdb\":\"12 00 00 00 05 00\",\"in\":\"0580\",\"in-length\":4}",
     "bad.trace:2: command 1, INQUIRY: expected 4 bytes, got 5\n"                                                                                                          },
    {"{\"cdb\":\"12 00 00 00 05 00\"}",
     "bad.trace:2: command 1, INQUIRY: expected 0 bytes, got 5\n"                                                                                                          },
    {"{\"cdb\":\"12 00 00 00 05 00\",\"ignore\":[\"in\"]}",                                NULL                                                                            },
    {"{\"cdb\":\"12 00 00 00 05 00\",\"in\":\"0580FF0200\",\"ignore\":[\"2-2\",\"4-9\"]}", NULL                                                                            },
    {"{\"cdb\":\"12 00 00 00 05 00\",\"in\":\"0580FF0200\",\"ignore\":[\"3-9\"]}",
     "bad.trace:2: command 1, INQUIRY: byte 2 of the answer: expected FF, got 05\n"                                                                                        },
    {"{\"cdb\":\"FF 00 00 00 00 00\"}",
     "bad.trace:2: command 1, command FFh: status: expected GOOD, got 05/20/00\n"                                                                                          },
    {"{\"cdb\":\"FF 00 00 00 00 00\",\"ignore\":[\"status\"]}",                            NULL                                                                            },
    {"{\"cdb\":\"FF 00 00 00 00 "
     "00\",\"status\":\"check-condition\",\"sense\":{\"key\":5,\"asc\":32,"
     "\"ascq\":0}}",                                                                  NULL                                                                            },
    {"{\"cdb\":\"00 00 00 00 00 "
     "00\",\"status\":\"check-condition\",\"sense\":{\"key\":2,\"asc\":58,"
     "\"ascq\":1}}",                                                                  "bad.trace:2: command 1, TEST UNIT READY: status: expected 02/3A/01, got GOOD\n"},
    {"{\"cdb\":\"00 00 00 00 00 00\",\"given-up\":true}",
     "bad.trace:2: command 1, TEST UNIT READY: status: expected the command given up, got GOOD\n"                                                                          },
};

START_TEST(hand_written_commands_are_compared)
{
    char expected[300];
    int status = replay_text(rows[_i].text);

    snprintf(expected, sizeof(expected), "vodd: %s", rows[_i].message ? rows[_i].message : "");
    ck_assert_str_eq(captured.error, rows[_i].message ? expected : "");
    ck_assert_int_eq(status, rows[_i].message ? 1 : 0);
}
END_TEST

START_TEST(without_attached_a_new_host_gets_its_attention)
{
    traced_drive_write("bad.trace", HEADER "{\"cdb\":\"00 00 00 00 00 00\"}\n" END);
    ck_assert_int_eq(replay("--disc movie.disc bad.trace"), 1);
    ck_assert_ptr_nonnull(strstr(captured.error, "expected GOOD, got 06/29/00"));
}
END_TEST

START_TEST(bad_input_is_exit_status_2)
{
    ck_assert_int_eq(replay("missing.trace"), 2);
    ck_assert_int_eq(replay("--disc missing.disc drive.trace"), 2);
    ck_assert_str_eq(captured.error, "vodd: missing.disc: No such file or directory\n");
    ck_assert_int_eq(replay("--drive missing.drive drive.trace"), 2);
    ck_assert_int_eq(replay(""), 2);
    traced_drive_write("bad.trace", HEADER "{\"cdb\":\"12 00 00 00 00 00\"}\n{\"cdb\n");
    ck_assert_int_eq(replay("--disc movie.disc bad.trace"), 2);
    ck_assert_ptr_nonnull(strstr(captured.error, "bad.trace:3:"));
    ck_assert_int_eq(replay("--disc movie.disc --record /nonexistent/x drive.trace"), 1);
}
END_TEST

START_TEST(more_hosts_than_a_replay_has_are_refused)
{
    FILE *file = fopen("hosts.trace", "w");

    fputs(HEADER, file);
    for (unsigned i = 0; i < 257; i++)
        fprintf(file, "{\"nexus\":%u,\"cdb\":\"120000000000\"}\n", 1000 + i);
    fclose(file);
    ck_assert_int_eq(replay("--disc movie.disc --attached hosts.trace"), 1);
    ck_assert_str_eq(captured.error,
                     "vodd: hosts.trace:258: nexus: 1256 is one host too many for a "
                     "replay; accepted: 256\n");
}
END_TEST

/* What hosts said once, and what this drive answers to it for ever. */
START_TEST(golden_traces)
{
    static const char *const names[] = {"authentication", "cdrom-sys-start", "linux-6.1-start"};
    char line[128];

    /* The disc of the captured conversations is larger and has nothing in it. */
    ck_assert_int_eq(truncate("movie.iso", 4 << 20), 0);
    snprintf(line, sizeof(line), "--all --disc %s project/tests/traces/%s.trace",
             _i == 0 ? "movie.disc" : "movie.iso", names[_i]);
    assert_replays(line);
}
END_TEST

/* Each TEST UNIT READY that is to clear it meets the rule and raises another one. */
START_TEST(an_attention_without_end_is_given_up)
{
    traced_drive_execute("00 00 00 00 00 00", "");
    traced_drive_execute("12 00 00 00 24 00", "");
    traced_drive_end();
    traced_drive_write("endless.disc", "[disc]\nimage = movie.iso\n"
                                       "[fault endless]\ncommand = TEST UNIT READY\n"
                                       "sense = 6/29/00\ntimes = always\n");
    replay("--disc endless.disc --attached drive.trace");
    ck_assert_str_eq(captured.error, "");
    ck_assert_msg(strstr(captured.output, "drive.trace: 2 commands, ") != NULL, "%s",
                  captured.output);
    /* And one that resets the drive anew each time. */
    traced_drive_write("endless.disc", "[disc]\nimage = movie.iso\n"
                                       "[fault endless]\ncommand = TEST UNIT READY\n"
                                       "reset = bus\ntimes = always\n");
    replay("--disc endless.disc --attached drive.trace");
    ck_assert_msg(strstr(captured.error, "got 06/29/02") != NULL, "%s", captured.error);
}
END_TEST

static Suite *replay_suite(void)
{
    Suite *suite = suite_create("replay");
    TCase *cases = tcase_create("replay");
    tcase_add_checked_fixture(cases, set_up, traced_drive_tear_down);
    tcase_add_test(cases, what_was_recorded_comes_again);
    tcase_add_test(cases, a_trace_that_begins_while_the_medium_becomes_ready);
    tcase_add_test(cases, a_command_that_ends_after_the_medium_became_ready);
    tcase_add_test(cases, a_host_with_autosense_and_one_that_gives_up);
    tcase_add_test(cases, the_first_byte_that_differs_is_named);
    tcase_add_loop_test(cases, hand_written_commands_are_compared, 0, sizeof(rows) / sizeof(*rows));
    tcase_add_test(cases, without_attached_a_new_host_gets_its_attention);
    tcase_add_test(cases, an_attention_without_end_is_given_up);
    tcase_add_test(cases, bad_input_is_exit_status_2);
    tcase_add_test(cases, more_hosts_than_a_replay_has_are_refused);
    tcase_add_loop_test(cases, golden_traces, 0, 3);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(replay_suite)
