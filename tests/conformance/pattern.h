/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_PATTERN_H
#define TESTS_CONFORMANCE_PATTERN_H

/* Bytes as the rows write them (row.h). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pattern {
    uint8_t *value; /* malloc'ed */
    uint8_t *mask;  /* bits that count */
    size_t length;
    bool open; /* any rest may follow */
};

/* False when `text` (`length` characters) is not well-formed; *pattern is empty then. */
bool pattern_parse(const char *text, size_t length, struct pattern *pattern);
void pattern_release(struct pattern *pattern);

/* Whether the first `limit` bytes of the pattern are what `data` has, no more and no less. */
bool pattern_matches(const struct pattern *pattern, size_t limit, const uint8_t *data,
                     size_t length);

#endif
