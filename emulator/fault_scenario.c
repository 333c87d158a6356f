/* SPDX-License-Identifier: MIT */
#include "emulator/fault_catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/nearest_word.h"

/* The rules of a scenario. */

const struct fault_scenario *fault_scenario_find(const char *name)
{
    for (const struct fault_scenario *scenario = fault_catalog; scenario->name; scenario++)
        if (strcmp(scenario->name, name) == 0)
            return scenario;
    return NULL;
}

static void report_unknown(const char *name, struct diagnostics *diagnostics)
{
    struct nearest_word nearest;

    nearest_word_init(&nearest, name);
    for (const struct fault_scenario *scenario = fault_catalog; scenario->name; scenario++)
        nearest_word_consider(&nearest, scenario->name);
    diagnostics_error(diagnostics, "catalog:%s: no such scenario; the nearest is \"%s\"", name,
                      nearest.word);
}

/* Whether one of the extra settings has the key of `word`. */
static bool is_replaced(const char *word, const char *const *extra, size_t extra_count)
{
    size_t length = strcspn(word, "=") + 1;

    for (size_t i = 0; i < extra_count; i++)
        if (strncmp(word, extra[i], length) == 0)
            return true;
    return false;
}

/* `text` is taken apart. */
static bool read_rule(const char *name, char *text, const char *const *extra, size_t extra_count,
                      struct fault_rule *rule, struct diagnostics *diagnostics)
{
    const char *words[FAULT_SCENARIO_SETTINGS_MAX];
    size_t count = 0;

    for (char *word; (word = strsep(&text, "|"));)
        if (!is_replaced(word, extra, extra_count))
            words[count++] = word;
    for (size_t i = 0; i < extra_count; i++) {
        if (count == FAULT_SCENARIO_SETTINGS_MAX) {
            diagnostics_error(diagnostics, "fault %s: accepted: at most %d settings", name,
                              FAULT_SCENARIO_SETTINGS_MAX);
            return false;
        }
        words[count++] = extra[i];
    }
    return fault_rule_parse(name, words, count, rule, diagnostics);
}

/* The rule at `index` of the scenario. */
static bool read_nth(const struct fault_scenario *scenario, unsigned index,
                     const char *const *extra, size_t extra_count, struct fault_rule *rule,
                     struct diagnostics *diagnostics)
{
    char name[FAULT_NAME_MAX + 1];
    char *text = strdup(scenario->rules[index]);

    if (!text) {
        diagnostics_error(diagnostics, "catalog:%s: out of memory", scenario->name);
        return false;
    }
    snprintf(name, sizeof name, index > 0 ? "%s-%u" : "%s", scenario->name, index + 1);
    bool right = read_rule(name, text, extra, extra_count, rule, diagnostics);
    free(text);
    return right;
}

bool fault_scenario_read(const char *name, const char *const *extra, size_t extra_count,
                         struct fault_rule *rules, unsigned *count, struct diagnostics *diagnostics)
{
    const struct fault_scenario *scenario = fault_scenario_find(name);

    *count = 0;
    if (!scenario) {
        report_unknown(name, diagnostics);
        return false;
    }
    while (*count < FAULT_SCENARIO_RULES_MAX && scenario->rules[*count]) {
        if (!read_nth(scenario, *count, extra, extra_count, &rules[*count], diagnostics)) {
            while (*count > 0)
                fault_rule_release(&rules[--*count]);
            return false;
        }
        (*count)++;
    }
    return true;
}
