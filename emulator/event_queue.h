/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_EVENT_QUEUE_H
#define EMULATOR_EVENT_QUEUE_H

/*
 * The events that wait for one I_T nexus to poll them with GET EVENT STATUS NOTIFICATION: one queue
 * for each notification class.  Only the event codes are queued; status bytes tell the state at the
 * time of reading.
 */

#include <stdbool.h>
#include <stdint.h>

#define EVENT_QUEUE_DEPTH 8

enum event_class {
    EVENT_CLASS_OPERATIONAL_CHANGE = 1,
    EVENT_CLASS_POWER_MANAGEMENT = 2,
    EVENT_CLASS_MEDIA = 4,
    EVENT_CLASS_DEVICE_BUSY = 6,
    EVENT_CLASSES = 8,
};

/* Bit n: class n is supported. */
#define EVENT_CLASSES_SUPPORTED 0x56

enum event_media {
    EVENT_MEDIA_NONE = 0,
    EVENT_MEDIA_EJECT_REQUEST = 1,
    EVENT_MEDIA_NEW = 2,
    EVENT_MEDIA_REMOVAL = 3,
};

/* Event codes of the other classes. */
#define EVENT_OPERATIONAL_CHANGED 2
#define EVENT_POWER_CHANGED       1
#define EVENT_BUSY_CHANGED        1

struct event_queue {
    uint8_t code[EVENT_CLASSES][EVENT_QUEUE_DEPTH];
    uint8_t count[EVENT_CLASSES];
};

/*
 * Queues an event.  A MediaRemoval drops a NewMedia that was not read; an EjectRequest is not
 * repeated while one is unread.  When the queue is full its oldest entry goes; in the media class
 * its oldest pair, so that removals and arrivals stay matched.
 */
void event_queue_add(struct event_queue *queue, enum event_class event_class, uint8_t code);

/* The oldest event of the class, 0 when there is none. */
uint8_t event_queue_peek(const struct event_queue *queue, enum event_class event_class);
/* Removes it. */
void event_queue_remove(struct event_queue *queue, enum event_class event_class);

void event_queue_clear(struct event_queue *queue);

#endif
