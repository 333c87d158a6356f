/* SPDX-License-Identifier: MIT */

/*
 * test_checklist [TEXT]
 *     runs the Windows checklist (the rows whose id or name contains TEXT) against the drive in
 *     this process, and again with the data of each command in many pieces
 * test_checklist --iscsi PORTAL OPERATOR DISCS [TEXT]
 *     over iSCSI (transport_iscsi()); rows that cannot run there are comments with the reason
 * test_checklist --table
 *     writes which row runs over which transport (tests/conformance/table.h)
 */

#include <stdio.h>
#include <string.h>

#include "tests/conformance/discs.h"
#include "tests/conformance/table.h"
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
    size_t number = index * TRANSPORTS_MAX + transport;
    TCase *tests;

    if (asprintf(&names[number], "%s %s (%s)", row->id, row->name, transports[transport]->name) < 0)
        abort();
    tests = tcase_create(names[number]);
    tcase_add_loop_test(tests, runs, (int)number, (int)number + 1);
    suite_add_tcase(suite, tests);
}

static bool is_wanted(const struct row *row, const char *text)
{
    return !text || strstr(row->id, text) || strstr(row->name, text);
}

static Suite *make_suite(const char *text)
{
    Suite *suite = suite_create("the Windows checklist");

    for (size_t i = 0; i < transport_count; i++) {
        for (size_t j = 0; j < suite_rows(rows); j++) {
            const struct row *row = suite_row(rows, j);
            const char *excuse = over_iscsi ? windows_iscsi_excuse(row) : NULL;
            if (!is_wanted(row, text))
                continue;
            if (excuse)
                printf("# excused: %s %s: %s\n", row->id, row->name, excuse);
            else
                add_row(suite, j, i);
        }
    }
    fflush(stdout);
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

/* The output could not tell two rows of one id and name apart. */
static bool make_rows(void)
{
    rows = suite_new();
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        subjects[i](rows);
    for (size_t i = 0; i < suite_rows(rows); i++) {
        if (is_unique(i))
            continue;
        fprintf(stderr, "two rows are %s %s\n", suite_row(rows, i)->id, suite_row(rows, i)->name);
        return false;
    }
    return true;
}

static int run(const char *text)
{
    size_t name_count = suite_rows(rows) * TRANSPORTS_MAX;
    int status;

    for (size_t i = 0; i < transport_count; i++)
        if (!transports[i])
            return EXIT_FAILURE;
    names = calloc(name_count, sizeof *names);
    if (!names)
        abort();
    status = tap_run(make_suite(text), CK_NOFORK);
    for (size_t i = 0; i < name_count; i++)
        free(names[i]);
    free(names);
    for (size_t i = 0; i < transport_count; i++)
        transports[i]->close(transports[i]);
    return status;
}

static int run_over_iscsi(char **words)
{
    over_iscsi = true;
    transports[transport_count++] = transport_iscsi(words[0], words[1], words[2]);
    return run(words[3]);
}

static int run_in_process(const char *text)
{
    transports[transport_count++] = transport_in_process();
    transports[transport_count++] = transport_in_process_in_pieces();
    return run(text);
}

static int print_table(void)
{
    static const struct table table = {
        .command = "test_checklist --table",
        .title = "Which row of the Windows checklist runs where",
        .ids = "[windows-ioctls.md](windows-ioctls.md) says what the ids stand for.",
        .excuse = windows_iscsi_excuse,
    };

    table_print(rows, &table, stdout);
    return EXIT_SUCCESS;
}

int main(int count, char **words)
{
    int status = EXIT_FAILURE;

    if (!make_rows())
        status = EXIT_FAILURE;
    else if (count == 2 && !strcmp(words[1], "--table"))
        status = print_table();
    else if (count >= 5 && !strcmp(words[1], "--iscsi"))
        status = run_over_iscsi(words + 2);
    else
        status = run_in_process(words[1]);
    suite_release(rows);
    discs_close();
    return status;
}
