/* SPDX-License-Identifier: MIT */
#include "media/random.h"

#include <string.h>

#include "tests/tap.h"

/* The published first outputs of SplitMix64 for the seed 1234567. */
START_TEST(generator_is_splitmix64)
{
    struct random random = {.state = 1234567};
    ck_assert_uint_eq(random_next(&random), 6457827717110365317u);
    ck_assert_uint_eq(random_next(&random), 3203168211198807973u);
    ck_assert_uint_eq(random_next(&random), 9817491932198370423u);
    ck_assert_uint_eq(random_next(&random), 4593380528125082431u);
    ck_assert_uint_eq(random_next(&random), 16408922859458223821u);
}
END_TEST

START_TEST(seed_and_label_choose_the_stream)
{
    static const struct {
        uint64_t seed;
        const char *label;
    } streams[] = {
        {0,                 ""           },
        {1,                 ""           },
        {(uint64_t)1 << 63, ""           },
        {1,                 "a"          },
        {1,                 "disc-key"   },
        {1,                 "title-key 1"},
        {1,                 "title-key 2"},
        {2,                 "disc-key"   },
    };
    enum { STREAMS = sizeof streams / sizeof *streams };
    uint64_t first[STREAMS];
    for (unsigned i = 0; i < STREAMS; i++) {
        struct random random, again;
        random_init(&random, streams[i].seed, streams[i].label);
        random_init(&again, streams[i].seed, streams[i].label);
        first[i] = random_next(&random);
        ck_assert_uint_eq(random_next(&again), first[i]);
        for (unsigned j = 0; j < i; j++)
            ck_assert_uint_ne(first[i], first[j]);
    }
}
END_TEST

/* FNV-1a, step by step.  A change here would change every disc that states no keys. */
START_TEST(initial_state_never_changes)
{
    struct random random;
    random_init(&random, 0, "a");
    uint64_t hash = 0xCBF29CE484222325u;
    for (unsigned i = 0; i < 8; i++)
        hash *= 0x100000001B3u;
    hash = (hash ^ 'a') * 0x100000001B3u;
    ck_assert_uint_eq(random.state, hash);
}
END_TEST

START_TEST(fill_takes_all_bytes_low_first)
{
    struct random numbers, bytes;
    uint8_t filled[20];
    random_init(&numbers, 7, "fill");
    random_init(&bytes, 7, "fill");
    random_fill(&bytes, filled, sizeof filled);
    uint64_t number = 0;
    for (unsigned i = 0; i < sizeof filled; i++) {
        if (i % 8 == 0)
            number = random_next(&numbers);
        ck_assert_uint_eq(filled[i], number >> 8 * (i % 8) & 0xFF);
    }
    ck_assert_uint_eq(bytes.state, numbers.state);
}
END_TEST

static Suite *random_suite(void)
{
    Suite *suite = suite_create("random");
    TCase *tests = tcase_create("generator");
    tcase_add_test(tests, generator_is_splitmix64);
    tcase_add_test(tests, seed_and_label_choose_the_stream);
    tcase_add_test(tests, initial_state_never_changes);
    tcase_add_test(tests, fill_takes_all_bytes_low_first);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(random_suite)
