/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "handlers/vodd/commands.h"

#include "media/shown_text.h"

static const struct {
    const char *name;
    int (*function)(int argc, const char **argv);
    const char *description;
} subcommands[] = {
    {"serve",  command_serve,  "Switch a drive on and let QEMU attach it"           },
    {"status", command_status, "Show the state of a running drive"                  },
    {"insert", command_insert, "Put a disc into a running drive"                    },
    {"eject",  command_eject,  "Open the tray of a running drive, whatever holds it"},
    {"press",  command_press,  "Press the eject button of a running drive"          },
    {"region", command_region, "Show or reset the region of a running drive"        },
    {"fault",  command_fault,  "Make a running drive misbehave, or list what it can"},
    {"quit",   command_quit,   "Switch a running drive off"                         },
    {"check",  command_check,  "Check a fixture, a profile or an image"             },
    {"disc",   command_disc,   "Show or export what a host sees of a disc"          },
    {"info",   command_info,   "Show what the emulated drive knows"                 },
    {"trace",  command_trace,  "Show what host and drive say to each other"         },
    {"replay", command_replay, "Play a recorded conversation against a drive"       },
    {"expect", command_expect, "Hold a trace against expectations"                  },
    {"report", command_report, "Report what a driver did, from traces"              },
};

static void show_usage(FILE *stream)
{
    fputs("Usage: vodd SUBCOMMAND [OPTION...]\n\nSubcommands:\n", stream);
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(*subcommands); i++)
        fprintf(stream, "  %-8s %s\n", subcommands[i].name, subcommands[i].description);
    fputs("\n`vodd SUBCOMMAND --help` lists the options of a subcommand; see also vodd(1).\n",
          stream);
}

int main(int argc, const char **argv)
{
    /* A limit on the size of files is reported like a full disk. */
    signal(SIGXFSZ, SIG_IGN);
    if (argc < 2) {
        show_usage(stderr);
        return EXIT_INPUT;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        show_usage(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("vodd " VODD_VERSION);
        return 0;
    }
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(*subcommands); i++)
        if (strcmp(argv[1], subcommands[i].name) == 0)
            return subcommands[i].function(argc - 1, argv + 1);
    shown_text_print(stderr, "vodd: no subcommand \"%s\"; `vodd --help` lists them\n", argv[1]);
    return EXIT_INPUT;
}
