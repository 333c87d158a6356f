/* SPDX-License-Identifier: MIT */
#include "tests/guest/programs/dvd_host/device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/cdrom.h>
#include <scsi/sg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COMMAND_TIMEOUT 30000 /* milliseconds */

static bool sg_io(int file, const uint8_t *cdb, size_t cdb_length, int direction, uint8_t *data,
                  size_t length, struct host_refusal *refusal)
{
    uint8_t sense[32] = {0};
    struct sg_io_hdr io = {
        .interface_id = 'S',
        .dxfer_direction = direction,
        .cmd_len = (unsigned char)cdb_length,
        .mx_sb_len = sizeof sense,
        .dxfer_len = (unsigned)length,
        .dxferp = data,
        .cmdp = (unsigned char *)cdb,
        .sbp = sense,
        .timeout = COMMAND_TIMEOUT,
    };

    if (ioctl(file, SG_IO, &io) != 0) {
        *refusal = (struct host_refusal){.error = errno};
        return false;
    }
    if ((io.info & SG_INFO_OK_MASK) == SG_INFO_OK)
        return true;
    if (io.sb_len_wr >= 14)
        *refusal = host_refusal_of_sense(sense);
    else
        *refusal = (struct host_refusal){.error = EIO};
    return false;
}

static bool sg_execute(struct cdb_transport *transport, struct host_cdb *command)
{
    const struct device *device = transport->executor;
    int direction = SG_DXFER_NONE;

    if (command->data_length)
        direction = command->sends ? SG_DXFER_TO_DEV : SG_DXFER_FROM_DEV;
    return sg_io(device->file, command->cdb, HOST_CDB_SIZE, direction, command->data,
                 command->data_length, &transport->transport.refusal);
}

/* Which type of DVD_AUTH asks for it. */
static const uint8_t auth_types[HOST_REQUESTS] = {
    [HOST_REQUEST_AGID] = DVD_LU_SEND_AGID,
    [HOST_REQUEST_HOST_CHALLENGE] = DVD_HOST_SEND_CHALLENGE,
    [HOST_REQUEST_KEY1] = DVD_LU_SEND_KEY1,
    [HOST_REQUEST_DRIVE_CHALLENGE] = DVD_LU_SEND_CHALLENGE,
    [HOST_REQUEST_KEY2] = DVD_HOST_SEND_KEY2,
    [HOST_REQUEST_TITLE_KEY] = DVD_LU_SEND_TITLE_KEY,
    [HOST_REQUEST_ASF] = DVD_LU_SEND_ASF,
    [HOST_REQUEST_INVALIDATE_AGID] = DVD_INVALIDATE_AGID,
    [HOST_REQUEST_RPC_STATE] = DVD_LU_SEND_RPC_STATE,
    [HOST_REQUEST_SET_REGION] = DVD_HOST_SEND_RPC_STATE,
};

/* The structures of the union differ in what follows type and AGID. */
static void auth_from_message(dvd_authinfo *auth, const struct host_message *message)
{
    memset(auth, 0, sizeof *auth);
    auth->type = auth_types[message->request];
    switch (message->request) {
    case HOST_REQUEST_HOST_CHALLENGE:
        auth->hsc.agid = message->agid & 3;
        memcpy(auth->hsc.chal, message->data, sizeof auth->hsc.chal);
        break;
    case HOST_REQUEST_KEY2:
        auth->hsk.agid = message->agid & 3;
        memcpy(auth->hsk.key, message->data, sizeof auth->hsk.key);
        break;
    case HOST_REQUEST_TITLE_KEY:
        auth->lstk.agid = message->agid & 3;
        auth->lstk.lba = (int)message->lba;
        break;
    case HOST_REQUEST_SET_REGION:
        auth->hrpcs.pdrc = message->data[0];
        break;
    default:
        auth->lsa.agid = message->agid & 3;
    }
}

static void auth_to_message(const dvd_authinfo *auth, struct host_message *message)
{
    switch (message->request) {
    case HOST_REQUEST_AGID:
        message->agid = auth->lsa.agid;
        break;
    case HOST_REQUEST_KEY1:
        memcpy(message->data, auth->lsk.key, sizeof auth->lsk.key);
        break;
    case HOST_REQUEST_DRIVE_CHALLENGE:
        memcpy(message->data, auth->lsc.chal, sizeof auth->lsc.chal);
        break;
    case HOST_REQUEST_TITLE_KEY:
        message->data[0] =
            (uint8_t)(auth->lstk.cpm << 7 | auth->lstk.cp_sec << 6 | auth->lstk.cgms << 4);
        memcpy(message->data + 1, auth->lstk.title_key, sizeof auth->lstk.title_key);
        break;
    case HOST_REQUEST_ASF:
        message->data[0] = auth->lsasf.asf;
        break;
    case HOST_REQUEST_RPC_STATE:
        message->data[0] =
            (uint8_t)(auth->lrpcs.type << 6 | auth->lrpcs.vra << 3 | auth->lrpcs.ucca);
        message->data[1] = auth->lrpcs.region_mask;
        message->data[2] = auth->lrpcs.rpc_scheme;
        break;
    default:
        break;
    }
}

static int read_structure(int file, struct host_message *message)
{
    dvd_struct structure;
    int result;

    memset(&structure, 0, sizeof structure);
    if (message->request == HOST_REQUEST_COPYRIGHT) {
        structure.copyright.type = DVD_STRUCT_COPYRIGHT;
        result = ioctl(file, DVD_READ_STRUCT, &structure);
        message->data[0] = structure.copyright.cpst;
        message->data[1] = structure.copyright.rmi;
    } else {
        structure.disckey.type = DVD_STRUCT_DISCKEY;
        structure.disckey.agid = message->agid & 3;
        result = ioctl(file, DVD_READ_STRUCT, &structure);
        memcpy(message->data, structure.disckey.value, CSS_DISC_KEY_BLOCK_SIZE);
    }
    return result;
}

static bool perform_ioctl(struct host_transport *transport, struct host_message *message)
{
    const struct device *device =
        (const struct device *)((char *)transport - offsetof(struct device, ioctls));
    dvd_authinfo auth;
    int result;

    if (message->request == HOST_REQUEST_COPYRIGHT || message->request == HOST_REQUEST_DISC_KEY) {
        result = read_structure(device->file, message);
    } else {
        auth_from_message(&auth, message);
        result = ioctl(device->file, DVD_AUTH, &auth);
        if (result == 0)
            auth_to_message(&auth, message);
    }
    transport->refusal = (struct host_refusal){.error = result == 0 ? 0 : errno};
    return result == 0;
}

static bool read_sectors(struct sector_source *source, uint32_t lba, uint32_t count,
                         uint8_t *sectors)
{
    const struct device *device =
        (const struct device *)((char *)source - offsetof(struct device, sectors));

    return device_read(device, lba, count, sectors);
}

bool device_open(struct device *device, const char *path)
{
    *device = (struct device){.ioctls.perform = perform_ioctl, .sectors.read = read_sectors};
    cdb_transport_init(&device->sg, sg_execute, device);
    device->file = open(path, O_RDONLY | O_CLOEXEC);
    return device->file >= 0;
}

void device_close(struct device *device)
{
    close(device->file);
}

int device_capabilities(const struct device *device)
{
    return ioctl(device->file, CDROM_GET_CAPABILITY, 0);
}

bool device_read_sector(const struct device *device, uint32_t lba, uint8_t sector[DVD_SECTOR_SIZE],
                        struct host_refusal *refusal)
{
    const uint8_t cdb[10] = {0x28,
                             0,
                             (uint8_t)(lba >> 24),
                             (uint8_t)(lba >> 16),
                             (uint8_t)(lba >> 8),
                             (uint8_t)lba,
                             0,
                             0,
                             1,
                             0};

    return sg_io(device->file, cdb, sizeof cdb, SG_DXFER_FROM_DEV, sector, DVD_SECTOR_SIZE,
                 refusal);
}

bool device_read(const struct device *device, uint32_t lba, uint32_t count, uint8_t *sectors)
{
    size_t left = (size_t)count * DVD_SECTOR_SIZE;
    off_t offset = (off_t)lba * DVD_SECTOR_SIZE;

    while (left) {
        ssize_t got = pread(device->file, sectors, left, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got ? errno : ENODATA;
            return false;
        }
        sectors += got;
        offset += got;
        left -= (size_t)got;
    }
    return true;
}
