/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HOST_BULK_ONLY_HOST_H
#define TESTS_HOST_BULK_ONLY_HOST_H

/*
 * A mass storage driver on the usb-guest side of the redirection: CDBs through the bulk-only
 * transport, the way Linux's usb-storage does it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/host/usbredir_guest.h"

enum bulk_only_host_result {
    BULK_ONLY_HOST_PASSED,
    BULK_ONLY_HOST_FAILED, /* CHECK CONDITION */
    BULK_ONLY_HOST_PHASE_ERROR,
    BULK_ONLY_HOST_BROKEN, /* the transport did not do what it must */
};

struct bulk_only_command {
    uint8_t cdb[16];
    uint8_t cdb_length;
    bool out; /* data go to the device */
    uint8_t *data;
    uint32_t length;
    uint32_t piece; /* longest transfer in; 0: everything at once */

    uint32_t actual; /* bytes moved */
    uint32_t residue;
};

/* Waits for the device, reads its descriptors as a host does and configures it. */
bool bulk_only_host_enumerate(struct usbredir_guest *guest);

enum bulk_only_host_result bulk_only_host_execute(struct usbredir_guest *guest,
                                                  struct bulk_only_command *command);

/* Bulk-only reset, then both halts cleared. */
bool bulk_only_host_reset_recovery(struct usbredir_guest *guest);

#endif
