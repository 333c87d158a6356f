/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_insert.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "handlers/vodd/disc_options.h"

struct insert_arguments {
    const char *file, *regions;
    json_t *seed;
    int css;
};

static bool read_arguments(json_t *arguments, struct insert_arguments *insert,
                           struct control_error *error)
{
    json_error_t fault;

    *insert = (struct insert_arguments){0};
    if (json_unpack_ex(arguments, &fault, 0, "{s:s, s?b, s?s, s?o}", "file", &insert->file, "css",
                       &insert->css, "regions", &insert->regions, "seed", &insert->seed) < 0)
        control_refuse(error, "InvalidArgument", "%s", fault.text);
    else if (insert->seed && !json_is_integer(insert->seed))
        control_refuse(error, "InvalidArgument", "seed: an integer is expected");
    else
        return true;
    return false;
}

/* The arguments as the command line has them, so that both mean the same. */
static bool make_options(const struct insert_arguments *insert, struct disc_options *options)
{
    *options = (struct disc_options){.css = insert->css};
    if (insert->regions && !(options->regions = strdup(insert->regions)))
        return false;
    return !insert->seed ||
           asprintf(&options->seed, "%" JSON_INTEGER_FORMAT, json_integer_value(insert->seed)) >= 0;
}

struct disc *control_make_disc(json_t *arguments, struct control_error *error)
{
    struct diagnostics diagnostics = {.report = control_gather, .context = error};
    struct disc_description description;
    struct insert_arguments insert;
    struct disc_options options;
    struct disc *disc = NULL;

    if (!read_arguments(arguments, &insert, error))
        return NULL;
    error->class = "GenericError";
    if (!make_options(&insert, &options)) {
        diagnostics_error(&diagnostics, "memory is short");
        options.seed = NULL;
    } else if (disc_options_load(&options, insert.file, &description, &diagnostics)) {
        disc = disc_create(&description, &diagnostics);
        disc_description_release(&description);
    }
    disc_options_release(&options);
    return disc;
}
