/* SPDX-License-Identifier: MIT */
#include "tests/support/fault_log.h"

#include <stdio.h>
#include <string.h>

static void keep(void *context, const char *text)
{
    struct fault_log *log = context;
    size_t used = strlen(log->text);
    snprintf(log->text + used, sizeof log->text - used, "%s\n", text);
}

void fault_log_init(struct fault_log *log)
{
    log->text[0] = 0;
    log->diagnostics = (struct diagnostics){.report = keep, .context = log};
}
