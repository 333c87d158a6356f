/* SPDX-License-Identifier: MIT */
#include "handlers/system/medium_log.h"

#include <stdio.h>
#include <unistd.h>

#include "tests/support/made_disc.h"
#include "tests/tap.h"

/* What the operator is told when an image cannot be read. */

static struct drive *drive;
static struct drive_nexus *nexus;
static struct medium_log *operator_log;
static struct fault_log told;

static void insert(void)
{
    struct disc *disc = made_disc_create();
    ck_assert(drive_insert(drive, disc, 0));
    disc_release(disc);
}

static void set_up(void)
{
    struct drive_profile profile;
    made_disc_set_up();
    made_disc_add_extent(&made.description.defects, 690, 1, 0);
    drive_profile_init(&profile);
    drive = drive_create(&profile, NULL, NULL, 0);
    nexus = drive_nexus_attach(drive, true);
    fault_log_init(&told);
    operator_log = medium_log_create(drive, &told.diagnostics);
    ck_assert_ptr_nonnull(operator_log);
    insert();
}

static void tear_down(void)
{
    medium_log_destroy(operator_log);
    drive_nexus_detach(nexus);
    drive_destroy(drive);
    made_disc_tear_down();
}

enum { READ_10 = 0x28, VERIFY_10 = 0x2F, MEDIUM_ERROR = 3, UNIT_ATTENTION = 6 };

/* The sense key that ends a read or verification of one sector, 0: GOOD; attentions come first. */
static uint8_t execute(uint8_t operation_code, uint32_t lba)
{
    uint8_t sector[DVD_SECTOR_SIZE];
    const struct iovec iov = {sector, sizeof sector};
    struct drive_command command;
    do {
        command = (struct drive_command){
            .nexus = nexus,
            .cdb = {operation_code, 0, 0, 0, (uint8_t)(lba >> 8), (uint8_t)lba, 0, 0, 1},
            .cdb_length = 10,
        };
        drive_execute(drive, &command, &iov, 1, 0);
    } while (command.status == DRIVE_STATUS_CHECK_CONDITION &&
             (command.sense[2] & 0x0F) == UNIT_ATTENTION);
    return command.status == DRIVE_STATUS_GOOD ? 0 : command.sense[2] & 0x0F;
}

static void expect_line(uint32_t lba)
{
    char line[300];
    snprintf(line, sizeof line,
             "warning: %s: sector %u cannot be read: the file ends before its end; the host gets a "
             "medium error, and further ones of this disc are not told\n",
             made.path, lba);
    ck_assert_str_eq(told.text, line);
    fault_log_init(&told);
}

/* One line for a disc; the next one has its own. */
START_TEST(a_shorter_image_is_told_once)
{
    uint8_t operation_code = _i == 0 ? READ_10 : VERIFY_10;
    ck_assert_uint_eq(execute(operation_code, 680), 0);
    ck_assert_int_eq(truncate(made.path, 600 * DVD_SECTOR_SIZE), 0);
    ck_assert_uint_eq(execute(operation_code, 599), 0);
    ck_assert_str_eq(told.text, "");
    ck_assert_uint_eq(execute(operation_code, 600), MEDIUM_ERROR);
    expect_line(600);
    ck_assert_uint_eq(execute(operation_code, 601), MEDIUM_ERROR);
    ck_assert_str_eq(told.text, "");
    ck_assert_int_eq(truncate(made.path, MADE_DISC_SIZE), 0);
    insert();
    ck_assert_int_eq(truncate(made.path, 600 * DVD_SECTOR_SIZE), 0);
    ck_assert_uint_eq(execute(operation_code, 601), MEDIUM_ERROR);
    expect_line(601);
}
END_TEST

START_TEST(defects_of_the_fixture_are_not_told)
{
    ck_assert_uint_eq(execute(READ_10, 690), MEDIUM_ERROR);
    ck_assert_uint_eq(execute(VERIFY_10, 690), MEDIUM_ERROR);
    ck_assert_str_eq(told.text, "");
}
END_TEST

static Suite *medium_log_suite(void)
{
    Suite *suite = suite_create("medium_log");
    TCase *tests = tcase_create("medium_log");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, a_shorter_image_is_told_once, 0, 2);
    tcase_add_test(tests, defects_of_the_fixture_are_not_told);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(medium_log_suite)
