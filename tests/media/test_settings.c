/* SPDX-License-Identifier: MIT */
#include "media/settings.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/random.h"
#include "media/settings_quotes.h"
#include "tests/support/dvd_image.h"
#include "tests/support/fault_log.h"
#include "tests/tap.h"

struct target {
    int colour;
    int64_t number;
    bool lamp;
    char text[8 + 1];
    char numbered[8][32];
};

static const char *const colours[] = {"red", "green", NULL};

static bool parse_numbered(const struct setting *setting, const char *key, const char *value,
                           void *target, char *fault, size_t fault_size)
{
    (void)setting;
    if (strlen(key) != 1 || key[0] < '0' || key[0] > '7') {
        snprintf(fault, fault_size, "%s is not 0..7", key);
        return false;
    }
    snprintf(((struct target *)target)->numbered[key[0] - '0'], 32, "%s", value);
    return true;
}

enum { COLOUR, NUMBER, LAMP, TEXT, NUMBERED, ROWS };

static const struct setting table[ROWS + 1] = {
    [COLOUR] = {"paint",                 "colour",               settings_parse_choice, offsetof(struct target, colour),
                .choices = colours, .form = "red | green"},
    [NUMBER] = {"paint",      "number",       settings_parse_integer,                            offsetof(struct target,                                            number), -5,
                1000, .form = "-5..1000"},
    [LAMP] = {"light", "lamp",settings_parse_switch,offsetof(struct target,lamp),
                .form = "on | off"},
    [TEXT] = {"light",     "text",                           settings_parse_text,                                          offsetof(struct target,                                                          text), 2, 8,
                .form = "2 to 8 characters"},
    [NUMBERED] = {"list", NULL,                  parse_numbered,                                                     .form = "0..7 = TEXT"                                                                          },
};

static struct target target;
static unsigned lines[ROWS];
static struct fault_log faults;

static bool read_text(const char *text)
{
    memset(&target, 0, sizeof target);
    memset(lines, 0xFF, sizeof lines);
    fault_log_init(&faults);
    bool right = settings_read_lines("t.ini", text, table, &target, lines, &faults.diagnostics);
    ck_assert_uint_eq(right, faults.diagnostics.errors == 0);
    return right;
}

/* Reads text that must be wrong in just this way. */
static void assert_fault(const char *text, const char *message)
{
    ck_assert(!read_text(text));
    ck_assert_str_eq(faults.text, message);
}

START_TEST(every_kind_of_value_is_read)
{
    ck_assert(read_text("; comment\n[paint]\ncolour = green\nnumber=0x1F ; thirty-one\n\n"
                        "# comment\n[light]\nlamp: on\r\ntext =  a b  \n[list]\n0 = x\n7 = y"));
    ck_assert_int_eq(target.colour, 1);
    ck_assert_int_eq(target.number, 31);
    ck_assert(target.lamp);
    ck_assert_str_eq(target.text, "a b");
    ck_assert_str_eq(target.numbered[0], "x");
    ck_assert_str_eq(target.numbered[7], "y");
    ck_assert_uint_eq(lines[COLOUR], 3);
    ck_assert_uint_eq(lines[NUMBER], 4);
    ck_assert_uint_eq(lines[LAMP], 8);
    ck_assert_uint_eq(lines[TEXT], 9);
    ck_assert_uint_eq(lines[NUMBERED], 12);
}
END_TEST

START_TEST(nothing_is_also_right)
{
    ck_assert(read_text(""));
    ck_assert(read_text("\n\n"));
    ck_assert(read_text("[paint]\n[light]"));
    for (unsigned i = 0; i < ROWS; i++)
        ck_assert_uint_eq(lines[i], 0);
    ck_assert(settings_read("t.ini", "[paint]\nnumber = 7\n", table, &target, NULL));
    ck_assert_int_eq(target.number, 7);
}
END_TEST

START_TEST(values_continue_on_indented_lines)
{
    ck_assert(read_text("[list]\n1 = a ; one\n  b c ; two\n\n# between\n\td\n2 = e\n   [paint]\n"));
    ck_assert_str_eq(target.numbered[1], "a b c d");
    ck_assert_str_eq(target.numbered[2], "e [paint]");
    ck_assert(read_text("[list]\n1 =\n  a\n"));
    ck_assert_str_eq(target.numbered[1], "a");
    ck_assert(read_text("  [paint]\n  number = 3\n"));
    ck_assert_int_eq(target.number, 3);
}
END_TEST

START_TEST(a_byte_order_mark_is_skipped)
{
    ck_assert(read_text("\xEF\xBB\xBF[paint]\nnumber = 4\n"));
    ck_assert_int_eq(target.number, 4);
}
END_TEST

static const struct {
    const char *text, *message;
} wrong[] = {
    {"[paint]\ncolour = blue\n",
     "t.ini:2: colour = blue: not one of the words; accepted: red | green\n"                                                     },
    {"[paint]\ncolour =\n",                                 "t.ini:2: colour = : not one of the words; accepted: red | green\n"  },
    {"[paint]\nnumber = ten\n",                             "t.ini:2: number = ten: not a whole number; accepted: -5..1000\n"    },
    {"[paint]\nnumber =\n",                                 "t.ini:2: number = : not a whole number; accepted: -5..1000\n"       },
    {"[paint]\nnumber = 0x\n",                              "t.ini:2: number = 0x: not a whole number; accepted: -5..1000\n"     },
    {"[paint]\nnumber = 1.5\n",                             "t.ini:2: number = 1.5: not a whole number; accepted: -5..1000\n"    },
    {"[paint]\nnumber = +1\n",                              "t.ini:2: number = +1: not a whole number; accepted: -5..1000\n"     },
    {"[paint]\nnumber = -6\n",                              "t.ini:2: number = -6: outside -5..1000; accepted: -5..1000\n"       },
    {"[paint]\nnumber = 0x3E9\n",
     "t.ini:2: number = 0x3E9: outside -5..1000; accepted: -5..1000\n"                                                           },
    {"[paint]\nnumber = 99999999999999999999\n",
     "t.ini:2: number = 99999999999999999999: outside -5..1000; accepted: -5..1000\n"                                            },
    {"[light]\nlamp = yes\n",                               "t.ini:2: lamp = yes: neither on nor off; accepted: on | off\n"      },
    {"[light]\ntext = a\n",
     "t.ini:2: text = a: 1 characters are not 2..8; accepted: 2 to 8 characters\n"                                               },
    {"[light]\ntext = a b c d e f\n",
     "t.ini:2: text = a b c d e f: 11 characters are not 2..8; accepted: 2 to 8 characters\n"                                    },
    {"[light]\ntext = \xC3\xA4\n",
     "t.ini:2: text = \xC3\xA4: byte C3h is not printable ASCII; accepted: 2 to 8 characters\n"                                  },
    {"[list]\n8 = x\n",                                     "t.ini:2: 8 = x: 8 is not 0..7; accepted: 0..7 = TEXT\n"             },
    {"[list]\n1 = a\n2 = b\n1 = c\n",                       "t.ini:4: 1 = c: given twice, first at line 2\n"                     },
    {"[paint]\nnumber = 1\n[light]\n[paint]\nnumber = 1\n",
     "t.ini:5: number = 1: given twice, first at line 2\n"                                                                       },
    {"[paint]\nnumbr = 1\n",                                "t.ini:2: numbr: no such key in [paint]; the nearest is \"number\"\n"},
    {"[paint]\nlamp = on\n",                                "t.ini:2: lamp: no such key in [paint]; the nearest is \"colour\"\n" },
    {"[pain]\nnumber = 1\n",                                "t.ini:1: [pain]: no such section; the nearest is [paint]\n"         },
    {"[]\n",                                                "t.ini:1: []: no such section; the nearest is [list]\n"              },
    {"number = 1\n",                                        "t.ini:1: number = 1: outside any section\n"                         },
    {"[paint]\n\nnonsense\nnumber = 1\n",
     "t.ini:3: neither KEY = VALUE nor [SECTION] nor a comment\n"                                                                },
    {"[paint]\nnonsense",                                   "t.ini:2: neither KEY = VALUE nor [SECTION] nor a comment\n"         },
    {"[paint]\n= 1\n",                                      "t.ini:2: no key before \"= 1\"\n"                                   },
    {"[paint\nnumber = 1\n",                                "t.ini:1: [paint: a section without its ]\n"                         },
    {"[paint] number = 1\n",                                "t.ini:1: [paint]: text behind the section: number = 1\n"            },
    {"[paint]\nnumber = 1\x1B\n",                           "t.ini:2: control character 1Bh in column 11\n"                      },
    {"[paint]\nnumber\x7F= 1\n",                            "t.ini:2: control character 7Fh in column 7\n"                       },
    {"[paint]\rnumber = 1\n",                               "t.ini:1: control character 0Dh in column 8\n"                       },
};

START_TEST(faults_are_told_in_full)
{
    assert_fault(wrong[_i].text, wrong[_i].message);
}
END_TEST

START_TEST(one_run_shows_all_faults)
{
    assert_fault("x = 1\n[paint]\ncolour = blue\nnumber = -9\nshape = round\n[dark]\nlamp = off\n"
                 "[light]\nlamp = off\nlamp = on\n",
                 "t.ini:1: x = 1: outside any section\n"
                 "t.ini:3: colour = blue: not one of the words; accepted: red | green\n"
                 "t.ini:4: number = -9: outside -5..1000; accepted: -5..1000\n"
                 "t.ini:5: shape: no such key in [paint]; the nearest is \"number\"\n"
                 "t.ini:6: [dark]: no such section; the nearest is [paint]\n"
                 "t.ini:10: lamp = on: given twice, first at line 9\n");
    ck_assert_uint_eq(faults.diagnostics.errors, 6);
}
END_TEST

START_TEST(the_fault_of_a_continued_value_is_at_its_key)
{
    assert_fault("[paint]\ncolour = red\n  green\n\n[light]\n",
                 "t.ini:2: colour = red green: not one of the words; accepted: red | green\n");
}
END_TEST

START_TEST(long_lines_are_refused_at_the_limit)
{
    static char text[SETTINGS_LINE_MAX + 100];
    int used = sprintf(text, "[list]\n1 = ");

    memset(text + used, ' ', SETTINGS_LINE_MAX - 4);
    text[used + SETTINGS_LINE_MAX - 5] = 'x';
    ck_assert(read_text(text));
    ck_assert_str_eq(target.numbered[1], "x");
    sprintf(text + used + SETTINGS_LINE_MAX - 4, "y\n  z\n2 = b\n");
    assert_fault(text, "t.ini:2: the line has 65536 bytes; accepted: at most 65535, a long value "
                       "may continue on indented lines\n");
    ck_assert_str_eq(target.numbered[1], "");
    ck_assert_str_eq(target.numbered[2], "b");
}
END_TEST

/* What has always been read as it is read now. */
static const struct {
    const char *line, *value;
} bare_values[] = {
    {"1=a",              "a"           },
    {"1 : a",            "a"           },
    {"1 = a = b",        "a = b"       },
    {"1:a=b",            "a=b"         },
    {"1 =;x",            ";x"          },
    {"1 = ;x",           ""            },
    {"1 = a;b",          "a;b"         },
    {"1 = a ;b",         "a"           },
    {"1 = a\t;b",        "a"           },
    {"1 = a # b",        "a # b"       },
    {"1 = #",            "#"           },
    {"1 = a\"b\"",       "a\"b\""      },
    {"1 = C:\\x\\n",     "C:\\x\\n"    },
    {"1 = a\\",          "a\\"         },
    {"1 = [x]",          "[x]"         },
    {"  1 = a  \t ",     "a"           },
    {"1 = a\r\r",        "a"           },
    {"1 = \xC3\xA4\xA0", "\xC3\xA4\xA0"},
    {"1 = a\n  \"b\"",   "a \"b\""     },
};

START_TEST(values_without_quotes_are_as_they_are)
{
    char text[100];
    snprintf(text, sizeof text, "[list]\n%s\n", bare_values[_i].line);
    ck_assert_msg(read_text(text), "%s", faults.text);
    ck_assert_str_eq(target.numbered[1], bare_values[_i].value);
}
END_TEST

static const struct {
    const char *written, *value;
} quoted_values[] = {
    {"\"\"",                    ""              },
    {"\"a\"",                   "a"             },
    {"\" a ;b# \"",             " a ;b# "       },
    {"\"a\" ; comment",         "a"             },
    {"\"\\\"\\\\\"",            "\"\\"          },
    {"\"\\n\\r\\t\\x1B\\xe9\"", "\n\r\t\x1B\xE9"},
    {"\"[x] = :\"\t",           "[x] = :"       },
};

START_TEST(values_in_quotes_have_anything)
{
    char text[100];
    snprintf(text, sizeof text, "[list]\n1 = %s\n2 = b\n", quoted_values[_i].written);
    ck_assert_msg(read_text(text), "%s", faults.text);
    ck_assert_str_eq(target.numbered[1], quoted_values[_i].value);
    ck_assert_str_eq(target.numbered[2], "b");
}
END_TEST

#define QUOTES "; accepted: \"VALUE\" with \\\" \\\\ \\n \\r \\t \\xHH\n"
static const struct {
    const char *line, *message;
} wrong_quotes[] = {
    {"1 = \"a",        "t.ini:2: 1 = \"a: the quotes are not closed" QUOTES                    },
    {"1 = \"",         "t.ini:2: 1 = \": the quotes are not closed" QUOTES                     },
    {"1 = \"a\\\"",    "t.ini:2: 1 = \"a\\\": the quotes are not closed" QUOTES                },
    {"1 = \"a\" b",    "t.ini:2: 1 = \"a\" b: text behind the quotes" QUOTES                   },
    {"1 = \"a\";b",    "t.ini:2: 1 = \"a\";b: text behind the quotes" QUOTES                   },
    {"1 = \"\\q\"",    "t.ini:2: 1 = \"\\q\": a backslash without an escape behind it" QUOTES  },
    {"1 = \"\\x00\"",  "t.ini:2: 1 = \"\\x00\": a backslash without an escape behind it" QUOTES},
    {"1 = \"\\x4\"",   "t.ini:2: 1 = \"\\x4\": a backslash without an escape behind it" QUOTES },
    {"1 = \"a\"\n  b", "t.ini:3: 1: a value in quotes ends on its line\n"                      },
};

START_TEST(wrong_quotes_are_told)
{
    char text[100];
    snprintf(text, sizeof text, "[list]\n%s\n2 = b\n", wrong_quotes[_i].line);
    assert_fault(text, wrong_quotes[_i].message);
    ck_assert_str_eq(target.numbered[2], "b");
}
END_TEST

/* What was written is read again ------------------------------------------- */

static bool keep_value(const struct setting *setting, const char *key, const char *value,
                       void *kept, char *fault, size_t fault_size)
{
    (void)setting, (void)key, (void)fault, (void)fault_size;
    memcpy(kept, value, strlen(value) + 1);
    return true;
}

static const struct setting keeping[] = {
    {"s",         "k", keep_value, .form = "anything"},
    {0}
};

static void assert_survives(const char *value)
{
    static char text[SETTINGS_QUOTED_SIZE(200) + 32], kept[256];
    char quoted[SETTINGS_QUOTED_SIZE(200)];

    settings_quote(value, quoted);
    ck_assert_uint_lt(strlen(quoted), SETTINGS_QUOTED_SIZE(strlen(value)));
    snprintf(text, sizeof text, "[s]\nk = %s\n", quoted);
    strcpy(kept, "untouched");
    fault_log_init(&faults);
    ck_assert_msg(settings_read("t.ini", text, keeping, kept, &faults.diagnostics), "%s",
                  faults.text);
    ck_assert_str_eq(kept, value);
}

START_TEST(every_value_survives_being_written)
{
    static const char special[] = " \t\n\r;#=:\"\\[]x\x01\x1B\x7F\x80\xA0\xFF";
    struct random random;
    char value[201];

    assert_survives("");
    for (unsigned first = 1; first < 256; first++)
        for (unsigned second = 0; second < 256; second++) {
            const char pair[] = {(char)first, (char)second, 0};
            assert_survives(pair);
        }
    random_init(&random, 1, "settings");
    for (unsigned i = 0; i < 20000; i++) {
        size_t length = random_next(&random) % (i % 10 == 0 ? 200 : 12);
        for (size_t j = 0; j < length; j++)
            value[j] = special[random_next(&random) % (sizeof special - 1)];
        value[length] = 0;
        assert_survives(value);
    }
}
END_TEST

START_TEST(quotes_are_written_only_where_they_are_needed)
{
    static const char *const bare[] = {"",       "a",   "a b", "a;b", "a#b", "#",
                                       "a\"b\"", "a\\", "[x]", "a=b", "\xE9"};
    char quoted[SETTINGS_QUOTED_SIZE(16)];

    for (unsigned i = 0; i < sizeof bare / sizeof *bare; i++) {
        settings_quote(bare[i], quoted);
        ck_assert_str_eq(quoted, bare[i]);
    }
    settings_quote(" \"\\;\n\x7F", quoted);
    ck_assert_str_eq(quoted, "\" \\\"\\\\;\\n\\x7F\"");
}
END_TEST

START_TEST(long_bad_values_are_cut_in_the_message)
{
    char text[400] = "[light]\nlamp = ";
    memset(text + strlen(text), 'x', 100);
    ck_assert(!read_text(text));
    ck_assert_ptr_nonnull(strstr(faults.text, "xxx...: neither"));
    ck_assert_uint_lt(strlen(faults.text), 130);
}
END_TEST

START_TEST(reading_stops_after_many_faults)
{
    char text[4096];
    int used = sprintf(text, "[paint]\n");
    for (unsigned i = 0; i < SETTINGS_FAULTS_MAX + 1; i++)
        used += sprintf(text + used, "x = 1\n");
    ck_assert(!read_text(text));
    ck_assert_uint_eq(faults.diagnostics.errors, SETTINGS_FAULTS_MAX + 1);
    ck_assert_ptr_nonnull(strstr(faults.text, "t.ini: 100 faults; the rest was not read\n"));
}
END_TEST

START_TEST(hexadecimal_bytes_come_with_or_without_spaces)
{
    uint8_t bytes[4] = {0};
    ck_assert_int_eq(settings_hex_bytes("48 9B\t77fa", bytes, 4), 4);
    ck_assert_mem_eq(bytes, "\x48\x9B\x77\xFA", 4);
    ck_assert_int_eq(settings_hex_bytes(" 00 ", bytes, 4), 1);
    ck_assert_int_eq(settings_hex_bytes("", bytes, 4), 0);
    static const char *const wrong_text[] = {"4", "4 8", "4G", "G4", "0x48", "48,9B", "0102030405"};
    for (unsigned i = 0; i < sizeof wrong_text / sizeof *wrong_text; i++)
        ck_assert_int_eq(settings_hex_bytes(wrong_text[i], bytes, 4), -1);
}
END_TEST

static char *load(const void *bytes, size_t size, size_t limit)
{
    char *path = dvd_image_save(bytes, size);
    fault_log_init(&faults);
    char *text = settings_load(path, limit, &faults.diagnostics);
    unlink(path);
    if (!text)
        ck_assert(strncmp(faults.text, path, strlen(path)) == 0);
    free(path);
    return text;
}

START_TEST(files_are_loaded_up_to_the_limit)
{
    char *text = load("abc", 3, 3);
    ck_assert_str_eq(text, "abc");
    free(text);
    text = load("", 0, 3);
    ck_assert_str_eq(text, "");
    free(text);
    ck_assert_ptr_null(load("abcd", 4, 3));
    ck_assert_ptr_nonnull(strstr(faults.text, ": too long for a settings file\n"));
    ck_assert_ptr_null(load("a\0b", 3, 3));
    ck_assert_ptr_nonnull(strstr(faults.text, ": contains a zero byte"));
    fault_log_init(&faults);
    ck_assert_ptr_null(settings_load("/nonexistent/x", 10, &faults.diagnostics));
    ck_assert_str_eq(faults.text, "/nonexistent/x: No such file or directory\n");
    fault_log_init(&faults);
    ck_assert_ptr_null(settings_load("/", 10, &faults.diagnostics));
    ck_assert_str_eq(faults.text, "/: is a folder; accepted: a file\n");
}
END_TEST

/* Sections of a kind, and pairs ------------------------------------------- */

struct gathering {
    int64_t number;
    struct settings_sections sections;
};

static const struct setting gathering_table[] = {
    {"plain",                 "number", settings_parse_integer, offsetof(struct gathering, number), 0, 9,
     .form = "0..9"},
    {"kind *", .offset = offsetof(struct gathering, sections)},
    {0               },
};

static void assert_pair(const struct settings_pair *pair, const char *key, const char *value,
                        unsigned line)
{
    ck_assert_str_eq(pair->key, key);
    ck_assert_str_eq(pair->value, value);
    ck_assert_uint_eq(pair->line, line);
}

START_TEST(sections_of_a_kind_are_gathered)
{
    struct gathering gathering = {0};
    struct settings_sections copy;

    fault_log_init(&faults);
    ck_assert(settings_read("t.ini",
                            "[kind a]\nx = 1\ny = two ; comment\n  more\nx = 3\n"
                            "[plain]\nnumber = 7\n[kind ]\n[kind a]\n",
                            gathering_table, &gathering, &faults.diagnostics));
    ck_assert_int_eq(gathering.number, 7);
    ck_assert(settings_sections_copy(&copy, &gathering.sections));
    settings_sections_release(&gathering.sections);
    ck_assert_uint_eq(gathering.sections.count, 0);
    ck_assert_str_eq(copy.file, "t.ini");
    ck_assert_uint_eq(copy.count, 3);
    ck_assert_str_eq(copy.section[0].name, "a");
    ck_assert_uint_eq(copy.section[0].line, 1);
    ck_assert_uint_eq(copy.section[0].count, 3);
    assert_pair(&copy.section[0].pairs[0], "x", "1", 2);
    assert_pair(&copy.section[0].pairs[1], "y", "two more", 3);
    assert_pair(&copy.section[0].pairs[2], "x", "3", 5);
    ck_assert_str_eq(copy.section[1].name, "");
    ck_assert_uint_eq(copy.section[1].count, 0);
    ck_assert_str_eq(copy.section[2].name, "a");
    ck_assert_uint_eq(copy.section[2].line, 9);
    settings_sections_release(&copy);
}
END_TEST

START_TEST(a_kind_needs_its_blank)
{
    struct gathering gathering = {0};

    fault_log_init(&faults);
    ck_assert(!settings_read("t.ini", "[kinds]\nx = 1\n[kind]\n", gathering_table, &gathering,
                             &faults.diagnostics));
    ck_assert_str_eq(faults.text, "t.ini:1: [kinds]: no such section; the nearest is [kind *]\n"
                                  "t.ini:3: [kind]: no such section; the nearest is [kind *]\n");
    settings_sections_release(&gathering.sections);
}
END_TEST

START_TEST(pairs_are_read_like_a_section)
{
    static const struct settings_pair right[] = {
        {"number", "3", 40}
    };
    static const struct settings_pair bad_pairs[] = {
        {"number", "12", 40},
        {"nunber", "1",  41},
        {"number", "1",  42},
        {"number", "2",  43},
    };
    struct gathering gathering = {0};
    unsigned found[2];

    fault_log_init(&faults);
    ck_assert(settings_read_pairs("t.ini", true, right, 1, gathering_table, &gathering, found,
                                  &faults.diagnostics));
    ck_assert_int_eq(gathering.number, 3);
    ck_assert_uint_eq(found[0], 40);
    ck_assert(!settings_read_pairs("t.ini", true, bad_pairs, 4, gathering_table, &gathering, found,
                                   &faults.diagnostics));
    ck_assert_str_eq(faults.text,
                     "t.ini:40: number = 12: outside 0..9; accepted: 0..9\n"
                     "t.ini:41: nunber: no such key in [plain]; the nearest is \"number\"\n"
                     "t.ini:43: number = 2: given twice, first at line 42\n");
    fault_log_init(&faults);
    ck_assert(!settings_read_pairs("x", false, bad_pairs, 4, gathering_table, &gathering, found,
                                   &faults.diagnostics));
    ck_assert_str_eq(faults.text, "x: number = 12: outside 0..9; accepted: 0..9\n"
                                  "x: nunber: no such key in [plain]; the nearest is \"number\"\n"
                                  "x: number = 2: given twice\n");
}
END_TEST

/* Megabytes, which would take hours if each line cost what is read already. */
#define LARGE (8u << 20)

static char *repeated(const char *head, const char *line)
{
    char *text = malloc(LARGE + 1);
    size_t used = strlen(head), length = strlen(line);

    ck_assert_ptr_nonnull(text);
    memcpy(text, head, used);
    for (; used + length <= LARGE; used += length)
        memcpy(text + used, line, length);
    text[used] = 0;
    return text;
}

static bool count_length(const struct setting *setting, const char *key, const char *value,
                         void *length, char *fault, size_t fault_size)
{
    (void)setting, (void)key, (void)fault, (void)fault_size;
    *(size_t *)length = strlen(value);
    return true;
}

START_TEST(a_long_text_takes_no_longer_than_it_is)
{
    static const struct setting counting[] = {
        {"s",           "k", count_length, .form = "anything"},
        {0}
    };
    size_t length = 0;
    char *text = repeated("[s]\nk = a\n", " b\n");

    ck_assert(settings_read("t.ini", text, counting, &length, NULL));
    ck_assert_uint_eq(length, 1 + 2 * ((LARGE - strlen("[s]\nk = a\n")) / 3));
    free(text);

    struct gathering gathering = {0};
    text = repeated("", "[kind a]\nx=1\n");
    ck_assert(settings_read("t.ini", text, gathering_table, &gathering, NULL));
    ck_assert_uint_eq(gathering.sections.count, LARGE / strlen("[kind a]\nx=1\n"));
    settings_sections_release(&gathering.sections);
    free(text);

    text = repeated("[kind a]\n", "x=1\n");
    gathering = (struct gathering){0};
    ck_assert(settings_read("t.ini", text, gathering_table, &gathering, NULL));
    ck_assert_uint_eq(gathering.sections.section[0].count, (LARGE - strlen("[kind a]\n")) / 4);
    settings_sections_release(&gathering.sections);
    free(text);
}
END_TEST

static Suite *settings_suite(void)
{
    Suite *suite = suite_create("settings");
    TCase *reading = tcase_create("reading");
    tcase_add_test(reading, every_kind_of_value_is_read);
    tcase_add_test(reading, nothing_is_also_right);
    tcase_add_test(reading, values_continue_on_indented_lines);
    tcase_add_test(reading, a_byte_order_mark_is_skipped);
    tcase_add_loop_test(reading, values_without_quotes_are_as_they_are, 0,
                        (int)(sizeof bare_values / sizeof *bare_values));
    tcase_add_loop_test(reading, values_in_quotes_have_anything, 0,
                        (int)(sizeof quoted_values / sizeof *quoted_values));
    tcase_add_test(reading, every_value_survives_being_written);
    tcase_add_test(reading, quotes_are_written_only_where_they_are_needed);
    tcase_add_test(reading, a_long_text_takes_no_longer_than_it_is);
    suite_add_tcase(suite, reading);
    TCase *refusing = tcase_create("refusing");
    tcase_add_loop_test(refusing, faults_are_told_in_full, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_loop_test(refusing, wrong_quotes_are_told, 0,
                        (int)(sizeof wrong_quotes / sizeof *wrong_quotes));
    tcase_add_test(refusing, one_run_shows_all_faults);
    tcase_add_test(refusing, sections_of_a_kind_are_gathered);
    tcase_add_test(refusing, a_kind_needs_its_blank);
    tcase_add_test(refusing, pairs_are_read_like_a_section);
    tcase_add_test(refusing, the_fault_of_a_continued_value_is_at_its_key);
    tcase_add_test(refusing, long_lines_are_refused_at_the_limit);
    tcase_add_test(refusing, long_bad_values_are_cut_in_the_message);
    tcase_add_test(refusing, reading_stops_after_many_faults);
    suite_add_tcase(suite, refusing);
    TCase *values = tcase_create("values");
    tcase_add_test(values, hexadecimal_bytes_come_with_or_without_spaces);
    tcase_add_test(values, files_are_loaded_up_to_the_limit);
    suite_add_tcase(suite, values);
    return suite;
}

TAP_MAIN(settings_suite)
