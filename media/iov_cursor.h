/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_IOV_CURSOR_H
#define MEDIA_IOV_CURSOR_H

/*
 * A place in the buffers of a scattered read.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct iov_cursor {
    const struct iovec *iov; /* the buffer that the place is in */
    int count;               /* buffers from there on */
    size_t offset;           /* bytes before the place in its buffer */
};

struct iov_cursor iov_cursor_begin(const struct iovec *iov, int count);

/* Moves the place on, over empty buffers as well. */
void iov_cursor_advance(struct iov_cursor *cursor, size_t size);

/*
 * The next `size` bytes as at most `room` buffers.  Returns how many buffers there are; they hold
 * fewer bytes than `size` when there was not enough room.
 */
int iov_cursor_slice(const struct iov_cursor *cursor, size_t size, struct iovec *slice, int room);

/* Where the next `size` bytes lie if one buffer has them all, otherwise NULL. */
uint8_t *iov_cursor_contiguous(const struct iov_cursor *cursor, size_t size);

/* Copies the next bytes out of the buffers, or into them; the place stays. */
void iov_cursor_gather(struct iov_cursor cursor, uint8_t *to, size_t size);
void iov_cursor_scatter(struct iov_cursor cursor, const uint8_t *from, size_t size);

#endif
