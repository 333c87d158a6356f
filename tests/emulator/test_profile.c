/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/drive.h"
#include "emulator/profile_table.h"

/* The sentences of one reading, one a line. */
static char sentences[4096];

static void collect(void *context, const char *text)
{
    (void)context;
    strncat(sentences, text, sizeof sentences - strlen(sentences) - 1);
    strncat(sentences, "\n", sizeof sentences - strlen(sentences) - 1);
}

static bool read_profile(const char *text, struct drive_profile *profile)
{
    struct diagnostics diagnostics = {.report = collect};
    sentences[0] = '\0';
    return drive_profile_read("test.drive", text, profile, &diagnostics);
}

START_TEST(an_empty_profile_is_the_default)
{
    struct drive_profile profile, standard;

    drive_profile_init(&standard);
    ck_assert_msg(read_profile("", &profile), "%s", sentences);
    ck_assert_mem_eq(&profile, &standard, sizeof profile);
    ck_assert_int_eq(profile.agids, 4);
    ck_assert_int_eq(profile.agid_exhausted, AGID_EXHAUSTED_REFUSE);
    ck_assert_int_eq(profile.agid_on_refused_key, AGID_ON_REFUSED_KEY_RELEASE);
    ck_assert_int_eq(profile.unprotected_title_key, UNPROTECTED_TITLE_KEY_ZERO);
    ck_assert_int_eq(profile.region_gate, REGION_GATE_TITLE_KEY);
    ck_assert(profile.scrambled_read_gate);
    ck_assert_int_eq(profile.region_set_medium, REGION_SET_MEDIUM_REQUIRED);
    ck_assert_int_eq(profile.asf_medium, ASF_MEDIUM_REQUIRED);
    ck_assert_int_eq(profile.read_cd, READ_CD_REFUSE);
    ck_assert_int_eq(profile.performance_tolerance, PERFORMANCE_TOLERANCE_STRICT);
    ck_assert_int_eq(profile.rpc, REGION_SCHEME_PHASE_2);
    ck_assert_int_eq(profile.timing, TIMING_INSTANT);
}
END_TEST

/* For each key a value that is not the default, and what it makes of its member. */
#define MEMBER_TYPE(member) __typeof__(((struct drive_profile *)NULL)->member)
#define VALUE(section, key, value, member, ...)                                                    \
    {                                                                                              \
        section, key, value, offsetof(struct drive_profile, member), sizeof(MEMBER_TYPE(member)),  \
            &(const MEMBER_TYPE(member))                                                           \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

/* clang-format off */
static const struct {
    const char *section, *key, *value;
    size_t offset, size;
    const void *expected;
} values[] = {
    VALUE("identity", "vendor", "ACME Co", vendor, "ACME Co"),
    VALUE("identity", "product", "ROM 16x", product, "ROM 16x"),
    VALUE("identity", "revision", "2.0A", revision, "2.0A"),
    VALUE("identity", "serial", "SERIAL-NUMBER-1", serial, "SERIAL-NUMBER-1"),
    VALUE("identity", "firmware-date", "20260102030405", firmware_date, "20260102030405"),
    VALUE("identity", "wwn", "5000C500 12345678", wwn, 0x5000C50012345678),
    VALUE("identity", "inquiry-length", "96", inquiry_length, 96),
    VALUE("identity", "interface", "8", interface, 8),
    VALUE("abilities", "css", "off", css, false),
    VALUE("abilities", "agids", "1", agids, 1),
    VALUE("abilities", "max-read-speed", "11080", max_read_speed, 11080),
    VALUE("abilities", "buffer-size", "131072", buffer_size, 131072),
    VALUE("abilities", "spin-up-time", "750", spin_up_time, 750),
    VALUE("mechanics", "timing", "realistic", timing, TIMING_REALISTIC),
    VALUE("mechanics", "tray-time", "1", tray_time, 1),
    VALUE("mechanics", "start-time", "2", start_time, 2),
    VALUE("mechanics", "identification-time", "3", identification_time, 3),
    VALUE("mechanics", "wake-time", "4", wake_time, 4),
    VALUE("mechanics", "seek-time", "5", seek_time, 5),
    VALUE("mechanics", "full-seek-time", "260", full_seek_time, 260),
    VALUE("mechanics", "layer-change-time", "7", layer_change_time, 7),
    VALUE("mechanics", "authentication-time", "8", authentication_time, 8),
    VALUE("policies", "agid-exhausted", "recycle", agid_exhausted, AGID_EXHAUSTED_RECYCLE),
    VALUE("policies", "agid-on-refused-key", "keep", agid_on_refused_key, AGID_ON_REFUSED_KEY_KEEP),
    VALUE("policies", "unprotected-title-key", "key-not-present", unprotected_title_key, UNPROTECTED_TITLE_KEY_NOT_PRESENT),
    VALUE("policies", "region-gate", "strict", region_gate, REGION_GATE_STRICT),
    VALUE("policies", "scrambled-read-gate", "off", scrambled_read_gate, false),
    VALUE("policies", "region-set-medium", "any", region_set_medium, REGION_SET_MEDIUM_ANY),
    VALUE("policies", "region-unset", "plays-region-free", region_unset, REGION_UNSET_PLAYS_REGION_FREE),
    VALUE("policies", "asf-medium", "any", asf_medium, ASF_MEDIUM_ANY),
    VALUE("policies", "read-cd", "user-data", read_cd, READ_CD_USER_DATA),
    VALUE("policies", "performance-tolerance", "any", performance_tolerance, PERFORMANCE_TOLERANCE_ANY),
    VALUE("region", "rpc", "phase-1", rpc, REGION_SCHEME_PHASE_1),
    VALUE("region", "region", "2", factory_region.mask, 0xFD),
    VALUE("region", "user-changes", "1\nregion = 2", factory_region.user_changes, 1),
    VALUE("region", "vendor-resets", "3", factory_region.vendor_resets, 3),
    VALUE("random", "seed", "77", seed, 77),
    VALUE("random", "css-variant", "13", css_variant, 13),
    VALUE("random", "css-challenge", "10 11 12 13 14 15 16 17 18 19", css_challenge, {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19}),
};
/* clang-format on */

static void check_value_of(const struct setting *row)
{
    char text[256];
    struct drive_profile profile, standard;
    size_t i = 0;

    drive_profile_init(&standard);
    while (i < sizeof values / sizeof *values &&
           (strcmp(values[i].section, row->section) != 0 || strcmp(values[i].key, row->key) != 0))
        i++;
    ck_assert_msg(i < sizeof values / sizeof *values, "[%s] %s has no value to test with",
                  row->section, row->key);
    snprintf(text, sizeof text, "[%s]\n%s = %s\n", row->section, row->key, values[i].value);
    ck_assert_msg(read_profile(text, &profile), "%s", sentences);
    ck_assert_msg(
        memcmp((const char *)&standard + values[i].offset, values[i].expected, values[i].size) != 0,
        "the value of %s is its default", row->key);
    ck_assert_msg(
        memcmp((const char *)&profile + values[i].offset, values[i].expected, values[i].size) == 0,
        "%s is not what was given", row->key);
}

/* Walks the table of settings: a key that it gains needs a value here. */
START_TEST(every_key_is_read)
{
    size_t keys = 0;

    for (const struct setting *row = profile_table; row->section; row++) {
        if (!row->key)
            continue;
        check_value_of(row);
        keys++;
    }
    ck_assert_uint_eq(keys, sizeof values / sizeof *values);
}
END_TEST

START_TEST(a_challenge_is_the_drives_own_only_when_given)
{
    struct drive_profile profile;

    ck_assert(read_profile("[random]\ncss-challenge = random\n", &profile));
    ck_assert(!profile.has_css_challenge);
    ck_assert(read_profile("[random]\ncss-challenge = 10 11 12 13 14 15 16 17 18 19\n", &profile));
    ck_assert(profile.has_css_challenge);
}
END_TEST

/* The manual, read from the root of the tree, where tests run. */
START_TEST(the_manual_names_every_key)
{
    char wanted[80];
    struct diagnostics diagnostics;

    diagnostics_to_stderr(&diagnostics);
    char *manual = settings_load("docs/vodd.drive.5", PROFILE_SIZE_MAX, &diagnostics);
    ck_assert_ptr_nonnull(manual);
    for (const struct setting *row = profile_table; row->section; row++) {
        /* Of sections that are gathered the manual shows the kind. */
        snprintf(wanted, sizeof wanted, ".Ss Section %.*s", (int)strcspn(row->section, "*"),
                 row->section);
        const char *section = strstr(manual, wanted);
        ck_assert_msg(section != NULL, "%s", wanted);
        if (!row->key)
            continue;
        /* With its values or, where these need words, without. */
        int length = snprintf(wanted, sizeof wanted, "\n.It Cm %s", row->key);
        const char *key = strstr(section, wanted), *next = strstr(section + 1, "\n.Ss ");
        ck_assert_msg(key && strchr(" \n", key[length]) && (!next || key < next), "[%s]%s",
                      row->section, wanted);
    }
    free(manual);
}
END_TEST

/* Each line of [section] key = value that is refused: the sentence names file, line, key, value and
 * form. */
static const struct {
    const char *section, *line, *key, *value, *form;
} faults[] = {
    {"identity",  "vendor = TOO LONG A NAME",  "vendor",         "TOO LONG A NAME", "printable ASCII"        },
    {"identity",  "inquiry-length = 37",       "inquiry-length", "37",              "36 | 96"                },
    {"identity",  "firmware-date = yesterday", "firmware-date",  "yesterday",       "CCYYMMDDhhmmss"         },
    {"identity",  "wwn = 12",                  "wwn",            "12",              "8 bytes in hexadecimal" },
    {"abilities", "agids = 5",                 "agids",          "5",               "1..4"                   },
    {"abilities", "agids = 0",                 "agids",          "0",               "1..4"                   },
    {"abilities", "css = maybe",               "css",            "maybe",           "on | off"               },
    {"policies",  "agid-exhausted = panic",    "agid-exhausted", "panic",           "refuse | recycle"       },
    {"mechanics", "timing = slow",             "timing",         "slow",            "instant | realistic"    },
    {"mechanics", "tray-time = -1",            "tray-time",      "-1",              "0..60000 (milliseconds)"},
    {"mechanics", "seek-time = 10001",         "seek-time",      "10001",           "0..10000 (milliseconds)"},
    {"region",    "region = 9",                "region",         "9",               "none | 1..8"            },
    {"random",    "css-variant = 32",          "css-variant",    "32",              "random | 0..31"         },
    {"random",    "css-challenge = 01",        "css-challenge",  "01",              "10 bytes in hexadecimal"},
};

START_TEST(a_fault_names_file_line_key_value_and_form)
{
    char text[256];
    struct drive_profile profile;

    snprintf(text, sizeof text, "# a comment\n[%s]\n%s\n", faults[_i].section, faults[_i].line);
    ck_assert(!read_profile(text, &profile));
    ck_assert_ptr_nonnull(strstr(sentences, "test.drive:3:"));
    ck_assert_ptr_nonnull(strstr(sentences, faults[_i].key));
    ck_assert_ptr_nonnull(strstr(sentences, faults[_i].value));
    ck_assert_ptr_nonnull(strstr(sentences, faults[_i].form));
}
END_TEST

START_TEST(seek_times_must_fit_together)
{
    struct drive_profile profile;

    ck_assert(!read_profile("[mechanics]\nseek-time = 100\nfull-seek-time = 99\n", &profile));
    ck_assert_str_eq(sentences, "test.drive: [mechanics] full-seek-time = 99 does not go with "
                                "seek-time = 100; accepted: 100..300\n");
    ck_assert(!read_profile("[mechanics]\nseek-time = 100\nfull-seek-time = 301\n", &profile));
    ck_assert(read_profile("[mechanics]\nseek-time = 100\nfull-seek-time = 300\n", &profile));
    ck_assert(read_profile("[mechanics]\nseek-time = 50\n", &profile));
    ck_assert_int_eq(profile.full_seek_time, 100);
    ck_assert(read_profile("[mechanics]\nseek-time = 0\nfull-seek-time = 0\n", &profile));
}
END_TEST

START_TEST(spin_up_time_is_of_instant_timing)
{
    struct drive_profile profile;

    ck_assert(!read_profile("[abilities]\nspin-up-time = 9\n[mechanics]\ntiming = realistic\n",
                            &profile));
    ck_assert_str_eq(sentences,
                     "test.drive: [abilities] spin-up-time = 9 does not go with [mechanics] timing "
                     "= realistic; accepted: 0, and the times of [mechanics]\n");
}
END_TEST

START_TEST(region_and_counter_must_fit_together)
{
    struct drive_profile profile;

    ck_assert(!read_profile("[region]\nregion = 1\nuser-changes = 5\n", &profile));
    ck_assert(!read_profile("[region]\nuser-changes = 4\n", &profile));
    ck_assert_ptr_nonnull(strstr(sentences, "user-changes = 4"));
    ck_assert_msg(read_profile("[region]\nregion = 1\n", &profile), "%s", sentences);
    ck_assert_uint_eq(profile.factory_region.user_changes, 4);
}
END_TEST

START_TEST(fault_rules_of_a_profile_are_those_of_its_drive)
{
    static struct drive_profile profile;
    struct fault_status status;

    ck_assert_msg(read_profile("[fault a]\ncommand = INQUIRY\ntruncate = 0\n"
                               "[fault b]\nflip = 2\n",
                               &profile),
                  "%s", sentences);
    ck_assert_uint_eq(profile.fault_count, 2);
    struct drive *drive = drive_create(&profile, NULL, NULL, 0);
    ck_assert_ptr_nonnull(drive);
    drive_profile_release(&profile);
    ck_assert_uint_eq(profile.fault_count, 0);
    ck_assert(drive_fault_get(drive, 1, &status));
    ck_assert_str_eq(status.rule->name, "b");
    ck_assert(!drive_fault_get(drive, 2, &status));
    drive_destroy(drive);
    ck_assert(!read_profile("[fault a]\nflip = 2\n[fault a]\nflip = 3\n", &profile));
    ck_assert_str_eq(sentences, "test.drive:3: [fault a]: given twice, first at line 1\n");
    ck_assert_uint_eq(profile.fault_count, 0);
}
END_TEST

static Suite *profile_suite(void)
{
    Suite *suite = suite_create("profile");
    TCase *cases = tcase_create("profile");
    tcase_add_test(cases, an_empty_profile_is_the_default);
    tcase_add_test(cases, every_key_is_read);
    tcase_add_test(cases, a_challenge_is_the_drives_own_only_when_given);
    tcase_add_test(cases, fault_rules_of_a_profile_are_those_of_its_drive);
    tcase_add_loop_test(cases, a_fault_names_file_line_key_value_and_form, 0,
                        (int)(sizeof faults / sizeof *faults));
    tcase_add_test(cases, the_manual_names_every_key);
    tcase_add_test(cases, seek_times_must_fit_together);
    tcase_add_test(cases, spin_up_time_is_of_instant_timing);
    tcase_add_test(cases, region_and_counter_must_fit_together);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(profile_suite)
