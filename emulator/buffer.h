/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_BUFFER_H
#define EMULATOR_BUFFER_H

/*
 * A position in a transport's scattered buffer, for filling it from front to back.
 */

#include <stddef.h>
#include <sys/uio.h>

struct buffer {
    const struct iovec *iov;
    int count;
    size_t offset; /* into iov[0] */
};

/* Bytes that still fit. */
size_t buffer_room(const struct buffer *buffer);

/* Writes `size` bytes, which must fit, and moves on. */
void buffer_write(struct buffer *buffer, const void *bytes, size_t size);

/* Moves on without writing. */
void buffer_skip(struct buffer *buffer, size_t size);

/*
 * Describes the next bytes, at most `size`, as a list of at most `room` pieces; does not move on.
 * Returns how many bytes the list covers and its length in *pieces.
 */
size_t buffer_slice(const struct buffer *buffer, size_t size, struct iovec *slice, int room,
                    int *pieces);

#endif
