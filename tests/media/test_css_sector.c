/* SPDX-License-Identifier: MIT */
#include "media/css_sector.h"

#include <string.h>

#include "media/random.h"
#include "tests/host/sha256.h"
#include "tests/tap.h"

static const struct css_key title_key = {
    {0x12, 0x34, 0x56, 0x78, 0x9A}
};
static const struct css_key title_key2 = {
    {0xC0, 0xFF, 0xEE, 0x42, 0x17}
};
static const struct css_key zero_key;

static void assert_sha256(const uint8_t sector[DVD_SECTOR_SIZE], const char *expected)
{
    char hex[SHA256_HEX_SIZE];
    sha256_hex(sector, DVD_SECTOR_SIZE, hex);
    ck_assert_str_eq(hex, expected);
}

/* A video pack with patterned payload. */
static void make_sector_a(uint8_t sector[DVD_SECTOR_SIZE])
{
    static const uint8_t head[] = {0x00, 0x00, 0x01, 0xBA, 0x44, 0x00, 0x04, 0x00,
                                   0x04, 0x01, 0x01, 0x89, 0xC3, 0xF8, 0x00, 0x00,
                                   0x01, 0xE0, 0x07, 0xEC, 0x81, 0x00, 0x00};
    for (unsigned i = 0; i < DVD_SECTOR_SIZE; i++)
        sector[i] = (uint8_t)(37 * i + 11 * (i >> 8) + 5);
    memcpy(sector, head, sizeof head);
}

/* The same with 96 zero bytes across offset 80h, the seed among them. */
static void make_sector_b(uint8_t sector[DVD_SECTOR_SIZE])
{
    make_sector_a(sector);
    memset(sector + 0x40, 0, 0x60);
}

START_TEST(sector_a_scrambles_to_the_known_bytes)
{
    uint8_t sector[DVD_SECTOR_SIZE];
    make_sector_a(sector);
    assert_sha256(sector, "cf497841c58a771c8bbb8f56e2018058e0275c99a3690260a75277f6e257a2a9");
    css_sector_scramble(sector, &title_key);
    ck_assert_uint_eq(sector[0x14], 0x91);
    ck_assert_mem_eq(sector + 0x80,
                     "\x3D\x62\x2B\xB6\xAD\xE0\xC5\x62\xB2\x19\x70\x6E\x03\xD5\xDF\xB5", 16);
    ck_assert_mem_eq(sector + 0x7F0,
                     "\x56\x28\x98\xD4\xFA\x60\x67\x4D\xE5\x42\xD5\x7C\xCB\x83\xE9\x0E", 16);
    assert_sha256(sector, "3cce1361da7c836741e11132168874f30fa92d9eb98ba1b3a71fd4ee1cac2b7b");
}
END_TEST

START_TEST(sector_a_scrambles_under_another_key)
{
    uint8_t sector[DVD_SECTOR_SIZE];
    make_sector_a(sector);
    css_sector_scramble(sector, &title_key2);
    ck_assert_mem_eq(sector + 0x80,
                     "\x69\xD7\xD3\xAA\x27\xEB\xF7\xEB\xA6\x88\x2C\x41\x04\x8B\x00\x1E", 16);
    assert_sha256(sector, "b43fd9f9c7db3b6acdbb9b5d336433b3210a4bd2d721125096677e417ca84af0");
}
END_TEST

START_TEST(sector_b_scrambles_to_the_known_bytes)
{
    uint8_t sector[DVD_SECTOR_SIZE];
    make_sector_b(sector);
    assert_sha256(sector, "97b61b95e9211d7372daf4388c3d93c17cb7ee3e280c74c622c6f710a629ef52");
    css_sector_scramble(sector, &title_key);
    ck_assert_mem_eq(sector + 0x80,
                     "\xF1\x7E\xA2\x1F\x70\xCD\x0D\x95\xE2\x49\x18\x50\x6D\x0B\x13\x13", 16);
    assert_sha256(sector, "698ab8addb5c61f1886841b99d0e215a136ad0a673bb4825812225ac628d1af3");
}
END_TEST

START_TEST(sector_c_shows_generator_and_substitution)
{
    uint8_t sector[DVD_SECTOR_SIZE] = {0};
    sector[0x14] = 0x90;
    css_sector_scramble(sector, &zero_key);
    ck_assert_mem_eq(sector + 0x80,
                     "\xFF\xB8\x10\x60\x18\x29\x14\x4C\xD8\x37\x34\x17\x63\x02\xE2\xF0", 16);
    assert_sha256(sector, "52bc4ad30bf43d07d8719488d30b81123cf765f8547957432eadae862a7bff21");
}
END_TEST

START_TEST(unscrambling_undoes_scrambling)
{
    struct random random;
    random_init(&random, 4, "sectors of a test");
    for (unsigned n = 0; n < 500; n++) {
        uint8_t plain[DVD_SECTOR_SIZE], sector[DVD_SECTOR_SIZE];
        struct css_key key;
        random_fill(&random, plain, sizeof plain);
        random_fill(&random, key.byte, sizeof key.byte);
        plain[0x14] &= 0xCF;
        memcpy(sector, plain, sizeof sector);
        css_sector_scramble(sector, &key);
        ck_assert_uint_eq(sector[0x14], plain[0x14] | 0x10);
        ck_assert_mem_eq(sector, plain, 0x14);
        ck_assert_mem_eq(sector + 0x15, plain + 0x15, 0x80 - 0x15);
        ck_assert_mem_ne(sector + 0x80, plain + 0x80, DVD_SECTOR_SIZE - 0x80);
        css_sector_unscramble(sector, &key);
        ck_assert_mem_eq(sector, plain, sizeof sector);
    }
}
END_TEST

/* Changes of sector A, and what they make of it. */
static const struct {
    const char *what;
    unsigned offset;
    uint8_t value;
    bool content;   /* as it is */
    bool scrambled; /* with bit 4 of byte 14h set */
} variations[] = {
    {"as it is",                        0x11, 0xE0, true,  true },
    {"last video stream",               0x11, 0xEF, true,  true },
    {"beyond the video streams",        0x11, 0xF0, false, true },
    {"first audio stream",              0x11, 0xC0, true,  true },
    {"last audio stream",               0x11, 0xDF, true,  true },
    {"private stream 1",                0x11, 0xBD, true,  true },
    {"program stream map",              0x11, 0xBC, false, true },
    {"navigation pack",                 0x11, 0xBB, false, false},
    {"padding",                         0x11, 0xBE, false, false},
    {"private stream 2",                0x11, 0xBF, false, false},
    {"pack stuffing",                   0x0D, 0xF9, false, true },
    {"MPEG-1 packet header",            0x14, 0x0F, false, true },
    {"no packet start code",            0x10, 0x02, false, true },
    {"no packet start code, high byte", 0x0E, 0x01, false, true },
    {"no pack",                         0x03, 0xBB, false, false},
    {"no start code",                   0x02, 0x00, false, false},
};

START_TEST(predicates_tell_what_a_sector_is)
{
    uint8_t sector[DVD_SECTOR_SIZE];
    make_sector_a(sector);
    sector[variations[_i].offset] = variations[_i].value;
    const char *what = variations[_i].what;
    ck_assert_msg(!css_sector_is_scrambled(sector), "%s, clear", what);
    ck_assert_msg(css_sector_has_content(sector) == variations[_i].content, "%s, content", what);
    for (unsigned control = 0x10; control <= 0x30; control += 0x10) {
        sector[0x14] = (uint8_t)((sector[0x14] & 0xCF) | control);
        ck_assert_msg(css_sector_is_scrambled(sector) == variations[_i].scrambled, "%s, control %x",
                      what, control);
        ck_assert_msg(!css_sector_has_content(sector), "%s, scrambled already", what);
    }
}
END_TEST

static Suite *css_sector_suite(void)
{
    Suite *suite = suite_create("css_sector");
    TCase *tests = tcase_create("sector");
    tcase_add_test(tests, sector_a_scrambles_to_the_known_bytes);
    tcase_add_test(tests, sector_a_scrambles_under_another_key);
    tcase_add_test(tests, sector_b_scrambles_to_the_known_bytes);
    tcase_add_test(tests, sector_c_shows_generator_and_substitution);
    tcase_add_test(tests, unscrambling_undoes_scrambling);
    tcase_add_loop_test(tests, predicates_tell_what_a_sector_is, 0,
                        (int)(sizeof variations / sizeof *variations));
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(css_sector_suite)
