/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/fault_text.h"

#include <stdbool.h>
#include <string.h>

#include "emulator/fault_catalog.h"
#include "handlers/text/json_text.h"
#include "media/shown_text.h"

/* A server may be another program than ours. */
static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

void fault_text_print_added(const json_t *answer, FILE *stream)
{
    const json_t *names = json_object_get(answer, "names");
    const json_t *rules = json_object_get(answer, "rules");
    size_t index;
    json_t *name;

    json_array_foreach(names, index, name)
    {
        const char *text = json_string_value(name);
        const char *rule = json_string_value(json_array_get(rules, index));
        shown_text_print(stream, "added %s: %s\n", text ? text : "", rule ? rule : "");
    }
}

void fault_text_print(const json_t *answer, FILE *stream)
{
    const json_t *faults = json_object_get(answer, "faults");
    size_t index;
    json_t *fault;

    if (json_array_size(faults) == 0)
        fputs("no fault rules\n", stream);
    json_array_foreach(faults, index, fault)
    {
        shown_text_print(stream, "%s: %s\n", text_of(fault, "name"), text_of(fault, "rule"));
        fprintf(stream, "    met %lld, applied %lld%s\n",
                (long long)json_integer_value(json_object_get(fault, "met")),
                (long long)json_integer_value(json_object_get(fault, "applied")),
                json_is_true(json_object_get(fault, "spent")) ? ", spent" : "");
    }
}

static bool is_wanted(const struct fault_scenario *scenario, const char *name)
{
    return !name || strcmp(name, scenario->name) == 0;
}

/* The settings as words of a command line. */
static void print_rule(const char *rule, FILE *stream)
{
    fputs("   ", stream);
    while (*rule) {
        int length = (int)strcspn(rule, "|");
        const char *quote = (int)strcspn(rule, " ()*?;") < length ? "'" : "";
        fprintf(stream, " %s%.*s%s", quote, length, rule, quote);
        rule += length + (rule[length] == '|');
    }
    fputc('\n', stream);
}

void fault_text_print_catalog(const char *name, FILE *stream)
{
    const char *subject = "";

    for (const struct fault_scenario *scenario = fault_catalog; scenario->name; scenario++) {
        if (!is_wanted(scenario, name))
            continue;
        if (!name && strcmp(subject, scenario->subject) != 0)
            fprintf(stream, "%s%s:\n\n", *subject ? "\n" : "", scenario->subject);
        subject = scenario->subject;
        fprintf(stream, "%s\n    %s\n    A correct driver %s\n", scenario->name, scenario->what,
                scenario->correct);
        for (unsigned i = 0; i < FAULT_SCENARIO_RULES_MAX && scenario->rules[i]; i++)
            print_rule(scenario->rules[i], stream);
    }
}

/* The settings of a rule as an object, as "fault-add" takes them. */
static json_t *rule_json(const char *rule)
{
    json_t *object = json_object();

    while (*rule) {
        size_t length = strcspn(rule, "|"), key = strcspn(rule, "=");
        char name[64];

        snprintf(name, sizeof(name), "%.*s", (int)key, rule);
        json_object_set_new(object, name, json_stringn(rule + key + 1, length - key - 1));
        rule += length + (rule[length] == '|');
    }
    return object;
}

void fault_text_print_catalog_json(const char *name, FILE *stream)
{
    json_t *scenarios = json_array();

    for (const struct fault_scenario *scenario = fault_catalog; scenario->name; scenario++) {
        if (!is_wanted(scenario, name))
            continue;
        json_t *rules = json_array();
        for (unsigned i = 0; i < FAULT_SCENARIO_RULES_MAX && scenario->rules[i]; i++)
            json_array_append_new(rules, rule_json(scenario->rules[i]));
        json_array_append_new(scenarios,
                              json_pack("{s:s, s:s, s:s, s:s, s:o}", "name", scenario->name,
                                        "subject", scenario->subject, "what", scenario->what,
                                        "correct-driver", scenario->correct, "rules", rules));
    }
    json_text_write(scenarios, stream, JSON_INDENT(2));
}
