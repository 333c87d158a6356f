/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CONTROL_CONTROL_INTERNAL_H
#define HANDLERS_CONTROL_CONTROL_INTERNAL_H

#include <jansson.h>

#include "emulator/drive.h"
#include "handlers/control/control.h"
#include "handlers/trace/trace_file.h"
#include "handlers/trace/trace_observer.h"

struct control_client;

struct control {
    struct event_base *base;
    struct drive *drive;
    const struct control_server *server;
    struct event *listener, *reaper;
    struct event *sender;    /* sends the backlog */
    json_t *backlog;         /* events for the clients, if the drive is called on many threads */
    bool backlog_overflowed; /* some had to be left out */
    struct control_client *clients;
    unsigned client_count;
    struct drive_observer observer;
    bool tray_open;

    struct control_client *requester; /* whose request is being executed */
    struct diagnostics diagnostics;   /* standard error */
    struct trace_file *trace;         /* that a client started */
    struct trace_observer *watch;     /* for the clients that watch */
};

/* Why a request was refused.  The classes are those of QMP, and InvalidArgument. */
struct control_error {
    const char *class;
    char text[2048];
};

__attribute__((format(printf, 3, 4))) void
control_refuse(struct control_error *error, const char *class, const char *format, ...);

/* A sink for diagnostics whose context is a struct control_error: one line of its text each. */
void control_gather(void *context, const char *text);

/* Executes a command.  Returns what it answers, a new reference, or NULL with `error` filled. */
json_t *control_execute(struct control *control, const char *name, json_t *arguments,
                        struct control_error *error);

/* Parts of the answers, new references, NULL when memory is short. */
json_t *control_region(const struct drive *drive, const struct region_state *region);
/* Text of unknown coding: bytes that are not UTF-8 become question marks. */
json_t *control_text(const char *text);

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
