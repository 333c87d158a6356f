/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>

#include "emulator/command_table.h"
#include "emulator/ready_profile.h"
#include "handlers/text/json_text.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/options.h"
#include "media/shown_text.h"

#define INFO_USAGE "--commands [--json] | --profiles [--json | NAME]"

static const char *const directions[] = {
    [DRIVE_DIRECTION_NONE] = "none",
    [DRIVE_DIRECTION_IN] = "in",
    [DRIVE_DIRECTION_OUT] = "out",
};

static const struct {
    unsigned flag;
    const char *name, *text;
} preconditions[] = {
    {COMMAND_BYPASSES_ATTENTION, "bypasses-attention", "bypasses unit attention"         },
    {COMMAND_NEEDS_MEDIUM,       "needs-medium",       "needs a medium"                  },
    {COMMAND_MAY_NEED_MEDIUM,    "may-need-medium",    "may need a medium, by its fields"},
    {COMMAND_OF_CSS,             "css",                "only with the DVD CSS feature"   },
    {COMMAND_OF_CD,              "read-cd",            "only with read-cd = user-data"   },
};
#define PRECONDITIONS (sizeof(preconditions) / sizeof(*preconditions))

static void print_text(void)
{
    puts("Opcode  CDB  Data  Command                               Preconditions");
    for (const struct command_row *row = command_table; row->name; row++) {
        const char *separator = "  ";
        printf("%02Xh     %3u  %-4s  %-36s", row->operation_code, row->cdb_length,
               directions[row->direction], row->name);
        for (size_t i = 0; i < PRECONDITIONS; i++) {
            if (!(row->flags & preconditions[i].flag))
                continue;
            printf("%s%s", separator, preconditions[i].text);
            separator = ", ";
        }
        putchar('\n');
    }
}

static json_t *row_json(const struct command_row *row)
{
    json_t *names = json_array();

    for (size_t i = 0; i < PRECONDITIONS; i++)
        if (row->flags & preconditions[i].flag)
            json_array_append_new(names, json_string(preconditions[i].name));
    return json_pack("{s:i, s:s, s:i, s:s, s:o}", "operation-code", row->operation_code, "name",
                     row->name, "cdb-length", row->cdb_length, "direction",
                     directions[row->direction], "preconditions", names);
}

static void print_json(void)
{
    json_t *rows = json_array();

    for (const struct command_row *row = command_table; row->name; row++)
        json_array_append_new(rows, row_json(row));
    json_text_write(rows, stdout, JSON_INDENT(2));
}

/* With a name, the text of that profile, to begin one's own with. */
static bool print_profiles(const char *name)
{
    const struct ready_profile *wanted = name ? ready_profile_find(name) : NULL;

    if (wanted) {
        printf("; %s\n; %s\n%s", wanted->name, wanted->purpose, wanted->text);
        return true;
    }
    if (name) {
        struct diagnostics diagnostics;
        struct drive_profile profile;
        diagnostics_to_stderr(&diagnostics);
        bool right = ready_profile_read(name, &profile, &diagnostics);
        drive_profile_release(&profile);
        return right;
    }
    for (const struct ready_profile *profile = ready_profiles; profile->name; profile++)
        printf("%-20s %s\n", profile->name, profile->purpose);
    return true;
}

static void print_profiles_json(void)
{
    json_t *profiles = json_array();

    for (const struct ready_profile *profile = ready_profiles; profile->name; profile++)
        json_array_append_new(profiles,
                              json_pack("{s:s, s:s, s:s}", "name", profile->name, "purpose",
                                        profile->purpose, "text", profile->text));
    json_text_write(profiles, stdout, JSON_INDENT(2));
}

static int show(bool profiles, bool json, const struct options *options)
{
    const char *name = options->count > 0 ? options->arguments[0] : NULL;

    if (!profiles)
        (json ? print_json : print_text)();
    else if (json)
        print_profiles_json();
    else if (!print_profiles(name))
        return EXIT_INPUT;
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int command_info(int argc, const char **argv)
{
    int commands = 0, profiles = 0, json = 0;
    const struct poptOption table[] = {
        {"commands", 0, POPT_ARG_NONE, &commands, 0, "List the commands of the drive",            NULL},
        {"profiles", 0, POPT_ARG_NONE, &profiles, 0, "List the ready-made profiles, or show one",
         NULL                                                                                         },
        {"json",     0, POPT_ARG_NONE, &json,     0, "As JSON",                                   NULL},
        POPT_AUTOHELP POPT_TABLEEND
    };
    struct options options;
    int status = EXIT_INPUT;

    if (options_read(&options, argc, argv, table, INFO_USAGE, 0, 1)) {
        const char *fault = NULL;
        if (!commands && !profiles)
            fault = "nothing to show";
        else if (commands && profiles)
            fault = "--commands and --profiles exclude each other";
        else if (options.count > 0 && (commands || json))
            fault = "too many arguments";
        if (fault)
            shown_text_print(stderr, "vodd info: %s; accepted: vodd info " INFO_USAGE "\n", fault);
        else
            status = show(profiles, json, &options);
    }
    options_release(&options);
    return status;
}
