/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TRACE_TRACE_FILE_H
#define HANDLERS_TRACE_TRACE_FILE_H

/*
 * The trace of a running drive, written to a file as it happens: each line is written whole, so
 * that a reader may follow it and a server that dies loses nothing.
 */

#include "handlers/trace/trace.h"
#include "media/diagnostics.h"

struct trace_file;

/*
 * Makes the file, or empties it, and writes everything from now on.  NULL after reporting why not.
 * A line that cannot be written later ends the trace, which is reported once; the drive goes on.
 * `diagnostics` must outlive it.
 */
struct trace_file *trace_file_open(const char *path, struct drive *drive, size_t medium_bytes,
                                   struct diagnostics *diagnostics);
/* From now on reports to somebody else, who must outlive it. */
void trace_file_report(struct trace_file *file, struct diagnostics *diagnostics);

/* False when lines were lost.  NULL is allowed. */
bool trace_file_close(struct trace_file *file);

/* The first line of a trace of this drive that begins now. */
void trace_header_of(const struct drive *drive, struct trace_header *header);

#endif
