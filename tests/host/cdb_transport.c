/* SPDX-License-Identifier: MIT */
#include "tests/host/cdb_transport.h"

#include "emulator/sense.h"

#include <string.h>

#define REPORT_KEY          0xA4
#define SEND_KEY            0xA3
#define READ_DISC_STRUCTURE 0xAD

/* Where a request stands in its command, and its data in the command's. */
static const struct {
    uint8_t opcode;
    uint8_t format;
    uint16_t length; /* of the data phase, header included */
    uint8_t offset;  /* of the message's data */
} layouts[HOST_REQUESTS] = {
    [HOST_REQUEST_AGID] = {REPORT_KEY,          0x00, 8,                           7},
    [HOST_REQUEST_HOST_CHALLENGE] = {SEND_KEY,            0x01, 16,                          4},
    [HOST_REQUEST_KEY1] = {REPORT_KEY,          0x02, 12,                          4},
    [HOST_REQUEST_DRIVE_CHALLENGE] = {REPORT_KEY,          0x01, 16,                          4},
    [HOST_REQUEST_KEY2] = {SEND_KEY,            0x03, 12,                          4},
    [HOST_REQUEST_TITLE_KEY] = {REPORT_KEY,          0x04, 12,                          4},
    [HOST_REQUEST_ASF] = {REPORT_KEY,          0x05, 8,                           7},
    [HOST_REQUEST_INVALIDATE_AGID] = {REPORT_KEY,          0x3F, 0,                           0},
    [HOST_REQUEST_RPC_STATE] = {REPORT_KEY,          0x08, 8,                           4},
    [HOST_REQUEST_SET_REGION] = {SEND_KEY,            0x06, 8,                           4},
    [HOST_REQUEST_COPYRIGHT] = {READ_DISC_STRUCTURE, 0x01, 8,                           4},
    [HOST_REQUEST_DISC_KEY] = {READ_DISC_STRUCTURE, 0x02, 4 + CSS_DISC_KEY_BLOCK_SIZE, 4},
};

static void make_cdb(const struct host_message *message, struct host_cdb *command)
{
    const uint8_t opcode = layouts[message->request].opcode;
    const uint8_t format = layouts[message->request].format;
    uint8_t *cdb = command->cdb;

    cdb[0] = opcode;
    for (unsigned i = 0; i < 4; i++)
        cdb[2 + i] = (uint8_t)(message->lba >> (24 - 8 * i));
    cdb[8] = (uint8_t)(command->data_length >> 8);
    cdb[9] = (uint8_t)command->data_length;
    cdb[10] = (uint8_t)(message->agid << 6);
    if (opcode == READ_DISC_STRUCTURE)
        cdb[7] = format;
    else
        cdb[10] |= format;
}

static bool perform(struct host_transport *base, struct host_message *message)
{
    struct cdb_transport *transport = (struct cdb_transport *)base;
    const enum host_request request = message->request;
    const size_t size = host_request_size(request);
    uint8_t *data;

    struct host_cdb command = {.data_length = layouts[request].length,
                               .sends = host_request_sends(request)};
    make_cdb(message, &command);
    data = command.data + layouts[request].offset;
    if (command.sends) {
        command.data[0] = (uint8_t)((command.data_length - 2) >> 8);
        command.data[1] = (uint8_t)(command.data_length - 2);
        memcpy(data, message->data, size);
    }
    base->refusal = (struct host_refusal){0};
    if (!transport->execute(transport, &command))
        return false;
    if (request == HOST_REQUEST_AGID)
        message->agid = data[0] >> 6;
    else if (!command.sends)
        memcpy(message->data, data, size);
    return true;
}

void cdb_transport_init(struct cdb_transport *transport,
                        bool (*execute)(struct cdb_transport *transport, struct host_cdb *command),
                        void *executor)
{
    *transport = (struct cdb_transport){
        .transport.perform = perform,
        .execute = execute,
        .executor = executor,
    };
}

struct host_refusal host_refusal_of_sense(const uint8_t sense[18])
{
    struct sense_reading is;

    sense_decode(sense, SENSE_SIZE, &is);
    return (struct host_refusal){
        .has_sense = true,
        .key = is.key,
        .asc = is.asc,
        .ascq = is.ascq,
        .has_information = is.has_information,
        .information = (uint32_t)is.information,
    };
}
