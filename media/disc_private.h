/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_DISC_PRIVATE_H
#define MEDIA_DISC_PRIVATE_H

/*
 * What the parts of a disc share with each other: disc.c makes it, disc_examination.c looks
 * at its image, disc_layers.c, disc_keys.c and disc_scrambling.c settle what the description left
 * open, disc_read.c and disc_structures.c serve it.
 */

#include <stdatomic.h>

#include "media/disc.h"
#include "media/dvd_video.h"
#include "media/image.h"

/* How messages name a setting: "a.disc:3: layers = 1", or the image if no fixture states it. */
struct disc_names {
    char *name[DISC_SETTINGS]; /* malloc'ed */
};

/* False when memory is short; *names can be released in any case. */
bool disc_names_make(const struct disc_description *description, struct disc_names *names);
void disc_names_release(struct disc_names *names);

struct disc {
    atomic_uint references;
    struct disc_description description; /* nothing is unset */
    struct image image;
    struct disc_extents scrambled; /* sorted, without overlaps; empty without CSS */
    uint8_t key_block[CSS_DISC_KEY_BLOCK_SIZE];
    struct css_key stored_title_key[DISC_TITLE_SETS];
};

/* Each of these returns false after reporting what is wrong. */

/* Settles layers and layer break. */
bool disc_settle_layers(struct disc_description *description, uint32_t sectors,
                        const struct disc_names *names, struct diagnostics *diagnostics);

/* Draws the keys that are not stated. */
bool disc_settle_keys(struct disc_description *description, struct diagnostics *diagnostics);

/*
 * Looks for the VOBs in the image and says what is wrong with it as a disc.  A search that was
 * given up is wrong only if the disc needs it.
 */
bool disc_examine(const struct disc_description *description, const struct image *image,
                  struct dvd_video *video, const struct disc_names *names,
                  struct diagnostics *diagnostics);

/* Finds out which extents are scrambled. */
bool disc_settle_scrambling(const struct disc_description *description, const struct image *image,
                            const struct dvd_video *video, struct disc_extents *scrambled,
                            const struct disc_names *names, struct diagnostics *diagnostics);

#endif
