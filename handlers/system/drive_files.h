/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_DRIVE_FILES_H
#define HANDLERS_SYSTEM_DRIVE_FILES_H

/*
 * The files that a server makes its drive from.
 */

#include <stdbool.h>

#include "emulator/profile.h"
#include "handlers/system/run_files.h"
#include "media/diagnostics.h"
#include "media/disc.h"

/*
 * Reads the drive profile at `path`, which may be the name of a ready-made one (ready_profile.h),
 * NULL for the default one.  Unless the profile gives a serial
 * number it is derived from `name`, because two drives of one guest need numbers that differ. False
 * after reporting every fault.
 */
bool drive_files_load_profile(const char *path, const char *name, struct drive_profile *profile,
                              struct diagnostics *diagnostics);

/* Notes the profile at `path`, which may be NULL or the name of a ready-made one. */
bool drive_files_note_profile(struct run_files *files, const char *path,
                              struct diagnostics *diagnostics);

/* Notes the image of a disc, if it has one, as RUN_FILE_NEXT_DISC. */
bool drive_files_note_image(struct run_files *files, const struct disc_description *description,
                            struct diagnostics *diagnostics);

/* fixture_load(), and checks the fault rules of the fixture as well. */
bool drive_files_load_fixture(const char *path, struct disc_description *description,
                              struct diagnostics *diagnostics);

#endif
