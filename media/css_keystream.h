/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_CSS_KEYSTREAM_H
#define MEDIA_CSS_KEYSTREAM_H

/*
 * The keystream generator that all of CSS shares: two linear feedback shift registers, of 17 and 25
 * bits, whose output bytes are added with carry.
 */

#include <stddef.h>

#include "media/css_key.h"

/* Inversions of the output bytes of the two registers: what tells the uses of the generator apart.
 */
enum css_keystream_use {
    CSS_KEYSTREAM_DISC_KEY,       /* 00h, 00h */
    CSS_KEYSTREAM_TITLE_KEY,      /* 00h, FFh */
    CSS_KEYSTREAM_SECTOR,         /* FFh, 00h */
    CSS_KEYSTREAM_AUTHENTICATION, /* FFh, FFh */
};

/* The first `size` bytes of the stream. */
void css_keystream(enum css_keystream_use use, const struct css_key *key, uint8_t *bytes,
                   size_t size);

/* How much of a sector is scrambled. */
#define CSS_KEYSTREAM_SECTOR_SIZE 1920

/* The same for CSS_KEYSTREAM_SECTOR and this size, made for speed; each word holds eight bytes of
 * the stream, the first in its low bits. */
void css_keystream_sector(const struct css_key *key, uint64_t words[CSS_KEYSTREAM_SECTOR_SIZE / 8]);

/*
 * The output of one register alone, before inversion and addition: its first five bytes as a
 * number, the first byte lowest.  Both are affine in the bits of the key, and the stream of
 * CSS_KEYSTREAM_DISC_KEY is their sum modulo 2^40.
 */
uint64_t css_keystream_register17(const struct css_key *key);
uint64_t css_keystream_register25(const struct css_key *key);

#endif
