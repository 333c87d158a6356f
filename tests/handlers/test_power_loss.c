/* SPDX-License-Identifier: MIT */
/*
 * A drive that loses its power between the storing of its state and the answer: `vodd serve` in a
 * process of its own, and a host at its socket.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "handlers/vodd/commands.h"
#include "tests/host/bulk_only_host.h"
#include "tests/tap.h"

static char folder[] = "/tmp/vodd-power.XXXXXX";
static struct event_base *base;
static struct usbredir_guest guest;
static pid_t server;

static void write_profile(void)
{
    FILE *file = fopen("loss.drive", "w");

    ck_assert_ptr_nonnull(file);
    fputs("[policies]\nregion-set-medium = any\n"
          "[fault loss]\nkey-format = set-rpc\ndelivery = power-loss\n",
          file);
    fclose(file);
}

static void serve(int fd)
{
    char number[16];
    const char *argv[] = {"serve",     "--fd",      number,      "--state",    "loss.state",
                          "--control", "loss.sock", "--profile", "loss.drive", NULL};

    snprintf(number, sizeof(number), "%d", fd);
    if (!freopen("log", "w", stdout) || !freopen("log", "w", stderr))
        _exit(EXIT_FAILURE);
    _exit(command_serve(9, argv));
}

static void set_up(void)
{
    int pair[2];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    write_profile();
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    server = fork();
    ck_assert_int_ge(server, 0);
    if (server == 0) {
        close(pair[0]);
        serve(pair[1]);
    }
    close(pair[1]);
    base = event_base_new();
    ck_assert(usbredir_guest_init(&guest, base, pair[0]));
}

static void tear_down(void)
{
    static const char *const files[] = {"loss.drive", "loss.state",     "loss.state.lock",
                                        "loss.sock",  "loss.sock.lock", "log"};

    usbredir_guest_release(&guest);
    event_base_free(base);
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        unlink(files[i]);
    ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(the_region_is_stored_and_nothing_is_answered)
{
    uint8_t region[8] = {0, 6, 0, 0, 0xFD};
    struct bulk_only_command ready = {.cdb_length = 6};
    struct bulk_only_command set = {
        .cdb = {0xA3, [9] = 8, [10] = 6},
        .cdb_length = 12,
        .out = true,
        .data = region,
        .length = sizeof(region)
    };
    char line[128];
    bool stored = false;
    int status;

    ck_assert(bulk_only_host_enumerate(&guest));
    bulk_only_host_execute(&guest, &ready); /* takes the attention */
    ck_assert_int_eq(bulk_only_host_execute(&guest, &set), BULK_ONLY_HOST_BROKEN);
    ck_assert(guest.gone);
    while (waitpid(server, &status, 0) < 0)
        ck_assert_int_eq(errno, EINTR);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), EXIT_POWER_LOST);
    FILE *state = fopen("loss.state", "r");
    ck_assert_ptr_nonnull(state);
    while (fgets(line, sizeof(line), state))
        stored |= strcmp(line, "mask = 0xFD\n") == 0;
    fclose(state);
    ck_assert(stored);
    ck_assert_int_eq(access("loss.sock", F_OK), 0);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("power loss");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, the_region_is_stored_and_nothing_is_answered);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(make_suite)
