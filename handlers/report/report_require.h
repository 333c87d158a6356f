/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_REPORT_REPORT_REQUIRE_H
#define HANDLERS_REPORT_REPORT_REQUIRE_H

/*
 * Thresholds that a report must reach, for continuous integration.
 */

#include <stdio.h>

#include "handlers/report/report.h"
#include "media/diagnostics.h"

enum report_required {
    REPORT_REQUIRE_TRANSITIONS,     /* of the authentication taken: all, N or N% */
    REPORT_REQUIRE_COMMANDS,        /* of the drive used: all, N or N% */
    REPORT_REQUIRE_AUTHENTICATIONS, /* that succeeded: at least N */
    REPORT_REQUIRE_LEAKS,           /* AGIDs left behind: at most N */
    REPORT_REQUIREMENTS,
};
extern const char *const report_requirement_names[REPORT_REQUIREMENTS];

struct report_requirements {
    bool required[REPORT_REQUIREMENTS];
    uint64_t value[REPORT_REQUIREMENTS]; /* at least, for leaks at most */
};

/* "transitions=all,leaks=0".  False after reporting what is wrong. */
bool report_requirements_read(const char *text, struct report_requirements *requirements,
                              struct diagnostics *diagnostics);

/* What the report has of it, and whether that is enough. */
uint64_t report_requirement_actual(const struct report *report, enum report_required required);
bool report_requirement_met(const struct report *report,
                            const struct report_requirements *requirements,
                            enum report_required required);
bool report_requirements_met(const struct report *report,
                             const struct report_requirements *requirements);

/* The names of what is missing, separated by commas: of transitions and commands. */
void report_requirement_missing(const struct report *report, enum report_required required,
                                FILE *stream);

#endif
