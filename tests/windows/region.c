/* SPDX-License-Identifier: MIT */

/* IOCTL_DVD_GET_REGION, and the region that the driver sets by itself on a factory-fresh drive. */

#include <string.h>

#include "tests/windows/cdrom_internal.h"

#define COPYRIGHT_LENGTH 8
#define RPC_LENGTH       8
#define RESETS_TO_SPARE  2 /* user resets below which the driver leaves the region alone */

bool region_query(struct cdrom *device, struct rpc_state *state)
{
    struct command_result result = send_report_key(device, 0, NT_DVD_GET_RPC_KEY, 0, RPC_LENGTH);
    const uint8_t *data = device->scratch;

    memset(state, 0, sizeof *state);
    state->status = result.status;
    if (!nt_success(result.status))
        return false;
    if (result.transferred < RPC_LENGTH || get_be16(data) < 6) {
        state->status = NT_INVALID_DEVICE_REQUEST;
        return false;
    }
    state->type = data[4] >> 6;
    state->user_resets = data[4] & 0x07;
    state->mask = data[5];
    state->scheme = data[6];
    return true;
}

/* The region to set, 0 if none is allowed by the disc. */
static unsigned choose(const struct cdrom *device, uint8_t forbidden)
{
    unsigned preferred = device->registry->default_dvd_region;

    if (forbidden == 0xFF)
        forbidden = 0;
    if (preferred >= 1 && preferred <= 8 && !(forbidden >> (preferred - 1) & 1))
        return preferred;
    for (unsigned region = 1; region <= 8; region++)
        if (!(forbidden >> (region - 1) & 1))
            return region;
    return 0;
}

static enum nt_status set_region(struct cdrom *device, unsigned region)
{
    struct command command = command_of(device, OP_SEND_KEY, 12);
    uint8_t *data = device->scratch;

    put_be16(command.port.cdb + 8, RPC_LENGTH);
    command.port.cdb[10] = NT_DVD_SET_RPC_KEY;
    put_be16(data, RPC_LENGTH - 2);
    memset(data + 4, 0, 4);
    data[4] = (uint8_t) ~(1u << (region - 1));
    command_data_out(&command, device, RPC_LENGTH);
    return command_send(device, &command).status;
}

void region_pick(struct cdrom *device)
{
    struct command_result result;
    struct rpc_state state;
    uint8_t forbidden;

    if (!device->region_pick_armed || !device->css)
        return;
    result = send_read_structure(device, 0, 0, 1, 0, COPYRIGHT_LENGTH);
    if (!nt_success(result.status) || result.transferred < COPYRIGHT_LENGTH ||
        device->scratch[4] != 1)
        return;
    forbidden = device->scratch[5];
    if (!region_query(device, &state) || state.mask != 0xFF || state.user_resets < RESETS_TO_SPARE)
        return;
    unsigned region = choose(device, forbidden);
    if (region > 0 && nt_success(set_region(device, region)))
        device->region_pick_armed = false;
}

void control_get_region(struct cdrom *device, struct cdrom_request *request)
{
    struct command_result result = send_read_structure(device, 0, 0, 1, 0, COPYRIGHT_LENGTH);
    struct nt_dvd_region region;
    struct rpc_state state;

    if (!nt_success(result.status)) {
        request_end(request, result.status, 0);
        return;
    }
    region.copy_system = device->scratch[4];
    region.region_data = device->scratch[5];
    region_pick(device);
    if (!region_query(device, &state) || state.scheme != 1) {
        request_end(request, nt_success(state.status) ? NT_INVALID_DEVICE_REQUEST : state.status,
                    0);
        return;
    }
    region.system_region = state.type != 0 ? (uint8_t)~state.mask : 0;
    region.reset_count = (uint8_t)state.user_resets;
    memcpy(request->buffer, &region, sizeof region);
    request_end(request, NT_SUCCESS, sizeof region);
}
