/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_CSS_AUTHENTICATION_H
#define MEDIA_CSS_AUTHENTICATION_H

/*
 * The mathematics of CSS bus authentication, the same on both sides of the bus.
 *
 * Challenges, KEY1 and KEY2 are in internal order here.  On the wire they are reversed:
 * wire[i] = internal[9 - i] for a challenge, wire[i] = internal[4 - i] for a key.  The bus key
 * never appears on the wire.  All functions are pure and may be called from any thread.
 */

#include "media/css_key.h"

#define CSS_CHALLENGE_SIZE 10
#define CSS_VARIANTS       32

struct css_challenge {
    uint8_t byte[CSS_CHALLENGE_SIZE];
};

/* KEY1: the drive's answer to the host's challenge.  variant: 0..31, chosen by the drive. */
struct css_key css_key1(unsigned variant, const struct css_challenge *host_challenge);

/* KEY2: the host's answer to the drive's challenge, with the variant of KEY1. */
struct css_key css_key2(unsigned variant, const struct css_challenge *drive_challenge);

/* The bus key, from the KEY1 and KEY2 of one exchange. */
struct css_key css_bus_key(unsigned variant, const struct css_key *key1,
                           const struct css_key *key2);

/*
 * The host's search: the variant whose KEY1 for `host_challenge` is `key1`, the lowest one if
 * several are; -1 if there is none, that is, the drive is not genuine.
 */
int css_find_variant(const struct css_challenge *host_challenge, const struct css_key *key1);

/* Between internal and wire order, either way.  `to` and `from` may be the same. */
void css_reverse(uint8_t *to, const uint8_t *from, size_t size);

/*
 * Applies the bus key to key data on its way through the bus, or takes it off: byte i of `data` is
 * XORed with bus key byte 4 - (i mod 5).  For a disc key block data starts after the 4-byte header,
 * for a title key at the first of its five bytes.
 */
void css_bus_obfuscate(const struct css_key *bus_key, uint8_t *data, size_t size);

#endif
