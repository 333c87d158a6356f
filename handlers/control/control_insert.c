/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_insert.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handlers/control/disc_making.h"
#include "handlers/system/clock.h"
#include "handlers/system/run_files.h"
#include "handlers/text/json_text.h"

struct insert_arguments {
    const char *file, *regions;
    json_t *seed;
    int css, strict;
};

static bool read_arguments(json_t *arguments, struct insert_arguments *insert,
                           struct control_error *error)
{
    json_error_t fault;

    *insert = (struct insert_arguments){0};
    if (json_unpack_ex(arguments, &fault, 0, "{s:s, s?b, s?b, s?s, s?o}", "file", &insert->file,
                       "css", &insert->css, "strict", &insert->strict, "regions", &insert->regions,
                       "seed", &insert->seed) < 0)
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
    *options = (struct disc_options){.css = insert->css, .strict = insert->strict};
    if (insert->regions && !(options->regions = strdup(insert->regions)))
        return false;
    return !insert->seed ||
           asprintf(&options->seed, "%" JSON_INTEGER_FORMAT, json_integer_value(insert->seed)) >= 0;
}

/* An insertion whose disc is being made. */
struct control_making {
    struct disc_making *disc;
    struct event *done;
    struct control_client *client; /* who is to be answered; NULL: is gone */
    json_t *id;                    /* of the request, or NULL */
};

static void release(struct control_making *making)
{
    if (making->done)
        event_free(making->done);
    disc_making_release(making->disc);
    json_decref(making->id);
    free(making);
}

/* What was said about a disc that could not be made, a line each. */
static void refuse(const json_t *messages, struct control_error *error)
{
    const json_t *message;
    size_t i;

    error->class = "GenericError";
    json_array_foreach(messages, i, message) control_gather(error, json_string_value(message));
    if (error->text[0] == 0)
        control_gather(error, "memory is short");
}

/* What was said about one that was made. */
static json_t *answer_with(const json_t *messages)
{
    json_t *warnings = json_array();
    const json_t *message;
    size_t i;

    json_array_foreach(messages, i, message)
    {
        const char *text = json_string_value(message);
        size_t prefix = strlen(DIAGNOSTICS_WARNING);
        bool has_prefix = strncmp(text, DIAGNOSTICS_WARNING, prefix) == 0;
        json_array_append_new(warnings, json_text(text + (has_prefix ? prefix : 0)));
    }
    if (json_array_size(warnings) > 0)
        return json_pack("{s:o}", "warnings", warnings);
    json_decref(warnings);
    return json_object();
}

static json_t *put_in(struct control *control, struct disc *disc, const json_t *messages,
                      struct control_error *error)
{
    json_t *value = answer_with(messages);

    if (value && drive_insert(control->drive, disc, clock_now()))
        return value;
    json_decref(value);
    control_refuse(error, "GenericError", "memory is short");
    return NULL;
}

/* `disc`: NULL if it could not be made; `made_of`: its files, which this run must not write. */
static json_t *conclude(struct control *control, struct disc *disc, struct run_files *made_of,
                        const json_t *messages, struct control_error *error)
{
    struct diagnostics diagnostics = {.report = control_gather, .context = error};
    struct run_files *files = control->server->files;
    json_t *value = NULL;

    error->class = "GenericError";
    if (files && !run_files_join(files, made_of, &diagnostics))
        ;
    else if (disc)
        value = put_in(control, disc, messages, error);
    else
        refuse(messages, error);
    if (files)
        run_files_exchange_disc(files, value != NULL);
    return value;
}

static void made(evutil_socket_t fd, short what, void *context)
{
    struct control *control = context;
    struct control_making *making;
    struct control_error error = {0};
    struct run_files made_of = {0};
    json_t *messages, *value;
    struct disc *disc;

    (void)fd, (void)what;
    control_enter(control);
    making = control->making;
    control->making = NULL;
    disc = disc_making_take(making->disc, &made_of, &messages);
    value = conclude(control, disc, &made_of, messages, &error);
    run_files_release(&made_of);
    disc_release(disc);
    json_decref(messages);
    if (making->client)
        control_answer(making->client, making->id, value, &error);
    else
        json_decref(value);
    release(making);
    control_leave(control);
}

/* Makes it the insertion that is under way. */
static bool begin(struct control *control, struct disc_making *disc)
{
    struct control_making *making = calloc(1, sizeof(*making));

    if (!making) {
        disc_making_release(disc);
        return false;
    }
    making->disc = disc;
    making->client = control->requester;
    making->id = json_incref(control->request_id);
    making->done = event_new(control->base, disc_making_fd(disc), EV_READ, made, control);
    if (!making->done || event_add(making->done, NULL) < 0) {
        release(making);
        return false;
    }
    control->making = making;
    return true;
}

json_t *control_insert(struct control *control, json_t *arguments, struct control_error *error)
{
    struct insert_arguments insert;
    struct disc_options options;
    struct disc_making *disc;

    if (json_object_size(arguments) == 0)
        return put_in(control, NULL, NULL, error);
    if (!read_arguments(arguments, &insert, error))
        return NULL;
    if (control->making) {
        control_refuse(error, "GenericError", "busy: another disc is being looked at");
        return NULL;
    }
    if (!make_options(&insert, &options)) {
        options.seed = NULL;
        disc_options_release(&options);
        control_refuse(error, "GenericError", "memory is short");
        return NULL;
    }
    disc = disc_making_start(insert.file, &options);
    error->later = disc && begin(control, disc);
    if (!error->later)
        control_refuse(error, "GenericError", "%s", disc ? "memory is short" : strerror(errno));
    return NULL;
}

void control_insert_forget(struct control *control, const struct control_client *client)
{
    if (control->making && control->making->client == client)
        control->making->client = NULL;
}

void control_insert_end(struct control *control)
{
    if (control->making)
        release(control->making);
    control->making = NULL;
}
