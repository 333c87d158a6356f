/* SPDX-License-Identifier: MIT */
#include "tests/support/tcmu_ring_host.h"

#include <string.h>

#include <linux/target_core_user.h>

#define ENTRY_SIZE 128u
/* Not a multiple of the entries: there is a rest to pad. */
#define COMMANDS_SIZE (ENTRY_SIZE * 8 + 64)

static struct tcmu_cmd_entry *entry_at(void *ring, uint32_t offset)
{
    struct tcmu_mailbox *mailbox = ring;

    return (struct tcmu_cmd_entry *)(void *)((char *)ring + mailbox->cmdr_off + offset);
}

void ring_host_init(void *ring, bool takes_lengths)
{
    struct tcmu_mailbox *mailbox = ring;

    memset(ring, 0, RING_HOST_SIZE);
    mailbox->version = TCMU_MAILBOX_VERSION;
    mailbox->flags = TCMU_MAILBOX_FLAG_CAP_OOOC;
    if (takes_lengths)
        mailbox->flags |= TCMU_MAILBOX_FLAG_CAP_READ_LEN;
    mailbox->cmdr_off = sizeof(*mailbox);
    mailbox->cmdr_size = COMMANDS_SIZE;
}

static void put(void *ring, enum tcmu_opcode operation, uint32_t length, uint16_t id)
{
    struct tcmu_mailbox *mailbox = ring;
    struct tcmu_cmd_entry *entry = entry_at(ring, mailbox->cmd_head);

    memset(&entry->hdr, 0, sizeof(entry->hdr));
    entry->hdr.len_op = length | operation;
    entry->hdr.cmd_id = id;
    mailbox->cmd_head = (mailbox->cmd_head + length) % mailbox->cmdr_size;
}

void ring_host_put_pad(void *ring)
{
    struct tcmu_mailbox *mailbox = ring;

    put(ring, TCMU_OP_PAD, mailbox->cmdr_size - mailbox->cmd_head, 0);
}

void ring_host_put(void *ring, uint16_t id)
{
    struct tcmu_mailbox *mailbox = ring;

    if (mailbox->cmd_head + ENTRY_SIZE > mailbox->cmdr_size)
        ring_host_put_pad(ring);
    put(ring, TCMU_OP_CMD, ENTRY_SIZE, id);
}

bool ring_host_complete(void *ring, uint16_t id, uint32_t *length)
{
    struct tcmu_mailbox *mailbox = ring;
    struct tcmu_cmd_entry *entry = entry_at(ring, mailbox->cmd_tail);

    while (tcmu_hdr_get_op(entry->hdr.len_op) != TCMU_OP_CMD) {
        mailbox->cmd_tail =
            (mailbox->cmd_tail + tcmu_hdr_get_len(entry->hdr.len_op)) % mailbox->cmdr_size;
        entry = entry_at(ring, mailbox->cmd_tail);
    }
    entry->hdr.cmd_id = id;
    mailbox->cmd_tail =
        (mailbox->cmd_tail + tcmu_hdr_get_len(entry->hdr.len_op)) % mailbox->cmdr_size;
    *length = entry->rsp.read_len;
    return entry->hdr.uflags & TCMU_UFLAG_READ_LEN;
}

void ring_host_set_version(void *ring, uint16_t version)
{
    ((struct tcmu_mailbox *)ring)->version = version;
}

void ring_host_set_size(void *ring, uint32_t size)
{
    ((struct tcmu_mailbox *)ring)->cmdr_size = size;
}
