/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <string.h>

#include "emulator/css_auth.h"

#define STATES (CSS_AUTH_AUTHENTICATED + 1)

/* Which events each state takes: the order challenge, KEY1, challenge, KEY2 and no other. */
static const bool legal[STATES][CSS_AUTH_EVENTS] = {
    [CSS_AUTH_FREE] = {[CSS_AUTH_GRANT] = true,          [CSS_AUTH_RELEASE] = true},
    [CSS_AUTH_GRANTED] = {[CSS_AUTH_TAKE_CHALLENGE] = true, [CSS_AUTH_RELEASE] = true},
    [CSS_AUTH_HOST_CHALLENGE] = {[CSS_AUTH_GIVE_KEY1] = true,      [CSS_AUTH_RELEASE] = true},
    [CSS_AUTH_KEY1] = {[CSS_AUTH_GIVE_CHALLENGE] = true, [CSS_AUTH_RELEASE] = true},
    [CSS_AUTH_DRIVE_CHALLENGE] = {[CSS_AUTH_TAKE_KEY2] = true,      [CSS_AUTH_RELEASE] = true},
    [CSS_AUTH_AUTHENTICATED] = {[CSS_AUTH_GIVE_KEY] = true,       [CSS_AUTH_RELEASE] = true},
};

START_TEST(every_state_takes_only_its_events)
{
    for (int state = 0; state < STATES; state++) {
        struct css_auth auth = {.state = (enum css_auth_state)state};
        for (int event = 0; event < CSS_AUTH_EVENTS; event++)
            ck_assert_msg(css_auth_allows(&auth, (enum css_auth_event)event) == legal[state][event],
                          "state %d, event %d", state, event);
    }
}
END_TEST

static void reach_drive_challenge(struct css_auth *auth, unsigned variant)
{
    struct css_challenge host, drive;

    for (uint8_t i = 0; i < CSS_CHALLENGE_SIZE; i++) {
        host.byte[i] = i;
        drive.byte[i] = (uint8_t)(0x10 + i);
    }
    memset(auth, 0, sizeof *auth);
    css_auth_grant(auth);
    css_auth_take_challenge(auth, &host, variant);
    css_auth_give_key1(auth);
    css_auth_give_challenge(auth, &drive);
    ck_assert_int_eq(auth->state, CSS_AUTH_DRIVE_CHALLENGE);
}

START_TEST(right_key2_authenticates_and_gives_the_bus_key_of_variant_13)
{
    static const struct css_key key1 = {
        {0xAD, 0x3B, 0x72, 0x1A, 0x2C}
    };
    static const struct css_key key2 = {
        {0x75, 0x7C, 0xD2, 0xCA, 0xCF}
    };
    static const struct css_key bus_key = {
        {0xFA, 0xBF, 0x13, 0x73, 0xF3}
    };
    struct css_auth auth;

    reach_drive_challenge(&auth, 13);
    ck_assert_mem_eq(&auth.key1, &key1, sizeof key1);
    ck_assert(css_auth_take_key2(&auth, &key2));
    ck_assert_int_eq(auth.state, CSS_AUTH_AUTHENTICATED);
    ck_assert_mem_eq(&auth.bus_key, &bus_key, sizeof bus_key);
}
END_TEST

START_TEST(key2_with_any_bit_changed_frees_and_forgets)
{
    static const struct css_auth forgotten;

    for (unsigned bit = 0; bit < 8 * CSS_KEY_SIZE; bit++) {
        struct css_key key2 = {
            {0x75, 0x7C, 0xD2, 0xCA, 0xCF}
        };
        struct css_auth auth;

        key2.byte[bit / 8] ^= (uint8_t)(1u << bit % 8);
        reach_drive_challenge(&auth, 13);
        ck_assert(!css_auth_take_key2(&auth, &key2));
        ck_assert_mem_eq(&auth, &forgotten, sizeof auth);
    }
}
END_TEST

START_TEST(equal_challenges_with_other_variants_give_other_bus_keys)
{
    struct css_key seen[CSS_VARIANTS];

    for (unsigned variant = 0; variant < CSS_VARIANTS; variant++) {
        struct css_auth auth;
        reach_drive_challenge(&auth, variant);
        struct css_key key2 = css_key2(variant, &auth.drive_challenge);
        ck_assert(css_auth_take_key2(&auth, &key2));
        seen[variant] = auth.bus_key;
        for (unsigned other = 0; other < variant; other++)
            ck_assert(!css_key_equal(&seen[other], &seen[variant]));
    }
}
END_TEST

static Suite *css_auth_suite(void)
{
    Suite *suite = suite_create("css_auth");
    TCase *cases = tcase_create("authentication");
    tcase_add_test(cases, every_state_takes_only_its_events);
    tcase_add_test(cases, right_key2_authenticates_and_gives_the_bus_key_of_variant_13);
    tcase_add_test(cases, key2_with_any_bit_changed_frees_and_forgets);
    tcase_add_test(cases, equal_challenges_with_other_variants_give_other_bus_keys);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(css_auth_suite)
