/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_FAULT_LOG_H
#define TESTS_SUPPORT_FAULT_LOG_H

/*
 * A sink for diagnostics that keeps all lines, for comparing messages word by word.
 */

#include "media/diagnostics.h"

struct fault_log {
    struct diagnostics diagnostics;
    char text[16384]; /* each line ended by a newline; what does not fit is left out */
};

void fault_log_init(struct fault_log *log);

#endif
