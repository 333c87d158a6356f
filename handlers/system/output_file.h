/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_OUTPUT_FILE_H
#define HANDLERS_SYSTEM_OUTPUT_FILE_H

/*
 * A file, pipe or terminal that vodd writes, record by record; see output_open.h for what it may
 * be.  Each record goes there whole or not at all, and what does not is counted.
 *
 * A regular file is written at once; one that cannot be written any more ends after its last whole
 * record.  A pipe on OUTPUT_PIPES_BUFFERED is never waited for: what its reader has not taken
 * stays in memory, at most OUTPUT_BUFFER_MAX bytes, until the event base finds that the pipe takes
 * more; records that find no room are left out.
 */

#include <stdint.h>

#include "handlers/system/output_open.h"

#define OUTPUT_BUFFER_MAX (1024 * 1024)

struct output_file;

/*
 * Opens `path`; a file that is there keeps what it has until the first record is written, and one
 * that was not there goes again if none ever is.  `diagnostics`, which must outlive it, hears once
 * when the first record is lost.  NULL after reporting why not.
 */
struct output_file *output_file_open(const char *path, const struct output_terms *terms,
                                     struct diagnostics *diagnostics);
/* Standard output, for a program that may wait for it. */
struct output_file *output_file_standard(enum output_kind kind, struct diagnostics *diagnostics);

/*
 * Opens a new file beside `path`, which takes its place when output_file_publish() is called: there
 * is never half of one.
 */
struct output_file *output_file_open_beside(const char *path, const struct output_terms *terms,
                                            struct diagnostics *diagnostics);
/* On the medium and under its name; false after reporting why not. */
bool output_file_publish(struct output_file *output);

/* From now on reports to somebody else, who must outlive it. */
void output_file_report(struct output_file *output, struct diagnostics *diagnostics);
const char *output_file_path(const struct output_file *output);
/* For those who write by themselves, into one that was opened beside. */
int output_file_descriptor(const struct output_file *output);

/* False when the record is lost. */
bool output_file_write(struct output_file *output, const void *bytes, size_t length);
/* The last record, for which there is always room. */
bool output_file_write_last(struct output_file *output, const void *bytes, size_t length);
/* How many records were lost, `count` more of which never came this far. */
uint64_t output_file_lost(const struct output_file *output);
void output_file_lose(struct output_file *output, uint64_t count);

/*
 * Gives the reader of a pipe a quarter of a second for what is still in memory, and closes.  False
 * after reporting how much was lost.  NULL is allowed.
 */
bool output_file_close(struct output_file *output);

#endif
