/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HOST_CDB_TRANSPORT_H
#define TESTS_HOST_CDB_TRANSPORT_H

/*
 * The requests as REPORT KEY, SEND KEY and READ DISC STRUCTURE, for whatever can execute a CDB: a
 * drive in the same process, SG_IO, iSCSI.
 */

#include "tests/host/transport.h"

#define HOST_CDB_SIZE     12
#define HOST_CDB_DATA_MAX (4 + CSS_DISC_KEY_BLOCK_SIZE)

struct host_cdb {
    uint8_t cdb[HOST_CDB_SIZE];
    bool sends;                      /* `data` go to the drive */
    uint8_t data[HOST_CDB_DATA_MAX]; /* zero beyond what came */
    size_t data_length;              /* as in the CDB; 0: no data phase */
};

struct cdb_transport {
    struct host_transport transport;
    /* Executes `command`; false after filling transport.refusal.  `executor` is its own. */
    bool (*execute)(struct cdb_transport *transport, struct host_cdb *command);
    void *executor;
};

/* Fills everything; the caller keeps it in place while it is used. */
void cdb_transport_init(struct cdb_transport *transport,
                        bool (*execute)(struct cdb_transport *transport, struct host_cdb *command),
                        void *executor);

/* The sense key, code, qualifier and INFORMATION of fixed-format sense data (18 bytes). */
struct host_refusal host_refusal_of_sense(const uint8_t sense[18]);

#endif
