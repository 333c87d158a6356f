/* SPDX-License-Identifier: MIT */
#include "media/css_key.h"

#include <string.h>

#include "media/css_authentication.h"
#include "media/css_substitution.h"
#include "media/random.h"
#include "tests/host/sha256.h"
#include "tests/tap.h"

/* All keys of these tests are made up. */
static const struct css_key player_key = {
    {0xA0, 0xB1, 0xC2, 0xD3, 0xE4}
};
static const struct css_key disc_key = {
    {0x48, 0x9B, 0x77, 0xFA, 0x42}
};
static const struct css_key title_key = {
    {0x12, 0x34, 0x56, 0x78, 0x9A}
};
static const struct css_key title_key2 = {
    {0xC0, 0xFF, 0xEE, 0x42, 0x17}
};
static const struct css_key zero_key;

static void assert_key_eq(struct css_key key, uint8_t b0, uint8_t b1, uint8_t b2, uint8_t b3,
                          uint8_t b4)
{
    const uint8_t expected[] = {b0, b1, b2, b3, b4};
    ck_assert_mem_eq(key.byte, expected, CSS_KEY_SIZE);
}

START_TEST(substitution_is_a_permutation_with_its_inverse)
{
    for (unsigned x = 0; x < 256; x++)
        ck_assert_uint_eq(css_substitution_inverse[css_substitution[x]], x);
    ck_assert_uint_eq(css_substitution[0x00], 0x33);
    ck_assert_uint_eq(css_substitution[0x33], 0x00);
    ck_assert_uint_eq(css_substitution[0x01], 0x73);
    ck_assert_uint_eq(css_substitution[0xFF], 0xFF);
}
END_TEST

START_TEST(keys_encrypt_to_the_known_values)
{
    assert_key_eq(css_key_encrypt(CSS_KEY_USE_DISC, &disc_key, &disc_key), 0xD9, 0x1F, 0x26, 0xE2,
                  0xE6);
    assert_key_eq(css_key_encrypt(CSS_KEY_USE_DISC, &player_key, &disc_key), 0x06, 0x7E, 0xD9, 0xDF,
                  0xF8);
    assert_key_eq(css_key_encrypt(CSS_KEY_USE_TITLE, &disc_key, &title_key), 0x9F, 0x3C, 0x5B, 0x8D,
                  0x87);
    assert_key_eq(css_key_encrypt(CSS_KEY_USE_TITLE, &disc_key, &title_key2), 0x2A, 0x27, 0xC8,
                  0x17, 0x2E);
    assert_key_eq(css_key_encrypt(CSS_KEY_USE_TITLE, &disc_key, &zero_key), 0x25, 0x50, 0xFC, 0xF8,
                  0x46);
}
END_TEST

START_TEST(keys_decrypt_to_the_known_values)
{
    assert_key_eq(css_key_decrypt(CSS_KEY_USE_DISC, &zero_key, &zero_key), 0xF9, 0x20, 0x05, 0xCE,
                  0x7F);
    assert_key_eq(css_key_decrypt(CSS_KEY_USE_TITLE, &zero_key, &zero_key), 0x1B, 0x9F, 0xC2, 0x1A,
                  0x6F);
}
END_TEST

START_TEST(decryption_undoes_encryption)
{
    struct random random;
    random_init(&random, 2, "keys of a test");
    for (unsigned n = 0; n < 2000; n++) {
        struct css_key unlock, plain;
        random_fill(&random, unlock.byte, CSS_KEY_SIZE);
        random_fill(&random, plain.byte, CSS_KEY_SIZE);
        enum css_key_use use = n % 2 ? CSS_KEY_USE_DISC : CSS_KEY_USE_TITLE;
        struct css_key encrypted = css_key_encrypt(use, &unlock, &plain);
        struct css_key decrypted = css_key_decrypt(use, &unlock, &encrypted);
        ck_assert(css_key_equal(&decrypted, &plain));
    }
}
END_TEST

START_TEST(only_a_key_of_five_zero_bytes_is_zero)
{
    ck_assert(css_key_is_zero(&zero_key));
    for (unsigned i = 0; i < CSS_KEY_SIZE; i++) {
        struct css_key key = zero_key;
        key.byte[i] = 1;
        ck_assert(!css_key_is_zero(&key));
        ck_assert(!css_key_equal(&key, &zero_key));
    }
}
END_TEST

/* The player keys of the known block. */
static void make_player_keys(struct css_key keys[CSS_PLAYER_KEYS])
{
    for (unsigned j = 1; j <= CSS_PLAYER_KEYS; j++)
        keys[j - 1] = (struct css_key){
            {(uint8_t)j, (uint8_t)(j >> 8 ^ 0x5A), (uint8_t)(3 * j), (uint8_t)(5 * j),
             (uint8_t)(7 * j)}
        };
}

static void assert_sha256(const void *data, size_t size, const char *expected)
{
    char hex[SHA256_HEX_SIZE];
    sha256_hex(data, size, hex);
    ck_assert_str_eq(hex, expected);
}

START_TEST(block_has_the_known_bytes)
{
    struct css_key player_keys[CSS_PLAYER_KEYS];
    uint8_t block[CSS_DISC_KEY_BLOCK_SIZE];
    make_player_keys(player_keys);
    css_disc_key_block_build(block, &disc_key, player_keys);

    ck_assert_mem_eq(block, "\xD9\x1F\x26\xE2\xE6", 5);
    ck_assert_mem_eq(block + 5, "\xA8\xF5\xB6\x2F\x04", 5);
    ck_assert_mem_eq(block + 10, "\x03\xEE\x6A\x56\xB7", 5);
    ck_assert_mem_eq(block + 1280, "\xEE\xB1\xC9\xBD\x2B", 5);
    ck_assert_mem_eq(block + 2040, "\x03\x52\xE1\x6E\xE5", 5);
    ck_assert_mem_eq(block + 2045, "\0\0\0", 3);
    assert_sha256(block, sizeof block,
                  "acbe013ac6c97f05b9a2ddf87756c5c59dba0963b764b784ae0858a6b60e6712");

    static const struct css_key bus_key = {
        {0xFA, 0xBF, 0x13, 0x73, 0xF3}
    };
    css_bus_obfuscate(&bus_key, block, sizeof block);
    ck_assert_mem_eq(block, "\x2A\x6C\x35\x5D\x1C\x5B\x86\xA5\x90\xFE", 10);
    ck_assert_mem_eq(block + 2040, "\xF0\x21\xF2\xD1\x1F\xF3\x73\x13", 8);
    assert_sha256(block, sizeof block,
                  "39086e1575c2d064d52c7423662a2fe51d6f893e25f1f46a85e19d89e54b8c8b");
}
END_TEST

START_TEST(block_opens_with_each_player_key_and_no_other)
{
    struct css_key player_keys[CSS_PLAYER_KEYS];
    uint8_t block[CSS_DISC_KEY_BLOCK_SIZE];
    make_player_keys(player_keys);
    css_disc_key_block_build(block, &disc_key, player_keys);
    for (unsigned j = 0; j < CSS_PLAYER_KEYS; j++) {
        struct css_key opened = zero_key;
        ck_assert(css_disc_key_block_open(block, &player_keys[j], &opened));
        ck_assert(css_key_equal(&opened, &disc_key));
    }
    struct css_key untouched = title_key;
    ck_assert(!css_disc_key_block_open(block, &player_key, &untouched));
    ck_assert(css_key_equal(&untouched, &title_key));
}
END_TEST

static bool contains(const struct css_key *keys, int count, const struct css_key *key)
{
    for (int i = 0; i < count; i++)
        if (css_key_equal(&keys[i], key))
            return true;
    return false;
}

static const struct css_key ambiguous_key = {
    {0x3A, 0x5C, 0x7E, 0x91, 0xB2}
};

START_TEST(search_finds_the_known_rival)
{
    static const struct css_key known_rival = {
        {0x16, 0xB0, 0x3E, 0xC0, 0xDC}
    };
    struct css_key rivals[16];
    int count = css_disc_key_find_rivals(&ambiguous_key, rivals, 16);
    ck_assert(contains(rivals, count, &known_rival));
    ck_assert_int_eq(css_disc_key_is_unambiguous(&ambiguous_key), 0);
    ck_assert_int_eq(css_disc_key_find_rivals(&ambiguous_key, rivals, 1), 1);
}
END_TEST

/* The keys of one hash are each other's rivals, so the search finds every key that exists. */
START_TEST(rivals_are_mutual)
{
    struct random random;
    random_init(&random, 3, "disc keys of a test");
    for (unsigned n = 0; n < 3; n++) {
        struct css_key key, rivals[16], back[16];
        random_fill(&random, key.byte, CSS_KEY_SIZE);
        struct css_key hash = css_key_encrypt(CSS_KEY_USE_DISC, &key, &key);
        int count = css_disc_key_find_rivals(&key, rivals, 16);
        ck_assert(!contains(rivals, count, &key));
        for (int i = 0; i < count; i++) {
            struct css_key rival_hash = css_key_encrypt(CSS_KEY_USE_DISC, &rivals[i], &rivals[i]);
            ck_assert(css_key_equal(&rival_hash, &hash));
            ck_assert_int_eq(css_disc_key_find_rivals(&rivals[i], back, 16), count);
            ck_assert(contains(back, count, &key));
        }
        ck_assert_int_eq(css_disc_key_is_unambiguous(&key), count == 0);
    }
}
END_TEST

static Suite *css_key_suite(void)
{
    Suite *suite = suite_create("css_key");
    TCase *keys = tcase_create("keys");
    tcase_add_test(keys, substitution_is_a_permutation_with_its_inverse);
    tcase_add_test(keys, keys_encrypt_to_the_known_values);
    tcase_add_test(keys, keys_decrypt_to_the_known_values);
    tcase_add_test(keys, decryption_undoes_encryption);
    tcase_add_test(keys, only_a_key_of_five_zero_bytes_is_zero);
    suite_add_tcase(suite, keys);
    TCase *block = tcase_create("block");
    tcase_add_test(block, block_has_the_known_bytes);
    tcase_add_test(block, block_opens_with_each_player_key_and_no_other);
    suite_add_tcase(suite, block);
    TCase *rivals = tcase_create("rivals");
    tcase_add_test(rivals, search_finds_the_known_rival);
    tcase_add_test(rivals, rivals_are_mutual);
    suite_add_tcase(suite, rivals);
    return suite;
}

TAP_MAIN(css_key_suite)
