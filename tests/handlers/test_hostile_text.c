/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handlers/report/report_html.h"
#include "handlers/text/json_text.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/fault_text.h"
#include "handlers/vodd/status_text.h"
#include "media/shown_text.h"
#include "media/utf8.h"
#include "tests/support/captured_output.h"
#include "tests/support/traced_drive.h"
#include "tests/tap.h"

/* Text from outside that a terminal would obey or that is no UTF-8, through every way out. */

static struct captured_output captured;

static const struct {
    const char *text, *shown, *json;
} hostile[] = {
    {"a\x1B[2Jb",                                 "a\\x1B[2Jb",                                "a\x1B[2Jb"                           },
    {"a\nvodd: b",                                "a\\x0Avodd: b",                             "a\nvodd: b"                          },
    {"a\rb",                                      "a\\x0Db",                                   "a\rb"                                },
    {"a\tb\x07\x08",                              "a\\x09b\\x07\\x08",                         "a\tb\x07\x08"                        },
    {"a\x7F",                                     "a\\x7F",                                    "a\x7F"                               },
    {"a\xC2\x9B"
     "31mb",                                 "a\\xC2\\x9B31mb",
     "a\xC2\x9B"
     "31mb"                                                                                                                          },
    {"a\xE2\x80\xAE"
     "b",                                    "a\\xE2\\x80\\xAEb",
     "a\xE2\x80\xAE"
     "b"                                                                                                                             },
    {"a\xE2\x81\xA6"
     "b",                                    "a\\xE2\\x81\\xA6b",
     "a\xE2\x81\xA6"
     "b"                                                                                                                             },
    {"a\xE2\x80\xA8"
     "b",                                    "a\\xE2\\x80\\xA8b",
     "a\xE2\x80\xA8"
     "b"                                                                                                                             },
    {"caf\xE9",                                   "caf\\xE9",                                  "caf\xEF\xBF\xBD"                     },
    {"a\x9B"
     "b",                                    "a\\x9Bb",
     "a\xEF\xBF\xBD"
     "b"                                                                                                                             },
    {"\xC0\xAF",                                  "\\xC0\\xAF",                                "\xEF\xBF\xBD\xEF\xBF\xBD"            }, /* overlong */
    {"\xE0\x80\xAF",                              "\\xE0\\x80\\xAF",                           "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xED\xA0\x80",                              "\\xED\\xA0\\x80",                           "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* surrogate */
    {"\xF4\x90\x80\x80",                          "\\xF4\\x90\\x80\\x80",
     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"                                                                              },
    {"\xE2\x80",                                  "\\xE2\\x80",                                "\xEF\xBF\xBD"                        }, /* cut */
    {"\xF0\x9F\x92"
     "b",                                    "\\xF0\\x9F\\x92"
     "b",                                                                        "\xEF\xBF\xBD"
     "b"                                                                                                      },
    {"caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x92\xBF", "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x92\xBF",
     "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x92\xBF"                                                                                     },
};
#define HOSTILE (int)(sizeof(hostile) / sizeof(*hostile))

static void set_up(void)
{
    program_invocation_short_name = "vodd";
}

static void set_up_drive(void)
{
    set_up();
    traced_drive_set_up();
}

/* Nothing but newlines that a terminal obeys, and all of it UTF-8. */
static void assert_harmless(const char *output)
{
    size_t length = strlen(output), step;
    uint32_t character;

    for (; length > 0; output += step, length -= step) {
        step = utf8_next(output, length, &character);
        ck_assert_msg(character == '\n' || !shown_text_is_hidden(character), "%X in %s", character,
                      output);
    }
}

static void assert_shown(const char *output, const char *text)
{
    assert_harmless(output);
    ck_assert_msg(strstr(output, text) != NULL, "%s\n--- is not in\n%s", text, output);
}

/* Runs a subcommand: words up to a NULL. */
static int run(int (*command)(int argc, const char **argv), const char *const *words)
{
    const char *argv[10];
    int argc = 0;

    for (; words[argc]; argc++)
        argv[argc] = words[argc];
    argv[argc] = NULL;
    captured_output_begin();
    int status = command(argc, argv);
    captured_output_end(&captured);
    return status;
}
#define RUN(command, ...) run(command, (const char *const[]){__VA_ARGS__, NULL})

/* What --json wrote, which must be JSON and harmless. */
static json_t *written(void)
{
    json_t *json = json_loads(captured.output, 0, NULL);

    assert_harmless(captured.output);
    ck_assert_msg(json != NULL, "%s", captured.output);
    return json;
}

static const char *member(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    ck_assert_msg(text != NULL, "%s", key);
    return text;
}

START_TEST(text_is_shown_and_replaced)
{
    char room[200], *stream_text;
    size_t size;
    FILE *stream = open_memstream(&stream_text, &size);
    json_t *json = json_text(hostile[_i].text);

    ck_assert_str_eq(shown_text(hostile[_i].text, room, sizeof(room)), hostile[_i].shown);
    shown_text_put(hostile[_i].text, stream);
    fputc('\n', stream);
    shown_text_print(stream, "<%s>\n", hostile[_i].text);
    fclose(stream);
    assert_shown(stream_text, hostile[_i].shown);
    snprintf(room, sizeof(room), "%s\n<%s>\n", hostile[_i].shown, hostile[_i].shown);
    ck_assert_str_eq(stream_text, room);
    free(stream_text);
    ck_assert_str_eq(json_string_value(json), hostile[_i].json);
    json_decref(json);
}
END_TEST

START_TEST(text_is_cut_behind_a_whole_character)
{
    char room[8];

    ck_assert_str_eq(shown_text("abc\x1B", room, 8), "abc\\x1B");
    ck_assert_str_eq(shown_text("abcd\x1B", room, 8), "abcd");
    ck_assert_str_eq(shown_text("abcdef\xC3\xA9", room, 8), "abcdef");
    json_t *json = json_text_sized("a\0b", 3);
    ck_assert_str_eq(json_string_value(json), "a\xEF\xBF\xBD"
                                              "b");
    json_decref(json);
}
END_TEST

START_TEST(files_that_are_checked)
{
    char path[64];

    snprintf(path, sizeof(path), "%s.iso", hostile[_i].text);
    ck_assert_int_eq(strchr(path, '/') == NULL, 1);
    ck_assert_int_eq(RUN(command_check, "check", path), 2);
    assert_shown(captured.error, hostile[_i].shown);
    ck_assert_int_eq(RUN(command_check, "check", "--json", path), 2);
    json_t *json = written();
    ck_assert_uint_eq(json_array_size(json), 1);
    json_t *result = json_array_get(json, 0);
    ck_assert(strncmp(member(result, "file"), hostile[_i].json, strlen(hostile[_i].json)) == 0);
    ck_assert(json_is_false(json_object_get(result, "ok")));
    ck_assert_uint_ge(json_array_size(json_object_get(result, "messages")), 1);
    ck_assert_ptr_nonnull(
        strstr(json_string_value(json_array_get(json_object_get(result, "messages"), 0)),
               hostile[_i].json));
    json_decref(json);
    ck_assert_int_eq(link("movie.iso", path), 0);
    ck_assert_int_eq(RUN(command_check, "check", path), 0);
    assert_shown(captured.output, hostile[_i].shown);
}
END_TEST

START_TEST(discs_that_are_shown)
{
    char path[64], form[200];

    snprintf(path, sizeof(path), "%s.iso", hostile[_i].text);
    ck_assert_int_eq(link("movie.iso", path), 0);
    ck_assert_int_eq(RUN(command_disc, "disc", "show", path), 0);
    assert_shown(captured.output, shown_text(hostile[_i].json, form, sizeof(form)));
    ck_assert_int_eq(RUN(command_disc, "disc", "show", "--json", path), 0);
    json_t *json = written();
    ck_assert_ptr_nonnull(strstr(member(json, "image"), hostile[_i].json));
    json_decref(json);
}
END_TEST

/* A trace of this name, whose drive and rule have names like it. */
static void write_trace(const char *path, const char *text, bool damaged)
{
    json_t *header =
        json_pack("{s:i, s:{s:o}}", "vodd-trace", 1, "drive", "serial", json_text(text));
    json_t *command = json_pack("{s:s, s:o}", "cdb", "120000002400", "fault", json_text(text));
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    json_dumpf(header, file, JSON_COMPACT);
    fputc('\n', file);
    json_dumpf(command, file, JSON_COMPACT);
    fputc('\n', file);
    if (damaged)
        fputs("{\"cdb\":\"12\"}\n", file);
    fclose(file);
    json_decref(header);
    json_decref(command);
}

START_TEST(traces)
{
    char path[64], shown[300];
    struct {
        const char *bytes;
        char form[200];
    } name = {hostile[_i].json, ""};

    snprintf(path, sizeof(path), "%s.trace", hostile[_i].text);
    write_trace(path, hostile[_i].text, true);
    shown_text(name.bytes, name.form, sizeof(name.form));
    ck_assert_int_eq(RUN(command_trace, "trace", path), 2);
    snprintf(shown, sizeof(shown), "serial number %s", name.form);
    assert_shown(captured.output, shown);
    snprintf(shown, sizeof(shown), "fault rule %s was applied", name.form);
    assert_shown(captured.output, shown);
    snprintf(shown, sizeof(shown), "vodd: %s.trace:3:", hostile[_i].shown);
    assert_shown(captured.error, shown);
    ck_assert_int_eq(RUN(command_trace, "trace", "--json", path), 2);
    assert_harmless(captured.output);
    *strchr(captured.output, '\n') = 0;
    json_t *json = json_loads(captured.output, 0, NULL);
    ck_assert_str_eq(member(json_object_get(json, "drive"), "serial"), hostile[_i].json);
    json_decref(json);
}
END_TEST

START_TEST(expectations_and_replays)
{
    char trace[64], rules[64];

    snprintf(trace, sizeof(trace), "%s.trace", hostile[_i].text);
    snprintf(rules, sizeof(rules), "%s.expect", hostile[_i].text);
    write_trace(trace, hostile[_i].text, false);
    traced_drive_write(rules, "no INQUIRY # caf\xE9\x1B[2J\n");
    RUN(command_expect, "expect", rules, trace);
    assert_shown(captured.output, "not kept: no INQUIRY # caf\\xE9\\x1B[2J");
    assert_shown(captured.output, hostile[_i].shown);
    assert_harmless(captured.error);
    RUN(command_expect, "expect", "--json", rules, trace);
    json_t *json = written();
    ck_assert_str_eq(member(json_array_get(json, 0), "text"),
                     "no INQUIRY # caf\xEF\xBF\xBD\x1B[2J");
    json_decref(json);
    RUN(command_replay, "replay", "--disc", "movie.disc", trace);
    assert_shown(captured.error, hostile[_i].shown);
    assert_harmless(captured.output);
}
END_TEST

START_TEST(reports)
{
    char path[64];
    char *page, form[200], *html;
    size_t size;

    snprintf(path, sizeof(path), "%s.trace", hostile[_i].text);
    write_trace(path, hostile[_i].text, false);
    RUN(command_report, "report", "--json", path);
    json_t *json = written();
    ck_assert_ptr_nonnull(strstr(member(json_array_get(json_object_get(json, "traces"), 0), "path"),
                                 hostile[_i].json));
    ck_assert_str_eq(member(json_array_get(json_object_get(json, "faults"), 0), "name"),
                     hostile[_i].json);
    json_decref(json);
    RUN(command_report, "report", "-o", "a.html", path);
    assert_harmless(captured.error);
    page = traced_drive_read("a.html");
    FILE *stream = open_memstream(&html, &size);
    report_html_text(hostile[_i].text, stream);
    fclose(stream);
    assert_shown(page, html);
    assert_shown(page, shown_text(hostile[_i].json, form, sizeof(form)));
    free(page);
    free(html);
}
END_TEST

/* A server may be any program. */
START_TEST(answers_of_a_server)
{
    char form[200];
    json_t *status =
        json_pack("{s:o, s:{s:o}, s:{s:s, s:o}, s:o}", "name", json_text(hostile[_i].text), "drive",
                  "vendor", json_text(hostile[_i].text), "disc", "medium", "dvd-rom", "image",
                  json_text(hostile[_i].text), "medium", json_text(hostile[_i].text));
    json_t *faults = json_pack("{s:[{s:o, s:o}]}", "faults", "name", json_text(hostile[_i].text),
                               "rule", json_text(hostile[_i].text));
    json_t *added = json_pack("{s:[o, i], s:[o]}", "names", json_text(hostile[_i].text), 1, "rules",
                              json_text(hostile[_i].text));

    captured_output_begin();
    status_text_print(status, stdout);
    fault_text_print(faults, stdout);
    fflush(stdout);
    captured_output_end(&captured);
    assert_shown(captured.output, shown_text(hostile[_i].json, form, sizeof(form)));
    json_decref(status);
    json_decref(faults);

    captured_output_begin();
    fault_text_print_added(added, stdout);
    fflush(stdout);
    captured_output_end(&captured);
    assert_shown(captured.output, form);
    json_decref(added);
}
END_TEST

START_TEST(words_of_the_command_line)
{
    char word[64];

    snprintf(word, sizeof(word), "--%s", hostile[_i].text);
    ck_assert_int_eq(RUN(command_check, "check", word), 2);
    assert_shown(captured.error, hostile[_i].shown);
    ck_assert_int_eq(RUN(command_region, "region", hostile[_i].text), 2);
    assert_shown(captured.error, hostile[_i].shown);
    ck_assert_int_eq(RUN(command_fault, "fault", hostile[_i].text), 2);
    assert_shown(captured.error, hostile[_i].shown);
    ck_assert_int_eq(RUN(command_fault, "fault", "add", "x", hostile[_i].text), 2);
    assert_shown(captured.error, hostile[_i].shown);
    ck_assert_int_eq(RUN(command_status, "status", "--name", hostile[_i].text), 2);
    assert_shown(captured.error, hostile[_i].shown);
}
END_TEST

/* A path that JSON cannot carry would become another one; a name that it cannot carry, none. */
START_TEST(what_cannot_be_sent_is_refused)
{
    static const char reason[] = "caf\\xE9: not UTF-8, which the control socket cannot carry; "
                                 "accepted: a name in UTF-8, as of a link to it\n";

    ck_assert_int_eq(RUN(command_insert, "insert", "--control", "none", "/caf\xE9"), 2);
    assert_shown(captured.error, reason);
    ck_assert_int_eq(RUN(command_trace, "trace", "--control", "none", "--start", "/caf\xE9"), 2);
    assert_shown(captured.error, reason);
    ck_assert_int_eq(RUN(command_fault, "fault", "--control", "none", "clear", "caf\xE9"), 2);
    assert_shown(captured.error, reason);
}
END_TEST

static Suite *hostile_suite(void)
{
    Suite *suite = suite_create("hostile text");
    TCase *words = tcase_create("words"), *files = tcase_create("files");

    tcase_add_checked_fixture(words, set_up, NULL);
    tcase_set_timeout(words, 60);
    tcase_add_loop_test(words, text_is_shown_and_replaced, 0, HOSTILE);
    tcase_add_test(words, text_is_cut_behind_a_whole_character);
    tcase_add_loop_test(words, answers_of_a_server, 0, HOSTILE);
    tcase_add_loop_test(words, words_of_the_command_line, 0, HOSTILE);
    tcase_add_test(words, what_cannot_be_sent_is_refused);
    suite_add_tcase(suite, words);

    tcase_add_checked_fixture(files, set_up_drive, traced_drive_tear_down);
    tcase_set_timeout(files, 60);
    tcase_add_loop_test(files, files_that_are_checked, 0, HOSTILE);
    tcase_add_loop_test(files, discs_that_are_shown, 0, HOSTILE);
    tcase_add_loop_test(files, traces, 0, HOSTILE);
    tcase_add_loop_test(files, expectations_and_replays, 0, HOSTILE);
    tcase_add_loop_test(files, reports, 0, HOSTILE);
    suite_add_tcase(suite, files);
    return suite;
}

TAP_MAIN(hostile_suite)
