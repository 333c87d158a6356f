/* SPDX-License-Identifier: MIT */
#include "media/css_keystream.h"

#include <endian.h>
#include <string.h>

/*
 * Both registers are kept with the oldest bit lowest, so that the bits of a byte come out in their
 * order.  The newest bit n of a register is the sum over GF(2) of
 *
 *     bits n-17 and n-3                 17 bits
 *     bits n-25, n-22, n-21 and n-13    25 bits
 *
 * Squaring such a rule doubles its distances and it still holds.  Squared three times, it holds for
 * whole bytes of the stream, with the same distances counted in bytes, and squared six times for
 * 64-bit words: that makes sectors fast.
 */

/* One bit of each register is a constant 1, so that neither is ever all zero. */
static uint32_t load17(const struct css_key *key)
{
    uint32_t newest_low = (uint32_t)key->byte[1] << 9 | 1u << 8 | key->byte[0];
    uint32_t state = 0;
    for (unsigned i = 0; i < 17; i++)
        state |= (newest_low >> i & 1) << (16 - i);
    return state;
}

static uint32_t load25(const struct css_key *key)
{
    uint32_t v = (uint32_t)key->byte[4] << 16 | (uint32_t)key->byte[3] << 8 | key->byte[2];
    uint32_t newest_low = (v & ~7u) << 1 | 1u << 3 | (v & 7);
    uint32_t state = 0;
    for (unsigned i = 0; i < 25; i++)
        state |= (newest_low >> i & 1) << (24 - i);
    return state;
}

static uint8_t step17(uint32_t *state)
{
    /* With a distance of 3, bits 0..4 of the new byte already make its bits 3..7. */
    uint32_t sum = *state ^ *state >> 14;
    uint32_t first = sum & 7;
    uint32_t second = (sum >> 3 ^ first) & 7;
    uint32_t third = (sum >> 6 ^ second) & 3;
    uint32_t byte = first | second << 3 | third << 6;
    *state = *state >> 8 | byte << 9;
    return (uint8_t)byte;
}

static uint8_t step25(uint32_t *state)
{
    uint32_t byte = (*state ^ *state >> 3 ^ *state >> 4 ^ *state >> 12) & 0xFF;
    *state = *state >> 8 | byte << 17;
    return (uint8_t)byte;
}

void css_keystream(enum css_keystream_use use, const struct css_key *key, uint8_t *bytes,
                   size_t size)
{
    static const struct {
        uint8_t register17, register25;
    } inversion[] = {
        [CSS_KEYSTREAM_DISC_KEY] = {0x00, 0x00},
        [CSS_KEYSTREAM_TITLE_KEY] = {0x00, 0xFF},
        [CSS_KEYSTREAM_SECTOR] = {0xFF, 0x00},
        [CSS_KEYSTREAM_AUTHENTICATION] = {0xFF, 0xFF},
    };
    uint32_t state17 = load17(key), state25 = load25(key);
    unsigned carry = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned a = step17(&state17) ^ inversion[use].register17;
        unsigned b = step25(&state25) ^ inversion[use].register25;
        unsigned sum = a + b + carry;
        bytes[i] = (uint8_t)sum;
        carry = sum >> 8;
    }
}

enum { SECTOR_WORDS = CSS_KEYSTREAM_SECTOR_SIZE / 8 };

/* As much of both streams as the rule for words needs to begin with. */
enum { FIRST_WORDS = 25, FIRST_BYTES = 8 * FIRST_WORDS };

static void first_words(const struct css_key *key, uint64_t *words17, uint64_t *words25)
{
    uint8_t bytes17[FIRST_BYTES], bytes25[FIRST_BYTES];
    uint32_t state17 = load17(key), state25 = load25(key);
    for (size_t i = 0; i < 25; i++) {
        bytes17[i] = step17(&state17);
        bytes25[i] = step25(&state25);
    }
    for (size_t i = 25; i < FIRST_BYTES; i++) {
        bytes17[i] = bytes17[i - 17] ^ bytes17[i - 3];
        bytes25[i] = bytes25[i - 25] ^ bytes25[i - 22] ^ bytes25[i - 21] ^ bytes25[i - 13];
    }
    memcpy(words17, bytes17, FIRST_BYTES);
    memcpy(words25, bytes25, FIRST_BYTES);
    for (size_t i = 0; i < FIRST_WORDS; i++) {
        words17[i] = le64toh(words17[i]);
        words25[i] = le64toh(words25[i]);
    }
}

void css_keystream_sector(const struct css_key *key, uint64_t words[SECTOR_WORDS])
{
    uint64_t words17[SECTOR_WORDS], words25[SECTOR_WORDS];
    first_words(key, words17, words25);
    for (size_t i = FIRST_WORDS; i < SECTOR_WORDS; i++) {
        words17[i] = words17[i - 17] ^ words17[i - 3];
        words25[i] = words25[i - 25] ^ words25[i - 22] ^ words25[i - 21] ^ words25[i - 13];
    }

    unsigned carry = 0;
    for (size_t i = 0; i < SECTOR_WORDS; i++) {
        uint64_t sum;
        unsigned over = __builtin_add_overflow(~words17[i], words25[i], &sum);
        carry = over | __builtin_add_overflow(sum, (uint64_t)carry, &words[i]);
    }
}

uint64_t css_keystream_register17(const struct css_key *key)
{
    uint32_t state = load17(key);
    uint64_t bytes = 0;
    for (unsigned i = 0; i < CSS_KEY_SIZE; i++)
        bytes |= (uint64_t)step17(&state) << 8 * i;
    return bytes;
}

uint64_t css_keystream_register25(const struct css_key *key)
{
    uint32_t state = load25(key);
    uint64_t bytes = 0;
    for (unsigned i = 0; i < CSS_KEY_SIZE; i++)
        bytes |= (uint64_t)step25(&state) << 8 * i;
    return bytes;
}
