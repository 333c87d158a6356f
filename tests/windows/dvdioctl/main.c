/* SPDX-License-Identifier: MIT */

/*
 * dvdioctl: the family IOCTL_DVD_* of a Windows system, request by request, on one optical drive.
 * TAP on standard output.  Exit status 0: every result is right; 1: one is not, or the drive cannot
 * be opened; 2: bad arguments.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/windows/dvdioctl/options.h"
#include "tests/windows/dvdioctl/subjects.h"
#include "tests/windows/dvdioctl/system.h"

/* What a subject is about. */
enum subject_of {
    OF_EVERY_DRIVE,
    OF_DVD_DRIVES,
    OF_CSS_DRIVES,
};

static const struct subcommand {
    const char *name;
    const char *help;
    enum subject_of of;
    void (*examine)(struct examination *examination); /* NULL: all others, in this order */
} subcommands[] = {
    {"region",    "get the region and the RPC state, and compare them", OF_CSS_DRIVES,  examine_region    },
    {"session",   "start and end sessions (AGIDs) until none is left",  OF_CSS_DRIVES,
     examine_sessions                                                                                     },
    {"structure", "read the structures of the lead-in",                 OF_DVD_DRIVES,  examine_structures},
    {"auth",      "authenticate, read the disc key and the title keys", OF_CSS_DRIVES,  examine_keys      },
    {"read",      "read plain and scrambled sectors, unscramble them",  OF_EVERY_DRIVE, examine_reads     },
    {"all",       "all of these, one after the other",                  OF_EVERY_DRIVE, NULL              },
};

#define SUBCOMMANDS (sizeof subcommands / sizeof *subcommands)

static void print_help(void)
{
    printf("usage: dvdioctl SUBCOMMAND [OPTION...] [DRIVE]\n\n"
           "DRIVE is a letter (E:) or CdRomN; it may be left out if there is only one.\n\n"
           "  %-14s %s\n",
           "list", "name the optical drives of this system");
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        printf("  %-14s %s\n", subcommands[i].name, subcommands[i].help);
    printf("  %-14s %s\n\n", "region-set N",
           "set the drive's region to N, 1 to 8; spends a change");
    options_print_help();
    printf("\nThe results are TAP: \"ok\", \"not ok\", \"ok ... # SKIP reason\"; lines with # tell "
           "more.\n"
           "Exit status 0: all is right; 1: something is not; 2: the arguments are not.\n"
           "Only region-set changes the region.  Sessions of other programs are ended.\n");
}

static const struct subcommand *find_subcommand(const char *name)
{
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

static bool open_drive(struct device *device, const char *drive, bool must_write)
{
    /* Only IOCTL_DVD_SEND_KEY2 needs to write, which not every user may. */
    if (device_open(device, drive, true) || (!must_write && device_open(device, drive, false)))
        return true;
    fprintf(stderr, "dvdioctl: %s: %s failed: Win32 error %u, NTSTATUS %08X %s: %s\n", drive,
            device->last.request, device->last.win32, (unsigned)device->last.status,
            nt_status_name(device->last.status),
            status_meaning(device->last.status, device->last.code));
    return false;
}

/* The subcommand's subjects as far as the drive is one for them, and that it is none for the
 * others. */
static void examine_subjects(struct examination *examination, const struct subcommand *subcommand)
{
    const enum subject_of drive = examination->is_css_drive   ? OF_CSS_DRIVES
                                  : examination->is_dvd_drive ? OF_DVD_DRIVES
                                                              : OF_EVERY_DRIVE;
    bool all_done = true;

    for (size_t i = 0; i < SUBCOMMANDS; i++) {
        if (!subcommands[i].examine || (subcommand != &subcommands[i] && subcommand->examine))
            continue;
        if (subcommands[i].of <= drive)
            subcommands[i].examine(examination);
        all_done &= subcommands[i].of <= drive;
    }
    if (!all_done && drive == OF_EVERY_DRIVE)
        examine_cd_drive(examination);
    else if (!all_done)
        examine_drive_without_css(examination);
}

static int run(const struct options *options, const struct subcommand *subcommand)
{
    struct transcript transcript;
    struct device device;
    struct examination examination = {.device = &device,
                                      .transcript = &transcript,
                                      .keys = &options->keys,
                                      .sectors = options->sectors};

    if (!open_drive(&device, options->drive, !subcommand))
        return EXIT_FAILURE;
    transcript_begin(&transcript, true);
    system_say(&transcript);
    transcript_say(&transcript, "drive %s", device.path);
    examination_begin(&examination);
    if (!subcommand)
        set_region(&examination, options->region);
    else
        examine_subjects(&examination, subcommand);
    device_close(&device);
    return transcript_end(&transcript) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int list(void)
{
    struct transcript transcript;

    transcript_begin(&transcript, true);
    system_say(&transcript);
    system_list_drives(&transcript);
    return transcript_end(&transcript) ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int count, char **arguments)
{
    static struct options options;

    if (count < 2 || strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "/?") == 0) {
        print_help();
        return count < 2 ? OPTIONS_BAD : EXIT_SUCCESS;
    }
    const struct subcommand *subcommand = find_subcommand(arguments[1]);
    const bool is_list = strcmp(arguments[1], "list") == 0;
    const bool sets = strcmp(arguments[1], "region-set") == 0;
    if (!subcommand && !is_list && !sets) {
        fprintf(stderr, "dvdioctl: there is no subcommand %s; see dvdioctl --help\n", arguments[1]);
        return OPTIONS_BAD;
    }
    if (!options_parse(&options, sets, count - 2, arguments + 2))
        return OPTIONS_BAD;
    if (is_list)
        return list();
    if (!options.drive[0]) {
        const unsigned drives = system_only_drive(options.drive);
        if (drives != 1) {
            fprintf(stderr, "dvdioctl: there are %u optical drives; name one\n", drives);
            return drives ? OPTIONS_BAD : EXIT_FAILURE;
        }
    }
    return run(&options, subcommand);
}
