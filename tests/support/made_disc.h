/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_MADE_DISC_H
#define TESTS_SUPPORT_MADE_DISC_H

/*
 * What the tests of discs have in common: a small DVD-Video image in a temporary file, a
 * description of it that each test changes, and the disc that comes out of it.
 */

#include "media/disc.h"
#include "tests/support/fault_log.h"

#define MADE_DISC_SECTORS 700
#define MADE_DISC_SIZE    ((size_t)MADE_DISC_SECTORS * DVD_SECTOR_SIZE)

struct made_disc {
    uint8_t *plain; /* the image */
    char *path;
    struct disc_description description;
    struct fault_log faults; /* of the last attempt to make the disc */
};
extern struct made_disc made;

/* A disc key that is alone with its hash, stated so that tests need not search for one. */
extern const struct css_key made_disc_key;

/*
 * Fixtures of Check.  VIDEO_TS.VOB lies at 320-339, VTS_01_0.VOB at 340-355, VTS_01_1.VOB at
 * 356-455, VTS_02_1.VOB at 500-549 and 600-629, with packs as dvd_image_pack() makes them.
 */
void made_disc_set_up(void);
void made_disc_set_up_css(void); /* protected, regions 1 and 2, with made_disc_key */
void made_disc_tear_down(void);

/* The disc of the description; the test fails if there is none. */
struct disc *made_disc_create(void);
/* Making the disc must fail with just this message, in which @ stands for the path of the image. */
void made_disc_assert_refused(const char *message);

uint8_t *made_disc_plain(uint32_t lba);
/* disc_read() into one buffer. */
struct disc_read made_disc_read(const struct disc *disc, uint32_t lba, uint32_t count,
                                bool stop_at_scrambled, uint8_t *to);
void made_disc_add_extent(struct disc_extents *list, uint32_t first, uint32_t count,
                          unsigned title_set);

#endif
