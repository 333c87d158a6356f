/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_TCMU_RING_HOST_H
#define TESTS_SUPPORT_TCMU_RING_HOST_H

/*
 * The kernel's and libtcmu's side of a ring of commands (linux/target_core_user.h).
 */

#include <stdbool.h>
#include <stdint.h>

#define RING_HOST_SIZE 8192

/* `takes_lengths`: what the mailbox says of the kernel. */
void ring_host_init(void *ring, bool takes_lengths);
/* The kernel puts a command into the ring. */
void ring_host_put(void *ring, uint16_t id);
/* The kernel fills up the ring's end, so that the next entry is at its start. */
void ring_host_put_pad(void *ring);
/*
 * libtcmu completes command `id`, in whichever entry is the oldest.  Returns whether that entry
 * says how long the answer was, in *length.
 */
bool ring_host_complete(void *ring, uint16_t id, uint32_t *length);
/* Takes the ring's mailbox for another version. */
void ring_host_set_version(void *ring, uint16_t version);
void ring_host_set_size(void *ring, uint32_t size);

#endif
