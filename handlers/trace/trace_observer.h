/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TRACE_TRACE_OBSERVER_H
#define HANDLERS_TRACE_TRACE_OBSERVER_H

/*
 * Watches a drive and puts together what belongs to each command.  Commands that are under way when
 * the watching begins are left out.
 */

#include "handlers/trace/trace.h"

struct trace_observer;

/* Who wants it.  Called in the middle of the drive's own calls: must not call the drive. */
struct trace_sink {
    /* A command is finished. */
    void (*command)(void *context, const struct trace_command *command);
    /* Something happened that was not a command's doing.  NULL: nobody wants to know. */
    void (*event)(void *context, const struct trace_event *event);
    void *context;
};

/*
 * Watches from now on.  `medium_bytes`: how much is kept of sectors, at most TRACE_DATA_MAX.  NULL
 * when memory is short.
 */
struct trace_observer *trace_observer_create(struct drive *drive, const struct trace_sink *sink,
                                             size_t medium_bytes);
/* How many commands were left out because memory was short. */
uint64_t trace_observer_lost(const struct trace_observer *observer);
/* NULL is allowed. */
void trace_observer_destroy(struct trace_observer *observer);

#endif
