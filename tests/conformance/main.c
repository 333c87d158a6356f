/* SPDX-License-Identifier: MIT */

/*
 * conformance [TEXT]
 *     runs the rows (those whose id or name contains TEXT) in this process and writes TAP, one line
 *     for each row
 * conformance --iscsi PORTAL OPERATOR DISCS [TEXT]
 *     the same over iSCSI (transport_iscsi()); rows that cannot run there are comments with reason
 * conformance --write-discs FOLDER
 *     writes the discs for that
 * conformance --table
 *     writes which row runs over which transport (table.h)
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/discs.h"
#include "tests/conformance/iscsi_excuses.h"
#include "tests/conformance/runner.h"
#include "tests/conformance/table.h"

static void (*const subjects[])(struct suite *) = {
    rows_opcodes,     rows_states,         rows_conditions, rows_inquiry,   rows_mode_sense,
    rows_mode_select, rows_configuration,  rows_tray,       rows_prevent,   rows_power,
    rows_attention,   rows_events,         rows_medium,     rows_read,      rows_toc,
    rows_performance, rows_mechanics,      rows_structures, rows_scrambled, rows_agid,
    rows_key_formats, rows_authentication, rows_key_states, rows_keys,      rows_region,
    rows_linux,       rows_windows,        rows_traces,     rows_read_cd,   rows_measured,
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

/* Rows in which it counts how much time passes. */
static bool tells_time(const struct row *row)
{
    static const char *const words[] = {"wait ", "spin-up-time=", "timing="};

    for (const char *const *step = row->steps; *step; step++)
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            if (strstr(*step, words[i]))
                return true;
    return false;
}

/* Where time passes by itself, a row that tells time may come too late: then it is taken again. */
static enum row_result run_in_time(struct transport *transport, const struct row *row, char *why,
                                   size_t size)
{
    unsigned turns = transport->real_time && tells_time(row) ? 10 : 1;
    enum row_result result;

    do
        result = row_run(transport, row, why, size);
    while (result == ROW_FAILED && --turns > 0);
    return result;
}

static void run_over(struct transport *transport, const struct suite *suite, const char *text,
                     struct tally *tally)
{
    static char why[4096];

    for (size_t i = 0; i < suite_rows(suite); i++) {
        const struct row *row = suite_row(suite, i);
        const char *excuse = transport->excuse ? transport->excuse(row) : NULL;
        if (text && !strstr(row->id, text) && !strstr(row->name, text))
            continue;
        if (excuse) {
            printf("# excused: %s %s: %s\n", row->id, row->name, excuse);
            continue;
        }
        enum row_result result = run_in_time(transport, row, why, sizeof why);
        if (!is_unique(suite, i)) {
            result = ROW_FAILED;
            snprintf(why, sizeof why, "another row has this id and name");
        }
        report(tally, transport, row, result, why);
    }
    transport->close(transport);
}

static void run_in_process(const struct suite *suite, const char *text, struct tally *tally)
{
    run_over(transport_in_process(), suite, text, tally);
    run_over(transport_in_process_in_pieces(), suite, text, tally);
}

static bool run_over_iscsi(const struct suite *suite, char **words, const char *text,
                           struct tally *tally)
{
    struct transport *transport = transport_iscsi(words[0], words[1], words[2]);

    if (transport)
        run_over(transport, suite, text, tally);
    return transport;
}

static const struct table table = {
    .command = "conformance --table",
    .title = "Which row of the conformance suite runs where",
    .ids = "Ids are of the references: MMC, CSS, the host software's check lists and traces.",
    .excuse = iscsi_excuse,
};

int main(int count, char **words)
{
    struct suite *suite;
    struct tally tally = {0, 0};
    bool good = true;

    if (count == 3 && !strcmp(words[1], "--write-discs"))
        return discs_write(words[2]) ? EXIT_SUCCESS : EXIT_FAILURE;
    suite = suite_new();
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        subjects[i](suite);
    if (count == 2 && !strcmp(words[1], "--table")) {
        table_print(suite, &table, stdout);
        suite_release(suite);
        return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    if (count >= 5 && !strcmp(words[1], "--iscsi"))
        good = run_over_iscsi(suite, words + 2, count > 5 ? words[5] : NULL, &tally);
    else
        run_in_process(suite, count > 1 ? words[1] : NULL, &tally);
    printf("1..%u\n", tally.number);
    suite_release(suite);
    discs_close();
    return good && !tally.failed ? EXIT_SUCCESS : EXIT_FAILURE;
}
