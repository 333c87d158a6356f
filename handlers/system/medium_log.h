/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_MEDIUM_LOG_H
#define HANDLERS_SYSTEM_MEDIUM_LOG_H

/*
 * Tells the operator when a host gets a medium error because the image cannot be read, once for
 * each time that a disc is put in: a host that goes on trying does not fill the log.  Defects that
 * a fixture states are wanted and not told.
 */

#include "emulator/drive.h"
#include "media/diagnostics.h"

struct medium_log;

/* Observes `drive`; both must outlive it.  NULL when memory is short. */
struct medium_log *medium_log_create(struct drive *drive, struct diagnostics *diagnostics);
/* NULL is allowed. */
void medium_log_destroy(struct medium_log *log);

#endif
