/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_OPTIONS_H
#define HANDLERS_VODD_OPTIONS_H

/*
 * The command line of a subcommand, read with popt.
 */

#include <popt.h>
#include <stdbool.h>

struct options {
    poptContext context;
    const char *
        *arguments; /* what is not an option, NULL-terminated; lives as long as the context */
    int count;
    /* popt reads the words where they are. */
    char name[32];
    const char **words;
};

/*
 * Reads the options of `table` into the variables that it names.  `usage` is what stands after the
 * options, such as "[FILE]"; `minimum` to `maximum` arguments are accepted.  Returns false after
 * reporting what is wrong.  --help ends the program.
 */
bool options_read(struct options *options, int argc, const char **argv,
                  const struct poptOption *table, const char *usage, int minimum, int maximum);
void options_release(struct options *options);

#endif
