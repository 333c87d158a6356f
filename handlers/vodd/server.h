/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_VODD_SERVER_H
#define HANDLERS_VODD_SERVER_H

/*
 * A drive with everything around it: disc, state file, control socket, usbredir.
 */

#include <event2/event.h>

#include "emulator/drive.h"
#include "handlers/capture/capture.h"
#include "handlers/control/control.h"
#include "handlers/state_file/state_file.h"
#include "handlers/system/medium_log.h"
#include "handlers/system/output_file.h"
#include "handlers/system/run_files.h"
#include "handlers/system/unix_socket.h"
#include "handlers/trace/trace_file.h"
#include "handlers/usbredir/usbredir.h"
#include "handlers/vodd/serve_options.h"
#include "media/diagnostics.h"

/* How many signals end a server. */
#define SERVER_SIGNALS 4

struct server {
    const struct serve_options *options;
    struct diagnostics *diagnostics;
    struct drive_profile profile;
    struct state_file *state_file;
    struct drive *drive;
    struct medium_log *medium_log;
    struct run_files files;
    struct output_file *trace_output, *capture_output; /* until something is written */
    struct trace_file *trace;
    struct capture *capture;
    struct event_base *base;
    struct event *drive_timer;
    struct event *signals[SERVER_SIGNALS];
    uint64_t armed; /* when drive_timer is due; UINT64_MAX: not armed */
    struct unix_socket control_socket, usb_socket;
    struct control_server control_server;
    struct usbredir_events usbredir_events;
    struct control *control;
    struct usbredir *usbredir;
    bool connected; /* a host is there */
    bool ending;
};

/*
 * Makes the drive and listens.  Whatever goes wrong is reported, and then nothing has been changed
 * on disk.  Returns 0 or the exit status; `options` and `diagnostics` must outlive the server.
 */
int server_open(struct server *server, const struct serve_options *options,
                struct diagnostics *diagnostics);
/*
 * Serves what there is to do, `waits`: until there is something.  False when SIGINT, SIGTERM,
 * SIGHUP (unless it is ignored), SIGQUIT, the control socket or the end of the only host has ended
 * it.
 */
bool server_turn(struct server *server, bool waits);
/* Also after server_open() has failed.  False when part of a trace or a capture was lost, which is
 * reported. */
bool server_close(struct server *server);

#endif
