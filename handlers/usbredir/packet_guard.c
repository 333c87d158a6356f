/* SPDX-License-Identifier: MIT */
#include "handlers/usbredir/packet_guard.h"

#include <endian.h>
#include <string.h>

#include "handlers/usbredir/usbredir_connection.h"

#define HEADER_SHORT  12
#define HEADER_LONG   16
#define HEADER_LENGTH 4 /* where the length of the body stands */

bool packet_guard_pass(struct packet_guard *guard, const uint8_t *bytes, size_t length,
                       bool long_ids)
{
    const size_t header_size = long_ids ? HEADER_LONG : HEADER_SHORT;
    size_t step;

    for (; length > 0; bytes += step, length -= step) {
        if (guard->body > 0) {
            step = length < guard->body ? length : guard->body;
            guard->body -= (uint32_t)step;
            continue;
        }
        step = header_size - guard->header_length;
        if (step > length)
            step = length;
        memcpy(guard->header + guard->header_length, bytes, step);
        guard->header_length += step;
        if (guard->header_length == header_size) {
            memcpy(&guard->body, guard->header + HEADER_LENGTH, sizeof(guard->body));
            guard->body = le32toh(guard->body);
            guard->header_length = 0;
            if (guard->body > USBREDIR_PACKET_MAX)
                return false;
        }
    }
    return true;
}

bool packet_guard_is_between(const struct packet_guard *guard)
{
    return guard->header_length == 0 && guard->body == 0;
}
