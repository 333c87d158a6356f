/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_trace.h"

#include "handlers/trace/trace_json.h"

/* How much of the sectors is kept; false with `error` filled. */
static bool read_medium_bytes(json_t *arguments, size_t *bytes, struct control_error *error)
{
    json_t *value = json_object_get(arguments, "medium-bytes");

    *bytes = TRACE_MEDIUM_BYTES_DEFAULT;
    if (!value)
        return true;
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        json_integer_value(value) > TRACE_DATA_MAX) {
        control_refuse(error, "InvalidArgument",
                       "medium-bytes: an integer from 0 to %d is expected", TRACE_DATA_MAX);
        return false;
    }
    *bytes = (size_t)json_integer_value(value);
    return true;
}

static struct output_file *open_output(struct control *control, const char *path, bool force,
                                       struct diagnostics *diagnostics)
{
    const struct output_terms terms = {
        .kind = OUTPUT_TRACE,
        .force = OUTPUT_FORCE(force),
        .pipes = control->server->base ? OUTPUT_PIPES_BUFFERED : OUTPUT_PIPES_REFUSED,
        .files = control->server->files,
        .base = control->server->base,
    };

    return output_file_open(path, &terms, diagnostics);
}

json_t *control_trace_start(struct control *control, json_t *arguments, struct control_error *error)
{
    const char *path = json_string_value(json_object_get(arguments, "file"));
    json_t *force = json_object_get(arguments, "force");
    struct diagnostics diagnostics = {.report = control_gather, .context = error};
    size_t medium_bytes;

    if (!path) {
        control_refuse(error, "InvalidArgument", "file: a string is expected");
        return NULL;
    }
    if (!read_medium_bytes(arguments, &medium_bytes, error))
        return NULL;
    if (control->trace) {
        control_refuse(error, "GenericError", "a trace is being written already");
        return NULL;
    }
    if (force && !json_is_boolean(force)) {
        control_refuse(error, "InvalidArgument", "force: a boolean is expected");
        return NULL;
    }
    /* What the disc is made of is known when it is made. */
    if (json_is_true(force) && control->making) {
        control_refuse(error, "GenericError", "busy: a disc is being looked at");
        return NULL;
    }
    error->class = "GenericError";
    control->trace = trace_file_open(open_output(control, path, json_is_true(force), &diagnostics),
                                     control->drive, medium_bytes, &diagnostics);
    if (control->trace)
        trace_file_report(control->trace, &control->diagnostics);
    return control->trace ? json_object() : NULL;
}

json_t *control_trace_stop(struct control *control, json_t *arguments, struct control_error *error)
{
    bool whole;

    (void)arguments;
    if (!control->trace) {
        control_refuse(error, "GenericError", "no trace was started here");
        return NULL;
    }
    whole = trace_file_close(control->trace);
    control->trace = NULL;
    if (whole)
        return json_object();
    control_refuse(error, "GenericError", "the trace could not be written to its end");
    return NULL;
}

/* Clients that watch -------------------------------------------------------- */

static void send_command(void *context, const struct trace_command *command)
{
    control_emit(context, CONTROL_EVENT_TRACE, trace_json_command(command));
}

static void send_event(void *context, const struct trace_event *event)
{
    control_emit(context, CONTROL_EVENT_TRACE, trace_json_event(event));
}

/* Returns the header, so that a client has a whole trace. */
json_t *control_trace_watch(struct control *control, json_t *arguments, struct control_error *error)
{
    const struct trace_sink sink = {send_command, send_event, control};
    struct trace_header header;
    json_t *value;

    (void)arguments;
    if (!control->watch)
        control->watch = trace_observer_create(control->drive, &sink, TRACE_MEDIUM_BYTES_DEFAULT);
    trace_header_of(control->drive, &header);
    value = control->watch ? trace_json_header(&header) : NULL;
    if (value)
        control_watch(control);
    else
        control_refuse(error, "GenericError", "memory is short");
    return value;
}

/* Whoever watched to the end has a trace with one; how many lines it got the client knows. */
static void send_end(struct control *control)
{
    const struct trace_end end = {.orderly = true, .time = drive_now(control->drive)};

    if (control->watch)
        control_emit(control, CONTROL_EVENT_TRACE, trace_json_end(&end));
}

bool control_trace_end(struct control *control, bool all)
{
    bool whole = true;

    if (all)
        send_end(control);
    if (all || !control_is_watched(control)) {
        trace_observer_destroy(control->watch);
        control->watch = NULL;
    }
    if (all) {
        whole = trace_file_close(control->trace);
        control->trace = NULL;
    }
    return whole;
}
