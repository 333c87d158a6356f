/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handlers/report/report.h"
#include "handlers/vodd/commands.h"
#include "tests/support/captured_output.h"
#include "tests/support/traced_drive.h"
#include "tests/tap.h"

/* Reports: what is counted of a trace, what must be reached, and the page. */

static struct captured_output captured;
static json_t *json;

static void set_up(void)
{
    traced_drive_set_up();
    program_invocation_short_name = "vodd";
}

/* `line`: words separated by blanks behind "report". */
static int report(const char *line)
{
    char words[300];
    const char *argv[16] = {"report"};
    int argc = 1;

    snprintf(words, sizeof(words), "%s", line);
    for (char *rest = words, *word; (word = strsep(&rest, " "));)
        argv[argc++] = word;
    captured_output_begin();
    int status = command_report(argc, argv);
    captured_output_end(&captured);
    return status;
}

static void load(const char *path)
{
    char line[100];

    snprintf(line, sizeof(line), "--json %s", path);
    ck_assert_int_eq(report(line), 0);
    json = json_loads(captured.output, 0, NULL);
    ck_assert_ptr_nonnull(json);
}

/* The element of the array `list` whose `key` is `value`. */
static json_t *find(const char *list, const char *key, const char *value)
{
    size_t i;
    json_t *element;

    json_array_foreach(json_object_get(json, list), i,
                       element) if (strcmp(json_string_value(json_object_get(element, key)),
                                           value) == 0) return element;
    ck_abort_msg("no %s = %s in %s", key, value, list);
}

static long long count(const json_t *object, const char *key)
{
    ck_assert_msg(json_is_integer(json_object_get(object, key)), "%s", key);
    return json_integer_value(json_object_get(object, key));
}

static void assert_page_has(const char *page, const char *text)
{
    ck_assert_msg(strstr(page, text) != NULL, "%s", text);
}

static void grant(void)
{
    traced_drive_execute("A4 00 00 00 00 00 00 00 00 08 00 00", "");
}
static void send_challenge(void)
{
    traced_drive_execute("A3 00 00 00 00 00 00 00 00 10 01 00",
                         "00 0E 00 00 09 08 07 06 05 04 03 02 01 00 00 00");
}
static void fetch_key1(void)
{
    traced_drive_execute("A4 00 00 00 00 00 00 00 00 0C 02 00", "");
}
static void fetch_challenge(void)
{
    traced_drive_execute("A4 00 00 00 00 00 00 00 00 10 01 00", "");
}
static void end(void)
{
    traced_drive_execute("A4 00 00 00 00 00 00 00 00 00 3F 00", "");
}
static void authenticate(void)
{
    ck_assert_int_eq(css_host_authenticate(&traced.host), CSS_HOST_DONE);
}

/* A host that takes each transition once at least. */
static void take_every_transition(void)
{
    void (*const steps[])(void) = {grant, send_challenge, fetch_key1, fetch_challenge};

    for (unsigned most = 1; most <= 4; most++) {
        for (unsigned i = 0; i < most; i++)
            steps[i]();
        end();
    }
    authenticate();
    end();
    for (unsigned i = 0; i < 4; i++)
        steps[i]();
    traced_drive_execute("A3 00 00 00 00 00 00 00 00 0C 03 00",
                         "00 0A 00 00 01 02 03 04 05 00 00 00");
    authenticate();
    traced_drive_execute("AD 00 00 00 00 00 00 02 08 04 00 00", "");
    traced_drive_play();
}

START_TEST(every_transition_is_counted)
{
    static const char *const names[] = {
        "grant",
        "host-challenge",
        "key1",
        "drive-challenge",
        "key2-right",
        "key2-wrong",
        "disc-key",
        "title-key",
        "end-granted",
        "end-host-challenge",
        "end-key1",
        "end-drive-challenge",
        "end-authenticated",
    };
    static const long long counts[] = {8, 7, 6, 5, 3, 1, 1, 1, 1, 1, 1, 1, 1};

    traced_drive_be_ready();
    take_every_transition();
    traced_drive_end();
    ck_assert_int_eq(report("--require transitions=all,leaks=0,authentications=3 drive.trace"), 0);
    ck_assert_ptr_nonnull(strstr(captured.output, "13 of 13 transitions taken\n"));
    load(TRACED_DRIVE_TRACE);
    for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
        ck_assert_msg(count(find("transitions", "name", names[i]), "count") == counts[i], "%s",
                      names[i]);
    ck_assert_int_eq(count(json, "leaks"), 0);
    ck_assert_int_eq(count(json, "transitions-taken"), 13);
    json_decref(json);
}
END_TEST

static void leave_by_medium(void)
{
    drive_eject(traced.drive, false, traced.now);
}
static void leave_by_reset(void)
{
    drive_reset(traced.drive, DRIVE_RESET_BUS, traced.now);
}
static void leave_by_region(void)
{
    traced_drive_execute("A3 00 00 00 00 00 00 00 00 08 06 00", "00 06 00 00 FD 00 00 00");
}
static void leave_by_vendor_reset(void)
{
    drive_vendor_reset(traced.drive);
}
static void leave_by_start_stop(void)
{
    traced_drive_execute("1B 00 00 00 02 00", "");
}
static void leave_it(void)
{
}

static const struct {
    void (*act)(void);
    const char *fate;
    long long regions;
} fates[] = {
    {leave_by_medium,       "dropped when the medium left",    0},
    {leave_by_start_stop,   "dropped when the medium left",    0},
    {leave_by_reset,        "dropped by a reset",              0},
    {leave_by_region,       "dropped when the region was set", 1},
    {leave_by_vendor_reset, "dropped when the region was set", 1},
    {leave_it,              "still held when the trace ends",  0},
};

START_TEST(agids_left_behind_have_a_fate)
{
    traced_drive_be_ready();
    grant();
    send_challenge();
    fates[_i].act();
    traced_drive_end();
    ck_assert_int_eq(report("--require leaks=0 drive.trace"), 1);
    ck_assert_str_eq(captured.error, "vodd: not met: leaks: at most 0 required, 1 found\n");
    load(TRACED_DRIVE_TRACE);
    json_t *leak = json_array_get(json_object_get(json, "leak-list"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(leak, "fate")), fates[_i].fate);
    ck_assert_str_eq(json_string_value(json_object_get(leak, "reached")), "host-challenge");
    ck_assert_int_eq(count(leak, "command"), 4);
    ck_assert_int_eq((long long)json_array_size(json_object_get(json, "region-changes")),
                     fates[_i].regions);
    json_decref(json);
}
END_TEST

/* What came after 05/6F/02, by the next command of the host. */
START_TEST(what_a_host_does_after_a_failure)
{
    static const struct {
        const char *cdb, *reaction;
    } next[] = {
        {"A4 00 00 00 01 64 00 00 00 0C 04 00", "retry"         },
        {"00 00 00 00 00 00",                   "poll"          },
        {"4A 01 00 00 10 00 00 00 08 00",       "poll"          },
        {"A4 00 00 00 00 00 00 00 00 00 3F 00", "end session"   },
        {"A4 00 00 00 00 00 00 00 00 08 00 00", "new session"   },
        {"12 00 00 00 24 00",                   "give up, go on"},
    };
    static const char *const reactions[] = {"retry", "poll", "end session", "new session",
                                            "give up, go on"};

    traced_drive_be_ready();
    for (unsigned i = 0; i < sizeof(next) / sizeof(*next); i++) {
        traced_drive_execute("A4 00 00 00 01 64 00 00 00 0C 04 00", "");
        traced_drive_execute("03 00 00 00 12 00", "");
        traced_drive_execute(next[i].cdb, "");
        if (i == 0)
            traced_drive_execute("12 00 00 00 24 00", "");
    }
    traced_drive_execute("A4 00 00 00 01 64 00 00 00 0C 44 00", "");
    traced_drive_end();
    load(TRACED_DRIVE_TRACE);
    json_t *sense = json_array_get(json_object_get(json, "senses"), 1);
    ck_assert_int_eq(count(sense, "asc"), 0x6F);
    ck_assert_int_eq(count(sense, "count"), 8);
    json_t *seen = json_object_get(sense, "next");
    for (unsigned i = 0; i < 5; i++)
        ck_assert_msg(count(seen, reactions[i]) == (i == 1 || i == 4 ? 2 : 1), "%s", reactions[i]);
    ck_assert_int_eq(count(seen, "nothing more"), 1);
    ck_assert_int_eq(count(json_object_get(json, "steps-refused"), "free"), 7);
    json_decref(json);
}
END_TEST

/* Hosts are told apart whatever their numbers: each of these goes on after a failure of its own. */
START_TEST(each_host_reacts_to_its_own_failure)
{
#define FAILED_OF(nexus)                                                                           \
    "{\"nexus\":" nexus ",\"cdb\":\"000000000000\",\"status\":\"check-condition\",\"sense\":"      \
    "{\"key\":2,\"asc\":4,\"ascq\":1},\"fault\":\"slow\"}\n"
    traced_drive_write("hosts.trace",
                       "{\"vodd-trace\":1}\n" FAILED_OF("1") FAILED_OF("257") FAILED_OF("65537")
                           FAILED_OF("4294967295") "{\"nexus\":257,\"cdb\":\"120000002400\"}\n");
    load("hosts.trace");
    json_t *next = json_object_get(json_array_get(json_object_get(json, "senses"), 0), "next");
    ck_assert_int_eq(count(next, "give up, go on"), 1);
    ck_assert_int_eq(count(next, "nothing more"), 3);
    ck_assert_int_eq(count(next, "retry"), 0);
    next = json_object_get(json_array_get(json_object_get(json, "faults"), 0), "next");
    ck_assert_int_eq(count(next, "give up, go on"), 1);
    ck_assert_int_eq(count(next, "nothing more"), 3);
    json_decref(json);
}
END_TEST

START_TEST(what_a_host_does_about_fault_rules)
{
    traced_drive_be_ready();
    traced_drive_fault("slow", "command=INQUIRY", "delay=5ms");
    for (unsigned i = 0; i < 3; i++)
        traced_drive_execute("12 00 00 00 24 00", "");
    traced_drive_execute("00 00 00 00 00 00", "");
    traced_drive_execute("12 00 00 00 05 00", "");
    traced_drive_end();
    load(TRACED_DRIVE_TRACE);
    json_t *fault = json_array_get(json_object_get(json, "faults"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(fault, "name")), "slow");
    ck_assert_int_eq(count(fault, "count"), 4);
    ck_assert_int_eq(count(json_object_get(fault, "next"), "retry"), 2);
    ck_assert_int_eq(count(json_object_get(fault, "next"), "poll"), 1);
    ck_assert_int_eq(count(json_object_get(fault, "next"), "nothing more"), 1);
    json_decref(json);
    ck_assert_int_eq(report("-o a.html drive.trace"), 0);
    char *page = traced_drive_read("a.html");
    assert_page_has(page, "<tr><td>slow</td><td class=\"left\">INQUIRY</td><td>4</td>");
    free(page);
}
END_TEST

START_TEST(commands_are_told_apart_by_the_state_of_the_drive)
{
    traced_drive_be_ready();
    traced_drive_play();
    traced_drive_execute("12 00 00 00 24 00", "");
    grant();
    traced_drive_execute("12 00 00 00 24 00", "");
    end();
    authenticate();
    traced_drive_execute("12 00 00 00 24 00", "");
    drive_eject(traced.drive, true, traced.now);
    traced_drive_execute("12 00 00 00 24 00", "");
    drive_insert(traced.drive, NULL, traced.now);
    traced_drive_execute("12 00 00 00 24 00", "");
    traced_drive_execute("00 00 00 00 00 00", "");
    traced_drive_end();
    load(TRACED_DRIVE_TRACE);
    json_t *states = json_object_get(find("by-command", "name", "INQUIRY"), "states");
    static const char *const names[] = {"ASF set", "authenticating", "bus key valid", "tray open",
                                        "no medium"};
    ck_assert_uint_eq(json_object_size(states), 5);
    for (unsigned i = 0; i < 5; i++)
        ck_assert_msg(count(json_object_get(states, names[i]), "count") == 1, "%s", names[i]);
    states = json_object_get(find("by-command", "name", "TEST UNIT READY"), "states");
    ck_assert_int_eq(count(json_object_get(states, "no medium"), "failed"), 1);
    json_decref(json);
}
END_TEST

START_TEST(latencies_are_right_to_nine_percent)
{
    FILE *file = fopen("a.trace", "w");

    ck_assert_ptr_nonnull(file);
    fputs("{\"vodd-trace\":1}\n", file);
    for (unsigned i = 1; i <= 1000; i++)
        fprintf(file, "{\"cdb\":\"00 00 00 00 00 00\",\"duration\":%u000}\n", i);
    fclose(file);
    load("a.trace");
    json_t *command = find("by-command", "name", "TEST UNIT READY");
    ck_assert_int_ge(count(command, "median"), 500000);
    ck_assert_int_le(count(command, "median"), 570000);
    ck_assert_int_ge(count(command, "percentile-95"), 950000);
    ck_assert_int_le(count(command, "percentile-95"), 1000000);
    ck_assert_int_eq(count(command, "longest"), 1000000);
    json_decref(json);
}
END_TEST

START_TEST(several_traces_are_one_report)
{
    traced_drive_be_ready();
    traced_drive_end();
    ck_assert_int_eq(report("drive.trace drive.trace"), 0);
    ck_assert_str_eq(captured.output, "6 commands in 2 traces, 2 failed\n"
                                      "0 authentications, 0 wrong KEY2\n"
                                      "0 of 13 transitions taken\n"
                                      "2 of 32 commands used\n"
                                      "0 AGIDs left behind\n"
                                      "0 region changes\n");
}
END_TEST

static const struct {
    const char *require, *message;
    int status;
} requirements[] = {
    {"transitions=0",     "",                                                                          0},
    {"commands=2",        "",                                                                          0},
    {"commands=6%",       "",                                                                          0},
    {"commands=7%",       "vodd: not met: commands: at least 3 required, 2 found; missing: INQUIRY, ", 1},
    {"transitions=1",
     "vodd: not met: transitions: at least 1 required, 0 found; missing: grant, "
     "host-challenge, key1, ",                                                                         1},
    {"authentications=1", "vodd: not met: authentications: at least 1 required, 0 found\n",            1},
    {"transitons=all",
     "vodd: --require transitons: no such requirement, the nearest is \"transitions\"; accepted: "
     "transitions=all|N|N%, commands=all|N|N%, authentications=N, leaks=N\n",                          2},
    {"transitions=14",
     "vodd: --require transitions=14: not a threshold; accepted: all | 0..13 | 0%..100%\n",            2},
    {"transitions",
     "vodd: --require transitions=: not a threshold; accepted: all | 0..13 | "
     "0%..100%\n",                                                                                     2},
    {"leaks=all",         "vodd: --require leaks=all: not a threshold; accepted: a number\n",          2},
    {"leaks=0,",          "vodd: --require : no such requirement, the nearest is \"leaks\"",           2},
};

START_TEST(thresholds)
{
    char line[100];

    traced_drive_be_ready();
    traced_drive_end();
    snprintf(line, sizeof(line), "--require %s drive.trace", requirements[_i].require);
    ck_assert_int_eq(report(line), requirements[_i].status);
    ck_assert_msg(
        strncmp(captured.error, requirements[_i].message, strlen(requirements[_i].message)) == 0,
        "%s", captured.error);
}
END_TEST

START_TEST(the_page_needs_nothing_else)
{
    const char *argv[] = {"report", "-o", "a.html", "--title", "<b>&\"", TRACED_DRIVE_TRACE, NULL};
    struct stat status;

    traced_drive_be_ready();
    traced_drive_play();
    traced_drive_end();
    captured_output_begin();
    ck_assert_int_eq(command_report(6, argv), 0);
    captured_output_end(&captured);
    char *page = traced_drive_read("a.html");
    assert_page_has(page, "<title>&lt;b&gt;&amp;&quot;</title>");
    assert_page_has(page, "id=\"transition-title-key\" class=\"arrow taken\"");
    assert_page_has(page, "id=\"transition-key2-wrong\" class=\"arrow untaken\"");
    assert_page_has(page, "<li>authenticated, READ DISC STRUCTURE 02h, disc key</li>");
    ck_assert_ptr_null(strstr(page, "http:"));
    ck_assert_ptr_null(strstr(page, "https:"));
    ck_assert_ptr_null(strstr(page, "src="));
    ck_assert_ptr_null(strstr(page, "<script"));
    free(page);
    ck_assert_int_eq(stat("a.html", &status), 0);
    ck_assert_int_eq(status.st_mode & 0400, 0400);
}
END_TEST

START_TEST(what_cannot_be_written_or_read)
{
    traced_drive_be_ready();
    traced_drive_end();
    ck_assert_int_eq(report("-o /nonexistent/a.html drive.trace"), 1);
    ck_assert_str_eq(captured.error, "vodd: /nonexistent/a.html: No such file or directory\n");
    ck_assert_int_eq(report("-o a.html missing.trace"), 2);
    ck_assert_int_ne(access("a.html", F_OK), 0);
    traced_drive_write("a.trace", "{\"vodd-trace\":1}\n{\"cdb\":\"00 00 00 00 00 00\"}\n{\"cdb\"");
    ck_assert_int_eq(report("-o a.html a.trace"), 2);
    ck_assert_str_eq(captured.error, "vodd: a.trace:3:7: the trace ends in the middle of a line\n");
    char *page = traced_drive_read("a.html");
    assert_page_has(page, "a.trace was read up to the damage, 1 commands");
    free(page);
    ck_assert_int_eq(report(""), 2);
}
END_TEST

static Suite *report_suite(void)
{
    Suite *suite = suite_create("report");
    TCase *cases = tcase_create("report");
    tcase_add_checked_fixture(cases, set_up, traced_drive_tear_down);
    tcase_add_test(cases, every_transition_is_counted);
    tcase_add_loop_test(cases, agids_left_behind_have_a_fate, 0, sizeof(fates) / sizeof(*fates));
    tcase_add_test(cases, what_a_host_does_after_a_failure);
    tcase_add_test(cases, each_host_reacts_to_its_own_failure);
    tcase_add_test(cases, what_a_host_does_about_fault_rules);
    tcase_add_test(cases, commands_are_told_apart_by_the_state_of_the_drive);
    tcase_add_test(cases, latencies_are_right_to_nine_percent);
    tcase_add_test(cases, several_traces_are_one_report);
    tcase_add_loop_test(cases, thresholds, 0, sizeof(requirements) / sizeof(*requirements));
    tcase_add_test(cases, the_page_needs_nothing_else);
    tcase_add_test(cases, what_cannot_be_written_or_read);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(report_suite)
