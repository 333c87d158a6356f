/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TRACE_TRACE_JSON_H
#define HANDLERS_TRACE_TRACE_JSON_H

/*
 * The lines of a trace as JSON objects, in both directions.
 */

#include <jansson.h>

#include "handlers/trace/trace.h"

/* New references; NULL when memory is short. */
json_t *trace_json_header(const struct trace_header *header);
json_t *trace_json_command(const struct trace_command *command);
json_t *trace_json_event(const struct trace_event *event);
json_t *trace_json_loss(const struct trace_loss *loss);
json_t *trace_json_end(const struct trace_end *end);
json_t *trace_json_line(const struct trace_line *line);

/* What is wrong with a line. */
struct trace_fault {
    size_t column;  /* from 1 */
    char text[400]; /* with the value and the accepted form */
};

/*
 * Reads one line of `length` bytes (NUL-terminated).  False with `fault` filled when it is not one
 * of a trace.  A command without a number has number 0.
 */
bool trace_json_parse(const char *text, size_t length, struct trace_line *line,
                      struct trace_fault *fault);

/* The names of statuses, as the SCSI Architecture Model has them; NULL for one that it has not. */
const char *trace_status_name(enum drive_status status);

#define TRACE_FAULT_CHANGES (DRIVE_FAULT_REMOVED + 1)
extern const char *const trace_fault_changes[TRACE_FAULT_CHANGES];

/* The names of events, NULL for kinds that a trace does not have. */
const char *trace_event_name(enum drive_event_kind kind);

#endif
