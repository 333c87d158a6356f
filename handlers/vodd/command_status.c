/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/client.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/status_text.h"

int command_status(int argc, const char **argv)
{
    return client_run(argc, argv, "status", status_text_print);
}
