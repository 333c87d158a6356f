/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CONTROL_CONTROL_H
#define HANDLERS_CONTROL_CONTROL_H

/*
 * The control socket of a running drive: JSON objects, one a line, in the manner of QMP, documented
 * in vodd-control(7).  It knows the drive and nothing of the transport that serves it.
 */

#include <stdbool.h>

#include <event2/event.h>
#include <jansson.h>

#include "emulator/drive.h"

/* The longest line of a client, in bytes without its newline; a longer one ends its connection. */
#define CONTROL_LINE_MAX (64 * 1024)
/* While a client leaves more than this unread none of its requests is served, and events are left
 * out for it; it hears how many when it has read half of that. */
#define CONTROL_OUTPUT_MAX (1024 * 1024)
/* Events of other threads that wait for that of the event base; further ones are left out. */
#define CONTROL_BACKLOG_MAX 4096
/* For one client more another one is closed, see control_make_room(). */
#define CONTROL_CLIENTS_MAX 64

struct control;
struct run_files;

/* The server around the drive. */
struct control_server {
    const char *name;                    /* of the drive, ASCII */
    bool (*is_connected)(void *context); /* whether a host is attached to the drive */
    void (*quit)(void *context);         /* the client asked the server to end; NULL: it cannot */
    /*
     * For a drive that is called from other threads than that of the event base as well: taken
     * around everything that the control socket does by itself.  Then events of the drive may come
     * on any thread that holds the lock, and the base must have been made after
     * evthread_use_pthreads().  NULL: there is one thread.
     */
    void (*lock)(void *context);
    void (*unlock)(void *context);
    struct run_files *files; /* of the drive, with its lock; NULL: nobody keeps them */
    /* Whose turns write to pipes, see output_file.h; NULL: traces go to regular files only. */
    struct event_base *base;
    void *context;
};

/*
 * Accepts clients on the listening socket `fd`, which stays the caller's (-1: none, only
 * control_adopt() brings clients), and observes `drive`.  `base`, `drive` and `server` must outlive
 * it.  Returns NULL when memory is short.
 */
struct control *control_create(struct event_base *base, int fd, struct drive *drive,
                               const struct control_server *server);

/* Sends what the clients' sockets take without waiting and closes them, and ends the trace that a
 * client started: false when part of that was lost, which is reported.  NULL is allowed. */
bool control_destroy(struct control *control);

/* Takes over a connected stream socket as a client; false, and `fd` is closed, if memory is short.
 */
bool control_adopt(struct control *control, int fd);

/*
 * Closes the client that matters least, so that its descriptor is free: one that never sent a
 * request, else one that does not watch, else one that does; of several the one that has been
 * silent for the longest time.  False if there is none.  Not while a request is executed.
 */
bool control_make_room(struct control *control);

/* What "status" answers, a new reference; NULL when memory is short. */
json_t *control_status(const struct control *control);

/* Tells every client that a host has been attached or is gone. */
void control_host_changed(struct control *control, bool connected);

#endif
