/* SPDX-License-Identifier: MIT */
#include "media/diagnostics.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "media/shown_text.h"

/* Longer than any line of input with its file name; what is cut is the end of the accepted form. */
#define TEXT_MAX 4096

static void report(struct diagnostics *diagnostics, const char *prefix, const char *format,
                   va_list arguments)
{
    if (!diagnostics || !diagnostics->report)
        return;
    char text[TEXT_MAX];
    int used = snprintf(text, sizeof text, "%s", prefix);
    vsnprintf(text + used, sizeof text - (size_t)used, format, arguments);
    diagnostics->report(diagnostics->context, text);
}

void diagnostics_error(struct diagnostics *diagnostics, const char *format, ...)
{
    if (diagnostics)
        diagnostics->errors++;
    va_list arguments;
    va_start(arguments, format);
    report(diagnostics, "", format, arguments);
    va_end(arguments);
}

void diagnostics_warning(struct diagnostics *diagnostics, const char *format, ...)
{
    bool strict = diagnostics && diagnostics->strict;
    if (strict)
        diagnostics->errors++;
    va_list arguments;
    va_start(arguments, format);
    report(diagnostics, strict ? "" : DIAGNOSTICS_WARNING, format, arguments);
    va_end(arguments);
}

static void write_to_stderr(void *context, const char *text)
{
    (void)context;
    shown_text_print(stderr, "%s: %s\n", program_invocation_short_name, text);
}

void diagnostics_to_stderr(struct diagnostics *diagnostics)
{
    *diagnostics = (struct diagnostics){.report = write_to_stderr};
}
