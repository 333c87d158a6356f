/* SPDX-License-Identifier: MIT */
#include <errno.h>
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

static json_t *seed_number(const char *seed)
{
    return seed ? json_integer(strtoll(seed, NULL, strncmp(seed, "0x", 2) == 0 ? 16 : 10)) : NULL;
}

/* What the server is to put in; NULL after reporting why there is nothing. */
static json_t *make_arguments(const char *file, const struct disc_options *disc,
                              struct diagnostics *diagnostics)
{
    json_t *arguments;
    char *path;

    if (!disc_options_check(disc, diagnostics))
        return NULL;
    path = absolute_path(file);
    if (!path) {
        diagnostics_error(diagnostics, "%s: %s", file, strerror(errno));
        return NULL;
    }
    if (!client_can_send(path, diagnostics)) {
        free(path);
        return NULL;
    }
    arguments = json_pack("{s:s, s:s*, s:o*, s:o*, s:o*}", "file", path, "regions", disc->regions,
                          "css", disc->css ? json_true() : NULL, "strict",
                          disc->strict ? json_true() : NULL, "seed", seed_number(disc->seed));
    if (!arguments)
        diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
    free(path);
    return arguments;
}

/* The disc is in; the drive found fault with it all the same. */
static void print_warnings(const json_t *answer, FILE *stream)
{
    struct diagnostics diagnostics;
    const json_t *warning;
    size_t i;

    (void)stream;
    diagnostics_to_stderr(&diagnostics);
    json_array_foreach(json_object_get(answer, "warnings"), i, warning) if (json_is_string(warning))
        diagnostics_warning(&diagnostics, "%s", json_string_value(warning));
}

static int insert(const struct client_options *client, const char *file,
                  const struct disc_options *disc)
{
    struct diagnostics diagnostics;
    json_t *arguments = NULL;

    diagnostics_to_stderr(&diagnostics);
    if (file && !(arguments = make_arguments(file, disc, &diagnostics)))
        return EXIT_INPUT;
    if (!file && (disc->css || disc->strict || disc->regions || disc->seed)) {
        diagnostics_error(&diagnostics, "options for a disc, and no FILE");
        return EXIT_INPUT;
    }
    return client_execute(client, "insert", arguments, print_warnings);
}

int command_insert(int argc, const char **argv)
{
    struct client_options client = {0};
    struct disc_options disc = {0};
    const struct poptOption table[] = {DISC_OPTIONS(disc) CLIENT_OPTIONS(client) POPT_TABLEEND};
    struct options options;
    int status = EXIT_INPUT;

    if (options_read(&options, argc, argv, table, "[OPTION...] [FILE]", 0, 1))
        status = insert(&client, options.count > 0 ? options.arguments[0] : NULL, &disc);
    options_release(&options);
    disc_options_release(&disc);
    client_options_release(&client);
    return status;
}
