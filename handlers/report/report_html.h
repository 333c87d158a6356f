/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_REPORT_REPORT_HTML_H
#define HANDLERS_REPORT_REPORT_HTML_H

/*
 * The report as one page of HTML that needs nothing else: no network, no script, light or dark as
 * the reader's system is.
 */

#include <stdio.h>

#include "handlers/report/report.h"
#include "handlers/report/report_require.h"

/* `requirements` may be empty.  False when something could not be written. */
bool report_html(const struct report *report, const char *title,
                 const struct report_requirements *requirements, FILE *stream);

/* Its parts. */
extern const char report_style[];
void report_html_authentication(const struct report *report, FILE *stream);
/* The state machine as a drawing. */
void report_svg_authentication(const struct report *report, FILE *stream);

/* Text with what HTML takes for its own replaced; U+FFFD is shown for what is not UTF-8, and what a
 * reader would not see as it is shown as media/shown_text.h has it. */
void report_html_text(const char *text, FILE *stream);
/* "12.5 ms" */
void report_html_time(uint64_t nanoseconds, FILE *stream);

#endif
