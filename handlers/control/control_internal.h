/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CONTROL_CONTROL_INTERNAL_H
#define HANDLERS_CONTROL_CONTROL_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include <event2/event.h>
#include <jansson.h>

#include "emulator/drive.h"
#include "handlers/control/control.h"
#include "handlers/system/listener.h"
#include "handlers/trace/trace_file.h"
#include "handlers/trace/trace_observer.h"

struct control_making;

/* One client as the server sees it. */
struct control_client {
    struct control *control;
    struct control_client *next;
    int fd;
    struct event *readable, *writable;
    struct event *resume; /* its next turn, with requests that have been read already */
    struct evbuffer *input, *output;
    bool closing;       /* nothing more is read; ends when `output` is empty */
    bool stalled;       /* nothing is read until it is not congested any more */
    bool gone;          /* the reaper frees it */
    bool waits;         /* for an answer that comes later; until then nothing is read */
    bool spoke;         /* it has sent a request */
    bool watches;       /* gets the trace */
    uint64_t since;     /* when it came or spoke last, by the `clock` of all */
    unsigned long lost; /* events that it had no room for and does not know of yet */
};

struct control {
    struct event_base *base;
    struct drive *drive;
    const struct control_server *server;
    struct listener *listener;
    struct event *reaper;
    struct event *sender;       /* sends the backlog */
    json_t *backlog;            /* events for the clients, if the drive is called on many threads */
    unsigned long backlog_lost; /* events that did not fit */
    struct control_client *clients;
    unsigned client_count;
    uint64_t clock; /* counts clients and requests */
    struct drive_observer observer;
    bool tray_open;

    struct control_client *requester; /* whose request is being executed, */
    json_t *request_id;               /* and its id, or NULL */
    struct control_making *making;    /* a disc that is being made for "insert" */
    struct diagnostics diagnostics;   /* standard error */
    struct trace_file *trace;         /* that a client started */
    struct trace_observer *watch;     /* for the clients that watch */
};

/* Why a request was refused.  The classes are those of QMP, and InvalidArgument. */
struct control_error {
    const char *class;
    char text[2048];
    bool later; /* it was not refused: control_answer() will answer the requester */
};

__attribute__((format(printf, 3, 4))) void
control_refuse(struct control_error *error, const char *class, const char *format, ...);

/* A sink for diagnostics whose context is a struct control_error: one line of its text each, shown
 * as media/shown_text.h has it, so that a value cannot make up a line. */
void control_gather(void *context, const char *text);

/* Executes a command.  Returns what it answers, a new reference, or NULL with `error` filled. */
json_t *control_execute(struct control *control, const char *name, json_t *arguments,
                        struct control_error *error);

/* Answers a request later: with `value`, taken over, or if that is NULL with the error.  The client
 * has waited for it; what it has sent since is served next. */
void control_answer(struct control_client *client, json_t *id, json_t *value,
                    const struct control_error *error);

/* A drive with many threads is locked around each event of the base. */
void control_enter(const struct control *control);
void control_leave(const struct control *control);

/* Ends a client: it gets nothing more and is freed in a turn of its own, for clients may end while
 * others are being served. */
void control_drop(struct control_client *client);

/* Whether so much is unread that no request is served and no event is sent. */
bool control_is_congested(const struct control_client *client);
/* Sends what the socket takes without waiting; the loop goes on with the rest. */
void control_flush(struct control_client *client);
/* Sends one object and takes it over; drops the client when memory is short. */
void control_send(struct control_client *client, json_t *object);
/* An event of the base. */
void control_send_backlog(evutil_socket_t fd, short what, void *context);

/* Parts of the answers, new references, NULL when memory is short. */
json_t *control_region(const struct drive *drive, const struct region_state *region);

/* Sends an event to every client.  `data` is taken over; NULL when memory was short for it: then
 * nothing is sent. */
void control_emit(struct control *control, const char *event, json_t *data);

/* Sent only to the clients that watch. */
#define CONTROL_EVENT_TRACE "trace"

/* The client whose request is being executed watches from now on. */
void control_watch(struct control *control);
bool control_is_watched(const struct control *control);

/* The observer that turns events of the drive into events of the protocol. */
void control_observe(struct control *control);

#endif
