/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_insert.h"

#include <stdio.h>
#include <string.h>

#include "media/fixture.h"
#include "media/region_list.h"

/* Faults are gathered into the text of the error, one a line. */
static void gather(void *context, const char *text)
{
    struct control_error *error = context;
    size_t length = strlen(error->text);

    snprintf(error->text + length, sizeof(error->text) - length, "%s%s", length ? "\n" : "", text);
}

struct insert_arguments {
    const char *file;
    int has_css, css;
    const char *regions;
    int has_seed;
    json_int_t seed;
};

static bool read_arguments(json_t *arguments, struct insert_arguments *insert,
                           struct control_error *error)
{
    json_error_t fault;

    *insert = (struct insert_arguments){.css = -1, .seed = -1};
    if (json_unpack_ex(arguments, &fault, 0, "{s:s, s?b, s?s, s?I}", "file", &insert->file, "css",
                       &insert->css, "regions", &insert->regions, "seed", &insert->seed) == 0)
        return true;
    control_refuse(error, "InvalidArgument", "%s", fault.text);
    return false;
}

/* What the arguments say over what the fixture says. */
static bool apply(const struct insert_arguments *insert, struct disc_description *description,
                  struct diagnostics *diagnostics)
{
    char fault[128];

    if (insert->css >= 0)
        description->protection = insert->css ? DISC_PROTECTION_CSS : DISC_PROTECTION_NONE;
    if (insert->seed >= 0)
        description->seed = (uint64_t)insert->seed;
    if (!insert->regions)
        return true;
    if (region_list_parse(insert->regions, &description->regions_forbidden, fault, sizeof(fault)))
        return true;
    diagnostics_error(diagnostics, "regions: %s; accepted: %s", fault, REGION_LIST_FORM);
    return false;
}

struct disc *control_make_disc(json_t *arguments, struct control_error *error)
{
    struct diagnostics diagnostics = {.report = gather, .context = error};
    struct disc_description description;
    struct insert_arguments insert;
    struct disc *disc = NULL;

    if (!read_arguments(arguments, &insert, error))
        return NULL;
    error->class = "GenericError";
    if (!fixture_load(insert.file, &description, &diagnostics))
        return NULL;
    if (apply(&insert, &description, &diagnostics))
        disc = disc_create(&description, &diagnostics);
    disc_description_release(&description);
    return disc;
}
