/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emulator/drive.h"

/* What observers hear, and when a drive wants to be woken. */

#define SECTORS     64u
#define MILLISECOND 1000000u
#define EVENTS_MAX  64

struct recorder {
    struct drive_observer observer;
    struct drive_event events[EVENTS_MAX];
    const void *data; /* where the last piece of data lay */
    unsigned count;
};

static struct drive *drive;
static struct drive_nexus *nexus;
static struct recorder recorder;
static struct disc *disc;

static void record(struct drive_observer *observer, const struct drive_event *event)
{
    struct recorder *self = (struct recorder *)observer;
    ck_assert_uint_lt(self->count, EVENTS_MAX);
    if (event->kind == DRIVE_EVENT_DATA_IN)
        self->data = event->data.iov->iov_base;
    self->events[self->count++] = *event;
}

static struct disc *make_disc(void)
{
    char path[] = "/tmp/vodd-test-XXXXXX";
    struct disc_description description;
    int file = mkstemp(path);

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(ftruncate(file, SECTORS * DVD_SECTOR_SIZE), 0);
    disc_description_init(&description);
    description.image = strdup(path);
    description.protection = DISC_PROTECTION_CSS;
    description.scramble_extents.extent = malloc(sizeof(struct disc_extent));
    description.scramble_extents.extent[0] = (struct disc_extent){16, 16, 1};
    description.scramble_extents.count = 1;
    struct disc *made = disc_create(&description, NULL);
    ck_assert_ptr_nonnull(made);
    disc_description_release(&description);
    close(file);
    unlink(path);
    return made;
}

static void set_up_with(int64_t spin_up_time)
{
    struct drive_profile profile;

    drive_profile_init(&profile);
    profile.spin_up_time = spin_up_time;
    profile.css_variant = 13;
    drive = drive_create(&profile, NULL, NULL, 0);
    nexus = drive_nexus_attach(drive, true);
    disc = make_disc();
    recorder = (struct recorder){.observer.event = record};
    drive_observe(drive, &recorder.observer);
}

static void set_up(void)
{
    set_up_with(0);
}

static void tear_down(void)
{
    drive_unobserve(drive, &recorder.observer);
    drive_nexus_detach(nexus);
    drive_destroy(drive);
    disc_release(disc);
}

/* Executes a command and returns what it moved in. */
static struct drive_command execute(const uint8_t *cdb, uint8_t length, void *data, size_t size,
                                    uint64_t now)
{
    struct iovec iov = {data, size};
    struct drive_command command = {
        .nexus = nexus, .cdb_length = length, .data_out = data, .data_out_length = size};
    memcpy(command.cdb, cdb, length);
    drive_execute(drive, &command, &iov, 1, now);
    return command;
}

static const struct drive_event *nth(enum drive_event_kind kind, unsigned n)
{
    for (unsigned i = 0; i < recorder.count; i++)
        if (recorder.events[i].kind == kind && n-- == 0)
            return &recorder.events[i];
    return NULL;
}

static unsigned count(enum drive_event_kind kind)
{
    unsigned events = 0;
    while (nth(kind, events))
        events++;
    return events;
}

START_TEST(insert_and_eject_are_reported)
{
    drive_insert(drive, disc, 0);
    drive_eject(drive, true, 0);
    ck_assert_uint_eq(count(DRIVE_EVENT_MEDIUM), 3);
    ck_assert_int_eq(nth(DRIVE_EVENT_MEDIUM, 0)->medium, DRIVE_MEDIUM_TRAY_OPEN);
    ck_assert_int_eq(nth(DRIVE_EVENT_MEDIUM, 1)->medium, DRIVE_MEDIUM_READY);
    ck_assert_int_eq(nth(DRIVE_EVENT_MEDIUM, 2)->medium, DRIVE_MEDIUM_TRAY_OPEN);
    ck_assert_uint_eq(count(DRIVE_EVENT_UNIT_ATTENTION), 1);
    ck_assert_uint_eq(nth(DRIVE_EVENT_UNIT_ATTENTION, 0)->attention.asc, 0x28);
    ck_assert_ptr_eq(nth(DRIVE_EVENT_UNIT_ATTENTION, 0)->attention.nexus, nexus);
}
END_TEST

START_TEST(commands_are_reported_with_their_times)
{
    static const uint8_t inquiry[6] = {0x12, [4] = 36};
    uint8_t data[36];

    execute(inquiry, sizeof inquiry, data, sizeof data, 5 * MILLISECOND);
    static const enum drive_event_kind kinds[] = {
        DRIVE_EVENT_COMMAND_BEGINS,
        DRIVE_EVENT_COMMAND_EXECUTED,
        DRIVE_EVENT_DATA_IN,
        DRIVE_EVENT_COMMAND,
    };
    ck_assert_uint_eq(recorder.count, 4);
    for (unsigned i = 0; i < recorder.count; i++) {
        ck_assert_int_eq(recorder.events[i].kind, kinds[i]);
        if (kinds[i] == DRIVE_EVENT_DATA_IN)
            continue;
        ck_assert_uint_eq(recorder.events[i].command.began, 5 * MILLISECOND);
        ck_assert(!recorder.events[i].command.given_up);
    }
    ck_assert_uint_eq(recorder.events[2].data.length, 36);
    ck_assert(!recorder.events[2].data.from_medium);
    ck_assert_uint_eq(recorder.events[3].command.finished, 5 * MILLISECOND);
}
END_TEST

START_TEST(an_abandoned_command_is_reported_as_given_up)
{
    struct drive_command command = {
        .nexus = nexus, .cdb = {0x12, [4] = 36},
             .cdb_length = 6
    };

    drive_begin(drive, &command, 0);
    ck_assert(!command.done);
    drive_finish(drive, &command, 0);
    ck_assert(nth(DRIVE_EVENT_COMMAND, 0)->command.given_up);
}
END_TEST

START_TEST(each_authentication_step_is_reported)
{
    static const uint8_t agid[12] = {0xA4, [9] = 8}, send[12] = {0xA3, [9] = 16, [10] = 1},
                         key1[12] = {0xA4, [9] = 12, [10] = 2},
                         report[12] = {0xA4, [9] = 16, [10] = 1},
                         key2[12] = {0xA3, [9] = 12, [10] = 3};
    uint8_t data[16] = {0};

    drive_insert(drive, disc, 0);
    execute((const uint8_t[6]){0}, 6, data, 0, 0);
    execute((const uint8_t[6]){0}, 6, data, 0, 0);
    execute(agid, 12, data, 8, 0);
    memcpy(data, (const uint8_t[4]){0, 14}, 4);
    execute(send, 12, data, 16, 0);
    execute(key1, 12, data, 12, 0);
    execute(report, 12, data, 16, 0);

    struct css_challenge challenge;
    css_reverse(challenge.byte, data + 4, CSS_CHALLENGE_SIZE);
    struct css_key right = css_key2(13, &challenge);
    memcpy(data, (const uint8_t[4]){0, 10}, 4);
    css_reverse(data + 4, right.byte, CSS_KEY_SIZE);
    execute(key2, 12, data, 12, 0);
    ck_assert_uint_eq(count(DRIVE_EVENT_AGID), 5);
    for (unsigned i = 0; i < 5; i++) {
        ck_assert_uint_eq(nth(DRIVE_EVENT_AGID, i)->agid.agid, 0);
        ck_assert_int_eq(nth(DRIVE_EVENT_AGID, i)->agid.from, (int)i);
        ck_assert_int_eq(nth(DRIVE_EVENT_AGID, i)->agid.to, (int)i + 1);
    }
    ck_assert_uint_eq(count(DRIVE_EVENT_AUTHENTICATION), 1);
    ck_assert(nth(DRIVE_EVENT_AUTHENTICATION, 0)->agid.right);
    ck_assert_uint_eq(count(DRIVE_EVENT_ASF), 1);
    ck_assert(nth(DRIVE_EVENT_ASF, 0)->flag);

    struct drive_view view;
    drive_view(drive, &view);
    ck_assert(view.asf);
    ck_assert_int_eq(view.agid[0], CSS_AUTH_AUTHENTICATED);
    ck_assert_int_eq(view.agid[1], CSS_AUTH_FREE);
    ck_assert_uint_eq(view.agids_in_use, 1);
    ck_assert_uint_eq(view.agids_authenticated, 1);
}
END_TEST

START_TEST(prevent_is_reported_once_and_again_when_its_nexus_goes)
{
    static const uint8_t prevent[6] = {0x1E, [4] = 1};
    struct drive_nexus *second = drive_nexus_attach(drive, true);
    struct drive_command command = {.nexus = second, .cdb_length = 6};

    drive_execute(drive, &command, NULL, 0, 0); /* takes the attention */
    memcpy(command.cdb, prevent, sizeof prevent);
    drive_execute(drive, &command, NULL, 0, 0);
    drive_execute(drive, &command, NULL, 0, 0);
    ck_assert_uint_eq(count(DRIVE_EVENT_PREVENT), 1);
    ck_assert(nth(DRIVE_EVENT_PREVENT, 0)->flag);
    ck_assert(!drive_press_eject_button(drive, 0));
    ck_assert_uint_eq(count(DRIVE_EVENT_EJECT_REQUEST), 1);
    drive_nexus_detach(second);
    ck_assert_uint_eq(count(DRIVE_EVENT_PREVENT), 2);
    ck_assert(!nth(DRIVE_EVENT_PREVENT, 1)->flag);
}
END_TEST

START_TEST(the_deadline_is_the_end_of_the_spin_up_and_then_the_idle_timer)
{
    set_up_with(1500);
    drive_insert(drive, disc, 100 * MILLISECOND);
    ck_assert_uint_eq(drive_deadline(drive), 1600 * (uint64_t)MILLISECOND);
    drive_advance(drive, 1599 * (uint64_t)MILLISECOND);
    ck_assert_int_eq(nth(DRIVE_EVENT_MEDIUM, count(DRIVE_EVENT_MEDIUM) - 1)->medium,
                     DRIVE_MEDIUM_BECOMING_READY);
    drive_advance(drive, 1600 * (uint64_t)MILLISECOND);
    ck_assert_int_eq(nth(DRIVE_EVENT_MEDIUM, count(DRIVE_EVENT_MEDIUM) - 1)->medium,
                     DRIVE_MEDIUM_READY);
    ck_assert_uint_eq(drive_deadline(drive), 60100 * (uint64_t)MILLISECOND);
    tear_down();
}
END_TEST

START_TEST(a_reset_says_which_one_it_was)
{
    drive_reset(drive, DRIVE_RESET_BUS, 0);
    ck_assert_uint_eq(count(DRIVE_EVENT_RESET), 1);
    ck_assert_int_eq(nth(DRIVE_EVENT_RESET, 0)->reset, DRIVE_RESET_BUS);
}
END_TEST

START_TEST(data_are_reported_where_they_lie)
{
    static const uint8_t read[10] = {0x28, [5] = 2, [8] = 1};
    uint8_t sector[2048];

    drive_insert(drive, disc, 0);
    execute((const uint8_t[6]){0}, 6, sector, 0, 0);
    execute((const uint8_t[6]){0}, 6, sector, 0, 0);
    execute(read, sizeof read, sector, sizeof sector, 0);
    ck_assert_uint_eq(count(DRIVE_EVENT_DATA_IN), 1);
    ck_assert(nth(DRIVE_EVENT_DATA_IN, 0)->data.from_medium);
    ck_assert_uint_eq(nth(DRIVE_EVENT_DATA_IN, 0)->data.length, sizeof sector);
    ck_assert_ptr_eq(recorder.data, sector);
}
END_TEST

START_TEST(nexuses_are_counted_as_they_come)
{
    struct drive_nexus *second = drive_nexus_attach(drive, true);
    ck_assert_uint_eq(drive_nexus_number(nexus), 1);
    ck_assert_uint_eq(drive_nexus_number(second), 2);
    drive_nexus_detach(second);
    second = drive_nexus_attach(drive, true);
    ck_assert_uint_eq(drive_nexus_number(second), 3);
    drive_nexus_detach(second);
}
END_TEST

START_TEST(two_drives_share_one_disc)
{
    struct drive *other = drive_create(drive_profile(drive), NULL, NULL, 0);

    drive_insert(drive, disc, 0);
    drive_insert(other, disc, 0);
    drive_eject(drive, true, 0);
    struct drive_view view;
    drive_view(other, &view);
    ck_assert_ptr_eq(view.disc, disc);
    ck_assert_uint_eq(disc_sectors(view.disc), SECTORS);
    drive_destroy(other);
}
END_TEST

static Suite *observer_suite(void)
{
    Suite *suite = suite_create("observer");
    TCase *cases = tcase_create("events");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, insert_and_eject_are_reported);
    tcase_add_test(cases, commands_are_reported_with_their_times);
    tcase_add_test(cases, an_abandoned_command_is_reported_as_given_up);
    tcase_add_test(cases, each_authentication_step_is_reported);
    tcase_add_test(cases, prevent_is_reported_once_and_again_when_its_nexus_goes);
    tcase_add_test(cases, a_reset_says_which_one_it_was);
    tcase_add_test(cases, data_are_reported_where_they_lie);
    tcase_add_test(cases, nexuses_are_counted_as_they_come);
    tcase_add_test(cases, two_drives_share_one_disc);
    suite_add_tcase(suite, cases);

    cases = tcase_create("time");
    tcase_add_test(cases, the_deadline_is_the_end_of_the_spin_up_and_then_the_idle_timer);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(observer_suite)
