/* SPDX-License-Identifier: MIT */
#include "media/css_key.h"

#include <string.h>

#include "media/css_keystream.h"
#include "media/css_substitution.h"

#define F     css_substitution
#define F_INV css_substitution_inverse

bool css_key_equal(const struct css_key *a, const struct css_key *b)
{
    return memcmp(a->byte, b->byte, CSS_KEY_SIZE) == 0;
}

bool css_key_is_zero(const struct css_key *key)
{
    static const struct css_key zero;
    return css_key_equal(key, &zero);
}

static void stream(enum css_key_use use, const struct css_key *unlock, uint8_t k[CSS_KEY_SIZE])
{
    css_keystream(use == CSS_KEY_USE_DISC ? CSS_KEYSTREAM_DISC_KEY : CSS_KEYSTREAM_TITLE_KEY,
                  unlock, k, CSS_KEY_SIZE);
}

struct css_key css_key_encrypt(enum css_key_use use, const struct css_key *unlock,
                               const struct css_key *plain)
{
    uint8_t k[CSS_KEY_SIZE], t[CSS_KEY_SIZE];
    struct css_key encrypted;
    stream(use, unlock, k);

    t[0] = F_INV[plain->byte[0] ^ k[0]];
    for (unsigned i = 1; i < CSS_KEY_SIZE; i++)
        t[i] = F_INV[plain->byte[i] ^ k[i] ^ t[i - 1]];

    encrypted.byte[0] = F_INV[t[0] ^ k[0] ^ t[4]];
    for (unsigned i = 1; i < CSS_KEY_SIZE; i++)
        encrypted.byte[i] = F_INV[t[i] ^ k[i] ^ encrypted.byte[i - 1]];
    return encrypted;
}

struct css_key css_key_decrypt(enum css_key_use use, const struct css_key *unlock,
                               const struct css_key *encrypted)
{
    uint8_t k[CSS_KEY_SIZE], t[CSS_KEY_SIZE];
    struct css_key plain;
    stream(use, unlock, k);

    for (unsigned i = CSS_KEY_SIZE - 1; i > 0; i--)
        t[i] = k[i] ^ F[encrypted->byte[i]] ^ encrypted->byte[i - 1];
    t[0] = k[0] ^ F[encrypted->byte[0]] ^ t[4];

    for (unsigned i = CSS_KEY_SIZE - 1; i > 0; i--)
        plain.byte[i] = k[i] ^ F[t[i]] ^ t[i - 1];
    plain.byte[0] = k[0] ^ F[t[0]];
    return plain;
}

void css_disc_key_block_build(uint8_t block[CSS_DISC_KEY_BLOCK_SIZE],
                              const struct css_key *disc_key,
                              const struct css_key player_keys[CSS_PLAYER_KEYS])
{
    memset(block, 0, CSS_DISC_KEY_BLOCK_SIZE);
    struct css_key hash = css_key_encrypt(CSS_KEY_USE_DISC, disc_key, disc_key);
    memcpy(block, hash.byte, CSS_KEY_SIZE);
    for (size_t j = 1; j <= CSS_PLAYER_KEYS; j++) {
        struct css_key entry = css_key_encrypt(CSS_KEY_USE_DISC, &player_keys[j - 1], disc_key);
        memcpy(block + j * CSS_KEY_SIZE, entry.byte, CSS_KEY_SIZE);
    }
}

bool css_disc_key_block_open(const uint8_t block[CSS_DISC_KEY_BLOCK_SIZE],
                             const struct css_key *player_key, struct css_key *disc_key)
{
    struct css_key hash;
    memcpy(hash.byte, block, CSS_KEY_SIZE);
    for (size_t j = 1; j <= CSS_PLAYER_KEYS; j++) {
        struct css_key entry;
        memcpy(entry.byte, block + j * CSS_KEY_SIZE, CSS_KEY_SIZE);
        struct css_key candidate = css_key_decrypt(CSS_KEY_USE_DISC, player_key, &entry);
        struct css_key opened = css_key_decrypt(CSS_KEY_USE_DISC, &candidate, &hash);
        if (css_key_equal(&opened, &candidate)) {
            *disc_key = candidate;
            return true;
        }
    }
    return false;
}
