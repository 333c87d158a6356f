/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>

#include "handlers/control/control_insert.h"
#include "handlers/control/control_trace.h"
#include "handlers/system/server_log.h"
#include "handlers/text/json_text.h"

/*
 * Clients that come and go, their lines, and the envelope of requests and answers.
 */

#define READ_SIZE 16384

void control_refuse(struct control_error *error, const char *class, const char *format, ...)
{
    va_list arguments;

    error->class = class;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
}

void control_enter(const struct control *control)
{
    if (control->server->lock)
        control->server->lock(control->server->context);
}

void control_leave(const struct control *control)
{
    if (control->server->unlock)
        control->server->unlock(control->server->context);
}

/* The end of a client ------------------------------------------------------ */

/* Clients may end while others are being served, so they are freed in a turn of their own. */
void control_drop(struct control_client *client)
{
    if (client->gone)
        return;
    client->gone = true;
    event_del(client->readable);
    event_del(client->writable);
    event_del(client->resume);
    event_active(client->control->reaper, 0, 0);
}

static void free_client(struct control_client *client)
{
    if (client->readable)
        event_free(client->readable);
    if (client->writable)
        event_free(client->writable);
    if (client->resume)
        event_free(client->resume);
    if (client->input)
        evbuffer_free(client->input);
    if (client->output)
        evbuffer_free(client->output);
    close(client->fd);
    free(client);
}

static void free_gone(struct control *control)
{
    struct control_client **link = &control->clients;

    while (*link) {
        struct control_client *client = *link;
        if (!client->gone) {
            link = &client->next;
            continue;
        }
        *link = client->next;
        control->client_count--;
        control_insert_forget(control, client);
        free_client(client);
    }
    control_trace_end(control, false);
}

static void reap(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    control_enter(context);
    free_gone(context);
    control_leave(context);
}

static void greet(struct control_client *client)
{
    const struct drive_profile *profile = drive_profile(client->control->drive);

    control_send(client,
                 json_pack("{s:{s:s, s:o, s:o, s:o, s:o}}", "vodd", "version", VODD_VERSION, "name",
                           json_text(client->control->server->name), "vendor",
                           json_text(profile->vendor), "product", json_text(profile->product),
                           "serial", json_text(profile->serial)));
}

/* Requests ----------------------------------------------------------------- */

/* Takes the members of a request apart; false with `error` filled. */
static bool take_apart(json_t *request, const char **execute, json_t **arguments,
                       struct control_error *error)
{
    json_error_t fault;
    json_t *id;

    *arguments = NULL;
    if (!json_is_object(request)) {
        control_refuse(error, "GenericError", "a request is an object");
        return false;
    }
    if (json_unpack_ex(request, &fault, JSON_STRICT, "{s:s, s?o, s?o}", "execute", execute,
                       "arguments", arguments, "id", &id) < 0) {
        control_refuse(error, "GenericError", "not a request: %s", fault.text);
        return false;
    }
    if (*arguments && !json_is_object(*arguments)) {
        control_refuse(error, "InvalidArgument", "arguments: an object is expected");
        return false;
    }
    return true;
}

static void answer(struct control_client *client, json_t *id, json_t *value,
                   const struct control_error *error)
{
    json_t *object;

    if (value)
        object = json_pack("{s:o}", "return", value);
    else
        object = json_pack("{s:{s:s, s:o}}", "error", "class", error->class, "desc",
                           json_text(error->text));
    if (object && id && json_object_set(object, "id", id) < 0) {
        json_decref(object);
        object = NULL;
    }
    control_send(client, object);
}

static void serve_line(struct control_client *client, const char *line, size_t length)
{
    struct control_error error = {0};
    json_error_t fault;
    json_t *request = json_loadb(line, length, JSON_REJECT_DUPLICATES, &fault);
    json_t *arguments, *value = NULL;
    const char *execute;

    if (!request)
        control_refuse(&error, "GenericError", "not JSON: %s (byte %d)", fault.text,
                       fault.position);
    client->spoke = true;
    client->since = ++client->control->clock;
    client->control->requester = client;
    client->control->request_id = json_object_get(request, "id");
    if (request && take_apart(request, &execute, &arguments, &error))
        value = control_execute(client->control, execute, arguments, &error);
    if (error.later)
        client->waits = true;
    else
        answer(client, client->control->request_id, value, &error);
    json_decref(request);
}

static bool is_blank(const char *line, size_t length)
{
    return strspn(line, " \t\r") == length;
}

static bool has_line(const struct control_client *client)
{
    return evbuffer_search_eol(client->input, NULL, NULL, EVBUFFER_EOL_LF).pos >= 0;
}

static void refuse_line(struct control_client *client)
{
    struct control_error error;

    control_refuse(&error, "GenericError", "a line has at most %d bytes", CONTROL_LINE_MAX);
    client->closing = true;
    answer(client, NULL, NULL, &error);
}

/* The next request, if there is a whole one. */
static void serve_next(struct control_client *client)
{
    bool served = false;
    size_t length;
    char *line;

    while (!served && (line = evbuffer_readln(client->input, &length, EVBUFFER_EOL_LF))) {
        served = !is_blank(line, length);
        if (length > CONTROL_LINE_MAX)
            refuse_line(client);
        else if (served)
            serve_line(client, line, length);
        free(line);
    }
    if (!served && evbuffer_get_length(client->input) > CONTROL_LINE_MAX)
        refuse_line(client);
}

/* What the client waits for: to be read from, its next turn, or that it reads. */
static void await(struct control_client *client)
{
    static const struct timeval next_turn = {0};

    if (client->gone)
        return;
    event_del(client->readable);
    event_del(client->resume);
    client->stalled = control_is_congested(client);
    if (client->closing || client->stalled || client->waits)
        return;
    if (has_line(client))
        event_add(client->resume, &next_turn);
    else
        event_add(client->readable, NULL);
}

/* One request a turn of the loop: the others have theirs in between. */
static void take_turn(struct control_client *client)
{
    if (!client->gone && !client->closing && !client->waits && !control_is_congested(client))
        serve_next(client);
    await(client);
}

void control_answer(struct control_client *client, json_t *id, json_t *value,
                    const struct control_error *error)
{
    client->waits = false;
    if (client->gone) {
        json_decref(value);
        return;
    }
    answer(client, id, value, error);
    await(client);
}

static void readable(evutil_socket_t fd, short what, void *context)
{
    struct control_client *client = context;
    struct control *control = client->control;
    int length;

    (void)what;
    control_enter(control);
    length = evbuffer_read(client->input, fd, READ_SIZE);
    if (length > 0) {
        take_turn(client);
    } else if (length == 0) {
        /* It may still read what it has asked for. */
        client->closing = true;
        event_del(client->readable);
        control_flush(client);
    } else if (errno != EAGAIN && errno != EINTR) {
        control_drop(client);
    }
    control_leave(control);
}

static void resume(evutil_socket_t fd, short what, void *context)
{
    struct control_client *client = context;
    struct control *control = client->control;

    (void)fd, (void)what;
    control_enter(control);
    take_turn(client);
    control_leave(control);
}

static void writable(evutil_socket_t fd, short what, void *context)
{
    struct control_client *client = context;
    struct control *control = client->control;

    (void)fd, (void)what;
    control_enter(control);
    control_flush(client);
    control_leave(control);
}

/* Coming and going --------------------------------------------------------- */

/* How much it matters that this one stays. */
static int rank(const struct control_client *client)
{
    return client->closing ? 0 : !client->spoke ? 1 : !client->watches ? 2 : 3;
}

bool control_make_room(struct control *control)
{
    struct control_client *least = NULL;
    struct control_error error;

    for (struct control_client *client = control->clients; client; client = client->next)
        if (!client->gone && (!least || rank(client) < rank(least) ||
                              (rank(client) == rank(least) && client->since < least->since)))
            least = client;
    if (least && !least->closing) {
        control_refuse(&error, "GenericError", "closed in favour of another connection");
        answer(least, NULL, NULL, &error);
    }
    if (least)
        control_drop(least);
    /* Not in a turn of its own: the descriptor is needed now.  No client is being served. */
    free_gone(control);
    return least;
}

bool control_adopt(struct control *control, int fd)
{
    struct control_client *client = calloc(1, sizeof(*client));
    int flags = fcntl(fd, F_GETFL);

    if (!client) {
        close(fd);
        return false;
    }
    client->control = control;
    client->fd = fd;
    client->since = ++control->clock;
    client->input = evbuffer_new();
    client->output = evbuffer_new();
    client->readable = event_new(control->base, fd, EV_READ | EV_PERSIST, readable, client);
    client->writable = event_new(control->base, fd, EV_WRITE | EV_PERSIST, writable, client);
    client->resume = evtimer_new(control->base, resume, client);
    if (!client->input || !client->output || !client->readable || !client->writable ||
        !client->resume || flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
        event_add(client->readable, NULL) < 0) {
        free_client(client);
        return false;
    }
    if (control->client_count == CONTROL_CLIENTS_MAX)
        control_make_room(control);
    client->next = control->clients;
    control->clients = client;
    control->client_count++;
    greet(client);
    return true;
}

static void accepted(void *context, int fd)
{
    control_enter(context);
    control_adopt(context, fd);
    control_leave(context);
}

static bool make_room(void *context)
{
    bool made;

    control_enter(context);
    made = control_make_room(context);
    control_leave(context);
    return made;
}

static void exhausted(void *context, int error)
{
    struct control *control = context;

    diagnostics_warning(&control->diagnostics,
                        "control socket: no further connection can be accepted: %s; idle ones are "
                        "closed, new ones turned away",
                        strerror(error));
}

struct control *control_create(struct event_base *base, int fd, struct drive *drive,
                               const struct control_server *server)
{
    struct control *control = calloc(1, sizeof(*control));
    const struct listener_events events = {
        .accepted = accepted, .make_room = make_room, .exhausted = exhausted, .context = control};

    if (!control)
        return NULL;
    control->base = base;
    control->drive = drive;
    control->server = server;
    server_log_diagnostics(&control->diagnostics);
    control_observe(control);
    control->reaper = event_new(base, -1, 0, reap, control);
    control->sender = event_new(base, -1, 0, control_send_backlog, control);
    if (server->lock)
        control->backlog = json_array();
    if (fd >= 0)
        control->listener = listener_create(base, fd, &events);
    if (control->reaper && control->sender && (control->backlog || !server->lock) &&
        (fd < 0 || control->listener))
        return control;
    control_destroy(control);
    return NULL;
}

bool control_destroy(struct control *control)
{
    bool whole;

    if (!control)
        return true;
    drive_unobserve(control->drive, &control->observer);
    control_insert_end(control);
    whole = control_trace_end(control, true);
    for (struct control_client *client = control->clients; client; client = client->next) {
        control_flush(client);
        client->gone = true;
    }
    free_gone(control);
    listener_destroy(control->listener);
    if (control->reaper)
        event_free(control->reaper);
    if (control->sender)
        event_free(control->sender);
    json_decref(control->backlog);
    free(control);
    return whole;
}
