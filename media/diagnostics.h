/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_DIAGNOSTICS_H
#define MEDIA_DIAGNOSTICS_H

/*
 * Where a function that can find fault with its input says so, in sentences for people: one call
 * for each fault, where it is found, with the bad value and the accepted form.  Whoever owns the
 * sink decides where the text goes.
 */

#include <stdbool.h>

/* What the text of a warning begins with. */
#define DIAGNOSTICS_WARNING "warning: "

struct diagnostics {
    /* `text` is one line without a newline and lives until the call returns. */
    void (*report)(void *context, const char *text);
    void *context;
    /* How many times diagnostics_error() has been called; a caller resets it. */
    unsigned errors;
    bool strict; /* warnings are errors */
};

/* Counts an error and reports it.  `diagnostics` may be NULL: then nobody wants to know. */
__attribute__((format(printf, 2, 3))) void diagnostics_error(struct diagnostics *diagnostics,
                                                             const char *format, ...);

/* Reports something that does not make the input wrong, unless the sink is strict. */
__attribute__((format(printf, 2, 3))) void diagnostics_warning(struct diagnostics *diagnostics,
                                                               const char *format, ...);

/* A sink that writes to standard error with the program's name in front, for command-line tools,
 * shown as media/shown_text.h has it. */
void diagnostics_to_stderr(struct diagnostics *diagnostics);

#endif
