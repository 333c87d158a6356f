/* SPDX-License-Identifier: MIT */

/*
 * conformance [TEXT]: runs the rows (those whose id or name contains TEXT) over every transport of
 * this program and writes TAP, one line for each row.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/discs.h"
#include "tests/conformance/runner.h"

static void (*const subjects[])(struct suite *) = {
    rows_opcodes,        rows_states,        rows_conditions, rows_inquiry, rows_mode_sense,
    rows_mode_select,    rows_configuration, rows_tray,       rows_prevent, rows_power,
    rows_attention,      rows_events,        rows_medium,     rows_read,    rows_toc,
    rows_performance,    rows_structures,    rows_scrambled,  rows_agid,    rows_key_formats,
    rows_authentication, rows_key_states,    rows_keys,       rows_region,  rows_linux,
    rows_windows,        rows_traces,
};

struct tally {
    unsigned number, failed;
};

static void print_lines(const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        printf("# %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void report(struct tally *tally, const struct transport *transport, const struct row *row,
                   enum row_result result, const char *why)
{
    printf("%sok %u - %s %s (%s)", result == ROW_FAILED ? "not " : "", ++tally->number, row->id,
           row->name, transport->name);
    if (result == ROW_SKIPPED)
        printf(" # SKIP %s", why);
    printf("\n");
    if (result == ROW_FAILED) {
        tally->failed++;
        print_lines(why);
    }
    fflush(stdout);
}

/* A row that has the id and name of another cannot be told from it in the output. */
static bool is_unique(const struct suite *suite, size_t index)
{
    const struct row *row = suite_row(suite, index);

    for (size_t i = 0; i < index; i++) {
        const struct row *other = suite_row(suite, i);
        if (!strcmp(row->id, other->id) && !strcmp(row->name, other->name))
            return false;
    }
    return true;
}

static void run_over(struct transport *transport, const struct suite *suite, const char *text,
                     struct tally *tally)
{
    static char why[4096];

    for (size_t i = 0; i < suite_rows(suite); i++) {
        const struct row *row = suite_row(suite, i);
        if (text && !strstr(row->id, text) && !strstr(row->name, text))
            continue;
        enum row_result result = row_run(transport, row, why, sizeof why);
        if (!is_unique(suite, i)) {
            result = ROW_FAILED;
            snprintf(why, sizeof why, "another row has this id and name");
        }
        report(tally, transport, row, result, why);
    }
    transport->close(transport);
}

int main(int count, char **words)
{
    struct suite *suite = suite_create();
    struct tally tally = {0, 0};
    const char *text = count > 1 ? words[1] : NULL;

    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        subjects[i](suite);
    run_over(transport_in_process(), suite, text, &tally);
    run_over(transport_in_process_in_pieces(), suite, text, &tally);
    printf("1..%u\n", tally.number);
    suite_release(suite);
    discs_close();
    return tally.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
