/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include "emulator/event_queue.h"

static uint8_t take(struct event_queue *queue, enum event_class event_class)
{
    uint8_t code = event_queue_peek(queue, event_class);
    event_queue_remove(queue, event_class);
    return code;
}

START_TEST(events_leave_in_order_and_once)
{
    struct event_queue queue = {0};
    event_queue_add(&queue, EVENT_CLASS_MEDIA, EVENT_MEDIA_REMOVAL);
    event_queue_add(&queue, EVENT_CLASS_MEDIA, EVENT_MEDIA_NEW);
    ck_assert_uint_eq(take(&queue, EVENT_CLASS_MEDIA), EVENT_MEDIA_REMOVAL);
    ck_assert_uint_eq(take(&queue, EVENT_CLASS_MEDIA), EVENT_MEDIA_NEW);
    ck_assert_uint_eq(take(&queue, EVENT_CLASS_MEDIA), 0);
}
END_TEST

START_TEST(classes_are_separate)
{
    struct event_queue queue = {0};
    event_queue_add(&queue, EVENT_CLASS_POWER_MANAGEMENT, EVENT_POWER_CHANGED);
    ck_assert_uint_eq(event_queue_peek(&queue, EVENT_CLASS_MEDIA), 0);
    ck_assert_uint_eq(event_queue_peek(&queue, EVENT_CLASS_POWER_MANAGEMENT), 1);
}
END_TEST

START_TEST(removal_drops_an_unread_arrival)
{
    struct event_queue queue = {0};
    event_queue_add(&queue, EVENT_CLASS_MEDIA, EVENT_MEDIA_NEW);
    event_queue_add(&queue, EVENT_CLASS_MEDIA, EVENT_MEDIA_REMOVAL);
    ck_assert_uint_eq(take(&queue, EVENT_CLASS_MEDIA), EVENT_MEDIA_REMOVAL);
    ck_assert_uint_eq(take(&queue, EVENT_CLASS_MEDIA), 0);
}
END_TEST

START_TEST(eject_request_is_not_repeated_while_unread)
{
    struct event_queue queue = {0};
    event_queue_add(&queue, EVENT_CLASS_MEDIA, EVENT_MEDIA_EJECT_REQUEST);
    event_queue_add(&queue, EVENT_CLASS_MEDIA, EVENT_MEDIA_EJECT_REQUEST);
    ck_assert_uint_eq(take(&queue, EVENT_CLASS_MEDIA), EVENT_MEDIA_EJECT_REQUEST);
    ck_assert_uint_eq(take(&queue, EVENT_CLASS_MEDIA), 0);
    event_queue_add(&queue, EVENT_CLASS_MEDIA, EVENT_MEDIA_EJECT_REQUEST);
    ck_assert_uint_eq(take(&queue, EVENT_CLASS_MEDIA), EVENT_MEDIA_EJECT_REQUEST);
}
END_TEST

START_TEST(overflow_drops_the_oldest)
{
    struct event_queue queue = {0};
    for (uint8_t code = 1; code <= EVENT_QUEUE_DEPTH + 2; code++)
        event_queue_add(&queue, EVENT_CLASS_POWER_MANAGEMENT, code);
    for (uint8_t code = 3; code <= EVENT_QUEUE_DEPTH + 2; code++)
        ck_assert_uint_eq(take(&queue, EVENT_CLASS_POWER_MANAGEMENT), code);
    ck_assert_uint_eq(take(&queue, EVENT_CLASS_POWER_MANAGEMENT), 0);
}
END_TEST

/* Discs that come and go unread: no removal is parted from what followed it. */
START_TEST(overflow_of_media_drops_the_oldest_pair)
{
    struct event_queue queue = {0};
    for (unsigned i = 0; i < EVENT_QUEUE_DEPTH; i++) {
        event_queue_add(&queue, EVENT_CLASS_MEDIA, EVENT_MEDIA_REMOVAL);
        event_queue_add(&queue, EVENT_CLASS_MEDIA, EVENT_MEDIA_NEW);
    }
    for (unsigned i = 0; i < EVENT_QUEUE_DEPTH - 2; i++)
        ck_assert_uint_eq(take(&queue, EVENT_CLASS_MEDIA), EVENT_MEDIA_REMOVAL);
    ck_assert_uint_eq(take(&queue, EVENT_CLASS_MEDIA), EVENT_MEDIA_NEW);
    ck_assert_uint_eq(take(&queue, EVENT_CLASS_MEDIA), 0);
}
END_TEST

static Suite *event_queue_suite(void)
{
    Suite *suite = suite_create("event_queue");
    TCase *cases = tcase_create("queue");
    tcase_add_test(cases, events_leave_in_order_and_once);
    tcase_add_test(cases, classes_are_separate);
    tcase_add_test(cases, removal_drops_an_unread_arrival);
    tcase_add_test(cases, eject_request_is_not_repeated_while_unread);
    tcase_add_test(cases, overflow_drops_the_oldest);
    tcase_add_test(cases, overflow_of_media_drops_the_oldest_pair);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(event_queue_suite)
