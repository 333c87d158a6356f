/* SPDX-License-Identifier: MIT */
#include "emulator/fault_internal.h"

#include <string.h>

#include "emulator/command_table.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_key.h"
#include "emulator/mmc_structure.h"

/* What a rule does to the data of a command. */

static const struct fault_length_field length_fields[] = {
    {MMC_REQUEST_SENSE,                 7, 1},
    {MMC_INQUIRY,                       4, 1},
    {MMC_MODE_SENSE_6,                  0, 1},
    {MMC_READ_FORMAT_CAPACITIES,        3, 1},
    {MMC_READ_TOC,                      0, 2},
    {MMC_GET_CONFIGURATION,             0, 4},
    {MMC_GET_EVENT_STATUS_NOTIFICATION, 0, 2},
    {MMC_READ_DISC_INFORMATION,         0, 2},
    {MMC_READ_TRACK_INFORMATION,        0, 2},
    {MMC_MODE_SENSE_10,                 0, 2},
    {MMC_READ_BUFFER_CAPACITY,          0, 2},
    {MMC_REPORT_LUNS,                   0, 4},
    {MMC_REPORT_KEY,                    0, 2},
    {MMC_GET_PERFORMANCE,               0, 4},
    {MMC_READ_DISC_STRUCTURE,           0, 2},
    {MMC_MECHANISM_STATUS,              6, 2},
};

const struct fault_length_field *fault_length_field(uint8_t operation_code)
{
    for (size_t i = 0; i < sizeof length_fields / sizeof *length_fields; i++)
        if (length_fields[i].operation_code == operation_code)
            return &length_fields[i];
    return NULL;
}

/* Where a key stands in the answer to a CDB; size 0: there is none. */
struct key_place {
    size_t offset, size;
};

static struct key_place key_place(const uint8_t *cdb)
{
    const struct mmc_cdb_key *key = (const void *)cdb;
    const struct mmc_cdb_read_disc_structure *structure = (const void *)cdb;
    unsigned format = key->key & MMC_KEY_FORMAT;

    if (cdb[0] == MMC_REPORT_KEY && format == MMC_KEY_KEY1)
        return (struct key_place){offsetof(struct mmc_key_bus_key, key), CSS_KEY_SIZE};
    if (cdb[0] == MMC_REPORT_KEY && format == MMC_KEY_TITLE_KEY)
        return (struct key_place){offsetof(struct mmc_key_title_key, key), CSS_KEY_SIZE};
    if (cdb[0] == MMC_READ_DISC_STRUCTURE && structure->format == MMC_STRUCTURE_DISC_KEY)
        return (struct key_place){sizeof(struct mmc_structure_header), DISC_STRUCTURE_SIZE};
    return (struct key_place){0, 0};
}

bool fault_has_key(const uint8_t *cdb)
{
    return key_place(cdb).size > 0;
}

/* The most bytes that may be answered; commands that nobody knows take what is given. */
static size_t room_for_answer(const struct drive_command *command)
{
    struct drive_data_phase phase = drive_data_phase(command->cdb, command->cdb_length);

    if (!command_row(command->cdb[0]))
        return DRIVE_ANSWER_MAX;
    return phase.direction == DRIVE_DIRECTION_IN ? phase.length : 0;
}

bool fault_returns_data(const struct drive_command *command)
{
    return room_for_answer(command) > 0;
}

static void give_answer(const struct fault_effect *effect, struct drive_command *command)
{
    size_t room = room_for_answer(command);
    size_t length = effect->answer_length < room ? effect->answer_length : room;

    command->private_part.from_medium = false;
    memcpy(command->private_part.answer, effect->answer, length);
    command->data_in_length = length;
}

/* The functions from here on return whether they have changed anything. */

static bool set_header_length(const struct fault_effect *effect, struct drive_command *command)
{
    const struct fault_length_field *field = fault_length_field(command->cdb[0]);
    bool changed = false;

    if (effect->header_length < 0 || !field)
        return false;
    for (unsigned i = 0; i < field->size; i++) {
        if (field->offset + i >= command->data_in_length)
            continue;
        command->private_part.answer[field->offset + i] =
            (uint8_t)(effect->header_length >> 8 * (field->size - 1 - i));
        changed = true;
    }
    return changed;
}

static bool spoil_key(struct drive_command *command)
{
    struct key_place place = key_place(command->cdb);
    struct random random = {command->private_part.fault_seed};

    for (size_t i = place.offset; i < place.offset + place.size; i++) {
        uint8_t difference = (uint8_t)(1 + random_next(&random) % 255);
        if (i < command->data_in_length)
            command->private_part.answer[i] ^= difference;
    }
    return place.size > 0 && command->data_in_length > place.offset;
}

/* Of `size` bytes that stand at `offset` of the command's data. */
static bool alter(const struct drive_command *command, uint8_t *bytes, uint64_t offset, size_t size)
{
    const struct fault_effect *effect = &command->private_part.fault->rule.effect;
    struct random random = {command->private_part.fault_seed};
    bool changed = false;

    for (unsigned i = 0; i < effect->patch.count; i++) {
        if (effect->patch.offset[i] < offset || effect->patch.offset[i] - offset >= size)
            continue;
        bytes[effect->patch.offset[i] - offset] = effect->patch.byte[i];
        changed = true;
    }
    for (int64_t i = 0; i < effect->flips; i++) {
        uint64_t bit = random_next(&random) % (command->data_in_length * 8);
        if (bit / 8 < offset || bit / 8 - offset >= size)
            continue;
        bytes[bit / 8 - offset] ^= (uint8_t)(1u << bit % 8);
        changed = true;
    }
    return changed;
}

void fault_alter_medium_data(struct drive *drive, struct drive_command *command,
                             const struct iovec *iov, uint64_t offset, size_t size)
{
    bool changed = command->private_part.fault_in_data;

    while (size > 0) {
        size_t step = iov->iov_len < size ? iov->iov_len : size;
        changed |= alter(command, iov->iov_base, offset, step);
        offset += step;
        size -= step;
        iov++;
    }
    if (changed)
        fault_take_place(drive, command);
}

void fault_end_medium_data(struct drive *drive, struct drive_command *command)
{
    if (command->private_part.fault_at_end)
        fault_take_place(drive, command);
}

static bool recall(struct fault_memory *memory, struct drive_command *command)
{
    if (!memory->is_filled || memory->from_medium != command->private_part.from_medium)
        return false;
    if (memory->from_medium) {
        command->private_part.lba = memory->lba;
        command->private_part.fault_in_data = true;
    } else if (memory->length < command->data_in_length) {
        command->data_in_length = memory->length;
    }
    if (!memory->from_medium)
        memcpy(command->private_part.answer, memory->data, command->data_in_length);
    return !memory->from_medium;
}

/* Old sectors that do not go as far as what is asked for cannot be told from a short read. */
static bool recall_within(const struct drive *drive, struct fault_entry *entry,
                          struct drive_command *command)
{
    uint64_t sectors = command->data_in_length / DVD_SECTOR_SIZE;

    if (entry->memory.from_medium &&
        (!drive->disc || entry->memory.lba + sectors > disc_sectors(drive->disc)))
        return false;
    return recall(&entry->memory, command);
}

static bool overrun(const struct fault_effect *effect, struct drive_command *command)
{
    size_t room = DRIVE_ANSWER_MAX - command->data_in_length;
    size_t more = (uint64_t)effect->overrun < room ? (size_t)effect->overrun : room;

    memset(command->private_part.answer + command->data_in_length, 0, more);
    command->data_in_length += more;
    return more > 0;
}

/* A read may still fail before it comes to where it is cut. */
static bool cut(const struct fault_effect *effect, struct drive_command *command)
{
    if (command->data_in_length <= (uint64_t)effect->truncate)
        return false;
    command->data_in_length = (uint64_t)effect->truncate;
    command->private_part.fault_at_end =
        command->private_part.from_medium && command->data_in_length > 0;
    return !command->private_part.fault_at_end;
}

void fault_alter_answer(struct drive *drive, struct fault_entry *entry,
                        struct drive_command *command)
{
    const struct fault_effect *effect = &entry->rule.effect;
    bool changed = false;

    if (!fault_returns_data(command))
        return;
    if (effect->has_answer) {
        give_answer(effect, command);
        changed = true;
    }
    if (effect->stale)
        changed |= recall_within(drive, entry, command);
    if (!command->private_part.from_medium && command->data_in_length > 0) {
        changed |= set_header_length(effect, command);
        if (effect->wrong_key)
            changed |= spoil_key(command);
        changed |= alter(command, command->private_part.answer, 0, command->data_in_length);
    }
    if (effect->truncate >= 0)
        changed |= cut(effect, command);
    if (effect->overrun > 0 && !command->private_part.from_medium)
        changed |= overrun(effect, command);
    if (changed)
        fault_take_place(drive, command);
}

/* Rules that answer with old data need some: those of the commands that they let pass. */
void fault_remember(struct drive *drive, const struct drive_command *command)
{
    for (struct fault_entry *entry = drive->faults->first; entry; entry = entry->next) {
        struct fault_memory *memory = &entry->memory;

        if (!entry->rule.effect.stale || command->data_in_length == 0 ||
            (memory->is_filled && command->private_part.fault == entry) ||
            !fault_meets_cdb(&entry->rule.condition, command))
            continue;
        memory->is_filled = true;
        memory->from_medium = command->private_part.from_medium;
        memory->lba = command->private_part.lba;
        if (memory->from_medium)
            continue;
        memory->length = (uint32_t)command->data_in_length;
        memcpy(memory->data, command->private_part.answer, memory->length);
    }
}
