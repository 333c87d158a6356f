/* SPDX-License-Identifier: MIT */
#include "media/iov_cursor.h"

#include <string.h>

struct iov_cursor iov_cursor_begin(const struct iovec *iov, int count)
{
    return (struct iov_cursor){.iov = iov, .count = count};
}

void iov_cursor_advance(struct iov_cursor *cursor, size_t size)
{
    cursor->offset += size;
    while (cursor->count > 0 && cursor->offset >= cursor->iov->iov_len) {
        cursor->offset -= cursor->iov->iov_len;
        cursor->iov++;
        cursor->count--;
    }
}

int iov_cursor_slice(const struct iov_cursor *cursor, size_t size, struct iovec *slice, int room)
{
    int used = 0;
    size_t offset = cursor->offset;
    for (int i = 0; i < cursor->count && size > 0 && used < room; i++) {
        size_t length = cursor->iov[i].iov_len - offset;
        if (length > size)
            length = size;
        if (length > 0)
            slice[used++] = (struct iovec){(char *)cursor->iov[i].iov_base + offset, length};
        size -= length;
        offset = 0;
    }
    return used;
}

uint8_t *iov_cursor_contiguous(const struct iov_cursor *cursor, size_t size)
{
    struct iov_cursor place = *cursor;
    iov_cursor_advance(&place, 0);
    if (place.count == 0 || place.iov->iov_len - place.offset < size)
        return NULL;
    return (uint8_t *)place.iov->iov_base + place.offset;
}

void iov_cursor_gather(struct iov_cursor cursor, uint8_t *to, size_t size)
{
    while (size > 0) {
        struct iovec piece;
        if (iov_cursor_slice(&cursor, size, &piece, 1) == 0)
            return;
        memcpy(to, piece.iov_base, piece.iov_len);
        iov_cursor_advance(&cursor, piece.iov_len);
        to += piece.iov_len;
        size -= piece.iov_len;
    }
}

void iov_cursor_scatter(struct iov_cursor cursor, const uint8_t *from, size_t size)
{
    while (size > 0) {
        struct iovec piece;
        if (iov_cursor_slice(&cursor, size, &piece, 1) == 0)
            return;
        memcpy(piece.iov_base, from, piece.iov_len);
        iov_cursor_advance(&cursor, piece.iov_len);
        from += piece.iov_len;
        size -= piece.iov_len;
    }
}
