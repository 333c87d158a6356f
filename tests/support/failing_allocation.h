/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_FAILING_ALLOCATION_H
#define TESTS_SUPPORT_FAILING_ALLOCATION_H

/*
 * Makes the n-th allocation of the project's own code fail.  Programs named test_allocation are
 * linked so that the allocation functions that the project calls lead here first; those of
 * shared libraries do not.  The assertions of Check allocate, so they belong behind
 * failing_allocation_end().
 */

#include <stdbool.h>

/* Lets the n-th allocation from now on fail, n = 1 the next one. */
void failing_allocation_at(unsigned n);

/* No allocation fails any more.  Returns whether one did. */
bool failing_allocation_end(void);

#endif
