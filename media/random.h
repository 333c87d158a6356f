/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_RANDOM_H
#define MEDIA_RANDOM_H

/*
 * The seeded generator behind every number that nobody chose: keys of a disc, challenges and
 * variants of a drive.  The same seed and label give the same bytes on every machine and in every
 * version of vodd. Not a cryptographic generator: a synthetic disc has no secrets.
 */

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

/* `label` keeps the streams of one seed apart ("disc key", "title key 3", "challenge", ...). */
void random_init(struct random *random, uint64_t seed, const char *label);

uint64_t random_next(struct random *random);

/* Fills `bytes`, the low byte of each random_next() first. */
void random_fill(struct random *random, void *bytes, size_t size);

#endif
