/* SPDX-License-Identifier: MIT */
#include "media/disc.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/made_disc.h"
#include "tests/host/sha256.h"
#include "tests/tap.h"

static void assert_key(const struct css_key *key, const char *hex)
{
    char text[11];
    for (unsigned i = 0; i < CSS_KEY_SIZE; i++)
        sprintf(text + (size_t)2 * i, "%02X", key->byte[i]);
    ck_assert_str_eq(text, hex);
}

/* The keys of seed 1 for all time: whoever has noted them must find them again. */
START_TEST(the_default_seed_gives_the_same_disc_everywhere)
{
    made.description.has_disc_key = false;
    struct disc *disc = made_disc_create();
    const struct disc_description *settled = disc_description(disc);
    assert_key(&settled->disc_key, "FCC2323B8A");
    assert_key(&settled->title_key[0], "21C41C168A");
    assert_key(&settled->title_key[1], "E3C2DC6F86");
    assert_key(&settled->title_key[99], "DD7BE10D1D");
    assert_key(&settled->player_key[0], "ABABB04A07");
    assert_key(&settled->player_key[407], "AAC4558524");
    char hex[SHA256_HEX_SIZE];
    sha256_hex(disc_key_block(disc), CSS_DISC_KEY_BLOCK_SIZE, hex);
    ck_assert_str_eq(hex, "c16d6d185ef0466f6142ce17f825b0ec432652729dfc758f213c533fccaf0807");
    uint8_t bytes[MADE_DISC_SIZE];
    ck_assert_uint_eq(made_disc_read(disc, 0, MADE_DISC_SECTORS, false, bytes).sectors,
                      MADE_DISC_SECTORS);
    sha256_hex(bytes, sizeof bytes, hex);
    ck_assert_str_eq(hex, "0125d231cbccbdd7585b11bfdbeaf6c817ea2b78047a83c22f0d61f2c245e795");
    ck_assert_int_eq(css_disc_key_is_unambiguous(&settled->disc_key), 1);
    disc_release(disc);
}
END_TEST

START_TEST(stated_keys_are_taken_and_others_drawn)
{
    static const struct css_key stated = {
        {0x12, 0x34, 0x56, 0x78, 0x9A}
    };
    made.description.has_title_key[2] = true;
    made.description.title_key[2] = stated;
    made.description.has_player_key[7] = true;
    made.description.player_key[7] = stated;
    struct disc *disc = made_disc_create();
    ck_assert_str_eq(made.faults.text, "");
    const struct disc_description *settled = disc_description(disc);
    ck_assert(css_key_equal(&settled->disc_key, &made_disc_key));
    ck_assert(css_key_equal(&settled->title_key[2], &stated));
    ck_assert(css_key_equal(&settled->player_key[7], &stated));
    for (unsigned i = 0; i < DISC_TITLE_SETS; i++) {
        ck_assert(settled->has_title_key[i]);
        ck_assert(!css_key_is_zero(&settled->title_key[i]));
        for (unsigned j = 0; j < i; j++)
            ck_assert(!css_key_equal(&settled->title_key[i], &settled->title_key[j]));
    }
    struct css_key opened;
    for (unsigned i = 0; i < CSS_PLAYER_KEYS; i++) {
        ck_assert(css_disc_key_block_open(disc_key_block(disc), &settled->player_key[i], &opened));
        ck_assert(css_key_equal(&opened, &made_disc_key));
    }
    disc_release(disc);
}
END_TEST

START_TEST(seeds_give_different_discs)
{
    uint8_t first[CSS_DISC_KEY_BLOCK_SIZE];
    struct disc *disc = made_disc_create();
    memcpy(first, disc_key_block(disc), sizeof first);
    disc_release(disc);
    made.description.seed = 2;
    disc = made_disc_create();
    ck_assert_mem_eq(disc_key_block(disc), first, CSS_KEY_SIZE); /* the stated disc key */
    ck_assert_mem_ne(disc_key_block(disc) + 5, first + 5, CSS_KEY_SIZE);
    disc_release(disc);
}
END_TEST

START_TEST(an_ambiguous_disc_key_is_taken_with_a_warning)
{
    made.description.disc_key = (struct css_key){
        {0x3A, 0x5C, 0x7E, 0x91, 0xB2}
    };
    struct disc *disc = made_disc_create();
    ck_assert_ptr_nonnull(strstr(made.faults.text, "warning: "));
    ck_assert_ptr_nonnull(strstr(made.faults.text, "another disc key has the same hash"));
    disc_release(disc);
}
END_TEST

START_TEST(a_title_key_without_use_gets_a_warning)
{
    made.description.has_title_key[1] = made.description.has_title_key[3] = true;
    made.description.title_key[1] = made.description.title_key[3] = made_disc_key;
    struct disc *disc = made_disc_create();
    char expected[256];
    snprintf(expected, sizeof expected, "warning: %s: title key 3 scrambles nothing\n", made.path);
    ck_assert_str_eq(made.faults.text, expected);
    disc_release(disc);
}
END_TEST

START_TEST(copyright_structure_has_protection_and_regions)
{
    struct disc *disc = made_disc_create();
    uint8_t copyright[4];
    disc_copyright_information(disc, copyright);
    ck_assert_mem_eq(copyright, "\x01\xFC\x00\x00", 4);
    ck_assert_uint_eq(disc_regions_forbidden(disc), 0xFC);
    disc_release(disc);
}
END_TEST

static Suite *disc_keys_suite(void)
{
    const TTest *const tests[] = {
        the_default_seed_gives_the_same_disc_everywhere,
        stated_keys_are_taken_and_others_drawn,
        seeds_give_different_discs,
        an_ambiguous_disc_key_is_taken_with_a_warning,
        a_title_key_without_use_gets_a_warning,
        copyright_structure_has_protection_and_regions,
        NULL,
    };
    Suite *suite = suite_create("disc_keys");
    TCase *css = tcase_create("css");
    tcase_add_checked_fixture(css, made_disc_set_up_css, made_disc_tear_down);
    for (unsigned i = 0; tests[i]; i++)
        tcase_add_test(css, tests[i]);
    suite_add_tcase(suite, css);
    return suite;
}

TAP_MAIN(disc_keys_suite)
