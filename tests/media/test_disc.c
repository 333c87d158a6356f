/* SPDX-License-Identifier: MIT */
#include "media/disc.h"

#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/made_disc.h"
#include "tests/tap.h"

static const struct {
    uint32_t sectors;
    unsigned layers, settled_layers;
    enum disc_track_path track_path;
    uint32_t layer_break, settled_break;
    bool disc_80mm;
    unsigned book_version;
    uint8_t physical[2][17]; /* by layer */
} shapes[] = {
  /* One layer, as small and as large as can be. */
    {1,
     0, 1,
     DISC_TRACK_PATH_OPPOSITE, 0,
     0,       false,
     1, {{0x01, 0x02, 0x01, 0x00, 0, 0x03, 0x00, 0x00, 0, 0x03, 0x00, 0x00, 0, 0, 0, 0, 0}}       },
    {2295104,
     0, 1,
     DISC_TRACK_PATH_OPPOSITE, 0,
     0,       false,
     1, {{0x01, 0x02, 0x01, 0x00, 0, 0x03, 0x00, 0x00, 0, 0x26, 0x05, 0x3F, 0, 0, 0, 0, 0}}       },
 /* A full DVD-R, whether it says so or not, and one sector more. */
    {2298496,
     0, 1,
     DISC_TRACK_PATH_OPPOSITE, 0,
     0,       false,
     1, {{0x01, 0x02, 0x01, 0x00, 0, 0x03, 0x00, 0x00, 0, 0x26, 0x12, 0x7F, 0, 0, 0, 0, 0}}       },
    {2298496,
     1, 1,
     DISC_TRACK_PATH_OPPOSITE, 0,
     0,       false,
     1, {{0x01, 0x02, 0x01, 0x00, 0, 0x03, 0x00, 0x00, 0, 0x26, 0x12, 0x7F, 0, 0, 0, 0, 0}}       },
    {2298497,
     0, 2,
     DISC_TRACK_PATH_OPPOSITE, 0,
     1149264, false,
     1, {{0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xE0, 0, 0x14, 0x89, 0x4F, 0},
      {0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xE0, 0, 0x14, 0x89, 0x4F, 0}}},
 /* One layer, 80 mm, another book version. */
    {700000,
     1, 1,
     DISC_TRACK_PATH_PARALLEL, 0,
     0,       true,
     5, {{0x05, 0x12, 0x01, 0x00, 0, 0x03, 0x00, 0x00, 0, 0x0D, 0xAE, 0x5F, 0, 0, 0, 0, 0}}       },
 /* Opposite track path: full, uneven, and by itself because the image is long. */
    {4173824,
     2, 2,
     DISC_TRACK_PATH_OPPOSITE, 2086912,
     2086912, false,
     1, {{0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0, 0x22, 0xD7, 0xFF, 0},
      {0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0, 0x22, 0xD7, 0xFF, 0}}},
    {3086912,
     2, 2,
     DISC_TRACK_PATH_OPPOSITE, 2086912,
     2086912, false,
     1, {{0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xEC, 0x6A, 0x3F, 0, 0x22, 0xD7, 0xFF, 0},
      {0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xEC, 0x6A, 0x3F, 0, 0x22, 0xD7, 0xFF, 0}}},
    {4173824,
     0, 2,
     DISC_TRACK_PATH_OPPOSITE, 0,
     2086912, false,
     1, {{0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0, 0x22, 0xD7, 0xFF, 0},
      {0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0, 0x22, 0xD7, 0xFF, 0}}},
 /* The default break of an odd image: 1001 sectors, half rounded up to 512. */
    {1001,
     2, 2,
     DISC_TRACK_PATH_OPPOSITE, 0,
     512,     false,
     1, {{0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xE8, 0, 0x03, 0x01, 0xFF, 0},
      {0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xE8, 0, 0x03, 0x01, 0xFF, 0}}},
 /* Parallel track path: each layer has its own end. */
    {3000000,
     2, 2,
     DISC_TRACK_PATH_PARALLEL, 1000000,
     1000000, false,
     1, {{0x01, 0x02, 0x21, 0x10, 0, 0x03, 0, 0, 0, 0x12, 0x42, 0x3F, 0, 0, 0, 0, 0},
      {0x01, 0x02, 0x21, 0x10, 0, 0x03, 0, 0, 0, 0x21, 0x84, 0x7F, 0, 0, 0, 0, 0}}         },
};

START_TEST(physical_format_follows_from_the_layers)
{
    ck_assert_int_eq(truncate(made.path, (off_t)shapes[_i].sectors * DVD_SECTOR_SIZE), 0);
    made.description.layers = shapes[_i].layers;
    made.description.track_path = shapes[_i].track_path;
    made.description.layer_break = shapes[_i].layer_break;
    made.description.disc_80mm = shapes[_i].disc_80mm;
    made.description.book_version = shapes[_i].book_version;
    struct disc *disc = made_disc_create();
    ck_assert_uint_eq(disc_sectors(disc), shapes[_i].sectors);
    ck_assert_uint_eq(disc_layers(disc), shapes[_i].settled_layers);
    ck_assert_uint_eq(disc_layer_break(disc), shapes[_i].settled_break);
    ck_assert_uint_eq(disc_description(disc)->layer_break, shapes[_i].settled_break);
    for (unsigned layer = 0; layer < disc_layers(disc); layer++) {
        uint8_t data[DISC_STRUCTURE_SIZE];
        static const uint8_t zeros[DISC_STRUCTURE_SIZE];
        memset(data, 0xEE, sizeof data);
        disc_physical_format(disc, layer, data);
        ck_assert_mem_eq(data, shapes[_i].physical[layer], 17);
        ck_assert_mem_eq(data + 17, zeros, sizeof data - 17);
    }
    disc_release(disc);
}
END_TEST

static const struct {
    uint32_t sectors;
    unsigned layers;
    enum disc_track_path track_path;
    uint32_t layer_break;
    const char *message;
} misshapen[] = {
    {2298497, 1, DISC_TRACK_PATH_OPPOSITE, 0,
     "@: 2298497 sectors do not fit on one layer of 2298496\n"                                },
    {700,     2, DISC_TRACK_PATH_OPPOSITE, 704,
     "@: layer break 704 leaves nothing of 700 sectors for layer 1\n"                         },
    {16,      2, DISC_TRACK_PATH_PARALLEL, 0,
     "@: layer break 16 leaves nothing of 16 sectors for layer 1\n"
     "warning: @: no file system, neither UDF nor ISO 9660, so hosts will not know what is on "
     "it\n"                                                                                   },
    {700,     2, DISC_TRACK_PATH_PARALLEL, 100, "@: layer break 100 is not a multiple of 16\n"},
    {700,     0, DISC_TRACK_PATH_OPPOSITE, 336,
     "@: layer break 336 makes layer 1 (364 sectors) longer than layer 0, which an opposite track "
     "path does not allow\n"                                                                  },
    {3000000, 2, DISC_TRACK_PATH_PARALLEL, 16,
     "@: layers of 16 and 2999984 sectors; accepted: at most 2086912 sectors a layer\n"       },
};

START_TEST(layers_that_cannot_be_are_refused)
{
    ck_assert_int_eq(truncate(made.path, (off_t)misshapen[_i].sectors * DVD_SECTOR_SIZE), 0);
    made.description.layers = misshapen[_i].layers;
    made.description.track_path = misshapen[_i].track_path;
    made.description.layer_break = misshapen[_i].layer_break;
    made_disc_assert_refused(misshapen[_i].message);
}
END_TEST

START_TEST(lead_in_has_what_the_description_says)
{
    uint8_t data[DISC_STRUCTURE_SIZE], bca[DISC_BCA_MAX];
    struct disc *disc = made_disc_create();
    disc_manufacturing_information(disc, data);
    ck_assert_mem_eq(data, made.description.manufacturing, sizeof data);
    ck_assert_uint_eq(data[0], 0);
    ck_assert_uint_eq(disc_burst_cutting_area(disc, bca), 0);
    disc_release(disc);

    for (unsigned i = 0; i < DISC_STRUCTURE_SIZE; i++)
        made.description.manufacturing[i] = (uint8_t)(i * 3);
    for (unsigned i = 0; i < DISC_BCA_MAX; i++)
        made.description.bca[i] = (uint8_t)(200 - i);
    made.description.bca_size = DISC_BCA_MAX;
    disc = made_disc_create();
    disc_manufacturing_information(disc, data);
    ck_assert_mem_eq(data, made.description.manufacturing, sizeof data);
    ck_assert_uint_eq(disc_burst_cutting_area(disc, bca), DISC_BCA_MAX);
    ck_assert_mem_eq(bca, made.description.bca, DISC_BCA_MAX);
    disc_physical_format(disc, 0, data);
    ck_assert_uint_eq(data[16], 0x80);
    disc_release(disc);
}
END_TEST

START_TEST(a_disc_without_protection_has_no_keys)
{
    made.description.regions_forbidden = 0xFC; /* means nothing here */
    struct disc *disc = made_disc_create();
    uint8_t copyright[4];
    ck_assert(!disc_is_css(disc));
    ck_assert_ptr_null(disc_key_block(disc));
    disc_copyright_information(disc, copyright);
    ck_assert_mem_eq(copyright, "\0\0\0\0", 4);
    ck_assert_uint_eq(disc_regions_forbidden(disc), 0);
    ck_assert_uint_eq(disc_scrambled_extents(disc)->count, 0);
    uint8_t bytes[MADE_DISC_SIZE];
    struct disc_read read = made_disc_read(disc, 0, MADE_DISC_SECTORS, true, bytes);
    ck_assert_int_eq((int)read.end, DISC_READ_COMPLETE);
    ck_assert_uint_eq(read.sectors, MADE_DISC_SECTORS);
    ck_assert_mem_eq(bytes, made.plain, sizeof bytes);
    ck_assert_uint_eq(disc_sector_header(disc, 356).copyright, 0);
    disc_release(disc);
}
END_TEST

START_TEST(an_unreadable_disc_has_no_sectors)
{
    free(made.description.image);
    made.description.image = NULL;
    made.description.medium = DISC_MEDIUM_UNREADABLE;
    struct disc *disc = made_disc_create();
    ck_assert_int_eq((int)disc_medium(disc), DISC_MEDIUM_UNREADABLE);
    ck_assert_uint_eq(disc_sectors(disc), 0);
    ck_assert(!disc_is_css(disc));
    ck_assert_ptr_null(disc_key_block(disc));
    disc_release(disc);
}
END_TEST

START_TEST(references_keep_a_disc)
{
    struct disc *disc = made_disc_create();
    uint8_t sector[DVD_SECTOR_SIZE];
    ck_assert_ptr_eq(disc_reference(disc), disc);
    disc_release(disc);
    struct disc_read read = made_disc_read(disc, 400, 1, false, sector);
    ck_assert_uint_eq(read.sectors, 1);
    ck_assert_str_eq(disc_description(disc)->image, made.path);
    disc_release(disc);
    disc_release(NULL);
}
END_TEST

START_TEST(a_missing_image_is_told)
{
    unlink(made.path);
    made_disc_assert_refused("@: No such file or directory\n");
    free(made.description.image);
    made.description.image = NULL;
    made_disc_assert_refused("a disc needs an image\n");
}
END_TEST

static Suite *disc_suite(void)
{
    Suite *suite = suite_create("disc");
    TCase *tests = tcase_create("disc");
    tcase_add_checked_fixture(tests, made_disc_set_up, made_disc_tear_down);
    tcase_add_loop_test(tests, physical_format_follows_from_the_layers, 0,
                        (int)(sizeof shapes / sizeof *shapes));
    tcase_add_loop_test(tests, layers_that_cannot_be_are_refused, 0,
                        (int)(sizeof misshapen / sizeof *misshapen));
    tcase_add_test(tests, lead_in_has_what_the_description_says);
    tcase_add_test(tests, a_disc_without_protection_has_no_keys);
    tcase_add_test(tests, an_unreadable_disc_has_no_sectors);
    tcase_add_test(tests, references_keep_a_disc);
    tcase_add_test(tests, a_missing_image_is_told);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(disc_suite)
