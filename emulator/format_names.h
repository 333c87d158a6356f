/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_FORMAT_NAMES_H
#define EMULATOR_FORMAT_NAMES_H

/*
 * What the formats of REPORT KEY, SEND KEY and READ DISC STRUCTURE are called wherever people write
 * of them: fault rules and expectations.
 */

#include <stdint.h>

struct named_code {
    const char *name; /* NULL: the end of a table */
    uint8_t code;
};

extern const struct named_code key_format_names[];
extern const struct named_code structure_format_names[];

#endif
