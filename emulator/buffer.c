/* SPDX-License-Identifier: MIT */
#include "emulator/buffer.h"

#include <stdint.h>
#include <string.h>

size_t buffer_room(const struct buffer *buffer)
{
    size_t room = 0;
    for (int i = 0; i < buffer->count; i++)
        room += buffer->iov[i].iov_len;
    return room - buffer->offset;
}

/* Moves `size` bytes on, copying them from `bytes` unless it is NULL. */
static void advance(struct buffer *buffer, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        size_t piece = buffer->iov->iov_len - buffer->offset;
        if (piece > size)
            piece = size;
        /* A piece of no bytes may have no address. */
        if (bytes && piece > 0) {
            memcpy((uint8_t *)buffer->iov->iov_base + buffer->offset, bytes, piece);
            bytes += piece;
        }
        size -= piece;
        buffer->offset += piece;
        if (buffer->offset == buffer->iov->iov_len) {
            buffer->iov++;
            buffer->count--;
            buffer->offset = 0;
        }
    }
}

void buffer_write(struct buffer *buffer, const void *bytes, size_t size)
{
    advance(buffer, bytes, size);
}

void buffer_skip(struct buffer *buffer, size_t size)
{
    advance(buffer, NULL, size);
}

size_t buffer_slice(const struct buffer *buffer, size_t size, struct iovec *slice, int room,
                    int *pieces)
{
    size_t covered = 0;
    size_t offset = buffer->offset;

    *pieces = 0;
    for (int i = 0; i < buffer->count && *pieces < room && covered < size; i++) {
        size_t length = buffer->iov[i].iov_len - offset;
        if (length > size - covered)
            length = size - covered;
        if (length > 0)
            slice[(*pieces)++] =
                (struct iovec){(uint8_t *)buffer->iov[i].iov_base + offset, length};
        covered += length;
        offset = 0;
    }
    return covered;
}
