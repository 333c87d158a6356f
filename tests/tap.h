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

/* Check asks for it when a suite is made, before any function here is called. */
__attribute__((constructor)) static void tap_set_timeout(void)
{
    setenv("CK_DEFAULT_TIMEOUT", "300", 0);
}

/* For programs with arguments of their own: runs the suite and returns the exit code.  CK_NOFORK:
 * the tests share what was made before (a connection, say). */
static inline int tap_run(Suite *suite, enum fork_status fork_status)
{
    SRunner *runner = srunner_create(suite);
    srunner_set_tap(runner, "-");
    srunner_set_fork_status(runner, fork_status);
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define TAP_MAIN(make_suite)                                                                       \
    int main(void)                                                                                 \
    {                                                                                              \
        return tap_run(make_suite(), CK_FORK_GETENV);                                              \
    }

#endif
