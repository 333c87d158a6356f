/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_DVDIOCTL_FIXTURE_KEYS_H
#define TESTS_WINDOWS_DVDIOCTL_FIXTURE_KEYS_H

/*
 * The keys that a disc should have, as `vodd disc show` prints them: given one by one, or as the
 * file that its output was saved to.
 */

#include "media/css_key.h"

#define FIXTURE_TITLE_SETS 100 /* 0: the video manager */

struct fixture_keys {
    bool has_player_key, has_disc_key;
    struct css_key player_key, disc_key;
    bool has_title_key[FIXTURE_TITLE_SETS];
    struct css_key title_key[FIXTURE_TITLE_SETS];
};

/* Ten hexadecimal digits; spaces between bytes are allowed. */
bool fixture_key_parse(const char *text, struct css_key *key);

/* "N=KEY" */
bool fixture_title_key_parse(struct fixture_keys *keys, const char *text);

/*
 * Takes the lines "disc key", "title key N" and "player key N" from a file and ignores the rest.
 * Returns the number of keys, -1 if the file cannot be read or a key is not one.
 */
int fixture_keys_read(struct fixture_keys *keys, const char *path);

#endif
