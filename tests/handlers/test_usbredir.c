/* SPDX-License-Identifier: MIT */
/*
 * The usbredir transport as a device: a host on the other end of a socket, the drive behind it, all
 * in one process on one event loop.
 */
#include "handlers/usbredir/usbredir.h"

#include <string.h>
#include <sys/socket.h>

#include "emulator/fault.h"
#include "handlers/usbredir/usbredir_connection.h"
#include "tests/host/bulk_only_host.h"
#include "tests/support/redirected_drive.h"
#include "tests/tap.h"

/* The device --------------------------------------------------------------- */

START_TEST(device_is_introduced)
{
    ck_assert(usbredir_guest_wait_device(&redirected.guest));
    ck_assert_uint_eq(redirected.connects, 1);
    ck_assert(usbredir_is_connected(redirected.usbredir));
    ck_assert_uint_eq(redirected.guest.device.speed, usb_redir_speed_super);
    ck_assert_uint_eq(redirected.guest.device.device_class, 0);
    ck_assert_uint_eq(redirected.guest.device.vendor_id, 0x1209);
    ck_assert_uint_eq(redirected.guest.device.product_id, 0x0001);
    ck_assert_uint_eq(redirected.guest.device.device_version_bcd, 0x0100);
    ck_assert_uint_eq(redirected.guest.interface.interface_count, 1);
    ck_assert_uint_eq(redirected.guest.interface.interface_class[0], 8);
    ck_assert_uint_eq(redirected.guest.interface.interface_subclass[0], 6);
    ck_assert_uint_eq(redirected.guest.interface.interface_protocol[0], 0x50);
    for (unsigned i = 0; i < 32; i++) {
        bool bulk = i == 2 || i == 17;
        ck_assert_uint_eq(redirected.guest.endpoints.type[i], i % 16 == 0 ? usb_redir_type_control
                                                              : bulk      ? usb_redir_type_bulk
                                                                          : usb_redir_type_invalid);
        ck_assert_uint_eq(redirected.guest.endpoints.max_packet_size[i], bulk ? 1024 : 0);
    }
}
END_TEST

START_TEST(high_speed)
{
    redirected_drive_start(0);
    redirected_drive_attach(USB_SPEED_HIGH);
    ck_assert(usbredir_guest_wait_device(&redirected.guest));
    ck_assert_uint_eq(redirected.guest.device.speed, usb_redir_speed_high);
    ck_assert_uint_eq(redirected.guest.endpoints.max_packet_size[17], 512);
    redirected_drive_be_ready();
    redirected_drive_read(0, 60, 16384);
    redirected_drive_tear_down();
}
END_TEST

/* Somebody else on the event loop, who always has something to do. */
struct other {
    struct event *event;
    unsigned turns;
};

static void take_turn(evutil_socket_t fd, short what, void *context)
{
    static const struct timeval at_once;
    struct other *other = context;

    (void)fd, (void)what;
    other->turns++;
    event_add(other->event, &at_once);
}

/* How often the other one had its turn during the command. */
static unsigned turns_during(const char *cdb, uint8_t cdb_length)
{
    struct bulk_only_command command = redirected_drive_command_in(cdb, cdb_length, 0);
    struct other other = {0};

    other.event = evtimer_new(redirected.base, take_turn, &other);
    ck_assert_ptr_nonnull(other.event);
    take_turn(-1, 0, &other);
    ck_assert_int_eq(bulk_only_host_execute(&redirected.guest, &command), BULK_ONLY_HOST_PASSED);
    event_free(other.event);
    return other.turns;
}

START_TEST(a_long_verify_lets_others_have_their_turn)
{
    const unsigned pieces = REDIRECTED_DRIVE_SECTORS / DRIVE_WORK_SECTORS;

    redirected_drive_be_ready();
    unsigned verify = turns_during("\x2F\0\0\0\0\0\0\4\0\0", 10);
    ck_assert_uint_ge(verify, pieces - 1);
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

    ck_assert(usbredir_guest_wait_device(&redirected.guest));
    for (size_t i = 0; i < sizeof(offered) / sizeof(*offered); i++)
        ck_assert(usbredirparser_peer_has_cap(redirected.guest.parser, offered[i]));
    ck_assert(!usbredirparser_peer_has_cap(redirected.guest.parser, usb_redir_cap_bulk_streams));
    ck_assert(!usbredirparser_peer_has_cap(redirected.guest.parser, usb_redir_cap_bulk_receiving));
}
END_TEST

START_TEST(configuration_and_interface)
{
    uint8_t value;

    ck_assert(usbredir_guest_wait_device(&redirected.guest));
    ck_assert_int_eq(usbredir_guest_get_configuration(&redirected.guest, &value),
                     usb_redir_success);
    ck_assert_uint_eq(value, 0);
    ck_assert_int_eq(usbredir_guest_set_alternate(&redirected.guest, 0, 0), usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_get_alternate(&redirected.guest, 0, &value), usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_set_configuration(&redirected.guest, 2), usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_set_configuration(&redirected.guest, 1), usb_redir_success);
    ck_assert_int_eq(usbredir_guest_get_configuration(&redirected.guest, &value),
                     usb_redir_success);
    ck_assert_uint_eq(value, 1);
    ck_assert_int_eq(usbredir_guest_set_alternate(&redirected.guest, 0, 0), usb_redir_success);
    ck_assert_int_eq(usbredir_guest_set_alternate(&redirected.guest, 0, 1), usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_get_alternate(&redirected.guest, 0, &value), usb_redir_success);
    ck_assert_uint_eq(value, 0);
    /* The port reset takes it back. */
    usbredir_guest_reset(&redirected.guest);
    ck_assert_int_eq(usbredir_guest_get_configuration(&redirected.guest, &value),
                     usb_redir_success);
    ck_assert_uint_eq(value, 0);
}
END_TEST

START_TEST(control_transfers)
{
    uint8_t bytes[255];
    size_t actual;

    ck_assert(usbredir_guest_wait_device(&redirected.guest));
    ck_assert_int_eq(
        usbredir_guest_control(&redirected.guest, 0x80, 6, 0x0100, 0, bytes, 255, &actual),
        usb_redir_success);
    ck_assert_uint_eq(actual, 18);
    ck_assert_int_eq(
        usbredir_guest_control(&redirected.guest, 0x80, 6, 0x0600, 0, bytes, 10, &actual),
        usb_redir_stall);
    ck_assert_uint_eq(actual, 0);
    /* With data from the host. */
    ck_assert_int_eq(usbredir_guest_control(&redirected.guest, 0x00, 0x30, 0, 0, bytes, 6, &actual),
                     usb_redir_success);
    ck_assert_int_eq(usbredir_guest_control(&redirected.guest, 0x40, 1, 0, 0, bytes, 6, &actual),
                     usb_redir_stall);
}
END_TEST

/* Fault rules -------------------------------------------------------------- */

static void add_rule(const char *command, const char *effect)
{
    static struct fault_rule rule;
    const char *words[] = {command, effect};

    ck_assert(fault_rule_parse("r", words, 2, &rule, NULL));
    ck_assert_int_eq(drive_fault_add(redirected.drive, &rule), FAULT_ADDED);
    fault_rule_release(&rule);
}

/* A command block wrapper for TEST UNIT READY, and the request for its status. */
static struct usbredir_guest_transfer *ask(void)
{
    static const uint8_t cbw[31] = {'U', 'S', 'B', 'C', 1, [14] = 6};

    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, USB_ENDPOINT_OUT, cbw, sizeof(cbw)),
                     usb_redir_success);
    return usbredir_guest_submit(&redirected.guest, USB_ENDPOINT_IN, NULL, 13);
}

START_TEST(a_held_command_is_answered_when_its_rule_is_gone)
{
    struct usbredir_guest_transfer *transfer;

    redirected_drive_be_ready();
    add_rule("command=TEST UNIT READY", "delivery=hang");
    transfer = ask();
    for (unsigned i = 0; i < 100; i++)
        usbredir_guest_poll(&redirected.guest);
    ck_assert(!transfer->answered);
    drive_fault_clear(redirected.drive);
    ck_assert_int_eq(usbredir_guest_wait(&redirected.guest, transfer), usb_redir_success);
    ck_assert_uint_eq(transfer->length, 13);
    ck_assert_uint_eq(transfer->data[12], 0);
    usbredir_guest_forget(transfer);
}
END_TEST

START_TEST(a_lost_response_never_comes_but_the_reset_recovery_helps)
{
    struct usbredir_guest_transfer *transfer;

    redirected_drive_be_ready();
    add_rule("command=TEST UNIT READY", "delivery=lost");
    transfer = ask();
    drive_fault_clear(redirected.drive);
    for (unsigned i = 0; i < 100; i++)
        usbredir_guest_poll(&redirected.guest);
    ck_assert(!transfer->answered);
    usbredir_guest_cancel(&redirected.guest, transfer);
    ck_assert_int_eq(usbredir_guest_wait(&redirected.guest, transfer), usb_redir_cancelled);
    usbredir_guest_forget(transfer);
    ck_assert(bulk_only_host_reset_recovery(&redirected.guest));
    ck_assert_int_eq(redirected_drive_test_unit_ready(), BULK_ONLY_HOST_PASSED);
}
END_TEST

START_TEST(an_unplugged_drive_leaves_and_can_come_back)
{
    redirected_drive_be_ready();
    add_rule("command=TEST UNIT READY", "delivery=unplug");
    ask();
    usbredir_guest_wait_end(&redirected.guest);
    ck_assert_uint_eq(redirected.guest.disconnects, 1);
    ck_assert_uint_eq(redirected.disconnects, 1);
    ck_assert_str_eq(redirected.reason, "a fault rule unplugged the drive");
    ck_assert(!usbredir_is_connected(redirected.usbredir));
}
END_TEST

/* Data --------------------------------------------------------------------- */

START_TEST(inquiry)
{
    struct bulk_only_command command = redirected_drive_command_in("\x12\0\0\0\xFF\0", 6, 255);

    ck_assert(bulk_only_host_enumerate(&redirected.guest));
    ck_assert_int_eq(bulk_only_host_execute(&redirected.guest, &command), BULK_ONLY_HOST_PASSED);
    ck_assert_uint_eq(command.actual, 36);
    ck_assert_uint_eq(command.residue, 219);
    ck_assert_uint_eq(redirected.buffer[0], 5);
    ck_assert_uint_eq(redirected.buffer[1], 0x80);
    ck_assert_mem_eq(redirected.buffer + 8, "VODD    DVD-ROM         1.00", 28);
}
END_TEST

START_TEST(reads)
{
    redirected_drive_be_ready();
    redirected_drive_read(0, 1, 0);
    redirected_drive_read(16, 32, 0);
    redirected_drive_read(0, 512, 0);
    redirected_drive_read(512, 512, 0);
    redirected_drive_read(3, 60, 16384);
    redirected_drive_read(100, 60, 20480);
    redirected_drive_read(7, 9, 512);
}
END_TEST

START_TEST(refused_command)
{
    struct bulk_only_command command = redirected_drive_command_in(
        "\x28\0\0\0\x04\0\0\0\x01\0", 10, DVD_SECTOR_SIZE); /* just beyond the end */

    redirected_drive_be_ready();
    ck_assert_int_eq(bulk_only_host_execute(&redirected.guest, &command), BULK_ONLY_HOST_FAILED);
    ck_assert_uint_eq(command.actual, 0);
    ck_assert_uint_eq(command.residue, DVD_SECTOR_SIZE);
    redirected_drive_expect_sense(5, 0x21, 0x00);
    redirected_drive_read(0, 1, 0);
}
END_TEST

START_TEST(data_out)
{
    /* Invalidate AGID 0 with a list of 8 bytes is refused; MODE SELECT(10) of nothing but its
     * header is not. */
    struct bulk_only_command command =
        redirected_drive_command_in("\x55\x10\0\0\0\0\0\0\x08\0", 10, 8);

    redirected_drive_be_ready();
    memset(redirected.buffer, 0, 8);
    command.out = true;
    ck_assert_int_eq(bulk_only_host_execute(&redirected.guest, &command), BULK_ONLY_HOST_PASSED);
    ck_assert_uint_eq(command.residue, 0);

    command = redirected_drive_command_in("\x2A\0\0\0\0\0\0\0\x20\0", 10, 65536); /* WRITE(10) */
    command.out = true;
    ck_assert_int_eq(bulk_only_host_execute(&redirected.guest, &command), BULK_ONLY_HOST_FAILED);
    ck_assert_uint_eq(command.residue, 65536);
    redirected_drive_expect_sense(5, 0x20, 0x00);
}
END_TEST

START_TEST(data_out_in_transfers_of_no_bytes)
{
    /* MODE SELECT(10) of nothing but its header. */
    static const uint8_t cbw[31] = {'U', 'S', 'B', 'C',  1,    2, 3, 4, 8, 0, 0, 0,
                                    0,   0,   10,  0x55, 0x10, 0, 0, 0, 0, 0, 0, 8};
    static const uint8_t list[8] = {0};
    uint8_t bytes[13];
    size_t actual;

    redirected_drive_be_ready();
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, 0x02, cbw, 31), usb_redir_success);
    for (unsigned i = 0; i < 8; i++) {
        ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, 0x02, NULL, 0),
                         usb_redir_success);
        ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, 0x02, list + i, 1),
                         usb_redir_success);
    }
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x81, bytes, 13, &actual),
                     usb_redir_success);
    ck_assert_uint_eq(actual, 13);
    ck_assert_mem_eq(bytes, "USBS\1\2\3\4\0\0\0\0\0", 13);
    /* And in the place of a command. */
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, 0x02, NULL, 0), usb_redir_stall);
    ck_assert(bulk_only_host_reset_recovery(&redirected.guest));
    redirected_drive_read(0, 1, 0);
}
END_TEST

START_TEST(stall_and_reset_recovery)
{
    static const uint8_t nonsense[31] = "USBX";
    uint8_t bytes[13];
    size_t actual;

    redirected_drive_be_ready();
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, 0x02, nonsense, 31),
                     usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x81, bytes, 13, &actual),
                     usb_redir_stall);
    ck_assert_int_eq(usbredir_guest_control(&redirected.guest, 0x82, 0, 0, 0x81, bytes, 2, &actual),
                     usb_redir_success);
    ck_assert_uint_eq(bytes[0], 1);
    ck_assert_int_eq(usbredir_guest_control(&redirected.guest, 0x02, 1, 0, 0x81, NULL, 0, NULL),
                     usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x81, bytes, 13, &actual),
                     usb_redir_stall);
    ck_assert(bulk_only_host_reset_recovery(&redirected.guest));
    ck_assert_int_eq(redirected_drive_test_unit_ready(), BULK_ONLY_HOST_PASSED);
}
END_TEST

START_TEST(status_too_long_for_the_transfer)
{
    static const uint8_t cbw[31] = {'U', 'S', 'B', 'C', [14] = 6};
    uint8_t bytes[13];
    size_t actual;

    redirected_drive_be_ready();
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, USB_ENDPOINT_OUT, cbw, 31),
                     usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x81, bytes, 12, &actual),
                     usb_redir_babble);
    ck_assert_uint_eq(actual, 0);
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x81, bytes, 13, &actual),
                     usb_redir_success);
    ck_assert_uint_eq(actual, 13);
}
END_TEST

START_TEST(transfers_without_configuration_or_endpoint)
{
    static const uint8_t cbw[31] = {'U', 'S', 'B', 'C', [14] = 6};
    uint8_t bytes[13];
    size_t actual;

    ck_assert(usbredir_guest_wait_device(&redirected.guest));
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, USB_ENDPOINT_OUT, cbw, 31),
                     usb_redir_inval);
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x81, bytes, 13, &actual),
                     usb_redir_inval);
    ck_assert_int_eq(usbredir_guest_set_configuration(&redirected.guest, 1), usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, 0x01, cbw, 31), usb_redir_inval);
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x82, bytes, 13, &actual),
                     usb_redir_inval);
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, USB_ENDPOINT_OUT, cbw, 31),
                     usb_redir_success);
}
END_TEST

START_TEST(several_transfers_in_at_once)
{
    static const uint8_t cbw[31] = {'U', 'S', 'B',  'C', 1, 2, 3, 4, 0, 0x10, 0, 0, 0x80,
                                    0,   10,  0x28, 0,   0, 0, 0, 5, 0, 0,    2, 0};
    struct usbredir_guest_transfer *data[2], *status;

    redirected_drive_be_ready();
    data[0] = usbredir_guest_submit(&redirected.guest, 0x81, NULL, 2048);
    data[1] = usbredir_guest_submit(&redirected.guest, 0x81, NULL, 2048);
    status = usbredir_guest_submit(&redirected.guest, USB_ENDPOINT_IN, NULL, 13);
    usbredir_guest_poll(&redirected.guest);
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, USB_ENDPOINT_OUT, cbw, 31),
                     usb_redir_success);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_int_eq(usbredir_guest_wait(&redirected.guest, data[i]), usb_redir_success);
        ck_assert_uint_eq(data[i]->length, 2048);
        ck_assert_mem_eq(data[i]->data, redirected.image + (5 + i) * DVD_SECTOR_SIZE, 2048);
    }
    ck_assert_int_eq(usbredir_guest_wait(&redirected.guest, status), usb_redir_success);
    ck_assert_uint_eq(status->length, 13);
    ck_assert_mem_eq(status->data, "USBS\1\2\3\4\0\0\0\0\0", 13);
}
END_TEST

START_TEST(too_many_and_too_long_transfers_in)
{
    struct usbredir_guest_transfer *transfer[USBREDIR_REQUESTS_MAX + 1];
    uint8_t byte;
    size_t actual;

    redirected_drive_be_ready();
    ck_assert_int_eq(
        usbredir_guest_bulk_in(&redirected.guest, 0x81, &byte, USBREDIR_BULK_IN_MAX + 1, &actual),
        usb_redir_inval);
    for (unsigned i = 0; i <= USBREDIR_REQUESTS_MAX; i++)
        transfer[i] = usbredir_guest_submit(&redirected.guest, 0x81, NULL, USBREDIR_BULK_IN_MAX);
    ck_assert_int_eq(usbredir_guest_wait(&redirected.guest, transfer[USBREDIR_REQUESTS_MAX]),
                     usb_redir_ioerror);
    for (unsigned i = 0; i < USBREDIR_REQUESTS_MAX; i++)
        ck_assert(!transfer[i]->answered);
    /* A port reset ends them all. */
    usbredir_guest_reset(&redirected.guest);
    for (unsigned i = 0; i < USBREDIR_REQUESTS_MAX; i++)
        ck_assert_int_eq(usbredir_guest_wait(&redirected.guest, transfer[i]), usb_redir_cancelled);
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

    ck_assert(bulk_only_host_enumerate(&redirected.guest));
    ck_assert_int_eq(redirected_drive_test_unit_ready(), BULK_ONLY_HOST_FAILED); /* 29/00 */
    redirected_drive_expect_sense(6, 0x29, 0x00);
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, 0x02, start_unit, 31),
                     usb_redir_success);
    status = usbredir_guest_submit(&redirected.guest, USB_ENDPOINT_IN, NULL, 13);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(
            usbredir_guest_control(&redirected.guest, 0x80, 6, 0x0100, 0, bytes, 18, &actual),
            usb_redir_success);
    ck_assert(!status->answered);
    usbredir_guest_cancel(&redirected.guest, status);
    ck_assert_int_eq(usbredir_guest_wait(&redirected.guest, status), usb_redir_cancelled);
    ck_assert_uint_eq(status->length, 0);
    /* Cancelling what is answered already says nothing more. */
    usbredir_guest_cancel(&redirected.guest, status);

    ck_assert(bulk_only_host_reset_recovery(&redirected.guest));
    ck_assert_int_eq(redirected_drive_test_unit_ready(), BULK_ONLY_HOST_FAILED);
    redirected_drive_expect_sense(2, 0x04, 0x01);
}
END_TEST

START_TEST(port_reset_while_a_command_waits)
{
    struct usbredir_guest_transfer *status;

    ck_assert(bulk_only_host_enumerate(&redirected.guest));
    ck_assert_int_eq(redirected_drive_test_unit_ready(), BULK_ONLY_HOST_FAILED); /* 29/00 */
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, 0x02, start_unit, 31),
                     usb_redir_success);
    status = usbredir_guest_submit(&redirected.guest, USB_ENDPOINT_IN, NULL, 13);
    usbredir_guest_reset(&redirected.guest);
    ck_assert_int_eq(usbredir_guest_wait(&redirected.guest, status), usb_redir_cancelled);
    ck_assert(bulk_only_host_enumerate(&redirected.guest));
    ck_assert_int_eq(redirected_drive_test_unit_ready(), BULK_ONLY_HOST_FAILED);
    redirected_drive_expect_sense(6, 0x29, 0x00);
}
END_TEST

START_TEST(a_delay_ends)
{
    uint8_t bytes[13];
    size_t actual;

    redirected_drive_start(2000);
    redirected_drive_attach(USB_SPEED_SUPER);
    ck_assert(bulk_only_host_enumerate(&redirected.guest));
    ck_assert_int_eq(redirected_drive_test_unit_ready(), BULK_ONLY_HOST_FAILED); /* 29/00 */
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, 0x02, start_unit, 31),
                     usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x81, bytes, 13, &actual),
                     usb_redir_success);
    ck_assert_uint_eq(actual, 13);
    ck_assert_uint_eq(bytes[12], 0);
    redirected_drive_tear_down();
}
END_TEST

START_TEST(port_reset_in_a_read)
{
    static const uint8_t cbw[31] = {'U', 'S', 'B',  'C', 1, 2, 3, 4, 0, 0x10, 0, 0, 0x80,
                                    0,   10,  0x28, 0,   0, 0, 0, 5, 0, 0,    2, 0};
    uint8_t bytes[2048];
    size_t actual;

    redirected_drive_be_ready();
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, USB_ENDPOINT_OUT, cbw, 31),
                     usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x81, bytes, 2048, &actual),
                     usb_redir_success);
    usbredir_guest_reset(&redirected.guest);
    redirected_drive_be_ready();
    redirected_drive_read(5, 2, 0);
}
END_TEST

START_TEST(drive_reset_by_somebody_else_in_a_read)
{
    static const uint8_t cbw[31] = {'U', 'S', 'B',  'C', 1, 2, 3, 4, 0, 0x10, 0, 0, 0x80,
                                    0,   10,  0x28, 0,   0, 0, 0, 5, 0, 0,    2, 0};
    uint8_t bytes[2048];
    size_t actual;

    redirected_drive_be_ready();
    ck_assert_int_eq(usbredir_guest_bulk_out(&redirected.guest, USB_ENDPOINT_OUT, cbw, 31),
                     usb_redir_success);
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x81, bytes, 2048, &actual),
                     usb_redir_success);
    drive_eject(redirected.drive, false, 0);
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x81, bytes, 2048, &actual),
                     usb_redir_success);
    ck_assert_uint_eq(actual, 0);
    ck_assert_int_eq(usbredir_guest_bulk_in(&redirected.guest, 0x81, bytes, 13, &actual),
                     usb_redir_success);
    ck_assert_mem_eq(bytes, "USBS\1\2\3\4\0\x08\0\0\1", 13);
    redirected_drive_expect_sense(2, 0x3A, 0x02);
}
END_TEST

static Suite *usbredir_suite(void)
{
    Suite *suite = suite_create("usbredir");
    TCase *device = tcase_create("device"), *slow = tcase_create("waiting"),
          *own = tcase_create("own");

    tcase_add_checked_fixture(device, redirected_drive_set_up, redirected_drive_tear_down);
    tcase_add_test(device, device_is_introduced);
    tcase_add_test(device, a_long_verify_lets_others_have_their_turn);
    tcase_add_test(device, offered_capabilities);
    tcase_add_test(device, configuration_and_interface);
    tcase_add_test(device, control_transfers);
    tcase_add_test(device, a_held_command_is_answered_when_its_rule_is_gone);
    tcase_add_test(device, a_lost_response_never_comes_but_the_reset_recovery_helps);
    tcase_add_test(device, an_unplugged_drive_leaves_and_can_come_back);
    tcase_add_test(device, inquiry);
    tcase_add_test(device, reads);
    tcase_add_test(device, refused_command);
    tcase_add_test(device, data_out);
    tcase_add_test(device, data_out_in_transfers_of_no_bytes);
    tcase_add_test(device, stall_and_reset_recovery);
    tcase_add_test(device, status_too_long_for_the_transfer);
    tcase_add_test(device, transfers_without_configuration_or_endpoint);
    tcase_add_test(device, several_transfers_in_at_once);
    tcase_add_test(device, too_many_and_too_long_transfers_in);
    tcase_add_test(device, port_reset_in_a_read);
    tcase_add_test(device, drive_reset_by_somebody_else_in_a_read);
    suite_add_tcase(suite, device);

    tcase_add_checked_fixture(slow, redirected_drive_set_up_slow, redirected_drive_tear_down);
    tcase_add_test(slow, responsive_while_a_command_waits);
    tcase_add_test(slow, port_reset_while_a_command_waits);
    suite_add_tcase(suite, slow);

    tcase_add_test(own, high_speed);
    tcase_add_test(own, a_delay_ends);
    suite_add_tcase(suite, own);
    return suite;
}

TAP_MAIN(usbredir_suite)
