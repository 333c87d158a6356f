/* SPDX-License-Identifier: MIT */
/*
 * The usbredir transport as a whole: a host on the other end of a socket, the drive behind it, all
 * in one process on one event loop.
 */
#include "handlers/usbredir/usbredir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "handlers/usbredir/usbredir_connection.h"
#include "tests/host/bulk_only_host.h"
#include "tests/tap.h"

#define SECTORS     1024u
#define SECTOR_SIZE 2048u
#define ENDLESS     600000 /* ms of spin-up: longer than any test */

static struct event_base *base;
static struct drive *drive;
static struct usbredir *usbredir;
static struct usbredir_guest guest;
static uint8_t *image;
static unsigned connects, disconnects, refusals;
static char reason[200];

static void connected(void *context, bool is_connected, const char *why)
{
    (void)context;
    connects += is_connected;
    disconnects += !is_connected;
    snprintf(reason, sizeof(reason), "%s", why ? why : "");
}

static void refused(void *context)
{
    (void)context;
    refusals++;
}

static const struct usbredir_events events = {.connected = connected, .refused = refused};

static struct disc *make_disc(void)
{
    char path[] = "/tmp/vodd-test-XXXXXX";
    struct disc_description description;
    int file = mkstemp(path);
    struct disc *disc;

    image = malloc(SECTORS * SECTOR_SIZE);
    for (size_t i = 0; i < SECTORS * SECTOR_SIZE; i++)
        image[i] = (uint8_t)(i * 31 + i / 2048);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, image, SECTORS * SECTOR_SIZE), SECTORS * SECTOR_SIZE);
    disc_description_init(&description);
    description.image = strdup(path);
    disc = disc_create(&description, NULL);
    ck_assert_ptr_nonnull(disc);
    disc_description_release(&description);
    close(file);
    unlink(path);
    return disc;
}

static void start_drive(int64_t spin_up_time)
{
    struct drive_profile profile;
    struct disc *disc = make_disc();

    connects = disconnects = refusals = 0;
    base = event_base_new();
    drive_profile_init(&profile);
    profile.spin_up_time = spin_up_time;
    drive = drive_create(&profile, NULL, NULL, 0);
    drive_insert(drive, disc, 0);
    disc_release(disc);
}

static void start_usb(enum usb_speed speed)
{
    int pair[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    usbredir = usbredir_create(base, pair[0], drive, speed, &events);
    ck_assert_ptr_nonnull(usbredir);
    close(pair[0]);
    ck_assert(usbredir_guest_init(&guest, base, pair[1]));
}

static void setup(void)
{
    start_drive(0);
    start_usb(USB_SPEED_SUPER);
}

static void setup_slow(void)
{
    start_drive(ENDLESS);
    start_usb(USB_SPEED_SUPER);
}

static void teardown(void)
{
    usbredir_guest_release(&guest);
    usbredir_destroy(usbredir);
    drive_destroy(drive);
    event_base_free(base);
    free(image);
}

/* Commands ----------------------------------------------------------------- */

static uint8_t buffer[SECTORS * SECTOR_SIZE];

static struct bulk_only_command command_in(const char *cdb, uint8_t cdb_length, uint32_t length)
{
    struct bulk_only_command command = {.cdb_length = cdb_length, .data = buffer, .length = length};

    memcpy(command.cdb, cdb, cdb_length);
    memset(buffer, 0xEE, sizeof(buffer));
    return command;
}

static void expect_sense(uint8_t key, uint8_t asc, uint8_t ascq)
{
    struct bulk_only_command command = command_in("\x03\0\0\0\x12\0", 6, 18);

    ck_assert_int_eq(bulk_only_host_execute(&guest, &command), BULK_ONLY_HOST_PASSED);
    ck_assert_uint_eq(command.actual, 18);
    ck_assert_uint_eq(buffer[0] & 0x7F, 0x70);
    ck_assert_uint_eq(buffer[2], key);
    ck_assert_uint_eq(buffer[12], asc);
    ck_assert_uint_eq(buffer[13], ascq);
}

static enum bulk_only_host_result test_unit_ready(void)
{
    struct bulk_only_command command = command_in("\0\0\0\0\0\0", 6, 0);

    return bulk_only_host_execute(&guest, &command);
}

/* Enumerated, attention fetched, ready. */
static void be_ready(void)
{
    ck_assert(bulk_only_host_enumerate(&guest));
    ck_assert_int_eq(test_unit_ready(), BULK_ONLY_HOST_FAILED);
    expect_sense(6, 0x29, 0x00);
    ck_assert_int_eq(test_unit_ready(), BULK_ONLY_HOST_PASSED);
}

static void read_sectors(uint32_t lba, uint16_t count, uint32_t piece)
{
    const char cdb[10] = {0x28,       0, 0, 0, (char)(lba >> 8), (char)lba, 0, (char)(count >> 8),
                          (char)count};
    struct bulk_only_command command = command_in(cdb, 10, count * SECTOR_SIZE);

    command.piece = piece;
    ck_assert_int_eq(bulk_only_host_execute(&guest, &command), BULK_ONLY_HOST_PASSED);
    ck_assert_uint_eq(command.actual, count * SECTOR_SIZE);
    ck_assert_uint_eq(command.residue, 0);
    ck_assert_mem_eq(buffer, image + lba * SECTOR_SIZE, count * SECTOR_SIZE);
}

/* The device --------------------------------------------------------------- */

START_TEST(device_is_introduced)
{
    ck_assert(usbredir_guest_wait_device(&guest));
    ck_assert_uint_eq(connects, 1);
    ck_assert(usbredir_is_connected(usbredir));
    ck_assert_uint_eq(guest.device.speed, usb_redir_speed_super);
    ck_assert_uint_eq(guest.device.device_class, 0);
    ck_assert_uint_eq(guest.device.vendor_id, 0x1209);
    ck_assert_uint_eq(guest.device.product_id, 0x0001);
    ck_assert_uint_eq(guest.device.device_version_bcd, 0x0100);
    ck_assert_uint_eq(guest.interface.interface_count, 1);
    ck_assert_uint_eq(guest.interface.interface_class[0], 8);
    ck_assert_uint_eq(guest.interface.interface_subclass[0], 6);
    ck_assert_uint_eq(guest.interface.interface_protocol[0], 0x50);
    for (unsigned i = 0; i < 32; i++) {
        bool bulk = i == 2 || i == 17;
        ck_assert_uint_eq(guest.endpoints.type[i], i % 16 == 0 ? usb_redir_type_control
                                                   : bulk      ? usb_redir_type_bulk
                                                               : usb_redir_type_invalid);
        ck_assert_uint_eq(guest.endpoints.max_packet_size[i], bulk ? 1024 : 0);
    }
}
END_TEST

START_TEST(high_speed)
{
    start_drive(0);
    start_usb(USB_SPEED_HIGH);
    ck_assert(usbredir_guest_wait_device(&guest));
    ck_assert_uint_eq(guest.device.speed, usb_redir_speed_high);
    ck_assert_uint_eq(guest.endpoints.max_packet_size[17], 512);
    be_ready();
    read_sectors(0, 60, 16384);
    teardown();
}
END_TEST

START_TEST(offered_capabilities)
{
    static const int offered[] = {
        usb_redir_cap_connect_device_version,
        usb_redir_cap_filter,
        usb_redir_cap_device_disconnect_ack,
        usb_redir_cap_ep_info_max_packet_size,
        usb_redir_cap_64bits_ids,
        usb_redir_cap_32bits_bulk_length,
    };

    ck_assert(usbredir_guest_wait_device(&guest));
    for (size_t i = 0; i < sizeof(offered) / sizeof(*offered); i++)
        ck_assert(usbredirparser_peer_has_cap(guest.parser, offered[i]));
    ck_assert(!usbredirparser_peer_has_cap(guest.parser, usb_redir_cap_bulk_streams));
    ck_assert(!usbredirparser_peer_has_cap(guest.parser, usb_redir_cap_bulk_receiving));
}
END_TEST

START_TEST(configuration_and_interface)
{
    uint8_t value;

    ck_assert(usbredir_guest_wait_device(&guest));
    ck_assert_int_eq(usbredir_guest_get_configuration(&guest, &value), usb_redir_success);
    ck_assert_uint_eq(value, 0);
    ck_assert_int_eq(usbredir_guest_set_alternate(&guest, 0, 0), usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_get_alternate(&guest, 0, &value), usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_set_configuration(&guest, 2), usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_set_configuration(&guest, 1), usb_redir_success);
    ck_assert_int_eq(usbredir_guest_get_configuration(&guest, &value), usb_redir_success);
    ck_assert_uint_eq(value, 1);
    ck_assert_int_eq(usbredir_guest_set_alternate(&guest, 0, 0), usb_redir_success);
    ck_assert_int_eq(usbredir_guest_set_alternate(&guest, 0, 1), usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_get_alternate(&guest, 0, &value), usb_redir_success);
    ck_assert_uint_eq(value, 0);
    /* The port reset takes it back. */
    usbredir_guest_reset(&guest);
    ck_assert_int_eq(usbredir_guest_get_configuration(&guest, &value), usb_redir_success);
    ck_assert_uint_eq(value, 0);
}
END_TEST

START_TEST(control_transfers)
{
    uint8_t bytes[255];
    size_t actual;

    ck_assert(usbredir_guest_wait_device(&guest));
    ck_assert_int_eq(usbredir_guest_control(&guest, 0x80, 6, 0x0100, 0, bytes, 255, &actual),
                     usb_redir_success);
    ck_assert_uint_eq(actual, 18);
    ck_assert_int_eq(usbredir_guest_control(&guest, 0x80, 6, 0x0600, 0, bytes, 10, &actual),
                     usb_redir_stall);
    ck_assert_uint_eq(actual, 0);
    /* With data from the host. */
    ck_assert_int_eq(usbredir_guest_control(&guest, 0x00, 0x30, 0, 0, bytes, 6, &actual),
                     usb_redir_success);
    ck_assert_int_eq(usbredir_guest_control(&guest, 0x40, 1, 0, 0, bytes, 6, &actual),
                     usb_redir_stall);
}
END_TEST

/* Data --------------------------------------------------------------------- */

START_TEST(inquiry)
{
    struct bulk_only_command command = command_in("\x12\0\0\0\xFF\0", 6, 255);

    ck_assert(bulk_only_host_enumerate(&guest));
    ck_assert_int_eq(bulk_only_host_execute(&guest, &command), BULK_ONLY_HOST_PASSED);
    ck_assert_uint_eq(command.actual, 36);
    ck_assert_uint_eq(command.residue, 219);
    ck_assert_uint_eq(buffer[0], 5);
    ck_assert_uint_eq(buffer[1], 0x80);
    ck_assert_mem_eq(buffer + 8, "VODD    DVD-ROM         1.00", 28);
}
END_TEST

START_TEST(reads)
{
    be_ready();
    read_sectors(0, 1, 0);
    read_sectors(16, 32, 0);
    read_sectors(0, 512, 0);
    read_sectors(512, 512, 0);
    read_sectors(3, 60, 16384);
    read_sectors(100, 60, 20480);
    read_sectors(7, 9, 512);
}
END_TEST

START_TEST(refused_command)
{
    struct bulk_only_command command =
        command_in("\x28\0\0\0\x04\0\0\0\x01\0", 10, SECTOR_SIZE); /* just beyond the end */

    be_ready();
    ck_assert_int_eq(bulk_only_host_execute(&guest, &command), BULK_ONLY_HOST_FAILED);
    ck_assert_uint_eq(command.actual, 0);
    ck_assert_uint_eq(command.residue, SECTOR_SIZE);
    expect_sense(5, 0x21, 0x00);
    read_sectors(0, 1, 0);
}
END_TEST

START_TEST(data_out)
{
    /* Invalidate AGID 0 with a list of 8 bytes is refused; MODE SELECT(10) of nothing but its
     * header is not. */
    struct bulk_only_command command = command_in("\x55\x10\0\0\0\0\0\0\x08\0", 10, 8);

    be_ready();
    memset(buffer, 0, 8);
    command.out = true;
    ck_assert_int_eq(bulk_only_host_execute(&guest, &command), BULK_ONLY_HOST_PASSED);
    ck_assert_uint_eq(command.residue, 0);

    command = command_in("\x2A\0\0\0\0\0\0\0\x20\0", 10, 65536); /* WRITE(10) */
    command.out = true;
    ck_assert_int_eq(bulk_only_host_execute(&guest, &command), BULK_ONLY_HOST_FAILED);
    ck_assert_uint_eq(command.residue, 65536);
    expect_sense(5, 0x20, 0x00);
}
END_TEST

START_TEST(stall_and_reset_recovery)
{
    static const uint8_t nonsense[31] = "USBX";
    uint8_t bytes[13];
    size_t actual;

    be_ready();
    ck_assert_int_eq(usbredir_guest_bulk_out(&guest, 0x02, nonsense, 31), usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x81, bytes, 13, &actual), usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_control(&guest, 0x82, 0, 0, 0x81, bytes, 2, &actual),
                     usb_redir_success);
    ck_assert_uint_eq(bytes[0], 1);
    ck_assert_int_eq(usbredir_guest_control(&guest, 0x02, 1, 0, 0x81, NULL, 0, NULL),
                     usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x81, bytes, 13, &actual), usb_redir_stall);
    ck_assert(bulk_only_host_reset_recovery(&guest));
    ck_assert_int_eq(test_unit_ready(), BULK_ONLY_HOST_PASSED);
}
END_TEST

START_TEST(status_too_long_for_the_transfer)
{
    static const uint8_t cbw[31] = {'U', 'S', 'B', 'C', [14] = 6};
    uint8_t bytes[13];
    size_t actual;

    be_ready();
    ck_assert_int_eq(usbredir_guest_bulk_out(&guest, 0x02, cbw, 31), usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x81, bytes, 12, &actual), usb_redir_babble);
    ck_assert_uint_eq(actual, 0);
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x81, bytes, 13, &actual), usb_redir_success);
    ck_assert_uint_eq(actual, 13);
}
END_TEST

START_TEST(transfers_without_configuration_or_endpoint)
{
    static const uint8_t cbw[31] = {'U', 'S', 'B', 'C', [14] = 6};
    uint8_t bytes[13];
    size_t actual;

    ck_assert(usbredir_guest_wait_device(&guest));
    ck_assert_int_eq(usbredir_guest_bulk_out(&guest, 0x02, cbw, 31), usb_redir_inval);
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x81, bytes, 13, &actual), usb_redir_inval);
    ck_assert_int_eq(usbredir_guest_set_configuration(&guest, 1), usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_out(&guest, 0x01, cbw, 31), usb_redir_inval);
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x82, bytes, 13, &actual), usb_redir_inval);
    ck_assert_int_eq(usbredir_guest_bulk_out(&guest, 0x02, cbw, 31), usb_redir_success);
}
END_TEST

START_TEST(several_transfers_in_at_once)
{
    static const uint8_t cbw[31] = {'U', 'S', 'B',  'C', 1, 2, 3, 4, 0, 0x10, 0, 0, 0x80,
                                    0,   10,  0x28, 0,   0, 0, 0, 5, 0, 0,    2, 0};
    struct usbredir_guest_transfer *data[2], *status;

    be_ready();
    data[0] = usbredir_guest_submit(&guest, 0x81, NULL, 2048);
    data[1] = usbredir_guest_submit(&guest, 0x81, NULL, 2048);
    status = usbredir_guest_submit(&guest, 0x81, NULL, 13);
    usbredir_guest_poll(&guest);
    ck_assert_int_eq(usbredir_guest_bulk_out(&guest, 0x02, cbw, 31), usb_redir_success);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_int_eq(usbredir_guest_wait(&guest, data[i]), usb_redir_success);
        ck_assert_uint_eq(data[i]->length, 2048);
        ck_assert_mem_eq(data[i]->data, image + (5 + i) * SECTOR_SIZE, 2048);
    }
    ck_assert_int_eq(usbredir_guest_wait(&guest, status), usb_redir_success);
    ck_assert_uint_eq(status->length, 13);
    ck_assert_mem_eq(status->data, "USBS\1\2\3\4\0\0\0\0\0", 13);
}
END_TEST

START_TEST(too_many_and_too_long_transfers_in)
{
    struct usbredir_guest_transfer *transfer[USBREDIR_REQUESTS_MAX + 1];
    uint8_t byte;
    size_t actual;

    be_ready();
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x81, &byte, USBREDIR_BULK_IN_MAX + 1, &actual),
                     usb_redir_inval);
    for (unsigned i = 0; i <= USBREDIR_REQUESTS_MAX; i++)
        transfer[i] = usbredir_guest_submit(&guest, 0x81, NULL, USBREDIR_BULK_IN_MAX);
    ck_assert_int_eq(usbredir_guest_wait(&guest, transfer[USBREDIR_REQUESTS_MAX]),
                     usb_redir_ioerror);
    for (unsigned i = 0; i < USBREDIR_REQUESTS_MAX; i++)
        ck_assert(!transfer[i]->answered);
    /* A port reset ends them all. */
    usbredir_guest_reset(&guest);
    for (unsigned i = 0; i < USBREDIR_REQUESTS_MAX; i++)
        ck_assert_int_eq(usbredir_guest_wait(&guest, transfer[i]), usb_redir_cancelled);
}
END_TEST

/* Time --------------------------------------------------------------------- */

static const uint8_t start_unit[31] = {'U', 'S', 'B', 'C', 9,    9, 9, 9, 0, 0, 0,
                                       0,   0,   0,   6,   0x1B, 0, 0, 0, 1, 0};

START_TEST(responsive_while_a_command_waits)
{
    struct usbredir_guest_transfer *status;
    uint8_t bytes[18];
    size_t actual;

    ck_assert(bulk_only_host_enumerate(&guest));
    ck_assert_int_eq(test_unit_ready(), BULK_ONLY_HOST_FAILED); /* 29/00 */
    expect_sense(6, 0x29, 0x00);
    ck_assert_int_eq(usbredir_guest_bulk_out(&guest, 0x02, start_unit, 31), usb_redir_success);
    status = usbredir_guest_submit(&guest, 0x81, NULL, 13);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(usbredir_guest_control(&guest, 0x80, 6, 0x0100, 0, bytes, 18, &actual),
                         usb_redir_success);
    ck_assert(!status->answered);
    usbredir_guest_cancel(&guest, status);
    ck_assert_int_eq(usbredir_guest_wait(&guest, status), usb_redir_cancelled);
    ck_assert_uint_eq(status->length, 0);
    /* Cancelling what is answered already says nothing more. */
    usbredir_guest_cancel(&guest, status);

    ck_assert(bulk_only_host_reset_recovery(&guest));
    ck_assert_int_eq(test_unit_ready(), BULK_ONLY_HOST_FAILED);
    expect_sense(2, 0x04, 0x01);
}
END_TEST

START_TEST(port_reset_while_a_command_waits)
{
    struct usbredir_guest_transfer *status;

    ck_assert(bulk_only_host_enumerate(&guest));
    ck_assert_int_eq(test_unit_ready(), BULK_ONLY_HOST_FAILED); /* 29/00 */
    ck_assert_int_eq(usbredir_guest_bulk_out(&guest, 0x02, start_unit, 31), usb_redir_success);
    status = usbredir_guest_submit(&guest, 0x81, NULL, 13);
    usbredir_guest_reset(&guest);
    ck_assert_int_eq(usbredir_guest_wait(&guest, status), usb_redir_cancelled);
    ck_assert(bulk_only_host_enumerate(&guest));
    ck_assert_int_eq(test_unit_ready(), BULK_ONLY_HOST_FAILED);
    expect_sense(6, 0x29, 0x00);
}
END_TEST

START_TEST(a_delay_ends)
{
    uint8_t bytes[13];
    size_t actual;

    start_drive(30);
    start_usb(USB_SPEED_SUPER);
    ck_assert(bulk_only_host_enumerate(&guest));
    ck_assert_int_eq(test_unit_ready(), BULK_ONLY_HOST_FAILED); /* 29/00 */
    ck_assert_int_eq(usbredir_guest_bulk_out(&guest, 0x02, start_unit, 31), usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x81, bytes, 13, &actual), usb_redir_success);
    ck_assert_uint_eq(actual, 13);
    ck_assert_uint_eq(bytes[12], 0);
    teardown();
}
END_TEST

START_TEST(port_reset_in_a_read)
{
    static const uint8_t cbw[31] = {'U', 'S', 'B',  'C', 1, 2, 3, 4, 0, 0x10, 0, 0, 0x80,
                                    0,   10,  0x28, 0,   0, 0, 0, 5, 0, 0,    2, 0};
    uint8_t bytes[2048];
    size_t actual;

    be_ready();
    ck_assert_int_eq(usbredir_guest_bulk_out(&guest, 0x02, cbw, 31), usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x81, bytes, 2048, &actual), usb_redir_success);
    usbredir_guest_reset(&guest);
    be_ready();
    read_sectors(5, 2, 0);
}
END_TEST

START_TEST(drive_reset_by_somebody_else_in_a_read)
{
    static const uint8_t cbw[31] = {'U', 'S', 'B',  'C', 1, 2, 3, 4, 0, 0x10, 0, 0, 0x80,
                                    0,   10,  0x28, 0,   0, 0, 0, 5, 0, 0,    2, 0};
    uint8_t bytes[2048];
    size_t actual;

    be_ready();
    ck_assert_int_eq(usbredir_guest_bulk_out(&guest, 0x02, cbw, 31), usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x81, bytes, 2048, &actual), usb_redir_success);
    drive_eject(drive, false, 0);
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x81, bytes, 2048, &actual), usb_redir_success);
    ck_assert_uint_eq(actual, 0);
    ck_assert_int_eq(usbredir_guest_bulk_in(&guest, 0x81, bytes, 13, &actual), usb_redir_success);
    ck_assert_mem_eq(bytes, "USBS\1\2\3\4\0\x08\0\0\1", 13);
    expect_sense(2, 0x3A, 0x02);
}
END_TEST

/* Connections -------------------------------------------------------------- */

static int connect_to(int listener)
{
    struct sockaddr_un address;
    socklen_t size = sizeof(address);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, size), 0);
    return fd;
}

/* On an abstract address, which leaves nothing behind. */
static int listen_somewhere(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address.sun_family)), 0);
    ck_assert_int_eq(listen(fd, 4), 0);
    return fd;
}

START_TEST(hosts_come_and_go)
{
    struct usbredir_guest second;
    int listener = listen_somewhere();

    start_drive(0);
    usbredir = usbredir_create(base, listener, drive, USB_SPEED_SUPER, &events);
    ck_assert(usbredir_is_listening(usbredir));
    ck_assert(usbredir_guest_init(&guest, base, connect_to(listener)));
    be_ready();

    /* A second one is turned away, the first does not notice. */
    ck_assert(usbredir_guest_init(&second, base, connect_to(listener)));
    usbredir_guest_wait_end(&second);
    ck_assert_uint_eq(refusals, 1);
    usbredir_guest_release(&second);
    read_sectors(0, 4, 0);

    /* The first leaves without a word, and before that is seen the next one comes. */
    usbredir_guest_release(&guest);
    ck_assert(usbredir_guest_init(&guest, base, connect_to(listener)));
    be_ready();
    read_sectors(0, 4, 0);
    ck_assert_uint_eq(connects, 2);
    ck_assert_uint_eq(disconnects, 1);
    ck_assert_str_eq(reason, "");
    teardown();
    close(listener);
}
END_TEST

START_TEST(drive_survives_its_hosts)
{
    struct drive_view view;
    int listener = listen_somewhere();

    start_drive(0);
    usbredir = usbredir_create(base, listener, drive, USB_SPEED_SUPER, &events);
    ck_assert(usbredir_guest_init(&guest, base, connect_to(listener)));
    be_ready();
    /* PREVENT, which belongs to the host. */
    struct bulk_only_command prevent = command_in("\x1E\0\0\0\1\0", 6, 0);
    ck_assert_int_eq(bulk_only_host_execute(&guest, &prevent), BULK_ONLY_HOST_PASSED);
    drive_view(drive, &view);
    ck_assert(view.prevented);

    usbredir_guest_release(&guest);
    while (disconnects == 0)
        event_base_loop(base, EVLOOP_ONCE);
    ck_assert_str_eq(reason, "the host closed the connection");
    drive_view(drive, &view);
    ck_assert(!view.prevented);
    ck_assert_int_eq(view.medium, DRIVE_MEDIUM_READY);

    ck_assert(usbredir_guest_init(&guest, base, connect_to(listener)));
    be_ready();
    teardown();
    close(listener);
}
END_TEST

START_TEST(server_says_goodbye)
{
    be_ready();
    usbredir_destroy(usbredir);
    usbredir = NULL;
    usbredir_guest_wait_end(&guest);
    ck_assert_uint_eq(guest.disconnects, 1);
    ck_assert(!guest.connected);
}
END_TEST

START_TEST(host_that_does_not_read)
{
    /* Requests without end, and nobody fetches the answers: the server stops reading. */
    static const uint8_t request[26] = {
        [0] = 100, [4] = 10, [8] = 1, [16] = 0x80, [17] = 6, [18] = 0x80, [21] = 2, [24] = 255};
    size_t written = 0;
    uint8_t bytes[18];
    size_t actual;

    be_ready();
    event_del(guest.event);
    for (unsigned idle = 0; idle < 100; idle++) {
        size_t at = written % sizeof(request);
        ssize_t step = write(guest.fd, request + at, sizeof(request) - at);
        if (step > 0) {
            written += (size_t)step;
            idle = 0;
        }
        event_base_loop(base, EVLOOP_NONBLOCK);
        ck_assert_uint_lt(written, 16 * 1024 * 1024);
    }
    ck_assert_uint_gt(written, 300 * sizeof(request));
    /* It goes on when the host reads again. */
    while (written % sizeof(request)) {
        ssize_t step = write(guest.fd, request + written % sizeof(request),
                             sizeof(request) - written % sizeof(request));
        written += step > 0 ? (size_t)step : 0;
        usbredir_guest_poll(&guest);
    }
    ck_assert_int_eq(usbredir_guest_control(&guest, 0x80, 6, 0x0100, 0, bytes, 18, &actual),
                     usb_redir_success);
    ck_assert_uint_eq(actual, 18);
}
END_TEST

/* Hosts that break the protocol -------------------------------------------- */

static void expect_end(const char *why)
{
    usbredir_guest_wait_end(&guest);
    ck_assert_uint_eq(disconnects, 1);
    ck_assert_str_eq(reason, why);
}

START_TEST(packet_that_is_too_long)
{
    /* Type bulk packet, a length of 4 MiB + 1, id. */
    static const uint8_t header[16] = {101, 0, 0, 0, 0x01, 0, 0x40, 0};

    ck_assert(usbredir_guest_wait_device(&guest));
    ck_assert_int_eq(write(guest.fd, header, sizeof(header)), sizeof(header));
    expect_end("the host sent a packet of more than 4194304 bytes");
}
END_TEST

START_TEST(packet_that_does_not_exist)
{
    static const uint8_t header[16] = {99};

    ck_assert(usbredir_guest_wait_device(&guest));
    ck_assert_int_eq(write(guest.fd, header, sizeof(header)), sizeof(header));
    usbredir_guest_wait_end(&guest);
    ck_assert_uint_eq(disconnects, 1);
}
END_TEST

START_TEST(device_filter)
{
    ck_assert(usbredir_guest_wait_device(&guest));
    usbredirparser_send_filter_reject(guest.parser);
    expect_end("the host's device filter rejects the drive");
}
END_TEST

START_TEST(transfers_that_the_device_has_not)
{
    struct usb_redir_start_iso_stream_header iso = {.endpoint = 0x83};
    struct usb_redir_start_interrupt_receiving_header interrupt = {.endpoint = 0x83};

    ck_assert(usbredir_guest_wait_device(&guest));
    guest.next_id = 500;
    usbredirparser_send_start_iso_stream(guest.parser, 501, &iso);
    while (guest.answered_id != 501)
        usbredir_guest_poll(&guest);
    ck_assert_uint_eq(guest.status, usb_redir_inval);
    usbredirparser_send_start_interrupt_receiving(guest.parser, 502, &interrupt);
    while (guest.answered_id != 502)
        usbredir_guest_poll(&guest);
    ck_assert_uint_eq(guest.status, usb_redir_inval);
    ck_assert_uint_eq(disconnects, 0);
}
END_TEST

START_TEST(connection_that_ends_anywhere)
{
    /* The bytes of a host that introduces itself, cut after each of them. */
    static const uint8_t bytes[] = {0,           0,           0,           0,         68,
                                    0,           0,           0,           0,         0,
                                    0,           0,           't',         'e',       's',
                                    't',         [76] = 0xFF, [80] = 100,  [84] = 10, [88] = 1,
                                    [96] = 0x80, [97] = 6,    [98] = 0x80, [101] = 1, [104] = 18};

    for (size_t length = 0; length <= sizeof(bytes); length++) {
        int pair[2];

        connects = disconnects = 0;
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        struct usbredir *other = usbredir_create(base, pair[0], drive, USB_SPEED_SUPER, &events);
        close(pair[0]);
        ck_assert_int_eq(write(pair[1], bytes, length), (ssize_t)length);
        close(pair[1]);
        while (disconnects == 0)
            event_base_loop(base, EVLOOP_ONCE);
        usbredir_destroy(other);
    }
}
END_TEST

static Suite *usbredir_suite(void)
{
    Suite *suite = suite_create("usbredir");
    TCase *device = tcase_create("device"), *slow = tcase_create("waiting"),
          *own = tcase_create("connections");

    tcase_add_checked_fixture(device, setup, teardown);
    tcase_add_test(device, device_is_introduced);
    tcase_add_test(device, offered_capabilities);
    tcase_add_test(device, configuration_and_interface);
    tcase_add_test(device, control_transfers);
    tcase_add_test(device, inquiry);
    tcase_add_test(device, reads);
    tcase_add_test(device, refused_command);
    tcase_add_test(device, data_out);
    tcase_add_test(device, stall_and_reset_recovery);
    tcase_add_test(device, status_too_long_for_the_transfer);
    tcase_add_test(device, transfers_without_configuration_or_endpoint);
    tcase_add_test(device, several_transfers_in_at_once);
    tcase_add_test(device, too_many_and_too_long_transfers_in);
    tcase_add_test(device, port_reset_in_a_read);
    tcase_add_test(device, drive_reset_by_somebody_else_in_a_read);
    tcase_add_test(device, server_says_goodbye);
    tcase_add_test(device, host_that_does_not_read);
    tcase_add_test(device, packet_that_is_too_long);
    tcase_add_test(device, packet_that_does_not_exist);
    tcase_add_test(device, device_filter);
    tcase_add_test(device, transfers_that_the_device_has_not);
    tcase_add_test(device, connection_that_ends_anywhere);
    suite_add_tcase(suite, device);

    tcase_add_checked_fixture(slow, setup_slow, teardown);
    tcase_add_test(slow, responsive_while_a_command_waits);
    tcase_add_test(slow, port_reset_while_a_command_waits);
    suite_add_tcase(suite, slow);

    tcase_add_test(own, high_speed);
    tcase_add_test(own, a_delay_ends);
    tcase_add_test(own, hosts_come_and_go);
    tcase_add_test(own, drive_survives_its_hosts);
    suite_add_tcase(suite, own);
    tcase_set_timeout(device, 60);
    tcase_set_timeout(slow, 60);
    tcase_set_timeout(own, 60);
    return suite;
}

TAP_MAIN(usbredir_suite)
