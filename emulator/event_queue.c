/* SPDX-License-Identifier: MIT */
#include "emulator/event_queue.h"

#include <string.h>

static void remove_at(struct event_queue *queue, enum event_class event_class, unsigned index)
{
    uint8_t *code = queue->code[event_class];
    unsigned after = --queue->count[event_class] - index;
    memmove(code + index, code + index + 1, after);
}

static void remove_code(struct event_queue *queue, enum event_class event_class, uint8_t code)
{
    for (unsigned i = queue->count[event_class]; i-- > 0;)
        if (queue->code[event_class][i] == code)
            remove_at(queue, event_class, i);
}

static bool has_code(const struct event_queue *queue, enum event_class event_class, uint8_t code)
{
    return memchr(queue->code[event_class], code, queue->count[event_class]) != NULL;
}

void event_queue_add(struct event_queue *queue, enum event_class event_class, uint8_t code)
{
    if (event_class == EVENT_CLASS_MEDIA) {
        if (code == EVENT_MEDIA_EJECT_REQUEST && has_code(queue, event_class, code))
            return;
        if (code == EVENT_MEDIA_REMOVAL)
            remove_code(queue, event_class, EVENT_MEDIA_NEW);
    }
    if (queue->count[event_class] == EVENT_QUEUE_DEPTH) {
        remove_at(queue, event_class, 0);
        if (event_class == EVENT_CLASS_MEDIA)
            remove_at(queue, event_class, 0);
    }
    queue->code[event_class][queue->count[event_class]++] = code;
}

uint8_t event_queue_peek(const struct event_queue *queue, enum event_class event_class)
{
    return queue->count[event_class] > 0 ? queue->code[event_class][0] : 0;
}

void event_queue_remove(struct event_queue *queue, enum event_class event_class)
{
    if (queue->count[event_class] > 0)
        remove_at(queue, event_class, 0);
}

void event_queue_clear(struct event_queue *queue)
{
    memset(queue, 0, sizeof *queue);
}
