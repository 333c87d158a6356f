/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/ioctl_transport.h"

#include <string.h>

#include "media/css_sector.h"

/* Requests that are keys: their type, and where the message's data stand in the key data. */
static const struct {
    unsigned type;
    size_t offset;
} keys[HOST_REQUESTS] = {
    [HOST_REQUEST_HOST_CHALLENGE] = {NT_DVD_CHALLENGE_KEY, 0},
    [HOST_REQUEST_KEY1] = {NT_DVD_BUS_KEY1,      0},
    [HOST_REQUEST_DRIVE_CHALLENGE] = {NT_DVD_CHALLENGE_KEY, 0},
    [HOST_REQUEST_KEY2] = {NT_DVD_BUS_KEY2,      0},
    [HOST_REQUEST_TITLE_KEY] = {NT_DVD_TITLE_KEY,     0},
    [HOST_REQUEST_ASF] = {NT_DVD_ASF,           3},
    [HOST_REQUEST_RPC_STATE] = {NT_DVD_GET_RPC_KEY,   0},
    [HOST_REQUEST_SET_REGION] = {NT_DVD_SET_RPC_KEY,   0},
    [HOST_REQUEST_DISC_KEY] = {NT_DVD_DISK_KEY,      0},
};

static bool perform_key(struct device *device, struct host_message *message)
{
    const enum host_request request = message->request;
    const size_t offset = keys[request].offset, size = host_request_size(request);
    struct key key = {
        .type = keys[request].type,
        .session = message->agid,
        .offset = (uint64_t)message->lba * DVD_SECTOR_SIZE,
    };

    if (host_request_sends(request)) {
        memcpy(key.data + offset, message->data, size);
        return request_send_key(device, &key, request == HOST_REQUEST_SET_REGION);
    }
    if (!request_read_key(device, &key))
        return false;
    if (request == HOST_REQUEST_TITLE_KEY) {
        message->data[0] = (uint8_t)key.flags;
        memcpy(message->data + 1, key.data, size - 1);
    } else {
        memcpy(message->data, key.data + offset, size);
    }
    return true;
}

static bool perform_copyright(struct device *device, struct host_message *message)
{
    uint8_t answer[8];

    if (!request_read_structure(device, STRUCTURE_COPYRIGHT, 0, 0, answer, sizeof answer))
        return false;
    memcpy(message->data, answer + request_structure_header_size(device, STRUCTURE_COPYRIGHT_SIZE),
           2);
    return true;
}

static bool perform(struct host_transport *base, struct host_message *message)
{
    struct ioctl_transport *transport = (struct ioctl_transport *)base;
    struct device *device = transport->device;
    bool done;

    switch (message->request) {
    case HOST_REQUEST_AGID: {
        uint32_t session;
        done = request_start_session(device, &session);
        message->agid = session;
        break;
    }
    case HOST_REQUEST_INVALIDATE_AGID:
        done = request_end_session(device, message->agid);
        break;
    case HOST_REQUEST_COPYRIGHT:
        done = perform_copyright(device, message);
        break;
    default:
        done = perform_key(device, message);
    }
    base->refusal = (struct host_refusal){.error = (int)device->last.win32};
    return done;
}

void ioctl_transport_init(struct ioctl_transport *transport, struct device *device)
{
    *transport = (struct ioctl_transport){.transport.perform = perform, .device = device};
}
