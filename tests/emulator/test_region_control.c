/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include "emulator/region_control.h"

/* Regions as masks: region n is the complement of bit n-1. */
#define REGION(n) ((uint8_t) ~(1u << ((n)-1)))

static const struct region_medium all_regions = {REGION_MEDIUM_CSS, 0x00};

static struct region_state state_of(uint8_t mask, uint8_t user_changes)
{
    return (struct region_state){mask, user_changes, REGION_VENDOR_RESETS};
}

static void assert_state(const struct region_state *state, uint8_t mask, uint8_t changes,
                         enum region_type type)
{
    ck_assert_uint_eq(state->mask, mask);
    ck_assert_uint_eq(state->user_changes, changes);
    ck_assert_int_eq(region_type(state), type);
}

START_TEST(factory_state_is_none_with_five_changes_and_four_resets)
{
    struct region_state state;
    region_factory(&state);
    assert_state(&state, 0xFF, 5, REGION_TYPE_NONE);
    ck_assert_uint_eq(state.vendor_resets, 4);
}
END_TEST

START_TEST(counter_walk_ends_permanent_after_five_changes)
{
    static const enum region_type types[] = {REGION_TYPE_SET, REGION_TYPE_SET, REGION_TYPE_SET,
                                             REGION_TYPE_LAST_CHANCE, REGION_TYPE_PERMANENT};
    struct region_state state;
    region_factory(&state);

    for (unsigned i = 0; i < 5; i++) {
        uint8_t mask = REGION(i + 1);
        /* The last change needs a disc of that one region. */
        struct region_medium medium = {REGION_MEDIUM_CSS, i == 4 ? mask : 0x00};
        ck_assert_int_eq(region_set(&state, mask, &medium), REGION_CHANGED);
        assert_state(&state, mask, (uint8_t)(4 - i), types[i]);
    }
    ck_assert_int_eq(region_set(&state, REGION(1), &all_regions), REGION_EXHAUSTED);
    assert_state(&state, REGION(5), 0, REGION_TYPE_PERMANENT);
}
END_TEST

START_TEST(mask_must_have_exactly_one_zero_bit)
{
    for (unsigned mask = 0; mask <= 0xFF; mask++) {
        struct region_state state = state_of(REGION(3), 3);
        int zeros = 8 - __builtin_popcount(mask);
        enum region_result result = region_set(&state, (uint8_t)mask, &all_regions);

        if (zeros != 1)
            ck_assert_int_eq(result, REGION_BAD_MASK);
        else
            ck_assert_int_eq(result, mask == REGION(3) ? REGION_UNCHANGED : REGION_CHANGED);
    }
}
END_TEST

START_TEST(same_region_is_good_and_counts_nothing_even_when_permanent)
{
    static const struct region_medium empty = {REGION_MEDIUM_ABSENT, 0};
    struct region_state state = state_of(REGION(2), 0);
    ck_assert_int_eq(region_set(&state, REGION(2), &empty), REGION_UNCHANGED);
    assert_state(&state, REGION(2), 0, REGION_TYPE_PERMANENT);
}
END_TEST

/* The decision list in its order: an exhausted counter comes before every rule about the medium. */
static const struct {
    struct region_medium medium;
    uint8_t changes;
    enum region_result result;
} decisions[] = {
    {{REGION_MEDIUM_ABSENT, 0},                  0, REGION_EXHAUSTED   },
    {{REGION_MEDIUM_TRAY_OPEN, 0},               3, REGION_TRAY_OPEN   },
    {{REGION_MEDIUM_ABSENT, 0},                  3, REGION_NO_MEDIUM   },
    {{REGION_MEDIUM_BECOMING_READY, 0},          3, REGION_NOT_READY   },
    {{REGION_MEDIUM_OTHER, 0},                   3, REGION_WRONG_MEDIUM},
    {{REGION_MEDIUM_CSS, REGION(1)},             3, REGION_MISMATCH    },
    {{REGION_MEDIUM_CSS, REGION(2)},             3, REGION_CHANGED     },
    {{REGION_MEDIUM_CSS, 0x00},                  1, REGION_MISMATCH    },
    {{REGION_MEDIUM_CSS, REGION(2) & REGION(3)}, 1, REGION_MISMATCH    },
    {{REGION_MEDIUM_CSS, REGION(2)},             1, REGION_CHANGED     },
};

START_TEST(decision_list)
{
    struct region_state before = state_of(REGION(7), decisions[_i].changes);
    struct region_state state = before;
    enum region_result result = region_set(&state, REGION(2), &decisions[_i].medium);

    ck_assert_int_eq(result, decisions[_i].result);
    if (result != REGION_CHANGED)
        ck_assert_mem_eq(&state, &before, sizeof state);
}
END_TEST

START_TEST(without_a_medium_rule_any_change_goes)
{
    struct region_state state = state_of(REGION(7), 1);
    ck_assert_int_eq(region_set(&state, REGION(2), NULL), REGION_CHANGED);
    assert_state(&state, REGION(2), 0, REGION_TYPE_PERMANENT);
}
END_TEST

START_TEST(vendor_reset_gives_five_changes_four_times)
{
    struct region_state state = state_of(REGION(1), 0);

    for (unsigned left = 4; left-- > 0;) {
        ck_assert(region_vendor_reset(&state));
        assert_state(&state, 0xFF, 5, REGION_TYPE_NONE);
        ck_assert_uint_eq(state.vendor_resets, left);
    }
    state.mask = REGION(4);
    state.user_changes = 4;
    ck_assert(!region_vendor_reset(&state));
    assert_state(&state, REGION(4), 4, REGION_TYPE_SET);
}
END_TEST

START_TEST(region_plays_where_drive_and_disc_share_one)
{
    for (unsigned region = 1; region <= 8; region++) {
        struct region_state state = state_of(REGION(region), 4);
        for (unsigned forbidden = 0; forbidden <= 0xFF; forbidden++)
            ck_assert_int_eq(region_plays(&state, (uint8_t)forbidden, false),
                             (forbidden & (1u << (region - 1))) == 0);
    }
}
END_TEST

START_TEST(unset_drive_plays_nothing_or_only_region_free_discs)
{
    struct region_state state;
    region_factory(&state);
    ck_assert(!region_plays(&state, 0x00, false));
    ck_assert(region_plays(&state, 0x00, true));
    ck_assert(!region_plays(&state, 0x01, true));
}
END_TEST

START_TEST(stored_states_must_fit_together)
{
    static const struct {
        struct region_state state;
        bool valid;
    } rows[] = {
        {{0xFF, 5, 4},   true },
        {{0xFF, 5, 0},   true },
        {{0xFE, 4, 4},   true },
        {{0x7F, 0, 0},   true },
        {{0xFF, 4, 4},   false},
        {{0xFE, 5, 4},   false},
        {{0xFC, 4, 4},   false},
        {{0x00, 4, 4},   false},
        {{0xFE, 4, 5},   false},
        {{0xFE, 6, 4},   false},
        {{0xFF, 5, 255}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_int_eq(region_state_is_valid(&rows[i].state), rows[i].valid);
}
END_TEST

static Suite *region_control_suite(void)
{
    Suite *suite = suite_create("region_control");
    TCase *cases = tcase_create("transitions");
    tcase_add_test(cases, factory_state_is_none_with_five_changes_and_four_resets);
    tcase_add_test(cases, counter_walk_ends_permanent_after_five_changes);
    tcase_add_test(cases, mask_must_have_exactly_one_zero_bit);
    tcase_add_test(cases, same_region_is_good_and_counts_nothing_even_when_permanent);
    tcase_add_loop_test(cases, decision_list, 0, (int)(sizeof decisions / sizeof *decisions));
    tcase_add_test(cases, without_a_medium_rule_any_change_goes);
    tcase_add_test(cases, vendor_reset_gives_five_changes_four_times);
    tcase_add_test(cases, region_plays_where_drive_and_disc_share_one);
    tcase_add_test(cases, unset_drive_plays_nothing_or_only_region_free_discs);
    tcase_add_test(cases, stored_states_must_fit_together);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(region_control_suite)
