/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CONTROL_DISC_MAKING_H
#define HANDLERS_CONTROL_DISC_MAKING_H

/*
 * A disc that is made on a thread of its own: its image may lie on a medium that is slow or does
 * not answer, and its keys take a while.
 */

#include <jansson.h>

#include "handlers/system/run_files.h"
#include "handlers/vodd/disc_options.h"
#include "media/disc.h"

struct disc_making;

/*
 * Starts to make the disc that `file` and `options` describe; the strings of the options are taken
 * over in any case.  NULL, with errno set, when there is no thread or memory for it.
 */
struct disc_making *disc_making_start(const char *file, struct disc_options *options);

/* A descriptor that becomes readable when it is done; stays the making's. */
int disc_making_fd(const struct disc_making *making);

/*
 * When it is done: the disc, which is the caller's then, or NULL.  *files is what it is made of,
 * the caller's too, as RUN_FILE_NEXT_DISC.  *messages is what was said about it, an array of
 * strings, a new reference; NULL when memory was short.
 */
struct disc *disc_making_take(struct disc_making *making, struct run_files *files,
                              json_t **messages);

/* Also before it is done: then its thread goes on by itself and nobody hears of it.  NULL is
 * allowed. */
void disc_making_release(struct disc_making *making);

#endif
