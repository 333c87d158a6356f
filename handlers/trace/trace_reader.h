/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TRACE_TRACE_READER_H
#define HANDLERS_TRACE_TRACE_READER_H

/*
 * Reads a trace line by line, in as much memory as one line takes.  What is damaged ends the
 * reading: everything before it has been delivered by then.
 */

#include "handlers/trace/trace.h"
#include "media/diagnostics.h"

struct trace_reader;

enum trace_read {
    TRACE_READ_LINE,
    TRACE_READ_END,     /* nothing more for now: a file that grows may have more later */
    TRACE_READ_DAMAGED, /* reported, with file, line and column */
};

/*
 * Opens the file `path`, "-" for standard input, and reads its header.  NULL after reporting why
 * not.  `diagnostics` must outlive the reader.
 */
struct trace_reader *trace_reader_open(const char *path, struct diagnostics *diagnostics);
/* NULL is allowed. */
void trace_reader_close(struct trace_reader *reader);

const char *trace_reader_path(const struct trace_reader *reader);
const struct trace_header *trace_reader_header(const struct trace_reader *reader);

/* The next line but the header.  Commands without a number get one.  Behind the end comes nothing.
 */
enum trace_read trace_reader_next(struct trace_reader *reader, struct trace_line *line);
/* The line number of what trace_reader_next() returned last. */
unsigned long trace_reader_line(const struct trace_reader *reader);

/*
 * Whether the file ended in the middle of a line.  Reports it.  After TRACE_READ_END, by whoever
 * does not wait for more.
 */
bool trace_reader_is_truncated(struct trace_reader *reader);

/*
 * Whether the trace had its end and lost nothing; nothing is judged of one that was damaged.  Of
 * one that is not whole says why: `accepted` as a warning, else as an error.  After
 * TRACE_READ_END.
 */
bool trace_reader_is_whole(const struct trace_reader *reader, bool accepted);

#endif
