/* SPDX-License-Identifier: MIT */
#include "handlers/usbredir/bulk_only.h"

#include <endian.h>
#include <string.h>

#define CBW_SIGNATURE     0x43425355u
#define CSW_SIGNATURE     0x53425355u
#define CBW_FLAGS_DATA_IN 0x80
#define CBW_LUN_RESERVED  0xF0
#define COMMAND_BLOCK_MIN 6
#define COMMAND_BLOCK_MAX 16
#define CSW_STATUS_PASSED 0x00
#define CSW_STATUS_FAILED 0x01
#define CSW_STATUS_PHASE  0x02

struct command_block_wrapper {
    uint32_t dCBWSignature;
    uint32_t dCBWTag;
    uint32_t dCBWDataTransferLength;
    uint8_t bmCBWFlags;
    uint8_t bCBWLUN;
    uint8_t bCBWCBLength;
    uint8_t CBWCB[COMMAND_BLOCK_MAX];
} __attribute__((packed));

struct command_status_wrapper {
    uint32_t dCSWSignature;
    uint32_t dCSWTag;
    uint32_t dCSWDataResidue;
    uint8_t bCSWStatus;
} __attribute__((packed));

_Static_assert(sizeof(struct command_block_wrapper) == BULK_ONLY_CBW_SIZE, "CBW size");
_Static_assert(sizeof(struct command_status_wrapper) == BULK_ONLY_CSW_SIZE, "CSW size");

void bulk_only_init(struct bulk_only *transport, struct drive *drive, struct drive_nexus *nexus)
{
    memset(transport, 0, offsetof(struct bulk_only, data_out));
    transport->drive = drive;
    transport->nexus = nexus;
    transport->phase = BULK_ONLY_PHASE_COMMAND;
}

static void give_up(struct bulk_only *transport, uint64_t now)
{
    if (transport->begun)
        drive_finish(transport->drive, &transport->command, now);
    transport->begun = false;
    transport->phase = BULK_ONLY_PHASE_COMMAND;
}

static enum bulk_only_answer refuse_wrapper(struct bulk_only *transport, uint64_t now)
{
    give_up(transport, now);
    transport->phase = BULK_ONLY_PHASE_INVALID;
    transport->halted[BULK_ONLY_IN] = true;
    transport->halted[BULK_ONLY_OUT] = true;
    return BULK_ONLY_STALL;
}

static bool is_meaningful(const struct command_block_wrapper *wrapper)
{
    return le32toh(wrapper->dCBWSignature) == CBW_SIGNATURE &&
           !(wrapper->bCBWLUN & CBW_LUN_RESERVED) && wrapper->bCBWCBLength >= COMMAND_BLOCK_MIN &&
           wrapper->bCBWCBLength <= COMMAND_BLOCK_MAX;
}

static void execute(struct bulk_only *transport, uint64_t now)
{
    struct drive_command *command = &transport->command;

    command->data_out = transport->data_out;
    command->data_out_length = transport->relevant;
    drive_begin(transport->drive, command, now);
    transport->begun = true;
    transport->ready = command->delay < UINT64_MAX - now ? now + command->delay : UINT64_MAX - 1;
}

/* Takes over the command block; tells which way the host expects data. */
static enum drive_direction take_wrapper(struct bulk_only *transport,
                                         const struct command_block_wrapper *wrapper)
{
    struct drive_command *command = &transport->command;

    memset(command, 0, sizeof(*command));
    command->nexus = transport->nexus;
    command->lun = wrapper->bCBWLUN;
    command->cdb_length = wrapper->bCBWCBLength;
    memcpy(command->cdb, wrapper->CBWCB, wrapper->bCBWCBLength);

    transport->tag = wrapper->dCBWTag;
    transport->expected = le32toh(wrapper->dCBWDataTransferLength);
    transport->transferred = 0;
    transport->relevant = 0;
    if (transport->expected == 0)
        return DRIVE_DIRECTION_NONE;
    return wrapper->bmCBWFlags & CBW_FLAGS_DATA_IN ? DRIVE_DIRECTION_IN : DRIVE_DIRECTION_OUT;
}

static enum bulk_only_answer receive_wrapper(struct bulk_only *transport, const uint8_t *bytes,
                                             size_t length, uint64_t now)
{
    static const enum bulk_only_phase next[] = {
        [DRIVE_DIRECTION_NONE] = BULK_ONLY_PHASE_STATUS,
        [DRIVE_DIRECTION_IN] = BULK_ONLY_PHASE_DATA_IN,
        [DRIVE_DIRECTION_OUT] = BULK_ONLY_PHASE_DATA_OUT,
    };
    struct command_block_wrapper wrapper;
    enum drive_direction host, device;
    struct drive_data_phase intended;

    if (length != sizeof(wrapper))
        return refuse_wrapper(transport, now);
    memcpy(&wrapper, bytes, sizeof(wrapper));
    if (!is_meaningful(&wrapper))
        return refuse_wrapper(transport, now);

    give_up(transport, now);
    host = take_wrapper(transport, &wrapper);
    intended = drive_data_phase(transport->command.cdb, transport->command.cdb_length);
    device = intended.length ? intended.direction : DRIVE_DIRECTION_NONE;
    /* Cases (2), (3), (8) and (10). */
    transport->phase_error = device != DRIVE_DIRECTION_NONE && device != host;
    if (host == DRIVE_DIRECTION_OUT && device == DRIVE_DIRECTION_OUT) {
        transport->relevant = intended.length;
        /* Case (13). */
        if (intended.length > transport->expected || intended.length > DRIVE_DATA_OUT_MAX) {
            transport->relevant = 0;
            transport->phase_error = true;
        }
    }
    transport->ready = now;
    transport->phase = next[host];
    if (host != DRIVE_DIRECTION_OUT && !transport->phase_error)
        execute(transport, now);
    return BULK_ONLY_DONE;
}

static enum bulk_only_answer receive_data(struct bulk_only *transport, const uint8_t *bytes,
                                          size_t length, uint64_t now)
{
    if (length > transport->expected - transport->transferred) {
        transport->halted[BULK_ONLY_OUT] = true;
        transport->phase_error = true;
        transport->phase = BULK_ONLY_PHASE_STATUS;
        return BULK_ONLY_STALL;
    }
    /* A transfer of no bytes has no address either. */
    if (length > 0 && transport->transferred < transport->relevant) {
        size_t wanted = transport->relevant - transport->transferred;
        memcpy(transport->data_out + transport->transferred, bytes,
               length < wanted ? length : wanted);
    }
    transport->transferred += (uint32_t)length;
    if (transport->transferred == transport->expected) {
        transport->ready = now;
        transport->phase = BULK_ONLY_PHASE_STATUS;
        if (!transport->phase_error)
            execute(transport, now);
    }
    return BULK_ONLY_DONE;
}

enum bulk_only_answer bulk_only_out(struct bulk_only *transport, const uint8_t *bytes,
                                    size_t length, uint64_t now)
{
    if (bulk_only_is_halted(transport, BULK_ONLY_OUT))
        return BULK_ONLY_STALL;
    if (transport->phase == BULK_ONLY_PHASE_DATA_OUT)
        return receive_data(transport, bytes, length, now);
    return receive_wrapper(transport, bytes, length, now);
}

/* How many bytes the command still has for a host that asks for `requested`. */
static size_t data_room(const struct bulk_only *transport, size_t requested)
{
    const struct drive_command *command = &transport->command;
    size_t room = transport->expected - transport->transferred;

    if (!transport->begun || command->done)
        return 0;
    if (room > requested)
        room = requested;
    if (room > command->data_in_length - command->data_in_done)
        room = command->data_in_length - command->data_in_done;
    return room;
}

size_t bulk_only_in_room(const struct bulk_only *transport, size_t requested)
{
    if (transport->phase == BULK_ONLY_PHASE_DATA_IN)
        return data_room(transport, requested);
    if (transport->phase == BULK_ONLY_PHASE_STATUS)
        return requested < BULK_ONLY_CSW_SIZE ? 0 : BULK_ONLY_CSW_SIZE;
    return 0;
}

static enum bulk_only_answer send_data(struct bulk_only *transport, uint8_t *bytes,
                                       size_t requested, size_t *length)
{
    const struct iovec iov = {.iov_base = bytes, .iov_len = data_room(transport, requested)};

    if (iov.iov_len > 0)
        *length = drive_data_in(transport->drive, &transport->command, &iov, 1);
    transport->transferred += (uint32_t)*length;
    if (*length < requested || transport->transferred == transport->expected)
        transport->phase = BULK_ONLY_PHASE_STATUS;
    return BULK_ONLY_DONE;
}

static uint8_t csw_status(const struct bulk_only *transport)
{
    /* Data that the host has no room for are left over: case (7). */
    if (transport->phase_error || !transport->command.done)
        return CSW_STATUS_PHASE;
    return transport->command.status == DRIVE_STATUS_GOOD ? CSW_STATUS_PASSED : CSW_STATUS_FAILED;
}

/* What of the announced data was neither delivered nor of any use. */
static uint32_t csw_residue(const struct bulk_only *transport)
{
    if (!transport->begun)
        return transport->expected;
    /* Only one of the two is not zero. */
    return transport->expected - transport->relevant - (uint32_t)transport->command.data_in_done;
}

static enum bulk_only_answer send_status(struct bulk_only *transport, uint8_t *bytes,
                                         size_t requested, size_t *length, uint64_t now)
{
    const struct command_status_wrapper wrapper = {
        .dCSWSignature = htole32(CSW_SIGNATURE),
        .dCSWTag = transport->tag,
        .dCSWDataResidue = htole32(csw_residue(transport)),
        .bCSWStatus = csw_status(transport),
    };

    if (requested < sizeof(wrapper))
        return BULK_ONLY_BABBLE;
    memcpy(bytes, &wrapper, sizeof(wrapper));
    *length = sizeof(wrapper);
    give_up(transport, now);
    return BULK_ONLY_DONE;
}

enum bulk_only_answer bulk_only_in(struct bulk_only *transport, uint8_t *bytes, size_t requested,
                                   size_t *length, uint64_t now)
{
    *length = 0;
    if (bulk_only_is_halted(transport, BULK_ONLY_IN))
        return BULK_ONLY_STALL;
    if (bulk_only_deadline(transport) > now)
        return BULK_ONLY_WAIT;
    if (transport->phase == BULK_ONLY_PHASE_DATA_IN)
        return send_data(transport, bytes, requested, length);
    if (transport->begun && drive_work(transport->drive, &transport->command))
        return BULK_ONLY_WAIT;
    if (transport->phase == BULK_ONLY_PHASE_STATUS)
        return send_status(transport, bytes, requested, length, now);
    return BULK_ONLY_WAIT;
}

/* Whether a fault rule keeps everything from the host. */
static bool is_withheld(const struct bulk_only *transport)
{
    enum drive_delivery delivery =
        transport->begun ? transport->command.delivery : DRIVE_DELIVERY_NORMAL;

    return delivery == DRIVE_DELIVERY_HELD ? drive_is_withheld(&transport->command)
                                           : delivery != DRIVE_DELIVERY_NORMAL;
}

bool bulk_only_is_unplugged(const struct bulk_only *transport)
{
    return transport->begun && (transport->command.delivery == DRIVE_DELIVERY_UNPLUGGED ||
                                transport->command.delivery == DRIVE_DELIVERY_POWER_LOSS);
}

uint64_t bulk_only_deadline(const struct bulk_only *transport)
{
    if (is_withheld(transport))
        return UINT64_MAX;
    if (transport->phase == BULK_ONLY_PHASE_DATA_IN || transport->phase == BULK_ONLY_PHASE_STATUS)
        return transport->ready;
    return UINT64_MAX;
}

void bulk_only_reset(struct bulk_only *transport, uint64_t now)
{
    give_up(transport, now);
}

void bulk_only_restart(struct bulk_only *transport, uint64_t now)
{
    give_up(transport, now);
    transport->halted[BULK_ONLY_IN] = false;
    transport->halted[BULK_ONLY_OUT] = false;
}

void bulk_only_set_halt(struct bulk_only *transport, enum bulk_only_endpoint endpoint, bool halted)
{
    transport->halted[endpoint] = halted;
}

bool bulk_only_is_halted(const struct bulk_only *transport, enum bulk_only_endpoint endpoint)
{
    return transport->phase == BULK_ONLY_PHASE_INVALID || transport->halted[endpoint];
}
