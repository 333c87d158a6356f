/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_REPORT_REPORT_JSON_H
#define HANDLERS_REPORT_REPORT_JSON_H

/*
 * The report for programs.
 */

#include <jansson.h>

#include "handlers/report/report.h"
#include "handlers/report/report_require.h"

/* A new reference, NULL when memory is short. */
json_t *report_json(const struct report *report, const struct report_requirements *requirements);

#endif
