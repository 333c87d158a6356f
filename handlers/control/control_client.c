/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_client.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handlers/system/unix_socket.h"

/* A disc may lie on a slow file system. */
#define PATIENCE_SECONDS 60

struct control_client_connection {
    char *path;
    FILE *stream;
    char *line;
    size_t line_size;
};

void control_client_close(struct control_client_connection *connection)
{
    if (!connection)
        return;
    if (connection->stream)
        fclose(connection->stream);
    free(connection->line);
    free(connection->path);
    free(connection);
}

static json_t *receive(struct control_client_connection *connection,
                       struct diagnostics *diagnostics)
{
    json_error_t fault;
    ssize_t length;
    json_t *object;

    errno = 0;
    length = getline(&connection->line, &connection->line_size, connection->stream);
    if (length < 0) {
        diagnostics_error(diagnostics, "%s: the server %s", connection->path,
                          errno == EAGAIN ? "does not answer" : "has closed the connection");
        return NULL;
    }
    object = json_loadb(connection->line, (size_t)length, 0, &fault);
    if (!json_is_object(object)) {
        diagnostics_error(diagnostics, "%s: not the control socket of vodd", connection->path);
        json_decref(object);
        return NULL;
    }
    return object;
}

static struct control_client_connection *open_connection(const char *path, int fd)
{
    const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    struct control_client_connection *connection = calloc(1, sizeof(*connection));

    if (!connection) {
        close(fd);
        return NULL;
    }
    connection->path = strdup(path);
    connection->stream = fdopen(fd, "r");
    if (connection->path && connection->stream &&
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0)
        return connection;
    if (connection->stream)
        fclose(connection->stream);
    else
        close(fd);
    connection->stream = NULL;
    control_client_close(connection);
    return NULL;
}

struct control_client_connection *control_client_connect(const char *path,
                                                         struct diagnostics *diagnostics)
{
    int fd = unix_socket_connect(path, PATIENCE_SECONDS, diagnostics);
    struct control_client_connection *connection;
    json_t *greeting;

    if (fd < 0)
        return NULL;
    connection = open_connection(path, fd);
    if (!connection) {
        diagnostics_error(diagnostics, "%s: %s", path, strerror(ENOMEM));
        return NULL;
    }
    greeting = receive(connection, diagnostics);
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

static bool transmit(struct control_client_connection *connection, json_t *request,
                     struct diagnostics *diagnostics)
{
    char *text = json_dumps(request, JSON_COMPACT);
    size_t length = text ? strlen(text) : 0;
    size_t sent = 0;

    if (text)
        text[length++] = '\n'; /* in place of the NUL */
    while (sent < length) {
        ssize_t step = send(fileno(connection->stream), text + sent, length - sent, MSG_NOSIGNAL);
        if (step < 0 && errno != EINTR)
            break;
        sent += step > 0 ? (size_t)step : 0;
    }
    if (!text || sent < length)
        diagnostics_error(diagnostics, "%s: %s", connection->path, strerror(errno));
    free(text);
    return length > 0 && sent == length;
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
    json_t *object = NULL;
    bool sent = request && transmit(connection, request, diagnostics);

    if (!request)
        diagnostics_error(diagnostics, "%s: the request cannot be written as JSON", command);
    json_decref(request);
    while (sent && (object = receive(connection, diagnostics)) && json_object_get(object, "event"))
        json_decref(object);
    return object ? open_answer(object, diagnostics) : NULL;
}

json_t *control_client_wait(struct control_client_connection *connection, const char *event,
                            struct diagnostics *diagnostics)
{
    const struct timeval forever = {0};
    json_t *object, *data = NULL;

    setsockopt(fileno(connection->stream), SOL_SOCKET, SO_RCVTIMEO, &forever, sizeof(forever));
    while (!data && (object = receive(connection, diagnostics))) {
        const char *name = json_string_value(json_object_get(object, "event"));
        if (name && strcmp(name, event) == 0)
            data = json_incref(json_object_get(object, "data"));
        json_decref(object);
    }
    return data;
}
