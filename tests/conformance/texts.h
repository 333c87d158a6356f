/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_TEXTS_H
#define TESTS_CONFORMANCE_TEXTS_H

/*
 * Drives and discs as the files that a server reads.
 */

#include <stdio.h>

#include "emulator/profile.h"
#include "media/disc.h"

/* As a .drive file (vodd.drive(5)). */
void text_profile(FILE *stream, const struct drive_profile *profile);

/* As a .disc file (vodd.disc(5)): what the discs of the suite have. */
void text_disc(FILE *stream, const struct disc_description *description);

#endif
