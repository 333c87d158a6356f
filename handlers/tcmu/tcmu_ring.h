/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TCMU_TCMU_RING_H
#define HANDLERS_TCMU_TCMU_RING_H

/*
 * How many bytes a command returned, told to the kernel.  tcmu-runner has no call for it: without
 * this every command seems to have filled the initiator's buffer.  Kernels since 5.9 take the
 * length from the command's entry in the ring, which lies in memory that this process shares with
 * them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the `size` bytes at `mailbox` are a ring whose kernel takes lengths. */
bool tcmu_ring_takes_lengths(const void *mailbox, size_t size);

/*
 * The next command of this ring that libtcmu completes returned `length` bytes to the initiator. To
 * be called directly before the completion, with no other completion between: libtcmu puts each
 * completion into the oldest open entry, whichever command that was made for.  A length of 0 cannot
 * be told; the kernel takes it for the whole buffer.  False if there is no open entry.
 */
bool tcmu_ring_set_length(void *mailbox, size_t size, uint32_t length);

#endif
