/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TRACE_TRACE_FILE_H
#define HANDLERS_TRACE_TRACE_FILE_H

/*
 * The trace of a running drive, written to a file as it happens: each line is written whole, so
 * that a reader may follow it and a server that dies loses nothing.
 */

#include "handlers/system/output_file.h"
#include "handlers/trace/trace.h"
#include "media/diagnostics.h"

struct trace_file;

/*
 * Writes everything from now on to `output`, which is taken over, also when it fails; NULL, which
 * has been reported, is passed on.  NULL after reporting why not.  Lines that are lost later are
 * reported when the first one is and at the end; the drive goes on.  `diagnostics` must outlive it.
 */
struct trace_file *trace_file_open(struct output_file *output, struct drive *drive,
                                   size_t medium_bytes, struct diagnostics *diagnostics);
/* From now on reports to somebody else, who must outlive it. */
void trace_file_report(struct trace_file *file, struct diagnostics *diagnostics);

/* Writes the end of the trace.  False when lines were lost, which is reported.  NULL is allowed. */
bool trace_file_close(struct trace_file *file);

/* The first line of a trace of this drive that begins now. */
void trace_header_of(const struct drive *drive, struct trace_header *header);

#endif
