/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_READY_PROFILE_H
#define EMULATOR_READY_PROFILE_H

/*
 * Drive profiles that need no file: drives that those who write drivers ask for.
 */

#include "emulator/profile.h"

struct ready_profile {
    const char *name;
    const char *purpose; /* one sentence: what the drive is and what it is good for */
    const char *text;    /* of a profile file, vodd.drive(5) */
};

/* Ended by one without a name. */
extern const struct ready_profile ready_profiles[];

/* Whether `text`, given where a profile file is expected, is a name: it has no slash and no point,
 * so that a file without them is written ./FILE. */
bool ready_profile_is_name(const char *text);

/* NULL if there is none of the name. */
const struct ready_profile *ready_profile_find(const char *name);

/* Makes the profile `name`; false after reporting that there is none. */
bool ready_profile_read(const char *name, struct drive_profile *profile,
                        struct diagnostics *diagnostics);

#endif
