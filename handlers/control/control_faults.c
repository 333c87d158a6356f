/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_faults.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/fault_catalog.h"
#include "handlers/text/json_text.h"

/* Rules as JSON objects: a member is a setting, its value what the command line has behind the =.
 */
struct words {
    char **word;
    size_t count;
};

static void release_words(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->word[i]);
    free(words->word);
}

/* KEY=VALUE, malloc'ed; NULL with `error` filled. */
static char *make_word(const char *key, const json_t *value, struct control_error *error)
{
    char *word = NULL;
    int length;

    if (json_is_string(value)) {
        length = asprintf(&word, "%s=%s", key, json_string_value(value));
    } else if (json_is_integer(value)) {
        length = asprintf(&word, "%s=%" JSON_INTEGER_FORMAT, key, json_integer_value(value));
    } else if (json_is_boolean(value)) {
        length = asprintf(&word, "%s=%s", key, json_is_true(value) ? "on" : "off");
    } else {
        control_refuse(error, "InvalidArgument",
                       "rule: %.100s: a string, an integer or a boolean is expected", key);
        return NULL;
    }
    if (length >= 0)
        return word;
    control_refuse(error, "GenericError", "memory is short");
    return NULL;
}

static bool take_settings(json_t *rule, struct words *words, struct control_error *error)
{
    const char *key;
    json_t *value;

    words->count = 0;
    words->word = calloc(json_object_size(rule) + 1, sizeof(*words->word));
    if (!words->word) {
        control_refuse(error, "GenericError", "memory is short");
        return false;
    }
    json_object_foreach(rule, key, value)
    {
        words->word[words->count] = make_word(key, value, error);
        if (!words->word[words->count])
            return false;
        words->count++;
    }
    return true;
}

/* Adds all of the rules or none. */
static bool add_rules(struct drive *drive, const struct fault_rule *rules, unsigned count,
                      struct control_error *error)
{
    for (unsigned i = 0; i < count; i++) {
        switch (drive_fault_add(drive, &rules[i])) {
        case FAULT_ADDED:
            continue;
        case FAULT_NAME_TAKEN:
            control_refuse(error, "GenericError", "fault %s: there is a rule of this name already",
                           rules[i].name);
            break;
        case FAULT_TOO_MANY:
            control_refuse(error, "GenericError", "fault %s: accepted: at most %d rules",
                           rules[i].name, FAULT_RULES_MAX);
            break;
        case FAULT_NO_MEMORY:
            control_refuse(error, "GenericError", "memory is short");
            break;
        }
        while (i-- > 0)
            drive_fault_remove(drive, rules[i].name);
        return false;
    }
    return true;
}

/* What was added: names, and settings in the same order. */
static json_t *added(const struct fault_rule *rules, unsigned count)
{
    json_t *names = json_array(), *texts = json_array();

    for (unsigned i = 0; names && texts && i < count; i++) {
        json_array_append_new(names, json_text(rules[i].name));
        json_array_append_new(texts, json_text(rules[i].text));
    }
    return json_pack("{s:o, s:o}", "names", names, "rules", texts);
}

/* Makes the rules, of a scenario or one by itself, and adds them. */
static json_t *add(struct control *control, const char *name, const char *scenario,
                   const struct words *words, struct control_error *error)
{
    struct diagnostics diagnostics = {.report = control_gather, .context = error};
    const char *const *settings = (const char *const *)words->word;
    struct fault_rule rules[FAULT_SCENARIO_RULES_MAX];
    unsigned count = 1;
    bool right;

    error->class = "InvalidArgument";
    if (scenario)
        right = fault_scenario_read(scenario, settings, words->count, rules, &count, &diagnostics);
    else
        right = fault_rule_parse(name, settings, words->count, rules, &diagnostics);
    if (!right)
        return NULL;
    json_t *answer = NULL;
    if (add_rules(control->drive, rules, count, error)) {
        answer = added(rules, count);
        if (!answer)
            control_refuse(error, "GenericError", "memory is short");
    }
    while (count > 0)
        fault_rule_release(&rules[--count]);
    return answer;
}

json_t *control_fault_add(struct control *control, json_t *arguments, struct control_error *error)
{
    const char *name = NULL, *scenario = NULL;
    json_t *rule = NULL, *answer = NULL;
    json_error_t fault;
    struct words words = {0};

    if (arguments && json_unpack_ex(arguments, &fault, 0, "{s?s, s?s, s?o}", "name", &name,
                                    "scenario", &scenario, "rule", &rule) < 0)
        control_refuse(error, "InvalidArgument", "%s", fault.text);
    else if (rule && !json_is_object(rule))
        control_refuse(error, "InvalidArgument", "rule: an object is expected");
    else if (!name == !scenario)
        control_refuse(error, "InvalidArgument", "either name or scenario is expected");
    else if (take_settings(rule, &words, error))
        answer = add(control, name, scenario, &words, error);
    release_words(&words);
    return answer;
}

/* One line that a client takes, with names and counts. */
_Static_assert((FAULT_RULES_MAX + FAULT_FILE_RULES_MAX) * (FAULT_TEXT_MAX + 200) <
                   CONTROL_OUTPUT_MAX,
               "the list of all rules is a line that a client takes");

json_t *control_fault_list(struct control *control, json_t *arguments, struct control_error *error)
{
    json_t *faults = json_array();
    struct fault_status status;

    (void)arguments;
    for (size_t i = 0; faults && drive_fault_get(control->drive, i, &status); i++)
        json_array_append_new(
            faults, json_pack("{s:o, s:o, s:I, s:I, s:b}", "name", json_text(status.rule->name),
                              "rule", json_text(status.rule->text), "met", (json_int_t)status.met,
                              "applied", (json_int_t)status.applied, "spent", status.spent));
    json_t *answer = json_pack("{s:o}", "faults", faults);
    if (!answer)
        control_refuse(error, "GenericError", "memory is short");
    return answer;
}

json_t *control_fault_clear(struct control *control, json_t *arguments, struct control_error *error)
{
    const char *name = NULL;
    json_error_t fault;

    if (arguments && json_unpack_ex(arguments, &fault, 0, "{s?s}", "name", &name) < 0) {
        control_refuse(error, "InvalidArgument", "%s", fault.text);
        return NULL;
    }
    if (!name) {
        drive_fault_clear(control->drive);
    } else if (!drive_fault_remove(control->drive, name)) {
        control_refuse(error, "GenericError", "fault %.100s: there is no rule of this name", name);
        return NULL;
    }
    json_t *answer = json_object();
    if (!answer)
        control_refuse(error, "GenericError", "memory is short");
    return answer;
}
