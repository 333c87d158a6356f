/* SPDX-License-Identifier: MIT */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "handlers/vodd/commands.h"
#include "handlers/vodd/serve_options.h"
#include "handlers/vodd/serve_report.h"
#include "handlers/vodd/server.h"

/* Larger blocks go back to the system when they are freed, so that an idle drive is small whatever
 * it did before.  (Left alone the C library would raise this with the blocks that it sees.) */
#define LARGE_BLOCK (256 * 1024)

int command_serve(int argc, const char **argv)
{
    struct serve_options options;
    struct diagnostics diagnostics;
    struct server server;
    int status = EXIT_INPUT;

    mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
    diagnostics_to_stderr(&diagnostics);
    if (serve_options_read(&options, argc, argv)) {
        status = server_open(&server, &options, &diagnostics);
        if (status == 0) {
            serve_report(&server, stdout);
            fflush(stdout);
            server_run(&server);
        }
        server_close(&server);
    }
    serve_options_release(&options);
    return status;
}
