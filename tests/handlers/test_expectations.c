/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handlers/expectations/expectations.h"
#include "handlers/expectations/pattern.h"
#include "handlers/vodd/commands.h"
#include "media/settings.h"
#include "tests/support/captured_output.h"
#include "tests/support/traced_drive.h"
#include "tests/tap.h"

/* Expectations: each sentence kept and not kept, each condition, and what is no sentence. */

static struct captured_output captured;

static void set_up(void)
{
    traced_drive_set_up();
    program_invocation_short_name = "vodd";
}

static int expect(const char *rules, const char *trace)
{
    const char *argv[] = {"expect", "a.expect", trace, NULL};

    traced_drive_write("a.expect", rules);
    captured_output_begin();
    int status = command_expect(3, argv);
    captured_output_end(&captured);
    return status;
}

/* Commands for hand-written traces. */
#define READY "{\"cdb\":\"00 00 00 00 00 00\"}\n"
#define NOT_READY                                                                                  \
    "{\"cdb\":\"00 00 00 00 00 00\",\"status\":\"check-condition\",\"sense\":{\"key\":2,"          \
    "\"asc\":4,\"ascq\":1}}\n"
#define NOT_READY_2                                                                                \
    "{\"cdb\":\"00 00 00 00 00 00\",\"nexus\":2,\"status\":\"check-condition\",\"sense\":"         \
    "{\"key\":2,\"asc\":4,\"ascq\":1}}\n"
/* The same of hosts whose numbers differ by 256. */
#define NOT_READY_258                                                                              \
    "{\"cdb\":\"00 00 00 00 00 00\",\"nexus\":258,\"status\":\"check-condition\",\"sense\":"       \
    "{\"key\":2,\"asc\":4,\"ascq\":1}}\n"
#define READY_258 "{\"cdb\":\"00 00 00 00 00 00\",\"nexus\":258}\n"
#define SENSE     "{\"cdb\":\"03 00 00 00 12 00\"}\n"
#define INQUIRY   "{\"cdb\":\"12 00 00 00 24 00\"}\n"
#define END       "{\"end\":true}\n"
#define KEY2_1                                                                                     \
    "{\"cdb\":\"A3 00 00 00 00 00 00 00 00 0C 43 00\",\"status\":\"check-condition\","             \
    "\"sense\":{\"key\":5,\"asc\":111,\"ascq\":0}}\n"
#define END_0       "{\"cdb\":\"A4 00 00 00 00 00 00 00 00 00 3F 00\"}\n"
#define END_1       "{\"cdb\":\"A4 00 00 00 00 00 00 00 00 00 7F 00\"}\n"
#define AT(ms, cdb) "{\"time\":" #ms "000000,\"cdb\":\"" cdb "\"}\n"

static const struct {
    const char *rule, *trace;
    const char *failure; /* of the first one; NULL: kept */
} rows[] = {
    {"no READ(10)",                                                    READY INQUIRY,                                                     NULL                                                                       },
    {"no INQUIRY",                                                     READY INQUIRY,                                                     ":3: command 2, INQUIRY: this is such a command"                           },
    {"no inquiry",                                                     INQUIRY,                                                           ":2: command 1, INQUIRY: this is such a command"                           },
    {"no 0x12",                                                        INQUIRY,                                                           ":2: command 1, INQUIRY: this is such a command"                           },
    {"no any failed",                                                  READY,                                                             NULL                                                                       },
    {"no command failed",                                              NOT_READY,                                                         ":2: command 1, TEST UNIT READY: this is such a command"                   },
    {"no any good",                                                    READY,                                                             ":2: command 1, TEST UNIT READY: this is such a command"                   },
    {"no any good",                                                    NOT_READY,                                                         NULL                                                                       },
    {"no any sense=2",                                                 NOT_READY,                                                         ":2: command 1, TEST UNIT READY: this is such a command"                   },
    {"no any sense=02/04",                                             NOT_READY,                                                         ":2: command 1, TEST UNIT READY: this is such a command"                   },
    {"no any sense=BECOMING_READY",                                    NOT_READY,
     ":2: command 1, TEST UNIT READY: this is such a command"                                                                                                                                                        },
    {"no any sense=02/04/02,3,5/20",                                   NOT_READY,                                                         NULL                                                                       },
    {"no any sense!=02/04/01",                                         NOT_READY,                                                         NULL                                                                       },
    {"no any sense!=02/04/01",                                         READY,                                                             ":2: command 1, TEST UNIT READY: this is such a command"                   },
    {"no any after INQUIRY",                                           READY INQUIRY,                                                     NULL                                                                       },
    {"no TEST UNIT READY after INQUIRY",                               INQUIRY READY,
     ":3: command 2, TEST UNIT READY: this is such a command"                                                                                                                                                        },
    {"no TEST UNIT READY after INQUIRY until REQUEST SENSE",           INQUIRY SENSE READY,                                               NULL                                                                       },
    {"no any longer-than=1s",                                          "{\"cdb\":\"00 00 00 00 00 00\",\"duration\":1000000000}\n",       NULL                                                                       },
    {"no any longer-than=1s",                                          "{\"cdb\":\"00 00 00 00 00 00\",\"duration\":1000000001}\n",
     ":2: command 1, TEST UNIT READY: this is such a command"                                                                                                                                                        },
    {"no any lba=5-7",                                                 "{\"cdb\":\"28 00 00 00 00 08 00 00 01 00\"}\n",                   NULL                                                                       },
    {"no any lba=5-8",                                                 "{\"cdb\":\"28 00 00 00 00 08 00 00 01 00\"}\n",
     ":2: command 1, READ(10): this is such a command"                                                                                                                                                               },
    {"no any length=1-9",                                              "{\"cdb\":\"12 00 00 00 05 00\",\"in-length\":5}\n",
     ":2: command 1, INQUIRY: this is such a command"                                                                                                                                                                },
    {"no any structure-format=copyright",                              "{\"cdb\":\"AD 00 00 00 00 00 00 01 00 08 00 00\"}\n",
     ":2: command 1, READ DISC STRUCTURE: this is such a command"                                                                                                                                                    },
    {"no any status=busy",                                             "{\"cdb\":\"00 00 00 00 00 00\",\"status\":\"busy\"}\n",
     ":2: command 1, TEST UNIT READY: this is such a command"                                                                                                                                                        },
    {"no any status=given-up",                                         "{\"cdb\":\"00 00 00 00 00 00\",\"given-up\":true}\n",
     ":2: command 1, TEST UNIT READY: this is such a command"                                                                                                                                                        },

    {"no any fault=r",                                                 "{\"cdb\":\"12 00 00 00 24 00\",\"fault\":\"r\"}\n" READY,
     ":2: command 1, INQUIRY: this is such a command"                                                                                                                                                                },
    {"no any fault=s,t",                                               "{\"cdb\":\"12 00 00 00 24 00\",\"fault\":\"r\"}\n" READY,         NULL                                                                       },
    {"at most 1 any fault!=r",                                         "{\"cdb\":\"12 00 00 00 24 00\",\"fault\":\"r\"}\n" READY,         NULL                                                                       },
    {"every INQUIRY is followed by TEST UNIT READY",                   INQUIRY READY,                                                     NULL                                                                       },
    {"every INQUIRY followed by TEST UNIT READY",                      INQUIRY,
     ":2: command 1, INQUIRY: nothing of that before the trace ends"                                                                                                                                                 },
    {"every INQUIRY is followed by TEST UNIT READY within 1 command",  INQUIRY SENSE READY,                                               NULL                                                                       },
    {"every TEST UNIT READY is followed by INQUIRY within 1 commands", READY READY INQUIRY,
     ":2: command 1, TEST UNIT READY: nothing of that in the next 1 commands"                                                                                                                                        },
    {"every TEST UNIT READY is followed by INQUIRY within 10ms",
     AT(5,                                                                                                                                "00 00 00 00 00 00") AT(15,                                                  "12 00 00 00 05 00"), NULL},
    {"every TEST UNIT READY is followed by INQUIRY within 9ms",
     AT(5,                                                                                                                             "00 00 00 00 00 00") AT(15,                                                                                                                                                "12 00 00 00 05 00"),
     ":2: command 1, TEST UNIT READY: nothing of that until command 2, 10 ms later"},
    {"every SEND KEY key-format=key2 failed is followed by REPORT KEY key-format=invalidate "
     "agid=same",                                      KEY2_1 END_1,NULL                                                                                                                                  },
    {"every SEND KEY key-format=key2 failed is followed by REPORT KEY key-format=invalidate "
     "agid=same",                                                 KEY2_1 END_0,                                                                 ":2: command 1, SEND KEY: nothing of that before the trace ends"                                                                                                                                                                                 },
    {"every SEND KEY key-format=key2 failed is followed by REPORT KEY key-format=invalidate "
     "before INQUIRY",                                                 KEY2_1 INQUIRY END_1,                                                      ":2: command 1, SEND KEY: nothing of that before command 2"},

    {"at most 2 TEST UNIT READY",                                            READY READY,                                         NULL   },
    {"at most 2 TEST UNIT READY",                                      READY READY INQUIRY READY READY,
     ":5: command 4, TEST UNIT READY: number 3"                                                                               },
    {"at most 2 TEST UNIT READY sense=02/04/01 in a row",                                      NOT_READY SENSE NOT_READY READY NOT_READY,
     NULL                                                                                                                                                                      },
    {"at most 2 TEST UNIT READY sense=02/04/01 in a row",              NOT_READY SENSE NOT_READY SENSE NOT_READY,
     ":6: command 5, TEST UNIT READY: number 3 in a row"                                                                                                                                                                                                            },
    {"at most 1 TEST UNIT READY sense=02/04/01 in a row",              NOT_READY_2 NOT_READY_258,                         NULL                                                                                                                                                             },
    {"at most 1 TEST UNIT READY sense=02/04/01 in a row",              NOT_READY_2 READY_258 NOT_READY_2,
     ":4: command 3, TEST UNIT READY: number 2 in a row"                                                                                       },
    {"at most 2 TEST UNIT READY sense=02/04/01 in a row",              NOT_READY NOT_READY_2 NOT_READY,                                 NULL                                                                                                                                                             },
    {"at least 2 TEST UNIT READY",              READY READY,                                   NULL                                                                         },
    {"at least 2 TEST UNIT READY",                                     READY,                                                                              ": there are 1 of them"                                                                                                                  },
};

START_TEST(sentences)
{
    char trace[2048], expected[400];

    snprintf(trace, sizeof(trace), "{\"vodd-trace\":1}\n%s" END, rows[_i].trace);
    traced_drive_write("a.trace", trace);
    int status = expect(rows[_i].rule, "a.trace");
    ck_assert_str_eq(captured.error, "");
    if (rows[_i].failure)
        snprintf(expected, sizeof(expected),
                 "a.expect:1: not kept: %s\n  a.trace%s\na.trace: 0 of 1 expectations kept\n",
                 rows[_i].rule, rows[_i].failure);
    else
        snprintf(expected, sizeof(expected), "a.trace: 1 of 1 expectations kept\n");
    ck_assert_str_eq(captured.output, expected);
    ck_assert_int_eq(status, rows[_i].failure ? 1 : 0);
}
END_TEST

/* Conditions on the state, on a trace of a drive. */
START_TEST(conditions_on_the_state)
{
    static const struct {
        const char *rule;
        bool kept;
    } states[] = {
        {"at least 1 any authentication=free",                                              true },
        {"at least 1 SEND KEY key-format=challenge authentication=granted",                 true },
        {"at least 1 REPORT KEY key-format=key1 authentication=host-challenge",             true },
        {"at least 1 REPORT KEY key-format=challenge authentication=key1",                  true },
        {"at least 1 SEND KEY key-format=key2 authentication=drive-challenge",              true },
        {"at least 1 REPORT KEY key-format=title-key lba=356 authentication=authenticated", true },
        {"no any authentication!=free while asf=set",                                       false},
        {"no READ(10) while asf=clear",                                                     true },
        {"no READ(10) while asf=set",                                                       false},
        {"at most 5 any agids-in-use=1-4",                                                  true },
        {"at most 4 any agids-in-use=1-4",                                                  false},
        {"no any medium=tray-open,absent,becoming-ready,unusable",                          true },
        {"no any medium=ready",                                                             false},
        {"at least 5 any agid=0",                                                           true },
        {"no any agid=1-3",                                                                 true },
        {"no any nexus=2",                                                                  true },
        {"every REPORT KEY key-format=agid is followed by any key-format=title-key,invalidate "
         "agid=same nexus=same within 6 commands",                                 true },
    };
    traced_drive_be_ready();
    traced_drive_play();
    traced_drive_execute("28 00 00 00 01 64 00 00 01 00", "");
    traced_drive_end();
    for (unsigned i = 0; i < sizeof(states) / sizeof(*states); i++)
        ck_assert_msg(expect(states[i].rule, TRACED_DRIVE_TRACE) == (states[i].kept ? 0 : 1), "%s",
                      states[i].rule);
}
END_TEST

START_TEST(several_expectations_comments_and_many_failures)
{
    traced_drive_write(
        "a.trace",
        "{\"vodd-trace\":1}\n" INQUIRY INQUIRY INQUIRY INQUIRY INQUIRY INQUIRY INQUIRY END);
    ck_assert_int_eq(expect("# nothing\n\n  no INQUIRY # at all\r\nno READ(10)\n", "a.trace"), 1);
    ck_assert_str_eq(captured.output, "a.expect:3: not kept: no INQUIRY # at all\n"
                                      "  a.trace:2: command 1, INQUIRY: this is such a command\n"
                                      "  a.trace:3: command 2, INQUIRY: this is such a command\n"
                                      "  a.trace:4: command 3, INQUIRY: this is such a command\n"
                                      "  a.trace:5: command 4, INQUIRY: this is such a command\n"
                                      "  a.trace:6: command 5, INQUIRY: this is such a command\n"
                                      "  and 2 more\n"
                                      "a.trace: 1 of 2 expectations kept\n");
}
END_TEST

START_TEST(json)
{
    const char *argv[] = {"expect", "--json", "a.expect", "a.trace", NULL};

    traced_drive_write("a.expect", "no INQUIRY\nno READ(10)\n");
    traced_drive_write("a.trace", "{\"vodd-trace\":1}\n" INQUIRY END);
    captured_output_begin();
    ck_assert_int_eq(command_expect(4, argv), 1);
    captured_output_end(&captured);
    ck_assert_ptr_nonnull(strstr(captured.output, "\"kept\": false"));
    ck_assert_ptr_nonnull(strstr(captured.output, "\"reason\": \"this is such a command\""));
    ck_assert_ptr_nonnull(strstr(captured.output, "\"kept\": true"));
}
END_TEST

START_TEST(too_many_that_wait_are_a_failure)
{
    FILE *file = fopen("a.trace", "w");

    ck_assert_ptr_nonnull(file);
    fputs("{\"vodd-trace\":1}\n", file);
    for (unsigned i = 0; i <= EXPECTATION_PENDING_MAX; i++)
        fputs(INQUIRY, file);
    fputs(READY END, file);
    fclose(file);
    ck_assert_int_eq(expect("every INQUIRY is followed by TEST UNIT READY", "a.trace"), 1);
    ck_assert_ptr_nonnull(
        strstr(captured.output, "a.trace:4098: command 4097, INQUIRY: 4096 commands wait"));
}
END_TEST

static const struct {
    const char *rule, *message; /* behind "vodd: a.expect:1:" */
} bad[] = {
    {"maybe INQUIRY",
     "1: maybe: no expectation begins so; accepted: no | every | at most | at least\n"                                                    },
    {"no",                                                      "3: a command is missing; accepted: any, the name of a command or 0xNN\n" },
    {"no SND KEY",                                              "4: SND KEY: no such command, the nearest is \"SEND KEY\"; accepted: any, the "
                   "name of a command or 0xNN\n"                                                                        },
    {"no 0x1",                                                  "4: 0x1: no such command, the nearest is \"INQUIRY\"; accepted: any, the name of a "
               "command or 0xNN\n"                                                                                          },
    {"no any sens=1",                                           "8: sens: no such condition; the nearest is \"sense\"\n"                  },
    {"no any sense=BECOMING",
     "14: sense = BECOMING: no such sense, the nearest is BECOMING_READY; accepted: the name of a "
     "sense, K, K/ASC or K/ASC/ASCQ in hexadecimal\n"                                                                                     },
    {"no any sense=02/04/01/00",
     "14: sense = 02/04/01/00: not one of its values; accepted: the name of a sense, K, K/ASC or "
     "K/ASC/ASCQ in hexadecimal\n"                                                                                                        },
    {"no any asf=on",                                           "12: asf = on: not one of its values; accepted: clear | set\n"            },
    {"no any asf=",                                             "12: asf = : not one of its values; accepted: clear | set\n"              },
    {"no any asf=set,",                                         "16: asf: a value is missing; accepted: clear | set\n"                    },
    {"no any agid=4",                                           "13: agid = 4: not one of its values; accepted: 0..3 | same\n"            },
    {"no any agid=1,same",                                      "13: agid: \"same\" stands alone\n"                                       },
    {"no any lba=9-8",                                          "12: lba = 9-8: not one of its values; accepted: N or FIRST-LAST | same\n"},
    {"no any longer-than=5",
     "20: longer-than = 5: not one of its values; accepted: TIME such as 500ms, units us, ms, s\n"                                        },
    {"no any while",
     "13: conditions are missing after \"while\"; accepted: KEY=VALUE or KEY!=VALUE\n"                                                    },
    {"no any good bad",                                         "13: bad: the sentence should end here, or go on with a condition "
                        "KEY=VALUE\n"                                                                              },
    {"every any by INQUIRY",                                    "11: by: accepted: followed by\n"                                         },
    {"every INQUIRY",                                           "14: the end of the line: accepted: followed by\n"                        },
    {"every INQUIRY is followed by READ(10) within 5",
     "46: 5: no limit; accepted: N commands or TIME such as 500ms\n"                                                                      },
    {"every INQUIRY is followed by READ(10) within 0 commands",
     "46: 0: no limit; accepted: N commands or TIME such as 500ms\n"                                                                      },
    {"at most many INQUIRY",                                    "9: many: not a number; accepted: 0..4294967295\n"                        },
    {"at most 4294967296 INQUIRY",                              "9: 4294967296: not a number; accepted: 0..4294967295\n"                  },
    {"# nothing",                                               NULL                                                                      },
};

START_TEST(what_is_no_sentence)
{
    char expected[500];

    traced_drive_write("a.trace", "{\"vodd-trace\":1}\n" END);
    ck_assert_int_eq(expect(bad[_i].rule, "a.trace"), 2);
    if (bad[_i].message)
        snprintf(expected, sizeof(expected), "vodd: a.expect:1:%s", bad[_i].message);
    else
        snprintf(expected, sizeof(expected), "vodd: a.expect: there is no expectation in it\n");
    ck_assert_str_eq(captured.error, expected);
    ck_assert_str_eq(captured.output, "");
}
END_TEST

START_TEST(a_damaged_trace_is_held_up_to_the_damage)
{
    traced_drive_write("a.trace", "{\"vodd-trace\":1}\n" INQUIRY "{\"cdb\":\n");
    ck_assert_int_eq(expect("no INQUIRY", "a.trace"), 2);
    ck_assert_ptr_nonnull(strstr(captured.output, "not kept: no INQUIRY"));
    ck_assert_ptr_nonnull(strstr(captured.error, "vodd: a.trace:3:"));
    ck_assert_int_eq(expect("no INQUIRY", "missing.trace"), 2);
    ck_assert_str_eq(captured.error, "vodd: missing.trace: No such file or directory\n");
}
END_TEST

/* The manual, read from the root of the tree, where tests run: each condition has its entry among
 * the conditions. */
START_TEST(the_manual_names_every_condition)
{
    char wanted[80];
    struct diagnostics diagnostics;

    diagnostics_to_stderr(&diagnostics);
    char *manual = settings_load("docs/vodd.expect.5", 65536, &diagnostics);
    ck_assert_ptr_nonnull(manual);
    char *conditions = strstr(manual, "\n.Ss Conditions\n");
    ck_assert_ptr_nonnull(conditions);
    char *end = strstr(conditions, "\n.Sh ");
    ck_assert_ptr_nonnull(end);
    *end = 0;
    for (const struct pattern_key *key = pattern_keys; key->name; key++) {
        snprintf(wanted, sizeof(wanted), "\n.It Cm %s\n", key->name);
        ck_assert_msg(strstr(conditions, wanted) != NULL, "%s", wanted);
    }
    free(manual);
}
END_TEST

static Suite *expectations_suite(void)
{
    Suite *suite = suite_create("expectations");
    TCase *cases = tcase_create("expectations"), *manual = tcase_create("manual");
    tcase_add_checked_fixture(cases, set_up, traced_drive_tear_down);
    tcase_add_loop_test(cases, sentences, 0, sizeof(rows) / sizeof(*rows));
    tcase_add_test(cases, conditions_on_the_state);
    tcase_add_test(cases, several_expectations_comments_and_many_failures);
    tcase_add_test(cases, json);
    tcase_add_test(cases, too_many_that_wait_are_a_failure);
    tcase_add_loop_test(cases, what_is_no_sentence, 0, sizeof(bad) / sizeof(*bad));
    tcase_add_test(cases, a_damaged_trace_is_held_up_to_the_damage);
    suite_add_tcase(suite, cases);
    tcase_add_test(manual, the_manual_names_every_condition);
    suite_add_tcase(suite, manual);
    return suite;
}

TAP_MAIN(expectations_suite)
