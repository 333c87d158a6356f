/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include "emulator/agid_pool.h"
#include "media/random.h"

START_TEST(lowest_free_agid_first)
{
    for (unsigned size = 1; size <= PROFILE_AGIDS_MAX; size++) {
        struct agid_pool pool;
        agid_pool_init(&pool, size);
        for (unsigned agid = 0; agid < size; agid++) {
            ck_assert_int_eq(agid_pool_lowest_free(&pool), (int)agid);
            css_auth_grant(agid_pool_use(&pool, agid));
        }
        ck_assert_int_eq(agid_pool_lowest_free(&pool), -1);
        css_auth_release(&pool.auth[size / 2]);
        ck_assert_int_eq(agid_pool_lowest_free(&pool), (int)(size / 2));
    }
}
END_TEST

START_TEST(victim_is_the_least_recently_used)
{
    struct agid_pool pool;
    agid_pool_init(&pool, 4);
    for (unsigned agid = 0; agid < 4; agid++)
        css_auth_grant(agid_pool_use(&pool, agid));
    agid_pool_use(&pool, 0);
    agid_pool_use(&pool, 1);
    ck_assert_uint_eq(agid_pool_victim(&pool), 2);
}
END_TEST

START_TEST(victim_is_authenticated_only_when_all_are)
{
    struct agid_pool pool;
    agid_pool_init(&pool, 4);
    for (unsigned agid = 0; agid < 4; agid++)
        agid_pool_use(&pool, agid)->state = CSS_AUTH_AUTHENTICATED;
    ck_assert_uint_eq(agid_pool_victim(&pool), 0);
    pool.auth[3].state = CSS_AUTH_GRANTED;
    ck_assert_uint_eq(agid_pool_victim(&pool), 3);
    pool.auth[1].state = CSS_AUTH_KEY1;
    ck_assert_uint_eq(agid_pool_victim(&pool), 1);
}
END_TEST

/* The obvious pool: a list of AGIDs in the order of their last use. */
struct reference {
    unsigned order[PROFILE_AGIDS_MAX];
    bool granted[PROFILE_AGIDS_MAX], authenticated[PROFILE_AGIDS_MAX];
    unsigned size;
};

static void reference_use(struct reference *reference, unsigned agid)
{
    unsigned at = 0;
    while (reference->order[at] != agid)
        at++;
    for (; at + 1 < reference->size; at++)
        reference->order[at] = reference->order[at + 1];
    reference->order[reference->size - 1] = agid;
}

static int reference_lowest_free(const struct reference *reference)
{
    for (unsigned agid = 0; agid < reference->size; agid++)
        if (!reference->granted[agid])
            return (int)agid;
    return -1;
}

static unsigned reference_victim(const struct reference *reference)
{
    for (unsigned at = 0; at < reference->size; at++)
        if (!reference->authenticated[reference->order[at]])
            return reference->order[at];
    return reference->order[0];
}

static void step(struct agid_pool *pool, struct reference *reference, unsigned agid,
                 unsigned action)
{
    struct css_auth *auth = &pool->auth[agid];

    switch (action) {
    case 0:
        if (auth->state == CSS_AUTH_FREE)
            css_auth_grant(agid_pool_use(pool, agid));
        else
            agid_pool_use(pool, agid);
        reference->granted[agid] = true;
        reference_use(reference, agid);
        break;
    case 1:
        if (auth->state != CSS_AUTH_FREE)
            auth->state = CSS_AUTH_AUTHENTICATED;
        reference->authenticated[agid] = reference->granted[agid];
        break;
    default:
        css_auth_release(auth);
        reference->granted[agid] = reference->authenticated[agid] = false;
        break;
    }
}

static void walk(unsigned size, uint64_t seed)
{
    struct random random;
    random_init(&random, seed, "agid pool");

    struct agid_pool pool;
    struct reference reference = {.size = size};
    agid_pool_init(&pool, size);
    for (unsigned agid = 0; agid < size; agid++)
        reference.order[agid] = agid;
    for (unsigned agid = 0; agid < size; agid++)
        step(&pool, &reference, agid, 0);
    for (int i = 0; i < 1000; i++) {
        uint64_t choice = random_next(&random);
        step(&pool, &reference, (unsigned)(choice % size), (unsigned)(choice >> 32) % 3);
        ck_assert_int_eq(agid_pool_lowest_free(&pool), reference_lowest_free(&reference));
        if (agid_pool_lowest_free(&pool) < 0)
            ck_assert_uint_eq(agid_pool_victim(&pool), reference_victim(&reference));
    }
}

START_TEST(random_sequences_agree_with_the_obvious_pool)
{
    for (unsigned size = 1; size <= PROFILE_AGIDS_MAX; size++)
        for (uint64_t seed = 0; seed < 50; seed++)
            walk(size, seed);
}
END_TEST

static Suite *agid_pool_suite(void)
{
    Suite *suite = suite_create("agid_pool");
    TCase *cases = tcase_create("pool");
    tcase_add_test(cases, lowest_free_agid_first);
    tcase_add_test(cases, victim_is_the_least_recently_used);
    tcase_add_test(cases, victim_is_authenticated_only_when_all_are);
    tcase_add_test(cases, random_sequences_agree_with_the_obvious_pool);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(agid_pool_suite)
