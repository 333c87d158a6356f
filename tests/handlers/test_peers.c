/* SPDX-License-Identifier: MIT */
/*
 * Hosts and clients of the control socket on one event loop: none starves another.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handlers/control/control.h"
#include "handlers/usbredir/usbredir_internal.h"
#include "tests/support/redirected_drive.h"
#include "tests/tap.h"

struct client {
    int fd;
    char text[64 * 1024]; /* what came and was not looked at */
    size_t length;
};

static struct control *control;
static struct client subscriber;
static struct drive_observer observer;
static unsigned resets;

static void count_resets(struct drive_observer *self, const struct drive_event *event)
{
    (void)self;
    resets += event->kind == DRIVE_EVENT_RESET;
}

static bool is_connected(void *context)
{
    (void)context;
    return true;
}

static const struct control_server server = {.name = "test", .is_connected = is_connected};

static void connect_client(struct client *client)
{
    int pair[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    ck_assert(control_adopt(control, pair[0]));
    fcntl(pair[1], F_SETFL, O_NONBLOCK);
    client->fd = pair[1];
    client->length = 0;
}

static void setup(void)
{
    redirected_drive_set_up();
    ck_assert(usbredir_guest_wait_device(&redirected.guest));
    event_del(redirected.guest.event);
    control = control_create(redirected.base, -1, redirected.drive, &server);
    ck_assert_ptr_nonnull(control);
    connect_client(&subscriber);
    resets = 0;
    observer = (struct drive_observer){.event = count_resets};
    drive_observe(redirected.drive, &observer);
}

static void teardown(void)
{
    drive_unobserve(redirected.drive, &observer);
    close(subscriber.fd);
    control_destroy(control);
    redirected_drive_tear_down();
}

static void turn(void)
{
    event_base_loop(redirected.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

/* As many reset packets as the socket takes: type and length are 32 bits each, the id is of 64. */
static void flood(void)
{
    static uint8_t packets[4096 * 16];
    static size_t at;
    ssize_t step;

    for (size_t i = 0; i < sizeof(packets); i += 16)
        packets[i] = usb_redir_reset;
    do {
        step = send(redirected.guest.fd, packets + at % 16, sizeof(packets) - at % 16,
                    MSG_DONTWAIT | MSG_NOSIGNAL);
        at += step > 0 ? (size_t)step : 0;
    } while (step > 0);
    ck_assert_int_eq(errno, EAGAIN);
}

/* Reads what is there and takes lines off; whether one of them has `part`. */
static bool has_heard(struct client *client, const char *part)
{
    ssize_t step = recv(client->fd, client->text + client->length,
                        sizeof(client->text) - 1 - client->length, MSG_DONTWAIT);
    bool heard;
    char *end;

    ck_assert_msg(step > 0 || (step < 0 && errno == EAGAIN), "the connection has ended");
    client->length += step > 0 ? (size_t)step : 0;
    client->text[client->length] = 0;
    heard = strstr(client->text, part) != NULL;
    end = strrchr(client->text, '\n');
    if (end) {
        client->length -= (size_t)(end + 1 - client->text);
        memmove(client->text, end + 1, client->length);
    }
    return heard;
}

START_TEST(so_many_packets_a_turn)
{
    unsigned turns = 0, before;

    flood();
    while (resets < 20 * USBREDIR_TURN_PACKETS_MAX) {
        before = resets;
        turn();
        ck_assert_uint_le(resets - before, USBREDIR_TURN_PACKETS_MAX);
        ck_assert_uint_lt(++turns, 1000);
    }
    /* Whatever was received is taken in the end, without another byte. */
    while (recv(redirected.guest.fd, (char[4096]){0}, 4096, MSG_DONTWAIT) > 0)
        ;
    do {
        before = resets;
        for (unsigned i = 0; i < 10; i++)
            turn();
    } while (resets > before);
    flood();
    turn();
    ck_assert_uint_gt(resets, before);
}
END_TEST

START_TEST(clients_are_served_while_a_host_floods)
{
    static const char request[] = "{\"execute\":\"status\"}\n";
    static struct client client;

    for (unsigned i = 0; i < 30; i++) {
        unsigned turns = 0;

        connect_client(&client);
        ck_assert_int_eq(send(client.fd, request, strlen(request), 0), (ssize_t)strlen(request));
        do {
            flood();
            turn();
            /* Who keeps reading keeps everything. */
            ck_assert(!has_heard(&subscriber, "\"event\":\"lost\""));
            ck_assert_uint_lt(++turns, 100);
        } while (!has_heard(&client, "\"return\""));
        close(client.fd);
    }
    ck_assert_uint_gt(resets, 30);
}
END_TEST

START_TEST(a_host_is_served_while_clients_flood)
{
    static const char request[] = "{\"execute\":\"status\"}\n";
    unsigned before;

    /* One that does not read and one that does. */
    static struct client stalled;
    connect_client(&stalled);
    for (unsigned i = 0; i < 30; i++) {
        while (send(stalled.fd, request, strlen(request), MSG_DONTWAIT) > 0)
            ;
        while (send(subscriber.fd, request, strlen(request), MSG_DONTWAIT) > 0)
            ;
        flood();
        before = resets;
        turn();
        turn();
        ck_assert_uint_gt(resets, before);
        has_heard(&subscriber, "");
    }
    close(stalled.fd);
}
END_TEST

static Suite *peers_suite(void)
{
    Suite *suite = suite_create("peers");
    TCase *tests = tcase_create("peers");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, so_many_packets_a_turn);
    tcase_add_test(tests, clients_are_served_while_a_host_floods);
    tcase_add_test(tests, a_host_is_served_while_clients_flood);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(peers_suite)
