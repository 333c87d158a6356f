/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <event2/buffer.h>

/*
 * What goes to the clients: answers to one, events to all.  A client that does not read costs
 * others nothing: no request of its own is served, and events that it has no room for are counted
 * in their place.
 */

#define WRITE_PIECES 8

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

bool control_is_congested(const struct control_client *client)
{
    return evbuffer_get_length(client->output) > CONTROL_OUTPUT_MAX;
}

static json_t *make_event(const char *event, json_t *data)
{
    struct timeval time;

    gettimeofday(&time, NULL);
    return json_pack("{s:s, s:o, s:{s:I, s:I}}", "event", event, "data", data, "timestamp",
                     "seconds", (json_int_t)time.tv_sec, "microseconds", (json_int_t)time.tv_usec);
}

/* The line of an object, which is taken over; NULL when memory is short. */
static char *line_of(json_t *object, size_t *length)
{
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;

    json_decref(object);
    if (text) {
        *length = strlen(text) + 1;
        text[*length - 1] = '\n'; /* in place of the NUL */
    }
    return text;
}

/* Once it has read half of what was in its way, a client hears how many events it has missed. */
static void tell_lost(struct control_client *client)
{
    size_t length;
    char *line;

    if (client->lost == 0 || evbuffer_get_length(client->output) > CONTROL_OUTPUT_MAX / 2)
        return;
    line = line_of(make_event("lost", json_pack("{s:I}", "events", (json_int_t)client->lost)),
                   &length);
    if (line && evbuffer_add(client->output, line, length) == 0)
        client->lost = 0;
    free(line);
}

/* Goes on with its requests if it was left alone because it did not read. */
static void unstall(struct control_client *client)
{
    static const struct timeval next_turn = {0};

    if (!client->stalled || control_is_congested(client))
        return;
    client->stalled = false;
    event_add(client->resume, &next_turn);
}

void control_flush(struct control_client *client)
{
    while (!client->gone && evbuffer_get_length(client->output) > 0) {
        if (transmit(client) >= 0) {
            tell_lost(client);
            unstall(client);
            continue;
        }
        if (errno != EAGAIN && errno != EINTR)
            control_drop(client);
        else
            event_add(client->writable, NULL);
        return;
    }
    if (client->gone)
        return;
    event_del(client->writable);
    if (client->closing)
        control_drop(client);
}

void control_send(struct control_client *client, json_t *object)
{
    size_t length;
    char *line = line_of(object, &length);

    if (!line || evbuffer_add(client->output, line, length) < 0)
        control_drop(client);
    free(line);
    control_flush(client);
}

/* Takes the object over. */
static void send_to_all(struct control *control, json_t *object)
{
    const char *event = json_string_value(json_object_get(object, "event"));
    bool is_trace = strcmp(event, CONTROL_EVENT_TRACE) == 0;
    size_t length;
    char *line = line_of(object, &length);

    for (struct control_client *client = control->clients; client; client = client->next) {
        if (client->gone || client->closing || (is_trace && !client->watches))
            continue;
        if (!line || client->lost > 0 || control_is_congested(client) ||
            evbuffer_add(client->output, line, length) < 0)
            client->lost++;
        control_flush(client);
    }
    free(line);
}

/* Other threads may not touch the clients' events of the base, only wake it.  Takes the object
 * over. */
static void defer(struct control *control, json_t *object)
{
    if (json_array_size(control->backlog) >= CONTROL_BACKLOG_MAX) {
        control->backlog_lost++;
        json_decref(object);
    } else if (json_array_append_new(control->backlog, object) < 0) {
        control->backlog_lost++;
    }
    event_active(control->sender, 0, 0);
}

void control_send_backlog(evutil_socket_t fd, short what, void *context)
{
    struct control *control = context;
    json_t *object;
    size_t i;

    (void)fd, (void)what;
    control_enter(control);
    json_array_foreach(control->backlog, i, object) send_to_all(control, json_incref(object));
    json_array_clear(control->backlog);
    for (struct control_client *client = control->clients; client; client = client->next)
        if (control->backlog_lost > 0) {
            client->lost += control->backlog_lost;
            tell_lost(client);
            control_flush(client);
        }
    control->backlog_lost = 0;
    control_leave(control);
}

void control_emit(struct control *control, const char *event, json_t *data)
{
    json_t *object;

    if (!control->clients || !data) {
        json_decref(data);
        return;
    }
    object = make_event(event, data);
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
