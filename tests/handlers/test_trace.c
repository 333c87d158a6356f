/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emulator/cdb_fields.h"
#include "emulator/command_table.h"
#include "handlers/trace/trace_file.h"
#include "handlers/trace/trace_json.h"
#include "handlers/trace/trace_reader.h"
#include "handlers/vodd/commands.h"
#include "tests/support/captured_output.h"
#include "tests/support/fault_log.h"
#include "tests/support/traced_drive.h"
#include "tests/tap.h"

/* Traces: what is written of a drive, what is read, what people see, and what is refused. */

#define HEADER "{\"vodd-trace\":1}\n"

static struct captured_output captured;
static struct fault_log faults;
static struct trace_line line;

static void set_up(void)
{
    traced_drive_set_up();
    program_invocation_short_name = "vodd";
    fault_log_init(&faults);
}

/* The n-th command of the trace. */
static const struct trace_command *nth_command(unsigned n)
{
    struct trace_reader *reader = trace_reader_open(TRACED_DRIVE_TRACE, &faults.diagnostics);
    bool found = false;

    ck_assert_ptr_nonnull(reader);
    while (!found && trace_reader_next(reader, &line) == TRACE_READ_LINE)
        found = line.kind == TRACE_LINE_COMMAND && --n == 0;
    ck_assert_msg(found, "%s", faults.text);
    trace_reader_close(reader);
    return &line.command;
}

static int show(const char *option, const char *path)
{
    const char *argv[] = {"trace", option ? option : path, option ? path : NULL, NULL};

    captured_output_begin();
    int status = command_trace(option ? 3 : 2, argv);
    captured_output_end(&captured);
    return status;
}

static void assert_shows(const char *text)
{
    ck_assert_msg(strstr(captured.output, text) != NULL, "%s\n--- is not in\n%s", text,
                  captured.output);
}

/* Written ------------------------------------------------------------------- */

START_TEST(a_command_is_written_with_data_sense_and_states)
{
    traced_drive_execute("00 00 00 00 00 00", "");
    traced_drive_execute("12 00 00 00 24 00", "");
    traced_drive_end();

    const struct trace_command *command = nth_command(1);
    ck_assert_uint_eq(command->number, 1);
    ck_assert_uint_eq(command->time, 1001000000);
    ck_assert_uint_eq(command->nexus, 1);
    ck_assert_int_eq(command->status, DRIVE_STATUS_CHECK_CONDITION);
    ck_assert_uint_eq(command->sense.key, 6);
    ck_assert_uint_eq(command->sense.asc, 0x29);
    ck_assert(command->sense.has_data);
    ck_assert_uint_eq(command->sense.data[0], 0x70);
    ck_assert(command->has_state);
    ck_assert_int_eq(command->before.medium, DRIVE_MEDIUM_READY);
    ck_assert_uint_eq(command->before.agids, 4);
    ck_assert_uint_eq(command->before.region.mask, 0xFE);

    command = nth_command(2);
    ck_assert_int_eq(command->status, DRIVE_STATUS_GOOD);
    ck_assert_uint_eq(command->in.length, 36);
    ck_assert_uint_eq(command->in.kept, 36);
    ck_assert_mem_eq(command->in.bytes, traced.data, 36);
}
END_TEST

START_TEST(the_steps_of_an_authentication_belong_to_their_commands)
{
    traced_drive_be_ready();
    traced_drive_play();
    traced_drive_end();

    static const struct {
        unsigned command;
        enum css_auth_state from, to;
    } steps[] = {
        {4, CSS_AUTH_FREE,            CSS_AUTH_GRANTED        },
        {5, CSS_AUTH_GRANTED,         CSS_AUTH_HOST_CHALLENGE },
        {6, CSS_AUTH_HOST_CHALLENGE,  CSS_AUTH_KEY1           },
        {7, CSS_AUTH_KEY1,            CSS_AUTH_DRIVE_CHALLENGE},
        {8, CSS_AUTH_DRIVE_CHALLENGE, CSS_AUTH_AUTHENTICATED  },
        {9, CSS_AUTH_AUTHENTICATED,   CSS_AUTH_FREE           },
    };
    for (unsigned i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
        const struct trace_command *command = nth_command(steps[i].command);
        ck_assert_uint_eq(command->steps, 1);
        ck_assert_int_eq(command->step[0].from, steps[i].from);
        ck_assert_int_eq(command->step[0].to, steps[i].to);
        ck_assert_int_eq(command->before.agid[0], steps[i].from);
        ck_assert_int_eq(command->after.agid[0], steps[i].to);
    }
    ck_assert(nth_command(8)->after.asf);
    ck_assert(!line.command.before.asf);
    ck_assert_uint_eq(nth_command(5)->out.length, 16);
    ck_assert_uint_eq(line.command.out.bytes[1], 14);
}
END_TEST

START_TEST(of_sectors_only_the_beginning_is_kept)
{
    traced_drive_be_ready();
    traced_drive_execute("28 00 00 00 00 40 00 00 04 00", "");
    traced_drive_end();
    const struct trace_command *command = nth_command(4);
    ck_assert_uint_eq(command->in.length, 8192);
    ck_assert_uint_eq(command->in.kept, TRACE_MEDIUM_BYTES_DEFAULT);
    ck_assert_mem_eq(command->in.bytes, traced.data, TRACE_MEDIUM_BYTES_DEFAULT);
}
END_TEST

START_TEST(what_happens_between_commands_is_written)
{
    traced_drive_be_ready();
    ck_assert_int_eq(css_host_authenticate(&traced.host), CSS_HOST_DONE);
    drive_eject(traced.drive, false, traced.now);
    drive_reset(traced.drive, DRIVE_RESET_BUS, traced.now);
    drive_vendor_reset(traced.drive);
    traced_drive_end();
    ck_assert_int_eq(show(NULL, TRACED_DRIVE_TRACE), 0);
    assert_shows("  agid AGID 0: authenticated -> free\n");
    assert_shows("  asf off\n");
    assert_shows("  medium tray-open\n");
    assert_shows("  reset bus\n");
    assert_shows("  unit-attention 06/29/02 for nexus 1\n");
    assert_shows("  region never set, 5 changes and 3 vendor resets left\n");
    ck_assert_str_eq(captured.error, "");
}
END_TEST

START_TEST(an_abandoned_command_is_written_as_given_up)
{
    struct drive_command command = {
        .nexus = traced.nexus, .cdb = {0x12, [4] = 36},
             .cdb_length = 6
    };
    drive_begin(traced.drive, &command, traced.now);
    drive_finish(traced.drive, &command, traced.now + 5000);
    traced_drive_end();
    ck_assert(nth_command(1)->given_up);
    ck_assert_uint_eq(line.command.duration, 5000);
}
END_TEST

START_TEST(commands_that_overlap_do_not_mix)
{
    uint8_t data[36];
    struct iovec iov = {data, sizeof(data)};
    struct drive_command first = {
        .nexus = traced.nexus, .cdb = {0x12, [4] = 36},
             .cdb_length = 6
    };
    struct drive_command second = {
        .nexus = traced.nexus, .cdb = {0x12, [4] = 5},
             .cdb_length = 6
    };

    drive_begin(traced.drive, &first, traced.now);
    drive_begin(traced.drive, &second, traced.now);
    drive_data_in(traced.drive, &first, &iov, 1);
    drive_data_in(traced.drive, &second, &iov, 1);
    drive_finish(traced.drive, &second, traced.now);
    drive_finish(traced.drive, &first, traced.now);
    traced_drive_end();
    ck_assert_uint_eq(nth_command(1)->number, 2);
    ck_assert_uint_eq(line.command.in.length, 5);
    ck_assert_uint_eq(nth_command(2)->number, 1);
    ck_assert_uint_eq(line.command.in.length, 36);
}
END_TEST

START_TEST(a_full_disk_ends_the_trace_and_not_the_drive)
{
    const struct output_terms terms = {.kind = OUTPUT_TRACE, .pipes = OUTPUT_PIPES_WAITED_FOR};
    struct output_file *full = output_file_open("/dev/full", &terms, &faults.diagnostics);

    ck_assert_ptr_nonnull(full);
    ck_assert_ptr_null(trace_file_open(full, traced.drive, 0, &faults.diagnostics));
    ck_assert_str_eq(faults.text, "/dev/full: No space left on device; the trace ends here\n"
                                  "/dev/full: lost: 1 lines of the trace\n");
}
END_TEST

START_TEST(fault_rules_are_named)
{
    traced_drive_be_ready();
    traced_drive_fault("short", "command=INQUIRY", "truncate=3");
    traced_drive_fault("busy", "command=TEST UNIT READY", "status=busy");
    traced_drive_fault("late", "command=0x28", "patch=2048:FF");
    traced_drive_fault("key", "command=REPORT KEY", "truncate=4");
    traced_drive_fault("wide", "command=READ CAPACITY", "sense-data=72 05 6F 04");
    traced_drive_execute("12 00 00 00 24 00", "");
    traced_drive_execute("00 00 00 00 00 00", "");
    drive_fault_remove(traced.drive, "busy");
    traced_drive_execute("00 00 00 00 00 00", "");
    traced_drive_execute("28 00 00000010 00 0002 00", "");
    traced_drive_execute("A4 00 00000000 00 00 000C 02 00", "");
    traced_drive_execute("25 00 00000000 0000 00 00", "");
    traced_drive_end();
    ck_assert_str_eq(nth_command(4)->fault, "short");
    ck_assert_uint_eq(line.command.in.length, 3);
    ck_assert_str_eq(nth_command(5)->fault, "busy");
    ck_assert_str_eq(nth_command(5)->fault_met, "");
    ck_assert_str_eq(nth_command(6)->fault, "");
    /* Its effect comes with the second sector, when the command has long begun. */
    ck_assert_str_eq(nth_command(7)->fault, "late");
    ck_assert_str_eq(nth_command(8)->fault, "");
    ck_assert_str_eq(nth_command(8)->fault_met, "key");
    ck_assert_uint_eq(nth_command(9)->sense.key, 0x05);
    ck_assert_uint_eq(nth_command(9)->sense.asc, 0x6F);
    ck_assert_uint_eq(nth_command(9)->sense.ascq, 0x04);
    ck_assert_int_eq(show(NULL, TRACED_DRIVE_TRACE), 0);
    assert_shows("  fault rule short added\n");
    assert_shows("         fault rule short was applied\n");
    assert_shows("TEST UNIT READY : busy, 0 us\n         fault rule busy was applied\n");
    assert_shows("  fault rule busy removed\n");
    assert_shows("         fault rule late was applied\n");
    assert_shows("         fault rule key was met, and had no effect\n");
    assert_shows("05/6F/04 REGION_MISMATCH");
}
END_TEST

/* Every line that is written is read back the same. */
START_TEST(what_is_written_is_read_back_the_same)
{
    traced_drive_be_ready();
    traced_drive_play();
    traced_drive_execute("A3 00 00 00 00 00 00 00 00 08 06 00", "00 06 00 00 FD 00 00 00");
    traced_drive_execute("28 00 FF 00 00 40 00 00 04 00", "");
    traced_drive_execute("FF 00 00 00 00 00", "");
    traced_drive_fault("busy", "command=INQUIRY", "status=busy");
    traced_drive_execute("12 00 00 00 24 00", "");
    drive_fault_remove(traced.drive, "busy");
    drive_eject(traced.drive, true, traced.now);
    drive_reset(traced.drive, DRIVE_RESET_LOGICAL_UNIT, traced.now);
    traced_drive_end();
    ck_assert_int_eq(show("--json", TRACED_DRIVE_TRACE), 0);
    char *written = traced_drive_read(TRACED_DRIVE_TRACE);
    char *started = strstr(captured.output, "\"started\"");
    ck_assert_ptr_nonnull(started);
    ck_assert_str_eq(captured.output, written);
    free(written);
}
END_TEST

/* People -------------------------------------------------------------------- */

START_TEST(people_see_fields_and_sense_in_words)
{
    traced_drive_be_ready();
    traced_drive_execute("A4 00 00 00 00 10 00 00 00 0C 44 00", "");
    traced_drive_execute("A4 00 00 00 00 00 00 00 00 08 00 00", "");
    traced_drive_end();
    ck_assert_int_eq(show(NULL, TRACED_DRIVE_TRACE), 0);
    assert_shows("trace of VODD DVD-ROM");
    assert_shows("medium absent, 4 AGIDs, region 1, 4 changes and 4 vendor resets left\n");
    assert_shows("REPORT KEY, Key Class 00h (CSS/CPPM/CPRM), AGID 1, Key Format 04h (title key), "
                 "Logical Block Address 16, Allocation Length 12 : 05/6F/02 KEY_NOT_ESTABLISHED, "
                 "copy protection key exchange failure - key not established, 0 us\n");
    assert_shows("         in  0000  00 06 00 00 00 00 00 00\n         AGID 0: free -> granted\n");
}
END_TEST

START_TEST(every_command_of_the_drive_has_its_fields_inside_its_cdb)
{
    for (const struct command_row *row = command_table; row->name; row++)
        for (const struct cdb_field *field = cdb_fields(row->operation_code); field->name;
             field++) {
            ck_assert_msg(field->offset > 0 && field->offset + field->size < row->cdb_length,
                          "%s: %s", row->name, field->name);
            ck_assert_msg(field->bits == 0 || (field->size == 1 && field->shift + field->bits <= 8),
                          "%s: %s", row->name, field->name);
        }
}
END_TEST

/* Refused ------------------------------------------------------------------- */

static const struct {
    const char *text;    /* behind the header */
    const char *message; /* in front of it "vodd: bad.trace:" */
    unsigned commands;   /* that are read before the damage */
} bad[] = {
    {"{\"cdb\":\"00 00 00 00 00 00\"}\n{\"cdb\"",                                     "3:7: the trace ends in the middle of a line\n",
     1                                                                                                                                                 },
    {"{\"cdb\":\"00 00 00 00 00 00\"}\n{]\n",                                         "3:2: not JSON: string or '}' expected near ']'\n",
     1                                                                                                                                                 },
    {"[]\n",                                                                          "2:1: a line of a trace is an object\n",                        0},
    {"{}\n",                                                                          "2:1: a member \"cdb\" is missing in a command\n",              0},
    {"{\"cdb\":\"00 00 00 00 00\"}\n",
     "2:2: cdb: \"00 00 00 00 00\" is not right; accepted: 6 to 16 bytes in hexadecimal\n",                                                           0},
    {"{\"cdb\":\"00 00 00 00 00 00\",\"statu\":\"good\"}\n",
     "2:28: no member \"statu\" in a command; the nearest is \"status\"; accepted: command, time, "
     "duration, nexus, autosense, lun, cdb, name, fields, out-length, out, given-up, status, "
     "sense, "
     "in-length, in, fault, fault-met, before, after, steps, ignore\n",                                                                               0},
    {"{\"cdb\":\"00 00 00 00 00 00\",\"status\":\"bad\"}\n",
     "2:28: status: \"bad\" is not right; accepted: good | check-condition | busy | "
     "reservation-conflict | "
     "task-set-full\n",                                                                                                                               0},
    {"{\"cdb\":\"00 00 00 00 00 00\",\"status\":\"check-condition\"}\n",
     "2:28: status: check-condition needs a member \"sense\"\n",                                                                                      0},
    {"{\"cdb\":\"00 00 00 00 00 00\",\"sense\":{\"key\":16,\"asc\":0,\"ascq\":0}}\n",
     "2:37: key: 16 is not right; accepted: a whole number 0..15\n",                                                                                  0},
    {"{\"cdb\":\"00 00 00 00 00 00\",\"ignore\":[\"9-8\"]}\n",
     "2:28: ignore: \"9-8\" is not right; accepted: \"status\" | \"in\" | up to 8 ranges of bytes "
     "such as \"8-35\"\n",                                                                                                                            0},
    {"{\"cdb\":\"00 00 00 00 00 00\",\"in\":\"0102\",\"in-length\":1}\n",
     "2:40: in-length: there are more bytes than this length\n",                                                                                      0},
    {"{\"cdb\":\"00 00 00 00 00 00\",\"in-length\":1,\"in\":\"0102\"}\n",
     "2:28: in-length: there are more bytes than this length\n",                                                                                      0},
    {"{\"cdb\":\"00 00 00 00 00 00\",\"given-up\":true,\"status\":\"good\"}\n",
     "2:44: status: there is none of a command that was given up\n",                                                                                  0},
    {"{\"cdb\":\"00 00 00 00 00 00\",\"sense\":{\"key\":1,\"asc\":0,\"ascq\":0}}\n",
     "2:28: sense: accepted with the status check-condition only\n",                                                                                  0},
    {"{\"event\":\"agid\",\"step\":{\"agid\":0,\"from\":\"granted\",\"to\":\"free\"},\"nexus\":"
     "40000}\n",                                                                 "2:64: no member \"nexus\" in an event \"agid\"; the nearest is \"event\"; accepted: event, "
     "time, step\n",                                                                                                             0},
    {"{\"event\":\"medium\"}\n",                                                      "2:1: a member \"medium\" is missing in an event \"medium\"\n", 0},
    {"{\"event\":\"media\",\"time\":1}\n",
     "2:2: event: \"media\" is not right; accepted: medium | eject-request | prevent | agid | asf "
     "| "
     "region | unit-attention | reset | fault\n",                                                                                                     0},
    {HEADER,                                                                          "2:1: a second header; accepted: one, in the first line\n",     0},
};

START_TEST(damage_is_named_and_what_is_before_it_is_read)
{
    char text[1024], expected[1024];

    snprintf(text, sizeof(text), HEADER "%s", bad[_i].text);
    traced_drive_write("bad.trace", text);
    ck_assert_int_eq(show("--json", "bad.trace"), 2);
    snprintf(expected, sizeof(expected), "vodd: bad.trace:%s", bad[_i].message);
    ck_assert_str_eq(captured.error, expected);
    unsigned lines = 0;
    for (const char *c = captured.output; *c; c++)
        lines += *c == '\n';
    ck_assert_uint_eq(lines, 1 + bad[_i].commands);
}
END_TEST

START_TEST(what_is_no_trace_is_refused)
{
    static const char *const texts[][2] = {
        {"",                                  "1:1: not a trace: it is empty\n"                 },
        {"{\"cdb\":\"00 00 00 00 00 00\"}\n",
         "1:1: not a trace; accepted: a first line with \"vodd-trace\":1\n"                     },
        {"{\"vodd-trace\":2}\n",
         "1:2: vodd-trace: 2 is not right; accepted: 1, the format that this version reads\n"   },
        {"vodd\n",                            "1:4: not JSON: '[' or '{' expected near 'vodd'\n"},
    };
    for (unsigned i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        char expected[200];
        traced_drive_write("bad.trace", texts[i][0]);
        ck_assert_int_eq(show(NULL, "bad.trace"), 2);
        snprintf(expected, sizeof(expected), "vodd: bad.trace:%s", texts[i][1]);
        ck_assert_str_eq(captured.error, expected);
        ck_assert_str_eq(captured.output, "");
    }
    ck_assert_int_eq(show(NULL, "missing.trace"), 2);
    ck_assert_str_eq(captured.error, "vodd: missing.trace: No such file or directory\n");
}
END_TEST

/* A line of bytes that are none of text is not a blank one. */
START_TEST(a_line_that_begins_with_a_nul_is_refused)
{
    FILE *file = fopen("nul.trace", "w");
    fputs(HEADER, file);
    fwrite("\0{}\n", 1, 4, file);
    fclose(file);
    ck_assert_int_eq(show(NULL, "nul.trace"), 2);
    ck_assert_msg(strstr(captured.error, "vodd: nul.trace:2:1: not JSON") == captured.error, "%s",
                  captured.error);
}
END_TEST

START_TEST(a_line_without_end_is_refused)
{
    FILE *file = fopen("long.trace", "w");
    fputs(HEADER, file);
    for (unsigned i = 0; i < TRACE_LINE_MAX + 1; i++)
        fputc(' ', file);
    fclose(file);
    ck_assert_int_eq(show(NULL, "long.trace"), 2);
    ck_assert_str_eq(captured.error, "vodd: long.trace:2:65537: a line has at most 65536 bytes\n");
}
END_TEST

/* Growing ------------------------------------------------------------------- */

START_TEST(a_file_that_grows_is_read_on)
{
    struct trace_reader *reader;

    traced_drive_execute("12 00 00 00 24 00", "");
    reader = trace_reader_open(TRACED_DRIVE_TRACE, &faults.diagnostics);
    while (trace_reader_next(reader, &line) == TRACE_READ_LINE)
        ;
    traced_drive_execute("12 00 00 00 05 00", "");
    ck_assert_int_eq(trace_reader_next(reader, &line), TRACE_READ_LINE);
    ck_assert_uint_eq(line.command.in.length, 5);
    ck_assert_int_eq(trace_reader_next(reader, &line), TRACE_READ_END);
    ck_assert(!trace_reader_is_truncated(reader));
    trace_reader_close(reader);
}
END_TEST

static Suite *trace_suite(void)
{
    Suite *suite = suite_create("trace");
    TCase *cases = tcase_create("trace");
    tcase_add_checked_fixture(cases, set_up, traced_drive_tear_down);
    tcase_add_test(cases, a_command_is_written_with_data_sense_and_states);
    tcase_add_test(cases, the_steps_of_an_authentication_belong_to_their_commands);
    tcase_add_test(cases, of_sectors_only_the_beginning_is_kept);
    tcase_add_test(cases, what_happens_between_commands_is_written);
    tcase_add_test(cases, an_abandoned_command_is_written_as_given_up);
    tcase_add_test(cases, commands_that_overlap_do_not_mix);
    tcase_add_test(cases, a_full_disk_ends_the_trace_and_not_the_drive);
    tcase_add_test(cases, fault_rules_are_named);
    tcase_add_test(cases, what_is_written_is_read_back_the_same);
    tcase_add_test(cases, people_see_fields_and_sense_in_words);
    tcase_add_test(cases, every_command_of_the_drive_has_its_fields_inside_its_cdb);
    tcase_add_loop_test(cases, damage_is_named_and_what_is_before_it_is_read, 0,
                        sizeof(bad) / sizeof(*bad));
    tcase_add_test(cases, what_is_no_trace_is_refused);
    tcase_add_test(cases, a_line_that_begins_with_a_nul_is_refused);
    tcase_add_test(cases, a_line_without_end_is_refused);
    tcase_add_test(cases, a_file_that_grows_is_read_on);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(trace_suite)
