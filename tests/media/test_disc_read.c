/* SPDX-License-Identifier: MIT */
#include "media/disc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/dvd_image.h"
#include "tests/support/made_disc.h"
#include "tests/tap.h"

/* What the disc must carry at `lba`; title_set -1: outside every extent. */
static void expect_sector(const struct disc *disc, uint32_t lba, int title_set, bool selected,
                          uint8_t sector[DVD_SECTOR_SIZE])
{
    memcpy(sector, made_disc_plain(lba), DVD_SECTOR_SIZE);
    if (title_set >= 0 && selected && css_sector_has_content(sector))
        css_sector_scramble(sector, &disc_description(disc)->title_key[title_set]);
}

static int title_set_at(const struct disc *disc, uint32_t lba, uint32_t *first)
{
    const struct disc_extents *extents = disc_scrambled_extents(disc);
    for (size_t i = 0; i < extents->count; i++)
        if (lba >= extents->extent[i].first &&
            lba < extents->extent[i].first + extents->extent[i].count) {
            *first = extents->extent[i].first;
            return (int)extents->extent[i].title_set;
        }
    return -1;
}

/* Reads the whole disc and compares every sector and every header. */
static void assert_disc(const struct disc *disc)
{
    uint8_t *bytes = malloc(MADE_DISC_SIZE);
    struct disc_read read = made_disc_read(disc, 0, MADE_DISC_SECTORS, false, bytes);
    ck_assert_int_eq((int)read.end, DISC_READ_COMPLETE);
    ck_assert_uint_eq(read.sectors, MADE_DISC_SECTORS);
    unsigned scrambled = 0;
    for (uint32_t lba = 0; lba < MADE_DISC_SECTORS; lba++) {
        uint8_t sector[DVD_SECTOR_SIZE];
        uint32_t first = 0;
        int title_set = title_set_at(disc, lba, &first);
        unsigned every = disc_description(disc)->scramble_every;
        expect_sector(disc, lba, title_set, (lba - first) % every == 0, sector);
        ck_assert_mem_eq(bytes + (size_t)lba * DVD_SECTOR_SIZE, sector, DVD_SECTOR_SIZE);
        scrambled += css_sector_is_scrambled(sector);

        struct disc_sector_header header = disc_sector_header(disc, lba);
        struct css_key stored = {0};
        if (title_set >= 0)
            stored = css_key_encrypt(CSS_KEY_USE_TITLE, &disc_description(disc)->disc_key,
                                     &disc_description(disc)->title_key[title_set]);
        ck_assert_uint_eq(header.copyright, title_set >= 0 ? 0xF0 : 0x00);
        ck_assert(css_key_equal(&header.encrypted_title_key, &stored));
    }
    ck_assert_uint_gt(scrambled, 0);
    free(bytes);
}

static void assert_extents(const struct disc *disc, const struct disc_extent *wanted, size_t count)
{
    const struct disc_extents *extents = disc_scrambled_extents(disc);
    ck_assert_uint_eq(extents->count, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(extents->extent[i].first, wanted[i].first);
        ck_assert_uint_eq(extents->extent[i].count, wanted[i].count);
        ck_assert_uint_eq(extents->extent[i].title_set, wanted[i].title_set);
    }
}

START_TEST(every_vob_is_scrambled_by_default)
{
    struct disc *disc = made_disc_create();
    static const struct disc_extent extents[] = {
        {320, 20,  0},
        {340, 116, 1},
        {500, 50,  2},
        {600, 30,  2}
    };
    assert_extents(disc, extents, 4);
    assert_disc(disc);
    disc_release(disc);
}
END_TEST

START_TEST(files_choose_what_is_scrambled)
{
    made.description.scramble_files = calloc(1, sizeof *made.description.scramble_files);
    made.description.scramble_files[0] = strdup("VTS_02_1.VOB");
    made.description.scramble_file_count = 1;
    struct disc *disc = made_disc_create();
    static const struct disc_extent extents[] = {
        {500, 50, 2},
        {600, 30, 2}
    };
    assert_extents(disc, extents, 2);
    assert_disc(disc);
    disc_release(disc);

    free(made.description.scramble_files[0]);
    made.description.scramble_files[0] = strdup("VTS_03_1.VOB");
    made_disc_assert_refused("@: there is no VTS_03_1.VOB in VIDEO_TS to scramble\n");
}
END_TEST

START_TEST(extents_choose_what_is_scrambled)
{
    made_disc_add_extent(&made.description.scramble_extents, 610, 5, 9);
    made_disc_add_extent(&made.description.scramble_extents, 360, 7, 4);
    made_disc_add_extent(&made.description.scramble_extents, 367, 3, 4);
    struct disc *disc = made_disc_create();
    static const struct disc_extent extents[] = {
        {360, 10, 4},
        {610, 5,  9}
    };
    assert_extents(disc, extents, 2);
    assert_disc(disc);
    disc_release(disc);

    made_disc_add_extent(&made.description.scramble_extents, 699, 2, 4);
    made_disc_assert_refused(
        "@: scrambled extent 699-700 is not inside the disc, whose last sector is 699\n");
    made.description.scramble_extents.count--;
    made_disc_add_extent(&made.description.scramble_extents, 365, 2, 5);
    disc = made_disc_create();
    ck_assert_ptr_nonnull(strstr(made.faults.text,
                                 ": 2 sectors belong to more than one title set, the first of "
                                 "them, 365, to 4 and 5; each has the title key of the first that "
                                 "names it\n"));
    assert_extents(disc, extents, 2);
    assert_disc(disc);
    disc_release(disc);
}
END_TEST

/* Replaces the image by one with these files. */
static void use_files(const struct dvd_image_file *files)
{
    free(made.plain);
    made.plain = dvd_image_build(MADE_DISC_SECTORS, "VIDEO_TS", files);
    FILE *file = fopen(made.path, "r+");
    ck_assert_uint_eq(fwrite(made.plain, 1, MADE_DISC_SIZE, file), MADE_DISC_SIZE);
    ck_assert_int_eq(fclose(file), 0);
}

/* How title sets can share sectors: what each disc has, and what it becomes. */
static const struct {
    struct dvd_image_file files[12];
    struct disc_extent extents[5];
    size_t count;
    const char *shared; /* of the only warning; NULL: none */
} sharing[] = {
  /* Eleven title sets that are one feature, and one that is not. */
    {{{"VTS_03_1.VOB", {{400, 50}}},
      {"VTS_02_1.VOB", {{400, 50}}},
      {"VTS_04_1.VOB", {{400, 50}}},
      {"VTS_05_1.VOB", {{400, 50}}},
      {"VTS_06_1.VOB", {{400, 50}}},
      {"VTS_07_1.VOB", {{400, 50}}},
      {"VTS_08_1.VOB", {{400, 50}}},
      {"VTS_09_1.VOB", {{400, 50}}},
      {"VTS_10_1.VOB", {{400, 50}}},
      {"VTS_11_1.VOB", {{400, 50}}},
      {"VTS_01_1.VOB", {{500, 10}}}},
     {{400, 50, 2}, {500, 10, 1}},
     2,                                                                                                               "50 sectors belong to more than one title set, the first of them, 400, to 2 and 3;"},
 /* A menu that is an alias of a title, of its own title set and of the disc. */
    {{{"VTS_01_0.VOB", {{400, 50}}}, {"VTS_01_1.VOB", {{400, 50}}}},                               {{400, 50, 1}}, 1, NULL                                                                               },
    {{{"VIDEO_TS.VOB", {{400, 50}}}, {"VTS_01_1.VOB", {{400, 50}}}},
     {{400, 50, 0}},
     1,                                                                                                               "50 sectors belong to more than one title set, the first of them, 400, to 0 and 1;"},
 /* A file that runs into the next title set. */
    {{{"VTS_01_1.VOB", {{400, 50}}}, {"VTS_02_1.VOB", {{430, 50}}}},
     {{400, 50, 1}, {450, 30, 2}},
     2,                                                                                                               "20 sectors belong to more than one title set, the first of them, 430, to 1 and 2;"},
 /* One inside the other, either way. */
    {{{"VTS_01_1.VOB", {{400, 100}}}, {"VTS_02_1.VOB", {{430, 10}}}},
     {{400, 100, 1}},
     1,                                                                                                               "10 sectors belong to more than one title set, the first of them, 430, to 1 and 2;"},
    {{{"VTS_02_1.VOB", {{400, 100}}}, {"VTS_01_1.VOB", {{430, 10}}}},
     {{400, 30, 2}, {430, 10, 1}, {440, 60, 2}},
     3,                                                                                                               "10 sectors belong to more than one title set, the first of them, 430, to 1 and 2;"},
 /* Next to each other: nothing is shared. */
    {{{"VTS_01_1.VOB", {{400, 50}}}, {"VTS_02_1.VOB", {{450, 50}}}, {"VTS_01_2.VOB", {{500, 5}}}},
     {{400, 50, 1}, {450, 50, 2}, {500, 5, 1}},
     3,                                                                                                               NULL                                                                               },
};

START_TEST(title_sets_may_share_sectors)
{
    use_files(sharing[_i].files);
    struct disc *disc = made_disc_create();
    assert_extents(disc, sharing[_i].extents, sharing[_i].count);
    assert_disc(disc);
    const char *shared = sharing[_i].shared;
    if (shared)
        ck_assert_ptr_nonnull(strstr(made.faults.text, shared));
    const char *newline = strchr(made.faults.text, '\n');
    ck_assert_uint_eq(newline ? strlen(made.faults.text) : 0,
                      newline ? (size_t)(newline + 1 - made.faults.text) : 0);
    ck_assert_int_eq(newline != NULL, shared != NULL);
    disc_release(disc);
}
END_TEST

/* Extents that a fixture states go before files. */
START_TEST(stated_extents_go_before_files)
{
    made.description.scramble_files = calloc(1, sizeof *made.description.scramble_files);
    made.description.scramble_files[0] = strdup("VTS_02_1.VOB");
    made.description.scramble_file_count = 1;
    made_disc_add_extent(&made.description.scramble_extents, 510, 10, 7);
    struct disc *disc = made_disc_create();
    static const struct disc_extent extents[] = {
        {500, 10, 2},
        {510, 10, 7},
        {520, 30, 2},
        {600, 30, 2}
    };
    assert_extents(disc, extents, 4);
    assert_disc(disc);
    disc_release(disc);
}
END_TEST

START_TEST(some_sectors_may_stay_clear)
{
    made.description.scramble_every = 3;
    struct disc *disc = made_disc_create();
    assert_disc(disc);
    disc_release(disc);
}
END_TEST

START_TEST(an_image_without_vobs_gets_a_warning)
{
    memset(made.plain, 0, (size_t)300 * DVD_SECTOR_SIZE);
    char *other = dvd_image_save(made.plain, MADE_DISC_SIZE);
    free(made.description.image);
    made.description.image = other;
    struct disc *disc = made_disc_create();
    char expected[256];
    snprintf(expected, sizeof expected,
             "warning: %s: no file system, neither UDF nor ISO 9660, so hosts will not know what "
             "is on it\n",
             other);
    ck_assert_str_eq(made.faults.text, expected);
    ck_assert_uint_eq(disc_scrambled_extents(disc)->count, 0);
    disc_release(disc);
    unlink(other);
}
END_TEST

START_TEST(buffers_may_split_sectors_anywhere)
{
    struct disc *disc = made_disc_create();
    enum { FIRST = 350, COUNT = 12 };
    uint8_t whole[COUNT * DVD_SECTOR_SIZE], pieces[COUNT * DVD_SECTOR_SIZE];
    ck_assert_uint_eq(made_disc_read(disc, FIRST, COUNT, false, whole).sectors, COUNT);
    for (size_t size = 1; size < 6000; size += size < 40 ? 13 : 377) {
        static struct iovec iov[COUNT * DVD_SECTOR_SIZE];
        int count = 0;
        for (size_t used = 0; used < sizeof pieces; used += size)
            iov[count++] = (struct iovec){
                pieces + used, size < sizeof pieces - used ? size : sizeof pieces - used};
        memset(pieces, 0, sizeof pieces);
        struct disc_read read = disc_read(disc, FIRST, COUNT, false, iov, count);
        ck_assert_uint_eq(read.sectors, COUNT);
        ck_assert_mem_eq(pieces, whole, sizeof pieces);
    }
    disc_release(disc);
}
END_TEST

START_TEST(reads_of_any_range_agree)
{
    struct disc *disc = made_disc_create();
    uint8_t *whole = malloc(MADE_DISC_SIZE), part[70 * DVD_SECTOR_SIZE];
    ck_assert_uint_eq(made_disc_read(disc, 0, MADE_DISC_SECTORS, false, whole).sectors,
                      MADE_DISC_SECTORS);
    for (uint32_t lba = 310; lba < MADE_DISC_SECTORS; lba += 7)
        for (uint32_t count = 0; count <= 70 && lba + count <= MADE_DISC_SECTORS; count += 23) {
            struct disc_read read = made_disc_read(disc, lba, count, false, part);
            ck_assert_int_eq((int)read.end, DISC_READ_COMPLETE);
            ck_assert_uint_eq(read.sectors, count);
            ck_assert_mem_eq(part, whole + (size_t)lba * DVD_SECTOR_SIZE,
                             (size_t)count * DVD_SECTOR_SIZE);
        }
    free(whole);
    disc_release(disc);
}
END_TEST

START_TEST(a_read_can_stop_at_the_first_scrambled_sector)
{
    struct disc *disc = made_disc_create();
    static const struct {
        uint32_t lba, count, good;
        enum disc_read_end end;
    } reads[] = {
        {0,   320, 320, DISC_READ_COMPLETE }, /* before every VOB */
        {300, 100, 21,  DISC_READ_SCRAMBLED}, /* 320 is a navigation pack, 321 video */
        {321, 1,   0,   DISC_READ_SCRAMBLED},
        {335, 1,   1,   DISC_READ_COMPLETE }, /* padding */
        {335, 2,   2,   DISC_READ_COMPLETE }, /* padding, navigation */
        {335, 9,   2,   DISC_READ_SCRAMBLED},
        {455, 46,  0,   DISC_READ_SCRAMBLED},
        {456, 44,  44,  DISC_READ_COMPLETE }, /* between two files */
        {456, 45,  44,  DISC_READ_SCRAMBLED},
        {630, 70,  70,  DISC_READ_COMPLETE }, /* behind the last */
    };
    uint8_t bytes[400 * DVD_SECTOR_SIZE];
    for (unsigned i = 0; i < sizeof reads / sizeof *reads; i++) {
        struct disc_read read = made_disc_read(disc, reads[i].lba, reads[i].count, true, bytes);
        ck_assert_int_eq((int)read.end, (int)reads[i].end);
        ck_assert_uint_eq(read.sectors, reads[i].good);
        ck_assert_mem_eq(bytes, made_disc_plain(reads[i].lba),
                         (size_t)read.sectors * DVD_SECTOR_SIZE);
    }
    disc_release(disc);
}
END_TEST

/* Sectors that are scrambled in the image are passed on, and count as scrambled. */
START_TEST(what_is_scrambled_already_stays_so)
{
    static const struct css_key foreign = {
        {1, 2, 3, 4, 5}
    };
    uint8_t *sector = made_disc_plain(363);
    css_sector_scramble(sector, &foreign);
    FILE *file = fopen(made.path, "r+");
    ck_assert_int_eq(fseek(file, sector - made.plain, SEEK_SET), 0);
    ck_assert_uint_eq(fwrite(sector, DVD_SECTOR_SIZE, 1, file), 1);
    fclose(file);
    made.description.scramble_every = 5; /* 363 is not selected: the extent begins at 340 */
    struct disc *disc = made_disc_create();
    uint8_t bytes[DVD_SECTOR_SIZE];
    ck_assert_uint_eq(made_disc_read(disc, 363, 1, false, bytes).sectors, 1);
    ck_assert_mem_eq(bytes, sector, DVD_SECTOR_SIZE);
    ck_assert_int_eq((int)made_disc_read(disc, 363, 1, true, bytes).end, DISC_READ_SCRAMBLED);
    disc_release(disc);
}
END_TEST

START_TEST(defects_end_a_read)
{
    made_disc_add_extent(&made.description.defects, 400, 2, 0);
    made_disc_add_extent(&made.description.defects, 50, 1, 0);
    made_disc_add_extent(&made.description.defects, 699, 1, 0);
    struct disc *disc = made_disc_create();
    static const struct {
        uint32_t lba, count, good;
        bool stop;
        enum disc_read_end end;
    } reads[] = {
        {0,   50,  50,  false, DISC_READ_COMPLETE  },
        {0,   51,  50,  false, DISC_READ_UNREADABLE},
        {50,  1,   0,   false, DISC_READ_UNREADABLE},
        {51,  300, 300, false, DISC_READ_COMPLETE  },
        {390, 20,  10,  false, DISC_READ_UNREADABLE},
        {401, 1,   0,   false, DISC_READ_UNREADABLE},
        {402, 10,  10,  false, DISC_READ_COMPLETE  },
        {398, 10,  0,   true,  DISC_READ_SCRAMBLED }, /* video */
        {399, 10,  1,   true,  DISC_READ_UNREADABLE}, /* padding */
        {699, 1,   0,   true,  DISC_READ_UNREADABLE},
        {650, 50,  49,  true,  DISC_READ_UNREADABLE},
    };
    uint8_t bytes[300 * DVD_SECTOR_SIZE];
    for (unsigned i = 0; i < sizeof reads / sizeof *reads; i++) {
        struct disc_read read =
            made_disc_read(disc, reads[i].lba, reads[i].count, reads[i].stop, bytes);
        ck_assert_int_eq((int)read.end, (int)reads[i].end);
        ck_assert_uint_eq(read.sectors, reads[i].good);
    }
    disc_release(disc);

    made_disc_add_extent(&made.description.defects, 699, 2, 0);
    made_disc_assert_refused(
        "@: unreadable sectors 699-700 are not inside the disc, whose last sector is "
        "699\n");
}
END_TEST

START_TEST(a_truncated_image_is_unreadable_from_the_right_sector)
{
    struct disc *disc = made_disc_create();
    uint8_t bytes[100 * DVD_SECTOR_SIZE];
    ck_assert_int_eq(truncate(made.path, 360 * DVD_SECTOR_SIZE + 1000), 0);
    struct disc_read read = made_disc_read(disc, 310, 100, false, bytes);
    ck_assert_int_eq((int)read.end, DISC_READ_UNREADABLE);
    ck_assert_uint_eq(read.sectors, 50);
    read = made_disc_read(disc, 300, 5, false, bytes);
    ck_assert_int_eq((int)read.end, DISC_READ_COMPLETE);
    read = made_disc_read(disc, 650, 1, false, bytes);
    ck_assert_int_eq((int)read.end, DISC_READ_UNREADABLE);
    ck_assert_uint_eq(read.sectors, 0);
    ck_assert_uint_eq(disc_sectors(disc), MADE_DISC_SECTORS);
    disc_release(disc);
}
END_TEST

static Suite *disc_read_suite(void)
{
    const TTest *const tests[] = {
        every_vob_is_scrambled_by_default,
        files_choose_what_is_scrambled,
        extents_choose_what_is_scrambled,
        stated_extents_go_before_files,
        some_sectors_may_stay_clear,
        an_image_without_vobs_gets_a_warning,
        buffers_may_split_sectors_anywhere,
        reads_of_any_range_agree,
        a_read_can_stop_at_the_first_scrambled_sector,
        what_is_scrambled_already_stays_so,
        defects_end_a_read,
        a_truncated_image_is_unreadable_from_the_right_sector,
        NULL,
    };
    Suite *suite = suite_create("disc_read");
    TCase *css = tcase_create("css");
    tcase_add_checked_fixture(css, made_disc_set_up_css, made_disc_tear_down);
    for (unsigned i = 0; tests[i]; i++)
        tcase_add_test(css, tests[i]);
    tcase_add_loop_test(css, title_sets_may_share_sectors, 0, sizeof sharing / sizeof *sharing);
    suite_add_tcase(suite, css);
    return suite;
}

TAP_MAIN(disc_read_suite)
