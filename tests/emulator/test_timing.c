/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emulator/drive.h"
#include "emulator/geometry.h"
#include "media/settings.h"

/*
 * How long commands take: the delay that a transport waits, and what the drive tells meanwhile.  In
 * virtual time, to the nanosecond.
 */

#define MS      UINT64_C(1000000)
#define SECONDS (1000 * MS)
/* Two layers of a short disc. */
#define SECTORS     131072u
#define LAYER_BREAK 65536u
/* Of the profile's defaults: tray 1.5 s, start 2 s, identification 5 s. */
#define TIME_TO_READY (2 * 1500 * MS + 7000 * MS)

static struct drive *drive;
static struct drive_nexus *nexus;
static uint64_t now;
static uint8_t data[1 << 20];
static struct disc *disc;

static void make_disc(void)
{
    char path[] = "/tmp/vodd-test-XXXXXX";
    struct disc_description description;
    int file = mkstemp(path);

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(ftruncate(file, (off_t)SECTORS * DVD_SECTOR_SIZE), 0);
    disc_description_init(&description);
    description.image = strdup(path);
    description.layers = 2;
    description.track_path = DISC_TRACK_PATH_OPPOSITE;
    description.layer_break = LAYER_BREAK;
    disc = disc_create(&description, NULL);
    ck_assert_ptr_nonnull(disc);
    disc_description_release(&description);
    close(file);
    unlink(path);
}

static void switch_on(int timing)
{
    struct drive_profile profile;

    drive_profile_init(&profile);
    profile.timing = timing;
    now = 1 * SECONDS;
    drive = drive_create(&profile, NULL, NULL, now);
    nexus = drive_nexus_attach(drive, true);
    make_disc();
}

/* Executes a command in hexadecimal and lets its delay pass. */
static struct drive_command execute(const char *cdb)
{
    static struct drive_command command;
    struct iovec iov = {data, sizeof data};

    command = (struct drive_command){.nexus = nexus};
    long length = settings_hex_bytes(cdb, command.cdb, sizeof command.cdb);
    ck_assert_int_ge(length, 6);
    command.cdb_length = (uint8_t)length;
    drive_begin(drive, &command, now);
    now += command.delay;
    while (!command.done)
        drive_data_in(drive, &command, &iov, 1);
    drive_finish(drive, &command, now);
    return command;
}

/* The delay of a command that must be GOOD. */
static uint64_t delay(const char *cdb)
{
    struct drive_command command = execute(cdb);
    ck_assert_msg(command.status == DRIVE_STATUS_GOOD, "%s: %02X/%02X/%02X", cdb, command.sense[2],
                  command.sense[12], command.sense[13]);
    return command.delay;
}

static uint64_t delay_of_read(uint32_t lba, unsigned sectors)
{
    char cdb[40];
    snprintf(cdb, sizeof cdb, "28 00 %02x%02x%02x%02x 00 %04x 00", lba >> 24, lba >> 16 & 0xFF,
             lba >> 8 & 0xFF, lba & 0xFF, sectors);
    return delay(cdb);
}

static void take_attentions(void)
{
    while (execute("00 00 00 00 00 00").status != DRIVE_STATUS_GOOD)
        ;
    execute("4A 01 00 00 40 00 00 0008 00"); /* the busy event of becoming ready */
}

static void set_up(void)
{
    switch_on(TIMING_REALISTIC);
    drive_insert(drive, disc, now);
    now += TIME_TO_READY;
    take_attentions();
}

static void set_up_empty(void)
{
    switch_on(TIMING_REALISTIC);
    execute("00 00 00 00 00 00");
}

static void set_up_instant(void)
{
    switch_on(TIMING_INSTANT);
    drive_insert(drive, disc, now);
    take_attentions();
}

static void tear_down(void)
{
    drive_nexus_detach(nexus);
    drive_destroy(drive);
    disc_release(disc);
}

static enum drive_medium_state medium(void)
{
    struct drive_view view;
    drive_advance(drive, now);
    drive_view(drive, &view);
    return view.medium;
}

START_TEST(a_disc_is_ready_after_tray_spindle_and_identification)
{
    drive_insert(drive, disc, now);
    ck_assert_uint_eq(drive_deadline(drive), now + TIME_TO_READY);
    now += TIME_TO_READY - 1;
    ck_assert_int_eq(medium(), DRIVE_MEDIUM_BECOMING_READY);
    now++;
    ck_assert_int_eq(medium(), DRIVE_MEDIUM_READY);
}
END_TEST

START_TEST(eject_takes_the_tray_time)
{
    ck_assert_uint_eq(delay("1B 00 00 00 02 00"), 1500 * MS);
    ck_assert_uint_eq(delay("1B 00 00 00 02 00"), 0);
}
END_TEST

START_TEST(eject_with_immed_takes_none_and_the_next_one_the_rest)
{
    ck_assert_uint_eq(delay("1B 01 00 00 02 00"), 0);
    now += 500 * MS;
    ck_assert_uint_eq(delay("1B 00 00 00 02 00"), 1000 * MS);
}
END_TEST

START_TEST(load_takes_tray_spindle_and_identification)
{
    delay("1B 00 00 00 02 00");
    ck_assert_uint_eq(delay("1B 00 00 00 03 00"), 1500 * MS + 7000 * MS);
    ck_assert_int_eq(medium(), DRIVE_MEDIUM_READY);
}
END_TEST

START_TEST(load_of_an_empty_tray_takes_the_tray_time)
{
    delay("1B 00 00 00 02 00");
    ck_assert_uint_eq(delay("1B 00 00 00 03 00"), 1500 * MS);
    ck_assert_int_eq(medium(), DRIVE_MEDIUM_ABSENT);
}
END_TEST

START_TEST(an_operator_who_is_quick_waits_for_the_tray)
{
    drive_press_eject_button(drive, now);
    now += 1000 * MS;
    drive_press_eject_button(drive, now);
    ck_assert_uint_eq(drive_deadline(drive), now + 500 * MS + 1500 * MS + 7000 * MS);
}
END_TEST

START_TEST(a_reset_identifies_a_disc_that_turns)
{
    drive_reset(drive, DRIVE_RESET_HARD, now);
    ck_assert_uint_eq(drive_deadline(drive), now + 5000 * MS);
}
END_TEST

START_TEST(a_read_takes_half_a_turn_and_the_pass_of_its_blocks)
{
    struct rotation rotation = {22160, 22160, true};
    struct geometry geometry = geometry_of(disc);

    /* 16x, 24 mm, two layers: one turn in 5.93 ms; 16 sectors at 9169 kB/s. */
    ck_assert_uint_eq(rotation_turn(&rotation, &geometry, GEOMETRY_RADIUS_INSIDE), 5929945);
    ck_assert_uint_eq(rotation_pass(&rotation, &geometry, 0, 16), 3573782);
    ck_assert_uint_eq(delay_of_read(0, 1), 5929945 / 2 + 3573782);
}
END_TEST

START_TEST(a_read_of_the_buffer_takes_no_time)
{
    delay_of_read(0, 16);
    ck_assert_uint_eq(delay_of_read(0, 16), 0);
    ck_assert_uint_eq(delay_of_read(5, 1), 0);
}
END_TEST

START_TEST(fua_and_verify_do_not_take_the_buffer)
{
    delay_of_read(0, 16);
    ck_assert_uint_gt(delay("28 08 00000000 00 0010 00"), 0);
    ck_assert_uint_gt(delay("2F 00 00000000 00 0010 00"), 0);
    ck_assert_uint_gt(delay("2F 00 00000000 00 0010 00"), 0);
}
END_TEST

START_TEST(seek_takes_no_time_but_the_next_read_its_rest)
{
    ck_assert_uint_eq(delay("2B 00 0000F000 00 0000 00"), 0);
    uint64_t begun = now;
    uint64_t rest = delay_of_read(0xF000, 1);
    ck_assert_uint_gt(rest, 50 * MS);
    ck_assert_uint_eq(now, begun + rest);
    now += 1 * SECONDS;
    delay("2B 00 00000000 00 0000 00");
    now += 1 * SECONDS;
    ck_assert_uint_eq(delay_of_read(0, 1), 0);
}
END_TEST

START_TEST(commands_that_read_no_sector_take_no_time)
{
    static const char *const cdbs[] = {
        "12 00 00 00 24 00",
        "25 00 00000000 0000 00 00",
        "43 00 00 00 00 00 00 00 0C 00",
        "51 00 00 00 00 00 00 00 22 00",
        "AD 00 00000000 00 00 0804 00 00",
        "46 00 0000 000000 0100 00",
        "4A 01 00 00 10 00 00 0008 00",
        "5A 00 3F 00 000000 00FF 00",
        "28 00 00000000 00 0000 00",
    };

    ck_assert_uint_eq(delay(cdbs[_i]), 0);
}
END_TEST

START_TEST(a_stop_costs_the_next_read_a_start)
{
    delay_of_read(0, 1);
    now += 1 * SECONDS; /* the buffer is full, the pick-up waits */
    uint64_t there = delay_of_read(0x8000, 1);
    delay_of_read(0, 1);
    now += 1 * SECONDS;
    delay("1B 00 00 00 00 00");
    now += 50 * SECONDS;
    ck_assert_uint_eq(delay_of_read(0x8000, 1), there + 2000 * MS);
}
END_TEST

START_TEST(start_after_stop_takes_the_start_time)
{
    delay("1B 00 00 00 00 00");
    ck_assert_uint_eq(delay("1B 00 00 00 01 00"), 2000 * MS);
    ck_assert_uint_eq(delay("1B 00 00 00 01 00"), 0);
}
END_TEST

START_TEST(start_with_immed_is_becoming_ready_to_the_nanosecond)
{
    delay("1B 00 00 00 00 00");
    ck_assert_uint_eq(delay("1B 01 00 00 01 00"), 0);
    now += 2000 * MS - 1;
    struct drive_command command = execute("00 00 00 00 00 00");
    ck_assert_uint_eq(command.sense[2], 0x02);
    ck_assert_uint_eq(command.sense[12], 0x04);
    ck_assert_uint_eq(command.sense[13], 0x01);
    now++;
    ck_assert_uint_eq(delay("00 00 00 00 00 00"), 0);
}
END_TEST

START_TEST(the_idle_timer_costs_the_next_read_the_wake_time)
{
    delay_of_read(0, 1);
    now += 1 * SECONDS; /* the buffer is full, the pick-up waits */
    uint64_t there = delay_of_read(0x8000, 1);
    delay_of_read(0, 1);
    now += 61 * SECONDS;
    ck_assert_uint_eq(delay_of_read(0x8000, 1), there + 300 * MS);
}
END_TEST

START_TEST(the_standby_timer_costs_the_next_read_a_start)
{
    delay_of_read(0, 1);
    now += 1 * SECONDS; /* the buffer is full, the pick-up waits */
    uint64_t there = delay_of_read(0x8000, 1);
    delay_of_read(0, 1);
    now += 481 * SECONDS;
    ck_assert_uint_eq(delay_of_read(0x8000, 1), there + 2000 * MS);
}
END_TEST

START_TEST(test_unit_ready_starts_no_spindle)
{
    delay("1B 00 00 00 30 00");
    ck_assert_uint_eq(delay("00 00 00 00 00 00"), 0);
    now += 60 * SECONDS;
    ck_assert_uint_ge(delay_of_read(0, 1), 2000 * MS);
}
END_TEST

START_TEST(sleep_loses_the_buffer_and_standby_does_not)
{
    delay_of_read(0, 1);
    delay("1B 00 00 00 30 00");
    ck_assert_uint_eq(delay_of_read(0, 1), 0);
    delay("1B 00 00 00 50 00");
    ck_assert_uint_ge(delay_of_read(0, 1), 2000 * MS);
}
END_TEST

START_TEST(the_active_power_condition_takes_the_start_time)
{
    delay("1B 00 00 00 30 00");
    ck_assert_uint_eq(delay("1B 00 00 00 10 00"), 2000 * MS);
}
END_TEST

START_TEST(the_busy_class_counts_down_in_tenths_of_a_second)
{
    delay("1B 01 00 00 02 00");
    now += 450 * MS;
    delay("4A 01 00 00 40 00 00 0008 00");
    ck_assert_mem_eq(data, "\0\6\6\x56\1\2\0\x0B", 8); /* 1.05 s */
    now += 1050 * MS;
    delay("4A 01 00 00 40 00 00 0008 00");
    ck_assert_mem_eq(data, "\0\6\6\x56\0\0\0\0", 8);
}
END_TEST

static uint32_t big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* kB/s of a read that follows the one before it. */
static uint64_t speed_behind(uint32_t lba)
{
    delay_of_read(lba, 16);
    uint64_t began = now;
    delay_of_read(lba + 16, 256);
    return 256 * UINT64_C(2048000000) / (now - began);
}

/* SET CD SPEED before it. */
static const char *const speeds[] = {
    "BB 01 FFFF FFFF 00 00 00 00 00 00", "BB 01 15A4 FFFF 00 00 00 00 00 00",
    "BB 00 15A4 FFFF 00 00 00 00 00 00", "BB 00 2B48 FFFF 00 00 00 00 00 00",
    "BB 00 0569 FFFF 00 00 00 00 00 00",
};

START_TEST(sectors_come_at_the_speed_of_get_performance)
{
    delay(speeds[_i]);
    delay("AC 10 00000000 0000 000A 00 00");
    uint32_t descriptors = (big_endian(data) - 4) / 16;
    ck_assert_uint_ge(descriptors, 2);
    uint8_t *first = data + 8;
    uint32_t inside = big_endian(first + 4);
    uint32_t last = big_endian(data + 8 + (descriptors - 1) * 16 + 12);
    ck_assert_uint_eq(inside, last); /* opposite track path */

    /* Half a percent: the speed changes within the read. */
    uint64_t measured = speed_behind(0);
    ck_assert_uint_ge(measured * 1000, (uint64_t)inside * 995);
    ck_assert_uint_le(measured * 1000, (uint64_t)inside * 1005);
    measured = speed_behind(SECTORS - 512);
    ck_assert_uint_ge(measured * 1000, (uint64_t)last * 995);
    ck_assert_uint_le(measured * 1000, (uint64_t)last * 1005);
}
END_TEST

START_TEST(an_instant_drive_never_makes_wait)
{
    static const char *const cdbs[] = {
        "28 00 00000000 00 0010 00", "28 00 00010000 00 0010 00", "2F 00 00000000 00 0010 00",
        "2B 00 0000F000 00 0000 00", "1B 00 00 00 00 00",         "28 00 00000000 00 0010 00",
        "1B 00 00 00 30 00",         "28 00 00000000 00 0010 00", "1B 00 00 00 02 00",
        "1B 00 00 00 03 00",
    };

    for (size_t i = 0; i < sizeof cdbs / sizeof *cdbs; i++)
        ck_assert_uint_eq(delay(cdbs[i]), 0);
    ck_assert_int_eq(medium(), DRIVE_MEDIUM_READY);
}
END_TEST

#define ADD(test) tcase_add_test(cases, test)

static TCase *tray_case(void)
{
    TCase *cases = tcase_create("tray");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    ADD(eject_takes_the_tray_time);
    ADD(eject_with_immed_takes_none_and_the_next_one_the_rest);
    ADD(load_takes_tray_spindle_and_identification);
    ADD(an_operator_who_is_quick_waits_for_the_tray);
    ADD(a_reset_identifies_a_disc_that_turns);
    ADD(the_busy_class_counts_down_in_tenths_of_a_second);
    return cases;
}

static TCase *empty_case(void)
{
    TCase *cases = tcase_create("empty");

    tcase_add_checked_fixture(cases, set_up_empty, tear_down);
    ADD(a_disc_is_ready_after_tray_spindle_and_identification);
    ADD(load_of_an_empty_tray_takes_the_tray_time);
    return cases;
}

static TCase *sectors_case(void)
{
    TCase *cases = tcase_create("sectors");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    ADD(a_read_takes_half_a_turn_and_the_pass_of_its_blocks);
    ADD(a_read_of_the_buffer_takes_no_time);
    ADD(fua_and_verify_do_not_take_the_buffer);
    ADD(seek_takes_no_time_but_the_next_read_its_rest);
    tcase_add_loop_test(cases, commands_that_read_no_sector_take_no_time, 0, 9);
    tcase_add_loop_test(cases, sectors_come_at_the_speed_of_get_performance, 0,
                        (int)(sizeof speeds / sizeof *speeds));
    return cases;
}

static TCase *spindle_case(void)
{
    TCase *cases = tcase_create("spindle");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    ADD(a_stop_costs_the_next_read_a_start);
    ADD(start_after_stop_takes_the_start_time);
    ADD(start_with_immed_is_becoming_ready_to_the_nanosecond);
    ADD(the_idle_timer_costs_the_next_read_the_wake_time);
    ADD(the_standby_timer_costs_the_next_read_a_start);
    ADD(test_unit_ready_starts_no_spindle);
    ADD(sleep_loses_the_buffer_and_standby_does_not);
    ADD(the_active_power_condition_takes_the_start_time);
    return cases;
}

static Suite *timing_suite(void)
{
    Suite *suite = suite_create("timing");
    TCase *cases = tcase_create("instant");

    tcase_add_checked_fixture(cases, set_up_instant, tear_down);
    ADD(an_instant_drive_never_makes_wait);
    suite_add_tcase(suite, cases);
    suite_add_tcase(suite, tray_case());
    suite_add_tcase(suite, empty_case());
    suite_add_tcase(suite, sectors_case());
    suite_add_tcase(suite, spindle_case());
    return suite;
}

TAP_MAIN(timing_suite)
