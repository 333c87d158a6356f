/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_USBREDIR_BULK_ONLY_H
#define HANDLERS_USBREDIR_BULK_ONLY_H

/*
 * The device's side of the USB Mass Storage Class Bulk-Only Transport, revision 1.0, in front of a
 * drive: command block wrappers in, data both ways, command status wrappers out.
 *
 * A state machine without input or output of its own.  Whoever owns it hands it each bulk transfer
 * of the host together with the time (nanoseconds, as the drive counts them) and passes on the
 * answer.  Transfers may cut the data phase anywhere; a wrapper is one transfer.
 *
 * Choices where the specification leaves one, or hosts are known to be stricter than it:
 *  - Less data than the host asked for ends with a short transfer, of zero bytes if there are none
 *    or if they ended with the transfer before; the status wrapper with the residue follows at
 *    once.  The specification would have the device stall or pad as well.  Stalling costs a
 *    clear-halt for each refused command, and firmware such as SeaBIOS never clears it; Linux,
 *    Windows and the BSDs take the short transfer, as they do from Linux's own mass storage gadget.
 *  - Data that the host sends are all accepted, also what no command wants.
 *  - A command whose data direction differs from the host's, or that needs more than the host
 *    sends, is not executed: phase error.
 *  - A valid command block wrapper where the status was due: the host has given the former command
 *    up, and so does the device.
 *  - A status other than GOOD and CHECK CONDITION, which only fault rules make, is a failed command
 *    without sense data.
 *  - A wrapper that is not valid or not meaningful stalls both endpoints until the reset recovery,
 *    clearing the halts alone does not help.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emulator/drive.h"

#define BULK_ONLY_CBW_SIZE 31
#define BULK_ONLY_CSW_SIZE 13

enum bulk_only_phase {
    BULK_ONLY_PHASE_COMMAND, /* a command block wrapper is due */
    BULK_ONLY_PHASE_DATA_OUT,
    BULK_ONLY_PHASE_DATA_IN,
    BULK_ONLY_PHASE_STATUS,  /* the status wrapper is due */
    BULK_ONLY_PHASE_INVALID, /* everything stalls until the bulk-only reset */
};

enum bulk_only_endpoint {
    BULK_ONLY_IN,
    BULK_ONLY_OUT,
};

/* What becomes of a bulk transfer. */
enum bulk_only_answer {
    BULK_ONLY_DONE,
    BULK_ONLY_STALL,
    /* Not yet (a device would answer NAK): the same transfer is to be offered again after the
     * deadline or after the next transfer in the other direction. */
    BULK_ONLY_WAIT,
    /* The host has less room than the status wrapper needs; it stays due. */
    BULK_ONLY_BABBLE,
};

struct bulk_only {
    struct drive *drive;
    struct drive_nexus *nexus;

    /* The rest is its own. */
    enum bulk_only_phase phase;
    bool halted[2]; /* by enum bulk_only_endpoint */
    uint32_t tag;
    uint32_t expected;    /* dCBWDataTransferLength */
    uint32_t transferred; /* of `expected` */
    uint32_t relevant;    /* bytes of data-out that the command takes */
    bool phase_error;
    bool begun; /* `command` is under way in the drive */
    uint64_t ready;
    struct drive_command command;
    uint8_t data_out[DRIVE_DATA_OUT_MAX];
};

/* `drive` and `nexus` stay the caller's and must outlive it. */
void bulk_only_init(struct bulk_only *transport, struct drive *drive, struct drive_nexus *nexus);

/* The host sends `length` bytes; `bytes` may be NULL when there are none.  Never BULK_ONLY_WAIT or
 * BULK_ONLY_BABBLE. */
enum bulk_only_answer bulk_only_out(struct bulk_only *transport, const uint8_t *bytes,
                                    size_t length, uint64_t now);

/*
 * The host asks for up to `requested` bytes.  With BULK_ONLY_DONE *length of them, 0 to
 * `requested`, are in `bytes`, otherwise none.  bulk_only_in_room() of the same `requested` says
 * how much of `bytes` may be written.
 */
enum bulk_only_answer bulk_only_in(struct bulk_only *transport, uint8_t *bytes, size_t requested,
                                   size_t *length, uint64_t now);
size_t bulk_only_in_room(const struct bulk_only *transport, size_t requested);

/* When a transfer that waits can be answered; UINT64_MAX while nothing but the host can end the
 * wait. */
uint64_t bulk_only_deadline(const struct bulk_only *transport);

/* Whether a fault rule has the device leave its bus. */
bool bulk_only_is_unplugged(const struct bulk_only *transport);

/* The class request Bulk-Only Mass Storage Reset: the command is given up, halts stay. */
void bulk_only_reset(struct bulk_only *transport, uint64_t now);
/* Bus reset, set configuration or loss of the connection: the command is given up, halts go. */
void bulk_only_restart(struct bulk_only *transport, uint64_t now);

/* Set Feature and Clear Feature ENDPOINT_HALT. */
void bulk_only_set_halt(struct bulk_only *transport, enum bulk_only_endpoint endpoint, bool halted);
/* What Get Status says: whether a transfer would stall. */
bool bulk_only_is_halted(const struct bulk_only *transport, enum bulk_only_endpoint endpoint);

#endif
