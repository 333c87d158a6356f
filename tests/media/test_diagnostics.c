/* SPDX-License-Identifier: MIT */
#include "media/diagnostics.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

struct collected {
    char last[8192];
    unsigned calls;
};

static void collect(void *context, const char *text)
{
    struct collected *collected = context;
    collected->calls++;
    snprintf(collected->last, sizeof collected->last, "%s", text);
}

START_TEST(errors_are_counted_and_reported)
{
    struct collected collected = {.calls = 0};
    struct diagnostics diagnostics = {.report = collect, .context = &collected};
    diagnostics_error(&diagnostics, "%s:%d: wrong", "x.disc", 3);
    ck_assert_str_eq(collected.last, "x.disc:3: wrong");
    diagnostics_error(&diagnostics, "again");
    ck_assert_uint_eq(diagnostics.errors, 2);
    ck_assert_uint_eq(collected.calls, 2);
}
END_TEST

START_TEST(warnings_are_reported_but_not_counted)
{
    struct collected collected = {.calls = 0};
    struct diagnostics diagnostics = {.report = collect, .context = &collected};
    diagnostics_warning(&diagnostics, "%d odd bytes", 7);
    ck_assert_str_eq(collected.last, "warning: 7 odd bytes");
    ck_assert_uint_eq(diagnostics.errors, 0);
    ck_assert_uint_eq(collected.calls, 1);
}
END_TEST

START_TEST(nobody_needs_to_listen)
{
    diagnostics_error(NULL, "nobody");
    diagnostics_warning(NULL, "nobody");
    struct diagnostics deaf = {0};
    diagnostics_error(&deaf, "nobody");
    diagnostics_warning(&deaf, "nobody");
    ck_assert_uint_eq(deaf.errors, 1);
}
END_TEST

START_TEST(a_text_that_is_too_long_is_cut)
{
    struct collected collected = {.calls = 0};
    struct diagnostics diagnostics = {.report = collect, .context = &collected};
    char text[6000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    diagnostics_warning(&diagnostics, "%s", text);
    ck_assert_uint_eq(strlen(collected.last), 4095);
    ck_assert_mem_eq(collected.last, "warning: xxx", 12);
}
END_TEST

static Suite *diagnostics_suite(void)
{
    Suite *suite = suite_create("diagnostics");
    TCase *tests = tcase_create("diagnostics");
    tcase_add_test(tests, errors_are_counted_and_reported);
    tcase_add_test(tests, warnings_are_reported_but_not_counted);
    tcase_add_test(tests, nobody_needs_to_listen);
    tcase_add_test(tests, a_text_that_is_too_long_is_cut);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(diagnostics_suite)
