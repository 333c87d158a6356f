/* SPDX-License-Identifier: MIT */
#include "tests/conformance/table.h"

#include <stdbool.h>
#include <string.h>

static bool is_first_of_id(const struct suite *suite, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!strcmp(suite_row(suite, i)->id, suite_row(suite, index)->id))
            return false;
    return true;
}

static void print_id(const struct suite *suite, const struct table *table, size_t first,
                     FILE *stream)
{
    const char *id = suite_row(suite, first)->id;
    size_t rows = 0, excused = 0;

    for (size_t i = first; i < suite_rows(suite); i++) {
        if (strcmp(suite_row(suite, i)->id, id) != 0)
            continue;
        rows++;
        if (table->excuse(suite_row(suite, i)))
            excused++;
    }
    fprintf(stream, "| %s | %zu | %zu | %zu | %zu |\n", id, rows, rows, rows - excused, excused);
}

static void print_excused_for(const struct suite *suite, const struct table *table,
                              const char *reason, FILE *stream)
{
    fprintf(stream, "\n### %s\n\n", reason);
    for (size_t i = 0; i < suite_rows(suite); i++) {
        const struct row *row = suite_row(suite, i);
        const char *excuse = table->excuse(row);
        if (excuse && !strcmp(excuse, reason))
            fprintf(stream, "- %s: %s\n", row->id, row->name);
    }
}

static bool is_first_of_reason(const struct suite *suite, const struct table *table, size_t index,
                               const char *reason)
{
    for (size_t i = 0; i < index; i++) {
        const char *excuse = table->excuse(suite_row(suite, i));
        if (excuse && !strcmp(excuse, reason))
            return false;
    }
    return true;
}

void table_print(const struct suite *suite, const struct table *table, FILE *stream)
{
    fprintf(stream,
            "<!-- SPDX-License-Identifier: MIT -->\n"
            "<!-- Written by `%s`; a test compares it with the suite. -->\n"
            "# %s\n\n"
            "%s\n\n"
            "| id | rows | in process, whole and in pieces | iSCSI | excused there |\n"
            "|---|---|---|---|---|\n",
            table->command, table->title, table->ids);
    for (size_t i = 0; i < suite_rows(suite); i++)
        if (is_first_of_id(suite, i))
            print_id(suite, table, i, stream);
    fprintf(stream, "\n## Rows that cannot run over iSCSI\n");
    for (size_t i = 0; i < suite_rows(suite); i++) {
        const char *reason = table->excuse(suite_row(suite, i));
        if (reason && is_first_of_reason(suite, table, i, reason))
            print_excused_for(suite, table, reason, stream);
    }
}
