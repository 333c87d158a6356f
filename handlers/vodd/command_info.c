/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "emulator/command_table.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/options.h"

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
    json_dumpf(rows, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(rows);
}

int command_info(int argc, const char **argv)
{
    int commands = 0, json = 0;
    const struct poptOption table[] = {
        {"commands", 0, POPT_ARG_NONE, &commands, 0, "List the commands of the drive", NULL},
        {"json",     0, POPT_ARG_NONE, &json,     0, "As JSON",                        NULL},
        POPT_AUTOHELP POPT_TABLEEND
    };
    struct options options;
    int status = EXIT_INPUT;

    if (options_read(&options, argc, argv, table, "--commands [--json]", 0, 0)) {
        if (commands) {
            (json ? print_json : print_text)();
            status = fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        } else {
            fputs("vodd info: nothing to show; accepted: vodd info --commands [--json]\n", stderr);
        }
    }
    options_release(&options);
    return status;
}
