/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_STATE_FILE_STATE_FILE_H
#define HANDLERS_STATE_FILE_STATE_FILE_H

/*
 * What a drive keeps without power, in a file.
 *
 * The file is INI text that names its version and the serial number of its drive and ends with a
 * checksum; vodd writes it and nobody else does.  A missing file is a drive as it left the factory
 * and is written when it is opened, so that a folder without write permission shows before a guest
 * boots.  A file that is damaged, of another version or of another drive is an error: a drive never
 * goes back to the factory by itself.
 *
 * While it is open nobody else can open it: a lock is held on the file with ".lock" added to its
 * name.
 */

#include <stdbool.h>

#include "emulator/drive.h"
#include "media/diagnostics.h"

struct state_file;

/*
 * Opens and reads the file at `path` into `state`, or writes the factory state of `profile` there.
 * Returns NULL after reporting why it cannot; the file is then as it was.
 */
struct state_file *state_file_open(const char *path, const struct drive_profile *profile,
                                   struct drive_nonvolatile *state,
                                   struct diagnostics *diagnostics);

/*
 * Replaces the file in one step; when it returns true the new state is on the medium.  Otherwise
 * the sink of state_file_open() was told why, and the file holds the old state, or the new one if
 * only the folder could not be written to the medium.  For drive_environment.store with a struct
 * state_file as context.
 */
bool state_file_store(void *state_file, const struct drive_nonvolatile *state);

/* NULL is allowed. */
void state_file_close(struct state_file *file);

#endif
