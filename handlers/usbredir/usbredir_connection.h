/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_USBREDIR_USBREDIR_CONNECTION_H
#define HANDLERS_USBREDIR_USBREDIR_CONNECTION_H

/*
 * One host on one stream socket: the usb-host side of the USB redirection protocol (version 0.7,
 * libusbredirparser), with the drive as the only device.
 *
 * While a command waits for its delay the connection answers everything else.  What a host can make
 * it hold is bounded: USBREDIR_PACKET_MAX bytes of a packet that arrives, USBREDIR_BULK_IN_MAX of
 * an answer, USBREDIR_REQUESTS_MAX bulk-in transfers that wait.  A host that does not read its
 * answers is not read from either, and in one turn of the event loop only so many packets are taken
 * from it.
 */

#include <stdint.h>

#include <event2/event.h>

#include "emulator/drive.h"
#include "handlers/usbredir/usb_descriptors.h"

/* A longer packet ends the connection. */
#define USBREDIR_PACKET_MAX (4u * 1024 * 1024)
/* A longer bulk-in transfer is refused as invalid. */
#define USBREDIR_BULK_IN_MAX (16u * 1024 * 1024)
/* One more is refused with an I/O error. */
#define USBREDIR_REQUESTS_MAX 64

struct usbredir_connection;

/*
 * Takes over the connected socket `fd` and attaches to the drive.  When the host is gone or has
 * violated the protocol `closed` is called from the event loop with the reason, a clause for
 * people; it has to destroy the connection.  Returns NULL when memory is short; `fd` is then the
 * caller's.
 */
struct usbredir_connection *
usbredir_connection_create(struct event_base *base, int fd, struct drive *drive,
                           enum usb_speed speed, void (*closed)(void *context, const char *reason),
                           void *context);

/* Tells the host that the device is gone, as far as its socket takes that without waiting, and
 * detaches from the drive.  NULL is allowed. */
void usbredir_connection_destroy(struct usbredir_connection *connection);

/* Whether the host has closed its end, seen or not. */
bool usbredir_connection_is_dead(const struct usbredir_connection *connection);

/* Whether the host has said hello. */
bool usbredir_connection_is_introduced(const struct usbredir_connection *connection);

#endif
