/* SPDX-License-Identifier: MIT */
#include "handlers/tcmu/cfgstring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define ACCEPTED                                                                                   \
    "; accepted: vodd/[FIXTURE][;drive=PROFILE][;state=FILE][;control=SOCKET][;trace=FILE], each " \
    "an absolute path, PROFILE also the name of a ready-made one"

static const struct {
    const char *text;
    const char *fixture, *drive, *state, *control, *trace;
} good[] = {
    {"vodd/",                                           NULL,           NULL,       NULL, NULL, NULL},
    {"vodd//a.disc",                                    "/a.disc",      NULL,       NULL, NULL, NULL},
    {"vodd//a b/c=d.iso",                               "/a b/c=d.iso", NULL,       NULL, NULL, NULL},
    {"vodd//a.disc;drive=/b.drive;state=/c;control=/d", "/a.disc",      "/b.drive", "/c", "/d", NULL},
    {"vodd//a.disc;control=/d;state=/c;drive=/b=b",     "/a.disc",      "/b=b",     "/c", "/d", NULL},
    {"vodd/;control=/d",                                NULL,           NULL,       NULL, "/d", NULL},
    {"vodd/;drive=rpc1",                                NULL,           "rpc1",     NULL, NULL, NULL},
    {"vodd/;trace=/t",                                  NULL,           NULL,       NULL, NULL, "/t"},
};

static void assert_same(const char *found, const char *expected)
{
    if (expected)
        ck_assert_str_eq(found, expected);
    else
        ck_assert_ptr_null(found);
}

START_TEST(good_strings_are_taken_apart)
{
    struct cfgstring cfgstring;
    char *reason;

    ck_assert_msg(cfgstring_parse(good[_i].text, &cfgstring, &reason), "%s", reason);
    ck_assert_ptr_null(reason);
    assert_same(cfgstring.fixture, good[_i].fixture);
    assert_same(cfgstring.drive, good[_i].drive);
    assert_same(cfgstring.state, good[_i].state);
    assert_same(cfgstring.control, good[_i].control);
    assert_same(cfgstring.trace, good[_i].trace);
    cfgstring_release(&cfgstring);
    ck_assert_ptr_null(cfgstring.fixture);
}
END_TEST

static const struct {
    const char *text, *fault;
} bad[] = {
    {"",                                   "\"\" does not begin with \"vodd/\""               },
    {"vodd",                               "\"vodd\" does not begin with \"vodd/\""           },
    {"fbo//a.iso",                         "\"fbo//a.iso\" does not begin with \"vodd/\""     },
    {"vodd/a.disc",                        "FIXTURE = \"a.disc\" is not an absolute path"     },
    {"vodd//a.disc;",                      "\"\" has no \"=\""                                },
    {"vodd//a.disc;state",                 "\"state\" has no \"=\""                           },
    {"vodd//a.disc;state=",                "state = \"\" is not an absolute path"             },
    {"vodd//a.disc;state=b",               "state = \"b\" is not an absolute path"            },
    {"vodd//a.disc;state=/b;state=/c",     "state is given twice"                             },
    {"vodd//a.disc;State=/b",              "\"State\" is no setting, the nearest is \"state\""},
    {"vodd//a.disc;dirve=/b",              "\"dirve\" is no setting, the nearest is \"drive\""},
    {"vodd//a.disc;=/b",                   "\"\" is no setting, the nearest is \"drive\""     },
    {"vodd/;tcmur_cmd_time_out=5;/a.disc",
     "the time limit of tcmu-runner (tcmur_cmd_time_out) is not supported"                    },
    {"vodd//a.disc\n",                     "the string has control characters"                },
    {"vodd//a.disc\x7f",                   "the string has control characters"                },
    {"vodd//a,b.disc",                     "the string has a comma, at which LIO cuts it"     },
    {"vodd/;control=/run/a,b",             "the string has a comma, at which LIO cuts it"     },
};

START_TEST(bad_strings_have_a_reason)
{
    struct cfgstring cfgstring;
    char *reason;
    char expected[512];

    ck_assert(!cfgstring_parse(bad[_i].text, &cfgstring, &reason));
    snprintf(expected, sizeof(expected), "%s" ACCEPTED, bad[_i].fault);
    ck_assert_str_eq(reason, expected);
    free(reason);
    ck_assert_ptr_null(cfgstring.fixture);
    ck_assert_ptr_null(cfgstring.state);
}
END_TEST

START_TEST(lengths_are_bounded)
{
    struct cfgstring cfgstring;
    char text[CFGSTRING_MAX + 2];
    char *reason;

    memset(text, 'x', sizeof(text));
    memcpy(text, "vodd//", 6);
    text[CFGSTRING_MAX + 1] = '\0';
    ck_assert(!cfgstring_parse(text, &cfgstring, &reason));
    ck_assert_str_eq(reason, "the string is longer than 255 bytes" ACCEPTED);
    free(reason);
    text[CFGSTRING_MAX] = '\0';
    ck_assert(cfgstring_parse(text, &cfgstring, &reason));
    ck_assert_uint_eq(strlen(cfgstring.fixture), CFGSTRING_MAX - 5);
    cfgstring_release(&cfgstring);
}
END_TEST

START_TEST(a_socket_has_room_for_107_bytes)
{
    struct cfgstring cfgstring;
    char text[CFGSTRING_MAX + 1] = "vodd/;control=/";
    size_t begin = strlen(text);
    char *reason;

    memset(text + begin, 'x', 107);
    ck_assert(!cfgstring_parse(text, &cfgstring, &reason));
    ck_assert_ptr_nonnull(strstr(reason, "\" is longer than 107 bytes; accepted: "));
    free(reason);
    text[begin + 106] = '\0';
    ck_assert(cfgstring_parse(text, &cfgstring, &reason));
    ck_assert_uint_eq(strlen(cfgstring.control), 107);
    cfgstring_release(&cfgstring);
}
END_TEST

static Suite *cfgstring_suite(void)
{
    Suite *suite = suite_create("tcmu_cfgstring");
    TCase *tcase = tcase_create("cfgstring");

    tcase_add_loop_test(tcase, good_strings_are_taken_apart, 0, sizeof(good) / sizeof(*good));
    tcase_add_loop_test(tcase, bad_strings_have_a_reason, 0, sizeof(bad) / sizeof(*bad));
    tcase_add_test(tcase, lengths_are_bounded);
    tcase_add_test(tcase, a_socket_has_room_for_107_bytes);
    suite_add_tcase(suite, tcase);
    return suite;
}

TAP_MAIN(cfgstring_suite)
