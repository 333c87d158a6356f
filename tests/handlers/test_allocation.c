/* SPDX-License-Identifier: MIT */
/*
 * What the handlers do with their first, second, third ... allocation failing until none is left
 * to fail: they say so or close the connection, and lose nothing (the address sanitizer looks).
 */
#include <fcntl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handlers/capture/capture.h"
#include "handlers/control/control.h"
#include "handlers/expectations/expectations.h"
#include "handlers/replay/replay.h"
#include "handlers/report/report.h"
#include "handlers/state_file/state_file.h"
#include "handlers/trace/trace_file.h"
#include "handlers/trace/trace_reader.h"
#include "handlers/usbredir/usbredir.h"
#include "handlers/vodd/server.h"
#include "tests/support/failing_allocation.h"
#include "tests/tap.h"

static char folder[64], state_path[128], image_path[128], fixture_path[128], usb_path[128],
    control_path[128];
static char trace_path[144], page_path[144];
static struct event_base *base;
static struct drive_profile profile;
static struct diagnostics quiet;

static void no_report(void *context, const char *text)
{
    (void)context, (void)text;
}

static void write_fixture(void)
{
    FILE *file = fopen(fixture_path, "w");

    ck_assert_ptr_nonnull(file);
    fputs("[disc]\nimage = image\n[fault a]\ncommand = INQUIRY\nsense = no-medium\n"
          "[fault b]\ntruncate = 0\n",
          file);
    fclose(file);
}

static void setup(void)
{
    int file;

    snprintf(folder, sizeof(folder), "/tmp/vodd-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(state_path, sizeof(state_path), "%s/state", folder);
    snprintf(image_path, sizeof(image_path), "%s/image", folder);
    snprintf(fixture_path, sizeof(fixture_path), "%s/x.disc", folder);
    snprintf(usb_path, sizeof(usb_path), "%s/usb", folder);
    snprintf(control_path, sizeof(control_path), "%s/control", folder);
    snprintf(trace_path, sizeof(trace_path), "%s/trace", folder);
    snprintf(page_path, sizeof(page_path), "%s/page", folder);
    file = open(image_path, O_CREAT | O_WRONLY, 0600);
    ck_assert_int_eq(ftruncate(file, 16 * 2048), 0);
    close(file);
    write_fixture();
    drive_profile_init(&profile);
    quiet = (struct diagnostics){.report = no_report};
    base = event_base_new();
}

static void teardown(void)
{
    event_base_free(base);
    unlink(state_path);
    unlink(image_path);
    unlink(fixture_path);
    /* Nothing else is left in it. */
    ck_assert_int_eq(rmdir(folder), 0);
}

/* Calls `attempt`, which returns whether it succeeded, until no allocation was left to fail.  A few
 * allocations are not needed for success. */
static void try_every_failure(bool (*attempt)(void), unsigned at_least)
{
    bool failed = true, succeeded;
    unsigned n = 0, refused_attempts = 0;

    while (failed && n < 1000) {
        failing_allocation_at(++n);
        succeeded = attempt();
        failed = failing_allocation_end();
        refused_attempts += !succeeded;
        ck_assert_msg(succeeded || failed, "attempt %u", n);
    }
    ck_assert_uint_ge(refused_attempts, at_least);
    ck_assert_uint_lt(n, 1000);
}

static bool open_state(void)
{
    struct drive_nonvolatile state;
    struct state_file *file = state_file_open(state_path, &profile, &state, &quiet);
    bool stored = file && state_file_store(file, &state);

    state_file_close(file);
    return stored;
}

START_TEST(state_file)
{
    try_every_failure(open_state, 5);
}
END_TEST

/* Servers ------------------------------------------------------------------ */

static bool is_connected(void *context)
{
    (void)context;
    return false;
}

static void quit(void *context)
{
    (void)context;
}

static bool contains(const char *bytes, size_t length, const char *part)
{
    return memmem(bytes, length, part, strlen(part)) != NULL;
}

/* Until the last request is answered or the connection ends; a disc is made on another thread. */
static ssize_t receive_all(int fd, char *answers, size_t size)
{
    size_t length = 0;
    ssize_t got;

    do {
        event_base_loop(base, EVLOOP_NONBLOCK);
        got = recv(fd, answers + length, size - length, 0);
        length += got > 0 ? (size_t)got : 0;
    } while ((got > 0 || (got < 0 && errno == EAGAIN)) && !contains(answers, length, "\"id\":99"));
    return (ssize_t)length;
}

static bool control_talks(void)
{
    static const struct control_server server = {
        .name = "x", .is_connected = is_connected, .quit = quit};
    static char request[512], answers[65536];
    struct drive *drive = drive_create(&profile, NULL, NULL, 0);
    struct control *control = drive ? control_create(base, -1, drive, &server) : NULL;
    ssize_t length = 0;
    int pair[2];

    if (control && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0) {
        snprintf(request, sizeof(request),
                 "{\"execute\":\"insert\",\"arguments\":{\"file\":\"%s\"}}\n"
                 "{\"execute\":\"fault-add\",\"arguments\":{\"scenario\":\"scratch\",\"rule\":{"
                 "\"times\":2}}}\n"
                 "{\"execute\":\"fault-list\"}\n"
                 "{\"execute\":\"status\",\"id\":99}\n",
                 fixture_path);
        control_adopt(control, pair[0]);
        (void)!send(pair[1], request, strlen(request), MSG_NOSIGNAL);
        length = receive_all(pair[1], answers, sizeof(answers));
        close(pair[1]);
    }
    control_destroy(control);
    drive_destroy(drive);
    return length > 0 && contains(answers, (size_t)length, "\"sectors\":16") &&
           contains(answers, (size_t)length, "\"faults\":3") &&
           contains(answers, (size_t)length, "\"name\":\"disc.b\"") &&
           contains(answers, (size_t)length, "\"id\":99");
}

START_TEST(control_socket)
{
    try_every_failure(control_talks, 4);
}
END_TEST

/* A host that says hello, chooses configuration 1 and asks for INQUIRY data. */
static const uint8_t host_bytes[] = {
    /* hello, all capabilities */ 0,
    0,
    0,
    0,
    68,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    'x',
    [76] = 0x7E,
    /* set configuration 1 */[80] = 6,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    1,
    /* bulk out: INQUIRY, 36 bytes */ 101,
    0,
    0,
    0,
    41,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0x02,
    0,
    31,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    'U',
    'S',
    'B',
    'C',
    0,
    0,
    0,
    0,
    36,
    0,
    0,
    0,
    0x80,
    0,
    6,
    0x12,
    0,
    0,
    0,
    36,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    /* bulk in: 36 bytes */ 101,
    0,
    0,
    0,
    10,
    0,
    0,
    0,
    3,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0x81,
    0,
    36,
    0,
    0,
    0,
    0,
    0,
    0,
    0};

static void connected(void *context, bool now, const char *reason)
{
    (void)context, (void)now, (void)reason;
}

static void refused(void *context, const char *reason)
{
    (void)context, (void)reason;
}

static bool usb_talks(void)
{
    static const struct usbredir_events events = {.connected = connected, .refused = refused};
    static char answers[65536];
    struct drive *drive = drive_create(&profile, NULL, NULL, 0);
    struct usbredir *usbredir = NULL;
    ssize_t length = 0;
    int pair[2];

    if (drive && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0) {
        usbredir = usbredir_create(base, pair[0], drive, USB_SPEED_SUPER, &events);
        close(pair[0]);
        if (usbredir)
            (void)!send(pair[1], host_bytes, sizeof(host_bytes), MSG_NOSIGNAL);
        for (unsigned i = 0; i < 4; i++)
            event_base_loop(base, EVLOOP_NONBLOCK);
        length = recv(pair[1], answers, sizeof(answers), 0);
        close(pair[1]);
    }
    usbredir_destroy(usbredir);
    drive_destroy(drive);
    return length > 0 && contains(answers, (size_t)length, "VODD    DVD-ROM");
}

START_TEST(usb)
{
    try_every_failure(usb_talks, 4);
}
END_TEST

static bool server_opens(void)
{
    static struct server server;
    const struct serve_options options = {
        .profile = (char[]){"strict-agid"},
        .file = fixture_path,
        .state = state_path,
        .name = (char[]){"x"},
        .socket = usb_path,
        .fd = -1,
        .control = control_path,
    };
    bool open = server_open(&server, &options, &quiet) == 0;

    server_close(&server);
    return open;
}

START_TEST(whole_server)
{
    try_every_failure(server_opens, 15);
}
END_TEST

/* Traces ------------------------------------------------------------------- */

static void execute(struct drive *drive, struct drive_nexus *nexus)
{
    uint8_t data[36];
    struct iovec iov = {data, sizeof(data)};
    struct drive_command command = {
        .nexus = nexus, .cdb = {0x12, [4] = 36},
             .cdb_length = 6
    };

    drive_execute(drive, &command, &iov, 1, 0);
}

static struct output_file *output(const char *path, enum output_kind kind)
{
    const struct output_terms terms = {.kind = kind};

    return output_file_open(path, &terms, &quiet);
}

/* A command that there is no memory for is left out; so the trace counts as made when it has it. */
static bool trace_is_written(void)
{
    struct drive *drive = drive_create(&profile, NULL, NULL, 0);
    struct drive_nexus *nexus = drive ? drive_nexus_attach(drive, true) : NULL;
    struct trace_file *trace =
        nexus ? trace_file_open(output(trace_path, OUTPUT_TRACE), drive, 0, &quiet) : NULL;
    struct capture *capture =
        trace ? capture_drive(output(page_path, OUTPUT_CAPTURE), drive, &quiet) : NULL;
    struct stat before, after = {0};
    bool made = false;

    if (capture && stat(trace_path, &before) == 0) {
        execute(drive, nexus);
        made = stat(trace_path, &after) == 0 && after.st_size > before.st_size;
    }
    made = capture_close(capture) && made;
    made = trace_file_close(trace) && made;
    drive_nexus_detach(nexus);
    drive_destroy(drive);
    unlink(page_path);
    return made;
}

START_TEST(trace_and_capture)
{
    try_every_failure(trace_is_written, 8);
    unlink(trace_path);
}
END_TEST

static bool trace_is_replayed(void)
{
    struct trace_reader *reader = trace_reader_open(trace_path, &quiet);
    const struct replay_options options = {.profile = &profile};
    struct replay_result result = {0};
    bool played = reader && replay_run(reader, &options, NULL, NULL, &result, &quiet);

    trace_reader_close(reader);
    return played && result.commands == 1 && result.differences == 0;
}

static bool trace_is_reported(void)
{
    struct trace_reader *reader = trace_reader_open(trace_path, &quiet);
    struct report *report = report_create();
    struct trace_line *line = malloc(sizeof(*line));
    bool made =
        reader && report && line && report_begin(report, trace_path, trace_reader_header(reader));

    while (made && trace_reader_next(reader, line) == TRACE_READ_LINE)
        made = report_line(report, line);
    if (made)
        report_end(report, false, true);
    made = made && report->commands == 1;
    free(line);
    report_destroy(report);
    trace_reader_close(reader);
    return made;
}

static bool trace_is_as_expected(void)
{
    struct trace_reader *reader = trace_reader_open(trace_path, &quiet);
    struct trace_line *line = malloc(sizeof(*line));
    struct expectations expectations = {0};
    bool made = reader && line &&
                expectations_read("x", "at least 1 INQUIRY\nevery INQUIRY followed by READ(10)\n",
                                  &expectations, &quiet);

    while (made && trace_reader_next(reader, line) == TRACE_READ_LINE)
        made = line->kind != TRACE_LINE_COMMAND ||
               expectations_command(&expectations, &line->command, 1);
    if (made)
        expectations_end(&expectations);
    made =
        made && expectations.expectation[0].failed == 0 && expectations.expectation[1].failed == 1;
    expectations_release(&expectations);
    free(line);
    trace_reader_close(reader);
    return made;
}

START_TEST(readers_of_traces)
{
    ck_assert(trace_is_written());
    try_every_failure(trace_is_replayed, 5);
    try_every_failure(trace_is_reported, 5);
    try_every_failure(trace_is_as_expected, 8);
    unlink(trace_path);
}
END_TEST

static Suite *allocation_suite(void)
{
    Suite *suite = suite_create("allocation");
    TCase *tests = tcase_create("handlers");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, state_file);
    tcase_add_test(tests, control_socket);
    tcase_add_test(tests, usb);
    tcase_add_test(tests, whole_server);
    tcase_add_test(tests, trace_and_capture);
    tcase_add_test(tests, readers_of_traces);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(allocation_suite)
