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
 * While it is open nobody else can open it: see lock_file.h.
 */

#include <stdbool.h>

#include "emulator/drive.h"
#include "handlers/system/run_files.h"
#include "media/diagnostics.h"

struct state_file;

/*
 * Notes the files that a state at `path` takes: itself, its lock, and the next state before it has
 * the name.  False after reporting that the run writes one of them, or that memory is short.
 */
bool state_file_note(const char *path, struct run_files *files, struct diagnostics *diagnostics);

/*
 * Opens and reads the file at `path` into `state`, or writes the factory state of `profile` there.
 * Returns NULL after reporting why it cannot; the file is then as it was.
 */
struct state_file *state_file_open(const char *path, const struct drive_profile *profile,
                                   struct drive_nonvolatile *state,
                                   struct diagnostics *diagnostics);

/*
 * Replaces the file in one step: the new state is written beside it, brought to the medium and
 * given the file's name.  With the name it is stored: from then on everybody reads it, so true is
 * returned.  A folder that cannot be brought to the medium afterwards means that a power failure of
 * this machine may bring the old state back; the sink of state_file_open() is warned of that, once
 * until it succeeds again.  Otherwise the sink was told why, the file holds the old state, and
 * false is returned.  For drive_environment.store with a struct state_file as context.
 */
bool state_file_store(void *state_file, const struct drive_nonvolatile *state);

/* NULL is allowed. */
void state_file_close(struct state_file *file);

#endif
