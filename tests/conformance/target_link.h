/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_TARGET_LINK_H
#define TESTS_CONFORMANCE_TARGET_LINK_H

/*
 * The way to the operator of the target guest (tests/guest/programs/target_operator.c): one line
 * there, one line back.
 */

#include <stdbool.h>
#include <stddef.h>

struct target_link;

/* NULL after a message on standard error. */
struct target_link *target_link_open(const char *address);
void target_link_close(struct target_link *link);

/* The answer, without its newline, lives until the next call; NULL when the link is broken. */
__attribute__((format(printf, 2, 3))) const char *target_link_ask(struct target_link *link,
                                                                  const char *format, ...);

/* Writes a file in the guest. */
bool target_link_write(struct target_link *link, const char *path, const char *bytes, size_t size);

#endif
