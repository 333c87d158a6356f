/* SPDX-License-Identifier: MIT */

/*
 * test_checklist
 *     runs the Windows checklist against the drive in this process, and again with the data of each
 *     command in many pieces
 * test_checklist --iscsi PORTAL OPERATOR DISCS
 *     over iSCSI (transport_iscsi()); rows that cannot run there are comments with the reason
 * test_checklist --list
 *     the ids of all rows
 */

#include <stdio.h>
#include <string.h>

#include "tests/conformance/discs.h"
#include "tests/tap.h"
#include "tests/windows/guest.h"
#include "tests/windows/iscsi_excuses.h"
#include "tests/windows/rows.h"

#define TRANSPORTS_MAX 2

static void (*const subjects[])(struct suite *) = {
    windows_sessions,   windows_read_key, windows_send_key, windows_regions,
    windows_structures, windows_start,    windows_media,    windows_reads,
    windows_sense,      windows_buses,    windows_aacs,
};

static struct suite *rows;
static struct transport *transports[TRANSPORTS_MAX];
static size_t transport_count;
static bool over_iscsi;
/* Check keeps the pointers. */
static char **names;

/* _i: row and transport. */
START_TEST(runs)
{
    static char why[4096];
    struct transport *transport = transports[(size_t)_i % TRANSPORTS_MAX];
    const struct row *row = suite_row(rows, (size_t)_i / TRANSPORTS_MAX);
    enum row_result result = guest_run(transport, row, over_iscsi, why, sizeof why);

    ck_assert_msg(result == ROW_PASSED, "%s", why);
}
END_TEST

/* A test for each row and transport, under its id and name. */
static void add_row(Suite *suite, size_t index, size_t transport)
{
    const struct row *row = suite_row(rows, index);
    int number = (int)(index * TRANSPORTS_MAX + transport);
    TCase *tests;

    if (asprintf(&names[number], "%s %s (%s)", row->id, row->name, transports[transport]->name) < 0)
        abort();
    tests = tcase_create(names[number]);
    tcase_add_loop_test(tests, runs, number, number + 1);
    suite_add_tcase(suite, tests);
}

static Suite *make_suite(void)
{
    Suite *suite = suite_create("the Windows checklist");

    names = calloc(suite_rows(rows) * TRANSPORTS_MAX, sizeof *names);
    if (!names)
        abort();

    for (size_t i = 0; i < transport_count; i++) {
        for (size_t j = 0; j < suite_rows(rows); j++) {
            const struct row *row = suite_row(rows, j);
            const char *excuse = over_iscsi ? windows_iscsi_excuse(row) : NULL;
            if (excuse)
                printf("# excused: %s %s: %s\n", row->id, row->name, excuse);
            else
                add_row(suite, j, i);
        }
    }
    return suite;
}

static bool is_unique(size_t index)
{
    const struct row *row = suite_row(rows, index);

    for (size_t i = 0; i < index; i++)
        if (!strcmp(suite_row(rows, i)->id, row->id) &&
            !strcmp(suite_row(rows, i)->name, row->name))
            return false;
    return true;
}

static bool make_rows(void)
{
    rows = suite_new();
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        subjects[i](rows);
    for (size_t i = 0; i < suite_rows(rows); i++)
        if (!is_unique(i)) {
            fprintf(stderr, "two rows are %s %s\n", suite_row(rows, i)->id,
                    suite_row(rows, i)->name);
            return false;
        }
    return true;
}

static void list(void)
{
    for (size_t i = 0; i < suite_rows(rows); i++)
        printf("%s\t%s\t%s\n", suite_row(rows, i)->id,
               windows_iscsi_excuse(suite_row(rows, i)) ? "excused" : "runs",
               suite_row(rows, i)->name);
}

static int run(int count, char **words)
{
    over_iscsi = count == 5 && !strcmp(words[1], "--iscsi");
    if (over_iscsi) {
        transports[transport_count++] = transport_iscsi(words[2], words[3], words[4]);
    } else {
        transports[transport_count++] = transport_in_process();
        transports[transport_count++] = transport_in_process_in_pieces();
    }
    if (!transports[0])
        return EXIT_FAILURE;
    int status = tap_run(make_suite(), CK_NOFORK);
    for (size_t i = 0; i < suite_rows(rows) * TRANSPORTS_MAX; i++)
        free(names[i]);
    free(names);
    for (size_t i = 0; i < transport_count; i++)
        transports[i]->close(transports[i]);
    return status;
}

int main(int count, char **words)
{
    int status = EXIT_FAILURE;

    if (make_rows() && count == 2 && !strcmp(words[1], "--list"))
        list(), status = EXIT_SUCCESS;
    else if (count == 1 || count == 5)
        status = run(count, words);
    else
        fprintf(stderr, "usage: test_checklist [--iscsi PORTAL OPERATOR DISCS | --list]\n");
    suite_release(rows);
    discs_close();
    return status;
}
