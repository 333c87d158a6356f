/* SPDX-License-Identifier: MIT */
#include "handlers/usbredir/usbredir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handlers/system/listener.h"
#include "handlers/usbredir/usbredir_connection.h"

struct usbredir {
    struct event_base *base;
    struct drive *drive;
    enum usb_speed speed;
    const struct usbredir_events *events;
    int fd;
    struct listener *listener; /* NULL when `fd` is the connection itself */
    struct usbredir_connection *connection;
};

static void closed(void *context, const char *reason)
{
    struct usbredir *usbredir = context;

    usbredir_connection_destroy(usbredir->connection);
    usbredir->connection = NULL;
    usbredir->events->connected(usbredir->events->context, false, reason);
}

/* Takes `fd` over. */
static bool attach(struct usbredir *usbredir, int fd)
{
    usbredir->connection = usbredir_connection_create(usbredir->base, fd, usbredir->drive,
                                                      usbredir->speed, closed, usbredir);
    if (!usbredir->connection) {
        close(fd);
        return false;
    }
    usbredir->events->connected(usbredir->events->context, true, NULL);
    return true;
}

static void accepted(void *context, int fd)
{
    struct usbredir *usbredir = context;

    /* A host that was killed and started again may come back before its end was seen. */
    if (usbredir->connection && usbredir_connection_is_dead(usbredir->connection))
        closed(usbredir, "the host closed the connection");
    if (usbredir->connection && !usbredir_connection_is_introduced(usbredir->connection))
        closed(usbredir, "it had not said hello when another one came");
    if (usbredir->connection) {
        close(fd);
        usbredir->events->refused(usbredir->events->context, "one is connected already");
        return;
    }
    if (!attach(usbredir, fd))
        usbredir->events->refused(usbredir->events->context, strerror(ENOMEM));
}

static bool make_room(void *context)
{
    const struct usbredir_events *events = ((struct usbredir *)context)->events;

    return events->make_room && events->make_room(events->context);
}

static void exhausted(void *context, int error)
{
    const struct usbredir_events *events = ((struct usbredir *)context)->events;

    events->refused(events->context, strerror(error));
}

static bool is_listening(int fd)
{
    int listening = 0;
    socklen_t size = sizeof(listening);

    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening;
}

static bool start(struct usbredir *usbredir)
{
    const struct listener_events events = {
        .accepted = accepted, .make_room = make_room, .exhausted = exhausted, .context = usbredir};
    int flags = fcntl(usbredir->fd, F_GETFL);
    int fd;

    if (flags < 0 || fcntl(usbredir->fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return false;
    if (!is_listening(usbredir->fd)) {
        fd = fcntl(usbredir->fd, F_DUPFD_CLOEXEC, 0);
        return fd >= 0 && attach(usbredir, fd);
    }
    usbredir->listener = listener_create(usbredir->base, usbredir->fd, &events);
    return usbredir->listener;
}

struct usbredir *usbredir_create(struct event_base *base, int fd, struct drive *drive,
                                 enum usb_speed speed, const struct usbredir_events *events)
{
    struct usbredir *usbredir = calloc(1, sizeof(*usbredir));

    if (!usbredir)
        return NULL;
    usbredir->base = base;
    usbredir->drive = drive;
    usbredir->speed = speed;
    usbredir->events = events;
    usbredir->fd = fd;
    if (start(usbredir))
        return usbredir;
    usbredir_destroy(usbredir);
    return NULL;
}

void usbredir_destroy(struct usbredir *usbredir)
{
    int error = errno;

    if (!usbredir)
        return;
    listener_destroy(usbredir->listener);
    usbredir_connection_destroy(usbredir->connection);
    free(usbredir);
    errno = error;
}

bool usbredir_is_connected(const struct usbredir *usbredir)
{
    return usbredir->connection != NULL;
}

bool usbredir_is_listening(const struct usbredir *usbredir)
{
    return usbredir->listener != NULL;
}
