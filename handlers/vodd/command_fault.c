/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "emulator/fault_catalog.h"
#include "handlers/vodd/client.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/fault_text.h"
#include "handlers/vodd/options.h"
#include "media/shown_text.h"

#define SCENARIO_PREFIX "catalog:"

/* KEY=VALUE words as an object; NULL after saying which one is none. */
static json_t *settings_of(const char *const *words, int count)
{
    json_t *settings = json_object();

    for (int i = 0; i < count; i++) {
        const char *equals = strchr(words[i], '=');
        char key[64];

        if (!equals || equals == words[i] || (size_t)(equals - words[i]) >= sizeof(key)) {
            shown_text_print(stderr, "vodd fault add: %s: not a setting; accepted: KEY=VALUE\n",
                             words[i]);
            json_decref(settings);
            return NULL;
        }
        snprintf(key, sizeof(key), "%.*s", (int)(equals - words[i]), words[i]);
        if (json_object_get(settings, key)) {
            shown_text_print(stderr, "vodd fault add: %s: given twice\n", key);
            json_decref(settings);
            return NULL;
        }
        if (json_object_set_new(settings, key, json_string(equals + 1)) < 0) {
            shown_text_print(stderr, "vodd fault add: %s: not UTF-8\n", words[i]);
            json_decref(settings);
            return NULL;
        }
    }
    return settings;
}

static void say(void *context, const char *text)
{
    (void)context;
    shown_text_print(stderr, "vodd: %s\n", text);
}

/* Here already, so that what is wrong is bad input and not a refusal of the drive. */
static bool check(const char *name, const char *scenario, const char *const *words, int count)
{
    struct diagnostics diagnostics = {.report = say};
    struct fault_rule rules[FAULT_SCENARIO_RULES_MAX];
    unsigned rule_count = 1;

    bool right = scenario ? fault_scenario_read(scenario, words, (size_t)count, rules, &rule_count,
                                                &diagnostics)
                          : fault_rule_parse(name, words, (size_t)count, rules, &diagnostics);
    while (right && rule_count > 0)
        fault_rule_release(&rules[--rule_count]);
    return right;
}

/* One line of the control socket holds any rule; only the catalog's names are no rule's. */
static int add(const struct client_options *client, const char **words, int count)
{
    const char *name = words[0];
    bool from_catalog = strncmp(name, SCENARIO_PREFIX, strlen(SCENARIO_PREFIX)) == 0;
    const char *scenario = from_catalog ? name + strlen(SCENARIO_PREFIX) : NULL;
    json_t *settings = settings_of(words + 1, count - 1);

    if (!settings)
        return EXIT_INPUT;
    if (!check(name, scenario, words + 1, count - 1)) {
        json_decref(settings);
        return EXIT_INPUT;
    }
    return client_execute(client, "fault-add",
                          json_pack("{s:s, s:o}", scenario ? "scenario" : "name",
                                    scenario ? scenario : name, "rule", settings),
                          fault_text_print_added);
}

static int list(const struct client_options *client, const char **words, int count)
{
    (void)words, (void)count;
    return client_execute(client, "fault-list", NULL, fault_text_print);
}

static int clear(const struct client_options *client, const char **words, int count)
{
    struct diagnostics diagnostics;

    /* Without a name every rule goes: that one cannot be sent must not come to the same. */
    diagnostics_to_stderr(&diagnostics);
    if (count > 0 && !client_can_send(words[0], &diagnostics))
        return EXIT_INPUT;
    return client_execute(client, "fault-clear",
                          count > 0 ? json_pack("{s:s}", "name", words[0]) : NULL, NULL);
}

static int catalog(const struct client_options *client, const char **words, int count)
{
    const char *name = count > 0 ? words[0] : NULL;

    if (name && !fault_scenario_find(name)) {
        struct diagnostics diagnostics = {.report = say};
        struct fault_rule rules[FAULT_SCENARIO_RULES_MAX];
        unsigned rule_count;

        fault_scenario_read(name, NULL, 0, rules, &rule_count, &diagnostics);
        return EXIT_INPUT;
    }
    (client->json ? fault_text_print_catalog_json : fault_text_print_catalog)(name, stdout);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const struct {
    const char *name;
    int (*run)(const struct client_options *client, const char **words, int count);
    int minimum, maximum; /* words behind it */
    const char *usage;
} actions[] = {
    {"add",     add,     1, FAULT_SCENARIO_SETTINGS_MAX,
     "add [OPTION...] NAME KEY=VALUE... | add catalog:NAME [KEY=VALUE...]"         },
    {"list",    list,    0, 0,                           "list [OPTION...]"        },
    {"clear",   clear,   0, 1,                           "clear [OPTION...] [NAME]"},
    {"catalog", catalog, 0, 1,                           "catalog [--json] [NAME]" },
};

static int run(const struct client_options *client, const struct options *options)
{
    int count = options->count - 1;

    for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
        if (strcmp(actions[i].name, options->arguments[0]) != 0)
            continue;
        if (count >= actions[i].minimum && count <= actions[i].maximum)
            return actions[i].run(client, options->arguments + 1, count);
        shown_text_print(stderr, "vodd fault %s: %s; accepted: vodd fault %s\n", actions[i].name,
                         count < actions[i].minimum ? "an argument is missing"
                                                    : "too many arguments",
                         actions[i].usage);
        return EXIT_INPUT;
    }
    shown_text_print(stderr,
                     "vodd fault: %s: no such action; accepted: add | list | clear | catalog\n",
                     options->arguments[0]);
    return EXIT_INPUT;
}

int command_fault(int argc, const char **argv)
{
    struct client_options client = {0};
    const struct poptOption table[] = {CLIENT_OPTIONS(client) POPT_TABLEEND};
    struct options options;
    int status = EXIT_INPUT;

    if (options_read(&options, argc, argv, table,
                     "[OPTION...] add NAME KEY=VALUE... | add catalog:NAME [KEY=VALUE...] | list | "
                     "clear [NAME] | catalog [NAME]",
                     1, argc))
        status = run(&client, &options);
    options_release(&options);
    client_options_release(&client);
    return status;
}
