/* SPDX-License-Identifier: MIT */
#include "tests/support/redirected_drive.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ENDLESS 600000 /* ms of spin-up: longer than any test */

struct redirected_drive redirected;

static void connected(void *context, bool is_connected, const char *why)
{
    (void)context;
    redirected.connects += is_connected;
    redirected.disconnects += !is_connected;
    snprintf(redirected.reason, sizeof(redirected.reason), "%s", why ? why : "");
}

static void refused(void *context, const char *reason)
{
    (void)context, (void)reason;
    redirected.refusals++;
}

const struct usbredir_events redirected_drive_events = {.connected = connected, .refused = refused};

static struct disc *make_disc(void)
{
    char path[] = "/tmp/vodd-test-XXXXXX";
    struct disc_description description;
    int file = mkstemp(path);
    struct disc *disc;

    redirected.image = malloc(REDIRECTED_DRIVE_SIZE);
    for (size_t i = 0; i < REDIRECTED_DRIVE_SIZE; i++)
        redirected.image[i] = (uint8_t)(i * 31 + i / 2048);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, redirected.image, REDIRECTED_DRIVE_SIZE), REDIRECTED_DRIVE_SIZE);
    disc_description_init(&description);
    description.image = strdup(path);
    disc = disc_create(&description, NULL);
    ck_assert_ptr_nonnull(disc);
    disc_description_release(&description);
    close(file);
    unlink(path);
    return disc;
}

void redirected_drive_start(int64_t spin_up_time)
{
    struct drive_profile profile;
    struct disc *disc = make_disc();

    redirected.connects = redirected.disconnects = redirected.refusals = 0;
    redirected.base = event_base_new();
    drive_profile_init(&profile);
    profile.spin_up_time = spin_up_time;
    redirected.drive = drive_create(&profile, NULL, NULL, 0);
    drive_insert(redirected.drive, disc, 0);
    disc_release(disc);
}

void redirected_drive_attach(enum usb_speed speed)
{
    int pair[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    redirected.usbredir = usbredir_create(redirected.base, pair[0], redirected.drive, speed,
                                          &redirected_drive_events);
    ck_assert_ptr_nonnull(redirected.usbredir);
    close(pair[0]);
    ck_assert(usbredir_guest_init(&redirected.guest, redirected.base, pair[1]));
}

void redirected_drive_set_up(void)
{
    redirected_drive_start(0);
    redirected_drive_attach(USB_SPEED_SUPER);
}

void redirected_drive_set_up_slow(void)
{
    redirected_drive_start(ENDLESS);
    redirected_drive_attach(USB_SPEED_SUPER);
}

void redirected_drive_tear_down(void)
{
    usbredir_guest_release(&redirected.guest);
    usbredir_destroy(redirected.usbredir);
    drive_destroy(redirected.drive);
    event_base_free(redirected.base);
    free(redirected.image);
}

/* Commands ----------------------------------------------------------------- */

struct bulk_only_command redirected_drive_command_in(const char *cdb, uint8_t cdb_length,
                                                     uint32_t length)
{
    struct bulk_only_command command = {
        .cdb_length = cdb_length, .data = redirected.buffer, .length = length};

    memcpy(command.cdb, cdb, cdb_length);
    memset(redirected.buffer, 0xEE, sizeof(redirected.buffer));
    return command;
}

void redirected_drive_expect_sense(uint8_t key, uint8_t asc, uint8_t ascq)
{
    struct bulk_only_command command = redirected_drive_command_in("\x03\0\0\0\x12\0", 6, 18);

    ck_assert_int_eq(bulk_only_host_execute(&redirected.guest, &command), BULK_ONLY_HOST_PASSED);
    ck_assert_uint_eq(command.actual, 18);
    ck_assert_uint_eq(redirected.buffer[0] & 0x7F, 0x70);
    ck_assert_uint_eq(redirected.buffer[2], key);
    ck_assert_uint_eq(redirected.buffer[12], asc);
    ck_assert_uint_eq(redirected.buffer[13], ascq);
}

enum bulk_only_host_result redirected_drive_test_unit_ready(void)
{
    struct bulk_only_command command = redirected_drive_command_in("\0\0\0\0\0\0", 6, 0);

    return bulk_only_host_execute(&redirected.guest, &command);
}

/* Enumerated, attention fetched, ready. */
void redirected_drive_be_ready(void)
{
    ck_assert(bulk_only_host_enumerate(&redirected.guest));
    ck_assert_int_eq(redirected_drive_test_unit_ready(), BULK_ONLY_HOST_FAILED);
    redirected_drive_expect_sense(6, 0x29, 0x00);
    ck_assert_int_eq(redirected_drive_test_unit_ready(), BULK_ONLY_HOST_PASSED);
}

void redirected_drive_read(uint32_t lba, uint16_t count, uint32_t piece)
{
    const char cdb[10] = {0x28,       0, 0, 0, (char)(lba >> 8), (char)lba, 0, (char)(count >> 8),
                          (char)count};
    struct bulk_only_command command =
        redirected_drive_command_in(cdb, 10, count * DVD_SECTOR_SIZE);

    command.piece = piece;
    ck_assert_int_eq(bulk_only_host_execute(&redirected.guest, &command), BULK_ONLY_HOST_PASSED);
    ck_assert_uint_eq(command.actual, count * DVD_SECTOR_SIZE);
    ck_assert_uint_eq(command.residue, 0);
    ck_assert_mem_eq(redirected.buffer, redirected.image + lba * DVD_SECTOR_SIZE,
                     count * DVD_SECTOR_SIZE);
}
