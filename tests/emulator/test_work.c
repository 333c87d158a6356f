/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emulator/drive.h"

/*
 * How much of the disc one call reads, counted where the image is read, and what can happen to a
 * VERIFY between two pieces of its work.
 */

#define SECTORS    0x20000u
#define BAD        0x123u /* in the third piece of a VERIFY from 100h on */
#define PIECE      ((uint64_t)DRIVE_WORK_SECTORS * DVD_SECTOR_SIZE)
#define VERIFY_100 "2F 00 00000100 00 FFFF 00"

/* In the place of the C library's: the bytes of every read of an image are counted. */
static uint64_t bytes_read;

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
ssize_t preadv(int descriptor, const struct iovec *iov, int count, off_t offset)
{
    ssize_t total = 0;

    for (int i = 0; i < count; i++) {
        ssize_t got = pread(descriptor, iov[i].iov_base, iov[i].iov_len, offset + total);
        if (got < 0)
            return total > 0 ? total : -1;
        total += got;
        bytes_read += (uint64_t)got;
        if ((size_t)got < iov[i].iov_len)
            break;
    }
    return total;
}

static struct drive *drive;
static struct drive_nexus *nexus;
static struct drive_command command;
static uint8_t data[1 << 16];

static struct disc *make_disc(uint32_t bad)
{
    char path[] = "/tmp/vodd-test-XXXXXX";
    struct disc_description description;
    int file = mkstemp(path);

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(ftruncate(file, (off_t)SECTORS * DVD_SECTOR_SIZE), 0);
    disc_description_init(&description);
    description.image = strdup(path);
    if (bad != 0) {
        description.defects.extent = malloc(sizeof(struct disc_extent));
        description.defects.extent[0] = (struct disc_extent){bad, 1, 0};
        description.defects.count = 1;
    }
    struct disc *disc = disc_create(&description, NULL);
    ck_assert_ptr_nonnull(disc);
    disc_description_release(&description);
    close(file);
    unlink(path);
    return disc;
}

static void begin(const char *hexadecimal)
{
    memset(&command, 0, sizeof command);
    command.nexus = nexus;
    for (const char *text = hexadecimal; *text; text++) {
        char digits[3] = {text[0], text[0] == ' ' ? 0 : text[1]};
        if (*text == ' ')
            continue;
        command.cdb[command.cdb_length++] = (uint8_t)strtoul(digits, NULL, 16);
        text++;
    }
    bytes_read = 0;
    drive_begin(drive, &command, 0);
}

static void set_up_with(uint32_t bad)
{
    struct drive_profile profile;
    struct disc *disc = make_disc(bad);

    drive_profile_init(&profile);
    profile.read_cd = READ_CD_USER_DATA;
    drive = drive_create(&profile, NULL, NULL, 0);
    ck_assert(drive_insert(drive, disc, 0));
    disc_release(disc);
    nexus = drive_nexus_attach(drive, true);
    do {
        begin("00 00 00 00 00 00");
        drive_finish(drive, &command, 0);
    } while (command.status != DRIVE_STATUS_GOOD);
}

static void set_up(void)
{
    set_up_with(0);
}

static void tear_down(void)
{
    drive_nexus_detach(nexus);
    drive_destroy(drive);
}

static void expect_end(uint8_t key, uint8_t asc, uint8_t ascq)
{
    ck_assert(command.done);
    ck_assert_int_eq(command.status, DRIVE_STATUS_CHECK_CONDITION);
    ck_assert_uint_eq(command.sense[2], key);
    ck_assert_uint_eq(command.sense[12], asc);
    ck_assert_uint_eq(command.sense[13], ascq);
    ck_assert(!drive_is_working(&command));
    ck_assert(!drive_work(drive, &command));
    drive_finish(drive, &command, 0);
}

START_TEST(verify_reads_a_piece_in_each_call)
{
    uint64_t all = 0;
    unsigned calls = 0;
    bool more;

    begin(VERIFY_100);
    ck_assert_uint_eq(bytes_read, 0);
    ck_assert(!command.done);
    ck_assert(drive_is_working(&command));
    do {
        bytes_read = 0;
        more = drive_work(drive, &command);
        ck_assert_uint_gt(bytes_read, 0);
        ck_assert_uint_le(bytes_read, PIECE);
        ck_assert_int_eq(more, drive_is_working(&command));
        all += bytes_read;
        calls++;
    } while (more);
    ck_assert(command.done);
    ck_assert_int_eq(command.status, DRIVE_STATUS_GOOD);
    ck_assert_uint_eq(all, UINT64_C(0xFFFF) * DVD_SECTOR_SIZE);
    ck_assert_uint_eq(calls, (0xFFFF + DRIVE_WORK_SECTORS - 1) / DRIVE_WORK_SECTORS);
    ck_assert_uint_eq(command.data_in_done, 0);
    drive_finish(drive, &command, 0);
}
END_TEST

START_TEST(verify_of_nothing_is_done_at_once)
{
    begin("2F 00 00000100 00 0000 00");
    ck_assert(command.done);
    ck_assert(!drive_is_working(&command));
    ck_assert(!drive_work(drive, &command));
    drive_finish(drive, &command, 0);
}
END_TEST

START_TEST(who_cannot_wait_gets_all_of_it)
{
    begin(VERIFY_100);
    ck_assert_uint_eq(drive_data_in(drive, &command, &(struct iovec){data, sizeof data}, 1), 0);
    ck_assert(command.done);
    ck_assert_int_eq(command.status, DRIVE_STATUS_GOOD);
    ck_assert_uint_eq(bytes_read, UINT64_C(0xFFFF) * DVD_SECTOR_SIZE);
    drive_finish(drive, &command, 0);
}
END_TEST

START_TEST(a_bad_sector_of_a_later_piece_is_named)
{
    static const uint8_t information[] = {0, 0, BAD >> 8, BAD & 0xFF};

    tear_down();
    set_up_with(BAD);
    begin("2F 00 00000000 00 FFFF 00");
    while (drive_work(drive, &command))
        ;
    ck_assert_uint_eq(command.sense[0], 0xF0);
    ck_assert_mem_eq(command.sense + 3, information, sizeof information);
    ck_assert_uint_le(bytes_read, (uint64_t)(BAD + 1) * DVD_SECTOR_SIZE);
    expect_end(0x3, 0x11, 0x05);
}
END_TEST

START_TEST(a_reset_between_two_pieces_ends_it)
{
    begin(VERIFY_100);
    ck_assert(drive_work(drive, &command));
    drive_reset(drive, DRIVE_RESET_HARD, 0);
    ck_assert(!drive_work(drive, &command));
    expect_end(0x6, 0x29, 0x00);
}
END_TEST

START_TEST(the_medium_leaves_between_two_pieces)
{
    begin(VERIFY_100);
    ck_assert(drive_work(drive, &command));
    drive_eject(drive, true, 0);
    ck_assert(!drive_work(drive, &command));
    expect_end(0x2, 0x3A, 0x02);
}
END_TEST

START_TEST(it_can_be_given_up_between_two_pieces)
{
    begin(VERIFY_100);
    ck_assert(drive_work(drive, &command));
    ck_assert(!command.done);
    drive_finish(drive, &command, 0);
    begin("2F 00 00000000 00 0001 00");
    ck_assert(!drive_work(drive, &command));
    ck_assert_int_eq(command.status, DRIVE_STATUS_GOOD);
    drive_finish(drive, &command, 0);
}
END_TEST

/* With the largest counts and lengths that a CDB can have, of which some are right. */
START_TEST(no_command_reads_more_than_a_piece_or_its_buffer)
{
    static const uint8_t fillings[][DRIVE_CDB_MAX - 1] = {
        {0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0xFF, 0xFF, 0x00, 0x00},
        {0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00},
        {0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x01, 0x00, 0x10, 0x00},
        {0x00, 0x00, 0x00, 0x02, 0x10, 0x05, 0x02, 0x10, 0x10, 0x00},
        {0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00},
        {0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0x00},
    };
    const struct iovec iov = {data, sizeof data};
    unsigned read = 0;

    for (unsigned i = 0; i < 256 * sizeof fillings / sizeof *fillings; i++) {
        memset(&command, 0, sizeof command);
        command.nexus = nexus;
        command.cdb[0] = (uint8_t)i;
        memcpy(command.cdb + 1, fillings[i >> 8], sizeof fillings[0]);
        command.cdb_length = command.cdb[0] < 0x20 ? 6 : command.cdb[0] < 0x80 ? 10 : 12;
        bytes_read = 0;
        drive_begin(drive, &command, 0);
        ck_assert_uint_eq(bytes_read, 0);
        for (unsigned calls = 0; calls < 3 && !command.done; calls++) {
            bytes_read = 0;
            if (drive_is_working(&command)) {
                drive_work(drive, &command);
                ck_assert_uint_le(bytes_read, PIECE);
            } else {
                drive_data_in(drive, &command, &iov, 1);
                ck_assert_uint_le(bytes_read, sizeof data);
            }
            read += bytes_read > 0;
        }
        drive_finish(drive, &command, 0);
    }
    /* READ(10), READ(12), VERIFY, READ CD and READ CD MSF did. */
    ck_assert_uint_ge(read, 5 * 3);
}
END_TEST

static Suite *work_suite(void)
{
    Suite *suite = suite_create("work");
    TCase *cases = tcase_create("work");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, verify_reads_a_piece_in_each_call);
    tcase_add_test(cases, verify_of_nothing_is_done_at_once);
    tcase_add_test(cases, who_cannot_wait_gets_all_of_it);
    tcase_add_test(cases, a_bad_sector_of_a_later_piece_is_named);
    tcase_add_test(cases, a_reset_between_two_pieces_ends_it);
    tcase_add_test(cases, the_medium_leaves_between_two_pieces);
    tcase_add_test(cases, it_can_be_given_up_between_two_pieces);
    tcase_add_test(cases, no_command_reads_more_than_a_piece_or_its_buffer);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(work_suite)
