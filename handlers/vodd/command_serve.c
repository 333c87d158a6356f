/* SPDX-License-Identifier: MIT */
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "handlers/system/server_log.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/installed_qemu.h"
#include "handlers/vodd/serve_options.h"
#include "handlers/vodd/serve_report.h"
#include "handlers/vodd/server.h"

/* The C library keeps up to this much freed memory, so that the buffers of one read are there for
 * the next; the transport gives it back when the reads have ended. */
#define KEPT_MEMORY (8 * 1024 * 1024)
/* How long the server sleeps while nobody reads what it says. */
#define POLL_MILLISECONDS 50

static bool is_read(int milliseconds)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&output, 1, milliseconds) > 0;
}

/* Nobody may be reading standard output: the drive is served meanwhile, and ends when it is told
 * to.  False when it has ended. */
static bool report(struct server *server)
{
    while (!is_read(POLL_MILLISECONDS))
        if (!server_turn(server, false))
            return false;
    serve_report(server, stdout);
    fflush(stdout);
    return true;
}

/* Within a turn of the server, where nobody waits. */
static void report_qemu(void *server, const char *program, const struct qemu_version *version)
{
    if (!is_read(0)) {
        server_log("nobody reads the options for QEMU; they are left out");
        return;
    }
    serve_report_qemu(server, program, version, stdout);
    fflush(stdout);
}

/* The drive serves while QEMU is asked which options it takes. */
static void serve(struct server *server)
{
    const struct serve_options *options = server->options;
    const char *path = getenv("PATH");
    struct installed_qemu *qemu = NULL;

    if (!report(server))
        return;
    if (options->socket && !qemu_version_is_known(&options->qemu))
        qemu = installed_qemu_ask(server->base, path ? path : "", INSTALLED_QEMU_MILLISECONDS,
                                  report_qemu, server);
    if (!qemu)
        report_qemu(server, NULL, &options->qemu);
    while (server_turn(server, true))
        ;
    installed_qemu_destroy(qemu);
}

int command_serve(int argc, const char **argv)
{
    struct serve_options options;
    struct diagnostics diagnostics;
    struct server server;
    int status = EXIT_INPUT;

    /* Nobody may be left to read what it says. */
    signal(SIGPIPE, SIG_IGN);
    mallopt(M_MMAP_THRESHOLD, KEPT_MEMORY);
    mallopt(M_TRIM_THRESHOLD, KEPT_MEMORY);
    server_log_diagnostics(&diagnostics);
    if (serve_options_read(&options, argc, argv)) {
        status = server_open(&server, &options, &diagnostics);
        if (status == 0)
            serve(&server);
        if (!server_close(&server) && status == 0)
            status = EXIT_FAILURE;
    }
    serve_options_release(&options);
    return status;
}
