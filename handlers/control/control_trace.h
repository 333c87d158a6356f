/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CONTROL_CONTROL_TRACE_H
#define HANDLERS_CONTROL_CONTROL_TRACE_H

#include "handlers/control/control_internal.h"

/*
 * The trace through the control socket: into a file, and as events for the clients that want it.
 * Commands of the protocol, see control_execute().
 */

json_t *control_trace_start(struct control *control, json_t *arguments,
                            struct control_error *error);
json_t *control_trace_stop(struct control *control, json_t *arguments, struct control_error *error);
json_t *control_trace_watch(struct control *control, json_t *arguments,
                            struct control_error *error);

/* Ends what no client watches any more; `all`: everything, the file included.  False when part of
 * that was lost. */
bool control_trace_end(struct control *control, bool all);

#endif
