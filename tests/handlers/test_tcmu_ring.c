/* SPDX-License-Identifier: MIT */
#include "handlers/tcmu/tcmu_ring.h"

#include <string.h>

#include "tests/support/tcmu_ring_host.h"
#include "tests/tap.h"

static _Alignas(64) unsigned char ring[RING_HOST_SIZE];

START_TEST(the_mailbox_says_whether_lengths_are_taken)
{
    ring_host_init(ring, true);
    ck_assert(tcmu_ring_takes_lengths(ring, sizeof(ring)));
    ring_host_init(ring, false);
    ck_assert(!tcmu_ring_takes_lengths(ring, sizeof(ring)));
}
END_TEST

START_TEST(another_version_or_an_impossible_ring_is_left_alone)
{
    ring_host_init(ring, true);
    ring_host_put(ring, 1);
    ring_host_set_version(ring, 1);
    ck_assert(!tcmu_ring_takes_lengths(ring, sizeof(ring)));
    ck_assert(!tcmu_ring_set_length(ring, sizeof(ring), 7));
    ring_host_set_version(ring, 2);
    ck_assert(tcmu_ring_takes_lengths(ring, sizeof(ring)));
    ring_host_set_size(ring, sizeof(ring));
    ck_assert(!tcmu_ring_takes_lengths(ring, sizeof(ring)));
    ring_host_set_size(ring, 16);
    ck_assert(!tcmu_ring_takes_lengths(ring, sizeof(ring)));
    ck_assert(!tcmu_ring_takes_lengths(ring, 8));
}
END_TEST

START_TEST(the_oldest_open_entry_gets_the_length)
{
    uint32_t length;

    ring_host_init(ring, true);
    ck_assert_msg(!tcmu_ring_set_length(ring, sizeof(ring), 7), "an empty ring");
    ring_host_put(ring, 1);
    ring_host_put(ring, 2);
    ck_assert(tcmu_ring_set_length(ring, sizeof(ring), 36));
    ck_assert(ring_host_complete(ring, 1, &length));
    ck_assert_uint_eq(length, 36);
    ck_assert(!ring_host_complete(ring, 2, &length));
}
END_TEST

START_TEST(padding_is_skipped_wherever_the_ring_wraps)
{
    uint32_t length;

    ring_host_init(ring, true);
    for (uint16_t id = 1; id < 100; id++) {
        ring_host_put(ring, id);
        ck_assert(tcmu_ring_set_length(ring, sizeof(ring), id));
        ck_assert(ring_host_complete(ring, id, &length));
        ck_assert_uint_eq(length, id);
    }
}
END_TEST

START_TEST(a_ring_of_padding_only_has_no_entry)
{
    ring_host_init(ring, true);
    ring_host_put_pad(ring);
    ck_assert(!tcmu_ring_set_length(ring, sizeof(ring), 7));
}
END_TEST

static Suite *ring_suite(void)
{
    Suite *suite = suite_create("tcmu_ring");
    TCase *tcase = tcase_create("ring");

    tcase_add_test(tcase, the_mailbox_says_whether_lengths_are_taken);
    tcase_add_test(tcase, another_version_or_an_impossible_ring_is_left_alone);
    tcase_add_test(tcase, the_oldest_open_entry_gets_the_length);
    tcase_add_test(tcase, padding_is_skipped_wherever_the_ring_wraps);
    tcase_add_test(tcase, a_ring_of_padding_only_has_no_entry);
    suite_add_tcase(suite, tcase);
    return suite;
}

TAP_MAIN(ring_suite)
