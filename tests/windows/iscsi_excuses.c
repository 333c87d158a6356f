/* SPDX-License-Identifier: MIT */
#include "tests/windows/iscsi_excuses.h"

#include <string.h>

#include "tests/conformance/iscsi_excuses.h"

/* Settings of fault rules. */
static const struct {
    const char *setting, *reason;
} settings[] = {
    {" delay=",               "time is real there: the delay would be waited for in full"                   },
    {" truncate=0 ",          "the kernel takes an answer of no bytes for a full one of zeros"              },
    {"=reservation-conflict", "tcmu-runner has no status for it: BUSY comes"                                },
    {" execute=on",           "the initiator cannot tell whether all data or none came with CHECK CONDITION"},
    {" overrun=",             "LIO reports it as a fault of the transport"                                  },
    {" delivery=",
     "a command without response is ended by the time limits of target and initiator"                       },
};

const char *windows_iscsi_excuse(const struct row *row)
{
    for (const char *const *step = row->steps; *step; step++)
        for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
            if (!strncmp(*step, "fault ", 6) && strstr(*step, settings[i].setting))
                return settings[i].reason;
    return iscsi_excuse(row);
}
