/* SPDX-License-Identifier: MIT */
#include "tests/host/transport.h"

static const struct {
    const char *name;
    size_t size;
    bool sends;
} requests[HOST_REQUESTS] = {
    [HOST_REQUEST_AGID] = {"REPORT KEY, AGID",               0,                       false},
    [HOST_REQUEST_HOST_CHALLENGE] = {"SEND KEY, host challenge",       10,                      true },
    [HOST_REQUEST_KEY1] = {"REPORT KEY, KEY1",               5,                       false},
    [HOST_REQUEST_DRIVE_CHALLENGE] = {"REPORT KEY, drive challenge",    10,                      false},
    [HOST_REQUEST_KEY2] = {"SEND KEY, KEY2",                 5,                       true },
    [HOST_REQUEST_TITLE_KEY] = {"REPORT KEY, title key",          6,                       false},
    [HOST_REQUEST_ASF] = {"REPORT KEY, ASF",                1,                       false},
    [HOST_REQUEST_INVALIDATE_AGID] = {"REPORT KEY, invalidate AGID",    0,                       false},
    [HOST_REQUEST_RPC_STATE] = {"REPORT KEY, RPC state",          3,                       false},
    [HOST_REQUEST_SET_REGION] = {"SEND KEY, RPC region",           1,                       true },
    [HOST_REQUEST_COPYRIGHT] = {"READ DISC STRUCTURE, copyright", 2,                       false},
    [HOST_REQUEST_DISC_KEY] = {"READ DISC STRUCTURE, disc key",  CSS_DISC_KEY_BLOCK_SIZE, false},
};

const char *host_request_name(enum host_request request)
{
    return requests[request].name;
}

size_t host_request_size(enum host_request request)
{
    return requests[request].size;
}

bool host_request_sends(enum host_request request)
{
    return requests[request].sends;
}
