/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_PORT_H
#define TESTS_WINDOWS_PORT_H

/*
 * The port driver below the class driver, with its bus: brings commands to a drive over a
 * conformance transport, has its own idea of a transfer that is shorter than was asked for, and
 * writes down everything that went over the wire.
 */

#include "tests/conformance/transport.h"
#include "tests/windows/nt.h"

/* What a port driver makes of GOOD with less data than asked for. */
enum port_short_transfer {
    PORT_SHORT_IS_REDUCED_LENGTH,            /* success, the length says how much came */
    PORT_SHORT_IS_OVERRUN,                   /* a transfer length mismatch */
    PORT_SHORT_IS_OVERRUN_BUT_EMPTY_IS_FULL, /* the same; no data at all: success, full length */
};

struct port_kind {
    const char *name;
    enum port_short_transfer short_transfer;
    uint32_t maximum_transfer;      /* bytes */
    enum nt_status unknown_control; /* what a control code ends with that it does not know */
};
/* "ahci", "usb", "virtio" (SCSI), "atapi" (old, PIO); NULL if there is none. */
const struct port_kind *port_kind(const char *name);

enum port_direction {
    PORT_NO_DATA,
    PORT_DATA_IN,
    PORT_DATA_OUT,
};

enum port_outcome {
    PORT_SUCCESS,
    PORT_CHECK_CONDITION,
    PORT_OVERRUN,
    PORT_BUSY,
    PORT_RESERVATION_CONFLICT,
    PORT_TIMEOUT, /* the device was reset then */
    PORT_NO_DEVICE
};

struct port_request {
    uint8_t cdb[TRANSPORT_CDB_MAX];
    uint8_t cdb_length;
    enum port_direction direction;
    uint8_t *data;
    size_t length;
    unsigned timeout; /* seconds */
};

struct port_result {
    enum port_outcome outcome;
    size_t transferred;
    uint8_t sense[DRIVE_SENSE_SIZE];
};

/* One command as it went over the wire. */
struct port_exchange {
    uint64_t at; /* nanoseconds of the port's clock */
    uint8_t cdb[TRANSPORT_CDB_MAX];
    uint8_t cdb_length;
    uint8_t *data_out;
    size_t data_out_length;
    uint8_t *data_in;
    size_t data_in_length;
    uint8_t status;
    uint8_t sense[DRIVE_SENSE_SIZE];
};

struct port {
    struct transport *transport;
    const struct port_kind *kind;
    uint32_t alignment_mask; /* 0: any, 1: word, 3: dword */
    bool waits;              /* the transport's time passes as well when the class driver waits */
    uint64_t clock;          /* nanoseconds: what was waited for and what the drive took */
    struct port_exchange *exchanges;
    size_t count;
    char fault[300]; /* what the transport found wrong; empty if nothing */
};

void port_init(struct port *port, struct transport *transport, const struct port_kind *kind);
void port_release(struct port *port);

/* Data in goes to request->data as far as it came; the rest stays what it was. */
void port_execute(struct port *port, const struct port_request *request,
                  struct port_result *result);
void port_wait(struct port *port, uint64_t nanoseconds);

/* Forgets what went over the wire so far. */
void port_forget(struct port *port);

#endif
