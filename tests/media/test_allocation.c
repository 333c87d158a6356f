/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/dvd_video.h"
#include "media/fixture.h"
#include "media/settings.h"
#include "tests/support/dvd_image.h"
#include "tests/support/failing_allocation.h"
#include "tests/support/fault_log.h"
#include "tests/tap.h"

/*
 * Every function that allocates, with its first, second, third ... allocation failing until none
 * is left to fail: it says so, gives nothing, and loses nothing (the address sanitizer looks).
 */

static const struct dvd_image_file files[] = {
    {"VIDEO_TS.VOB",          {{320, 20}}},
    {"VTS_01_1.VOB",                       {{356, 100}, {500, 2}}},
    {.name = NULL},
};

static const char text[] = "[disc]\n"
                           "image = x\n"
                           "[copyright]\n"
                           "protection = css\n"
                           "[css]\n"
                           "disc-key = FC C2 32 3B 8A\n"
                           "files = VIDEO_TS.VOB, VTS_01_1.VOB\n"
                           "extents = 600-609:5\n"
                           "[player-keys]\n"
                           "1 = 0102030405\n"
                           "2 = 0102030405\n"
                           "[defects]\n"
                           "unreadable = 1, 3, 5, 7, 9, 11, 13, 15, 17, 19\n"
                           "[fault a]\n"
                           "command = INQUIRY\n"
                           "sense = no-medium\n"
                           "[fault b]\n"
                           "truncate = 0\n";

static struct fault_log faults;
static char *path;

static void set_up(void)
{
    uint8_t *bytes = dvd_image_build(700, "VIDEO_TS", files);
    path = dvd_image_save(bytes, (size_t)700 * DVD_SECTOR_SIZE);
    free(bytes);
}

static void tear_down(void)
{
    unlink(path);
    free(path);
}

/* Calls `attempt` with one allocation after the other failing; it returns whether it succeeded. */
static void try_every_failure(bool (*attempt)(void), unsigned at_least)
{
    unsigned n = 0;
    do {
        n++;
        fault_log_init(&faults);
        failing_allocation_at(n);
        bool succeeded = attempt();
        bool failed = failing_allocation_end();
        ck_assert_msg(succeeded != failed, "allocation %u", n);
    } while (n < 1000 && !strstr(faults.text, "done"));
    ck_assert_uint_gt(n, at_least);
    ck_assert_uint_lt(n, 1000);
}

static void done(void)
{
    snprintf(faults.text, sizeof faults.text, "done");
}

static bool read_fixture(void)
{
    struct disc_description description;
    if (!fixture_read("a.disc", text, &description, &faults.diagnostics)) {
        failing_allocation_end();
        ck_assert_ptr_null(description.image);
        ck_assert_uint_gt(faults.diagnostics.errors, 0);
        ck_assert_ptr_nonnull(strstr(faults.text, "out of memory"));
        return false;
    }
    disc_description_release(&description);
    done();
    return true;
}

START_TEST(fixtures)
{
    try_every_failure(read_fixture, 8);
}
END_TEST

static struct disc_description description;

static bool make_disc(void)
{
    struct disc *disc = disc_create(&description, &faults.diagnostics);
    if (!disc) {
        failing_allocation_end();
        ck_assert_uint_gt(faults.diagnostics.errors, 0);
        ck_assert_ptr_nonnull(strstr(faults.text, "out of memory"));
        return false;
    }
    disc_release(disc);
    done();
    return true;
}

START_TEST(discs)
{
    ck_assert(fixture_read("a.disc", text, &description, NULL));
    free(description.image);
    description.image = strdup(path);
    try_every_failure(make_disc, 8);
    disc_description_release(&description);
}
END_TEST

static bool find_rivals(void)
{
    static const struct css_key key = {
        {0x3A, 0x5C, 0x7E, 0x91, 0xB2}
    };
    int unambiguous = css_disc_key_is_unambiguous(&key);
    if (unambiguous == 0)
        done();
    return unambiguous >= 0;
}

START_TEST(rivals)
{
    try_every_failure(find_rivals, 1);
}
END_TEST

static bool load_image(void)
{
    struct disc_description loaded;
    if (!fixture_load("x.iso", &loaded, &faults.diagnostics)) {
        failing_allocation_end();
        ck_assert_str_eq(faults.text, "x.iso: out of memory\n");
        return false;
    }
    disc_description_release(&loaded);
    done();
    return true;
}

START_TEST(image_names)
{
    try_every_failure(load_image, 1);
}
END_TEST

static char *loaded_path;

static bool load_text(void)
{
    char *loaded = settings_load(loaded_path, 1000, &faults.diagnostics);
    if (!loaded)
        return false;
    bool failed = failing_allocation_end();
    ck_assert_str_eq(loaded, text);
    free(loaded);
    /* Shrinking the buffer may fail unnoticed. */
    if (!failed)
        done();
    return !failed;
}

START_TEST(text_files)
{
    loaded_path = dvd_image_save(text, sizeof text - 1);
    try_every_failure(load_text, 1);
    unlink(loaded_path);
    free(loaded_path);
}
END_TEST

static Suite *allocation_suite(void)
{
    Suite *suite = suite_create("allocation");
    TCase *tests = tcase_create("media");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, fixtures);
    tcase_add_test(tests, discs);
    tcase_add_test(tests, rivals);
    tcase_add_test(tests, image_names);
    tcase_add_test(tests, text_files);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(allocation_suite)
