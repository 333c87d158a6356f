/* SPDX-License-Identifier: MIT */
#include "media/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/fixture_table.h"
#include "media/settings_quotes.h"
#include "tests/support/dvd_image.h"
#include "tests/support/fault_log.h"
#include "tests/tap.h"

static struct disc_description description;
static struct fault_log faults;

static bool read_text(const char *text)
{
    fault_log_init(&faults);
    bool right = fixture_read("discs/a.disc", text, &description, &faults.diagnostics);
    ck_assert_uint_eq(right, faults.diagnostics.errors == 0);
    return right;
}

START_TEST(a_minimal_fixture_gives_the_defaults)
{
    ck_assert(read_text("[disc]\nimage = movie.iso\n"));
    ck_assert_str_eq(description.image, "discs/movie.iso");
    ck_assert_int_eq((int)description.medium, DISC_MEDIUM_DVD_ROM);
    ck_assert_uint_eq(description.seed, 1);
    ck_assert_uint_eq(description.layers, 0);
    ck_assert_int_eq((int)description.track_path, DISC_TRACK_PATH_OPPOSITE);
    ck_assert_uint_eq(description.layer_break, 0);
    ck_assert_uint_eq(description.book_version, 1);
    ck_assert(!description.disc_80mm);
    ck_assert_int_eq((int)description.protection, DISC_PROTECTION_NONE);
    ck_assert_uint_eq(description.regions_forbidden, 0);
    ck_assert(!description.has_disc_key);
    for (unsigned i = 0; i < CSS_PLAYER_KEYS; i++)
        ck_assert(!description.has_player_key[i]);
    for (unsigned i = 0; i < DISC_TITLE_SETS; i++)
        ck_assert(!description.has_title_key[i]);
    ck_assert_uint_eq(description.scramble_file_count, 0);
    ck_assert_uint_eq(description.scramble_extents.count, 0);
    ck_assert_uint_eq(description.scramble_every, 1);
    ck_assert_uint_eq(description.bca_size, 0);
    ck_assert_uint_eq(description.defects.count, 0);
    disc_description_release(&description);
}
END_TEST

START_TEST(every_key_is_read)
{
    ck_assert(read_text("[disc]\n"
                        "image = /images/movie.iso\n"
                        "type = dvd-rom\n"
                        "seed = 42\n"
                        "layers = 2\n"
                        "track-path = parallel\n"
                        "layer-break = 0x100\n"
                        "book-version = 5\n"
                        "size = 80\n"
                        "[copyright]\n"
                        "protection = css\n"
                        "regions = 1, 2\n"
                        "[css]\n"
                        "disc-key = 48 9B 77 FA 42\n"
                        "scramble-every = 3\n"
                        "files = VTS_01_1.VOB, vts_02_1.vob\n"
                        "extents = 500-599:7,\n"
                        "  100-199:1\n"
                        "[player-keys]\n"
                        "1 = A0B1C2D3E4\n"
                        "408 = 0000000001\n"
                        "[title-keys]\n"
                        "0 = C0 FF EE 42 17\n"
                        "99 = 12 34 56 78 9A\n"
                        "[lead-in]\n"
                        "bca = 000102030405060708090A0B\n"
                        "manufacturing = 41 42\n"
                        "[defects]\n"
                        "unreadable = 200-215, 100, 101 210-300\n"));
    ck_assert_str_eq(description.image, "/images/movie.iso");
    ck_assert_uint_eq(description.seed, 42);
    ck_assert_uint_eq(description.layers, 2);
    ck_assert_int_eq((int)description.track_path, DISC_TRACK_PATH_PARALLEL);
    ck_assert_uint_eq(description.layer_break, 256);
    ck_assert_uint_eq(description.book_version, 5);
    ck_assert(description.disc_80mm);
    ck_assert_int_eq((int)description.protection, DISC_PROTECTION_CSS);
    ck_assert_uint_eq(description.regions_forbidden, 0xFC);
    ck_assert(description.has_disc_key);
    ck_assert_mem_eq(description.disc_key.byte, "\x48\x9B\x77\xFA\x42", 5);
    ck_assert_uint_eq(description.scramble_every, 3);
    ck_assert_uint_eq(description.scramble_file_count, 2);
    ck_assert_str_eq(description.scramble_files[0], "VTS_01_1.VOB");
    ck_assert_str_eq(description.scramble_files[1], "VTS_02_1.VOB");
    ck_assert_uint_eq(description.scramble_extents.count, 2);
    ck_assert_uint_eq(description.scramble_extents.extent[0].first, 100);
    ck_assert_uint_eq(description.scramble_extents.extent[0].count, 100);
    ck_assert_uint_eq(description.scramble_extents.extent[0].title_set, 1);
    ck_assert_uint_eq(description.scramble_extents.extent[1].first, 500);
    ck_assert_uint_eq(description.scramble_extents.extent[1].title_set, 7);
    ck_assert(description.has_player_key[0] && !description.has_player_key[1] &&
              description.has_player_key[407]);
    ck_assert_mem_eq(description.player_key[0].byte, "\xA0\xB1\xC2\xD3\xE4", 5);
    ck_assert(description.has_title_key[0] && !description.has_title_key[1] &&
              description.has_title_key[99]);
    ck_assert_mem_eq(description.title_key[99].byte, "\x12\x34\x56\x78\x9A", 5);
    ck_assert_uint_eq(description.bca_size, 12);
    ck_assert_uint_eq(description.bca[11], 0x0B);
    ck_assert_mem_eq(description.manufacturing, "AB\0", 3);
    ck_assert_uint_eq(description.defects.count, 2);
    ck_assert_uint_eq(description.defects.extent[0].first, 100);
    ck_assert_uint_eq(description.defects.extent[0].count, 2);
    ck_assert_uint_eq(description.defects.extent[1].first, 200);
    ck_assert_uint_eq(description.defects.extent[1].count, 101);
    disc_description_release(&description);
    ck_assert_ptr_null(description.image);
}
END_TEST

START_TEST(an_unreadable_disc_needs_nothing)
{
    ck_assert(read_text("[disc]\ntype = unreadable\n"));
    ck_assert_int_eq((int)description.medium, DISC_MEDIUM_UNREADABLE);
    ck_assert_ptr_null(description.image);
    disc_description_release(&description);
}
END_TEST

START_TEST(a_layer_break_means_two_layers)
{
    ck_assert(read_text("[disc]\nimage = x\nlayer-break = 160\n"));
    ck_assert_uint_eq(description.layers, 2);
    ck_assert_uint_eq(description.layer_break, 160);
    disc_description_release(&description);
}
END_TEST

/* What is wrong with a fixture that has these lines behind "[disc]" and "image = x". */
static const struct {
    const char *more, *message;
} wrong[] = {
    {"type = dvd-ram\n",                               "3: type = dvd-ram: not one of the words; accepted: dvd-rom | unreadable"},
    {"seed = -1\n",
     "3: seed = -1: outside 0..9223372036854775807; accepted: 0..9223372036854775807"                                           },
    {"layers = 3\n",                                   "3: layers = 3: outside 1..2; accepted: 1 | 2"                           },
    {"layer-break = 100\n",
     "3: layer-break = 100: not a multiple of 16; accepted: sectors on layer 0, a multiple of 16, "
     "at most 2086912"                                                                                                          },
    {"layers = 1\ntrack-path = parallel\n",            "4: track-path means nothing with layers = 1"                            },
    {"layers = 1\nlayer-break = 16\n",                 "4: layer-break means nothing with layers = 1"                           },
    {"[copyright]\nregions = 1\n",                     "4: regions means nothing with protection = none"                        },
    {"[copyright]\nprotection = css\nregions = 9\n",
     "5: regions = 9: \"9\" is not a region; accepted: all | none | numbers 1..8 separated by "
     "commas"                                                                                                                   },
    {"[copyright]\nprotection = css\nregions = 1 2\n",
     "5: regions = 1 2: no comma before \"2\"; accepted: all | none | numbers 1..8 separated by "
     "commas"                                                                                                                   },
    {"[copyright]\nprotection = css\nregions = 1,\n",
     "5: regions = 1,: \"\" is not a region; accepted: all | none | numbers 1..8 separated by "
     "commas"                                                                                                                   },
    {"[css]\ndisc-key = 48 9B 77 FA 42\n",             "4: disc-key means nothing with protection = none"                       },
    {"[css]\ndisc-key = 48 9B 77 FA\n",
     "4: disc-key = 48 9B 77 FA: not five bytes; accepted: 5 hexadecimal bytes, not all zero"                                   },
    {"[css]\ndisc-key = 48 9B 77 FA 42 00\n",
     "4: disc-key = 48 9B 77 FA 42 00: not five bytes; accepted: 5 hexadecimal bytes, not all "
     "zero"                                                                                                                     },
    {"[css]\ndisc-key = 0000000000\n",
     "4: disc-key = 0000000000: a key of zeros means that nothing is scrambled; accepted: 5 "
     "hexadecimal bytes, not all zero"                                                                                          },
    {"[css]\nscramble-every = 0\n",
     "4: scramble-every = 0: outside 1..4173824; accepted: 1..4173824"                                                          },
    {"[css]\nfiles = VTS_01_1.IFO\n",
     "4: files = VTS_01_1.IFO: \"VTS_01_1.IFO\" is not the name of a VOB; accepted: VIDEO_TS.VOB "
     "or VTS_nn_m.VOB, separated by commas"                                                                                     },
    {"[css]\nfiles = VTS_01_1.VOB vts_01_1.vob\n",
     "4: files = VTS_01_1.VOB vts_01_1.vob: VTS_01_1.VOB is named twice; accepted: VIDEO_TS.VOB or "
     "VTS_nn_m.VOB, separated by commas"                                                                                        },
    {"[css]\nfiles = ,\n",
     "4: files = ,: no file is named; accepted: VIDEO_TS.VOB or VTS_nn_m.VOB, separated by commas"                              },
    {"[css]\nextents = 100-200\n",                     "4: extents = 100-200: \"100-200\" is not an extent of a disc; "
                                   "accepted: FIRST-LAST:TITLE-SET, "
                                   "separated by commas, title sets 0..99"                    },
    {"[css]\nextents = 100-200:1 150-160:2\n",
     "4: extents = 100-200:1 150-160:2: sector 150 has two title sets; accepted: "
     "FIRST-LAST:TITLE-SET, separated by commas, title sets 0..99"                                                              },
    {"[player-keys]\n1 = 0102030405\n",                "4: keys in [player-keys] mean nothing with protection = "
                                        "none"                                           },
    {"[player-keys]\n0 = 0102030405\n",                "4: 0 = 0102030405: 0 is not 1..408; accepted: 1..408 = 5 "
                                        "hexadecimal bytes, not all zero"                },
    {"[player-keys]\n409 = 0102030405\n",              "4: 409 = 0102030405: 409 is not 1..408; accepted: "
                                          "1..408 = 5 hexadecimal bytes, not all zero" },
    {"[title-keys]\n01 = 0102030405\n",                "4: 01 = 0102030405: 01 is not 0..99; accepted: 0..99 = 5 "
                                        "hexadecimal bytes, not all zero"                },
    {"[title-keys]\n100 = 0102030405\n",               "4: 100 = 0102030405: 100 is not 0..99; accepted: 0..99 = "
                                         "5 hexadecimal bytes, not all zero"            },
    {"[lead-in]\nbca = 01 02 03\n",
     "4: bca = 01 02 03: not 12 to 188 bytes; accepted: 12 to 188 hexadecimal bytes"                                            },
    {"[lead-in]\nmanufacturing =\n",
     "4: manufacturing = : not 1 to 2048 bytes; accepted: 1 to 2048 hexadecimal bytes"                                          },
    {"[defects]\nunreadable = 5-4\n",                  "4: unreadable = 5-4: \"5-4\" is not an extent of a disc; "
                                      "accepted: FIRST or FIRST-LAST, separated by commas" },
    {"[defects]\nunreadable = 4173824\n",
     "4: unreadable = 4173824: \"4173824\" is not an extent of a disc; accepted: FIRST or "
     "FIRST-LAST, separated by commas"                                                                                          },
    {"[defects]\nunreadable = 1x\n",                   "4: unreadable = 1x: \"1x\" is not an extent of a disc; "
                                     "accepted: FIRST or FIRST-LAST, separated by commas"   },
    {"[defects]\nunreadable =\n",                      "4: unreadable = : nothing is named; accepted: FIRST or "
                                  "FIRST-LAST, separated by commas"                            },
    {"type = unreadable\n",                            "2: image means nothing with type = unreadable"                          },
};

START_TEST(faults_are_told_in_full)
{
    char text[512], message[512];
    snprintf(text, sizeof text, "[disc]\nimage = x\n%s", wrong[_i].more);
    snprintf(message, sizeof message, "discs/a.disc:%s\n", wrong[_i].message);
    ck_assert(!read_text(text));
    ck_assert_str_eq(faults.text, message);
    ck_assert_ptr_null(description.image);
}
END_TEST

START_TEST(an_image_is_needed)
{
    ck_assert(!read_text(""));
    ck_assert_str_eq(
        faults.text,
        "discs/a.disc: image is missing in [disc]; accepted: the path of an image file\n");
    ck_assert(!read_text("[disc]\nimage =\n"));
    ck_assert_str_eq(faults.text,
                     "discs/a.disc:2: image = : no path; accepted: the path of an image file\n");
}
END_TEST

START_TEST(paths_are_taken_from_the_folder_of_the_fixture)
{
    ck_assert(fixture_read("a.disc", "[disc]\nimage = sub/x.iso\n", &description, NULL));
    ck_assert_str_eq(description.image, "sub/x.iso");
    disc_description_release(&description);
    ck_assert(fixture_read("/a.disc", "[disc]\nimage = x.iso\n", &description, NULL));
    ck_assert_str_eq(description.image, "/x.iso");
    disc_description_release(&description);
}
END_TEST

/* Whatever a file is called, a fixture can name it. */
START_TEST(an_image_may_have_any_name)
{
    char path[1000], quoted[SETTINGS_QUOTED_SIZE(sizeof path)], text[5000];
    const char *const names[] = {" blanks ",   "a ;b",       "\"quoted\"", ";",
                                 "line\nfeed", "\xE9\x1B\\", "#hash"};

    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        settings_quote(names[i], quoted);
        snprintf(text, sizeof text, "[disc]\nimage = %s\n", quoted);
        ck_assert_msg(read_text(text), "%s", faults.text);
        snprintf(path, sizeof path, "discs/%s", names[i]);
        ck_assert_str_eq(description.image, path);
        disc_description_release(&description);
    }
    memset(path, 'p', sizeof path - 1);
    path[0] = '/';
    path[sizeof path - 1] = 0;
    snprintf(text, sizeof text, "[disc]\nimage = %s\n", path);
    ck_assert_msg(read_text(text), "%s", faults.text);
    ck_assert_str_eq(description.image, path);
    disc_description_release(&description);
}
END_TEST

START_TEST(other_files_are_images)
{
    ck_assert(fixture_load("no/such/movie.iso", &description, NULL));
    ck_assert_str_eq(description.image, "no/such/movie.iso");
    ck_assert_int_eq((int)description.protection, DISC_PROTECTION_NONE);
    disc_description_release(&description);

    fault_log_init(&faults);
    ck_assert(!fixture_load("no/such.disc", &description, &faults.diagnostics));
    ck_assert_str_eq(faults.text, "no/such.disc: No such file or directory\n");
    ck_assert_ptr_null(description.image);
}
END_TEST

START_TEST(fixtures_are_loaded_from_files)
{
    static const char text[] = "[disc]\nimage = x.iso\nseed = 9\n";
    char *saved = dvd_image_save(text, sizeof text - 1);
    char path[256];
    snprintf(path, sizeof path, "%s.disc", saved);
    ck_assert_int_eq(rename(saved, path), 0);
    ck_assert(fixture_load(path, &description, NULL));
    ck_assert_uint_eq(description.seed, 9);
    ck_assert_str_eq(strrchr(description.image, '/'), "/x.iso");
    disc_description_release(&description);
    unlink(path);
    free(saved);
}
END_TEST

/* The manual, read from the root of the tree, where tests run. */

static char *load_manual(void)
{
    fault_log_init(&faults);
    char *manual = settings_load("docs/vodd.disc.5", FIXTURE_SIZE_MAX, &faults.diagnostics);
    ck_assert_msg(manual != NULL, "%s", faults.text);
    return manual;
}

START_TEST(the_manual_names_every_key)
{
    char *manual = load_manual(), wanted[80];
    for (const struct setting *row = fixture_table; row->section; row++) {
        /* Of sections that are gathered the manual shows the kind. */
        snprintf(wanted, sizeof wanted, ".Ss Section %.*s", (int)strcspn(row->section, "*"),
                 row->section);
        ck_assert_msg(strstr(manual, wanted) != NULL, "%s", wanted);
        if (row->key) {
            snprintf(wanted, sizeof wanted, ".It Cm %s\n", row->key);
            ck_assert_msg(strstr(manual, wanted) != NULL, "%s", wanted);
        }
    }
    free(manual);
}
END_TEST

START_TEST(the_examples_of_the_manual_are_right)
{
    static const char begin[] = ".Bd -literal -offset indent\n", end[] = ".Ed\n";
    unsigned examples = 0;
    char *manual = load_manual();
    for (char *at = manual, *last; (at = strstr(at, begin)); at = last + 1, examples++) {
        at += strlen(begin);
        last = strstr(at, end);
        ck_assert_ptr_nonnull(last);
        *last = 0;
        ck_assert_msg(read_text(at), "%s", faults.text);
        disc_description_release(&description);
    }
    ck_assert_uint_eq(examples, 4);
    free(manual);
}
END_TEST

START_TEST(fault_rules_are_kept_as_text)
{
    ck_assert(read_text("[disc]\ntype = unreadable\n[fault a]\nanything = goes\n"));
    ck_assert_uint_eq(description.faults.count, 1);
    struct disc *disc = disc_create(&description, NULL);
    ck_assert_ptr_nonnull(disc);
    disc_description_release(&description);
    const struct settings_sections *kept = &disc_description(disc)->faults;
    ck_assert_uint_eq(kept->count, 1);
    ck_assert_str_eq(kept->section[0].name, "a");
    ck_assert_str_eq(kept->section[0].pairs[0].value, "goes");
    disc_release(disc);
}
END_TEST

static Suite *fixture_suite(void)
{
    Suite *suite = suite_create("fixture");
    TCase *tests = tcase_create("fixture");
    tcase_add_test(tests, a_minimal_fixture_gives_the_defaults);
    tcase_add_test(tests, every_key_is_read);
    tcase_add_test(tests, an_unreadable_disc_needs_nothing);
    tcase_add_test(tests, fault_rules_are_kept_as_text);
    tcase_add_test(tests, a_layer_break_means_two_layers);
    tcase_add_loop_test(tests, faults_are_told_in_full, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_test(tests, an_image_is_needed);
    tcase_add_test(tests, paths_are_taken_from_the_folder_of_the_fixture);
    tcase_add_test(tests, an_image_may_have_any_name);
    tcase_add_test(tests, other_files_are_images);
    tcase_add_test(tests, fixtures_are_loaded_from_files);
    tcase_add_test(tests, the_manual_names_every_key);
    tcase_add_test(tests, the_examples_of_the_manual_are_right);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(fixture_suite)
