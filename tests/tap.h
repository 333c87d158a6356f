/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

/*
 * The main function of a test program made with Check.  Every test program of the project writes
 * TAP to standard output, which tests/check counts; its exit code says whether all tests passed.
 *
 *     TAP_MAIN(disc_suite)      where Suite *disc_suite(void) makes the suite
 *
 * A test that hangs is ended after minutes, not after the four seconds of Check: a busy machine is
 * no failure.
 */

#include <check.h>
#include <stdlib.h>

#define TAP_MAIN(make_suite)                                                                       \
    int main(void)                                                                                 \
    {                                                                                              \
        setenv("CK_DEFAULT_TIMEOUT", "300", 0);                                                    \
        SRunner *runner = srunner_create(make_suite());                                            \
        srunner_set_tap(runner, "-");                                                              \
        srunner_run_all(runner, CK_SILENT);                                                        \
        int failed = srunner_ntests_failed(runner);                                                \
        srunner_free(runner);                                                                      \
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;                                               \
    }

#endif
