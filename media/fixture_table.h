/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_FIXTURE_TABLE_H
#define MEDIA_FIXTURE_TABLE_H

/*
 * The settings of a disc fixture, one row for each: the part of fixture.c that is a table.
 */

#include "media/disc.h"
#include "media/settings.h"

/* What the table writes to. */
struct fixture {
    const char *name;
    struct disc_description *description;
    int type, track_path, size, protection;
    int64_t seed, layers, layer_break, book_version, scramble_every;
    struct settings_sections faults;
};

enum fixture_row {
    FIXTURE_ROW_IMAGE,
    FIXTURE_ROW_TYPE,
    FIXTURE_ROW_SEED,
    FIXTURE_ROW_LAYERS,
    FIXTURE_ROW_TRACK_PATH,
    FIXTURE_ROW_LAYER_BREAK,
    FIXTURE_ROW_BOOK_VERSION,
    FIXTURE_ROW_SIZE,
    FIXTURE_ROW_PROTECTION,
    FIXTURE_ROW_REGIONS,
    FIXTURE_ROW_DISC_KEY,
    FIXTURE_ROW_SCRAMBLE_EVERY,
    FIXTURE_ROW_FILES,
    FIXTURE_ROW_EXTENTS,
    FIXTURE_ROW_PLAYER_KEYS,
    FIXTURE_ROW_TITLE_KEYS,
    FIXTURE_ROW_BCA,
    FIXTURE_ROW_MANUFACTURING,
    FIXTURE_ROW_UNREADABLE,
    FIXTURE_ROW_FAULTS,
    FIXTURE_ROWS,
};

extern const struct setting fixture_table[FIXTURE_ROWS + 1];

#endif
