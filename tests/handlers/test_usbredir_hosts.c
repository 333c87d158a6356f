/* SPDX-License-Identifier: MIT */
/*
 * The usbredir transport and its hosts: those that come and go, break the protocol, do not read.
 */
#include "handlers/usbredir/usbredir.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/host/bulk_only_host.h"
#include "tests/support/redirected_drive.h"
#include "tests/tap.h"

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

    redirected_drive_start(0);
    redirected.usbredir = usbredir_create(redirected.base, listener, redirected.drive,
                                          USB_SPEED_SUPER, &redirected_drive_events);
    ck_assert(usbredir_is_listening(redirected.usbredir));
    ck_assert(usbredir_guest_init(&redirected.guest, redirected.base, connect_to(listener)));
    redirected_drive_be_ready();

    /* A second one is turned away, the first does not notice. */
    ck_assert(usbredir_guest_init(&second, redirected.base, connect_to(listener)));
    usbredir_guest_wait_end(&second);
    ck_assert_uint_eq(redirected.refusals, 1);
    usbredir_guest_release(&second);
    redirected_drive_read(0, 4, 0);

    /* The first leaves without a word, and before that is seen the next one comes. */
    usbredir_guest_release(&redirected.guest);
    ck_assert(usbredir_guest_init(&redirected.guest, redirected.base, connect_to(listener)));
    redirected_drive_be_ready();
    redirected_drive_read(0, 4, 0);
    ck_assert_uint_eq(redirected.connects, 2);
    ck_assert_uint_eq(redirected.disconnects, 1);
    ck_assert_str_eq(redirected.reason, "");
    redirected_drive_tear_down();
    close(listener);
}
END_TEST

/* A connection that somebody left open, for instance. */
START_TEST(who_does_not_say_hello_gives_way)
{
    int listener = listen_somewhere(), silent;
    char byte;

    redirected_drive_start(0);
    redirected.usbredir = usbredir_create(redirected.base, listener, redirected.drive,
                                          USB_SPEED_SUPER, &redirected_drive_events);
    silent = connect_to(listener);
    while (redirected.connects == 0)
        event_base_loop(redirected.base, EVLOOP_ONCE);
    ck_assert(usbredir_guest_init(&redirected.guest, redirected.base, connect_to(listener)));
    redirected_drive_be_ready();
    ck_assert_uint_eq(redirected.connects, 2);
    ck_assert_uint_eq(redirected.disconnects, 1);
    ck_assert_uint_eq(redirected.refusals, 0);
    while (read(silent, &byte, 1) > 0)
        ;
    close(silent);
    redirected_drive_tear_down();
    close(listener);
}
END_TEST

START_TEST(drive_survives_its_hosts)
{
    struct drive_view view;
    int listener = listen_somewhere();

    redirected_drive_start(0);
    redirected.usbredir = usbredir_create(redirected.base, listener, redirected.drive,
                                          USB_SPEED_SUPER, &redirected_drive_events);
    ck_assert(usbredir_guest_init(&redirected.guest, redirected.base, connect_to(listener)));
    redirected_drive_be_ready();
    /* PREVENT, which belongs to the host. */
    struct bulk_only_command prevent = redirected_drive_command_in("\x1E\0\0\0\1\0", 6, 0);
    ck_assert_int_eq(bulk_only_host_execute(&redirected.guest, &prevent), BULK_ONLY_HOST_PASSED);
    drive_view(redirected.drive, &view);
    ck_assert(view.prevented);

    usbredir_guest_release(&redirected.guest);
    while (redirected.disconnects == 0)
        event_base_loop(redirected.base, EVLOOP_ONCE);
    ck_assert_str_eq(redirected.reason, "the host closed the connection");
    drive_view(redirected.drive, &view);
    ck_assert(!view.prevented);
    ck_assert_int_eq(view.medium, DRIVE_MEDIUM_READY);

    ck_assert(usbredir_guest_init(&redirected.guest, redirected.base, connect_to(listener)));
    redirected_drive_be_ready();
    redirected_drive_tear_down();
    close(listener);
}
END_TEST

START_TEST(server_says_goodbye)
{
    redirected_drive_be_ready();
    usbredir_destroy(redirected.usbredir);
    redirected.usbredir = NULL;
    usbredir_guest_wait_end(&redirected.guest);
    ck_assert_uint_eq(redirected.guest.disconnects, 1);
    ck_assert(!redirected.guest.connected);
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

    redirected_drive_be_ready();
    event_del(redirected.guest.event);
    for (unsigned idle = 0; idle < 100; idle++) {
        size_t at = written % sizeof(request);
        ssize_t step = write(redirected.guest.fd, request + at, sizeof(request) - at);
        if (step > 0) {
            written += (size_t)step;
            idle = 0;
        }
        event_base_loop(redirected.base, EVLOOP_NONBLOCK);
        ck_assert_uint_lt(written, 16 * 1024 * 1024);
    }
    ck_assert_uint_gt(written, 300 * sizeof(request));
    /* It goes on when the host reads again. */
    while (written % sizeof(request)) {
        ssize_t step = write(redirected.guest.fd, request + written % sizeof(request),
                             sizeof(request) - written % sizeof(request));
        written += step > 0 ? (size_t)step : 0;
        usbredir_guest_poll(&redirected.guest);
    }
    ck_assert_int_eq(
        usbredir_guest_control(&redirected.guest, 0x80, 6, 0x0100, 0, bytes, 18, &actual),
        usb_redir_success);
    ck_assert_uint_eq(actual, 18);
}
END_TEST

/* Hosts that break the protocol -------------------------------------------- */

static void expect_end(const char *why)
{
    usbredir_guest_wait_end(&redirected.guest);
    ck_assert_uint_eq(redirected.disconnects, 1);
    ck_assert_str_eq(redirected.reason, why);
}

START_TEST(packet_that_is_too_long)
{
    /* Type bulk packet, a length of 4 MiB + 1, id. */
    static const uint8_t header[16] = {101, 0, 0, 0, 0x01, 0, 0x40, 0};

    ck_assert(usbredir_guest_wait_device(&redirected.guest));
    ck_assert_int_eq(write(redirected.guest.fd, header, sizeof(header)), sizeof(header));
    expect_end("the host sent a packet of more than 4194304 bytes");
}
END_TEST

START_TEST(packet_that_does_not_exist)
{
    static const uint8_t header[16] = {99};

    ck_assert(usbredir_guest_wait_device(&redirected.guest));
    ck_assert_int_eq(write(redirected.guest.fd, header, sizeof(header)), sizeof(header));
    usbredir_guest_wait_end(&redirected.guest);
    ck_assert_uint_eq(redirected.disconnects, 1);
}
END_TEST

START_TEST(device_filter)
{
    ck_assert(usbredir_guest_wait_device(&redirected.guest));
    usbredirparser_send_filter_reject(redirected.guest.parser);
    expect_end("the host's device filter rejects the drive");
}
END_TEST

START_TEST(transfers_that_the_device_has_not)
{
    struct usb_redir_start_iso_stream_header iso = {.endpoint = 0x83};
    struct usb_redir_start_interrupt_receiving_header interrupt = {.endpoint = 0x83};

    ck_assert(usbredir_guest_wait_device(&redirected.guest));
    redirected.guest.next_id = 500;
    usbredirparser_send_start_iso_stream(redirected.guest.parser, 501, &iso);
    while (redirected.guest.answered_id != 501)
        usbredir_guest_poll(&redirected.guest);
    ck_assert_uint_eq(redirected.guest.status, usb_redir_inval);
    usbredirparser_send_start_interrupt_receiving(redirected.guest.parser, 502, &interrupt);
    while (redirected.guest.answered_id != 502)
        usbredir_guest_poll(&redirected.guest);
    ck_assert_uint_eq(redirected.guest.status, usb_redir_inval);
    ck_assert_uint_eq(redirected.disconnects, 0);
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

        redirected.connects = redirected.disconnects = 0;
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        struct usbredir *other = usbredir_create(redirected.base, pair[0], redirected.drive,
                                                 USB_SPEED_SUPER, &redirected_drive_events);
        close(pair[0]);
        ck_assert_int_eq(write(pair[1], bytes, length), (ssize_t)length);
        close(pair[1]);
        while (redirected.disconnects == 0)
            event_base_loop(redirected.base, EVLOOP_ONCE);
        usbredir_destroy(other);
    }
}
END_TEST

static Suite *usbredir_hosts_suite(void)
{
    Suite *suite = suite_create("usbredir_hosts");
    TCase *one = tcase_create("one host"), *many = tcase_create("hosts");

    tcase_add_checked_fixture(one, redirected_drive_set_up, redirected_drive_tear_down);
    tcase_add_test(one, server_says_goodbye);
    tcase_add_test(one, host_that_does_not_read);
    tcase_add_test(one, packet_that_is_too_long);
    tcase_add_test(one, packet_that_does_not_exist);
    tcase_add_test(one, device_filter);
    tcase_add_test(one, transfers_that_the_device_has_not);
    tcase_add_test(one, connection_that_ends_anywhere);
    suite_add_tcase(suite, one);

    tcase_add_test(many, hosts_come_and_go);
    tcase_add_test(many, who_does_not_say_hello_gives_way);
    tcase_add_test(many, drive_survives_its_hosts);
    suite_add_tcase(suite, many);
    return suite;
}

TAP_MAIN(usbredir_hosts_suite)
