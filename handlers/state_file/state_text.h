/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_STATE_FILE_STATE_TEXT_H
#define HANDLERS_STATE_FILE_STATE_TEXT_H

/*
 * The text of a state file.
 */

#include <stdbool.h>
#include <stddef.h>

#include "emulator/drive.h"
#include "media/diagnostics.h"

/* No state file is longer, its NUL included. */
#define STATE_TEXT_MAX 1024

/* Writes the text, NUL-terminated, and returns its length. */
size_t state_text_write(char text[STATE_TEXT_MAX], const char *serial,
                        const struct drive_nonvolatile *state);

/*
 * Reads `text` (NUL-terminated); `name` is the file name for messages.  Returns false after
 * reporting why it is not the undamaged state of the drive with this serial number.
 */
bool state_text_read(const char *name, const char *text, const char *serial,
                     struct drive_nonvolatile *state, struct diagnostics *diagnostics);

#endif
