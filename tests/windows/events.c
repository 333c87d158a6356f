/* SPDX-License-Identifier: MIT */

/*
 * Media change detection: GET EVENT STATUS NOTIFICATION once a second, or TEST UNIT READY with
 * drives that do not do it well.
 */

#include "tests/windows/cdrom_internal.h"

#define EVENT_SIZE           8
#define EVENT_TIMEOUT        4
#define UNIT_TIMEOUT         20
#define START_ANSWERS        15
#define REPEATS_MAX          32
#define CHANGES_IN_ROW_MAX   4
#define BECOMING_READY_UNITS 2 /* of 100 ms */

enum event_class {
    CLASS_OPERATIONAL_CHANGE = 1,
    CLASS_EXTERNAL = 3,
    CLASS_MEDIA = 4,
    CLASS_BUSY = 6,
};
#define CLASS_BIT(event_class) (uint8_t)(1u << (event_class))
#define CLASSES_OF_INTEREST                                                                        \
    (CLASS_BIT(CLASS_OPERATIONAL_CHANGE) | CLASS_BIT(CLASS_EXTERNAL) | CLASS_BIT(CLASS_MEDIA) |    \
     CLASS_BIT(CLASS_BUSY))

/* Registry values of the detection. */
enum {
    DETECTION_UNUSABLE = 1,
    DETECTION_USABLE = 2,
};

static struct command_result send_get_event(struct cdrom *device, uint8_t mask)
{
    struct command command = command_of(device, OP_GET_EVENT_STATUS, 10);

    command.port.cdb[1] = 0x01;
    command.port.cdb[4] = mask;
    command.port.cdb[8] = EVENT_SIZE;
    command.port.timeout = EVENT_TIMEOUT;
    command.attempts = ATTEMPTS_POLL;
    command.accepts_overrun = true;
    command_data_in(&command, device, EVENT_SIZE);
    return command_send(device, &command);
}

static void disable_for_ever(struct cdrom *device)
{
    device->registry->detection_state = DETECTION_UNUSABLE;
    device->polling = CDROM_POLLS_UNIT;
}

static bool is_lasting_failure(enum nt_status status)
{
    return status == NT_INVALID_DEVICE_REQUEST || status == NT_IO_DEVICE_ERROR ||
           status == NT_IO_TIMEOUT;
}

struct event {
    bool none; /* no event, or none that counts */
    bool odd;  /* a class nobody asked for, or no room for an event */
    enum event_class event_class;
    uint8_t code;
    uint32_t detail;
};

static struct event read_event(const struct cdrom *device, size_t transferred, uint8_t mask)
{
    const uint8_t *data = device->scratch;
    bool nea = transferred >= 4 && (data[2] & 0x80);
    struct event event = {.event_class = data[2] & 0x07};

    event.none = transferred < EVENT_SIZE || nea || event.event_class == 0;
    event.odd =
        transferred >= 4 && !nea && (get_be16(data) < 6 || !(mask & CLASS_BIT(event.event_class)));
    if (!event.none) {
        event.code = data[4] & 0x0F;
        event.detail = get_be16(data + 6);
    }
    return event;
}

/* What the drive has gathered before anybody asked is taken away. */
static void drain(struct cdrom *device)
{
    for (unsigned i = 0; i < START_ANSWERS; i++) {
        struct command_result result = send_get_event(device, device->event_mask);
        struct event event = read_event(device, result.transferred, device->event_mask);
        if (!nt_success(result.status)) {
            if (is_lasting_failure(result.status))
                disable_for_ever(device);
            else
                device->polling = CDROM_POLLS_UNIT;
            return;
        }
        if (event.odd) {
            disable_for_ever(device);
            return;
        }
        if (event.none || event.code == 0)
            break;
    }
    device->registry->detection_state = DETECTION_USABLE;
    device->polling = CDROM_POLLS_EVENTS;
    device->one_event_class = (device->event_mask & (device->event_mask - 1)) != 0;
    device->event_round = device->event_mask;
}

void events_start(struct cdrom *device)
{
    device->polling = CDROM_POLLS_UNIT;
    if (device->registry->detection_state == DETECTION_UNUSABLE)
        return;
    struct command_result result = send_get_event(device, 0);
    if (!nt_success(result.status)) {
        if (is_lasting_failure(result.status))
            disable_for_ever(device);
        return;
    }
    device->supported_events = result.transferred >= 4 ? device->scratch[3] : 0;
    device->event_mask = device->supported_events & CLASSES_OF_INTEREST;
    if (device->event_mask & CLASS_BIT(CLASS_MEDIA))
        drain(device);
}

static void take_media_event(struct cdrom *device, const struct event *event)
{
    switch (event->code) {
    case 1:
        device_note(device, CDROM_NOTE_EJECT_REQUEST);
        break;
    case 2:
    case 4:
        device_set_media(device, CDROM_MEDIA_PRESENT);
        device->verify = device->verify || device->mounted;
        break;
    case 3:
        device_set_media(device, CDROM_MEDIA_ABSENT);
        break;
    default:
        break;
    }
}

static void take_operational_change(struct cdrom *device, const struct event *event)
{
    if (event->code != 2 || (event->detail != 1 && event->detail != 2))
        return;
    device->verify = device->verify || device->mounted;
    device_set_stale(device);
    if (++device->changes_in_row >= CHANGES_IN_ROW_MAX) {
        device->event_mask &= (uint8_t)~CLASS_BIT(CLASS_OPERATIONAL_CHANGE);
        device->event_round = device->event_mask;
    }
}

static void take_event(struct cdrom *device, const struct event *event)
{
    if (event->event_class == CLASS_OPERATIONAL_CHANGE)
        take_operational_change(device, event);
    else
        device->changes_in_row = 0;
    if (event->event_class == CLASS_MEDIA)
        take_media_event(device, event);
    if (event->event_class == CLASS_EXTERNAL && event->code == 1)
        device_note(device, CDROM_NOTE_EXTERNAL_REQUEST);
    if (event->event_class == CLASS_BUSY && event->detail >= BECOMING_READY_UNITS)
        device_note(device, CDROM_NOTE_BECOMING_READY);
}

static uint8_t lowest(uint8_t mask)
{
    return (uint8_t)(mask & -mask);
}

/*
 * Until a drive has shown that it knows one class from another, a class without event is left out
 * of the next question, which is asked at once.  False at the end of a round.
 */
static bool next_class(struct cdrom *device, const struct event *event)
{
    if (!device->one_event_class)
        return false;
    if (CLASS_BIT(event->event_class) != lowest(device->event_round)) {
        device->one_event_class = false;
        device->event_round = device->event_mask;
        return false;
    }
    device->event_round &= (uint8_t)~lowest(device->event_round);
    if (device->event_round != 0)
        return true;
    device->event_round = device->event_mask;
    return false;
}

static void poll_events(struct cdrom *device)
{
    for (unsigned i = 0; i <= REPEATS_MAX; i++) {
        uint8_t mask = device->one_event_class ? device->event_round : device->event_mask;
        struct command_result result = send_get_event(device, mask);
        struct event event = read_event(device, result.transferred, mask);
        if (!nt_success(result.status) || event.none)
            return;
        if (event.code == 0) {
            if (!next_class(device, &event))
                return;
            continue;
        }
        if (device->one_event_class && CLASS_BIT(event.event_class) != lowest(mask))
            device->one_event_class = false;
        take_event(device, &event);
    }
    disable_for_ever(device);
}

static void poll_unit(struct cdrom *device)
{
    struct command command = command_of(device, OP_TEST_UNIT_READY, 6);

    command.port.timeout = UNIT_TIMEOUT;
    command.attempts = ATTEMPTS_POLL;
    if (nt_success(command_send(device, &command).status))
        device_set_media(device, CDROM_MEDIA_PRESENT);
}

void cdrom_tick(struct cdrom *device)
{
    if (!device->started)
        return;
    device_update(device);
    if (device->polling == CDROM_POLLS_EVENTS)
        poll_events(device);
    else if (device->polling == CDROM_POLLS_UNIT)
        poll_unit(device);
}
