/* SPDX-License-Identifier: MIT */
#include "media/dvd_video.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/dvd_image.h"
#include "tests/support/iso9660_image.h"
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

/* The bytes of an image, and how often it was read. */
struct bytes {
    const uint8_t *bytes;
    uint32_t sectors;
    unsigned reads;
};

static bool read_bytes(void *context, uint32_t lba, uint8_t sector[DVD_SECTOR_SIZE])
{
    struct bytes *bytes = context;
    bytes->reads++;
    ck_assert_uint_lt(lba, bytes->sectors);
    memcpy(sector, bytes->bytes + (size_t)lba * DVD_SECTOR_SIZE, DVD_SECTOR_SIZE);
    return true;
}

/* Looks for VOBs in an image of these bytes.  Returns which limit was reached. */
static const char *examine(const uint8_t *bytes, uint32_t sectors, struct dvd_video *found)
{
    struct bytes image = {bytes, sectors, 0};
    struct examination examination = {read_bytes, &image, .sectors = sectors};
    ck_assert(dvd_video_find(&examination, found));
    ck_assert_uint_eq(image.reads, examination.reads);
    ck_assert_uint_le(image.reads, EXAMINATION_READS_MAX);
    ck_assert_uint_le(examination.entries, EXAMINATION_ENTRIES_MAX);
    return examination.given_up;
}

static struct dvd_video find(const uint8_t *bytes, uint32_t sectors)
{
    struct dvd_video found;
    ck_assert_ptr_null(examine(bytes, sectors, &found));
    return found;
}

/* The same files in each file system. */
typedef uint8_t *build_image(uint32_t sectors, const char *folder,
                             const struct dvd_image_file *files);
static build_image *const builders[] = {dvd_image_build, iso9660_image_build};

static void assert_extents(const struct dvd_video *found, const struct dvd_video_extent *wanted,
                           size_t count)
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
    uint8_t *image = builders[_i % 2](SECTORS, folders[_i / 2], files);
    struct dvd_video found = find(image, SECTORS);
    assert_extents(&found, expected, sizeof expected / sizeof *expected);
    ck_assert(found.has_file_system && found.has_root && found.has_folder);
    ck_assert_uint_eq(found.sectors, SECTORS);
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
        uint8_t *image = builders[_i](SECTORS, "VIDEO_TS", file);
        struct dvd_video found = find(image, SECTORS);
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
    uint8_t *image = builders[_i](SECTORS, "VIDEO_TS", files);
    struct dvd_video found = find(image, 345);
    struct dvd_video_extent wanted[] = {
        expected[0], expected[1], {"VTS_01_1.VOB", {330, 15, 1}}
    };
    assert_extents(&found, wanted, 3);
    dvd_video_release(&found);
    free(image);
}
END_TEST

START_TEST(an_image_without_vobs_lacks_something)
{
    static const struct dvd_image_file other[] = {
        {"VIDEO_TS.IFO", {{300, 2}}},
        {.name = NULL             },
    };
    uint8_t *image = builders[_i](SECTORS, "AUDIO_TS", files);
    struct dvd_video found = find(image, SECTORS);
    ck_assert_uint_eq(found.count, 0);
    ck_assert_str_eq(dvd_video_lack(&found), "no folder VIDEO_TS");
    free(image);
    image = builders[_i](SECTORS, "VIDEO_TS", other);
    found = find(image, SECTORS);
    ck_assert_uint_eq(found.count, 0);
    ck_assert_str_eq(dvd_video_lack(&found), "no VOB in VIDEO_TS");
    /* The descriptors behind the recognition: the block size, the anchor. */
    memset(image + (size_t)16 * DVD_SECTOR_SIZE + 128, 0, 4);
    memset(image + (size_t)DVD_IMAGE_ANCHOR * DVD_SECTOR_SIZE, 0, DVD_SECTOR_SIZE);
    found = find(image, SECTORS);
    ck_assert_str_eq(dvd_video_lack(&found), "no file system that can be read");
    memset(image, 0, (size_t)SECTORS * DVD_SECTOR_SIZE);
    found = find(image, SECTORS);
    ck_assert_uint_eq(found.count, 0);
    ck_assert_str_eq(dvd_video_lack(&found), "no file system, neither UDF nor ISO 9660");
    found = find(image, 1);
    ck_assert_uint_eq(found.count, 0);
    free(image);
}
END_TEST

static long sector(long lba)
{
    return lba * DVD_SECTOR_SIZE;
}

/* Both file systems in one image, as DVDs have them: ISO 9660 counts where UDF has no VOB. */
START_TEST(udf_goes_before_iso_9660)
{
    static const struct dvd_image_file other[] = {
        {"VTS_09_1.VOB", {{580, 5}}},
        {.name = NULL             },
    };
    static const struct dvd_video_extent only[] = {
        {"VTS_09_1.VOB", {580, 5, 9}}
    };
    uint8_t *udf = dvd_image_build(SECTORS, "VIDEO_TS", files);
    uint8_t *image = iso9660_image_build(SECTORS, "VIDEO_TS", other);
    uint8_t *volume = image + sector(17);
    volume[0] = 2; /* descriptors of another kind come before that of UDF */
    memcpy(image + sector(20 + 2), udf + sector(17), DVD_SECTOR_SIZE);
    memcpy(image + sector(DVD_IMAGE_VOLUME), udf + sector(DVD_IMAGE_VOLUME),
           (size_t)sector(SECTORS - DVD_IMAGE_VOLUME));
    struct dvd_video found = find(image, SECTORS);
    assert_extents(&found, expected, sizeof expected / sizeof *expected);
    dvd_video_release(&found);
    memset(image + sector(DVD_IMAGE_ANCHOR), 0, DVD_SECTOR_SIZE);
    found = find(image, SECTORS);
    assert_extents(&found, only, 1);
    dvd_video_release(&found);
    free(image);
    free(udf);
}
END_TEST

static void put32(uint8_t *to, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

/* A second map, to which the file set and the root belong. */
static uint8_t *build_with_map(const char *name)
{
    uint8_t *image = dvd_image_build(SECTORS, "VIDEO_TS", files);
    uint8_t *logical = image + sector(DVD_IMAGE_VOLUME + 1), *map = logical + 446;
    put32(logical + 264, 6 + 64);
    put32(logical + 268, 2);
    logical[256] = 1;
    image[sector(DVD_IMAGE_PARTITION) + 408] = 1;
    map[0] = 2;
    map[1] = 64;
    for (size_t i = 0; name[i]; i++)
        map[5 + i] = (uint8_t)name[i];
    put32(map + 40, DVD_IMAGE_FREE - DVD_IMAGE_PARTITION);
    put32(map + 44, DVD_IMAGE_FREE - DVD_IMAGE_PARTITION);
    return image;
}

START_TEST(partitions_may_be_sparable)
{
    uint8_t *image = build_with_map("*UDF Sparable Partition");
    struct dvd_video found = find(image, SECTORS);
    assert_extents(&found, expected, sizeof expected / sizeof *expected);
    dvd_video_release(&found);
    free(image);
    image = build_with_map("*UDF Virtual Partition");
    found = find(image, SECTORS);
    ck_assert_str_eq(dvd_video_lack(&found), "no file system that can be read");
    free(image);
}
END_TEST

/* UDF 2.50: blocks 0 and 1 of the metadata file lie elsewhere than blocks 2 to 24. */
START_TEST(partitions_may_be_of_metadata)
{
    enum { MOVED = 5, ENTRY_SIZE = 216 };
    uint8_t *image = build_with_map("*UDF Metadata Partition");
    uint8_t *partition = image + sector(DVD_IMAGE_PARTITION);
    uint8_t *entry = image + sector(DVD_IMAGE_FREE);
    memcpy(partition + sector(DVD_IMAGE_FREE - DVD_IMAGE_PARTITION + MOVED), partition,
           2 * DVD_SECTOR_SIZE);
    memset(partition, 0, 2 * DVD_SECTOR_SIZE);
    entry[20] = 4;
    entry[27] = 250;
    put32(entry + 56, 25 * DVD_SECTOR_SIZE);
    put32(entry + 212, 16);
    put32(entry + ENTRY_SIZE, 2 * DVD_SECTOR_SIZE);
    put32(entry + ENTRY_SIZE + 4, DVD_IMAGE_FREE - DVD_IMAGE_PARTITION + MOVED);
    put32(entry + ENTRY_SIZE + 8, 23 * DVD_SECTOR_SIZE);
    put32(entry + ENTRY_SIZE + 12, 2);
    dvd_image_put_tag(entry, 266, DVD_IMAGE_FREE - DVD_IMAGE_PARTITION);
    struct dvd_video found = find(image, SECTORS);
    assert_extents(&found, expected, sizeof expected / sizeof *expected);
    dvd_video_release(&found);
    free(image);
}
END_TEST

/* The largest DVD-Video there can be is found whole. */
START_TEST(a_full_video_ts_is_within_the_limits)
{
    enum { VOBS = 1 + 99 * 10 };
    static struct dvd_image_file many[VOBS + 1];
    static char names[VOBS][DVD_VIDEO_NAME_SIZE];
    for (unsigned i = 0; i < VOBS; i++) {
        snprintf(names[i], sizeof names[i], i == 0 ? "VIDEO_TS.VOB" : "VTS_%02u_%u.VOB",
                 (i - 1) / 10 % 99 + 1, (i - 1) % 10);
        many[i] = (struct dvd_image_file){
            names[i], {{2000 + 4 * i, 1}, {2002 + 4 * i, 1}}
        };
    }
    uint8_t *image = builders[_i](2000 + 4 * VOBS, "VIDEO_TS", many);
    struct dvd_video found = find(image, 2000 + 4 * VOBS);
    ck_assert_uint_eq(found.count, 2 * VOBS);
    dvd_video_release(&found);
    free(image);
}
END_TEST

/* Descriptors of a file that go on in themselves. */
static void loop_with_parts(uint8_t *image)
{
    dvd_image_close_loop(image, 1, false);
}

static void loop_without_parts(uint8_t *image)
{
    dvd_image_close_loop(image, 1, true);
}

/* Volume descriptors that go on where they began, and never come to all that is needed. */
static void loop_of_the_volume(uint8_t *image)
{
    uint8_t *pointer = image + sector(DVD_IMAGE_VOLUME + 2);
    put32(pointer + 20, 4 * DVD_SECTOR_SIZE);
    put32(pointer + 24, DVD_IMAGE_VOLUME);
    dvd_image_put_tag(pointer, 3, DVD_IMAGE_VOLUME + 2);
}

static const struct {
    void (*damage)(uint8_t *image);
    const char *given_up;
} endless[] = {
    {loop_with_parts,    "it takes more than 8192 reads"},
    {loop_without_parts, "it takes more than 8192 reads"},
    {loop_of_the_volume, "it takes more than 8192 reads"},
};

START_TEST(what_never_ends_is_given_up)
{
    uint8_t *image = dvd_image_build(SECTORS, "VIDEO_TS", files);
    endless[_i].damage(image);
    struct dvd_video found;
    const char *given_up = examine(image, SECTORS, &found);
    ck_assert_ptr_nonnull(given_up);
    ck_assert_str_eq(given_up, endless[_i].given_up);
    dvd_video_release(&found);
    free(image);
}
END_TEST

/* As many file set descriptors as there can be, up to the last block there is and beyond. */
START_TEST(file_sets_end)
{
    uint8_t *image = dvd_image_build(SECTORS, "VIDEO_TS", files);
    static const uint32_t places[] = {0, UINT32_MAX - 3, UINT32_MAX};
    for (unsigned i = 0; i < 3; i++)
        for (unsigned map = 0; map < 2; map++) {
            uint8_t *logical = image + sector(DVD_IMAGE_VOLUME + 1);
            put32(logical + 248, 0x3FFFFFFF);
            put32(logical + 252, places[i]);
            put32(logical + 256, map); /* the second does not exist */
            struct dvd_video found = find(image, SECTORS);
            ck_assert_uint_eq(found.count == 0, places[i] != 0 || map != 0);
            dvd_video_release(&found);
        }
    free(image);
}
END_TEST

/* A folder whose entries are the folder itself, and one that has no end. */
START_TEST(folders_of_iso_9660_end)
{
    uint8_t *image = iso9660_image_build(SECTORS, "VIDEO_TS", files);
    uint8_t *root = image + sector(ISO9660_IMAGE_ROOT);
    size_t at = 34 + 34 + 42; /* itself, its parent, README */
    ck_assert_uint_eq(root[at + 2], ISO9660_IMAGE_FOLDER);
    put32(root + at + 2, ISO9660_IMAGE_ROOT);
    put32(root + at + 10, DVD_SECTOR_SIZE);
    struct dvd_video found = find(image, SECTORS);
    ck_assert_uint_eq(found.count, 0);
    ck_assert_str_eq(dvd_video_lack(&found), "no VOB in VIDEO_TS");
    put32(root + at + 2, UINT32_MAX);
    put32(root + at + 10, UINT32_MAX);
    found = find(image, SECTORS);
    ck_assert_uint_eq(found.count, 0);
    put32(root + at + 2, ISO9660_IMAGE_FOLDER); /* every sector to the end of the image */
    found = find(image, SECTORS);
    ck_assert_uint_eq(found.count, 6);
    dvd_video_release(&found);
    free(image);
}
END_TEST

static void assert_inside(const struct dvd_video *found)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct disc_extent *extent = &found->extent[i].extent;
        ck_assert_uint_lt(extent->first, SECTORS);
        ck_assert_uint_ge(extent->count, 1);
        ck_assert_uint_le(extent->count, SECTORS - extent->first);
    }
}

/* Every byte of the file system, changed in two ways: whatever is found lies inside the image. */
START_TEST(damaged_file_systems_do_no_harm)
{
    uint8_t *image = builders[_i](SECTORS, "VIDEO_TS", files);
    for (long offset = sector(16); offset < sector(270); offset++) {
        bool between = offset >= sector(36) && offset < sector(256);
        if (between || offset % DVD_SECTOR_SIZE >= 460)
            continue;
        static const uint8_t changes[] = {0xFF, 0x01};
        for (unsigned i = 0; i < 2; i++) {
            struct dvd_video found;
            image[offset] ^= changes[i];
            examine(image, SECTORS, &found);
            assert_inside(&found);
            dvd_video_release(&found);
            image[offset] ^= changes[i];
        }
    }
    free(image);
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
    tcase_add_loop_test(tests, finds_every_part_of_every_vob, 0, 6);
    tcase_add_loop_test(tests, finds_the_end_of_parts_of_any_length, 0, 2);
    tcase_add_loop_test(tests, extents_are_cut_at_the_end_of_the_image, 0, 2);
    tcase_add_loop_test(tests, an_image_without_vobs_lacks_something, 0, 2);
    tcase_add_test(tests, udf_goes_before_iso_9660);
    tcase_add_test(tests, partitions_may_be_sparable);
    tcase_add_test(tests, partitions_may_be_of_metadata);
    tcase_add_loop_test(tests, a_full_video_ts_is_within_the_limits, 1, 2);
    tcase_add_loop_test(tests, what_never_ends_is_given_up, 0, 3);
    tcase_add_test(tests, file_sets_end);
    tcase_add_test(tests, folders_of_iso_9660_end);
    tcase_add_loop_test(tests, damaged_file_systems_do_no_harm, 0, 2);
    tcase_add_test(tests, names_tell_the_title_set);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(dvd_video_suite)
