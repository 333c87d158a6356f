/* SPDX-License-Identifier: MIT */
#include "handlers/tcmu/tcmu_ring.h"

/* Has its own struct iovec: this file must not include sys/uio.h. */
#include <linux/target_core_user.h>

#define RING_VERSION 2

/* Whether what the mailbox says can be. */
static bool is_sound(const struct tcmu_mailbox *mailbox, size_t size)
{
    if (size < sizeof(*mailbox) || mailbox->version != RING_VERSION ||
        mailbox->cmdr_off < sizeof(*mailbox) || mailbox->cmdr_off >= size ||
        mailbox->cmdr_size < sizeof(struct tcmu_cmd_entry) ||
        mailbox->cmdr_size > size - mailbox->cmdr_off)
        return false;
    return true;
}

bool tcmu_ring_takes_lengths(const void *mailbox, size_t size)
{
    const struct tcmu_mailbox *header = mailbox;

    return is_sound(header, size) && (header->flags & TCMU_MAILBOX_FLAG_CAP_READ_LEN);
}

/* The oldest open command; entries of another kind in front of it are skipped. */
static struct tcmu_cmd_entry *open_entry(struct tcmu_mailbox *mailbox, size_t size)
{
    unsigned char *ring;
    uint32_t head, tail, skipped = 0;

    if (!is_sound(mailbox, size))
        return NULL;
    ring = (unsigned char *)mailbox + mailbox->cmdr_off;
    head = __atomic_load_n(&mailbox->cmd_head, __ATOMIC_ACQUIRE);
    tail = mailbox->cmd_tail;
    while (tail != head && tail <= mailbox->cmdr_size - sizeof(struct tcmu_cmd_entry_hdr)) {
        struct tcmu_cmd_entry *entry = (struct tcmu_cmd_entry *)(void *)(ring + tail);
        uint32_t length = tcmu_hdr_get_len(entry->hdr.len_op);
        if (tcmu_hdr_get_op(entry->hdr.len_op) == TCMU_OP_CMD)
            return tail <= mailbox->cmdr_size - sizeof(*entry) ? entry : NULL;
        skipped += length;
        if (length == 0 || skipped > mailbox->cmdr_size)
            return NULL;
        tail = (tail + length) % mailbox->cmdr_size;
    }
    return NULL;
}

bool tcmu_ring_set_length(void *mailbox, size_t size, uint32_t length)
{
    struct tcmu_cmd_entry *entry = open_entry(mailbox, size);

    if (!entry)
        return false;
    entry->rsp.read_len = length;
    entry->hdr.uflags |= TCMU_UFLAG_READ_LEN;
    return true;
}
