/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CAPTURE_PCAPNG_H
#define HANDLERS_CAPTURE_PCAPNG_H

/*
 * Files that Wireshark reads: the blocks of pcapng (IETF draft "PCAP Next Generation Capture File
 * Format") that a capture of one interface needs.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Link type: each packet is a struct of 64 bytes as Linux's usbmon has it, and data. */
#define PCAPNG_LINKTYPE_USB_LINUX_MMAPPED 220

/* Each returns false when it could not be written. */

/* The beginning of a file; times are nanoseconds. */
bool pcapng_begin(FILE *stream, uint16_t link_type, uint32_t snapshot_length, const char *name);

struct pcapng_packet {
    uint64_t time; /* nanoseconds since 1970 */
    const void *header;
    size_t header_length;
    const void *data; /* behind the header */
    size_t data_length;
    uint32_t original_length; /* of header and data before they were cut */
    const char *comment;      /* NULL: none */
};
bool pcapng_packet(FILE *stream, const struct pcapng_packet *packet);

#endif
