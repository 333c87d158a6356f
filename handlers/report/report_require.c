/* SPDX-License-Identifier: MIT */
#include "handlers/report/report_require.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/command_table.h"
#include "media/nearest_word.h"

const char *const report_requirement_names[REPORT_REQUIREMENTS] = {
    [REPORT_REQUIRE_TRANSITIONS] = "transitions",
    [REPORT_REQUIRE_COMMANDS] = "commands",
    [REPORT_REQUIRE_AUTHENTICATIONS] = "authentications",
    [REPORT_REQUIRE_LEAKS] = "leaks",
};

/* How many there could be; 0: no end. */
static unsigned all_of(enum report_required required)
{
    if (required == REPORT_REQUIRE_TRANSITIONS)
        return REPORT_TRANSITIONS;
    return required == REPORT_REQUIRE_COMMANDS ? report_commands_known() : 0;
}

static bool read_value(enum report_required required, const char *text, uint64_t *value)
{
    unsigned all = all_of(required);
    char *end;

    if (all > 0 && strcmp(text, "all") == 0) {
        *value = all;
        return true;
    }
    if (!isdigit((unsigned char)*text) || strlen(text) > 9)
        return false;
    *value = strtoull(text, &end, 10);
    if (all > 0 && strcmp(end, "%") == 0 && *value <= 100) {
        *value = (*value * all + 99) / 100;
        return true;
    }
    return *end == 0 && (all == 0 || *value <= all);
}

static bool refuse_name(const char *name, struct diagnostics *diagnostics)
{
    struct nearest_word nearest;

    nearest_word_init(&nearest, name);
    for (unsigned i = 0; i < REPORT_REQUIREMENTS; i++)
        nearest_word_consider(&nearest, report_requirement_names[i]);
    diagnostics_error(diagnostics,
                      "--require %s: no such requirement, the nearest is \"%s\"; accepted: "
                      "transitions=all|N|N%%, commands=all|N|N%%, authentications=N, leaks=N",
                      name, nearest.word);
    return false;
}

static bool take(char *word, struct report_requirements *requirements,
                 struct diagnostics *diagnostics)
{
    char *value = word + strcspn(word, "=");
    unsigned i = 0;

    if (*value)
        *value++ = 0;
    while (i < REPORT_REQUIREMENTS && strcmp(report_requirement_names[i], word) != 0)
        i++;
    if (i == REPORT_REQUIREMENTS)
        return refuse_name(word, diagnostics);
    requirements->required[i] = true;
    if (read_value((enum report_required)i, value, &requirements->value[i]))
        return true;
    if (all_of((enum report_required)i) > 0)
        diagnostics_error(diagnostics,
                          "--require %s=%s: not a threshold; accepted: all | 0..%u | "
                          "0%%..100%%",
                          word, value, all_of((enum report_required)i));
    else
        diagnostics_error(diagnostics, "--require %s=%s: not a threshold; accepted: a number", word,
                          value);
    return false;
}

bool report_requirements_read(const char *text, struct report_requirements *requirements,
                              struct diagnostics *diagnostics)
{
    char *copy = strdup(text), *rest = copy, *word;
    bool right = copy;

    if (!copy)
        diagnostics_error(diagnostics, "memory is short");
    while (right && (word = strsep(&rest, ",")))
        right = take(word, requirements, diagnostics);
    free(copy);
    return right;
}

uint64_t report_requirement_actual(const struct report *report, enum report_required required)
{
    switch (required) {
    case REPORT_REQUIRE_TRANSITIONS:
        return report_transitions_taken(report);
    case REPORT_REQUIRE_COMMANDS:
        return report_commands_used(report);
    case REPORT_REQUIRE_AUTHENTICATIONS:
        return report->transition[REPORT_KEY2_RIGHT];
    default:
        return report->leaks;
    }
}

bool report_requirement_met(const struct report *report,
                            const struct report_requirements *requirements,
                            enum report_required required)
{
    uint64_t actual = report_requirement_actual(report, required);

    if (!requirements->required[required])
        return true;
    return required == REPORT_REQUIRE_LEAKS ? actual <= requirements->value[required]
                                            : actual >= requirements->value[required];
}

bool report_requirements_met(const struct report *report,
                             const struct report_requirements *requirements)
{
    for (unsigned i = 0; i < REPORT_REQUIREMENTS; i++)
        if (!report_requirement_met(report, requirements, (enum report_required)i))
            return false;
    return true;
}

void report_requirement_missing(const struct report *report, enum report_required required,
                                FILE *stream)
{
    const char *separator = "";

    for (unsigned i = 0; required == REPORT_REQUIRE_TRANSITIONS && i < REPORT_TRANSITIONS; i++) {
        if (report->transition[i] > 0)
            continue;
        fprintf(stream, "%s%s", separator, report_transitions[i].name);
        separator = ", ";
    }
    for (const struct command_row *row = command_table;
         required == REPORT_REQUIRE_COMMANDS && row->name; row++) {
        if (!report_asks_for(row) || report_command_total(report, row->operation_code).count > 0)
            continue;
        fprintf(stream, "%s%s", separator, row->name);
        separator = ", ";
    }
}
