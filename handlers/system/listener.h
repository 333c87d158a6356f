/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_SYSTEM_LISTENER_H
#define HANDLERS_SYSTEM_LISTENER_H

/*
 * A listening socket on an event loop: one connection is accepted a turn, so that those who connect
 * do not starve those who are connected.
 *
 * Without a descriptor for it a connection stays acceptable, and a loop that only tries again would
 * do nothing else.  So, in this order: somebody is asked to give a descriptor up; the connection is
 * turned away, with a descriptor that is kept in reserve for that; or the socket is left alone for
 * a while.  The last is also what happens when accepting fails for another lasting reason.
 */

#include <stdbool.h>

#include <event2/event.h>

struct listener;

struct listener_events {
    /* A connection, which is taken over; it neither blocks nor survives an exec. */
    void (*accepted)(void *context, int fd);
    /* Gives up a descriptor that matters less than a new connection; false if there is none.  NULL:
     * there never is. */
    bool (*make_room)(void *context);
    /* No connection can be accepted as it should, `error` (errno) says why.  Told once, and again
     * only after one was accepted without difficulty. */
    void (*exhausted)(void *context, int error);
    void *context;
};

/*
 * Accepts on `fd`, a socket that listens and does not block and stays the caller's.  `base` must
 * outlive the listener; `events` is copied.  Called and calling on the thread of `base`.  Returns
 * NULL when memory is short or with errno set.
 */
struct listener *listener_create(struct event_base *base, int fd,
                                 const struct listener_events *events);
/* NULL is allowed. */
void listener_destroy(struct listener *listener);

#endif
