/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_RUNNER_H
#define TESTS_CONFORMANCE_RUNNER_H

#include "tests/conformance/row.h"
#include "tests/conformance/transport.h"

enum row_result {
    ROW_PASSED,
    ROW_FAILED,
    ROW_SKIPPED,
};

/*
 * Takes the steps of the row, up to the first that goes wrong.  `why` gets lines for people (step,
 * expected, got) or the reason why the transport cannot run it.
 */
enum row_result row_run(struct transport *transport, const struct row *row, char *why, size_t size);

#endif
