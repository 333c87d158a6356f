/* SPDX-License-Identifier: MIT */
#include "media/dvd_video.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/dvd_image.h"
#include "tests/tap.h"

enum { SECTORS = 600 };

static const struct dvd_image_file files[] = {
    {"VIDEO_TS.IFO", {{300, 2}}},
    {"VTS_02_1.VOB",              {{500, 20}}},
    {"VIDEO_TS.VOB",{{310, 5}}},
    {"vts_01_0.vob", {{320, 7}}},
    {"VTS_01_1.VOB",              {{330, 40}, {370, 10}, {400, 1}, {402, 3}}},
    {"VTS_00_1.VOB",    {{550, 1}}},
    {"VTS_01_1.VOX", {{551, 1}}},
    {.name = NULL             },
};

static const struct dvd_video_extent expected[] = {
    {"VIDEO_TS.VOB", {310, 5, 0} },
    {"VTS_01_0.VOB", {320, 7, 1} },
    {"VTS_01_1.VOB", {330, 50, 1}},
    {"VTS_01_1.VOB", {400, 1, 1} },
    {"VTS_01_1.VOB", {402, 3, 1} },
    {"VTS_02_1.VOB", {500, 20, 2}},
};

/* Looks for VOBs in an image of these bytes. */
static struct dvd_video_extents find(const uint8_t *bytes, uint32_t sectors)
{
    char *path = dvd_image_save(bytes, (size_t)sectors * DVD_SECTOR_SIZE);
    struct image image;
    struct dvd_video_extents found;
    ck_assert(image_open(&image, path, NULL));
    ck_assert(dvd_video_find(&image, &found));
    image_close(&image);
    unlink(path);
    free(path);
    return found;
}

static void assert_extents(const struct dvd_video_extents *found,
                           const struct dvd_video_extent *wanted, size_t count)
{
    ck_assert_uint_eq(found->count, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(found->extent[i].file, wanted[i].file);
        ck_assert_uint_eq(found->extent[i].extent.first, wanted[i].extent.first);
        ck_assert_uint_eq(found->extent[i].extent.count, wanted[i].extent.count);
        ck_assert_uint_eq(found->extent[i].extent.title_set, wanted[i].extent.title_set);
    }
}

START_TEST(finds_every_part_of_every_vob)
{
    static const char *const folders[] = {"VIDEO_TS", "video_ts", "Video_TS"};
    uint8_t *image = dvd_image_build(SECTORS, folders[_i], files);
    struct dvd_video_extents found = find(image, SECTORS);
    assert_extents(&found, expected, sizeof expected / sizeof *expected);
    dvd_video_release(&found);
    ck_assert_ptr_null(found.extent);
    ck_assert_uint_eq(found.count, 0);
    free(image);
}
END_TEST

/* Parts of every length, so that every way through the search for the end is taken. */
START_TEST(finds_the_end_of_parts_of_any_length)
{
    for (uint32_t length = 1; length <= 70; length++) {
        struct dvd_image_file file[] = {
            {"VTS_07_3.VOB", {{300, length}, {400, 3}, {450, length}}},
            {.name = NULL             }
        };
        uint8_t *image = dvd_image_build(SECTORS, "VIDEO_TS", file);
        struct dvd_video_extents found = find(image, SECTORS);
        struct dvd_video_extent wanted[] = {
            {"VTS_07_3.VOB", {300, length, 7}},
            {"VTS_07_3.VOB", {400, 3, 7}     },
            {"VTS_07_3.VOB", {450, length, 7}}
        };
        assert_extents(&found, wanted, 3);
        dvd_video_release(&found);
        free(image);
    }
}
END_TEST

START_TEST(extents_are_cut_at_the_end_of_the_image)
{
    uint8_t *image = dvd_image_build(SECTORS, "VIDEO_TS", files);
    struct dvd_video_extents found = find(image, 345);
    struct dvd_video_extent wanted[] = {
        expected[0], expected[1], {"VTS_01_1.VOB", {330, 15, 1}}
    };
    assert_extents(&found, wanted, 3);
    dvd_video_release(&found);
    free(image);
}
END_TEST

START_TEST(other_images_have_none)
{
    uint8_t *image = dvd_image_build(SECTORS, "AUDIO_TS", files);
    struct dvd_video_extents found = find(image, SECTORS);
    ck_assert_uint_eq(found.count, 0);
    memset(image, 0, (size_t)SECTORS * DVD_SECTOR_SIZE);
    found = find(image, SECTORS);
    ck_assert_uint_eq(found.count, 0);
    found = find(image, 1);
    ck_assert_uint_eq(found.count, 0);
    free(image);
}
END_TEST

static long sector(long lba)
{
    return lba * DVD_SECTOR_SIZE;
}

/* Every byte of the file system, changed in two ways: whatever is found lies inside the image. */
START_TEST(damaged_file_systems_do_no_harm)
{
    uint8_t *bytes = dvd_image_build(SECTORS, "VIDEO_TS", files);
    char *path = dvd_image_save(bytes, (size_t)SECTORS * DVD_SECTOR_SIZE);
    free(bytes);
    /* libudfread says on standard error what it thinks of each. */
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
    struct image image;
    ck_assert(image_open(&image, path, NULL));
    FILE *file = fopen(path, "r+");
    ck_assert_ptr_nonnull(file);
    setvbuf(file, NULL, _IONBF, 0);
    for (long offset = sector(32); offset < sector(270); offset++) {
        bool between = offset >= sector(36) && offset < sector(256);
        if (between || offset % DVD_SECTOR_SIZE >= 460)
            continue;
        fseek(file, offset, SEEK_SET);
        int byte = fgetc(file);
        static const int changes[] = {0xFF, 0x01};
        for (unsigned i = 0; i < 2; i++) {
            fseek(file, offset, SEEK_SET);
            fputc(byte ^ changes[i], file);
            struct dvd_video_extents found;
            ck_assert(dvd_video_find(&image, &found));
            for (size_t j = 0; j < found.count; j++) {
                const struct disc_extent *extent = &found.extent[j].extent;
                ck_assert_uint_lt(extent->first, SECTORS);
                ck_assert_uint_le(extent->count, SECTORS - extent->first);
            }
            dvd_video_release(&found);
        }
        fseek(file, offset, SEEK_SET);
        fputc(byte, file);
    }
    fclose(file);
    image_close(&image);
    unlink(path);
    free(path);
}
END_TEST

START_TEST(names_tell_the_title_set)
{
    ck_assert_int_eq(dvd_video_title_set("VIDEO_TS.VOB"), 0);
    ck_assert_int_eq(dvd_video_title_set("video_ts.vob"), 0);
    ck_assert_int_eq(dvd_video_title_set("VTS_01_0.VOB"), 1);
    ck_assert_int_eq(dvd_video_title_set("vts_99_9.vob"), 99);
    static const char *const others[] = {"",
                                         "VIDEO_TS.IFO",
                                         "VIDEO_TS.VOBX",
                                         "VTS_00_1.VOB",
                                         "VTS_1_1.VOB",
                                         "VTS_01_1.IFO",
                                         "VTS_01-1.VOB",
                                         "VTS_01_A.VOB",
                                         "VTS_A1_1.VOB",
                                         "XVTS_01_1.VOB",
                                         "VTS_01_10.VOB"};
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_int_eq(dvd_video_title_set(others[i]), -1);
}
END_TEST

static Suite *dvd_video_suite(void)
{
    Suite *suite = suite_create("dvd_video");
    TCase *tests = tcase_create("extents");
    tcase_add_loop_test(tests, finds_every_part_of_every_vob, 0, 3);
    tcase_add_test(tests, finds_the_end_of_parts_of_any_length);
    tcase_add_test(tests, extents_are_cut_at_the_end_of_the_image);
    tcase_add_test(tests, other_images_have_none);
    tcase_add_test(tests, damaged_file_systems_do_no_harm);
    tcase_add_test(tests, names_tell_the_title_set);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(dvd_video_suite)
