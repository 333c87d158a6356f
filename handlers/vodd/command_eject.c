/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/client.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/options.h"

int command_eject(int argc, const char **argv)
{
    struct client_options client = {0};
    int remove = 0;
    const struct poptOption table[] = {
        {"remove", 0, POPT_ARG_NONE, &remove, 0, "Take the disc away as well", NULL},
        CLIENT_OPTIONS(client) POPT_TABLEEND,
    };
    struct options options;
    int status = EXIT_INPUT;

    if (options_read(&options, argc, argv, table, "[OPTION...]", 0, 0))
        status = client_execute(&client, "eject", json_pack("{s:b}", "remove", remove), NULL);
    options_release(&options);
    client_options_release(&client);
    return status;
}
