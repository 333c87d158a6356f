/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <event2/buffer.h>

#include "handlers/control/control_trace.h"

/*
 * Clients, lines, and the envelope of requests, answers and events.
 */

#define READ_SIZE    16384
#define WRITE_PIECES 8

struct control_client {
    struct control *control;
    struct control_client *next;
    int fd;
    struct event *readable, *writable;
    struct evbuffer *input, *output;
    bool closing; /* nothing more is read; ends when `output` is empty */
    bool gone;    /* the reaper frees it */
    bool watches; /* gets the trace */
};

void control_refuse(struct control_error *error, const char *class, const char *format, ...)
{
    va_list arguments;

    error->class = class;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
}

/* A drive with many threads is locked around each event of the base. */
static void enter(const struct control *control)
{
    if (control->server->lock)
        control->server->lock(control->server->context);
}

static void leave(const struct control *control)
{
    if (control->server->unlock)
        control->server->unlock(control->server->context);
}

/* The end of a client ------------------------------------------------------ */

/* Clients may end while others are being served, so they are freed in a turn of their own. */
static void drop(struct control_client *client)
{
    if (client->gone)
        return;
    client->gone = true;
    event_del(client->readable);
    event_del(client->writable);
    event_active(client->control->reaper, 0, 0);
}

static void free_client(struct control_client *client)
{
    if (client->readable)
        event_free(client->readable);
    if (client->writable)
        event_free(client->writable);
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
        free_client(client);
    }
    control_trace_end(control, false);
}

static void reap(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    enter(context);
    free_gone(context);
    leave(context);
}

/* Output ------------------------------------------------------------------- */

/* evbuffer_write() would raise SIGPIPE when the client is gone. */
static ssize_t transmit(struct control_client *client)
{
    struct evbuffer_iovec pieces[WRITE_PIECES];
    int count = evbuffer_peek(client->output, -1, NULL, pieces, WRITE_PIECES);
    const struct msghdr message = {
        .msg_iov = pieces,
        .msg_iovlen = (size_t)(count < WRITE_PIECES ? count : WRITE_PIECES),
    };
    ssize_t sent = sendmsg(client->fd, &message, MSG_NOSIGNAL);

    if (sent > 0)
        evbuffer_drain(client->output, (size_t)sent);
    return sent;
}

static void flush(struct control_client *client)
{
    while (!client->gone && evbuffer_get_length(client->output) > 0) {
        if (transmit(client) >= 0)
            continue;
        if (errno != EAGAIN && errno != EINTR)
            drop(client);
        else
            event_add(client->writable, NULL);
        return;
    }
    if (client->gone)
        return;
    event_del(client->writable);
    if (client->closing)
        drop(client);
}

/* Sends one object; takes it over. */
static void send_object(struct control_client *client, json_t *object)
{
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;

    json_decref(object);
    if (!text || evbuffer_add_printf(client->output, "%s\n", text) < 0 ||
        evbuffer_get_length(client->output) > CONTROL_OUTPUT_MAX)
        drop(client);
    free(text);
    flush(client);
}

static json_t *timestamp(void)
{
    struct timeval time;

    gettimeofday(&time, NULL);
    return json_pack("{s:I, s:I}", "seconds", (json_int_t)time.tv_sec, "microseconds",
                     (json_int_t)time.tv_usec);
}

/* Takes the object over. */
static void send_to_all(struct control *control, json_t *object)
{
    const char *event = json_string_value(json_object_get(object, "event"));
    bool is_trace = strcmp(event, CONTROL_EVENT_TRACE) == 0;

    for (struct control_client *client = control->clients; client; client = client->next)
        if (!client->gone && !client->closing && (!is_trace || client->watches))
            send_object(client, json_incref(object));
    json_decref(object);
}

/* Other threads may not touch the clients' events of the base, only wake it.  Takes the object
 * over. */
static void defer(struct control *control, json_t *object)
{
    if (json_array_size(control->backlog) >= CONTROL_BACKLOG_MAX) {
        control->backlog_overflowed = true;
        json_decref(object);
    } else if (json_array_append_new(control->backlog, object) < 0) {
        control->backlog_overflowed = true;
    }
    event_active(control->sender, 0, 0);
}

static void send_backlog(evutil_socket_t fd, short what, void *context)
{
    struct control *control = context;
    json_t *object;
    size_t i;

    (void)fd, (void)what;
    enter(control);
    json_array_foreach(control->backlog, i, object) send_to_all(control, json_incref(object));
    json_array_clear(control->backlog);
    for (struct control_client *client = control->clients; client; client = client->next)
        if (control->backlog_overflowed)
            drop(client);
    control->backlog_overflowed = false;
    leave(control);
}

void control_emit(struct control *control, const char *event, json_t *data)
{
    json_t *object;

    if (!control->clients || !data) {
        json_decref(data);
        return;
    }
    object = json_pack("{s:s, s:o, s:o}", "event", event, "data", data, "timestamp", timestamp());
    if (!object)
        return;
    if (control->backlog)
        defer(control, object);
    else
        send_to_all(control, object);
}

void control_watch(struct control *control)
{
    control->requester->watches = true;
}

bool control_is_watched(const struct control *control)
{
    for (const struct control_client *client = control->clients; client; client = client->next)
        if (client->watches && !client->gone)
            return true;
    return false;
}

void control_host_changed(struct control *control, bool connected)
{
    control_emit(control, "host", json_pack("{s:b}", "connected", connected));
}

static void greet(struct control_client *client)
{
    const struct drive_profile *profile = drive_profile(client->control->drive);

    send_object(client,
                json_pack("{s:{s:s, s:s, s:o, s:o, s:o}}", "vodd", "version", VODD_VERSION, "name",
                          client->control->server->name, "vendor", control_text(profile->vendor),
                          "product", control_text(profile->product), "serial",
                          control_text(profile->serial)));
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

static void answer(struct control_client *client, const json_t *request, json_t *value,
                   const struct control_error *error)
{
    json_t *id = json_object_get(request, "id");
    json_t *object;

    if (value)
        object = json_pack("{s:o}", "return", value);
    else
        object = json_pack("{s:{s:s, s:o}}", "error", "class", error->class, "desc",
                           control_text(error->text));
    if (object && id && json_object_set(object, "id", id) < 0) {
        json_decref(object);
        object = NULL;
    }
    send_object(client, object);
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
    client->control->requester = client;
    if (request && take_apart(request, &execute, &arguments, &error))
        value = control_execute(client->control, execute, arguments, &error);
    answer(client, request, value, &error);
    json_decref(request);
}

static bool is_blank(const char *line, size_t length)
{
    return strspn(line, " \t\r") == length;
}

static void serve_lines(struct control_client *client)
{
    struct control_error error;
    size_t length;
    char *line;

    while (!client->gone && !client->closing &&
           (line = evbuffer_readln(client->input, &length, EVBUFFER_EOL_LF))) {
        if (length <= CONTROL_LINE_MAX && !is_blank(line, length))
            serve_line(client, line, length);
        bool too_long = length > CONTROL_LINE_MAX;
        free(line);
        if (too_long)
            goto refuse;
    }
    if (client->gone || client->closing || evbuffer_get_length(client->input) <= CONTROL_LINE_MAX)
        return;
refuse:
    control_refuse(&error, "GenericError", "a line has at most %d bytes", CONTROL_LINE_MAX);
    client->closing = true;
    event_del(client->readable);
    answer(client, NULL, NULL, &error);
}

static void readable(evutil_socket_t fd, short what, void *context)
{
    struct control_client *client = context;
    struct control *control = client->control;
    int length;

    (void)what;
    enter(control);
    length = evbuffer_read(client->input, fd, READ_SIZE);
    if (length > 0)
        serve_lines(client);
    else if (length == 0 || (errno != EAGAIN && errno != EINTR))
        drop(client);
    leave(control);
}

static void writable(evutil_socket_t fd, short what, void *context)
{
    struct control_client *client = context;
    struct control *control = client->control;

    (void)fd, (void)what;
    enter(control);
    flush(client);
    leave(control);
}

/* Coming and going --------------------------------------------------------- */

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
    client->input = evbuffer_new();
    client->output = evbuffer_new();
    client->readable = event_new(control->base, fd, EV_READ | EV_PERSIST, readable, client);
    client->writable = event_new(control->base, fd, EV_WRITE | EV_PERSIST, writable, client);
    if (control->client_count >= CONTROL_CLIENTS_MAX || !client->input || !client->output ||
        !client->readable || !client->writable || flags < 0 ||
        fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || event_add(client->readable, NULL) < 0) {
        free_client(client);
        return false;
    }
    client->next = control->clients;
    control->clients = client;
    control->client_count++;
    greet(client);
    return true;
}

static void acceptable(evutil_socket_t listener, short what, void *context)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    (void)what;
    if (fd < 0)
        return;
    enter(context);
    control_adopt(context, fd);
    leave(context);
}

struct control *control_create(struct event_base *base, int fd, struct drive *drive,
                               const struct control_server *server)
{
    struct control *control = calloc(1, sizeof(*control));

    if (!control)
        return NULL;
    control->base = base;
    control->drive = drive;
    control->server = server;
    diagnostics_to_stderr(&control->diagnostics);
    control_observe(control);
    control->reaper = event_new(base, -1, 0, reap, control);
    control->sender = event_new(base, -1, 0, send_backlog, control);
    if (server->lock)
        control->backlog = json_array();
    if (fd >= 0)
        control->listener = event_new(base, fd, EV_READ | EV_PERSIST, acceptable, control);
    if (control->reaper && control->sender && (control->backlog || !server->lock) &&
        (fd < 0 || (control->listener && event_add(control->listener, NULL) == 0)))
        return control;
    control_destroy(control);
    return NULL;
}

void control_destroy(struct control *control)
{
    if (!control)
        return;
    drive_unobserve(control->drive, &control->observer);
    control_trace_end(control, true);
    for (struct control_client *client = control->clients; client; client = client->next) {
        flush(client);
        client->gone = true;
    }
    free_gone(control);
    if (control->listener)
        event_free(control->listener);
    if (control->reaper)
        event_free(control->reaper);
    if (control->sender)
        event_free(control->sender);
    json_decref(control->backlog);
    free(control);
}
