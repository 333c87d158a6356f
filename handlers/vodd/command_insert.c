/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handlers/vodd/client.h"
#include "handlers/vodd/commands.h"
#include "handlers/vodd/disc_options.h"
#include "handlers/vodd/options.h"

/* The server has a working folder of its own. */
static char *absolute_path(const char *path)
{
    char *folder, *absolute = NULL;

    if (path[0] == '/')
        return strdup(path);
    folder = getcwd(NULL, 0);
    if (folder && asprintf(&absolute, "%s/%s", folder, path) < 0)
        absolute = NULL;
    free(folder);
    return absolute;
}

/* What the server is to put in; NULL closes the tray. */
static json_t *make_arguments(const char *file, const struct disc_options *disc)
{
    char *path = file ? absolute_path(file) : NULL;
    json_t *arguments;

    if (!path)
        return NULL;
    arguments = json_pack("{s:s, s:s*, s:o*, s:o*}", "file", path, "regions", disc->regions, "css",
                          disc->css ? json_true() : NULL, "seed",
                          disc->seed ? json_integer(strtoll(disc->seed, NULL, 0)) : NULL);
    free(path);
    return arguments;
}

int command_insert(int argc, const char **argv)
{
    struct client_options client = {0};
    struct disc_options disc = {0};
    const struct poptOption table[] = {DISC_OPTIONS(disc) CLIENT_OPTIONS(client) POPT_TABLEEND};
    struct diagnostics diagnostics;
    struct options options;
    int status = EXIT_INPUT;

    diagnostics_to_stderr(&diagnostics);
    if (options_read(&options, argc, argv, table, "[OPTION...] [FILE]", 0, 1)) {
        const char *file = options.count > 0 ? options.arguments[0] : NULL;
        if (!file && (disc.css || disc.regions || disc.seed))
            fputs("vodd insert: options for a disc, and no FILE\n", stderr);
        else if (disc_options_check(&disc, &diagnostics))
            status = client_execute(&client, "insert", make_arguments(file, &disc), NULL);
    }
    options_release(&options);
    disc_options_release(&disc);
    client_options_release(&client);
    return status;
}
