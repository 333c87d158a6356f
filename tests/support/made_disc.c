/* SPDX-License-Identifier: MIT */
#include "tests/support/made_disc.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/dvd_image.h"

static const struct dvd_image_file files[] = {
    {"VIDEO_TS.VOB", {{320, 20}}},
    {"VTS_01_0.VOB",              {{340, 16}}},
    {"VTS_01_1.VOB",{{356, 100}}},
    {"VTS_02_1.VOB", {{500, 50}, {600, 30}}},
    {.name = NULL             },
};

struct made_disc made;

const struct css_key made_disc_key = {
    {0xFC, 0xC2, 0x32, 0x3B, 0x8A}
};

void made_disc_set_up(void)
{
    made.plain = dvd_image_build(MADE_DISC_SECTORS, "VIDEO_TS", files);
    made.path = dvd_image_save(made.plain, MADE_DISC_SIZE);
    disc_description_init(&made.description);
    made.description.image = strdup(made.path);
}

void made_disc_set_up_css(void)
{
    made_disc_set_up();
    made.description.protection = DISC_PROTECTION_CSS;
    made.description.regions_forbidden = 0xFC;
    made.description.has_disc_key = true;
    made.description.disc_key = made_disc_key;
}

void made_disc_tear_down(void)
{
    disc_description_release(&made.description);
    unlink(made.path);
    free(made.path);
    free(made.plain);
}

struct disc *made_disc_create(void)
{
    fault_log_init(&made.faults);
    struct disc *disc = disc_create(&made.description, &made.faults.diagnostics);
    ck_assert_msg(disc != NULL, "%s", made.faults.text);
    return disc;
}

void made_disc_assert_refused(const char *message)
{
    char expected[1024];
    size_t used = 0;
    for (; *message; message++)
        if (*message == '@')
            used += (size_t)snprintf(expected + used, sizeof expected - used, "%s", made.path);
        else
            expected[used++] = *message;
    expected[used] = 0;
    fault_log_init(&made.faults);
    ck_assert_ptr_null(disc_create(&made.description, &made.faults.diagnostics));
    ck_assert_str_eq(made.faults.text, expected);
}

uint8_t *made_disc_plain(uint32_t lba)
{
    return made.plain + (size_t)lba * DVD_SECTOR_SIZE;
}

struct disc_read made_disc_read(const struct disc *disc, uint32_t lba, uint32_t count,
                                bool stop_at_scrambled, uint8_t *to)
{
    struct iovec iov = {to, (size_t)count * DVD_SECTOR_SIZE};
    return disc_read(disc, lba, count, stop_at_scrambled, &iov, 1);
}

void made_disc_add_extent(struct disc_extents *list, uint32_t first, uint32_t count,
                          unsigned title_set)
{
    list->extent = reallocarray(list->extent, list->count + 1, sizeof *list->extent);
    ck_assert_ptr_nonnull(list->extent);
    list->extent[list->count++] = (struct disc_extent){first, count, title_set};
}
