/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_PROFILE_TABLE_H
#define EMULATOR_PROFILE_TABLE_H

/*
 * The settings of a drive profile, one row for each: the part of profile.c that is a table.
 */

#include "emulator/profile.h"
#include "media/settings.h"

/* What the table writes to: the profile, and what needs a second look when the whole file is
 * known. */
struct profile_file {
    struct drive_profile profile;
    uint8_t region_mask;
    int64_t user_changes; /* -1: not said */
    int64_t vendor_resets;
    struct settings_sections faults;
};

/* Ended by a row with section = NULL. */
extern const struct setting profile_table[];

#endif
