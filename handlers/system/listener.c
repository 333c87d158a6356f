/* SPDX-License-Identifier: MIT */
#include "handlers/system/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long the socket is left alone: short for people, long for a processor. */
#define PAUSE_MICROSECONDS 100000

struct listener {
    struct event *readable, *pause;
    struct listener_events events;
    int reserve;    /* a descriptor that stands for the one that would be needed; -1: lost */
    bool exhausted; /* and that was told */
};

static int accept_one(int fd)
{
    return accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

static void refill(struct listener *listener)
{
    if (listener->reserve < 0)
        listener->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static bool is_out_of_descriptors(int error)
{
    return error == EMFILE || error == ENFILE;
}

/* What concerns the connection alone (for TCP also what befell it on the way, see accept(2)), so
 * that the next one may be accepted at once. */
static bool is_passing(int error)
{
    static const int passing[] = {EAGAIN,     EINTR,       ECONNABORTED, EPROTO,    EPERM,
                                  ENETDOWN,   ENOPROTOOPT, EHOSTDOWN,    ENONET,    EHOSTUNREACH,
                                  EOPNOTSUPP, ENETUNREACH, ETIMEDOUT,    ECONNRESET};

    for (size_t i = 0; i < sizeof(passing) / sizeof(*passing); i++)
        if (error == passing[i])
            return true;
    return false;
}

/* Accepts with the descriptor of the reserve and closes at once. */
static bool turn_away(struct listener *listener, int fd)
{
    int connection;

    if (listener->reserve < 0)
        return false;
    close(listener->reserve);
    listener->reserve = -1;
    connection = accept_one(fd);
    if (connection >= 0)
        close(connection);
    refill(listener);
    return connection >= 0;
}

static void tell(struct listener *listener, int error)
{
    if (!listener->exhausted)
        listener->events.exhausted(listener->events.context, error);
    listener->exhausted = true;
}

static void leave_alone(struct listener *listener)
{
    static const struct timeval pause = {.tv_usec = PAUSE_MICROSECONDS};

    event_del(listener->readable);
    event_add(listener->pause, &pause);
}

static void acceptable(evutil_socket_t fd, short what, void *context)
{
    struct listener *listener = context;
    int connection = accept_one(fd);
    int error = errno;

    (void)what;
    if (connection >= 0) {
        listener->exhausted = false;
    } else if (is_passing(error)) {
        return;
    } else {
        tell(listener, error);
        if (is_out_of_descriptors(error) && listener->events.make_room &&
            listener->events.make_room(listener->events.context))
            connection = accept_one(fd);
    }
    if (connection >= 0)
        listener->events.accepted(listener->events.context, connection);
    else if (!is_out_of_descriptors(error) || !turn_away(listener, fd))
        leave_alone(listener);
}

static void resume(evutil_socket_t fd, short what, void *context)
{
    struct listener *listener = context;

    (void)fd, (void)what;
    refill(listener);
    event_add(listener->readable, NULL);
}

struct listener *listener_create(struct event_base *base, int fd,
                                 const struct listener_events *events)
{
    struct listener *listener = calloc(1, sizeof(*listener));

    if (!listener)
        return NULL;
    listener->events = *events;
    listener->reserve = -1;
    refill(listener);
    listener->readable = event_new(base, fd, EV_READ | EV_PERSIST, acceptable, listener);
    listener->pause = evtimer_new(base, resume, listener);
    if (listener->readable && listener->pause && event_add(listener->readable, NULL) == 0)
        return listener;
    listener_destroy(listener);
    return NULL;
}

void listener_destroy(struct listener *listener)
{
    if (!listener)
        return;
    if (listener->readable)
        event_free(listener->readable);
    if (listener->pause)
        event_free(listener->pause);
    if (listener->reserve >= 0)
        close(listener->reserve);
    free(listener);
}
