/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_USBREDIR_USBREDIR_INTERNAL_H
#define HANDLERS_USBREDIR_USBREDIR_INTERNAL_H

/*
 * What a connection is to its two halves: the stream (usbredir_connection.c) and the packets
 * (usbredir_packets.c).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <event2/event.h>
#include <usbredirparser.h>

#include "handlers/usbredir/bulk_only.h"
#include "handlers/usbredir/packet_guard.h"
#include "handlers/usbredir/usb_device.h"
#include "handlers/usbredir/usbredir_connection.h"

/* With more than this many bytes or packets to be written nothing is read or answered. */
#define USBREDIR_OUTPUT_MAX         (2 * 1024 * 1024)
#define USBREDIR_OUTPUT_PACKETS_MAX 256
/* Bytes and packets that are taken in one turn of the event loop, so that others have theirs: a
 * packet may cost a command, or an event to every client of the control socket. */
#define USBREDIR_TURN_MAX         (256 * 1024)
#define USBREDIR_TURN_PACKETS_MAX 64
#define USBREDIR_INPUT_SIZE       4096
/* After longer answers memory is given back to the system, this much later: at once would cost a
 * page fault for every page of the next one. */
#define USBREDIR_SMALL_ANSWER    16384
#define USBREDIR_TIDYING_SECONDS 1

struct usbredir_request {
    uint64_t id;
    uint32_t length;
};

struct usbredir_connection {
    int fd;
    struct event *readable, *writable, *timer, *tidying;
    struct event *resume; /* the next turn, with bytes that were received already */
    void (*closed)(void *context, const char *reason);
    void *context;

    struct usbredirparser *parser;
    struct packet_guard guard;
    uint8_t input[USBREDIR_INPUT_SIZE];
    size_t input_at, input_length;
    size_t turn;           /* bytes that may still be read in this turn */
    unsigned turn_packets; /* and packets that may still begin */
    /* The socket had no more, or took no more: to ask again in this turn would only cost time. */
    bool drained, full;
    bool failed;
    char failure[160];

    struct drive *drive;
    struct drive_nexus *nexus;
    struct drive_observer observer; /* of fault rules that are taken away */
    struct usb_device device;
    bool introduced; /* the host knows the device */
    /* Bulk-in transfers that wait for their answer, the oldest first. */
    struct usbredir_request request[USBREDIR_REQUESTS_MAX];
    size_t requests;
    uint8_t *buffer;
    size_t buffer_size;
    struct bulk_only transport;
};

/* The connection cannot go on; the first reason stays. */
__attribute__((format(printf, 2, 3))) void usbredir_fail(struct usbredir_connection *connection,
                                                         const char *format, ...);

bool usbredir_is_congested(const struct usbredir_connection *connection);

/* Sets the packet functions of the parser. */
void usbredir_set_callbacks(struct usbredirparser *parser);

/* Answers the bulk-in transfers that can be answered and arms the timer for the first that cannot.
 */
void usbredir_answer(struct usbredir_connection *connection);

/* Packets of bulk transfers. */
void usbredir_bulk_packet(void *context, uint64_t id, struct usb_redir_bulk_packet_header *header,
                          uint8_t *data, int data_length);
void usbredir_cancel_data_packet(void *context, uint64_t id);
/* Answers every transfer that waits as cancelled. */
void usbredir_cancel_all(struct usbredir_connection *connection);

#endif
