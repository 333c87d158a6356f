/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <string.h>

#include "emulator/sense.h"

/* Sense data as they are read: both formats, short ones, and what is neither. */

static const struct {
    const char *what;
    uint8_t data[32];
    size_t size;
    bool known;
    struct sense_reading reading;
} readings[] = {
    {"fixed format",
     {0x70, 0, 0x05, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x6F, 0x04},
     18,                                                                                                                       true,
     {0x5, 0x6F, 0x04, false, 0}                                                                                                                                 },
    {"fixed format, deferred, with ILI and INFORMATION",
     {0xF1, 0, 0x23, 0x00, 0x01, 0x02, 0x03, 10, 0, 0, 0, 0, 0x11, 0x05},
     18,                                                                                                                       true,
     {0x3, 0x11, 0x05, true, 0x010203}                                                                                                                           },
    {"fixed format without additional length: no codes",
     {0x70, 0, 0x05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x6F, 0x04},
     18,                                                                                                                       true,
     {0x5, 0, 0, false, 0}                                                                                                                                       },
    {"fixed format with an additional length that ends between the codes",
     {0x70, 0, 0x05, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0x6F, 0x04},
     18,                                                                                                                       true,
     {0x5, 0x6F, 0, false, 0}                                                                                                                                    },
    {"fixed format cut off inside INFORMATION",
     {0xF0, 0, 0x03, 1, 2},
     5,                                                                                                                        true,
     {0x3, 0, 0, false, 0}                                                                                                                                       },
    {"descriptor format",                                                  {0x72, 0x05, 0x6F, 0x04},                       18, true,  {0x5, 0x6F, 0x04, false, 0}},
    {"descriptor format, deferred, of four bytes",
     {0x73, 0x06, 0x29, 0x02},
     4,                                                                                                                        true,
     {0x6, 0x29, 0x02, false, 0}                                                                                                                                 },
    {"descriptor format, with INFORMATION behind another descriptor",
     {0x72, 0x03, 0x11, 0x05, 0, 0, 0, 16, 0x03, 2, 0, 0,
      0x00, 0x0A, 0x80, 0,    0, 0, 0, 1,  0,    0, 2, 3},
     24,                                                                                                                       true,
     {0x3, 0x11, 0x05, true, 0x100000203}                                                                                                                        },
    {"descriptor format, INFORMATION not valid",
     {0x72, 0x03, 0x11, 0x05, 0, 0, 0, 12, 0x00, 0x0A, 0, 0, 0, 0, 0, 1, 0, 0, 2, 3},
     20,                                                                                                                       true,
     {0x3, 0x11, 0x05, false, 0}                                                                                                                                 },
    {"descriptor format, INFORMATION cut off",
     {0x72, 0x03, 0x11, 0x05, 0, 0, 0, 12, 0x00, 0x0A, 0x80, 0, 0, 0, 0, 1},
     18,                                                                                                                       true,
     {0x3, 0x11, 0x05, false, 0}                                                                                                                                 },
    {"nothing",                                                            {0},                                            0,  false, {0}                        },
    {"zeros",                                                              {0},                                            18, false, {0}                        },
    {"a response code that is none",                                       {0x74, 5, 0x6F, 4},                             18, false, {0}                        },
    {"the maker's",                                                        {0x7F, 5, 5, 5, 5, 5, 5, 10, 5, 5, 5, 5, 5, 5}, 18, false, {0}                        },
};

START_TEST(sense_data_are_read)
{
    struct sense_reading is;

    ck_assert_msg(sense_decode(readings[_i].data, readings[_i].size, &is) == readings[_i].known,
                  "%s", readings[_i].what);
    ck_assert_msg(is.key == readings[_i].reading.key && is.asc == readings[_i].reading.asc &&
                      is.ascq == readings[_i].reading.ascq,
                  "%s: %X/%02X/%02X", readings[_i].what, is.key, is.asc, is.ascq);
    ck_assert_int_eq(is.has_information, readings[_i].reading.has_information);
    ck_assert_uint_eq(is.information, readings[_i].reading.information);
}
END_TEST

START_TEST(what_is_written_is_read)
{
    const struct sense sense = sense_at_lba((enum sense_code)_i, 0x01020304);
    const struct sense_description *description = &sense_descriptions[_i];
    uint8_t data[SENSE_SIZE], codes[SENSE_SIZE];
    struct sense_reading is;

    sense_encode(&sense, data);
    ck_assert(sense_decode(data, sizeof data, &is));
    ck_assert(is.key == description->key && is.asc == description->asc &&
              is.ascq == description->ascq);
    ck_assert(is.has_information);
    ck_assert_uint_eq(is.information, 0x01020304);
    sense_encode_codes(description->key, description->asc, description->ascq, codes);
    sense_set_information(codes, 0x01020304);
    ck_assert_mem_eq(codes, data, sizeof data);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("sense data");
    TCase *tests = tcase_create("all");

    tcase_add_loop_test(tests, sense_data_are_read, 0, sizeof readings / sizeof *readings);
    tcase_add_loop_test(tests, what_is_written_is_read, 0, SENSE_CODES);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(make_suite)
