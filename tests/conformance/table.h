/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_TABLE_H
#define TESTS_CONFORMANCE_TABLE_H

/*
 * Writes which rows run over which transport, in Markdown: a table with one line for each id of the
 * references, and each excused row with its reason.  docs/conformance-rows.md and
 * docs/windows-rows.md are this.
 */

#include <stdio.h>

#include "tests/conformance/row.h"

struct table {
    const char *command; /* that writes it */
    const char *title;
    const char *ids; /* a sentence: where the ids are from */
    /* Why a row cannot run over iSCSI, or NULL. */
    const char *(*excuse)(const struct row *row);
};

void table_print(const struct suite *suite, const struct table *table, FILE *stream);

#endif
