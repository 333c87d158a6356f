/* SPDX-License-Identifier: MIT */
#include "handlers/usbredir/usbredir_internal.h"

#include <stdlib.h>
#include <string.h>

#include "handlers/system/clock.h"

/*
 * Bulk transfers: between the packets of the host and the bulk-only transport.
 */

static void send_bulk(struct usbredir_connection *connection, uint64_t id, uint8_t endpoint,
                      uint8_t status, uint8_t *data, uint32_t length)
{
    struct usb_redir_bulk_packet_header header = {
        .endpoint = endpoint,
        .status = status,
        .length = (uint16_t)length,
        .length_high = (uint16_t)(length >> 16),
    };
    bool carries_data = endpoint == USB_ENDPOINT_IN && length > 0;

    usbredirparser_send_bulk_packet(connection->parser, id, &header, carries_data ? data : NULL,
                                    carries_data ? (int)length : 0);
}

static bool reserve_buffer(struct usbredir_connection *connection, size_t size)
{
    uint8_t *buffer;

    if (size <= connection->buffer_size)
        return true;
    buffer = malloc(size);
    if (!buffer)
        return false;
    free(connection->buffer);
    connection->buffer = buffer;
    connection->buffer_size = size;
    return true;
}

static void release_buffer(struct usbredir_connection *connection)
{
    if (connection->buffer_size <= USBREDIR_BUFFER_KEPT)
        return;
    free(connection->buffer);
    connection->buffer = NULL;
    connection->buffer_size = 0;
}

/* Answers one bulk-in transfer; false if it has to wait. */
static bool answer_request(struct usbredir_connection *connection,
                           const struct usbredir_request *request, uint64_t now)
{
    static const uint8_t statuses[] = {
        [BULK_ONLY_DONE] = usb_redir_success,
        [BULK_ONLY_STALL] = usb_redir_stall,
        [BULK_ONLY_BABBLE] = usb_redir_babble,
    };
    struct bulk_only *transport = &connection->transport;
    enum bulk_only_answer answer;
    size_t length;

    if (!reserve_buffer(connection, bulk_only_in_room(transport, request->length))) {
        send_bulk(connection, request->id, USB_ENDPOINT_IN, usb_redir_ioerror, NULL, 0);
        return true;
    }
    answer = bulk_only_in(transport, connection->buffer, request->length, &length, now);
    if (answer == BULK_ONLY_WAIT)
        return false;
    send_bulk(connection, request->id, USB_ENDPOINT_IN, statuses[answer], connection->buffer,
              (uint32_t)length);
    release_buffer(connection);
    return true;
}

static void remove_request(struct usbredir_connection *connection, size_t at)
{
    connection->requests--;
    memmove(connection->request + at, connection->request + at + 1,
            (connection->requests - at) * sizeof(*connection->request));
}

void usbredir_answer(struct usbredir_connection *connection)
{
    uint64_t deadline;

    while (connection->requests > 0 && !usbredir_is_congested(connection)) {
        uint64_t now = clock_now();
        if (answer_request(connection, &connection->request[0], now)) {
            remove_request(connection, 0);
            continue;
        }
        deadline = bulk_only_deadline(&connection->transport);
        if (deadline != CLOCK_NEVER) {
            struct timeval wait = clock_until(deadline, now);
            event_add(connection->timer, &wait);
        }
        return;
    }
}

static void bulk_in(struct usbredir_connection *connection, uint64_t id, uint32_t length)
{
    if (length > USBREDIR_BULK_IN_MAX) {
        send_bulk(connection, id, USB_ENDPOINT_IN, usb_redir_inval, NULL, 0);
    } else if (connection->requests == USBREDIR_REQUESTS_MAX) {
        send_bulk(connection, id, USB_ENDPOINT_IN, usb_redir_ioerror, NULL, 0);
    } else {
        connection->request[connection->requests++] =
            (struct usbredir_request){.id = id, .length = length};
    }
}

static void bulk_out(struct usbredir_connection *connection, uint64_t id, const uint8_t *data,
                     uint32_t length)
{
    enum bulk_only_answer answer = bulk_only_out(&connection->transport, data, length, clock_now());

    if (answer == BULK_ONLY_DONE)
        send_bulk(connection, id, USB_ENDPOINT_OUT, usb_redir_success, NULL, length);
    else
        send_bulk(connection, id, USB_ENDPOINT_OUT, usb_redir_stall, NULL, 0);
}

void usbredir_bulk_packet(void *context, uint64_t id, struct usb_redir_bulk_packet_header *header,
                          uint8_t *data, int data_length)
{
    struct usbredir_connection *connection = context;
    uint32_t length = header->length;

    if (usbredirparser_peer_has_cap(connection->parser, usb_redir_cap_32bits_bulk_length))
        length |= (uint32_t)header->length_high << 16;
    if (connection->device.configuration == 0 || header->stream_id != 0 ||
        (header->endpoint != USB_ENDPOINT_IN && header->endpoint != USB_ENDPOINT_OUT))
        send_bulk(connection, id, header->endpoint, usb_redir_inval, NULL, 0);
    else if (header->endpoint == USB_ENDPOINT_IN)
        bulk_in(connection, id, length);
    else
        bulk_out(connection, id, data, (uint32_t)data_length);
    usbredirparser_free_packet_data(connection->parser, data);
    usbredir_answer(connection);
}

void usbredir_cancel_data_packet(void *context, uint64_t id)
{
    struct usbredir_connection *connection = context;

    /* A transfer that was answered before the host gave it up needs nothing more. */
    for (size_t i = 0; i < connection->requests; i++) {
        if (connection->request[i].id != id)
            continue;
        remove_request(connection, i);
        send_bulk(connection, id, USB_ENDPOINT_IN, usb_redir_cancelled, NULL, 0);
        break;
    }
    usbredir_answer(connection);
}

void usbredir_cancel_all(struct usbredir_connection *connection)
{
    for (size_t i = 0; i < connection->requests; i++)
        send_bulk(connection, connection->request[i].id, USB_ENDPOINT_IN, usb_redir_cancelled, NULL,
                  0);
    connection->requests = 0;
}
