/* SPDX-License-Identifier: MIT */
/*
 * Listening without descriptors or with a system that fails: nobody spins, somebody is told, and it
 * goes on afterwards.
 */
#include "handlers/system/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handlers/system/unix_socket.h"
#include "tests/tap.h"

#define PEERS_MAX 16

static char folder[64], path[80];
static struct event_base *base;
static struct unix_socket bound;
static struct listener *listener;
static int accepted[PEERS_MAX], peers[PEERS_MAX];
static unsigned accepted_count, peer_count, told, rooms_asked, rooms_left;
static int told_error;

/* The linker's names for a wrapped function and for the one behind it (--wrap). */
int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
int __real_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
static unsigned attempts;
static int accept_error; /* what every attempt fails with; 0: nothing */

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    attempts++;
    if (accept_error) {
        errno = accept_error;
        return -1;
    }
    return __real_accept4(fd, address, length, flags);
}

static void take(void *context, int fd)
{
    (void)context;
    ck_assert_uint_lt(accepted_count, PEERS_MAX);
    accepted[accepted_count++] = fd;
}

static bool make_room(void *context)
{
    (void)context;
    rooms_asked++;
    if (rooms_left == 0)
        return false;
    rooms_left--;
    close(accepted[--accepted_count]);
    return true;
}

static void exhausted(void *context, int error)
{
    (void)context;
    told++;
    told_error = error;
}

static const struct listener_events events = {
    .accepted = take, .make_room = make_room, .exhausted = exhausted};

static void setup(void)
{
    strcpy(folder, "/tmp/vodd-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/socket", folder);
    base = event_base_new();
    ck_assert(unix_socket_listen(&bound, path, NULL));
    listener = listener_create(base, bound.fd, &events);
    ck_assert_ptr_nonnull(listener);
    accepted_count = peer_count = told = rooms_asked = rooms_left = attempts = 0;
    accept_error = 0;
}

static void teardown(void)
{
    listener_destroy(listener);
    unix_socket_close(&bound);
    for (unsigned i = 0; i < accepted_count; i++)
        close(accepted[i]);
    for (unsigned i = 0; i < peer_count; i++)
        close(peers[i]);
    event_base_free(base);
    ck_assert_int_eq(rmdir(folder), 0);
}

static int connect_peer(void)
{
    int fd = unix_socket_connect(path, 0, NULL);

    ck_assert_int_ge(fd, 0);
    ck_assert_uint_lt(peer_count, PEERS_MAX);
    peers[peer_count++] = fd;
    return fd;
}

static void loop(unsigned turns)
{
    for (unsigned i = 0; i < turns; i++)
        event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

/* Lets the process have no more descriptors than it has. */
static void take_descriptors_away(void)
{
    int next = dup(0);
    struct rlimit limit;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = (rlim_t)next;
    close(next);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void give_descriptors_back(void)
{
    struct rlimit limit;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

START_TEST(one_connection_a_turn)
{
    for (unsigned i = 0; i < 5; i++)
        connect_peer();
    for (unsigned i = 1; i <= 5; i++) {
        loop(1);
        ck_assert_uint_eq(accepted_count, i);
    }
    loop(3);
    ck_assert_uint_eq(attempts, 5);
    for (unsigned i = 0; i < 5; i++) {
        ck_assert_int_ne(fcntl(accepted[i], F_GETFL) & O_NONBLOCK, 0);
        ck_assert_int_ne(fcntl(accepted[i], F_GETFD) & FD_CLOEXEC, 0);
    }
    ck_assert_uint_eq(told, 0);
}
END_TEST

START_TEST(somebody_makes_room)
{
    connect_peer();
    loop(1);
    ck_assert_uint_eq(accepted_count, 1);
    rooms_left = 2;
    for (unsigned i = 0; i < 2; i++) {
        connect_peer();
        take_descriptors_away();
        loop(1);
        give_descriptors_back();
        ck_assert_uint_eq(accepted_count, 1);
        ck_assert_uint_eq(rooms_asked, i + 1);
    }
    /* The last one is served, the first is gone. */
    char byte = 'x';
    ck_assert_int_eq(send(accepted[0], &byte, 1, MSG_NOSIGNAL), 1);
    ck_assert_int_eq(recv(peers[2], &byte, 1, 0), 1);
    ck_assert_int_eq(recv(peers[0], &byte, 1, 0), 0);
    ck_assert_uint_eq(told, 1);
    ck_assert_int_eq(told_error, EMFILE);
}
END_TEST

START_TEST(without_room_they_are_turned_away)
{
    char byte;

    for (unsigned i = 0; i < 4; i++)
        connect_peer();
    take_descriptors_away();
    loop(10);
    give_descriptors_back();
    for (unsigned i = 0; i < 4; i++)
        ck_assert_int_eq(recv(peers[i], &byte, 1, MSG_DONTWAIT), 0);
    ck_assert_uint_eq(accepted_count, 0);
    ck_assert_uint_eq(told, 1);
    ck_assert_uint_eq(attempts, 8);
    /* With descriptors it goes on, and the next time is told again. */
    connect_peer();
    loop(1);
    ck_assert_uint_eq(accepted_count, 1);
    connect_peer();
    take_descriptors_away();
    loop(2);
    give_descriptors_back();
    ck_assert_uint_eq(told, 2);
}
END_TEST

/* What lasts does not keep the loop busy, and ends. */
START_TEST(it_is_left_alone_for_a_while)
{
    static const int errors[] = {EMFILE, ENFILE, ENOMEM, ENOBUFS, EINVAL};

    accept_error = errors[_i];
    connect_peer();
    loop(1000);
    /* Two each time that it was left alone, of which there may be some on a slow machine. */
    ck_assert_uint_ge(attempts, 1);
    ck_assert_uint_lt(attempts, 100);
    ck_assert_uint_eq(told, 1);
    ck_assert_int_eq(told_error, errors[_i]);
    accept_error = 0;
    while (accepted_count == 0)
        event_base_loop(base, EVLOOP_ONCE);
    ck_assert_uint_eq(accepted_count, 1);
}
END_TEST

START_TEST(a_connection_that_is_gone_is_nothing)
{
    static const int errors[] = {EAGAIN, EINTR, ECONNABORTED};

    accept_error = errors[_i];
    connect_peer();
    loop(1);
    accept_error = 0;
    loop(1);
    ck_assert_uint_eq(accepted_count, 1);
    ck_assert_uint_eq(told, 0);
}
END_TEST

static Suite *listener_suite(void)
{
    Suite *suite = suite_create("listener");
    TCase *tests = tcase_create("listener");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, one_connection_a_turn);
    tcase_add_test(tests, somebody_makes_room);
    tcase_add_test(tests, without_room_they_are_turned_away);
    tcase_add_loop_test(tests, it_is_left_alone_for_a_while, 0, 5);
    tcase_add_loop_test(tests, a_connection_that_is_gone_is_nothing, 0, 3);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(listener_suite)
