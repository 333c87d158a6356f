/* SPDX-License-Identifier: MIT */
/*
 * Sockets with a name: modes, names left behind, servers that start for one name at the same time.
 */
#include "handlers/system/unix_socket.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

static char folder[64], path[80], lock_path[96];
static struct diagnostics diagnostics;
static char messages[4096];

static void gather(void *context, const char *text)
{
    (void)context;
    snprintf(messages + strlen(messages), sizeof(messages) - strlen(messages), "%s\n", text);
}

static void setup(void)
{
    strcpy(folder, "/tmp/vodd-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/socket", folder);
    snprintf(lock_path, sizeof(lock_path), "%s/socket.lock", folder);
    diagnostics = (struct diagnostics){.report = gather};
    messages[0] = 0;
}

static void teardown(void)
{
    unlink(path);
    unlink(lock_path);
    /* Nothing else is left in it. */
    ck_assert_int_eq(rmdir(folder), 0);
}

static void expect_message(const char *part)
{
    ck_assert_msg(strstr(messages, part) != NULL, "\"%s\" is not in \"%s\"", part, messages);
    ck_assert_uint_gt(diagnostics.errors, 0);
}

/* A socket at `path` that was bound; whether it listens. */
static int bind_plainly(bool listens)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    if (listens)
        ck_assert_int_eq(listen(fd, 0), 0);
    return fd;
}

/* The linker's names for a wrapped function and for the one behind it (--wrap). */
mode_t __wrap_umask(mode_t mask);
mode_t __real_umask(mode_t mask);
static unsigned changes_of_the_mask;

mode_t __wrap_umask(mode_t mask)
{
    changes_of_the_mask++;
    return __real_umask(mask);
}

/* Other threads may make files meanwhile, so the mask of the process is not changed for a moment.
 */
START_TEST(for_this_user_alone_whatever_the_mask)
{
    static const mode_t masks[] = {0, 022, 077};

    for (size_t i = 0; i < sizeof(masks) / sizeof(*masks); i++) {
        struct unix_socket listener;
        struct stat status;

        umask(masks[i]);
        changes_of_the_mask = 0;
        ck_assert(unix_socket_listen(&listener, path, &diagnostics));
        ck_assert_uint_eq(changes_of_the_mask, 0);
        ck_assert_int_eq(stat(path, &status), 0);
        ck_assert_uint_eq(status.st_mode & 0777, 0600);
        ck_assert_int_eq(stat(lock_path, &status), 0);
        ck_assert_uint_eq(status.st_mode & 0777, 0600);
        unix_socket_close(&listener);
        ck_assert_int_ne(access(path, F_OK), 0);
        ck_assert_int_ne(access(lock_path, F_OK), 0);
        ck_assert_uint_eq(umask(022), masks[i]);
        ck_assert_uint_eq(changes_of_the_mask, 1);
    }
}
END_TEST

START_TEST(a_second_server_is_refused)
{
    struct unix_socket first, second;
    int fd;

    ck_assert(unix_socket_listen(&first, path, &diagnostics));
    ck_assert(!unix_socket_listen(&second, path, &diagnostics));
    expect_message("socket: another server listens on this socket");
    unix_socket_close(&second);
    fd = unix_socket_connect(path, 0, &diagnostics);
    ck_assert_int_ge(fd, 0);
    close(fd);
    unix_socket_close(&first);
}
END_TEST

/* One that is between bind and listen, where connecting tells the same as for one that is dead. */
START_TEST(a_server_that_does_not_listen_yet_is_not_robbed)
{
    struct unix_socket second;
    struct lock_file lock;
    struct stat before, after;
    int fd;

    ck_assert(lock_file_take(&lock, path, "", &diagnostics));
    fd = bind_plainly(false);
    ck_assert_int_eq(stat(path, &before), 0);
    ck_assert(!unix_socket_listen(&second, path, &diagnostics));
    expect_message("socket: another server listens on this socket");
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
    close(fd);
    lock_file_release(&lock);
}
END_TEST

START_TEST(what_was_left_behind_is_taken_over)
{
    struct unix_socket listener;

    close(bind_plainly(true));
    close(open(lock_path, O_CREAT | O_RDWR, 0600));
    ck_assert(unix_socket_listen(&listener, path, &diagnostics));
    ck_assert_uint_eq(diagnostics.errors, 0);
    unix_socket_close(&listener);
}
END_TEST

/* A server without a lock, whose queue is full as well: that is seen without waiting. */
START_TEST(a_server_without_lock_is_refused_too)
{
    struct unix_socket listener;
    int fd = bind_plainly(true), waiting[2];

    for (unsigned i = 0; i < 2; i++) {
        ck_assert(!unix_socket_listen(&listener, path, &diagnostics));
        expect_message("socket: another server listens on this socket");
        messages[0] = 0;
        waiting[i] = unix_socket_connect(path, 1, NULL);
    }
    ck_assert_int_eq(unix_socket_connect(path, 1, &diagnostics), -1);
    expect_message("socket: the server does not answer");
    for (unsigned i = 0; i < 2; i++)
        if (waiting[i] >= 0)
            close(waiting[i]);
    close(fd);
}
END_TEST

START_TEST(only_the_own_name_is_removed)
{
    struct unix_socket listener;
    int fd;

    ck_assert(unix_socket_listen(&listener, path, &diagnostics));
    ck_assert_int_eq(unlink(path), 0);
    fd = bind_plainly(true);
    unix_socket_close(&listener);
    ck_assert_int_eq(access(path, F_OK), 0);
    close(fd);
}
END_TEST

START_TEST(what_is_no_socket_stays)
{
    struct unix_socket listener;

    close(open(path, O_CREAT | O_RDWR, 0600));
    ck_assert(!unix_socket_listen(&listener, path, &diagnostics));
    expect_message("socket: exists and is not a socket");
    ck_assert_int_eq(access(path, F_OK), 0);
    ck_assert_int_ne(access(lock_path, F_OK), 0);
}
END_TEST

/* Many at once for a name that was left behind: exactly one serves, and it can be reached. */
#define RACERS 8
#define ROUNDS 40

static void race(int start, int result, int end)
{
    struct unix_socket listener;
    char byte;
    bool listens;

    ck_assert_int_eq(read(start, &byte, 1), 0);
    listens = unix_socket_listen(&listener, path, NULL);
    byte = listens ? 'y' : 'n';
    (void)!write(result, &byte, 1);
    (void)!read(end, &byte, 1);
    if (listens)
        unix_socket_close(&listener);
    _exit(0);
}

START_TEST(of_many_servers_one_wins)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        int start[2], result[2], end[2], fd;
        unsigned winners = 0;
        char byte;

        close(bind_plainly(true));
        ck_assert(pipe(start) == 0 && pipe(result) == 0 && pipe(end) == 0);
        for (unsigned i = 0; i < RACERS; i++)
            if (fork() == 0) {
                close(start[1]);
                close(end[1]);
                race(start[0], result[1], end[0]);
            }
        close(start[1]);
        for (unsigned i = 0; i < RACERS; i++) {
            ck_assert_int_eq(read(result[0], &byte, 1), 1);
            winners += byte == 'y';
        }
        ck_assert_uint_eq(winners, 1);
        fd = unix_socket_connect(path, 1, NULL);
        ck_assert_int_ge(fd, 0);
        close(fd);
        close(end[1]);
        while (wait(NULL) > 0)
            ;
        ck_assert_int_ne(access(path, F_OK), 0);
        close(start[0]);
        close(result[0]);
        close(result[1]);
        close(end[0]);
    }
}
END_TEST

/* Owners that come and go and remove the file each time: never two at once. */
static void hold_often(void)
{
    char held[96];

    snprintf(held, sizeof(held), "%s/held", folder);
    for (unsigned i = 0; i < 2000; i++) {
        struct lock_file lock;
        int fd;

        if (!lock_file_take(&lock, path, "", NULL))
            continue;
        fd = open(held, O_CREAT | O_EXCL | O_RDWR, 0600);
        if (fd < 0)
            _exit(1);
        close(fd);
        unlink(held);
        lock_file_release(&lock);
    }
    _exit(0);
}

START_TEST(a_lock_has_one_owner_at_a_time)
{
    int status;

    for (unsigned i = 0; i < RACERS; i++)
        if (fork() == 0)
            hold_often();
    while (wait(&status) > 0)
        ck_assert_int_eq(status, 0);
}
END_TEST

static Suite *unix_socket_suite(void)
{
    Suite *suite = suite_create("unix_socket");
    TCase *tests = tcase_create("sockets");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, for_this_user_alone_whatever_the_mask);
    tcase_add_test(tests, a_second_server_is_refused);
    tcase_add_test(tests, a_server_that_does_not_listen_yet_is_not_robbed);
    tcase_add_test(tests, what_was_left_behind_is_taken_over);
    tcase_add_test(tests, a_server_without_lock_is_refused_too);
    tcase_add_test(tests, only_the_own_name_is_removed);
    tcase_add_test(tests, what_is_no_socket_stays);
    tcase_add_test(tests, of_many_servers_one_wins);
    tcase_add_test(tests, a_lock_has_one_owner_at_a_time);
    tcase_set_timeout(tests, 120);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(unix_socket_suite)
