/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_CLIENT_H
#define HANDLERS_VODD_CLIENT_H

/*
 * What the subcommands that talk to a running drive have in common.
 */

#include <jansson.h>
#include <popt.h>
#include <stdbool.h>
#include <stdio.h>

#include "handlers/control/control_client.h"

/* A disc may lie on a slow file system. */
#define CLIENT_TIMEOUT_SECONDS     60
#define CLIENT_TIMEOUT_SECONDS_MAX 86400

struct client_options {
    char *name;    /* --name; NULL: the default */
    char *control; /* --control; NULL: by the name */
    char *timeout; /* --timeout; NULL: CLIENT_TIMEOUT_SECONDS */
    int json;      /* --json: print the answer as it came */
};

/* Rows for an option table that reads them into `options`, a struct client_options. */
#define CLIENT_OPTIONS(options)                                                                    \
    {"name", 0, POPT_ARG_STRING, &(options).name, 0, "The drive's name (vodd)", "NAME"},           \
        {"control", 0, POPT_ARG_STRING, &(options).control, 0, "The drive's control socket",       \
         "PATH"},                                                                                  \
        {"timeout",          0, POPT_ARG_STRING,                                                   \
         &(options).timeout, 0, "How long to wait for an answer (60)",                             \
         "SECONDS"},                                                                               \
        {"json", 0, POPT_ARG_NONE, &(options).json, 0, "Print the server's answer as JSON", NULL}, \
        POPT_AUTOHELP

void client_options_release(struct client_options *options);

/*
 * Has the drive execute `command` with `arguments` (taken over; NULL: none) and prints the answer:
 * with --json as it came, otherwise through `print` (NULL: nothing).  Returns the exit status.
 */
int client_execute(const struct client_options *options, const char *command, json_t *arguments,
                   void (*print)(const json_t *answer, FILE *stream));

/*
 * What must arrive as it is, such as a path: refuses what is not UTF-8, which JSON cannot carry,
 * and reports that.
 */
bool client_can_send(const char *text, struct diagnostics *diagnostics);

/*
 * Connects to the drive that the options name.  NULL after reporting why not, with *status set to
 * the exit status.
 */
struct control_client_connection *client_connect(const struct client_options *options,
                                                 struct diagnostics *diagnostics, int *status);

/* A whole subcommand that has no options but these and no arguments. */
int client_run(int argc, const char **argv, const char *command,
               void (*print)(const json_t *answer, FILE *stream));

#endif
