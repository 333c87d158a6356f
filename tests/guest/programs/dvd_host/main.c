/* SPDX-License-Identifier: MIT */

/*
 * dvd_host [--tap] [--region N] --player-key HEX --checksums FILE DEVICE
 *
 * Plays the host of a CSS disc inside a Linux guest, with nothing but the kernel's ioctls and
 * read(): capabilities, region, authentication, keys, scrambled reads before and after, and every
 * VOB descrambled and compared.  Exit status 0: everything was right; 1: something was not; 2: bad
 * arguments.
 */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/guest/programs/dvd_host/session.h"

/* Ten hexadecimal digits. */
static bool parse_key(const char *text, struct css_key *key)
{
    char *end;
    const unsigned long long value = strtoull(text, &end, 16);

    if (strlen(text) != 2 * CSS_KEY_SIZE || strspn(text, "0123456789abcdefABCDEF") != strlen(text))
        return false;
    for (unsigned i = 0; i < CSS_KEY_SIZE; i++)
        key->byte[i] = (uint8_t)(value >> 8 * (CSS_KEY_SIZE - 1 - i));
    return *end == '\0';
}

struct options {
    bool tap, has_player_key;
    struct css_key player_key;
    unsigned region;
    const char *checksums, *device;
};

static bool parse_options(int count, char **arguments, struct options *options)
{
    static const struct option known[] = {
        {"tap",              no_argument, NULL, 't'},
        {"region",              required_argument, NULL, 'r'},
        {"player-key",                  required_argument, NULL, 'k'},
        {"checksums",required_argument, NULL, 'c'},
        {0              },
    };

    for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;) {
        if (option == 't')
            options->tap = true;
        else if (option == 'r')
            options->region = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'k')
            options->has_player_key = parse_key(optarg, &options->player_key);
        else if (option == 'c')
            options->checksums = optarg;
        else
            return false;
    }
    options->device = arguments[optind];
    return options->device && options->has_player_key && options->checksums && options->region <= 8;
}

int main(int count, char **arguments)
{
    static struct vob vobs[VOBS_MAX];
    static uint32_t scrambled[VOBS_MAX];
    static struct css_host_title_key title_keys[VOBS_MAX];
    struct options options = {0};
    struct transcript transcript;
    struct device device;

    if (!parse_options(count, arguments, &options)) {
        fprintf(stderr, "usage: dvd_host [--tap] [--region 1..8] --player-key HEX --checksums FILE "
                        "DEVICE\n");
        return 2;
    }
    transcript_begin(&transcript, options.tap);
    if (!device_open(&device, options.device)) {
        fprintf(stderr, "dvd_host: %s: %s\n", options.device, strerror(errno));
        return 1;
    }
    struct session session = {
        .device = &device,
        .transcript = &transcript,
        .player_key = options.player_key,
        .region = options.region,
        .checksums = options.checksums,
        .vobs = vobs,
        .scrambled = scrambled,
        .title_keys = title_keys,
    };
    bool finished = session_run(&session);
    device_close(&device);
    return transcript_end(&transcript) && finished ? EXIT_SUCCESS : EXIT_FAILURE;
}
