/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_SENSE_H
#define TESTS_CONFORMANCE_SENSE_H

/* What the rows say about sense data (row.h). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sense_expectation {
    /* Key, additional sense code, qualifier; digits that may be any are 0 in the mask. */
    uint8_t code[3], mask[3];
    /* Sense-key specific bytes: field pointer to the CDB or the parameter list. */
    bool pointer, pointer_to_cdb, any_pointer;
    unsigned pointer_first, pointer_last;
    enum {
        SENSE_BIT_ANY, /* any bit pointer or none will do */
        SENSE_BIT_NONE,
        SENSE_BIT_EXACT, /* to `bit` */
    } bit_pointer;
    unsigned bit;
    /* INFORMATION. */
    enum {
        SENSE_INFORMATION_INVALID,
        SENSE_INFORMATION_VALID,
        SENSE_INFORMATION_OPTIONAL,
    } information;
    uint32_t lba;
};

/* "05/24/00 cdb 4.2 lba 101"; false when it is not well-formed. */
bool sense_parse(const char *text, size_t length, struct sense_expectation *expectation);

/* Whether the 18 bytes are fixed-format sense of exactly that; otherwise why not goes into `why`.
 */
bool sense_matches(const struct sense_expectation *expectation, const uint8_t sense[18], char *why,
                   size_t size);

#endif
