/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_CSS_KEY_H
#define MEDIA_CSS_KEY_H

/*
 * The key hierarchy of CSS: player key -> disc key -> title key.
 *
 * A disc key is stored encrypted under each player key and under itself (the hash); a title key is
 * stored encrypted under the disc key.  The order of the bytes is the same everywhere: on the disc,
 * on the wire and here.  All functions are pure and may be called from any thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSS_KEY_SIZE 5

/* A disc key, title key, player key, KEY1, KEY2 or bus key. */
struct css_key {
    uint8_t byte[CSS_KEY_SIZE];
};

bool css_key_equal(const struct css_key *a, const struct css_key *b);

/* An all-zero title key means "not scrambled" to hosts, so no generated key is zero. */
bool css_key_is_zero(const struct css_key *key);

/* Which pair of inversions the keystream has. */
enum css_key_use {
    CSS_KEY_USE_DISC,  /* a disc key under a player key, and the hash: inversions 00h, 00h */
    CSS_KEY_USE_TITLE, /* a title key under the disc key: inversions 00h, FFh */
};

/* A bijection for each unlocking key; css_key_decrypt() is its inverse. */
struct css_key css_key_encrypt(enum css_key_use use, const struct css_key *unlock,
                               const struct css_key *plain);

/* A wrong unlocking key gives a wrong key and is not noticed, except through the hash of a disc
 * key. */
struct css_key css_key_decrypt(enum css_key_use use, const struct css_key *unlock,
                               const struct css_key *encrypted);

#define CSS_DISC_KEY_BLOCK_SIZE 2048
#define CSS_PLAYER_KEYS         408

/*
 * Builds the disc key block as READ DISC STRUCTURE format 02h delivers it before the bus key is
 * applied: bytes 0-4 the disc key under itself, bytes 5j..5j+4 the disc key under player_keys[j-1]
 * for j = 1..408, the last three bytes zero.
 */
void css_disc_key_block_build(uint8_t block[CSS_DISC_KEY_BLOCK_SIZE],
                              const struct css_key *disc_key,
                              const struct css_key player_keys[CSS_PLAYER_KEYS]);

/*
 * The host's side: tries one player key on all 408 entries.  Returns true and the disc key when an
 * entry decrypts to a key that also opens the hash.
 */
bool css_disc_key_block_open(const uint8_t block[CSS_DISC_KEY_BLOCK_SIZE],
                             const struct css_key *player_key, struct css_key *disc_key);

/*
 * The other disc keys that have the same hash as `disc_key`: as many of them as there is `room` for
 * in `rivals`. Returns how many were found, or -1 with errno = ENOMEM.  Needs 1 MiB and the time of
 * about 2^24 small steps, less when `room` is filled early.
 */
int css_disc_key_find_rivals(const struct css_key *disc_key, struct css_key *rivals, size_t room);

/*
 * Whether `disc_key` is the only key that has its hash: true for about three keys in eight.  A disc
 * with any other key may look readable to a host that works from the hash, and then give it wrong
 * title keys.  Returns 1, 0, or -1 with errno = ENOMEM.  Costs what css_disc_key_find_rivals()
 * costs.
 */
int css_disc_key_is_unambiguous(const struct css_key *disc_key);

#endif
