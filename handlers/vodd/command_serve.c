/* SPDX-License-Identifier: MIT */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "handlers/vodd/commands.h"
#include "handlers/vodd/installed_qemu.h"
#include "handlers/vodd/serve_options.h"
#include "handlers/vodd/serve_report.h"
#include "handlers/vodd/server.h"

/* The C library keeps up to this much freed memory, so that the buffers of one read are there for
 * the next; the transport gives it back when the reads have ended. */
#define KEPT_MEMORY (8 * 1024 * 1024)

static void report_qemu(void *server, const char *program, const struct qemu_version *version)
{
    serve_report_qemu(server, program, version, stdout);
    fflush(stdout);
}

/* The drive serves while QEMU is asked which options it takes. */
static void serve(struct server *server)
{
    const struct serve_options *options = server->options;
    const char *path = getenv("PATH");
    struct installed_qemu *qemu = NULL;

    serve_report(server, stdout);
    fflush(stdout);
    if (options->socket && !qemu_version_is_known(&options->qemu))
        qemu = installed_qemu_ask(server->base, path ? path : "", INSTALLED_QEMU_MILLISECONDS,
                                  report_qemu, server);
    if (!qemu)
        report_qemu(server, NULL, &options->qemu);
    server_run(server);
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
    diagnostics_to_stderr(&diagnostics);
    if (serve_options_read(&options, argc, argv)) {
        status = server_open(&server, &options, &diagnostics);
        if (status == 0)
            serve(&server);
        server_close(&server);
    }
    serve_options_release(&options);
    return status;
}
