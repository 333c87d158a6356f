/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/row.h"

struct entry {
    struct row row;
    char *id, *name; /* of a row that was worked out, else NULL */
    char **steps;
    size_t step_count;
};

struct suite {
    struct entry *entries;
    size_t count;
};

static void *grow(void *array, size_t size)
{
    void *grown = realloc(array, size);
    if (!grown)
        abort();
    return grown;
}

static char *format(const char *text, va_list arguments)
{
    char *result;
    if (vasprintf(&result, text, arguments) < 0)
        abort();
    return result;
}

struct suite *suite_new(void)
{
    return memset(grow(NULL, sizeof(struct suite)), 0, sizeof(struct suite));
}

void suite_release(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++) {
        struct entry *entry = &suite->entries[i];
        for (size_t j = 0; j < entry->step_count; j++)
            free(entry->steps[j]);
        free(entry->steps);
        free(entry->id);
        free(entry->name);
    }
    free(suite->entries);
    free(suite);
}

size_t suite_rows(const struct suite *suite)
{
    return suite->count;
}

const struct row *suite_row(const struct suite *suite, size_t index)
{
    struct entry *entry = &suite->entries[index];
    if (entry->steps)
        entry->row.steps = (const char *const *)entry->steps;
    return &entry->row;
}

static struct entry *add(struct suite *suite)
{
    suite->entries = grow(suite->entries, (suite->count + 1) * sizeof *suite->entries);
    struct entry *entry = &suite->entries[suite->count++];
    memset(entry, 0, sizeof *entry);
    return entry;
}

void suite_add_rows(struct suite *suite, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(suite)->row = rows[i];
}

void suite_begin_row(struct suite *suite, const char *id, const char *name, ...)
{
    struct entry *entry = add(suite);
    va_list arguments;

    va_start(arguments, name);
    entry->name = format(name, arguments);
    va_end(arguments);
    entry->id = strdup(id);
    entry->row = (struct row){entry->id, entry->name, NULL};
    entry->steps = grow(NULL, sizeof *entry->steps);
    entry->steps[0] = NULL;
}

void suite_step(struct suite *suite, const char *step, ...)
{
    struct entry *entry = &suite->entries[suite->count - 1];
    va_list arguments;

    entry->steps = grow(entry->steps, (entry->step_count + 2) * sizeof *entry->steps);
    va_start(arguments, step);
    entry->steps[entry->step_count++] = format(step, arguments);
    va_end(arguments);
    entry->steps[entry->step_count] = NULL;
}
