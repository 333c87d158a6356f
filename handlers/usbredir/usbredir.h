/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_USBREDIR_USBREDIR_H
#define HANDLERS_USBREDIR_USBREDIR_H

/*
 * A drive as a USB mass storage device that QEMU attaches with `-device usb-redir`.
 *
 * One host at a time: while one is connected a further connection is closed at once.  One that is
 * connected and has not said hello is no host yet and gives way to a further one.  The drive
 * outlives its hosts, with the disc, the region and whatever else it holds.
 */

#include <stdbool.h>

#include <event2/event.h>

#include "emulator/drive.h"
#include "handlers/usbredir/usb_descriptors.h"

struct usbredir;

struct usbredir_events {
    /* A host has come or gone; `reason` is a clause for people, NULL when it came. */
    void (*connected)(void *context, bool connected, const char *reason);
    /* A further one was turned away; `reason` is a clause for people. */
    void (*refused)(void *context, const char *reason);
    /* No descriptor is left for a host: gives one up that matters less, false if there is none.
     * NULL: there never is. */
    bool (*make_room)(void *context);
    void *context;
};

/*
 * Serves `drive` on `fd`, a stream socket that listens or is connected, which stays the caller's
 * and is made non-blocking.  `base`, `drive` and `events` must outlive it.  Returns NULL with errno
 * set.
 */
struct usbredir *usbredir_create(struct event_base *base, int fd, struct drive *drive,
                                 enum usb_speed speed, const struct usbredir_events *events);
/* NULL is allowed. */
void usbredir_destroy(struct usbredir *usbredir);

/* Whether further hosts can come. */
bool usbredir_is_listening(const struct usbredir *usbredir);
bool usbredir_is_connected(const struct usbredir *usbredir);

#endif
