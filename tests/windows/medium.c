/* SPDX-License-Identifier: MIT */

/* What file systems, the shell and burning software ask for around a medium. */

#include <string.h>

#include "tests/windows/cdrom_internal.h"

#define START_STOP_TIMEOUT 240
/* Header and a hundred tracks. */
#define TOC_LENGTH 804

void control_check_verify(struct cdrom *device, struct cdrom_request *request)
{
    struct command command = command_of(device, OP_TEST_UNIT_READY, 6);
    struct command_result result;
    le32 changes;

    command.override_verify = request->override_verify;
    result = command_send(device, &command);
    changes = to_le32(device->media_changes);
    if (request->out_length >= sizeof changes)
        memcpy(request->buffer, &changes, sizeof changes);
    request_end(request, result.status, request->out_length >= sizeof changes ? sizeof changes : 0);
}

void control_media_removal(struct cdrom *device, struct cdrom_request *request)
{
    struct command command = command_of(device, OP_PREVENT_ALLOW, 6);
    bool prevent = request->buffer[0];

    command.port.cdb[4] = prevent;
    command.attempts = prevent ? ATTEMPTS_THREE_SPACED : ATTEMPTS_UNLOCK;
    request_end(request, command_send(device, &command).status, 0);
}

static void start_stop(struct cdrom *device, struct cdrom_request *request, uint8_t action)
{
    struct command command = command_of(device, OP_START_STOP_UNIT, 6);

    command.port.cdb[4] = action;
    command.port.timeout = START_STOP_TIMEOUT;
    request_end(request, command_send(device, &command).status, 0);
}

void control_eject(struct cdrom *device, struct cdrom_request *request)
{
    start_stop(device, request, 0x02);
}

void control_load(struct cdrom *device, struct cdrom_request *request)
{
    start_stop(device, request, 0x03);
}

void control_geometry(struct cdrom *device, struct cdrom_request *request)
{
    struct command_result result = device_read_capacity(device, request->override_verify);
    struct nt_disk_geometry geometry = {
        .media_type = to_le32(NT_REMOVABLE_MEDIA),
        .tracks_per_cylinder = to_le32(64),
        .sectors_per_track = to_le32(32),
        .bytes_per_sector = to_le32(1u << device->sector_shift),
    };

    geometry.cylinders = to_le64(device->sectors / (64 * 32));
    if (nt_success(result.status))
        memcpy(request->buffer, &geometry, sizeof geometry);
    request_end(request, result.status, sizeof geometry);
}

static struct command_result read_toc(struct cdrom *device, bool msf, uint8_t format, uint8_t track,
                                      uint32_t length, bool override_verify)
{
    struct command command = command_of(device, OP_READ_TOC, 10);

    command.port.cdb[1] = msf ? 0x02 : 0;
    command.port.cdb[2] = format;
    command.port.cdb[6] = track;
    put_be16(command.port.cdb + 7, length);
    command.accepts_overrun = true;
    command.override_verify = override_verify;
    command_data_in(&command, device, length);
    return command_send(device, &command);
}

static void give(struct cdrom *device, struct cdrom_request *request,
                 const struct command_result *result)
{
    if (nt_success(result->status))
        memcpy(request->buffer, device->scratch, result->transferred);
    request_end(request, result->status, result->transferred);
}

void control_read_toc_ex(struct cdrom *device, struct cdrom_request *request)
{
    struct nt_read_toc_ex input;
    uint32_t length = request->out_length < 0xFFFF ? (uint32_t)request->out_length : 0xFFFF;

    memcpy(&input, request->buffer, sizeof input);
    struct command_result result =
        read_toc(device, input.format_and_msf & 0x80, input.format_and_msf & 0x0F,
                 input.session_track, length, request->override_verify);
    give(device, request, &result);
}

/* MSF addresses, as many tracks as there can be. */
void control_read_toc(struct cdrom *device, struct cdrom_request *request)
{
    uint32_t length = request->out_length < TOC_LENGTH ? (uint32_t)request->out_length : TOC_LENGTH;
    struct command_result result = read_toc(device, true, 0, 0, length, request->override_verify);

    give(device, request, &result);
}

/* Format 1 into a buffer for a whole TOC. */
void control_last_session(struct cdrom *device, struct cdrom_request *request)
{
    uint32_t length = request->out_length < TOC_LENGTH ? (uint32_t)request->out_length : TOC_LENGTH;
    struct command_result result = read_toc(device, false, 1, 0, length, request->override_verify);

    give(device, request, &result);
}

/* The only command that goes out with a CDB longer than the standard's. */
void control_get_configuration(struct cdrom *device, struct cdrom_request *request)
{
    struct nt_get_configuration input;
    struct command command = command_of(device, OP_GET_CONFIGURATION, 12);
    uint32_t length = request->out_length < 0xFFFF ? (uint32_t)request->out_length : 0xFFFF;

    memcpy(&input, request->buffer, sizeof input);
    command.port.cdb[1] = (uint8_t)(from_le32(input.request_type) & 0x03);
    put_be16(command.port.cdb + 2, from_le32(input.feature));
    put_be16(command.port.cdb + 7, length);
    command.accepts_overrun = true;
    command_data_in(&command, device, length);
    struct command_result result = command_send(device, &command);
    give(device, request, &result);
}

void cdrom_shutdown(struct cdrom *device)
{
    struct command flush = command_of(device, OP_SYNCHRONIZE_CACHE, 10);
    struct command unlock = command_of(device, OP_PREVENT_ALLOW, 6);

    if (!device->started)
        return;
    device_update(device);
    command_send(device, &flush);
    unlock.attempts = ATTEMPTS_UNLOCK;
    command_send(device, &unlock);
}

enum nt_status check_exclusive_access(const struct cdrom *device, struct cdrom_request *request)
{
    struct nt_exclusive_access input;
    size_t lock_length = sizeof input + NT_EXCLUSIVE_CALLER_LENGTH;

    memcpy(&input, request->buffer, sizeof input);
    uint32_t type = from_le32(input.request_type);
    if (type != NT_EXCLUSIVE_ACCESS_LOCK && type != NT_EXCLUSIVE_ACCESS_UNLOCK)
        return NT_INVALID_PARAMETER;
    if (type == NT_EXCLUSIVE_ACCESS_LOCK && request->in_length < lock_length)
        return NT_INVALID_PARAMETER;
    if (type == NT_EXCLUSIVE_ACCESS_UNLOCK && device->exclusive_owner != request->handle)
        return NT_INVALID_DEVICE_REQUEST;
    return NT_SUCCESS;
}

void control_exclusive_access(struct cdrom *device, struct cdrom_request *request)
{
    bool lock = request->buffer[0] == NT_EXCLUSIVE_ACCESS_LOCK;

    device->exclusive_owner = lock ? request->handle : 0;
    if (!lock)
        device_set_stale(device);
    request_end(request, NT_SUCCESS, 0);
}
