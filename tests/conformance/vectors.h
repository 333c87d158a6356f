/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_VECTORS_H
#define TESTS_CONFORMANCE_VECTORS_H

/*
 * Long byte vectors of CSS, worked out apart from the code under test.  All keys are synthetic:
 * disc key 48 9B 77 FA 42; player key j is { j, (j >> 8) ^ 5A, 3j, 5j, 7j }, each taken mod 100h;
 * title keys 12 34 56 78 9A and C0 FF EE 42 17.  Challenges are 00..09 (host) and 10..19 (drive) in
 * internal order, variant 13, which makes the bus key FA BF 13 73 F3.
 */

#include <stdint.h>

/* The disc key block as stored.
 * SHA-256 acbe013ac6c97f05b9a2ddf87756c5c59dba0963b764b784ae0858a6b60e6712 */
extern const uint8_t vector_disc_key_block[2048];
/* A clear video pack.
 * SHA-256 cf497841c58a771c8bbb8f56e2018058e0275c99a3690260a75277f6e257a2a9 */
extern const uint8_t vector_sector_clear[2048];
/* It scrambled with the first title key.
 * SHA-256 3cce1361da7c836741e11132168874f30fa92d9eb98ba1b3a71fd4ee1cac2b7b */
extern const uint8_t vector_sector_title_1[2048];
/* It scrambled with the second title key.
 * SHA-256 b43fd9f9c7db3b6acdbb9b5d336433b3210a4bd2d721125096677e417ca84af0 */
extern const uint8_t vector_sector_title_2[2048];

/* KEY1, KEY2 and bus key of the two challenges for each variant, internal order. */
struct vector_authentication {
    uint8_t key1[5], key2[5], bus_key[5];
};
extern const struct vector_authentication vector_authentication[32];

#endif
