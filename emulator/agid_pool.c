/* SPDX-License-Identifier: MIT */
#include "emulator/agid_pool.h"

#include <string.h>

void agid_pool_init(struct agid_pool *pool, unsigned size)
{
    memset(pool, 0, sizeof *pool);
    pool->size = size;
}

int agid_pool_lowest_free(const struct agid_pool *pool)
{
    for (unsigned agid = 0; agid < pool->size; agid++)
        if (pool->auth[agid].state == CSS_AUTH_FREE)
            return (int)agid;
    return -1;
}

unsigned agid_pool_victim(const struct agid_pool *pool)
{
    unsigned victim = 0;

    for (unsigned agid = 1; agid < pool->size; agid++) {
        bool authenticated = pool->auth[agid].state == CSS_AUTH_AUTHENTICATED;
        bool victim_authenticated = pool->auth[victim].state == CSS_AUTH_AUTHENTICATED;

        if (authenticated != victim_authenticated) {
            if (victim_authenticated)
                victim = agid;
        } else if (pool->last_used[agid] < pool->last_used[victim]) {
            victim = agid;
        }
    }
    return victim;
}

struct css_auth *agid_pool_use(struct agid_pool *pool, unsigned agid)
{
    pool->last_used[agid] = ++pool->uses;
    return &pool->auth[agid];
}
