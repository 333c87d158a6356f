/* SPDX-License-Identifier: MIT */
#include "handlers/usbredir/usbredir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handlers/usbredir/usbredir_connection.h"

struct usbredir {
    struct event_base *base;
    struct drive *drive;
    enum usb_speed speed;
    const struct usbredir_events *events;
    int fd;
    struct event *listener; /* NULL when `fd` is the connection itself */
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

static void acceptable(evutil_socket_t listener, short what, void *context)
{
    struct usbredir *usbredir = context;
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    (void)what;
    if (fd < 0)
        return;
    /* A host that was killed and started again may come back before its end was seen. */
    if (usbredir->connection && usbredir_connection_is_dead(usbredir->connection))
        closed(usbredir, "the host closed the connection");
    if (usbredir->connection) {
        close(fd);
        usbredir->events->refused(usbredir->events->context);
        return;
    }
    if (!attach(usbredir, fd))
        usbredir->events->refused(usbredir->events->context);
}

static bool is_listening(int fd)
{
    int listening = 0;
    socklen_t size = sizeof(listening);

    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening;
}

static bool start(struct usbredir *usbredir)
{
    int flags = fcntl(usbredir->fd, F_GETFL);
    int fd;

    if (flags < 0 || fcntl(usbredir->fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return false;
    if (!is_listening(usbredir->fd)) {
        fd = fcntl(usbredir->fd, F_DUPFD_CLOEXEC, 0);
        return fd >= 0 && attach(usbredir, fd);
    }
    usbredir->listener =
        event_new(usbredir->base, usbredir->fd, EV_READ | EV_PERSIST, acceptable, usbredir);
    return usbredir->listener && event_add(usbredir->listener, NULL) == 0;
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
    if (usbredir->listener)
        event_free(usbredir->listener);
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
