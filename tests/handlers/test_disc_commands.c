/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handlers/vodd/commands.h"
#include "media/fixture.h"
#include "tests/support/captured_output.h"
#include "tests/support/dvd_image.h"
#include "tests/tap.h"

/* `vodd check` and `vodd disc`, called as main() calls them, in a folder of their own. */

enum { SECTORS = 700 };

static const struct dvd_image_file files[] = {
    {"VIDEO_TS.VOB", {{320, 20}}},
    {"VTS_01_1.VOB",              {{356, 100}}},
    {.name = NULL},
};

static char folder[] = "/tmp/vodd-disc-XXXXXX";
static struct captured_output captured;

static void write_file(const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void write_text(const char *name, const char *text)
{
    write_file(name, text, strlen(text));
}

static void set_up(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    uint8_t *image = dvd_image_build(SECTORS, "VIDEO_TS", files);
    write_file("movie.iso", image, (size_t)SECTORS * DVD_SECTOR_SIZE);
    free(image);
    write_text("css.disc", "[disc]\nimage = movie.iso\n[copyright]\nprotection = css\n"
                           "regions = 1,2\n[css]\ndisc-key = FC C2 32 3B 8A\n"
                           "[defects]\nunreadable = 5, 10-12\n");
    write_text("bad.disc", "[disc]\nimage = movie.iso\nlayers = 3\nseed = x\n");
    write_text("good.drive", "[identity]\nvendor = ACME\n");
    write_text("bad.drive", "[identity]\nvendr = ACME\n");
    program_invocation_short_name = "vodd";
}

static void tear_down(void)
{
    DIR *directory = opendir(folder);
    for (struct dirent *entry; (entry = readdir(directory));)
        unlink(entry->d_name);
    closedir(directory);
    rmdir(folder);
}

/* Runs a command line of words separated by blanks; returns its exit status. */
static int run(int (*command)(int argc, const char **argv), const char *line)
{
    char words[256];
    const char *argv[16];
    int argc = 0;
    snprintf(words, sizeof words, "%s", line);
    for (char *rest = words, *word; (word = strsep(&rest, " "));)
        argv[argc++] = word;
    argv[argc] = NULL;
    captured_output_begin();
    int status = command(argc, argv);
    captured_output_end(&captured);
    return status;
}

static unsigned count_files(void)
{
    unsigned count = 0;
    DIR *directory = opendir(folder);
    for (struct dirent *entry; (entry = readdir(directory));)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

/* check */

START_TEST(check_says_what_is_right)
{
    ck_assert_int_eq(run(command_check, "check css.disc good.drive movie.iso"), 0);
    ck_assert_str_eq(captured.output, "css.disc: ok\ngood.drive: ok\nmovie.iso: ok\n");
    ck_assert_str_eq(captured.error, "");
}
END_TEST

START_TEST(check_says_every_fault_of_every_file)
{
    ck_assert_int_eq(run(command_check, "check bad.disc css.disc bad.drive none.disc none.drive"),
                     2);
    ck_assert_str_eq(captured.output, "css.disc: ok\n");
    ck_assert_str_eq(
        captured.error,
        "vodd: bad.disc:3: layers = 3: outside 1..2; accepted: 1 | 2\n"
        "vodd: bad.disc:4: seed = x: not a whole number; accepted: 0..9223372036854775807\n"
        "vodd: bad.drive:2: vendr: no such key in [identity]; the nearest is \"vendor\"\n"
        "vodd: none.disc: No such file or directory\n"
        "vodd: none.drive: No such file or directory\n");
}
END_TEST

START_TEST(check_looks_at_the_image)
{
    write_text("gone.disc", "[disc]\nimage = gone.iso\n");
    ck_assert_int_eq(run(command_check, "check gone.disc"), 2);
    ck_assert_str_eq(captured.error,
                     "vodd: gone.disc:2: image = gone.iso: No such file or directory\n");
}
END_TEST

START_TEST(a_warning_is_an_error_if_asked_for)
{
    static const char text[] = "readme.md: no file system, neither UDF nor ISO 9660, so hosts will "
                               "not know what is on it\n";
    static const char bytes[4096] = "# A text";
    char expected[256];
    write_file("readme.md", bytes, sizeof bytes);
    ck_assert_int_eq(run(command_check, "check readme.md"), 0);
    ck_assert_str_eq(captured.output, "readme.md: ok\n");
    snprintf(expected, sizeof expected, "vodd: warning: %s", text);
    ck_assert_str_eq(captured.error, expected);
    ck_assert_int_eq(run(command_check, "check --strict css.disc readme.md movie.iso"), 2);
    ck_assert_str_eq(captured.output, "css.disc: ok\nmovie.iso: ok\n");
    snprintf(expected, sizeof expected, "vodd: %s", text);
    ck_assert_str_eq(captured.error, expected);
    ck_assert_int_eq(run(command_disc, "disc show readme.md"), 0);
    ck_assert_int_eq(run(command_disc, "disc show --strict readme.md"), 2);
    ck_assert_str_eq(captured.output, "");
    ck_assert_str_eq(captured.error, expected);
}
END_TEST

START_TEST(check_speaks_json)
{
    ck_assert_int_eq(run(command_check, "check --json bad.disc css.disc"), 2);
    ck_assert_str_eq(captured.error, "");
    json_t *results = json_loads(captured.output, 0, NULL);
    ck_assert_uint_eq(json_array_size(results), 2);
    const char *file, *first, *second;
    int ok;
    json_t *messages;
    ck_assert_int_eq(json_unpack(results, "[{s:s, s:b, s:[s, s]}, {s:s, s:b, s:o}]", "file", &file,
                                 "ok", &ok, "messages", &first, &second, "file", &file, "ok", &ok,
                                 "messages", &messages),
                     0);
    ck_assert_str_eq(first, "bad.disc:3: layers = 3: outside 1..2; accepted: 1 | 2");
    ck_assert_str_eq(file, "css.disc");
    ck_assert_int_eq(ok, 1);
    ck_assert_uint_eq(json_array_size(messages), 0);
    json_decref(results);
}
END_TEST

START_TEST(check_needs_a_file)
{
    ck_assert_int_eq(run(command_check, "check"), 2);
    ck_assert_int_eq(run(command_check, "check --frob css.disc"), 2);
}
END_TEST

/* disc show */

START_TEST(show_tells_everything)
{
    ck_assert_int_eq(run(command_disc, "disc show css.disc"), 0);
    ck_assert_str_eq(captured.error, "");
    static const char *const lines[] = {
        "medium                DVD-ROM, 120 mm, book version 1\n",
        "image                 movie.iso\n",
        "capacity              700 sectors, 1433600 bytes, last LBA 699\n",
        "  layer 0             first PSN 030000, last PSN 0302BB, end of layer 0 000000\n",
        "  physical format     01 02 01 00 00 03 00 00 00 03 02 BB 00 00 00 00 00\n",
        "burst cutting area    none\n",
        "copyright             CSS (01 FC 00 00)\n",
        "regions               1,2\n",
        "seed                  1\n",
        "disc key              FC C2 32 3B 8A\n",
        "hash                  4B 09 9E CC 60\n",
        "title key 0           21 C4 1C 16 8A, stored as 06 CB EC 8A 3B\n",
        "title key 1           E3 C2 DC 6F 86, stored as D2 14 C4 CA 4D\n",
        "player key 1          AB AB B0 4A 07, stored as 05 13 66 38 EB\n",
        "                      and 407 more, with --keys\n",
        "scrambled             320 to 339, title set 0\n",
        "                      356 to 455, title set 1\n",
        "unreadable            5 to 5\n",
        "                      10 to 12\n",
    };
    for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_msg(strstr(captured.output, lines[i]) != NULL, "%s", lines[i]);
}
END_TEST

START_TEST(show_tells_other_shapes)
{
    write_text("dual.disc", "[disc]\nimage = movie.iso\nlayers = 2\nbook-version = 5\nsize = 80\n"
                            "[lead-in]\nbca = 000102030405060708090A0B\nmanufacturing = 4142\n");
    ck_assert_int_eq(run(command_disc, "disc show dual.disc"), 0);
    static const char *const lines[] = {
        "medium                DVD-ROM, 80 mm, book version 5\n",
        "layers                2, opposite track path, 352 sectors on layer 0\n",
        "  layer 1             first PSN 030000, last PSN FCFFFB, end of layer 0 03015F\n",
        "burst cutting area    00 01 02 03 04 05 06 07 08 09 0A 0B\n",
        "manufacturing         41 42\n",
        "copyright             no protection (00 00 00 00)\n",
        "unreadable            none\n",
    };
    for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_msg(strstr(captured.output, lines[i]) != NULL, "%s", lines[i]);
    ck_assert_ptr_null(strstr(captured.output, "disc key"));

    write_text("none.disc", "[disc]\ntype = unreadable\n");
    ck_assert_int_eq(run(command_disc, "disc show none.disc"), 0);
    ck_assert_str_eq(captured.output, "medium                none that a drive recognises\n");
}
END_TEST

START_TEST(show_speaks_json)
{
    ck_assert_int_eq(run(command_disc, "disc show --json --keys css.disc"), 0);
    json_t *report = json_loads(captured.output, 0, NULL);
    ck_assert_ptr_nonnull(report);
    json_t *css = json_object_get(report, "css");
    ck_assert_str_eq(json_string_value(json_object_get(css, "disc-key")), "FC C2 32 3B 8A");
    json_t *player_keys = json_object_get(css, "player-keys");
    ck_assert_uint_eq(json_array_size(player_keys), 408);
    json_t *last = json_array_get(player_keys, 407);
    ck_assert_int_eq(json_integer_value(json_object_get(last, "entry")), 408);
    ck_assert_str_eq(json_string_value(json_object_get(last, "key")), "AA C4 55 85 24");
    ck_assert_uint_eq(json_array_size(json_object_get(css, "scrambled")), 2);
    ck_assert_uint_eq(json_array_size(json_object_get(report, "unreadable")), 2);
    json_decref(report);
}
END_TEST

START_TEST(options_make_a_css_disc)
{
    ck_assert_int_eq(run(command_disc, "disc show --css --regions=3 --seed=0x2 movie.iso"), 0);
    ck_assert_ptr_nonnull(strstr(captured.output, "regions               3\n"));
    ck_assert_ptr_nonnull(strstr(captured.output, "seed                  2\n"));

    static const struct {
        const char *line, *error;
    } wrong[] = {
        {"disc show --regions=1 movie.iso",                      "vodd: --regions 1 means nothing without --css or a "
                                            "fixture with protection = css\n"},
        {"disc show --css --regions=9 --seed=-1 movie.iso",
         "vodd: --seed -1: not a number; accepted: 0..9223372036854775807\n"
         "vodd: --regions 9: \"9\" is not a region; accepted: all | none | numbers 1..8 separated "
         "by commas\n"                                                                                                  },
        {"disc show --css --seed=0x movie.iso",
         "vodd: --seed 0x: not a number; accepted: 0..9223372036854775807\n"                                            },
        {"disc show --css --seed=9223372036854775808 movie.iso",
         "vodd: --seed 9223372036854775808: not a number; accepted: 0..9223372036854775807\n"                           },
    };
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_int_eq(run(command_disc, wrong[i].line), 2);
        ck_assert_str_eq(captured.error, wrong[i].error);
        ck_assert_str_eq(captured.output, "");
    }
}
END_TEST

START_TEST(disc_needs_a_verb_and_files)
{
    ck_assert_int_eq(run(command_disc, "disc"), 2);
    ck_assert_int_eq(run(command_disc, "disc frob css.disc"), 2);
    ck_assert_int_eq(run(command_disc, "disc show"), 2);
    ck_assert_int_eq(run(command_disc, "disc show css.disc movie.iso"), 2);
    ck_assert_int_eq(run(command_disc, "disc export css.disc"), 2);
    ck_assert_int_eq(run(command_disc, "disc show bad.disc"), 2);
    ck_assert_int_eq(run(command_disc, "disc --help"), 0);
}
END_TEST

/* disc export */

/* The file must hold just what the drive delivers, with zeros for what it cannot read. */
static void assert_exported(const char *name, const char *fixture)
{
    struct disc_description description;
    ck_assert(fixture_load(fixture, &description, NULL));
    if (strcmp(fixture, "movie.iso") == 0)
        description.protection = DISC_PROTECTION_CSS;
    struct disc *disc = disc_create(&description, NULL);
    FILE *file = fopen(name, "r");
    ck_assert_ptr_nonnull(file);
    for (uint32_t lba = 0; lba < SECTORS; lba++) {
        uint8_t expected[DVD_SECTOR_SIZE] = {0}, found[DVD_SECTOR_SIZE];
        struct iovec iov = {expected, sizeof expected};
        disc_read(disc, lba, 1, false, &iov, 1);
        ck_assert_uint_eq(fread(found, sizeof found, 1, file), 1);
        ck_assert_mem_eq(found, expected, sizeof found);
    }
    ck_assert_int_eq(fgetc(file), EOF);
    fclose(file);
    disc_release(disc);
    disc_description_release(&description);
}

START_TEST(export_writes_what_a_drive_delivers)
{
    umask(022);
    unsigned before = count_files();
    ck_assert_int_eq(run(command_disc, "disc export --css movie.iso out.iso"), 0);
    ck_assert_str_eq(captured.error, "");
    assert_exported("out.iso", "movie.iso");
    ck_assert_uint_eq(count_files(), before + 1);
    struct stat status;
    ck_assert_int_eq(stat("out.iso", &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0644);
}
END_TEST

START_TEST(export_tells_what_it_could_not_read)
{
    ck_assert_int_eq(run(command_disc, "disc export css.disc out.iso"), 1);
    ck_assert_str_eq(captured.error,
                     "vodd: warning: out.iso: unreadable, written as zeros: 5, 10-12\n");
    assert_exported("out.iso", "css.disc");
}
END_TEST

START_TEST(export_replaces_only_with_force)
{
    write_text("out.iso", "precious");
    unsigned before = count_files();
    ck_assert_int_eq(run(command_disc, "disc export movie.iso out.iso"), 1);
    ck_assert_str_eq(captured.error,
                     "vodd: out.iso: is a file of another kind; accepted: a new or an empty file; "
                     "--force replaces it\n");
    struct stat status;
    ck_assert_int_eq(stat("out.iso", &status), 0);
    ck_assert_int_eq(status.st_size, 8);
    ck_assert_int_eq(run(command_disc, "disc export --css --force movie.iso out.iso"), 0);
    assert_exported("out.iso", "movie.iso");
    ck_assert_uint_eq(count_files(), before);
}
END_TEST

START_TEST(export_spares_the_image_and_what_is_no_file)
{
    ck_assert_int_eq(link("movie.iso", "other.iso"), 0);
    ck_assert_int_eq(run(command_disc, "disc export --force movie.iso other.iso"), 1);
    ck_assert_str_eq(captured.error,
                     "vodd: other.iso: is the image or the fixture of the disc; accepted: "
                     "another file\n");
    ck_assert_int_eq(run(command_disc, "disc export --force movie.iso /dev/null"), 1);
    ck_assert_str_eq(captured.error, "vodd: /dev/null: is a character device; accepted: a file\n");
    ck_assert_int_eq(run(command_disc, "disc export movie.iso no/out.iso"), 1);
    ck_assert_str_eq(captured.error, "vodd: no/out.iso: No such file or directory\n");
    write_text("none.disc", "[disc]\ntype = unreadable\n");
    ck_assert_int_eq(run(command_disc, "disc export none.disc out.iso"), 2);
    ck_assert_str_eq(captured.error, "vodd: an unreadable disc has nothing to export\n");
}
END_TEST

START_TEST(export_leaves_nothing_behind_when_writing_fails)
{
    unsigned before = count_files();
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {100000, 100000};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_eq(run(command_disc, "disc export movie.iso out.iso"), 1);
    ck_assert_str_eq(captured.error, "vodd: out.iso: File too large\n");
    ck_assert_uint_eq(count_files(), before);
}
END_TEST

static Suite *disc_commands_suite(void)
{
    const TTest *const tests[] = {
        check_says_what_is_right,
        check_says_every_fault_of_every_file,
        check_looks_at_the_image,
        a_warning_is_an_error_if_asked_for,
        check_speaks_json,
        check_needs_a_file,
        show_tells_everything,
        show_tells_other_shapes,
        show_speaks_json,
        options_make_a_css_disc,
        disc_needs_a_verb_and_files,
        export_writes_what_a_drive_delivers,
        export_tells_what_it_could_not_read,
        export_replaces_only_with_force,
        export_spares_the_image_and_what_is_no_file,
        export_leaves_nothing_behind_when_writing_fails,
        NULL,
    };
    Suite *suite = suite_create("disc_commands");
    TCase *commands = tcase_create("commands");
    tcase_add_checked_fixture(commands, set_up, tear_down);
    for (unsigned i = 0; tests[i]; i++)
        tcase_add_test(commands, tests[i]);
    suite_add_tcase(suite, commands);
    return suite;
}

TAP_MAIN(disc_commands_suite)
