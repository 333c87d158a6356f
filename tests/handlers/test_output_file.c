/* SPDX-License-Identifier: MIT */
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handlers/capture/capture.h"
#include "handlers/trace/trace_file.h"
#include "handlers/trace/trace_reader.h"
#include "tests/support/fault_log.h"
#include "tests/support/traced_drive.h"
#include "tests/tap.h"

/* Outputs to pipes whose reader is slow, and what a trace and a capture say of it.  The rest of
 * what outputs do is in tests/handlers/test_outputs. */

#define RECORD 4000

static struct event_base *base;
static struct fault_log faults;
static int reader;

static void set_up(void)
{
    traced_drive_set_up();
    traced_drive_end();
    signal(SIGPIPE, SIG_IGN);
    fault_log_init(&faults);
    base = event_base_new();
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    reader = open("pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(reader, 0);
}

static void tear_down(void)
{
    if (reader >= 0)
        close(reader);
    event_base_free(base);
    traced_drive_tear_down();
}

static struct output_file *open_pipe(enum output_kind kind)
{
    const struct output_terms terms = {.kind = kind, .pipes = OUTPUT_PIPES_BUFFERED, .base = base};
    struct output_file *output = output_file_open("pipe", &terms, &faults.diagnostics);

    ck_assert_msg(output != NULL, "%s", faults.text);
    return output;
}

/* What the pipe has now, into `file`; how many bytes. */
static size_t read_pipe(FILE *file)
{
    char bytes[65536];
    size_t all = 0;
    ssize_t got;

    while ((got = read(reader, bytes, sizeof(bytes))) > 0) {
        if (file)
            ck_assert_uint_eq(fwrite(bytes, 1, (size_t)got, file), (size_t)got);
        all += (size_t)got;
    }
    return all;
}

/* All that waits in memory goes through the pipe. */
static size_t read_everything(FILE *file)
{
    size_t all = 0, step;

    do {
        step = read_pipe(file);
        all += step;
        event_base_loop(base, EVLOOP_NONBLOCK);
    } while (step > 0);
    return all;
}

START_TEST(what_the_reader_does_not_take_is_kept_up_to_a_limit_and_then_left_out)
{
    static char record[RECORD];
    struct output_file *output = open_pipe(OUTPUT_TRACE);
    size_t accepted = 0;

    while (output_file_write(output, record, sizeof(record)))
        accepted++;
    /* The pipe has room of its own. */
    ck_assert_uint_ge(accepted * RECORD, OUTPUT_BUFFER_MAX - RECORD);
    ck_assert_uint_le(accepted * RECORD, OUTPUT_BUFFER_MAX + (1 << 20));
    ck_assert(!output_file_write(output, record, sizeof(record)));
    ck_assert_uint_eq(output_file_lost(output), 2);
    ck_assert_str_eq(faults.text,
                     "warning: pipe: its reader is too slow; lines of the trace are left out\n");
    ck_assert_uint_eq(read_everything(NULL), accepted * RECORD);
    ck_assert(output_file_write(output, record, sizeof(record)));
    ck_assert_uint_eq(read_everything(NULL), RECORD);
    fault_log_init(&faults);
    ck_assert(!output_file_close(output));
    ck_assert_str_eq(faults.text, "pipe: lost: 2 lines of the trace\n");
}
END_TEST

START_TEST(the_end_waits_for_a_reader_and_not_for_ever)
{
    static char record[RECORD];
    struct output_file *output = open_pipe(OUTPUT_CAPTURE);

    for (unsigned i = 0; i < 100; i++)
        ck_assert(output_file_write(output, record, sizeof(record)));
    ck_assert(!output_file_close(output));
    ck_assert_ptr_nonnull(strstr(faults.text, " commands of the capture\n"));
}
END_TEST

START_TEST(a_reader_that_goes_ends_the_output)
{
    struct output_file *output = open_pipe(OUTPUT_TRACE);

    ck_assert(output_file_write(output, "a\n", 2));
    close(reader);
    reader = -1;
    ck_assert(!output_file_write(output, "b\n", 2));
    ck_assert(!output_file_write(output, "c\n", 2));
    ck_assert(!output_file_close(output));
    ck_assert_str_eq(faults.text, "pipe: Broken pipe; the trace ends here\n"
                                  "pipe: lost: 2 lines of the trace\n");
}
END_TEST

/* The trace tells where lines are missing, and its end how many. */
START_TEST(a_trace_with_gaps_says_where_they_are)
{
    static struct trace_line line;
    struct trace_file *trace =
        trace_file_open(open_pipe(OUTPUT_TRACE), traced.drive, TRACE_DATA_MAX, &faults.diagnostics);
    FILE *file = fopen("read.trace", "w");
    struct trace_reader *back;
    uint64_t commands = 0, executed = 0, lost = 0;
    bool told = false;

    ck_assert_ptr_nonnull(trace);
    ck_assert_ptr_nonnull(file);
    /* Until the pipe and the memory are full. */
    for (; !*faults.text; executed++)
        traced_drive_execute("12 00 00 00 24 00", "");
    read_everything(file);
    for (unsigned i = 0; i < 3; i++, executed++)
        traced_drive_execute("12 00 00 00 24 00", "");
    read_everything(file);
    ck_assert(!trace_file_close(trace));
    read_pipe(file);
    ck_assert_int_eq(fclose(file), 0);

    back = trace_reader_open("read.trace", &faults.diagnostics);
    ck_assert_ptr_nonnull(back);
    while (trace_reader_next(back, &line) == TRACE_READ_LINE) {
        commands += line.kind == TRACE_LINE_COMMAND;
        if (line.kind == TRACE_LINE_LOSS) {
            lost = line.loss.lines;
            told = commands == executed - 3 - lost;
        }
    }
    ck_assert_int_eq(line.kind, TRACE_LINE_END);
    ck_assert(told);
    ck_assert_uint_eq(lost, 1);
    ck_assert_uint_eq(commands, executed - lost);
    ck_assert_uint_eq(line.end.lines, commands);
    ck_assert_uint_eq(line.end.lost, lost);
    ck_assert(!trace_reader_is_whole(back, false));
    ck_assert_ptr_nonnull(strstr(faults.text, "read.trace: the trace has lost 1 lines"));
    trace_reader_close(back);
}
END_TEST

/* Whatever is left out, what is there is a capture: each block is whole. */
START_TEST(a_capture_with_gaps_is_a_capture)
{
    struct capture *capture =
        capture_drive(open_pipe(OUTPUT_CAPTURE), traced.drive, &faults.diagnostics);
    FILE *file = fopen("read.pcapng", "w+");
    uint32_t header[2];
    unsigned blocks = 0;

    ck_assert_ptr_nonnull(capture);
    while (!*faults.text)
        traced_drive_execute("12 00 00 00 24 00", "");
    read_everything(file);
    traced_drive_execute("12 00 00 00 24 00", "");
    ck_assert(!capture_close(capture));
    read_pipe(file);
    rewind(file);
    for (; fread(header, sizeof(header), 1, file) == 1; blocks++) {
        uint32_t end = 0;
        ck_assert_int_eq(fseek(file, (long)header[1] - 12, SEEK_CUR), 0);
        ck_assert_uint_eq(fread(&end, sizeof(end), 1, file), 1);
        ck_assert_uint_eq(end, header[1]);
    }
    ck_assert_uint_gt(blocks, 100);
    fclose(file);
}
END_TEST

START_TEST(an_output_that_is_never_written_leaves_no_file)
{
    const struct output_terms terms = {.kind = OUTPUT_TRACE};
    struct output_file *output = output_file_open("new", &terms, &faults.diagnostics);

    ck_assert_ptr_nonnull(output);
    ck_assert_int_eq(access("new", F_OK), 0);
    ck_assert(output_file_close(output));
    ck_assert_int_ne(access("new", F_OK), 0);
    output = output_file_open(TRACED_DRIVE_TRACE, &terms, &faults.diagnostics);
    ck_assert_ptr_nonnull(output);
    ck_assert_ptr_null(output_file_open(TRACED_DRIVE_TRACE, &terms, &faults.diagnostics));
    ck_assert_str_eq(faults.text,
                     TRACED_DRIVE_TRACE ": another program writes it; accepted: another file\n");
    ck_assert(output_file_close(output));
    char *text = traced_drive_read(TRACED_DRIVE_TRACE);
    ck_assert_ptr_nonnull(strstr(text, "{\"end\":true"));
    free(text);
}
END_TEST

static Suite *output_file_suite(void)
{
    Suite *suite = suite_create("output file");
    TCase *cases = tcase_create("output file");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, what_the_reader_does_not_take_is_kept_up_to_a_limit_and_then_left_out);
    tcase_add_test(cases, the_end_waits_for_a_reader_and_not_for_ever);
    tcase_add_test(cases, a_reader_that_goes_ends_the_output);
    tcase_add_test(cases, a_trace_with_gaps_says_where_they_are);
    tcase_add_test(cases, a_capture_with_gaps_is_a_capture);
    tcase_add_test(cases, an_output_that_is_never_written_leaves_no_file);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(output_file_suite)
