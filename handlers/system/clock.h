/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_CLOCK_H
#define HANDLERS_SYSTEM_CLOCK_H

/*
 * The time that servers hand to drives: nanoseconds of CLOCK_MONOTONIC.
 */

#include <stdint.h>
#include <sys/time.h>

#define CLOCK_NEVER UINT64_MAX

uint64_t clock_now(void);

/* How long it is from `now` to `deadline`, rounded up to microseconds and no longer than a day, for
 * a timer of libevent. */
struct timeval clock_until(uint64_t deadline, uint64_t now);

#endif
