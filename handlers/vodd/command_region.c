/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "handlers/vodd/client.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/options.h"
#include "handlers/vodd/status_text.h"
#include "media/shown_text.h"

static const char *control_command_for(const char *action)
{
    if (strcmp(action, "show") == 0)
        return "region-show";
    if (strcmp(action, "reset") == 0)
        return "region-reset";
    shown_text_print(stderr, "vodd region: %s: no such action; accepted: show | reset\n", action);
    return NULL;
}

int command_region(int argc, const char **argv)
{
    struct client_options client = {0};
    const struct poptOption table[] = {CLIENT_OPTIONS(client) POPT_TABLEEND};
    struct options options;
    int status = EXIT_INPUT;

    if (options_read(&options, argc, argv, table, "[OPTION...] [show | reset]", 0, 1)) {
        const char *command =
            control_command_for(options.count > 0 ? options.arguments[0] : "show");
        if (command)
            status = client_execute(&client, command, NULL, region_text_print);
    }
    options_release(&options);
    client_options_release(&client);
    return status;
}
