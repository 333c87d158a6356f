/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HOST_TRANSCRIPT_H
#define TESTS_HOST_TRANSCRIPT_H

/*
 * What a program that plays the host shows: for people, a story with results; as TAP the same as
 * comments and each result as a test line.
 */

#include "tests/host/css_host.h"

struct transcript {
    struct host_listener listener; /* shows each message; hand it to css_host_init() */
    bool tap;
    bool brief; /* successful messages are not shown */
    unsigned checks, failures;
};

void transcript_begin(struct transcript *transcript, bool tap);
/* Prints the TAP plan or a summary.  Returns whether every check was right. */
bool transcript_end(const struct transcript *transcript);

__attribute__((format(printf, 2, 3))) void transcript_heading(struct transcript *transcript,
                                                              const char *format, ...);
__attribute__((format(printf, 2, 3))) void transcript_say(struct transcript *transcript,
                                                          const char *format, ...);
/* Counts and prints one result.  Returns `right`. */
__attribute__((format(printf, 3, 4))) bool transcript_check(struct transcript *transcript,
                                                            bool right, const char *format, ...);

/* Prints a result that nobody could look at, and why; it is no failure.  Returns false. */
__attribute__((format(printf, 3, 4))) bool
transcript_skip(struct transcript *transcript, const char *reason, const char *format, ...);

#define TRANSCRIPT_HEX_SIZE (3 * 16)
/* `size` bytes (at most 16) as "12 34 56" into `text`, which it returns. */
const char *transcript_hex(char text[TRANSCRIPT_HEX_SIZE], const uint8_t *bytes, size_t size);

#define TRANSCRIPT_REFUSAL_SIZE 96
/* "05/6F/03, INFORMATION 1234" or what errno says. */
const char *transcript_refusal(char text[TRANSCRIPT_REFUSAL_SIZE],
                               const struct host_refusal *refusal);

#endif
