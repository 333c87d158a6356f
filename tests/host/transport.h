/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HOST_TRANSPORT_H
#define TESTS_HOST_TRANSPORT_H

/*
 * How the host reaches a drive: one request of the copy protection protocol at a time.  Behind a
 * transport may lie CDBs (cdb_transport.h) or the Linux ioctls DVD_AUTH and DVD_READ_STRUCT.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/css_key.h"

enum host_request {
    HOST_REQUEST_AGID,            /* REPORT KEY 00h; no data, `agid` is the answer */
    HOST_REQUEST_HOST_CHALLENGE,  /* SEND KEY 01h; 10 bytes */
    HOST_REQUEST_KEY1,            /* REPORT KEY 02h; 5 bytes */
    HOST_REQUEST_DRIVE_CHALLENGE, /* REPORT KEY 01h; 10 bytes */
    HOST_REQUEST_KEY2,            /* SEND KEY 03h; 5 bytes */
    HOST_REQUEST_TITLE_KEY, /* REPORT KEY 04h; flags byte (CPM 80h, CP_SEC 40h, CGMS 30h), key */
    HOST_REQUEST_ASF,       /* REPORT KEY 05h; 1 byte, bit 0 */
    HOST_REQUEST_INVALIDATE_AGID, /* REPORT KEY 3Fh; no data */
    HOST_REQUEST_RPC_STATE,       /* REPORT KEY 08h; type and counters, region mask, scheme */
    HOST_REQUEST_SET_REGION,      /* SEND KEY 06h; 1 byte, the region mask */
    HOST_REQUEST_COPYRIGHT,       /* READ DISC STRUCTURE 01h; system type, forbidden regions */
    HOST_REQUEST_DISC_KEY,        /* READ DISC STRUCTURE 02h; 2048 bytes */
    HOST_REQUESTS,
};

/* One request and its answer, without the length headers of the wire. */
struct host_message {
    enum host_request request;
    unsigned agid;
    uint32_t lba;                          /* of a title key */
    uint8_t data[CSS_DISC_KEY_BLOCK_SIZE]; /* host_request_size() bytes, in wire order */
};

/* The name that the MMC standards give the request. */
const char *host_request_name(enum host_request request);
/* How many bytes of `data` it carries. */
size_t host_request_size(enum host_request request);
/* Whether the data go to the drive. */
bool host_request_sends(enum host_request request);

/* Why a request failed. */
struct host_refusal {
    bool has_sense; /* false when the transport tells only `error` */
    uint8_t key, asc, ascq;
    bool has_information;
    uint32_t information;
    int error; /* errno, 0 if the drive refused */
};

struct host_transport {
    /* Fills the answer and returns true, or fills `refusal` and returns false. */
    bool (*perform)(struct host_transport *transport, struct host_message *message);
    struct host_refusal refusal;
};

#endif
