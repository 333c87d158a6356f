/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_USBREDIR_PACKET_GUARD_H
#define HANDLERS_USBREDIR_PACKET_GUARD_H

/*
 * Watches a stream of USB redirection packets for one that is too long, before libusbredirparser
 * takes memory for it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packet_guard {
    uint8_t header[16];
    size_t header_length;
    uint32_t body; /* bytes of the packet that are still to come */
};

/*
 * The next bytes of the stream.  `long_ids`: both sides have said that the ids in headers have 64
 * bits; it may change from one packet to the next.  False when a packet is longer than
 * USBREDIR_PACKET_MAX.
 */
bool packet_guard_pass(struct packet_guard *guard, const uint8_t *bytes, size_t length,
                       bool long_ids);

/* Whether the next byte begins a packet. */
bool packet_guard_is_between(const struct packet_guard *guard);

#endif
