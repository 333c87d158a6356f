/* SPDX-License-Identifier: MIT */
#include "tests/conformance/iscsi_excuses.h"

#include <stdlib.h>
#include <string.h>

/* The longest that a row may let time pass: it does pass here. */
#define WAIT_MAX_MILLISECONDS 4000

#define NO_CDB                                                                                     \
    "libtcmu knows no length for CDBs of this group and drops the command: it runs into the time " \
    "limit"
#define ONE_NEXUS "tcmu-runner does not say which initiator sent a command: a LUN has one I_T nexus"

/* Rows with a step that begins so. */
static const struct {
    const char *step, *reason;
} steps[] = {
    {"attach ",            ONE_NEXUS                                                         },
    {"detach ",            ONE_NEXUS                                                         },
    {"2:",                 ONE_NEXUS                                                         },
    {"reset ",             "LIO keeps resets to itself: the drive never hears of them"       },
    {"midway ",            "nothing can happen within a command that is executed in one call"},
    {"store ",             "the storage of the target cannot be broken from here"            },
    {"A0 ",                "the kernel answers REPORT LUNS itself"                           },
    {"6",                  NO_CDB                                                            },
    {"7",                  NO_CDB                                                            },
    {"C",                  NO_CDB                                                            },
    {"D",                  NO_CDB                                                            },
    {"E",                  NO_CDB                                                            },
    {"F",                  NO_CDB                                                            },
    {"sweep-anew 8-9 AD ", "it would take too long: two thousand authentications"            },
    {"lun ",               "LIO answers for LUNs that do not exist"                          },
};

const char *iscsi_excuse(const struct row *row)
{
    for (const char *const *step = row->steps; *step; step++) {
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
            if (!strncmp(*step, steps[i].step, strlen(steps[i].step)))
                return steps[i].reason;
        if (!strncmp(*step, "wait ", 5) && strtol(*step + 5, NULL, 10) > WAIT_MAX_MILLISECONDS)
            return "it would take too long: time is real there";
    }
    return NULL;
}
