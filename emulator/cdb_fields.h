/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_CDB_FIELDS_H
#define EMULATOR_CDB_FIELDS_H

/*
 * The fields of the CDBs under the names that the standards (MMC-6, SPC-3) give them, for whoever
 * shows a command to people: one list for each command of the command table, made from the layouts
 * of mmc_cdb.h.  The control byte is left out, and so are reserved fields.
 */

#include <stddef.h>
#include <stdint.h>

/* What a value of a field means. */
struct cdb_value {
    uint8_t value;
    const char *name;
};

struct cdb_field {
    const char *name;
    uint8_t offset, size;           /* bytes of the CDB, big-endian, 1..4 */
    uint8_t shift, bits;            /* of a field smaller than its byte; `bits` 0: the whole */
    const struct cdb_value *values; /* ended by a row without a name; NULL: just a number */
};

/* The fields of a command, ended by one without a name.  Never NULL. */
const struct cdb_field *cdb_fields(uint8_t operation_code);

/* `cdb` has at least as many bytes as the command table says. */
uint32_t cdb_field_value(const struct cdb_field *field, const uint8_t *cdb);

/* The name of a value, NULL if it has none. */
const char *cdb_value_name(const struct cdb_field *field, uint32_t value);

#endif
