/* SPDX-License-Identifier: MIT */
#include "emulator/fault_catalog.h"

/* clang-format off */
const struct fault_scenario fault_catalog[] = {
    {"becoming-ready", "medium", {"command=REPORT KEY, READ DISC STRUCTURE, READ(10), READ CAPACITY|becoming-ready=15s|times=1"},
     "The drive spins up again for 15 seconds: 02/04/01 for everything that needs the medium.",
     "waits and repeats the command until the drive is ready, without hanging the program for longer than that."},
    {0},
};
/* clang-format on */
