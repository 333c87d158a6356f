/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_TABLE_H
#define TESTS_CONFORMANCE_TABLE_H

/*
 * Writes which rows run over which transport, in Markdown: a table with one line for each id of the
 * references, and each excused row with its reason.  docs/conformance-rows.md is this.
 */

#include <stdio.h>

#include "tests/conformance/row.h"

void table_print(const struct suite *suite, FILE *stream);

#endif
