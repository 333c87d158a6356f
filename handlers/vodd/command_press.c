/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/client.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/status_text.h"

int command_press(int argc, const char **argv)
{
    return client_run(argc, argv, "press", press_text_print);
}
