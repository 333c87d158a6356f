/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HOST_USBREDIR_GUEST_H
#define TESTS_HOST_USBREDIR_GUEST_H

/*
 * The usb-guest side of the USB redirection protocol, which QEMU plays otherwise: it sees the
 * device behind a socket and exchanges transfers with it.  Every function that waits for an answer
 * runs the event loop, so the server may live in the same process on the same loop.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <event2/event.h>
#include <usbredirparser.h>

/* In place of a usb_redir status: the connection has ended. */
#define USBREDIR_GUEST_GONE 256

#define USBREDIR_GUEST_TRANSFERS 128

/* A bulk transfer that was submitted, and what came of it. */
struct usbredir_guest_transfer {
    uint64_t id;
    bool used, answered;
    uint8_t endpoint, status;
    uint32_t length; /* bytes moved */
    uint8_t *data;   /* of an answered transfer in, malloc'ed */
};

struct usbredir_guest {
    struct event_base *base;
    int fd;
    struct event *event;
    struct usbredirparser *parser;
    bool gone; /* the other side has closed the connection or broken the protocol */

    bool connected; /* the device is there */
    unsigned connects, disconnects;
    struct usb_redir_device_connect_header device;
    struct usb_redir_interface_info_header interface;
    struct usb_redir_ep_info_header endpoints;

    uint64_t next_id;
    /* The last answer to a request with an id, other than a bulk transfer. */
    uint64_t answered_id;
    uint8_t status, value;
    uint8_t data[65536];
    uint32_t data_length;
    struct usbredir_guest_transfer transfer[USBREDIR_GUEST_TRANSFERS];
};

/*
 * Starts on the connected socket `fd`, which it takes over, with the capabilities of QEMU.  Returns
 * false when memory is short.
 */
bool usbredir_guest_init(struct usbredir_guest *guest, struct event_base *base, int fd);
void usbredir_guest_release(struct usbredir_guest *guest);

/* Waits until the device is there; false when the connection ends instead. */
bool usbredir_guest_wait_device(struct usbredir_guest *guest);
/* Runs the event loop once, without waiting if nothing happens. */
void usbredir_guest_poll(struct usbredir_guest *guest);
/* Waits until the connection has ended. */
void usbredir_guest_wait_end(struct usbredir_guest *guest);

/* Each returns a usb_redir status or USBREDIR_GUEST_GONE. */

/* `data` are sent, or receive up to `length` bytes; *actual: how many. */
int usbredir_guest_control(struct usbredir_guest *guest, uint8_t type, uint8_t request,
                           uint16_t value, uint16_t index, uint8_t *data, uint16_t length,
                           size_t *actual);
int usbredir_guest_set_configuration(struct usbredir_guest *guest, uint8_t configuration);
int usbredir_guest_get_configuration(struct usbredir_guest *guest, uint8_t *configuration);
int usbredir_guest_set_alternate(struct usbredir_guest *guest, uint8_t interface,
                                 uint8_t alternate);
int usbredir_guest_get_alternate(struct usbredir_guest *guest, uint8_t interface,
                                 uint8_t *alternate);

void usbredir_guest_reset(struct usbredir_guest *guest);

/* Submits a transfer; `data` are sent if `endpoint` is one of direction out. */
struct usbredir_guest_transfer *usbredir_guest_submit(struct usbredir_guest *guest,
                                                      uint8_t endpoint, const uint8_t *data,
                                                      uint32_t length);
void usbredir_guest_cancel(struct usbredir_guest *guest,
                           const struct usbredir_guest_transfer *transfer);
/* Waits for the answer.  The transfer stays valid until it is released. */
int usbredir_guest_wait(struct usbredir_guest *guest, struct usbredir_guest_transfer *transfer);
void usbredir_guest_forget(struct usbredir_guest_transfer *transfer);

/* Submits, waits, copies and forgets. */
int usbredir_guest_bulk_out(struct usbredir_guest *guest, uint8_t endpoint, const uint8_t *data,
                            uint32_t length);
int usbredir_guest_bulk_in(struct usbredir_guest *guest, uint8_t endpoint, uint8_t *data,
                           uint32_t length, size_t *actual);

#endif
