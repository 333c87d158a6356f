/* SPDX-License-Identifier: MIT */
#include "handlers/system/server_log.h"

#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "media/shown_text.h"

/* A pipe that takes anything takes PIPE_BUF bytes at once; the rest is for the program's name. */
#define TEXT_MAX (PIPE_BUF - 64)

static atomic_uint left_out;

static bool takes_a_line(void)
{
    struct pollfd error = {.fd = STDERR_FILENO, .events = POLLOUT};

    return poll(&error, 1, 0) == 1 && error.revents == POLLOUT;
}

static void write_line(void *context, const char *text)
{
    struct diagnostics standard;
    char line[TEXT_MAX];
    unsigned count;

    (void)context;
    diagnostics_to_stderr(&standard);
    count = takes_a_line() ? atomic_exchange(&left_out, 0) : 0;
    if (count > 0) {
        snprintf(line, sizeof(line), "%u lines are left out here", count);
        standard.report(standard.context, line);
    }
    if (!takes_a_line()) {
        atomic_fetch_add(&left_out, 1);
        return;
    }
    /* The longest form of it must find room, too. */
    standard.report(standard.context, shown_text(text, line, sizeof(line)));
}

void server_log_diagnostics(struct diagnostics *diagnostics)
{
    *diagnostics = (struct diagnostics){.report = write_line};
}

void server_log(const char *format, ...)
{
    char text[TEXT_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    write_line(NULL, text);
}
