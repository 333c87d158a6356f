/* SPDX-License-Identifier: MIT */
/*
 * The state file: round trips, damage at every byte, foreign files, two servers, folders that
 * cannot be written to.
 */
#include "handlers/state_file/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handlers/state_file/state_text.h"
#include "tests/tap.h"

static char folder[64], path[128], lock_path[128], new_path[128];
static struct drive_profile profile;
static struct diagnostics diagnostics;
static char messages[8192];

static void gather(void *context, const char *text)
{
    (void)context;
    snprintf(messages + strlen(messages), sizeof(messages) - strlen(messages), "%s\n", text);
}

static void setup(void)
{
    strcpy(folder, "/tmp/vodd-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/drive.state", folder);
    snprintf(lock_path, sizeof(lock_path), "%s/drive.state.lock", folder);
    snprintf(new_path, sizeof(new_path), "%s/drive.state.new", folder);
    drive_profile_init(&profile);
    strcpy(profile.serial, "VODD0000BEEF");
    diagnostics = (struct diagnostics){.report = gather};
    messages[0] = 0;
}

static void teardown(void)
{
    chmod(folder, 0700);
    unlink(path);
    unlink(lock_path);
    unlink(new_path);
    rmdir(folder);
}

static void expect_message(const char *part)
{
    ck_assert_msg(strstr(messages, part) != NULL, "\"%s\" is not in \"%s\"", part, messages);
    ck_assert_uint_gt(diagnostics.errors, 0);
}

static char *content(void)
{
    static char text[2 * STATE_TEXT_MAX];
    int file = open(path, O_RDONLY);
    ssize_t length;

    ck_assert_int_ge(file, 0);
    length = read(file, text, sizeof(text) - 1);
    ck_assert_int_ge(length, 0);
    text[length] = 0;
    close(file);
    return text;
}

static void put_content(const char *text, size_t length)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, length), (ssize_t)length);
    close(file);
}

static const struct drive_nonvolatile changed = {
    .region = {.mask = 0xFD, .user_changes = 3, .vendor_resets = 4}
};

START_TEST(missing_file_is_the_factory_state)
{
    struct drive_nonvolatile state;
    struct state_file *file;
    struct stat status;

    profile.factory_region = changed.region;
    file = state_file_open(path, &profile, &state, &diagnostics);
    ck_assert_ptr_nonnull(file);
    ck_assert_mem_eq(&state, &changed, sizeof(state));
    ck_assert_uint_eq(diagnostics.errors, 0);
    /* It is there before anything changes, for this user alone. */
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    state_file_close(file);
    ck_assert_int_ne(access(lock_path, F_OK), 0);
    ck_assert_int_ne(access(new_path, F_OK), 0);
}
END_TEST

START_TEST(bytes_of_the_file)
{
    char text[STATE_TEXT_MAX];
    size_t length = state_text_write(text, "VODD0000BEEF", &changed);
    static const char expected[] = "# State of a vodd drive.  Written by vodd; do not edit.\n"
                                   "[drive]\n"
                                   "version = 1\n"
                                   "serial = VODD0000BEEF\n"
                                   "[region]\n"
                                   "mask = 0xFD\n"
                                   "user-changes = 3\n"
                                   "vendor-resets = 4\n"
                                   "[end]\n"
                                   "checksum = 3c2542b88fb34877\n";

    ck_assert_str_eq(text, expected);
    ck_assert_uint_eq(length, strlen(expected));
}
END_TEST

START_TEST(round_trip)
{
    struct drive_nonvolatile state;
    struct state_file *file = state_file_open(path, &profile, &state, &diagnostics);

    ck_assert_ptr_nonnull(file);
    ck_assert(state_file_store(file, &changed));
    state_file_close(file);
    for (unsigned i = 0; i < 2; i++) {
        file = state_file_open(path, &profile, &state, &diagnostics);
        ck_assert_ptr_nonnull(file);
        ck_assert_mem_eq(&state, &changed, sizeof(state));
        state_file_close(file);
    }
    ck_assert_uint_eq(diagnostics.errors, 0);
}
END_TEST

/* Whatever a profile may call the drive, its state is found again. */
START_TEST(any_serial_number)
{
    static const char *const serials[] = {
        " S 1 ", "\"S\"", "a ;b",         ";",
        "\\",    "",      "\\\\\\\"\"\"", "                               ."};
    struct drive_nonvolatile state =
                                 {
                                     .region = {.mask = 0xFE, .user_changes = 4}
    },
                             found;
    char text[STATE_TEXT_MAX];

    for (size_t i = 0; i < sizeof(serials) / sizeof(*serials); i++) {
        ck_assert_uint_lt(state_text_write(text, serials[i], &state), STATE_TEXT_MAX);
        ck_assert_msg(state_text_read("s", text, serials[i], &found, &diagnostics), "%s", messages);
        ck_assert_uint_eq(found.region.mask, 0xFE);
        ck_assert(!state_text_read("s", text, "another", &found, &diagnostics));
        messages[0] = 0;
    }
}
END_TEST

START_TEST(every_valid_region_state)
{
    char text[STATE_TEXT_MAX];

    for (unsigned mask = 0; mask <= 0xFF; mask++)
        for (uint8_t changes = 0; changes <= REGION_USER_CHANGES; changes++)
            for (uint8_t resets = 0; resets <= REGION_VENDOR_RESETS; resets++) {
                struct drive_nonvolatile state =
                                             {
                                                 {(uint8_t)mask, changes, resets}
                },
                                         back;
                bool valid = region_state_is_valid(&state.region);
                state_text_write(text, "", &state);
                ck_assert_int_eq(state_text_read("x", text, "", &back, NULL), valid);
                if (valid)
                    ck_assert_mem_eq(&state, &back, sizeof(state));
            }
}
END_TEST

/* Opening must fail, say something, and change nothing. */
static void expect_refusal(const char *text, size_t length)
{
    struct drive_nonvolatile state;

    put_content(text, length);
    diagnostics.errors = 0;
    messages[0] = 0;
    ck_assert_ptr_null(state_file_open(path, &profile, &state, &diagnostics));
    ck_assert_uint_gt(diagnostics.errors, 0);
    ck_assert_uint_gt(strlen(messages), 0);
    char *now = content();
    ck_assert_mem_eq(now, text, length);
    ck_assert_int_ne(access(lock_path, F_OK), 0);
}

START_TEST(damage_at_every_byte)
{
    char right[STATE_TEXT_MAX], text[STATE_TEXT_MAX];
    size_t length = state_text_write(right, profile.serial, &changed);

    for (size_t at = 0; at < length; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(text, right, length);
            text[at] = (char)(text[at] ^ 1 << bit);
            expect_refusal(text, length);
        }
        /* A byte lost, a byte doubled, the rest lost. */
        memcpy(text, right, at);
        memcpy(text + at, right + at + 1, length - at - 1);
        expect_refusal(text, length - 1);
        memcpy(text, right, at + 1);
        memcpy(text + at + 1, right + at, length - at);
        expect_refusal(text, length + 1);
        expect_refusal(right, at);
    }
    memcpy(text, right, length);
    memset(text + length, '\n', STATE_TEXT_MAX - length);
    expect_refusal(text, length + 1);
    expect_refusal(text, STATE_TEXT_MAX);
}
END_TEST

START_TEST(numbers_changed_by_hand)
{
    char text[STATE_TEXT_MAX];
    size_t length = state_text_write(text, profile.serial, &changed);

    strstr(text, "user-changes = 3")[15] = '4';
    expect_refusal(text, length);
    expect_message("damaged");
}
END_TEST

START_TEST(foreign_files)
{
    char text[STATE_TEXT_MAX];
    size_t length;

    expect_refusal("", 0);
    expect_message("not a state file of vodd");
    expect_refusal("[disc]\nimage = movie.iso\n", 25);
    expect_message("not a state file of vodd");

    length = state_text_write(text, "VODD00000000", &changed);
    expect_refusal(text, length);
    expect_message("\"VODD00000000\"; this one has \"VODD0000BEEF\"");

    length = state_text_write(text, profile.serial, &changed);
    *(strstr(text, "version = 1") + 10) = '2';
    expect_refusal(text, length);
    expect_message("state of version 2; accepted: 1");
}
END_TEST

START_TEST(two_servers)
{
    struct drive_nonvolatile state;
    struct state_file *first = state_file_open(path, &profile, &state, &diagnostics);
    struct state_file *second;

    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(state_file_open(path, &profile, &state, &diagnostics));
    expect_message("drive.state: in use by another server");
    /* The one that was refused has not taken the lock away. */
    ck_assert_ptr_null(state_file_open(path, &profile, &state, &diagnostics));
    ck_assert(state_file_store(first, &changed));
    state_file_close(first);
    second = state_file_open(path, &profile, &state, &diagnostics);
    ck_assert_ptr_nonnull(second);
    ck_assert_mem_eq(&state, &changed, sizeof(state));
    state_file_close(second);
}
END_TEST

START_TEST(lock_left_behind)
{
    struct drive_nonvolatile state;
    struct state_file *file;

    /* By a server that was killed. */
    close(open(lock_path, O_CREAT | O_RDWR, 0600));
    file = state_file_open(path, &profile, &state, &diagnostics);
    ck_assert_ptr_nonnull(file);
    state_file_close(file);
}
END_TEST

START_TEST(folder_is_missing)
{
    struct drive_nonvolatile state;
    char missing[128];

    snprintf(missing, sizeof(missing), "%s/none/drive.state", folder);
    ck_assert_ptr_null(state_file_open(missing, &profile, &state, &diagnostics));
    expect_message("No such file or directory");
}
END_TEST

START_TEST(store_that_fails_keeps_the_old_state)
{
    struct drive_nonvolatile state;
    struct state_file *file;
    char before[STATE_TEXT_MAX];

    file = state_file_open(path, &profile, &state, &diagnostics);
    ck_assert_ptr_nonnull(file);
    snprintf(before, sizeof(before), "%s", content());
    /* Also for root: a folder where the new file should be. */
    ck_assert_int_eq(mkdir(new_path, 0700), 0);
    ck_assert(!state_file_store(file, &changed));
    expect_message("drive.state.new: is a folder; accepted: a file");
    ck_assert_str_eq(content(), before);
    ck_assert_int_eq(rmdir(new_path), 0);
    ck_assert(state_file_store(file, &changed));
    ck_assert_str_ne(content(), before);
    state_file_close(file);
}
END_TEST

/* What cannot be brought to the medium --------------------------------------- */

/* The linker's names for a wrapped function and for the one behind it (--wrap). */
int __wrap_fsync(int fd);
int __real_fsync(int fd);
static bool files_fail, folders_fail;

int __wrap_fsync(int fd)
{
    struct stat status;

    if (fstat(fd, &status) == 0 && (S_ISDIR(status.st_mode) ? folders_fail : files_fail)) {
        errno = EIO;
        return -1;
    }
    return __real_fsync(fd);
}

/* What the next server finds. */
static void expect_state(const struct drive_nonvolatile *expected)
{
    struct drive_nonvolatile state;
    struct state_file *file = state_file_open(path, &profile, &state, &diagnostics);

    ck_assert_ptr_nonnull(file);
    ck_assert_mem_eq(&state, expected, sizeof(state));
    state_file_close(file);
}

START_TEST(what_is_not_on_the_medium_is_not_stored)
{
    struct drive_nonvolatile factory;
    struct state_file *file = state_file_open(path, &profile, &factory, &diagnostics);

    ck_assert_ptr_nonnull(file);
    files_fail = true;
    ck_assert(!state_file_store(file, &changed));
    files_fail = false;
    expect_message("drive.state.new: cannot be written: Input/output error");
    ck_assert_int_ne(access(new_path, F_OK), 0);
    state_file_close(file);
    expect_state(&factory);
}
END_TEST

/* The answer and the file say the same, whatever becomes of the folder. */
START_TEST(a_folder_that_is_not_on_the_medium_is_warned_of)
{
    static const char warning[] =
        "drive.state: stored, but its folder cannot be written to the medium: Input/output error";
    struct drive_nonvolatile state = changed;
    struct state_file *file = state_file_open(path, &profile, &state, &diagnostics);

    ck_assert_ptr_nonnull(file);
    folders_fail = true;
    ck_assert(state_file_store(file, &changed));
    ck_assert_ptr_nonnull(strstr(messages, warning));
    ck_assert_uint_eq(diagnostics.errors, 0);
    messages[0] = 0;
    /* Once, until it succeeds again. */
    ck_assert(state_file_store(file, &changed));
    ck_assert_str_eq(messages, "");
    folders_fail = false;
    ck_assert(state_file_store(file, &changed));
    folders_fail = true;
    ck_assert(state_file_store(file, &changed));
    ck_assert_ptr_nonnull(strstr(messages, warning));
    folders_fail = false;
    state_file_close(file);
    expect_state(&changed);
}
END_TEST

static Suite *state_file_suite(void)
{
    Suite *suite = suite_create("state_file");
    TCase *tests = tcase_create("state file");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, missing_file_is_the_factory_state);
    tcase_add_test(tests, bytes_of_the_file);
    tcase_add_test(tests, round_trip);
    tcase_add_test(tests, any_serial_number);
    tcase_add_test(tests, every_valid_region_state);
    tcase_add_test(tests, damage_at_every_byte);
    tcase_add_test(tests, numbers_changed_by_hand);
    tcase_add_test(tests, foreign_files);
    tcase_add_test(tests, two_servers);
    tcase_add_test(tests, lock_left_behind);
    tcase_add_test(tests, folder_is_missing);
    tcase_add_test(tests, store_that_fails_keeps_the_old_state);
    tcase_add_test(tests, what_is_not_on_the_medium_is_not_stored);
    tcase_add_test(tests, a_folder_that_is_not_on_the_medium_is_warned_of);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(state_file_suite)
