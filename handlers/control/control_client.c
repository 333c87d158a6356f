/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_client.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handlers/system/clock.h"
#include "handlers/system/unix_socket.h"

#define FIRST_SIZE 4096

struct control_client_connection {
    char *path;
    int fd;
    unsigned seconds; /* for each command */
    char *bytes;      /* received; at first the line that was looked at last */
    size_t size, length, line_length;
};

void control_client_close(struct control_client_connection *connection)
{
    if (!connection)
        return;
    if (connection->fd >= 0)
        close(connection->fd);
    free(connection->bytes);
    free(connection->path);
    free(connection);
}

/* The socket ------------------------------------------------------------------ */

static uint64_t deadline_of(const struct control_client_connection *connection)
{
    return clock_now() + connection->seconds * UINT64_C(1000000000);
}

/* How long poll() may wait: it is called again if that was not long enough. */
static int milliseconds_until(uint64_t deadline)
{
    uint64_t now = clock_now();

    if (deadline == CLOCK_NEVER)
        return -1;
    if (now >= deadline)
        return 0;
    return deadline - now < UINT64_C(60000000000) ? (int)((deadline - now + 999999) / 1000000)
                                                  : 60000;
}

/* Waits for the socket; false after reporting that the time is over. */
static bool wait_for(const struct control_client_connection *connection, short events,
                     uint64_t deadline, struct diagnostics *diagnostics)
{
    struct pollfd poll_fd = {.fd = connection->fd, .events = events};

    for (;;) {
        int wait = milliseconds_until(deadline);
        int count = poll(&poll_fd, 1, wait);
        if (wait == 0) {
            diagnostics_error(diagnostics, "%s: the server does not answer within %u seconds",
                              connection->path, connection->seconds);
            return false;
        }
        if (count > 0)
            return true;
        if (count < 0 && errno != EINTR) {
            diagnostics_error(diagnostics, "%s: %s", connection->path, strerror(errno));
            return false;
        }
    }
}

static bool grow(struct control_client_connection *connection, struct diagnostics *diagnostics)
{
    size_t size = connection->size ? 2 * connection->size : FIRST_SIZE;
    char *bytes;

    if (connection->size == CONTROL_CLIENT_LINE_MAX) {
        diagnostics_error(diagnostics, "%s: the server sent a line of more than %d bytes",
                          connection->path, CONTROL_CLIENT_LINE_MAX);
        return false;
    }
    bytes = realloc(connection->bytes, size);
    if (!bytes) {
        diagnostics_error(diagnostics, "%s: %s", connection->path, strerror(ENOMEM));
        return false;
    }
    connection->bytes = bytes;
    connection->size = size;
    return true;
}

/* Receives what is there, at least something. */
static bool receive_bytes(struct control_client_connection *connection, uint64_t deadline,
                          struct diagnostics *diagnostics)
{
    ssize_t length;

    if (connection->length == connection->size && !grow(connection, diagnostics))
        return false;
    do {
        if (!wait_for(connection, POLLIN, deadline, diagnostics))
            return false;
        length = recv(connection->fd, connection->bytes + connection->length,
                      connection->size - connection->length, MSG_DONTWAIT);
    } while (length < 0 && (errno == EAGAIN || errno == EINTR));
    if (length < 0)
        diagnostics_error(diagnostics, "%s: %s", connection->path, strerror(errno));
    else if (length == 0)
        diagnostics_error(diagnostics, "%s: the server has closed the connection",
                          connection->path);
    connection->length += length > 0 ? (size_t)length : 0;
    return length > 0;
}

/* The next line is at the beginning of `bytes` then. */
static bool receive_line(struct control_client_connection *connection, uint64_t deadline,
                         struct diagnostics *diagnostics)
{
    size_t seen = 0;
    char *end;

    connection->length -= connection->line_length;
    memmove(connection->bytes, connection->bytes + connection->line_length, connection->length);
    connection->line_length = 0;
    while (!(end = memchr(connection->bytes + seen, '\n', connection->length - seen))) {
        seen = connection->length;
        if (!receive_bytes(connection, deadline, diagnostics))
            return false;
    }
    connection->line_length = (size_t)(end - connection->bytes) + 1;
    return true;
}

static bool transmit(struct control_client_connection *connection, const char *text, size_t length,
                     uint64_t deadline, struct diagnostics *diagnostics)
{
    while (length > 0) {
        ssize_t step = send(connection->fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (step >= 0) {
            text += step;
            length -= (size_t)step;
        } else if (errno == EAGAIN) {
            if (!wait_for(connection, POLLOUT, deadline, diagnostics))
                return false;
        } else if (errno != EINTR) {
            diagnostics_error(diagnostics, "%s: %s", connection->path, strerror(errno));
            return false;
        }
    }
    return true;
}

/* Objects --------------------------------------------------------------------- */

static json_t *receive(struct control_client_connection *connection, uint64_t deadline,
                       struct diagnostics *diagnostics)
{
    json_error_t fault;
    json_t *object;

    /* Events without end keep nobody busy longer than that. */
    if (clock_now() > deadline && !wait_for(connection, POLLIN, deadline, diagnostics))
        return NULL;
    if (!receive_line(connection, deadline, diagnostics))
        return NULL;
    object = json_loadb(connection->bytes, connection->line_length, 0, &fault);
    if (!json_is_object(object)) {
        diagnostics_error(diagnostics, "%s: not the control socket of vodd", connection->path);
        json_decref(object);
        return NULL;
    }
    return object;
}

/* Takes over `fd`; NULL when memory is short. */
static struct control_client_connection *open_connection(const char *path, int fd, unsigned seconds)
{
    struct control_client_connection *connection = calloc(1, sizeof(*connection));

    if (!connection) {
        close(fd);
        return NULL;
    }
    connection->fd = fd;
    connection->seconds = seconds;
    connection->path = strdup(path);
    connection->bytes = malloc(FIRST_SIZE);
    connection->size = FIRST_SIZE;
    if (connection->path && connection->bytes)
        return connection;
    control_client_close(connection);
    return NULL;
}

struct control_client_connection *control_client_connect(const char *path, unsigned seconds,
                                                         struct diagnostics *diagnostics)
{
    int fd = unix_socket_connect(path, seconds, diagnostics);
    struct control_client_connection *connection;
    json_t *greeting;

    if (fd < 0)
        return NULL;
    connection = open_connection(path, fd, seconds);
    if (!connection) {
        diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
        return NULL;
    }
    greeting = receive(connection, deadline_of(connection), diagnostics);
    if (greeting && !json_object_get(greeting, "vodd")) {
        diagnostics_error(diagnostics, "%s: not the control socket of vodd", path);
        json_decref(greeting);
        greeting = NULL;
    }
    if (!greeting) {
        control_client_close(connection);
        return NULL;
    }
    json_decref(greeting);
    return connection;
}

static bool send_request(struct control_client_connection *connection, const json_t *request,
                         uint64_t deadline, struct diagnostics *diagnostics)
{
    char *text = json_dumps(request, JSON_COMPACT);
    size_t length = text ? strlen(text) : 0;
    bool sent;

    if (!text) {
        diagnostics_error(diagnostics, "%s: %s", connection->path, strerror(ENOMEM));
        return false;
    }
    text[length++] = '\n'; /* in place of the NUL */
    sent = transmit(connection, text, length, deadline, diagnostics);
    free(text);
    return sent;
}

static void report_lines(const char *text, struct diagnostics *diagnostics)
{
    while (*text) {
        int length = (int)strcspn(text, "\n");
        diagnostics_error(diagnostics, "%.*s", length, text);
        text += length + (text[length] != 0);
    }
}

/* The answer apart; takes it over. */
static json_t *open_answer(json_t *object, struct diagnostics *diagnostics)
{
    json_t *value = json_incref(json_object_get(object, "return"));
    const char *text = json_string_value(json_object_get(json_object_get(object, "error"), "desc"));

    if (!value)
        report_lines(text ? text : "the server does not say what is wrong", diagnostics);
    json_decref(object);
    return value;
}

json_t *control_client_call(struct control_client_connection *connection, const char *command,
                            json_t *arguments, struct diagnostics *diagnostics)
{
    json_t *request =
        json_pack("{s:s, s:o*, s:i}", "execute", command, "arguments", arguments, "id", 1);
    uint64_t deadline = deadline_of(connection);
    json_t *object = NULL;
    bool sent = request && send_request(connection, request, deadline, diagnostics);

    if (!request)
        diagnostics_error(diagnostics, "%s: the request cannot be written as JSON", command);
    json_decref(request);
    while (sent && (object = receive(connection, deadline, diagnostics)) &&
           json_object_get(object, "event"))
        json_decref(object);
    return object ? open_answer(object, diagnostics) : NULL;
}

json_t *control_client_wait(struct control_client_connection *connection, const char *event,
                            struct diagnostics *diagnostics)
{
    json_t *object, *data = NULL;

    while (!data && (object = receive(connection, CLOCK_NEVER, diagnostics))) {
        const char *name = json_string_value(json_object_get(object, "event"));
        const json_t *lost = json_object_get(json_object_get(object, "data"), "events");
        if (name && strcmp(name, event) == 0)
            data = json_incref(json_object_get(object, "data"));
        else if (name && strcmp(name, "lost") == 0)
            diagnostics_warning(diagnostics,
                                "%s: %" JSON_INTEGER_FORMAT " events were lost: they came faster "
                                "than they were read",
                                connection->path, json_integer_value(lost));
        json_decref(object);
    }
    return data;
}
