/* SPDX-License-Identifier: MIT */
#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_event.h"

/* GET EVENT STATUS NOTIFICATION: the status is that of now, only the event code comes from the
 * queue. */

#define BUSY_TIME_UNIT (100 * NANOSECONDS_PER_MILLISECOND)

static void operational_change(const struct drive *drive, struct mmc_event *event)
{
    event->status = drive->persistent_prevent ? MMC_EVENT_PERSISTENT_PREVENTED : 0;
    if (event->code != 0)
        event->detail = to_be16(MMC_EVENT_FEATURE_CHANGE);
}

static void power_management(const struct drive *drive, struct mmc_event *event)
{
    event->status = (uint8_t)drive->power;
}

static void media(const struct drive *drive, struct mmc_event *event)
{
    switch (drive->medium) {
    case DRIVE_MEDIUM_TRAY_OPEN:
        event->status = MMC_EVENT_TRAY_OPEN;
        break;
    case DRIVE_MEDIUM_ABSENT:
        event->status = 0;
        break;
    default:
        event->status = drive->disc ? MMC_EVENT_MEDIA_PRESENT : 0;
        break;
    }
}

static void device_busy(const struct drive *drive, struct mmc_event *event)
{
    uint64_t until = drive->medium == DRIVE_MEDIUM_BECOMING_READY ? drive->ready_at
                                                                  : mechanism_busy_until(drive);

    if (until <= drive->now)
        return;
    uint64_t left = (until - drive->now + BUSY_TIME_UNIT - 1) / BUSY_TIME_UNIT;
    event->status = MMC_EVENT_BUSY_IMMEDIATE;
    event->detail = to_be16(left > UINT16_MAX ? UINT16_MAX : (uint32_t)left);
}

/* The supported classes, ascending. */
static const struct notification {
    enum event_class event_class;
    void (*describe)(const struct drive *drive, struct mmc_event *event);
} notifications[] = {
    {EVENT_CLASS_OPERATIONAL_CHANGE, operational_change},
    {EVENT_CLASS_POWER_MANAGEMENT,   power_management  },
    {EVENT_CLASS_MEDIA,              media             },
    {EVENT_CLASS_DEVICE_BUSY,        device_busy       },
};
#define NOTIFICATIONS (sizeof notifications / sizeof *notifications)

/* The lowest requested class with an event, else the lowest requested one; NULL when none is
 * supported. */
static const struct notification *select_notification(const struct event_queue *queue,
                                                      uint8_t requested)
{
    const struct notification *lowest = NULL;

    for (size_t i = 0; i < NOTIFICATIONS; i++) {
        const struct notification *notification = &notifications[i];
        if ((requested & 1u << notification->event_class) == 0)
            continue;
        if (event_queue_peek(queue, notification->event_class) != 0)
            return notification;
        if (!lowest)
            lowest = notification;
    }
    return lowest;
}

struct sense command_get_event_status(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_get_event *cdb = COMMAND_CDB(mmc_cdb_get_event, command);
    struct event_queue *queue = &command->nexus->events;
    const struct notification *notification = select_notification(queue, cdb->classes);
    uint32_t allocation_length = from_be16(cdb->allocation_length);
    struct mmc_event data = {.header.supported_classes = EVENT_CLASSES_SUPPORTED};

    if ((cdb->flags & MMC_GET_EVENT_POLLED) == 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_get_event, flags), 0);
    if (!notification) {
        data.header.event_class = MMC_EVENT_NEA;
        data.header.data_length = to_be16(sizeof data.header - sizeof data.header.data_length);
        return command_answer(command, &data, sizeof data.header, allocation_length);
    }

    enum event_class event_class = notification->event_class;
    data.header.event_class = (uint8_t)event_class;
    data.header.data_length = to_be16(sizeof data - sizeof data.header.data_length);
    data.code = event_queue_peek(queue, event_class);
    notification->describe(drive, &data);
    if (allocation_length > sizeof data.header)
        event_queue_remove(queue, event_class);
    return command_answer(command, &data, sizeof data, allocation_length);
}
