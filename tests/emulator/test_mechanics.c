/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include "emulator/mechanics.h"

/*
 * The model of the mechanics by itself, in virtual time, to the nanosecond.  Most tests turn at 1x
 * with constant linear velocity: an ECC block takes 23.659 ms wherever it lies.
 */

#define MS      UINT64_C(1000000)
#define SECONDS (1000 * MS)
#define BLOCK   MECHANICS_BLOCK_SECTORS

/* n blocks at 1x: 32768 bytes each, 1385 bytes in a millisecond, rounded up. */
#define PASS(n) ((UINT64_C(32768000000) * (n) + 1384) / 1385)
/* Half a turn at 1x, at 24 mm and at 58 mm. */
#define HALF_TURN_INSIDE  UINT64_C(21598484)
#define HALF_TURN_OUTSIDE UINT64_C(52196336)

static const struct mechanics_figures figures = {
    .tray = 1000 * MS,
    .start = 2000 * MS,
    .identification = 5000 * MS,
    .wake = 300 * MS,
    .seek = 120 * MS,
    .full_seek = 250 * MS,
    .layer_change = 50 * MS,
    .buffer_blocks = 16,
};
static const struct rotation clv_1x = {1385, 22160, false}, cav_16x = {22160, 22160, true};
static const struct geometry one_layer = {2295104, 1, 0, false},
                             opposite = {4173824, 2, 2086912, true},
                             parallel = {4173824, 2, 2086912, false};

static struct mechanics drive;
static uint64_t now;

/* A disc is in, the pick-up before its first sector. */
static void load(const struct geometry *disc, const struct rotation *rotation)
{
    mechanics_init(&drive, &figures, rotation);
    now = mechanics_identify(&drive, disc, 0);
}

static void set_up(void)
{
    load(&one_layer, &clv_1x);
}

/* Reads blocks and lets the time pass; returns how long it took. */
static uint64_t read_blocks(uint32_t first, uint32_t count)
{
    uint64_t began = now;
    now = mechanics_read(&drive, first * BLOCK, count * BLOCK, false, now);
    return now - began;
}

/* How long the pick-up takes from the beginning of block 0 to the beginning of another one. */
static uint64_t seek_from_start(uint32_t block)
{
    now = mechanics_seek(&drive, 0, now);
    return mechanics_seek(&drive, block * BLOCK, now) - now;
}

START_TEST(the_tray_takes_its_time_each_way)
{
    mechanics_init(&drive, &figures, &clv_1x);
    ck_assert_uint_eq(mechanics_open_tray(&drive, 7), 1000 * MS + 7);
    ck_assert_uint_eq(mechanics_close_tray(&drive, 5 * SECONDS), 6 * SECONDS);
}
END_TEST

START_TEST(a_tray_on_its_way_out_comes_in_when_it_is_out)
{
    mechanics_init(&drive, &figures, &clv_1x);
    mechanics_open_tray(&drive, 0);
    ck_assert_uint_eq(mechanics_close_tray(&drive, 400 * MS), 2000 * MS);
}
END_TEST

START_TEST(a_disc_is_ready_after_tray_start_and_identification)
{
    mechanics_init(&drive, &figures, &clv_1x);
    mechanics_open_tray(&drive, 0);
    mechanics_close_tray(&drive, 0);
    ck_assert_uint_eq(mechanics_identify(&drive, &one_layer, 0), (1 + 1 + 2 + 5) * SECONDS);
}
END_TEST

START_TEST(a_disc_that_turns_is_only_identified)
{
    ck_assert_uint_eq(mechanics_identify(&drive, &one_layer, now), now + 5 * SECONDS);
}
END_TEST

START_TEST(identification_begins_anew_while_the_spindle_comes_up)
{
    mechanics_init(&drive, &figures, &clv_1x);
    mechanics_identify(&drive, &one_layer, 0);
    ck_assert_uint_eq(mechanics_identify(&drive, &one_layer, 500 * MS), 7 * SECONDS);
}
END_TEST

START_TEST(the_first_block_takes_half_a_turn_and_its_pass)
{
    ck_assert_uint_eq(read_blocks(0, 1), HALF_TURN_INSIDE + PASS(1));
}
END_TEST

START_TEST(one_sector_takes_its_whole_block)
{
    ck_assert_uint_eq(mechanics_read(&drive, 5, 1, false, now) - now, HALF_TURN_INSIDE + PASS(1));
}
END_TEST

START_TEST(no_sector_takes_no_time_and_moves_nothing)
{
    ck_assert_uint_eq(mechanics_read(&drive, 100000, 0, false, now), now);
    ck_assert_uint_eq(read_blocks(0, 1), HALF_TURN_INSIDE + PASS(1));
}
END_TEST

START_TEST(reads_in_a_row_go_at_the_speed_of_the_disc)
{
    read_blocks(0, 1);
    for (uint32_t block = 1; block < 100; block++)
        ck_assert_uint_eq(read_blocks(block, 1), PASS(1));
}
END_TEST

START_TEST(what_was_read_ahead_needs_no_mechanism)
{
    read_blocks(0, 1);
    now += PASS(3);
    ck_assert_uint_eq(read_blocks(1, 3), 0);
}
END_TEST

START_TEST(a_read_waits_only_for_what_was_not_read_ahead)
{
    read_blocks(0, 1);
    now += PASS(1) + 1000;
    ck_assert_uint_eq(read_blocks(1, 3), PASS(2) - 1000);
}
END_TEST

START_TEST(reading_ahead_fills_three_quarters_of_the_buffer)
{
    read_blocks(0, 1);
    now += 60 * SECONDS;
    ck_assert_uint_eq(read_blocks(1, 12), 0);
}
END_TEST

START_TEST(beyond_a_full_buffer_a_read_begins_with_a_jump_and_half_a_turn)
{
    read_blocks(0, 1);
    now += 60 * SECONDS;
    /* 12 blocks were read ahead; the pick-up waits before block 13. */
    uint64_t half_turn =
        rotation_turn(&clv_1x, &one_layer, geometry_radius(&one_layer, 13 * BLOCK)) / 2;
    ck_assert_uint_eq(read_blocks(13, 1), 1 * MS + half_turn + PASS(1));
}
END_TEST

START_TEST(a_hit_lets_a_full_buffer_be_filled_again)
{
    read_blocks(0, 1);
    now += 60 * SECONDS;
    ck_assert_uint_eq(read_blocks(12, 1), 0);
    now += 60 * SECONDS;
    ck_assert_uint_eq(read_blocks(13, 12), 0);
    ck_assert_uint_gt(read_blocks(25, 1), 0);
}
END_TEST

START_TEST(a_quarter_of_the_buffer_keeps_what_was_read_last)
{
    read_blocks(0, 8);
    now += 60 * SECONDS;
    ck_assert_uint_eq(read_blocks(4, 4), 0);
    ck_assert_uint_gt(read_blocks(3, 1), 0);
}
END_TEST

START_TEST(a_read_longer_than_the_buffer_leaves_its_end_there)
{
    ck_assert_uint_eq(read_blocks(0, 40), HALF_TURN_INSIDE + PASS(40));
    ck_assert_uint_eq(read_blocks(24, 16), 0);
}
END_TEST

START_TEST(the_buffer_is_of_no_use_for_a_read_from_the_disc)
{
    read_blocks(0, 1);
    now += PASS(1);
    /* Back over two blocks, within the same turn of the spiral. */
    ck_assert_uint_eq(mechanics_read(&drive, 0, BLOCK, true, now) - now,
                      1 * MS + HALF_TURN_INSIDE + PASS(1));
}
END_TEST

START_TEST(a_move_to_the_same_place_is_half_a_turn)
{
    ck_assert_uint_eq(seek_from_start(0), HALF_TURN_INSIDE);
}
END_TEST

/* Block, the move, half a turn there. */
static const struct {
    uint32_t block;
    uint64_t move, half_turn;
} moves[] = {
    {1,      1 * MS,    21598848         }, /* 405 nm: the next track */
    {18,     10 * MS,   21605048         }, /* the last place without the sledge */
    {19,     55044156,  21605412         },
    {560,    56295648,  21801787         },
    {6250,   68833334,  23769101         },
    {34564,  119999063, 31797621         }, /* a third of the width */
    {40000,  128407772, 33117049         },
    {143443, 250 * MS,  HALF_TURN_OUTSIDE}, /* all of it */
};

START_TEST(a_move_takes_the_longer_the_farther)
{
    ck_assert_uint_eq(seek_from_start(moves[_i].block), moves[_i].move + moves[_i].half_turn);
}
END_TEST

START_TEST(a_move_inwards_takes_as_long_as_outwards)
{
    now = mechanics_seek(&drive, 143443 * BLOCK, now);
    ck_assert_uint_eq(mechanics_seek(&drive, 0, now) - now, 250 * MS + HALF_TURN_INSIDE);
}
END_TEST

START_TEST(a_read_after_a_seek_waits_for_its_rest)
{
    mechanics_seek(&drive, 143443 * BLOCK, now);
    now += 100 * MS;
    ck_assert_uint_eq(read_blocks(143443, 1), 150 * MS + HALF_TURN_OUTSIDE + PASS(1));
}
END_TEST

START_TEST(a_seek_begins_to_read_ahead)
{
    now = mechanics_seek(&drive, 1000 * BLOCK, now) + PASS(4);
    ck_assert_uint_eq(read_blocks(1000, 4), 0);
}
END_TEST

START_TEST(a_short_gap_is_read_over)
{
    load(&one_layer, &cav_16x);
    read_blocks(0, 1);
    uint64_t gap = rotation_pass(&cav_16x, &one_layer, BLOCK, 2 * BLOCK);
    ck_assert_uint_lt(gap, rotation_turn(&cav_16x, &one_layer, GEOMETRY_RADIUS_INSIDE) + MS);
    ck_assert_uint_eq(read_blocks(2, 1), rotation_pass(&cav_16x, &one_layer, BLOCK, 3 * BLOCK));
}
END_TEST

START_TEST(a_long_gap_is_jumped_over)
{
    load(&one_layer, &cav_16x);
    read_blocks(0, 1);
    uint64_t half_turn = rotation_turn(&cav_16x, &one_layer, GEOMETRY_RADIUS_INSIDE) / 2;
    /* Two blocks take 7.1 ms, the jump of one track and half a turn 4.3 ms. */
    uint64_t took = read_blocks(3, 1);
    ck_assert_uint_ge(took, 1 * MS + half_turn);
    ck_assert_uint_lt(took, rotation_pass(&cav_16x, &one_layer, BLOCK, 4 * BLOCK));
}
END_TEST

START_TEST(the_angular_velocity_is_constant_with_cav)
{
    /* 9195 rpm. */
    ck_assert_uint_eq(rotation_turn(&cav_16x, &one_layer, 24000000), 6525008);
    ck_assert_uint_eq(rotation_turn(&cav_16x, &one_layer, 58000000), 6524542);
    ck_assert_uint_eq(rotation_speed_at(&cav_16x, 24000000), 9169);
    ck_assert_uint_eq(rotation_speed_at(&cav_16x, 58000000), 22160);
}
END_TEST

START_TEST(the_whole_disc_takes_five_minutes_at_16x)
{
    /* 45946 turns of 6.5246 ms. */
    load(&one_layer, &cav_16x);
    ck_assert_uint_eq(read_blocks(0, 143444) / (100 * MS), 2999);
}
END_TEST

START_TEST(clv_is_limited_by_how_fast_the_spindle_can_turn)
{
    struct rotation clv_8x = {11080, 22160, false}, clv_16x = {22160, 22160, false};
    uint32_t bend[ROTATION_BENDS_MAX];

    ck_assert_uint_eq(rotation_speed_at(&clv_8x, 24000000), 9169);
    ck_assert_uint_eq(rotation_bends(&clv_8x, bend), 1);
    ck_assert_uint_eq(bend[0], 29000000);
    ck_assert_uint_eq(rotation_speed_at(&clv_8x, 28999999), 11079);
    ck_assert_uint_eq(rotation_speed_at(&clv_8x, 29000000), 11080);
    ck_assert_uint_eq(rotation_speed_at(&clv_8x, 58000000), 11080);
    ck_assert_uint_eq(rotation_bends(&clv_16x, bend), 0);
}
END_TEST

/* Every speed that can be set, with both rotation controls, of drives from 1x to the fastest. */
START_TEST(no_rotation_is_slower_than_1x_and_bends_where_it_says)
{
    static const uint32_t speeds[] = {1385, 1386, 2000, 2770, 3000, 3347, 3348, 5540, 22160, 65534};
    const unsigned count = sizeof speeds / sizeof *speeds;

    for (unsigned i = 0; i < count * count * 2; i++) {
        struct rotation rotation = {speeds[i % count], speeds[i / count % count],
                                    i >= count * count};
        uint32_t bend[ROTATION_BENDS_MAX + 1], before = 0;
        if (rotation.speed > rotation.maximum)
            continue;
        unsigned bends = rotation_bends(&rotation, bend);
        bend[bends] = GEOMETRY_RADIUS_OUTSIDE;
        for (uint32_t radius = GEOMETRY_RADIUS_INSIDE; radius <= GEOMETRY_RADIUS_OUTSIDE;
             radius += 100000) {
            uint32_t speed = rotation_speed_at(&rotation, radius);
            ck_assert_uint_ge(speed, SPEED_1X);
            ck_assert_uint_le(speed, rotation.speed);
            ck_assert_uint_ge(speed, before);
            before = speed;
        }
        /* Between two bends it rises all the way or not at all. */
        uint32_t from = GEOMETRY_RADIUS_INSIDE;
        for (unsigned part = 0; part <= bends; part++) {
            uint32_t middle = from + (bend[part] - from) / 2;
            uint32_t first = rotation_speed_at(&rotation, from),
                     last = rotation_speed_at(&rotation, bend[part] - 1),
                     half = rotation_speed_at(&rotation, middle);
            ck_assert_uint_gt(bend[part], from);
            ck_assert_uint_le(half, (first + last) / 2 + 1);
            ck_assert_uint_ge(half + 1, (first + last) / 2);
            from = bend[part];
        }
    }
}
END_TEST

START_TEST(another_speed_holds_from_then_on)
{
    struct rotation clv_2x = {2770, 22160, false};

    read_blocks(0, 1);
    now += PASS(2);
    mechanics_rotate(&drive, &clv_2x, now);
    ck_assert_uint_eq(read_blocks(1, 2), 0);
    ck_assert_uint_eq(read_blocks(3, 4), (PASS(4) + 1) / 2);
}
END_TEST

START_TEST(the_other_layer_is_a_layer_change_away)
{
    uint32_t half = 2086912 / BLOCK;

    load(&opposite, &clv_1x);
    read_blocks(half - 1, 1);
    ck_assert(!drive.ahead); /* the read-ahead ends with the layer */
    uint64_t half_turn = rotation_turn(&clv_1x, &opposite, geometry_radius(&opposite, 2086912)) / 2;
    ck_assert_uint_eq(read_blocks(half, 1), 50 * MS + half_turn + PASS(1));
}
END_TEST

START_TEST(a_read_across_the_layer_break_changes_the_layer_within)
{
    uint32_t half = 2086912 / BLOCK;
    uint64_t half_turn = rotation_turn(&clv_1x, &opposite, geometry_radius(&opposite, 2086912)) / 2;

    load(&opposite, &clv_1x);
    now = mechanics_seek(&drive, (half - 2) * BLOCK, now);
    ck_assert_uint_eq(read_blocks(half - 2, 4), PASS(2) + 50 * MS + half_turn + PASS(2));
    ck_assert_uint_eq(read_blocks(half - 2, 4), 0);
}
END_TEST

START_TEST(a_parallel_second_layer_begins_on_the_inside)
{
    uint32_t half = 2086912 / BLOCK;
    uint64_t half_turn = rotation_turn(&clv_1x, &parallel, GEOMETRY_RADIUS_INSIDE) / 2;

    load(&parallel, &clv_1x);
    read_blocks(half - 1, 1);
    ck_assert_uint_eq(geometry_radius(&parallel, 2086912), GEOMETRY_RADIUS_INSIDE);
    ck_assert_uint_eq(read_blocks(half, 1), 250 * MS + 50 * MS + half_turn + PASS(1));
}
END_TEST

START_TEST(an_opposite_second_layer_mirrors_the_first)
{
    ck_assert_uint_eq(geometry_sectors_inside(&opposite, 2086911), 2086911);
    ck_assert_uint_eq(geometry_sectors_inside(&opposite, 2086912), 2086911);
    ck_assert_uint_eq(geometry_sectors_inside(&opposite, 4173823), 0);
}
END_TEST

START_TEST(a_stopped_spindle_starts_with_the_next_read)
{
    mechanics_stop(&drive, now);
    now += 60 * SECONDS;
    ck_assert_uint_eq(read_blocks(0, 1), 2000 * MS + HALF_TURN_INSIDE + PASS(1));
    ck_assert_uint_eq(read_blocks(1, 1), PASS(1));
}
END_TEST

START_TEST(a_start_takes_its_time_once)
{
    mechanics_stop(&drive, now);
    ck_assert_uint_eq(mechanics_start(&drive, now), now + 2000 * MS);
    now += 500 * MS;
    ck_assert_uint_eq(mechanics_start(&drive, now), now + 1500 * MS);
    ck_assert_uint_eq(mechanics_start(&drive, now + 9000 * MS), now + 9000 * MS);
}
END_TEST

START_TEST(an_idle_pick_up_wakes_with_the_next_read)
{
    mechanics_idle(&drive, now);
    ck_assert_uint_eq(read_blocks(0, 1), 300 * MS + HALF_TURN_INSIDE + PASS(1));
}
END_TEST

START_TEST(idle_does_not_start_a_stopped_spindle)
{
    mechanics_stop(&drive, now);
    mechanics_idle(&drive, now);
    ck_assert_uint_eq(mechanics_start(&drive, now), now + 2000 * MS);
}
END_TEST

START_TEST(the_buffer_serves_a_stopped_drive)
{
    read_blocks(0, 1);
    now += 60 * SECONDS;
    mechanics_stop(&drive, now);
    ck_assert_uint_eq(read_blocks(1, 12), 0);
    ck_assert_int_eq(drive.spindle, MECHANICS_STOPPED);
}
END_TEST

START_TEST(what_is_forgotten_is_read_again)
{
    read_blocks(0, 1);
    now += 60 * SECONDS;
    mechanics_forget(&drive, now);
    ck_assert_uint_gt(read_blocks(1, 1), PASS(1));
}
END_TEST

START_TEST(reads_at_the_same_time_come_one_after_the_other)
{
    uint64_t first = mechanics_read(&drive, 0, BLOCK, false, now);
    uint64_t second = mechanics_read(&drive, BLOCK, BLOCK, false, now);
    uint64_t again = mechanics_read(&drive, 0, BLOCK, false, now);

    ck_assert_uint_eq(first - now, HALF_TURN_INSIDE + PASS(1));
    ck_assert_uint_eq(second - first, PASS(1));
    ck_assert_uint_eq(again, second);
}
END_TEST

START_TEST(a_reset_gives_up_what_is_under_way)
{
    mechanics_read(&drive, 143443 * BLOCK, BLOCK, false, now);
    mechanics_reset(&drive, now);
    uint64_t done = mechanics_identify(&drive, &one_layer, now);
    ck_assert_uint_eq(done, now + 5 * SECONDS);
    now = done;
    ck_assert_uint_eq(read_blocks(0, 1), HALF_TURN_INSIDE + PASS(1));
}
END_TEST

START_TEST(a_trigger_sends_the_read_ahead_elsewhere)
{
    mechanics_set_trigger(&drive, 3 * BLOCK + 2, 143443 * BLOCK);
    read_blocks(0, 4);
    now += 250 * MS + HALF_TURN_OUTSIDE + PASS(1);
    ck_assert_uint_eq(read_blocks(143443, 1), 0);
}
END_TEST

START_TEST(the_tray_forgets_the_trigger)
{
    mechanics_set_trigger(&drive, 0, 143443 * BLOCK);
    mechanics_open_tray(&drive, now);
    now = mechanics_identify(&drive, &one_layer, now);
    read_blocks(0, 1);
    ck_assert_uint_eq(read_blocks(1, 1), PASS(1));
}
END_TEST

START_TEST(the_last_block_of_a_disc_may_be_short)
{
    struct geometry odd = {17, 1, 0, false};

    load(&odd, &clv_1x);
    ck_assert_uint_eq(mechanics_read(&drive, 16, 1, false, now) - now, 1 * MS + 21598848 + PASS(1));
    ck_assert(!drive.ahead);
}
END_TEST

#define ADD(test) tcase_add_test(cases, test)

static TCase *sectors_case(void)
{
    TCase *cases = tcase_create("sectors");

    tcase_add_checked_fixture(cases, set_up, NULL);
    ADD(the_first_block_takes_half_a_turn_and_its_pass);
    ADD(one_sector_takes_its_whole_block);
    ADD(no_sector_takes_no_time_and_moves_nothing);
    ADD(reads_in_a_row_go_at_the_speed_of_the_disc);
    ADD(what_was_read_ahead_needs_no_mechanism);
    ADD(a_read_waits_only_for_what_was_not_read_ahead);
    ADD(reading_ahead_fills_three_quarters_of_the_buffer);
    ADD(beyond_a_full_buffer_a_read_begins_with_a_jump_and_half_a_turn);
    ADD(a_hit_lets_a_full_buffer_be_filled_again);
    ADD(a_quarter_of_the_buffer_keeps_what_was_read_last);
    ADD(a_read_longer_than_the_buffer_leaves_its_end_there);
    ADD(the_buffer_is_of_no_use_for_a_read_from_the_disc);
    ADD(reads_at_the_same_time_come_one_after_the_other);
    ADD(a_trigger_sends_the_read_ahead_elsewhere);
    ADD(the_tray_forgets_the_trigger);
    ADD(the_last_block_of_a_disc_may_be_short);
    return cases;
}

static TCase *moves_case(void)
{
    TCase *cases = tcase_create("moves");

    tcase_add_checked_fixture(cases, set_up, NULL);
    ADD(a_move_to_the_same_place_is_half_a_turn);
    tcase_add_loop_test(cases, a_move_takes_the_longer_the_farther, 0,
                        (int)(sizeof moves / sizeof *moves));
    ADD(a_move_inwards_takes_as_long_as_outwards);
    ADD(a_read_after_a_seek_waits_for_its_rest);
    ADD(a_seek_begins_to_read_ahead);
    ADD(a_short_gap_is_read_over);
    ADD(a_long_gap_is_jumped_over);
    ADD(the_other_layer_is_a_layer_change_away);
    ADD(a_read_across_the_layer_break_changes_the_layer_within);
    ADD(a_parallel_second_layer_begins_on_the_inside);
    ADD(an_opposite_second_layer_mirrors_the_first);
    return cases;
}

static TCase *rotation_case(void)
{
    TCase *cases = tcase_create("rotation");

    tcase_add_checked_fixture(cases, set_up, NULL);
    ADD(the_angular_velocity_is_constant_with_cav);
    ADD(the_whole_disc_takes_five_minutes_at_16x);
    ADD(clv_is_limited_by_how_fast_the_spindle_can_turn);
    ADD(no_rotation_is_slower_than_1x_and_bends_where_it_says);
    ADD(another_speed_holds_from_then_on);
    return cases;
}

static TCase *tray_and_spindle_case(void)
{
    TCase *cases = tcase_create("tray and spindle");

    tcase_add_checked_fixture(cases, set_up, NULL);
    ADD(the_tray_takes_its_time_each_way);
    ADD(a_tray_on_its_way_out_comes_in_when_it_is_out);
    ADD(a_disc_is_ready_after_tray_start_and_identification);
    ADD(a_disc_that_turns_is_only_identified);
    ADD(identification_begins_anew_while_the_spindle_comes_up);
    ADD(a_stopped_spindle_starts_with_the_next_read);
    ADD(a_start_takes_its_time_once);
    ADD(an_idle_pick_up_wakes_with_the_next_read);
    ADD(idle_does_not_start_a_stopped_spindle);
    ADD(the_buffer_serves_a_stopped_drive);
    ADD(what_is_forgotten_is_read_again);
    ADD(a_reset_gives_up_what_is_under_way);
    return cases;
}

static Suite *mechanics_suite(void)
{
    Suite *suite = suite_create("mechanics");

    suite_add_tcase(suite, sectors_case());
    suite_add_tcase(suite, moves_case());
    suite_add_tcase(suite, rotation_case());
    suite_add_tcase(suite, tray_and_spindle_case());
    return suite;
}

TAP_MAIN(mechanics_suite)
