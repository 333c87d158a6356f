/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/drive.h"
#include "emulator/fault_table.h"
#include "tests/support/fault_log.h"

/* Fault rules as settings: what is read, and what is said about what is not. */

#define WORDS_MAX 24

static struct fault_rule rule;
static struct fault_log fault_log;

/* Settings separated by | . */
static bool parse(const char *name, const char *settings)
{
    static char text[FAULT_TEXT_MAX * 2];
    const char *words[WORDS_MAX];
    char *rest = text;
    size_t count = 0;

    snprintf(text, sizeof text, "%s", settings);
    for (char *word; (word = strsep(&rest, "|")); words[count++] = word)
        ck_assert_uint_lt(count, WORDS_MAX);
    fault_log_init(&fault_log);
    fault_rule_release(&rule);
    return fault_rule_parse(name, words, count, &rule, &fault_log.diagnostics);
}

static void release(void)
{
    fault_rule_release(&rule);
}

START_TEST(every_setting_is_read)
{
    ck_assert_msg(parse("all", "command=REPORT KEY|cdb=A4 .. 0.|key-format=title-key,63|"
                               "agid=0,2|authentication=authenticated|asf=set|lba=16-0x1F|"
                               "after=asf-set|before=reset|nth=2-5|probability=0.5%|times=7|"
                               "answer=0102|header-length=300|truncate=9|patch=1:AA BB, 0x10:CC|"
                               "flip=3|wrong-key=on|misread=10:7f|delay=1ms-2s|delivery=lost|"
                               "becoming-ready=250us|drop-asf=on"),
                  "%s", fault_log.text);
    const struct fault_condition *condition = &rule.condition;
    const struct fault_effect *effect = &rule.effect;
    ck_assert_str_eq(rule.name, "all");
    ck_assert_uint_eq(condition->commands.bits[2], UINT64_C(1) << (0xA4 - 128));
    ck_assert_uint_eq(condition->cdb.byte[0], 0xA4);
    ck_assert_uint_eq(condition->cdb.mask[1], 0x00);
    ck_assert_uint_eq(condition->cdb.mask[2], 0xF0);
    ck_assert_uint_eq(condition->key_formats.bits[0], UINT64_C(1) << 4 | UINT64_C(1) << 63);
    ck_assert_uint_eq(condition->agids, 0x5);
    ck_assert_uint_eq(condition->authentications, 1u << CSS_AUTH_AUTHENTICATED);
    ck_assert_int_eq(condition->asf, FAULT_ASF_SET);
    ck_assert_uint_eq(condition->lba_first, 16);
    ck_assert_uint_eq(condition->lba_last, 31);
    ck_assert_int_eq(condition->after, FAULT_EVENT_ASF_SET);
    ck_assert_int_eq(condition->before, FAULT_EVENT_RESET);
    ck_assert_uint_eq(condition->nth_first, 2);
    ck_assert_uint_eq(condition->nth_last, 5);
    ck_assert_uint_eq(condition->probability, 5000);
    ck_assert_int_eq(rule.times, 7);
    ck_assert_uint_eq(effect->answer_length, 2);
    ck_assert_int_eq(effect->header_length, 300);
    ck_assert_int_eq(effect->truncate, 9);
    ck_assert_uint_eq(effect->patch.count, 3);
    ck_assert_uint_eq(effect->patch.offset[2], 16);
    ck_assert_uint_eq(effect->patch.byte[1], 0xBB);
    ck_assert_int_eq(effect->flips, 3);
    ck_assert(effect->wrong_key && effect->drops_asf && !effect->stale);
    ck_assert_uint_eq(effect->misread.offset[0], 10);
    ck_assert_uint_eq(effect->delay_minimum, 1000000);
    ck_assert_uint_eq(effect->delay_maximum, 2000000000);
    ck_assert_int_eq(effect->delivery, DRIVE_DELIVERY_LOST);
    ck_assert_uint_eq(effect->becoming_ready, 250000);
}
END_TEST

START_TEST(a_rule_is_by_default_for_every_command_and_always)
{
    ck_assert(parse("r", "truncate=0"));
    ck_assert_uint_eq(rule.condition.probability, FAULT_CERTAIN);
    ck_assert_uint_eq(rule.condition.nth_first, 0);
    ck_assert_int_eq(rule.times, -1);
    ck_assert(!rule.once_per_session);
    ck_assert_int_eq(rule.effect.reset, -1);
    ck_assert_int_eq(rule.effect.vanish_at, -1);
    ck_assert_int_eq(rule.effect.header_length, -1);
    ck_assert_str_eq(rule.text, "truncate=0");
}
END_TEST

/* Makes a rule of the text of another, taking the words as a shell does. */
static void parse_text_of(const struct fault_rule *other)
{
    static char settings[FAULT_TEXT_MAX + 1];
    bool quoted = false;
    char *to = settings;

    for (const char *from = other->text; *from; from++) {
        if (*from == '\'')
            quoted = !quoted;
        else
            *to++ = *from == ' ' && !quoted ? '|' : *from;
    }
    *to = '\0';
    ck_assert(!quoted);
    ck_assert_msg(parse("r", settings), "%s", fault_log.text);
}

/* The longest of all answers, with blanks, and settings of every shape. */
START_TEST(the_text_of_a_rule_can_be_given_again)
{
    static char settings[FAULT_TEXT_MAX];
    int length = snprintf(settings, sizeof settings,
                          "command=READ(10),READ(12)|cdb=.. .. 0.|asf=set|lba=16-0x1F|"
                          "probability=0.5%%|sense=4/3E/02|patch=1:AA BB, 0x10:CC|delay=1ms-2s|"
                          "after=agid-granted|execute=on|answer=A0");

    for (unsigned i = 1; i < FAULT_ANSWER_MAX; i++)
        length += snprintf(settings + length, sizeof settings - (size_t)length, " A5");
    ck_assert_msg(parse("r", settings), "%s", fault_log.text);
    struct fault_rule first = rule;
    rule.text = NULL;
    ck_assert_uint_gt(strlen(first.text), 3 * FAULT_ANSWER_MAX);
    parse_text_of(&first);
    ck_assert_str_eq(rule.text, first.text);
    ck_assert_mem_eq(&rule.condition, &first.condition, sizeof rule.condition);
    ck_assert_mem_eq(&rule.effect, &first.effect, sizeof rule.effect);
    fault_rule_release(&first);
}
END_TEST

START_TEST(longer_texts_are_refused)
{
    static char settings[FAULT_TEXT_MAX + 2] = "answer=A0";
    size_t begin = strlen(settings);
    const size_t quotes = 2;

    memset(settings + begin, ' ', sizeof settings - begin);
    memcpy(settings + FAULT_TEXT_MAX - quotes - 2, "A5", sizeof "A5");
    ck_assert_msg(parse("r", settings), "%s", fault_log.text);
    ck_assert_uint_eq(strlen(rule.text), FAULT_TEXT_MAX);
    memcpy(settings + FAULT_TEXT_MAX - quotes - 2, " A5", sizeof " A5");
    ck_assert(!parse("r", settings));
    ck_assert_ptr_null(rule.text);
    ck_assert_str_eq(fault_log.text,
                     "fault r: its settings are 12001 bytes; accepted: at most 12000\n");
}
END_TEST

#define EVENTS                                                                                     \
    "medium-ready | medium-unusable | medium-becoming-ready | tray-opened | tray-closed-empty | "  \
    "eject-request | removal-prevented | removal-allowed | agid-granted | agid-released | "        \
    "authenticated | authentication-failed | asf-set | asf-cleared | region-changed | "            \
    "unit-attention | reset"
#define KEY_FORMS                                                                                  \
    "agid | challenge | key1 | key2 | title-key | asf | set-rpc | rpc-state | invalidate | "       \
    "0..63, separated by commas"

/* What is refused, and all that is said about it. */
static const struct {
    const char *settings, *message;
} bad[] = {
    {"sense=becomming-ready",
     "sense = becomming-ready: no such sense; the nearest is \"becoming-ready\"; accepted: the "
     "name of a sense or K/ASC/ASCQ in hexadecimal"                                                                            },
    {"sense=5/24",
     "sense = 5/24: not three hexadecimal numbers; accepted: the name of a sense or K/ASC/ASCQ in "
     "hexadecimal"                                                                                                             },
    {"sense=10/24/00",
     "sense = 10/24/00: not three hexadecimal numbers; accepted: the name of a sense or "
     "K/ASC/ASCQ in hexadecimal"                                                                                               },
    {"sense=no-sense",
     "sense = no-sense: no such sense; the nearest is \"no-medium\"; accepted: the name of a sense "
     "or K/ASC/ASCQ in hexadecimal"                                                                                            },
    {"sense-data=",                                "sense-data = : not 1 to 18 bytes; accepted: 1 to 18 hexadecimal bytes"     },
    {"sens=5/24/00|truncate=1",                    "sens: no such key in [fault]; the nearest is \"sense\""                    },
    {"truncate=1|truncate=2",                      "truncate = 2: given twice"                                                 },
    {"truncate",                                   "truncate: not a setting; accepted: KEY=VALUE"                              },
    {"command=REPORT KEYS|truncate=1",
     "command = REPORT KEYS: no command REPORT KEYS; the nearest is \"REPORT KEY\"; accepted: "
     "names of commands or 0xNN, separated by commas"                                                                          },
    {"command=0x100|truncate=1",                   "command = 0x100: no command 0x100; accepted: names of "
                                 "commands or 0xNN, separated by commas"                       },
    {"command=,|truncate=1",
     "command = ,: no command is named; accepted: names of commands or 0xNN, separated by commas"                              },
    {"key-format=64|sense=5/24/00",                "key-format = 64: no key format 64; accepted: " KEY_FORMS                   },
    {"agid=4|sense=5/24/00",                       "agid = 4: no AGID 4; accepted: 0..3, separated by commas"                  },
    {"cdb=4G|sense=5/24/00",
     "cdb = 4G: 'G' is neither a digit nor .; accepted: up to 16 hexadecimal bytes, . for any "
     "digit"                                                                                                                   },
    {"cdb=461|sense=5/24/00",
     "cdb = 461: half a byte is left; accepted: up to 16 hexadecimal bytes, . for any digit"                                   },
    {"lba=9-3|sense=5/24/00",
     "lba = 9-3: not an address or an ascending range; accepted: FIRST or FIRST-LAST"                                          },
    {"lba=0x1FFFFFFFF|sense=5/24/00",
     "lba = 0x1FFFFFFFF: not an address or an ascending range; accepted: FIRST or FIRST-LAST"                                  },
    {"after=lunch|sense=5/24/00",                  "after = lunch: not one of the words; accepted: " EVENTS                    },
    {"nth=0|sense=5/24/00",
     "nth = 0: not a count from 1 or an ascending range; accepted: N, FIRST-LAST or FIRST-, "
     "counted from 1"                                                                                                          },
    {"probability=0%|sense=5/24/00",
     "probability = 0%: outside 0.0001%..100%; accepted: 0.0001%..100%"                                                        },
    {"probability=0.5|sense=5/24/00",
     "probability = 0.5: not a percentage; accepted: 0.0001%..100%"                                                            },
    {"times=0|sense=5/24/00",
     "times = 0: not a count from 1; accepted: N | always | once-per-session"                                                  },
    {"status=good",                                "status = good: not one of the words; accepted: by-sense | busy | "
                    "reservation-conflict | task-set-full"                                                  },
    {"answer=123",                                 "answer = 123: not up to 2112 bytes; accepted: up to 2112 hexadecimal bytes"},
    {"patch=4",                                    "patch = 4: \"4\" is not OFFSET:BYTES; accepted: OFFSET:BYTES in hexadecimal, "
                "separated by commas, up to 32 bytes"                                                           },
    {"misread=16:00",                              "misread = 16:00: \"16:00\" is not OFFSET:BYTES; accepted: OFFSET:BYTES in "
                      "hexadecimal, separated by commas, up to 32 bytes"                                  },
    {"delay=5",                                    "delay = 5: not a time up to an hour or an ascending range of them; accepted: TIME "
                "or TIME-TIME, such as 500ms or 1s-3s, units us, ms, s"                                         },
    {"delay=3s-1s",                                "delay = 3s-1s: not a time up to an hour or an ascending range of them; "
                    "accepted: TIME or TIME-TIME, such as 500ms or 1s-3s, units us, ms, s"                  },
    {"becoming-ready=2h",                          "becoming-ready = 2h: not a time up to an hour; accepted: TIME such as "
                          "15s, units us, ms, s"                                                      },
    {"flip=0",                                     "flip = 0: outside 1..1024; accepted: 1..1024 (bits)"                       },
    {"command=INQUIRY",                            "it has no effect; accepted: at least one of sense, status, answer, "
                        "truncate, delay, delivery, ..."                                                },
    {"execute=on",                                 "it has no effect; accepted: at least one of sense, status, answer, truncate, "
                   "delay, delivery, ..."                                                                    },
    {"sense=5/24/00|status=busy",                  "sense and status exclude each other"                                       },
    {"truncate=4|information=7",                   "information means nothing without sense"                                   },
    {"command=READ(10)|key-format=asf|truncate=1",
     "key-format means nothing with READ(10); accepted with REPORT KEY and SEND KEY"                                           },
    {"command=0xC1|lba=1|truncate=1",
     "lba means nothing with command 0xC1; accepted with commands that address sectors"                                        },
    {"command=SEND KEY|answer=00",
     "answer means nothing with SEND KEY; accepted with commands that return data"                                             },
    {"command=READ(12)|overrun=1",
     "overrun means nothing with READ(12); accepted with commands that return data not of the "
     "medium"                                                                                                                  },
    {"command=READ(10)|header-length=1",
     "header-length means nothing with READ(10); accepted with commands whose data begin with "
     "their length"                                                                                                            },
};

START_TEST(what_is_not_right_is_said)
{
    char expected[1024];

    snprintf(expected, sizeof expected, "fault r: %s\n", bad[_i].message);
    ck_assert(!parse("r", bad[_i].settings));
    ck_assert_str_eq(fault_log.text, expected);
}
END_TEST

START_TEST(every_fault_is_said)
{
    ck_assert(!parse("r", "sense=5/24/00|sense-data=70|status=busy"));
    ck_assert_str_eq(fault_log.text, "fault r: sense and sense-data exclude each other\n"
                                     "fault r: sense and status exclude each other\n"
                                     "fault r: sense-data and status exclude each other\n");
}
END_TEST

START_TEST(names_are_of_letters_and_digits)
{
    ck_assert(!parse("a b", "truncate=1"));
    ck_assert_str_eq(fault_log.text,
                     "fault a b: not the name of a rule; accepted: 1 to 40 letters, digits, "
                     "hyphens and underscores\n");
    ck_assert(!parse("disc.a", "truncate=1"));
    ck_assert(!parse("", "truncate=1"));
    ck_assert(!parse("a-name-of-forty-one-characters-is-too-long", "truncate=1"));
    ck_assert(parse("a-name_of-40-characters-is-just-as-long-", "truncate=1"));
}
END_TEST

START_TEST(pairs_of_a_file_are_named_by_their_lines)
{
    static const struct settings_pair pairs[] = {
        {"command", "INQUIRY",  12},
        {"sense",   "no-media", 13},
    };
    static const struct settings_pair empty[] = {
        {"command", "INQUIRY", 12}
    };

    fault_log_init(&fault_log);
    ck_assert(!fault_rule_read("x.drive", true, 11, "r", pairs, 2, &rule, &fault_log.diagnostics));
    ck_assert_str_eq(fault_log.text,
                     "x.drive:13: sense = no-media: no such sense; the nearest is \"no-medium\"; "
                     "accepted: the name of a sense or K/ASC/ASCQ in hexadecimal\n");
    fault_log_init(&fault_log);
    ck_assert(!fault_rule_read("x.drive", true, 11, "r", empty, 1, &rule, &fault_log.diagnostics));
    ck_assert_str_eq(fault_log.text,
                     "x.drive:11: [fault r]: it has no effect; accepted: at least one of sense, "
                     "status, answer, truncate, delay, delivery, ...\n");
}
END_TEST

/* The manual --------------------------------------------------------------- */

static char *load_manual(void)
{
    struct diagnostics diagnostics;

    diagnostics_to_stderr(&diagnostics);
    char *manual = settings_load("docs/vodd.fault.5", 65536, &diagnostics);
    ck_assert_ptr_nonnull(manual);
    return manual;
}

START_TEST(the_manual_names_every_key)
{
    char *manual = load_manual(), wanted[80];

    for (const struct setting *row = fault_table; row->section; row++) {
        snprintf(wanted, sizeof wanted, "\n.It Cm %s", row->key);
        if (strcmp(row->key, "before") == 0)
            snprintf(wanted, sizeof wanted, "\n.It Cm after , before");
        ck_assert_msg(strstr(manual, wanted) != NULL, "%s", wanted);
    }
    for (unsigned event = 1; event < FAULT_EVENTS; event++)
        ck_assert_msg(strstr(manual, fault_event_names[event]) != NULL, "%s",
                      fault_event_names[event]);
    free(manual);
}
END_TEST

START_TEST(the_examples_of_the_manual_are_right)
{
    static const char begin[] = ".Bd -literal -offset indent\n", end[] = ".Ed\n";
    char *manual = load_manual();
    unsigned examples = 0;

    for (char *at = manual, *last; (at = strstr(at, begin)); at = last + 1, examples++) {
        struct drive_profile profile;
        at += strlen(begin);
        last = strstr(at, end);
        ck_assert_ptr_nonnull(last);
        *last = '\0';
        fault_log_init(&fault_log);
        ck_assert_msg(drive_profile_read("manual", at, &profile, &fault_log.diagnostics), "%s",
                      fault_log.text);
        ck_assert_uint_eq(profile.fault_count, 1);
        drive_profile_release(&profile);
    }
    ck_assert_uint_eq(examples, 2);
    free(manual);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("fault rules");
    TCase *tests = tcase_create("all");
    tcase_add_checked_fixture(tests, NULL, release);

    tcase_add_test(tests, every_setting_is_read);
    tcase_add_test(tests, a_rule_is_by_default_for_every_command_and_always);
    tcase_add_test(tests, the_text_of_a_rule_can_be_given_again);
    tcase_add_test(tests, longer_texts_are_refused);
    tcase_add_loop_test(tests, what_is_not_right_is_said, 0, sizeof bad / sizeof *bad);
    tcase_add_test(tests, every_fault_is_said);
    tcase_add_test(tests, names_are_of_letters_and_digits);
    tcase_add_test(tests, pairs_of_a_file_are_named_by_their_lines);
    tcase_add_test(tests, the_manual_names_every_key);
    tcase_add_test(tests, the_examples_of_the_manual_are_right);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(make_suite)
