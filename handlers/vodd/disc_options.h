/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_DISC_OPTIONS_H
#define HANDLERS_VODD_DISC_OPTIONS_H

/*
 * The options that turn a plain image into a CSS disc, or change what a fixture says: the same for
 * `vodd serve`, `insert`, `replay` and `disc`.
 */

#include <popt.h>
#include <stdbool.h>

#include "handlers/system/run_files.h"
#include "media/disc.h"

/* As popt reads them; all zero: nothing was asked for. */
struct disc_options {
    int css, strict;
    char *regions;
    char *seed;
};

/* Rows of a popt table that fill the structure `options`. */
#define DISC_OPTIONS(options)                                                                      \
    {"css", 0, POPT_ARG_NONE, &(options).css, 0, "Protect the disc with CSS", NULL},               \
        {"strict", 0, POPT_ARG_NONE, &(options).strict, 0, "Refuse a disc that gets a warning",    \
         NULL},                                                                                    \
        {"regions",                                                                                \
         0,                                                                                        \
         POPT_ARG_STRING,                                                                          \
         &(options).regions,                                                                       \
         0,                                                                                        \
         "Regions that a CSS disc may "                                                            \
         "play in: 1,2 or all or none",                                                            \
         "LIST"},                                                                                  \
        {"seed",          0, POPT_ARG_STRING,                                                      \
         &(options).seed, 0, "What the keys are drawn from that nobody states (default 1)",        \
         "NUMBER"},

/* Whether the words have an accepted form; faults are reported. */
bool disc_options_check(const struct disc_options *options, struct diagnostics *diagnostics);

/*
 * Loads an image or a fixture (fixture_load) and lets the options have the last word.  Returns
 * false after reporting every fault; `description` is then released.
 */
bool disc_options_load(const struct disc_options *options, const char *file,
                       struct disc_description *description, struct diagnostics *diagnostics);

/*
 * The same and makes the disc; a strict one gets none with a warning.  What it is made of is noted
 * in `files` as RUN_FILE_NEXT_DISC, NULL: nowhere.  NULL after reporting why.
 */
struct disc *disc_options_make(const struct disc_options *options, const char *file,
                               struct run_files *files, struct diagnostics *diagnostics);

void disc_options_release(struct disc_options *options);

#endif
