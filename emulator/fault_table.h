/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_FAULT_TABLE_H
#define EMULATOR_FAULT_TABLE_H

/*
 * The settings of a fault rule, one row for each: the part of fault_rule.c that is a table.
 */

#include "emulator/fault_internal.h"
#include "media/settings.h"

enum fault_row {
    FAULT_ROW_COMMAND,
    FAULT_ROW_CDB,
    FAULT_ROW_KEY_FORMAT,
    FAULT_ROW_STRUCTURE_FORMAT,
    FAULT_ROW_AGID,
    FAULT_ROW_AUTHENTICATION,
    FAULT_ROW_ASF,
    FAULT_ROW_LBA,
    FAULT_ROW_AFTER,
    FAULT_ROW_BEFORE,
    FAULT_ROW_NTH,
    FAULT_ROW_PROBABILITY,
    FAULT_ROW_TIMES,
    FAULT_ROW_SENSE, /* from here on: effects */
    FAULT_ROW_SENSE_DATA,
    FAULT_ROW_STATUS,
    FAULT_ROW_ANSWER,
    FAULT_ROW_HEADER_LENGTH,
    FAULT_ROW_TRUNCATE,
    FAULT_ROW_OVERRUN,
    FAULT_ROW_PATCH,
    FAULT_ROW_FLIP,
    FAULT_ROW_WRONG_KEY,
    FAULT_ROW_STALE,
    FAULT_ROW_MISREAD,
    FAULT_ROW_DELAY,
    FAULT_ROW_DELIVERY,
    FAULT_ROW_RESET,
    FAULT_ROW_BECOMING_READY,
    FAULT_ROW_VANISH,
    FAULT_ROW_EXHAUST_AGIDS,
    FAULT_ROW_DROP_AGIDS,
    FAULT_ROW_DROP_ASF,
    FAULT_ROW_DROP_ATTENTION,
    FAULT_ROW_REGION_LAG,
    FAULT_ROW_INFORMATION, /* from here on: of other effects */
    FAULT_ROW_EXECUTE,
    FAULT_ROWS,
};

extern const struct setting fault_table[FAULT_ROWS + 1];

#endif
