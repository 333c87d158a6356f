/* SPDX-License-Identifier: MIT */

/* Sending a command: interpretation of its end, side effects, retries. */

#include <string.h>

#include "tests/windows/cdrom_internal.h"

#define READ_PATIENCE      (160 * SECOND)
#define SERVO_ATTEMPTS     6
#define START_UNIT_TIMEOUT 240

struct command command_of(const struct cdrom *device, uint8_t operation, uint8_t cdb_length)
{
    struct command command = {
        .port = {.cdb = {operation}, .cdb_length = cdb_length, .timeout = device->timeout},
    };
    return command;
}

void command_data_in(struct command *command, struct cdrom *device, size_t length)
{
    command->port.direction = length > 0 ? PORT_DATA_IN : PORT_NO_DATA;
    command->port.data = device->scratch;
    command->port.length = length;
}

void command_data_out(struct command *command, struct cdrom *device, size_t length)
{
    command->port.direction = length > 0 ? PORT_DATA_OUT : PORT_NO_DATA;
    command->port.data = device->scratch;
    command->port.length = length;
}

void device_note(struct cdrom *device, enum cdrom_notification note)
{
    if (device->note_count < CDROM_NOTES_MAX)
        device->notes[device->note_count++] = note;
}

/* Only a state that differs from the last one is reported, and the first is nobody's news. */
void device_set_media(struct cdrom *device, enum cdrom_media_state state)
{
    bool known = device->media != CDROM_MEDIA_UNKNOWN;

    if (device->media == state)
        return;
    device->media = state;
    if (!known)
        return;
    if (state == CDROM_MEDIA_PRESENT)
        device_note(device, CDROM_NOTE_ARRIVAL);
    else
        device_note(device, CDROM_NOTE_REMOVAL);
}

void device_set_stale(struct cdrom *device)
{
    device->mmc_state = CDROM_MMC_STALE;
}

static void take_effect(struct cdrom *device, unsigned effects)
{
    if (effects & EFFECT_ATTENTION)
        device->media_changes++;
    if (effects & EFFECT_ABSENT)
        device_set_media(device, CDROM_MEDIA_ABSENT);
    if (effects & EFFECT_UNAVAILABLE)
        device_set_media(device, CDROM_MEDIA_UNAVAILABLE);
    if (effects & EFFECT_PRESENT)
        device_set_media(device, CDROM_MEDIA_PRESENT);
    if (effects & EFFECT_BECOMING_READY)
        device_note(device, CDROM_NOTE_BECOMING_READY);
    if (effects & EFFECT_EJECT_REQUEST)
        device_note(device, CDROM_NOTE_EJECT_REQUEST);
    if (effects & EFFECT_BUS_RESCAN)
        device_note(device, CDROM_NOTE_BUS_RESCAN);
    if ((effects & EFFECT_VERIFY) && device->mounted)
        device->verify = true;
    if (effects & EFFECT_STALE)
        device_set_stale(device);
}

/* Nobody waits for its result. */
static void send_start_unit(struct cdrom *device)
{
    struct port_request request = {
        .cdb = {OP_START_STOP_UNIT, 0, 0, 0, 1, 0},
        .cdb_length = 6,
        .timeout = START_UNIT_TIMEOUT,
    };
    struct port_result result;

    port_execute(device->port, &request, &result);
}

struct attempt {
    unsigned number; /* from 1 */
    uint64_t first;  /* when the first was sent */
    struct verdict verdict;
    const uint8_t *sense;
};

static bool reading_again(struct cdrom *device, struct attempt *attempt)
{
    bool servo = (attempt->sense[2] & 0x0F) == 4 && attempt->sense[12] == 0x09;

    if (!attempt->verdict.retry)
        return false;
    attempt->verdict.delay = device->read_retry_delay;
    return servo ? attempt->number < SERVO_ATTEMPTS
                 : device->port->clock - attempt->first < READ_PATIENCE;
}

/* Whether the command is sent once more. */
static bool again(struct cdrom *device, const struct command *command, struct attempt *attempt)
{
    struct verdict *verdict = &attempt->verdict;

    switch (command->attempts) {
    case ATTEMPTS_DEFAULT:
        return verdict->retry && attempt->number < 6;
    case ATTEMPTS_THREE_SPACED:
        if (attempt->sense[12] == 0x04 && verdict->delay < 2 * SECOND)
            verdict->delay = 2 * SECOND;
        return verdict->retry && attempt->number < 3;
    case ATTEMPTS_THREE:
        return verdict->retry && attempt->number < 3;
    case ATTEMPTS_UNLOCK:
        return !nt_success(verdict->status) && attempt->number < 5;
    case ATTEMPTS_READ:
        return reading_again(device, attempt);
    case ATTEMPTS_POLL:
        break;
    }
    return false;
}

struct command_result command_send(struct cdrom *device, const struct command *command)
{
    struct port_result result;
    struct attempt attempt = {.first = device->port->clock, .sense = result.sense};
    struct verdict *verdict = &attempt.verdict;

    for (;;) {
        attempt.number++;
        port_execute(device->port, &command->port, &result);
        *verdict = interpret(device, &command->port, &result);
        if (verdict->status == NT_DATA_OVERRUN && command->accepts_overrun)
            verdict->status = NT_SUCCESS;
        else if (result.outcome == PORT_CHECK_CONDITION)
            result.transferred = 0;
        take_effect(device, verdict->effects);
        if (verdict->status == NT_VERIFY_REQUIRED && command->override_verify)
            verdict->retry = true;
        if (!again(device, command, &attempt))
            return (struct command_result){verdict->status, result.transferred};
        if (verdict->effects & EFFECT_START_UNIT)
            send_start_unit(device);
        port_wait(device->port, verdict->delay);
    }
}
