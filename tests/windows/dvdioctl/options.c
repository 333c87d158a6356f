/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTORS_DEFAULT 2048

static bool take_keys(struct options *options, const char *value)
{
    return fixture_keys_read(&options->keys, value) > 0;
}

static bool take_player_key(struct options *options, const char *value)
{
    options->keys.has_player_key = fixture_key_parse(value, &options->keys.player_key);
    return options->keys.has_player_key;
}

static bool take_disc_key(struct options *options, const char *value)
{
    options->keys.has_disc_key = fixture_key_parse(value, &options->keys.disc_key);
    return options->keys.has_disc_key;
}

static bool take_title_key(struct options *options, const char *value)
{
    return fixture_title_key_parse(&options->keys, value);
}

static bool take_sectors(struct options *options, const char *value)
{
    char *end;

    if (strcmp(value, "all") == 0) {
        options->sectors = UINT32_MAX;
        return true;
    }
    const unsigned long number = strtoul(value, &end, 10);
    options->sectors = (uint32_t)number;
    return *value >= '1' && *value <= '9' && *end == '\0' && number < UINT32_MAX;
}

static const struct {
    const char *name, *value;
    const char *help; /* what it is, and its form */
    bool (*take)(struct options *options, const char *value);
} known[] = {
    {"--keys",       "FILE",  "a file with the output of vodd disc show",            take_keys      },
    {"--player-key", "HEX",   "a player key of the fixture, ten hexadecimal digits", take_player_key},
    {"--disc-key",   "HEX",   "the disc key, ten hexadecimal digits",                take_disc_key  },
    {"--title-key",  "N=HEX", "the key of title set N, 0 to 99; for each one",       take_title_key },
    {"--sectors",    "N|all", "how much of each VOB file to read; default 2048",     take_sectors   },
};

#define KNOWN (sizeof known / sizeof *known)

void options_print_help(void)
{
    for (size_t i = 0; i < KNOWN; i++)
        printf("  %-12s %-6s %s\n", known[i].name, known[i].value, known[i].help);
}

static bool take_option(struct options *options, const char *name, const char *value)
{
    for (size_t i = 0; i < KNOWN; i++) {
        if (strcmp(known[i].name, name) != 0)
            continue;
        if (value && known[i].take(options, value))
            return true;
        fprintf(stderr, "dvdioctl: %s %s: the value must be %s: %s\n", name, value ? value : "",
                known[i].value, known[i].help);
        return false;
    }
    fprintf(stderr, "dvdioctl: there is no option %s; see dvdioctl --help\n", name);
    return false;
}

static bool take_drive(struct options *options, const char *name)
{
    if (options->drive[0] || strlen(name) >= sizeof options->drive) {
        fprintf(stderr, "dvdioctl: %s: one drive, as a letter (E:) or CdRomN\n", name);
        return false;
    }
    snprintf(options->drive, sizeof options->drive, "%s", name);
    return true;
}

bool options_parse(struct options *options, bool region, int count, char **arguments)
{
    int i = 0;

    *options = (struct options){.sectors = SECTORS_DEFAULT};
    if (region) {
        const char *text = count > 0 ? arguments[i++] : "";
        if (text[0] < '1' || text[0] > '8' || text[1] != '\0') {
            fprintf(stderr, "dvdioctl: region-set %s: the region must be a number from 1 to 8\n",
                    text);
            return false;
        }
        options->region = (unsigned)(text[0] - '0');
    }
    for (; i < count; i++) {
        if (strncmp(arguments[i], "--", 2) != 0) {
            if (!take_drive(options, arguments[i]))
                return false;
        } else {
            if (!take_option(options, arguments[i], i + 1 < count ? arguments[i + 1] : NULL))
                return false;
            i++;
        }
    }
    return true;
}
