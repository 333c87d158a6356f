/* SPDX-License-Identifier: MIT */
#include "media/disc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/fixture.h"
#include "tests/support/dvd_image.h"
#include "tests/support/iso9660_image.h"
#include "tests/support/made_disc.h"
#include "tests/tap.h"

/*
 * What a disc's image is told off for: one warning, which strict diagnostics make an error.
 */

/* Puts bytes into the image. */
static void change(long at, const void *bytes, size_t size)
{
    FILE *file = fopen(made.path, "r+");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static void remove_file_system(void)
{
    static const uint8_t zeros[DVD_IMAGE_FILES_FIRST * DVD_SECTOR_SIZE];
    change(0, zeros, sizeof zeros);
}

/* The only warning is this one; with strict diagnostics it is an error, and there is no disc. */
static void assert_warning(const char *text)
{
    char expected[600], warning[700];
    snprintf(expected, sizeof expected, "%s: %s\n", made.path, text);
    snprintf(warning, sizeof warning, "warning: %s", expected);
    disc_release(made_disc_create());
    ck_assert_str_eq(made.faults.text, warning);
    fault_log_init(&made.faults);
    made.faults.diagnostics.strict = true;
    ck_assert_ptr_null(disc_create(&made.description, &made.faults.diagnostics));
    ck_assert_str_eq(made.faults.text, expected);
}

START_TEST(a_disc_gets_no_warning)
{
    fault_log_init(&made.faults);
    made.faults.diagnostics.strict = true;
    struct disc *disc = disc_create(&made.description, &made.faults.diagnostics);
    ck_assert_msg(disc != NULL, "%s", made.faults.text);
    ck_assert_str_eq(made.faults.text, "");
    disc_release(disc);
}
END_TEST

START_TEST(an_image_without_file_system)
{
    remove_file_system();
    assert_warning(
        "no file system, neither UDF nor ISO 9660, so hosts will not know what is on it");
}
END_TEST

/* The signature of every format that is told from a disc. */
static const struct {
    long at; /* below 0: from the end */
    const char *bytes;
    size_t size;
    const char *text;
} formats[] = {
#define SIGNATURE(text) (text), sizeof(text) - 1
    {0,    SIGNATURE("\x1F\x8B\x08"),                                 "compressed with gzip"               },
    {0,
                                                    SIGNATURE("\xFD"
               "7zXZ\0"),
                                                    "compressed with xz"                                                                                  },
    {0,    SIGNATURE("\x28\xB5\x2F\xFD"),                             "compressed with zstd"               },
    {0,    SIGNATURE("BZh91AY"),                                      "compressed with bzip2"              },
    {0,    SIGNATURE("\x04\x22\x4D\x18"),                             "compressed with lz4"                },
    {0,    SIGNATURE("LZIP\1"),                                       "compressed with lzip"               },
    {0,    SIGNATURE("\x1F\x9D\x90"),                                 "compressed with compress"           },
    {0,    SIGNATURE("PK\3\4"),                                       "a zip archive"                      },
    {0,    SIGNATURE("7z\xBC\xAF\x27\x1C"),                           "a 7z archive"                       },
    {0,    SIGNATURE("Rar!\x1A\x07\1"),                               "a rar archive"                      },
    {257,  SIGNATURE("ustar"),                                        "a tar archive"                      },
    {0,    SIGNATURE("QFI\xFB\0\0\0\3"),                              "a qcow image"                       },
    {0,    SIGNATURE("KDMV"),                                         "a VMDK image"                       },
    {0,    SIGNATURE("# Disk DescriptorFile\n"),                      "a VMDK image's description"         },
    {64,   SIGNATURE("\x7F\x10\xDA\xBE"),                             "a VDI image"                        },
    {0,    SIGNATURE("conectix"),                                     "a VHD image"                        },
    {0,    SIGNATURE("vhdxfile"),                                     "a VHDX image"                       },
    {0,    SIGNATURE("WithoutFreeSpace"),                             "a Parallels image"                  },
    {-512, SIGNATURE("koly"),                                         "a DMG image"                        },
    {0,    SIGNATURE("MComprHD"),                                     "a CHD image"                        },
    {0,    SIGNATURE("CISO"),                                         "a CSO image"                        },
    {0,    SIGNATURE("ZISO"),                                         "a ZSO image"                        },
    {0,    SIGNATURE("DAA\0\0\0\0\0"),                                "a DAA image"                        },
    {0,    SIGNATURE("GBI\0"),                                        "a gBurner image"                    },
    {0,    SIGNATURE("IsZ!"),                                         "an ISZ image"                       },
    {-64,  SIGNATURE("bbis"),                                         "a UIF image"                        },
    {-12,  SIGNATURE("NER5"),                                         "a Nero image"                       },
    {-8,   SIGNATURE("NERO"),                                         "a Nero image"                       },
    {0,    SIGNATURE("EVF\x09\x0D\x0A\xFF\0"),                        "an EnCase image"                    },
    {0,    SIGNATURE("\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0"), "an image of raw CD sectors"         },
    {0,    SIGNATURE("MEDIA DESCRIPTOR"),                             "the description of an Alcohol image"},
    {0,    SIGNATURE("[CloneCD]"),                                    "the description of a CloneCD image" },
    {0,    SIGNATURE("\0\0\1\xBA"),                                   "a VOB"                              },
    {0,    SIGNATURE("DVDVIDEO-VMG"),                                 "an IFO"                             },
};

START_TEST(files_of_another_format_are_named)
{
    char text[100];
    snprintf(text, sizeof text, ": is %s, not a disc sector by sector; ", formats[_i].text);
    /* Where there is a file system, the first sectors may hold anything. */
    if (formats[_i].at >= 0) {
        change(formats[_i].at, formats[_i].bytes, formats[_i].size);
        disc_release(made_disc_create());
        ck_assert_str_eq(made.faults.text, "");
    }
    remove_file_system();
    change(formats[_i].at, formats[_i].bytes, formats[_i].size);
    disc_release(made_disc_create());
    ck_assert_msg(strstr(made.faults.text, text) != NULL, "%s", made.faults.text);
    ck_assert_ptr_eq(strchr(made.faults.text, '\n'),
                     made.faults.text + strlen(made.faults.text) - 1);
}
END_TEST

START_TEST(an_image_that_was_cut_short)
{
    ck_assert_int_eq(truncate(made.path, 690 * DVD_SECTOR_SIZE + 5), 0);
    assert_warning("has 690 sectors, its file system 700: the end is missing");
}
END_TEST

START_TEST(an_iso_9660_image_that_was_cut_short)
{
    static const struct dvd_image_file files[] = {
        {"VTS_01_1.VOB", {{500, 5}}},
        {.name = NULL             },
    };
    uint8_t *image = iso9660_image_build(MADE_DISC_SECTORS, "VIDEO_TS", files);
    change(0, image, MADE_DISC_SIZE);
    free(image);
    a_disc_gets_no_warning_fn(0);
    ck_assert_int_eq(truncate(made.path, 690 * DVD_SECTOR_SIZE), 0);
    assert_warning("has 690 sectors, its file system 700: the end is missing");
}
END_TEST

START_TEST(part_of_a_sector_is_left_out)
{
    ck_assert_int_eq(truncate(made.path, MADE_DISC_SECTORS * DVD_SECTOR_SIZE + 17), 0);
    assert_warning("the last 17 bytes are not a whole sector and are left out");
}
END_TEST

START_TEST(what_is_scrambled_already)
{
    static const struct css_key key = {
        {1, 2, 3, 4, 5}
    };
    for (uint32_t lba = 500; lba < 550; lba++) {
        uint8_t *sector = made_disc_plain(lba);
        if (css_sector_has_content(sector))
            css_sector_scramble(sector, &key);
        change((long)lba * DVD_SECTOR_SIZE, sector, DVD_SECTOR_SIZE);
    }
    disc_release(made_disc_create());
    ck_assert_ptr_nonnull(strstr(made.faults.text,
                                 " is scrambled already, with a key that is not known; an image is "
                                 "to hold the disc in clear\n"));
    const char *sector = strstr(made.faults.text, ": sector 5");
    ck_assert_ptr_nonnull(sector);
    fault_log_init(&made.faults);
    made.faults.diagnostics.strict = true;
    ck_assert_ptr_null(disc_create(&made.description, &made.faults.diagnostics));
}
END_TEST

/* A disc without protection needs no VOBs, and one whose extents are stated neither. */
START_TEST(an_examination_that_is_given_up)
{
    dvd_image_close_loop(made.plain, 0, true);
    change(0, made.plain, MADE_DISC_SIZE);
    assert_warning("the look at its file system was given up: it takes more than 8192 reads; what "
                   "is wrong with it is not known");
    made.description.protection = DISC_PROTECTION_CSS;
    made.description.has_disc_key = true;
    made.description.disc_key = made_disc_key;
    made_disc_assert_refused("@: the search for its VOBs was given up: it takes more than 8192 "
                             "reads; extents in [css] can say what is scrambled instead\n");
    made_disc_add_extent(&made.description.scramble_extents, 400, 10, 1);
    assert_warning("the look at its file system was given up: it takes more than 8192 reads; what "
                   "is wrong with it is not known");
}
END_TEST

/* Faults that only the image shows: where they are in the fixture. */
static const struct {
    const char *text, *message; /* % stands for the path of the image */
} faults[] = {
    {"[disc]\n\nimage = /nowhere.iso\n",
     "a.disc:3: image = /nowhere.iso: No such file or directory\n"                             },
    {"[disc]\nimage = /\n",
     "a.disc:2: image = /: is a folder; accepted: a file or a block device\n"                  },
    {"[disc]\nimage = %\nlayers = 2\nlayer-break = 704\n",
     "a.disc:4: layer-break = 704: layer break 704 leaves nothing of 700 sectors for layer 1\n"},
    {"[disc]\nimage = %\n[defects]\nunreadable = 5, 699-700\n",
     "a.disc:4: unreadable: unreadable sectors 699-700 are not inside the disc, whose last sector "
     "is 699\n"                                                                                },
    {"[disc]\nimage = %\n[copyright]\nprotection = css\n[css]\nfiles = VTS_07_1.VOB\n",
     "a.disc:6: files: there is no VTS_07_1.VOB in VIDEO_TS to scramble\n"                     },
    {"[disc]\nimage = %\n[copyright]\nprotection = css\n[css]\nextents = 700-710:1\n",
     "a.disc:6: extents: scrambled extent 700-710 is not inside the disc, whose last sector is "
     "699\n"                                                                                   },
};

START_TEST(faults_name_the_line_of_the_fixture)
{
    char text[500];
    size_t used = 0;
    for (const char *at = faults[_i].text; *at; at++)
        if (*at == '%')
            used += (size_t)snprintf(text + used, sizeof text - used, "%s", made.path);
        else
            text[used++] = *at;
    text[used] = 0;
    disc_description_release(&made.description);
    ck_assert(fixture_read("a.disc", text, &made.description, NULL));
    made_disc_assert_refused(faults[_i].message);
}
END_TEST

static Suite *disc_examination_suite(void)
{
    Suite *suite = suite_create("disc_examination");
    TCase *tests = tcase_create("images");
    tcase_add_checked_fixture(tests, made_disc_set_up, made_disc_tear_down);
    tcase_add_test(tests, a_disc_gets_no_warning);
    tcase_add_test(tests, an_image_without_file_system);
    tcase_add_loop_test(tests, files_of_another_format_are_named, 0,
                        sizeof formats / sizeof *formats);
    tcase_add_test(tests, an_image_that_was_cut_short);
    tcase_add_test(tests, an_iso_9660_image_that_was_cut_short);
    tcase_add_test(tests, part_of_a_sector_is_left_out);
    tcase_add_test(tests, what_is_scrambled_already);
    tcase_add_test(tests, an_examination_that_is_given_up);
    tcase_add_loop_test(tests, faults_name_the_line_of_the_fixture, 0,
                        sizeof faults / sizeof *faults);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(disc_examination_suite)
