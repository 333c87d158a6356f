/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

#include "emulator/drive.h"

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

START_TEST(every_key_is_read)
{
    static const char text[] =
        "[identity]\n"
        "vendor = ACME\nproduct = ROM 16x\nrevision = 2.0A\nserial = S-1\n"
        "firmware-date = 20260102030405\nwwn = 5000C500 12345678\n"
        "inquiry-length = 96\ninterface = 8\n"
        "[abilities]\n"
        "css = off\nagids = 1\nmax-read-speed = 11080\nbuffer-size = 131072\nspin-up-time = 750\n"
        "[policies]\n"
        "agid-exhausted = recycle\nagid-on-refused-key = keep\n"
        "unprotected-title-key = key-not-present\nregion-gate = strict\n"
        "scrambled-read-gate = off\nregion-set-medium = any\nregion-unset = plays-region-free\n"
        "asf-medium = any\nread-cd = user-data\nperformance-tolerance = any\n"
        "[region]\n"
        "rpc = phase-1\nregion = 2\nuser-changes = 1\nvendor-resets = 3\n"
        "[random]\n"
        "seed = 77\ncss-variant = 13\ncss-challenge = 10 11 12 13 14 15 16 17 18 19\n";
    static const uint8_t challenge[] = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19};
    struct drive_profile profile;

    ck_assert_msg(read_profile(text, &profile), "%s", sentences);
    ck_assert_str_eq(profile.vendor, "ACME");
    ck_assert_str_eq(profile.product, "ROM 16x");
    ck_assert_str_eq(profile.revision, "2.0A");
    ck_assert_str_eq(profile.serial, "S-1");
    ck_assert_str_eq(profile.firmware_date, "20260102030405");
    ck_assert_uint_eq(profile.wwn, 0x5000C50012345678);
    ck_assert_int_eq(profile.inquiry_length, 96);
    ck_assert_int_eq(profile.interface, 8);
    ck_assert(!profile.css);
    ck_assert_int_eq(profile.agids, 1);
    ck_assert_int_eq(profile.max_read_speed, 11080);
    ck_assert_int_eq(profile.buffer_size, 131072);
    ck_assert_int_eq(profile.spin_up_time, 750);
    ck_assert_int_eq(profile.agid_exhausted, AGID_EXHAUSTED_RECYCLE);
    ck_assert_int_eq(profile.agid_on_refused_key, AGID_ON_REFUSED_KEY_KEEP);
    ck_assert_int_eq(profile.unprotected_title_key, UNPROTECTED_TITLE_KEY_NOT_PRESENT);
    ck_assert_int_eq(profile.region_gate, REGION_GATE_STRICT);
    ck_assert(!profile.scrambled_read_gate);
    ck_assert_int_eq(profile.region_set_medium, REGION_SET_MEDIUM_ANY);
    ck_assert_int_eq(profile.region_unset, REGION_UNSET_PLAYS_REGION_FREE);
    ck_assert_int_eq(profile.rpc, REGION_SCHEME_PHASE_1);
    ck_assert_uint_eq(profile.factory_region.mask, 0xFD);
    ck_assert_uint_eq(profile.factory_region.user_changes, 1);
    ck_assert_uint_eq(profile.factory_region.vendor_resets, 3);
    ck_assert_int_eq(profile.seed, 77);
    ck_assert_int_eq(profile.css_variant, 13);
    ck_assert(profile.has_css_challenge);
    ck_assert_mem_eq(profile.css_challenge.byte, challenge, sizeof challenge);
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

START_TEST(every_key_of_the_mechanics_is_read)
{
    static const char text[] = "[mechanics]\ntiming = realistic\ntray-time = 1\nstart-time = 2\n"
                               "identification-time = 3\nwake-time = 4\nseek-time = 5\n"
                               "full-seek-time = 6\nlayer-change-time = 7\n"
                               "authentication-time = 8\n";
    struct drive_profile profile;

    ck_assert_msg(read_profile(text, &profile), "%s", sentences);
    ck_assert_int_eq(profile.timing, TIMING_REALISTIC);
    ck_assert_int_eq(profile.tray_time, 1);
    ck_assert_int_eq(profile.start_time, 2);
    ck_assert_int_eq(profile.identification_time, 3);
    ck_assert_int_eq(profile.wake_time, 4);
    ck_assert_int_eq(profile.seek_time, 5);
    ck_assert_int_eq(profile.full_seek_time, 6);
    ck_assert_int_eq(profile.layer_change_time, 7);
    ck_assert_int_eq(profile.authentication_time, 8);
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
    tcase_add_test(cases, fault_rules_of_a_profile_are_those_of_its_drive);
    tcase_add_loop_test(cases, a_fault_names_file_line_key_value_and_form, 0,
                        (int)(sizeof faults / sizeof *faults));
    tcase_add_test(cases, every_key_of_the_mechanics_is_read);
    tcase_add_test(cases, seek_times_must_fit_together);
    tcase_add_test(cases, spin_up_time_is_of_instant_timing);
    tcase_add_test(cases, region_and_counter_must_fit_together);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(profile_suite)
