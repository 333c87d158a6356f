/* SPDX-License-Identifier: MIT */

/* Plug and play starts the device: what it is, what it can, what lies in it. */

#include <string.h>

#include "tests/windows/cdrom_internal.h"

#define INQUIRY_LENGTH      36u
#define ADDITIONAL_LENGTH   (INQUIRY_LENGTH - 5)
#define DEFAULT_TIMEOUT     10
#define CAPACITY_TIMEOUT    20
#define RETRY_DELAY_DEFAULT (47300000ull)
#define SECTORS_UNKNOWN     0x7FFFFFFFu

void cdrom_init(struct cdrom *device, struct port *port, struct cdrom_registry *registry)
{
    memset(device, 0, sizeof *device);
    device->port = port;
    device->registry = registry;
    device->timeout = DEFAULT_TIMEOUT;
    device->sector_shift = 11;
    device->sectors = SECTORS_UNKNOWN;
    device->read_retry_delay = RETRY_DELAY_DEFAULT;
}

static struct command_result send_inquiry(struct cdrom *device, uint32_t length)
{
    struct command command = command_of(device, OP_INQUIRY, 6);

    put_be16(command.port.cdb + 3, length);
    command_data_in(&command, device, length);
    return command_send(device, &command);
}

/* The whole of it; what is missing then is no harm as long as the first part is there. */
static enum nt_status inquire_all(struct cdrom *device, uint32_t length)
{
    struct command_result result = send_inquiry(device, length);

    if (result.status == NT_DATA_OVERRUN && result.transferred >= INQUIRY_LENGTH)
        result = send_inquiry(device, (uint32_t)result.transferred);
    return result.status;
}

static bool is_empty(const uint8_t *data, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (data[i] != 0)
            return false;
    return true;
}

static enum nt_status inquire(struct cdrom *device)
{
    struct command_result result = send_inquiry(device, INQUIRY_LENGTH);

    if (!nt_success(result.status))
        return result.status;
    if (result.transferred < INQUIRY_LENGTH)
        return NT_DEVICE_PROTOCOL_ERROR;
    uint8_t additional = device->scratch[4];
    if (additional == 0) {
        enum nt_status status = inquire_all(device, INQUIRY_LENGTH);
        if (nt_success(status) && is_empty(device->scratch, INQUIRY_LENGTH))
            return NT_DEVICE_PROTOCOL_ERROR;
        return status;
    }
    if (additional < ADDITIONAL_LENGTH)
        return NT_DEVICE_PROTOCOL_ERROR;
    return additional > ADDITIONAL_LENGTH ? inquire_all(device, additional + 5u) : NT_SUCCESS;
}

/* The capabilities page, at the offset that the header gives. */
static bool take_capabilities(struct cdrom *device, size_t transferred, size_t header)
{
    size_t descriptors = header == 8 ? get_be16(device->scratch + 6) : device->scratch[3];
    const uint8_t *page = device->scratch + header + descriptors;

    if (transferred < header || transferred < header + descriptors + 6 || (page[0] & 0x3F) != 0x2A)
        return false;
    device->reads_subcode = page[5] & 0x04;
    device->reads_c2 = device->reads_c2 || (page[5] & 0x10);
    return true;
}

static bool try_mode_sense(struct cdrom *device, struct command *command, size_t length,
                           size_t header)
{
    command->port.cdb[1] = 0x08;
    command->port.cdb[2] = 0x2A;
    command->attempts = ATTEMPTS_THREE_SPACED;
    command->accepts_overrun = true;
    command_data_in(command, device, length);
    for (unsigned i = 0; i < 3; i++) {
        struct command_result result = command_send(device, command);
        if (nt_success(result.status) && take_capabilities(device, result.transferred, header))
            return true;
    }
    return false;
}

static void read_capabilities(struct cdrom *device)
{
    struct command long_form = command_of(device, OP_MODE_SENSE_10, 10);
    struct command short_form = command_of(device, OP_MODE_SENSE_6, 6);

    long_form.port.cdb[8] = 0x28;
    short_form.port.cdb[4] = 0x24;
    if (!try_mode_sense(device, &long_form, 0x28, 8))
        try_mode_sense(device, &short_form, 0x24, 4);
}

struct command_result device_read_capacity(struct cdrom *device, bool override_verify)
{
    struct command command = command_of(device, OP_READ_CAPACITY, 10);
    struct command_result result;

    command.port.timeout = CAPACITY_TIMEOUT;
    command.attempts = ATTEMPTS_THREE;
    command.override_verify = override_verify;
    command_data_in(&command, device, 8);
    result = command_send(device, &command);
    device->sector_shift = 11;
    device->sectors = SECTORS_UNKNOWN;
    if (!nt_success(result.status) || result.transferred < 8)
        return result;
    uint32_t block_length = get_be32(device->scratch + 4);
    if (block_length > 0) {
        device->sector_shift = 0;
        while (block_length >> (device->sector_shift + 1) != 0)
            device->sector_shift++;
    }
    device->sectors = (uint64_t)get_be32(device->scratch) + 1;
    return result;
}

enum nt_status cdrom_start(struct cdrom *device)
{
    enum nt_status status = inquire(device);
    struct rpc_state state;

    if (!nt_success(status))
        return status;
    if (device->registry->autorun)
        events_start(device);
    configuration_start(device);
    read_capabilities(device);
    if (nt_success(device_read_capacity(device, false).status))
        device_set_media(device, CDROM_MEDIA_PRESENT);
    if (device->dvd && region_query(device, &state)) {
        device->region_pick_armed = state.type == 0;
        region_pick(device);
    }
    device->mmc_state = CDROM_MMC_STALE;
    device->started = true;
    return NT_SUCCESS;
}
