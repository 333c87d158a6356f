/* SPDX-License-Identifier: MIT */
#include "handlers/system/clock.h"

#include <time.h>

#define NANOSECONDS  1000000000u
#define TIMEOUT_LAST (86400ull * NANOSECONDS)

uint64_t clock_now(void)
{
    struct timespec time;

    /* Cannot fail: the clock exists on every kernel that runs us. */
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

struct timeval clock_until(uint64_t deadline, uint64_t now)
{
    uint64_t nanoseconds = deadline > now ? deadline - now : 0;

    if (nanoseconds > TIMEOUT_LAST)
        nanoseconds = TIMEOUT_LAST;
    nanoseconds += 999;
    return (struct timeval){
        .tv_sec = (time_t)(nanoseconds / NANOSECONDS),
        .tv_usec = (suseconds_t)(nanoseconds % NANOSECONDS / 1000),
    };
}
