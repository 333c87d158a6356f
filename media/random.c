/* SPDX-License-Identifier: MIT */
#include "media/random.h"

/*
 * SplitMix64 (Steele, Lea and Flood, 2014).  It starts from the 64-bit FNV-1a hash of the eight
 * bytes of the seed, the lowest first, followed by the bytes of the label.
 */

#define FNV_OFFSET_BASIS 0xCBF29CE484222325u
#define FNV_PRIME        0x00000100000001B3u

static uint64_t fnv1a(uint64_t hash, uint8_t byte)
{
    return (hash ^ byte) * FNV_PRIME;
}

void random_init(struct random *random, uint64_t seed, const char *label)
{
    uint64_t hash = FNV_OFFSET_BASIS;
    for (unsigned shift = 0; shift < 64; shift += 8)
        hash = fnv1a(hash, (uint8_t)(seed >> shift));
    for (; *label; label++)
        hash = fnv1a(hash, (uint8_t)*label);
    random->state = hash;
}

uint64_t random_next(struct random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

void random_fill(struct random *random, void *bytes, size_t size)
{
    uint8_t *to = bytes;
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++) {
        number = i % 8 == 0 ? random_next(random) : number >> 8;
        to[i] = (uint8_t)number;
    }
}
