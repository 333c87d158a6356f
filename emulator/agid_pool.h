/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_AGID_POOL_H
#define EMULATOR_AGID_POOL_H

/*
 * The authentication grant identifiers of a drive and the authentication that each one stands for.
 * Shared by all I_T nexuses.  A pure machine.
 */

#include <stdbool.h>
#include <stdint.h>

#include "emulator/css_auth.h"
#include "emulator/profile.h"

struct agid_pool {
    struct css_auth auth[PROFILE_AGIDS_MAX];
    uint64_t last_used[PROFILE_AGIDS_MAX]; /* order of use, for recycling */
    uint64_t uses;
    unsigned size; /* AGIDs 0..size-1 exist */
};

/* `size`: 1..4. */
void agid_pool_init(struct agid_pool *pool, unsigned size);

/* The lowest free AGID, or -1.  Does not grant it. */
int agid_pool_lowest_free(const struct agid_pool *pool);

/* The AGID to take back when none is free: the least recently used, one that is not authenticated
 * first. */
unsigned agid_pool_victim(const struct agid_pool *pool);

/* The authentication of an AGID (0..3), noted as used; one that does not exist is for ever free. */
struct css_auth *agid_pool_use(struct agid_pool *pool, unsigned agid);

#endif
