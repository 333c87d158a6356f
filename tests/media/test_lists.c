/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "media/extent_list.h"
#include "media/nearest_word.h"
#include "media/region_list.h"
#include "tests/tap.h"

START_TEST(regions_are_read_and_written)
{
    static const struct {
        const char *text;
        uint8_t forbidden;
        const char *written;
    } lists[] = {
        {"all",             0x00, "all"          },
        {"none",            0xFF, "none"         },
        {"1",               0xFE, "1"            },
        {"8",               0x7F, "8"            },
        {"2, 1",            0xFC, "1,2"          },
        {" 3 , 3 ",         0xFB, "3"            },
        {"1,2,3,4,5,6,7,8", 0x00, "all"          },
        {"1,2,3,4,5,6,7",   0x80, "1,2,3,4,5,6,7"},
    };
    char fault[80], written[REGION_LIST_SIZE];
    for (unsigned i = 0; i < sizeof lists / sizeof *lists; i++) {
        uint8_t forbidden = 0x55;
        ck_assert(region_list_parse(lists[i].text, &forbidden, fault, sizeof fault));
        ck_assert_uint_eq(forbidden, lists[i].forbidden);
        region_list_write(forbidden, written);
        ck_assert_str_eq(written, lists[i].written);
    }
    static const char *const wrong[] = {"",    "0",  "9",    "1,",  ",1",
                                        "1 2", "12", "1,,2", "ALL", "all,1"};
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint8_t forbidden = 0x55;
        ck_assert(!region_list_parse(wrong[i], &forbidden, fault, sizeof fault));
        ck_assert_uint_eq(forbidden, 0x55);
    }
}
END_TEST

START_TEST(extents_are_sorted_and_joined)
{
    struct disc_extents list = {0};
    char fault[80];
    ck_assert(
        extent_list_parse("30-39, 10-12, 13, 11 50,0x40-0x41", false, &list, fault, sizeof fault));
    static const struct disc_extent expected[] = {
        {10, 4,  0},
        {30, 10, 0},
        {50, 1,  0},
        {64, 2,  0}
    };
    ck_assert_uint_eq(list.count, 4);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_uint_eq(list.extent[i].first, expected[i].first);
        ck_assert_uint_eq(list.extent[i].count, expected[i].count);
    }
    ck_assert(extent_list_parse("20-29:2,10-19:1,30-30:2", true, &list, fault, sizeof fault));
    ck_assert_uint_eq(list.count, 2);
    ck_assert_uint_eq(list.extent[1].count, 11);
    ck_assert(!extent_list_parse("20-29:2,29-29:1", true, &list, fault, sizeof fault));
    ck_assert_str_eq(fault, "sector 29 has two title sets");
    ck_assert_uint_eq(list.count, 2);
    free(list.extent);
}
END_TEST

START_TEST(extents_are_found_by_sector)
{
    struct disc_extent extent[] = {
        {10,  5,  0},
        {15,  1,  1},
        {100, 50, 2}
    };
    struct disc_extents list = {extent, 3};
    for (uint32_t lba = 0; lba < 200; lba++) {
        const struct disc_extent *wanted = lba < 15    ? &extent[0]
                                           : lba < 16  ? &extent[1]
                                           : lba < 150 ? &extent[2]
                                                       : NULL;
        ck_assert_ptr_eq(extent_list_find(&list, lba), wanted);
    }
    list.count = 0;
    ck_assert_ptr_null(extent_list_find(&list, 10));
}
END_TEST

START_TEST(the_nearest_word_needs_the_fewest_changes)
{
    static const struct {
        const char *wanted, *nearest;
    } words[] = {
        {"layer",  "layers" },
        {"region", "regions"},
        {"typ",    "type"   },
        {"sede",   "seed"   },
        {"",       "type"   },
        {"layers", "layers" },
        {"SEED",   "type"   }
    };
    static const char *const known[] = {"type", "seed", "layers", "regions"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
        struct nearest_word nearest;
        nearest_word_init(&nearest, words[i].wanted);
        ck_assert_ptr_null(nearest.word);
        for (unsigned j = 0; j < 4; j++)
            nearest_word_consider(&nearest, known[j]);
        ck_assert_str_eq(nearest.word, words[i].nearest);
    }
}
END_TEST

static Suite *lists_suite(void)
{
    Suite *suite = suite_create("lists");
    TCase *tests = tcase_create("lists");
    tcase_add_test(tests, regions_are_read_and_written);
    tcase_add_test(tests, extents_are_sorted_and_joined);
    tcase_add_test(tests, extents_are_found_by_sector);
    tcase_add_test(tests, the_nearest_word_needs_the_fewest_changes);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(lists_suite)
