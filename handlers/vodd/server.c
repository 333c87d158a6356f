/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handlers/system/clock.h"
#include "handlers/system/drive_files.h"
#include "handlers/system/server_log.h"
#include "handlers/vodd/commands.h"

/* The drive ---------------------------------------------------------------- */

static bool make_disc(struct server *server, struct disc **disc)
{
    *disc = NULL;
    if (!server->options->file)
        return true;
    *disc = disc_options_make(&server->options->disc, server->options->file, &server->files,
                              server->diagnostics);
    run_files_exchange_disc(&server->files, *disc != NULL);
    return *disc != NULL;
}

static struct output_file *open_output(struct server *server, const char *path,
                                       enum output_kind kind)
{
    const struct output_terms terms = {
        .kind = kind,
        .force = OUTPUT_FORCE(server->options->force),
        .pipes = OUTPUT_PIPES_BUFFERED,
        .files = &server->files,
        .base = server->base,
    };

    return output_file_open(path, &terms, server->diagnostics);
}

/* Opened before anything is made and written only afterwards, so that whatever goes wrong has
 * changed no file. */
static bool open_outputs(struct server *server)
{
    const struct serve_options *options = server->options;

    if (options->trace &&
        !(server->trace_output = open_output(server, options->trace, OUTPUT_TRACE)))
        return false;
    return !options->capture ||
           (server->capture_output = open_output(server, options->capture, OUTPUT_CAPTURE));
}

static bool make_traces(struct server *server)
{
    const struct serve_options *options = server->options;

    server->trace = trace_file_open(server->trace_output, server->drive,
                                    (size_t)options->trace_medium, server->diagnostics);
    server->capture = capture_drive(server->capture_output, server->drive, server->diagnostics);
    server->trace_output = server->capture_output = NULL;
    return (server->trace || !options->trace) && (server->capture || !options->capture);
}

/* A rule lets the drive lose its power: no answer, no clearing up, as if it had been killed. */
static void lose_power(void *context)
{
    (void)context;
    _exit(EXIT_POWER_LOST);
}

static bool make_drive(struct server *server, struct disc *disc)
{
    struct drive_environment environment = {.lose_power = lose_power};
    struct drive_nonvolatile state;
    bool has_state = server->options->state != NULL;

    if (has_state && !state_file_note(server->options->state, &server->files, server->diagnostics))
        return false;
    if (has_state) {
        server->state_file =
            state_file_open(server->options->state, &server->profile, &state, server->diagnostics);
        if (!server->state_file)
            return false;
        environment.store = state_file_store;
        environment.context = server->state_file;
    }
    server->drive =
        drive_create(&server->profile, has_state ? &state : NULL, &environment, clock_now());
    if (server->drive)
        server->medium_log = medium_log_create(server->drive, server->diagnostics);
    if (!server->medium_log) {
        diagnostics_error(server->diagnostics, "%s", strerror(ENOMEM));
        return false;
    }
    /* Before the disc goes in, so that a trace has that too. */
    if (!make_traces(server))
        return false;
    if (disc && !drive_insert(server->drive, disc, clock_now())) {
        diagnostics_error(server->diagnostics, "%s", strerror(ENOMEM));
        return false;
    }
    return true;
}

/* The event loop ----------------------------------------------------------- */

static void signalled(evutil_socket_t number, short what, void *context)
{
    (void)number, (void)what;
    ((struct server *)context)->ending = true;
}

static void drive_due(evutil_socket_t fd, short what, void *context)
{
    struct server *server = context;

    (void)fd, (void)what;
    server->armed = CLOCK_NEVER;
    drive_advance(server->drive, clock_now());
}

/* Each of them ends the server in order, so that no socket is left behind. */
static const int ending_signals[SERVER_SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/* nohup(1) has SIGHUP ignored. */
static bool is_ignored(int number)
{
    struct sigaction action;

    return number == SIGHUP && sigaction(number, NULL, &action) == 0 &&
           action.sa_handler == SIG_IGN;
}

static bool catch_signals(struct server *server)
{
    for (size_t i = 0; i < SERVER_SIGNALS; i++) {
        if (is_ignored(ending_signals[i]))
            continue;
        server->signals[i] = evsignal_new(server->base, ending_signals[i], signalled, server);
        if (!server->signals[i] || event_add(server->signals[i], NULL) < 0)
            return false;
    }
    return true;
}

static bool make_parts(struct server *server)
{
    server->base = event_base_new();
    if (!server->base)
        return false;
    server->drive_timer = evtimer_new(server->base, drive_due, server);
    return server->drive_timer && catch_signals(server);
}

static bool make_loop(struct server *server)
{
    errno = 0;
    if (make_parts(server))
        return true;
    diagnostics_error(server->diagnostics, "the event loop cannot be made: %s",
                      strerror(errno ? errno : ENOMEM));
    return false;
}

/* Each access moves the deadline of the drive's idle timers; the timer is not moved with it but
 * looks again when it is due. */
static void arm_drive_timer(struct server *server)
{
    uint64_t deadline = drive_deadline(server->drive);
    struct timeval wait;

    if (deadline >= server->armed)
        return;
    wait = clock_until(deadline, clock_now());
    event_add(server->drive_timer, &wait);
    server->armed = deadline;
}

bool server_turn(struct server *server, bool waits)
{
    if (server->ending)
        return false;
    arm_drive_timer(server);
    event_base_loop(server->base, waits ? EVLOOP_ONCE : EVLOOP_NONBLOCK);
    return !server->ending;
}

/* Hosts and clients -------------------------------------------------------- */

static void host_changed(void *context, bool connected, const char *reason)
{
    struct server *server = context;

    server->connected = connected;
    if (connected)
        server_log("a host is connected");
    else
        server_log("the host is gone: %s", reason);
    if (server->control)
        control_host_changed(server->control, connected);
    /* Nobody can come through a socket that was handed over connected. */
    if (!connected && server->options->fd >= 0 && server->usbredir &&
        !usbredir_is_listening(server->usbredir))
        server->ending = true;
}

static void host_refused(void *context, const char *reason)
{
    (void)context;
    server_log("a further host was turned away: %s", reason);
}

/* The host comes before clients that do nothing. */
static bool make_room(void *context)
{
    return control_make_room(((struct server *)context)->control);
}

static bool is_connected(void *context)
{
    return ((struct server *)context)->connected;
}

static void quit(void *context)
{
    ((struct server *)context)->ending = true;
}

static bool start_handlers(struct server *server)
{
    int fd = server->options->fd >= 0 ? server->options->fd : server->usb_socket.fd;

    server->control_server = (struct control_server){
        .name = server->options->name,
        .is_connected = is_connected,
        .quit = quit,
        .files = &server->files,
        .base = server->base,
        .context = server,
    };
    server->usbredir_events = (struct usbredir_events){
        .connected = host_changed,
        .refused = host_refused,
        .make_room = make_room,
        .context = server,
    };
    server->control = control_create(server->base, server->control_socket.fd, server->drive,
                                     &server->control_server);
    if (server->control)
        server->usbredir = usbredir_create(server->base, fd, server->drive, server->options->speed,
                                           &server->usbredir_events);
    if (server->usbredir)
        return true;
    diagnostics_error(server->diagnostics, "cannot serve: %s", strerror(errno));
    return false;
}

int server_open(struct server *server, const struct serve_options *options,
                struct diagnostics *diagnostics)
{
    struct disc *disc;
    bool open;

    memset(server, 0, sizeof(*server));
    server->options = options;
    server->diagnostics = diagnostics;
    server->armed = CLOCK_NEVER;
    server->control_socket.fd = -1;
    server->usb_socket.fd = -1;
    if (!drive_files_load_profile(server->options->profile, server->options->name, &server->profile,
                                  server->diagnostics) ||
        !drive_files_note_profile(&server->files, options->profile, diagnostics) ||
        !make_disc(server, &disc))
        return EXIT_INPUT;
    /* The control socket first: asking whether somebody listens there does not look like a host.
     * The state last: a missing file is made. */
    open = make_loop(server) &&
           unix_socket_listen(&server->control_socket, options->control, diagnostics) &&
           (!options->socket ||
            unix_socket_listen(&server->usb_socket, options->socket, diagnostics)) &&
           open_outputs(server) && make_drive(server, disc) && start_handlers(server);
    disc_release(disc);
    return open ? EXIT_SUCCESS : EXIT_FAILURE;
}

bool server_close(struct server *server)
{
    bool whole;

    usbredir_destroy(server->usbredir);
    whole = control_destroy(server->control);
    unix_socket_close(&server->usb_socket);
    unix_socket_close(&server->control_socket);
    output_file_close(server->trace_output);
    output_file_close(server->capture_output);
    whole = trace_file_close(server->trace) && whole;
    whole = capture_close(server->capture) && whole;
    medium_log_destroy(server->medium_log);
    drive_destroy(server->drive);
    drive_profile_release(&server->profile);
    state_file_close(server->state_file);
    if (server->drive_timer)
        event_free(server->drive_timer);
    for (size_t i = 0; i < SERVER_SIGNALS; i++)
        if (server->signals[i])
            event_free(server->signals[i]);
    if (server->base)
        event_base_free(server->base);
    run_files_release(&server->files);
    return whole;
}
