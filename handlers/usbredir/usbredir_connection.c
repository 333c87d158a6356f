/* SPDX-License-Identifier: MIT */
#include "handlers/usbredir/usbredir_internal.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handlers/system/clock.h"

/*
 * The stream: bytes from the socket to the parser and back, and the life of a connection.
 */

void usbredir_fail(struct usbredir_connection *connection, const char *format, ...)
{
    va_list arguments;

    if (connection->failed)
        return;
    connection->failed = true;
    va_start(arguments, format);
    vsnprintf(connection->failure, sizeof(connection->failure), format, arguments);
    va_end(arguments);
}

bool usbredir_is_congested(const struct usbredir_connection *connection)
{
    return usbredirparser_has_data_to_write(connection->parser) > USBREDIR_OUTPUT_PACKETS_MAX ||
           usbredirparser_get_bufferered_output_size(connection->parser) > USBREDIR_OUTPUT_MAX;
}

/* Everything that the parser calls an error ends the connection: a host that breaks the protocol,
 * or an answer that was lost because memory is short. */
static void parser_says(void *context, int level, const char *message)
{
    if (level == usbredirparser_error)
        usbredir_fail(context, "%s", message);
}

static bool fill_input(struct usbredir_connection *connection)
{
    ssize_t length = recv(connection->fd, connection->input, sizeof(connection->input), 0);

    if (length < 0) {
        if (errno != EAGAIN && errno != EINTR)
            usbredir_fail(connection, "the connection was lost: %s", strerror(errno));
        return false;
    }
    if (length == 0) {
        usbredir_fail(connection, "the host closed the connection");
        return false;
    }
    connection->input_at = 0;
    connection->input_length = (size_t)length;
    connection->drained = (size_t)length < sizeof(connection->input);
    return true;
}

static bool has_long_ids(struct usbredir_connection *connection)
{
    return usbredirparser_have_peer_caps(connection->parser) &&
           usbredirparser_peer_has_cap(connection->parser, usb_redir_cap_64bits_ids);
}

/* Whether the parser may have another byte in this turn. */
static bool may_read(struct usbredir_connection *connection)
{
    if (connection->turn == 0 || usbredir_is_congested(connection))
        return false;
    if (!packet_guard_is_between(&connection->guard))
        return true;
    if (connection->turn_packets == 0)
        return false;
    connection->turn_packets--;
    return true;
}

static int read_for_parser(void *context, uint8_t *data, int count)
{
    struct usbredir_connection *connection = context;
    size_t length = (size_t)count;

    if (connection->failed)
        return -1;
    if (!may_read(connection))
        return 0;
    if (connection->input_at == connection->input_length &&
        (connection->drained || !fill_input(connection)))
        return connection->failed ? -1 : 0;
    if (length > connection->input_length - connection->input_at)
        length = connection->input_length - connection->input_at;
    if (length > connection->turn)
        length = connection->turn;
    memcpy(data, connection->input + connection->input_at, length);
    connection->input_at += length;
    connection->turn -= length;
    if (!packet_guard_pass(&connection->guard, data, length, has_long_ids(connection))) {
        usbredir_fail(connection, "the host sent a packet of more than %u bytes",
                      USBREDIR_PACKET_MAX);
        return -1;
    }
    return (int)length;
}

static int write_for_parser(void *context, uint8_t *data, int count)
{
    struct usbredir_connection *connection = context;
    ssize_t length;

    if (connection->full)
        return 0;
    length = send(connection->fd, data, (size_t)count, MSG_NOSIGNAL);
    if (length >= 0) {
        connection->full = length < count;
        return (int)length;
    }
    if (errno == EAGAIN || errno == EINTR)
        return 0;
    usbredir_fail(connection, "the connection was lost: %s", strerror(errno));
    return -1;
}

/* Which events the connection waits for. */
static void wait_on(struct usbredir_connection *connection)
{
    static const struct timeval next_turn = {0};

    if (usbredirparser_has_data_to_write(connection->parser))
        event_add(connection->writable, NULL);
    else
        event_del(connection->writable);
    event_del(connection->readable);
    if (usbredir_is_congested(connection))
        return;
    /* Bytes that were received but not parsed raise no event of their own.  A timer comes after the
     * others have had their turn; an event that is made active does not. */
    if (connection->input_at < connection->input_length)
        event_add(connection->resume, &next_turn);
    else
        event_add(connection->readable, NULL);
}

static void turn(struct usbredir_connection *connection)
{
    char failure[sizeof(connection->failure)];

    connection->turn = USBREDIR_TURN_MAX;
    connection->turn_packets = USBREDIR_TURN_PACKETS_MAX;
    connection->drained = false;
    connection->full = false;
    if (usbredirparser_do_read(connection->parser) == usbredirparser_read_parse_error)
        usbredir_fail(connection, "the host sent a packet that is not valid");
    usbredirparser_do_write(connection->parser);
    usbredir_answer(connection);
    usbredirparser_do_write(connection->parser);
    if (!connection->failed && !bulk_only_is_unplugged(&connection->transport)) {
        wait_on(connection);
        return;
    }
    if (!connection->failed) {
        connection->closed(connection->context, "a fault rule unplugged the drive");
        return;
    }
    /* The connection will not outlive the call. */
    memcpy(failure, connection->failure, sizeof(failure));
    connection->closed(connection->context, failure);
}

static void happened(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    turn(context);
}

static void tidy(evutil_socket_t fd, short what, void *context)
{
    struct usbredir_connection *connection = context;

    (void)fd, (void)what;
    free(connection->buffer);
    connection->buffer = NULL;
    connection->buffer_size = 0;
    malloc_trim(0);
}

static bool start_parser(struct usbredir_connection *connection)
{
    static const int capabilities[] = {
        usb_redir_cap_connect_device_version,
        usb_redir_cap_filter,
        usb_redir_cap_device_disconnect_ack,
        usb_redir_cap_ep_info_max_packet_size,
        usb_redir_cap_64bits_ids,
        usb_redir_cap_32bits_bulk_length,
    };
    uint32_t caps[USB_REDIR_CAPS_SIZE] = {0};

    connection->parser = usbredirparser_create();
    if (!connection->parser)
        return false;
    connection->parser->priv = connection;
    connection->parser->log_func = parser_says;
    connection->parser->read_func = read_for_parser;
    connection->parser->write_func = write_for_parser;
    usbredir_set_callbacks(connection->parser);
    for (size_t i = 0; i < sizeof(capabilities) / sizeof(*capabilities); i++)
        usbredirparser_caps_set_cap(caps, capabilities[i]);
    usbredirparser_init(connection->parser, "vodd " VODD_VERSION, caps, USB_REDIR_CAPS_SIZE,
                        usbredirparser_fl_usb_host);
    return !connection->failed;
}

/* A command that a rule held can be answered now. */
static void observe(struct drive_observer *observer, const struct drive_event *event)
{
    struct usbredir_connection *connection =
        (struct usbredir_connection *)(void *)((char *)observer -
                                               offsetof(struct usbredir_connection, observer));

    if (event->kind == DRIVE_EVENT_FAULT && event->fault.change == DRIVE_FAULT_REMOVED)
        event_active(connection->timer, EV_TIMEOUT, 0);
}

static bool start(struct usbredir_connection *connection, struct event_base *base)
{
    static const int output = USBREDIR_OUTPUT_MAX;

    /* As much as the system allows: each time that the socket is full costs a turn of the loop. */
    setsockopt(connection->fd, SOL_SOCKET, SO_SNDBUF, &output, sizeof(output));
    connection->readable =
        event_new(base, connection->fd, EV_READ | EV_PERSIST, happened, connection);
    connection->writable =
        event_new(base, connection->fd, EV_WRITE | EV_PERSIST, happened, connection);
    connection->timer = event_new(base, -1, 0, happened, connection);
    connection->tidying = event_new(base, -1, 0, tidy, connection);
    connection->resume = evtimer_new(base, happened, connection);
    if (!connection->readable || !connection->writable || !connection->timer ||
        !connection->tidying || !connection->resume)
        return false;
    if (!start_parser(connection))
        return false;
    connection->nexus = drive_nexus_attach(connection->drive, false);
    return connection->nexus && event_add(connection->readable, NULL) == 0 &&
           event_add(connection->writable, NULL) == 0;
}

static void release(struct usbredir_connection *connection)
{
    if (connection->readable)
        event_free(connection->readable);
    if (connection->writable)
        event_free(connection->writable);
    if (connection->timer)
        event_free(connection->timer);
    if (connection->tidying)
        event_free(connection->tidying);
    if (connection->resume)
        event_free(connection->resume);
    if (connection->nexus)
        drive_nexus_detach(connection->nexus);
    if (connection->parser)
        usbredirparser_destroy(connection->parser);
    free(connection->buffer);
    free(connection);
}

struct usbredir_connection *
usbredir_connection_create(struct event_base *base, int fd, struct drive *drive,
                           enum usb_speed speed, void (*closed)(void *context, const char *reason),
                           void *context)
{
    struct usbredir_connection *connection = calloc(1, sizeof(*connection));

    if (!connection)
        return NULL;
    connection->fd = fd;
    connection->drive = drive;
    connection->closed = closed;
    connection->context = context;
    if (!start(connection, base)) {
        release(connection);
        return NULL;
    }
    connection->observer.event = observe;
    drive_observe(drive, &connection->observer);
    bulk_only_init(&connection->transport, drive, connection->nexus);
    usb_device_init(&connection->device, drive_profile(drive), speed, &connection->transport);
    return connection;
}

void usbredir_connection_destroy(struct usbredir_connection *connection)
{
    int fd;

    if (!connection)
        return;
    if (connection->introduced && !connection->failed) {
        usbredirparser_send_device_disconnect(connection->parser);
        usbredirparser_do_write(connection->parser);
    }
    bulk_only_restart(&connection->transport, clock_now());
    drive_unobserve(connection->drive, &connection->observer);
    fd = connection->fd;
    release(connection);
    close(fd);
}

bool usbredir_connection_is_dead(const struct usbredir_connection *connection)
{
    struct pollfd poll_fd = {.fd = connection->fd, .events = POLLRDHUP};

    return poll(&poll_fd, 1, 0) == 1 && (poll_fd.revents & (POLLRDHUP | POLLHUP | POLLERR));
}

bool usbredir_connection_is_introduced(const struct usbredir_connection *connection)
{
    return connection->introduced;
}
