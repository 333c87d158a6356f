/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_REPORT_REPORT_INTERNAL_H
#define HANDLERS_REPORT_REPORT_INTERNAL_H

#include "emulator/mmc_cdb.h"
#include "handlers/report/report.h"

/* report_authentication.c: sessions, transitions, AGIDs that were left behind, regions. */
void report_authentication_begin(struct report *report, const struct trace_header *header);
void report_authentication_command(struct report *report, const struct trace_command *command);
void report_authentication_event(struct report *report, const struct trace_event *event);
void report_authentication_end(struct report *report);

/* What a host did that sent `next` after `failed` failed. */
enum report_reaction report_reaction(const uint8_t *failed, const uint8_t *next);

#endif
