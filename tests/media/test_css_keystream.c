/* SPDX-License-Identifier: MIT */
#include "media/css_keystream.h"

#include <string.h>

#include "tests/tap.h"

static const struct {
    struct css_key key;
    enum css_keystream_use use;
    uint8_t stream[16];
} vectors[] = {
    {{{0x12, 0x34, 0x56, 0x78, 0x9A}},
     CSS_KEYSTREAM_DISC_KEY,       {0xB4, 0x22, 0x87, 0xB0, 0x0E, 0x40, 0x22, 0xCD, 0x87, 0x15, 0xC7, 0xBB, 0x38, 0xFA, 0xD7,
      0x89}      },
    {{{0x12, 0x34, 0x56, 0x78, 0x9A}},
     CSS_KEYSTREAM_TITLE_KEY,      {0x07, 0xBD, 0xC0, 0x64, 0x28, 0x73, 0xD1, 0x5C, 0xCE, 0x83, 0x21, 0x22, 0x77, 0xD4, 0xF9,
      0xF9}     },
    {{{0x12, 0x34, 0x56, 0x78, 0x9A}},
     CSS_KEYSTREAM_SECTOR,         {0xF7, 0x42, 0x3F, 0x9B, 0xD7, 0x8C, 0x2E, 0xA3, 0x31, 0x7C, 0xDE, 0xDD, 0x88, 0x2B, 0x06,
      0x06}        },
    {{{0x12, 0x34, 0x56, 0x78, 0x9A}},
     CSS_KEYSTREAM_AUTHENTICATION, {0x4A, 0xDD, 0x78, 0x4F, 0xF1, 0xBF, 0xDD, 0x32, 0x78, 0xEA, 0x38, 0x44, 0xC7, 0x05, 0x28,
      0x76}},
    {{{0x00, 0x00, 0x00, 0x00, 0x00}},
     CSS_KEYSTREAM_DISC_KEY,       {0x00, 0x4B, 0xF8, 0xA6, 0xB1, 0x97, 0x10, 0x34, 0x39, 0x7D, 0xD8, 0xD2, 0x7C, 0x4A, 0x69,
      0xB3}      },
    {{{0x00, 0x00, 0x00, 0x00, 0x00}},
     CSS_KEYSTREAM_SECTOR,         {0xFF, 0xB8, 0xD3, 0x59, 0xDE, 0x1A, 0x43, 0x6C, 0xBC, 0x90, 0x49, 0x96, 0x80, 0x3B, 0x31,
      0xB7}        },
};

START_TEST(stream_has_the_known_bytes)
{
    uint8_t stream[16];
    css_keystream(vectors[_i].use, &vectors[_i].key, stream, sizeof stream);
    ck_assert_mem_eq(stream, vectors[_i].stream, sizeof stream);
}
END_TEST

START_TEST(stream_does_not_depend_on_how_much_is_asked)
{
    for (size_t size = 0; size <= sizeof vectors[0].stream; size++) {
        uint8_t stream[17];
        memset(stream, 0xA5, sizeof stream);
        css_keystream(vectors[0].use, &vectors[0].key, stream, size);
        ck_assert_mem_eq(stream, vectors[0].stream, size);
        ck_assert_uint_eq(stream[size], 0xA5);
    }
}
END_TEST

START_TEST(registers_have_the_known_bytes)
{
    static const struct css_key key = {
        {0x12, 0x34, 0x56, 0x78, 0x9A}
    };
    ck_assert_uint_eq(css_keystream_register17(&key), 0x9B8AA3EFDEu);
    ck_assert_uint_eq(css_keystream_register25(&key), 0x7325E332D6u);
}
END_TEST

/* The fast form against the plain one, over keys that have every bit set and clear. */
START_TEST(sector_stream_equals_the_plain_one)
{
    for (unsigned n = 0; n < 500; n++) {
        struct css_key key;
        for (unsigned i = 0; i < CSS_KEY_SIZE; i++)
            key.byte[i] = (uint8_t)(n * (2 * i + 1) * 37 + (n >> 3) * (i + 5));
        uint8_t plain[CSS_KEYSTREAM_SECTOR_SIZE], fast[CSS_KEYSTREAM_SECTOR_SIZE];
        uint64_t words[CSS_KEYSTREAM_SECTOR_SIZE / 8];
        css_keystream(CSS_KEYSTREAM_SECTOR, &key, plain, sizeof plain);
        css_keystream_sector(&key, words);
        for (size_t i = 0; i < sizeof fast; i++)
            fast[i] = (uint8_t)(words[i / 8] >> 8 * (i % 8));
        ck_assert_mem_eq(fast, plain, sizeof plain);
    }
}
END_TEST

static Suite *css_keystream_suite(void)
{
    Suite *suite = suite_create("css_keystream");
    TCase *tests = tcase_create("stream");
    tcase_add_loop_test(tests, stream_has_the_known_bytes, 0,
                        (int)(sizeof vectors / sizeof *vectors));
    tcase_add_test(tests, stream_does_not_depend_on_how_much_is_asked);
    tcase_add_test(tests, registers_have_the_known_bytes);
    tcase_add_test(tests, sector_stream_equals_the_plain_one);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(css_keystream_suite)
