/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/client.h"
#include "handlers/vodd/commands.h"

int command_quit(int argc, const char **argv)
{
    return client_run(argc, argv, "quit", NULL);
}
