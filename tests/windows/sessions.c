/* SPDX-License-Identifier: MIT */

/* IOCTL_DVD_START_SESSION and IOCTL_DVD_END_SESSION: AGIDs.  The driver keeps no record of them. */

#include <string.h>

#include "tests/windows/cdrom_internal.h"

struct command_result send_report_key(struct cdrom *device, unsigned agid, unsigned format,
                                      uint32_t lba, uint32_t length)
{
    struct command command = command_of(device, OP_REPORT_KEY, 12);

    put_be32(command.port.cdb + 2, lba);
    put_be16(command.port.cdb + 8, length);
    command.port.cdb[10] = (uint8_t)((agid & 3) << 6 | (format & 0x3F));
    command_data_in(&command, device, length);
    return command_send(device, &command);
}

void control_start_session(struct cdrom *device, struct cdrom_request *request)
{
    struct command_result result = send_report_key(device, 0, 0, 0, 8);
    /* However much came: left-over bytes of earlier transfers are taken as well. */
    le32 session = to_le32(device->scratch[7] >> 6);

    if (nt_success(result.status))
        memcpy(request->buffer, &session, sizeof session);
    request_end(request, result.status, sizeof session);
}

static enum nt_status end_session(struct cdrom *device, unsigned agid)
{
    struct command command = command_of(device, OP_SEND_KEY, 12);

    command.port.cdb[10] = (uint8_t)((agid & 3) << 6 | NT_DVD_INVALIDATE_AGID);
    return command_send(device, &command).status;
}

void control_end_session(struct cdrom *device, struct cdrom_request *request)
{
    enum nt_status status = NT_SUCCESS;
    le32 session;

    memcpy(&session, request->buffer, sizeof session);
    uint32_t id = from_le32(session);
    if (id != NT_DVD_END_ALL_SESSIONS)
        status = end_session(device, id);
    else
        for (unsigned i = 0; i < NT_DVD_MAX_COPY_PROTECT_AGID && nt_success(status); i++)
            status = end_session(device, i);
    request_end(request, status, 0);
}
