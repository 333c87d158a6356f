/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_SERVER_LOG_H
#define HANDLERS_SYSTEM_SERVER_LOG_H

/*
 * What a server says to its operator while it serves: lines on standard error that nobody waits
 * for.  When that is a pipe or a terminal that takes nothing at the moment the line is left out,
 * and the next one that gets through is preceded by how many were.  From any thread.
 */

#include "media/diagnostics.h"

__attribute__((format(printf, 1, 2))) void server_log(const char *format, ...);

/* The same as a sink. */
void server_log_diagnostics(struct diagnostics *diagnostics);

#endif
