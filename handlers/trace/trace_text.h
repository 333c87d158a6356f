/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TRACE_TRACE_TEXT_H
#define HANDLERS_TRACE_TRACE_TEXT_H

/*
 * A trace for people.
 */

#include <stdio.h>

#include "handlers/trace/trace.h"

/* Times count from that of the header. */
void trace_text_header(const struct trace_header *header, FILE *stream);
void trace_text_line(const struct trace_header *header, const struct trace_line *line,
                     FILE *stream);

/* One line without a newline: "REPORT KEY, AGID 1, Key Format 04h (title key), ...". */
void trace_text_cdb(const struct trace_command *command, FILE *stream);
/* "05/6F/01 KEY_NOT_PRESENT, copy protection key exchange failure - key not present" */
void trace_text_sense(const struct trace_sense *sense, FILE *stream);
/* "never set", "region 2, 4 changes and 4 vendor resets left" */
void trace_text_region(const struct region_state *region, FILE *stream);

#endif
