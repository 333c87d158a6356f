/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_OPTIONS_H
#define TESTS_WINDOWS_DVDIOCTL_OPTIONS_H

/* The command line after the subcommand. */

#include <stdbool.h>

#include "tests/windows/dvdioctl/device.h"
#include "tests/windows/dvdioctl/fixture_keys.h"

#define OPTIONS_BAD 2 /* exit status */

struct options {
    char drive[DEVICE_NAME_SIZE]; /* "" when not given */
    unsigned region;              /* of region-set */
    struct fixture_keys keys;
    uint32_t sectors; /* to read of each VOB at the most */
};

void options_print_help(void);

/* `region`: the first argument is a region.  False after a message on standard error. */
bool options_parse(struct options *options, bool region, int count, char **arguments);

#endif
