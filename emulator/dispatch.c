/* SPDX-License-Identifier: MIT */
#include "emulator/drive_internal.h"

#include <string.h>

#include "emulator/command_table.h"
#include "emulator/fault_internal.h"
#include "emulator/mmc_cdb.h"

/*
 * From a CDB to its handler: the checks that come before every command, in the order in which a
 * host sees them (wrong logical unit, unit attention, operation code, control byte, medium).
 */

void command_complete(struct drive_command *command, struct sense sense)
{
    command->done = true;
    if (sense.code == SENSE_NO_SENSE) {
        command->status = DRIVE_STATUS_GOOD;
        return;
    }
    command->status = DRIVE_STATUS_CHECK_CONDITION;
    if (sense.code == SENSE_STATED)
        memcpy(command->sense, command->private_part.fault_sense, sizeof command->sense);
    else
        sense_encode(&sense, command->sense);
    if (command->nexus->autosense)
        return;
    command->nexus->contingent = sense;
    memcpy(command->nexus->contingent_data, command->sense, sizeof command->sense);
}

struct sense command_answer(struct drive_command *command, const void *data, size_t size,
                            uint32_t allocation_length)
{
    if (size > allocation_length)
        size = allocation_length;
    memcpy(command->private_part.answer, data, size);
    command->data_in_length = size;
    return sense_good();
}

struct sense command_answer_from_medium(struct drive *drive, struct drive_command *command,
                                        uint32_t lba, uint32_t sectors, bool from_disc)
{
    command->private_part.from_medium = true;
    command->private_part.lba = lba;
    command->private_part.medium_generation = drive->medium_generation;
    command->delay += mechanism_read(drive, lba, sectors, from_disc);
    command->data_in_length = (uint64_t)sectors * DVD_SECTOR_SIZE;
    return sense_good();
}

void command_verify_medium(const struct drive *drive, struct drive_command *command, uint32_t lba,
                           uint32_t sectors)
{
    command->private_part.from_medium = true;
    command->private_part.lba = lba;
    command->private_part.unverified = sectors;
    command->private_part.medium_generation = drive->medium_generation;
}

static bool exists(const struct drive *drive, const struct command_row *row)
{
    if (!row || ((row->flags & COMMAND_OF_CSS) != 0 && !drive->profile.css))
        return false;
    return (row->flags & COMMAND_OF_CD) == 0 || drive->profile.read_cd != READ_CD_REFUSE;
}

static struct sense check_control_byte(const struct command_row *row,
                                       const struct drive_command *command)
{
    size_t field = row->cdb_length - 1u;

    if ((command->cdb[field] & MMC_CONTROL_NACA) != 0)
        return sense_in_cdb(field, 2);
    if ((command->cdb[field] & MMC_CONTROL_LINK) != 0)
        return sense_in_cdb(field, 0);
    return sense_good();
}

/* Only these three have an answer for a logical unit that does not exist. */
static bool answers_for_other_lun(uint8_t operation_code)
{
    return operation_code == MMC_INQUIRY || operation_code == MMC_REQUEST_SENSE ||
           operation_code == MMC_REPORT_LUNS;
}

struct sense command_dispatch(struct drive *drive, struct drive_command *command)
{
    const struct command_row *row = command_row(command->cdb[0]);

    if (command->lun != 0 && !answers_for_other_lun(command->cdb[0]))
        return sense_of(SENSE_LOGICAL_UNIT_NOT_SUPPORTED);
    if (!row || (row->flags & COMMAND_BYPASSES_ATTENTION) == 0) {
        enum sense_code attention = attention_take(command->nexus);
        if (attention != SENSE_NO_SENSE)
            return sense_of(attention);
    }
    if (!exists(drive, row))
        return sense_of(SENSE_INVALID_OPERATION_CODE);
    if (command->cdb_length < row->cdb_length)
        return sense_in_cdb(command->cdb_length, -1);

    struct sense sense = check_control_byte(row, command);
    if (sense.code == SENSE_NO_SENSE && (row->flags & COMMAND_NEEDS_MEDIUM) != 0) {
        power_access(drive);
        sense = medium_sense(drive, SENSE_MEDIUM_INCOMPATIBLE);
    }
    return sense.code == SENSE_NO_SENSE ? row->execute(drive, command) : sense;
}

/* Those that watch a command on its way; nobody does as a rule. */
static void emit_command(struct drive *drive, const struct drive_command *command,
                         enum drive_event_kind kind)
{
    if (drive_is_observed(drive))
        drive_emit(drive,
                   &(struct drive_event){
                       .kind = kind,
                       .command = {.command = command, .began = command->private_part.began}
        });
}

void drive_begin(struct drive *drive, struct drive_command *command, uint64_t now)
{
    struct drive_nexus *nexus = command->nexus;

    drive_advance(drive, now);
    if (drive->power == DRIVE_POWER_SLEEP)
        power_access(drive);

    command->delay = 0;
    command->delivery = DRIVE_DELIVERY_NORMAL;
    command->data_in_length = 0;
    command->data_in_done = 0;
    command->done = false;
    command->status = DRIVE_STATUS_GOOD;
    memset(command->sense, 0, sizeof command->sense);
    command->private_part.from_medium = false;
    command->private_part.unverified = 0;
    command->private_part.reset_generation = drive->reset_generation;
    command->private_part.began = drive->now;
    command->private_part.fault = NULL;
    command->private_part.stop_at = UINT64_MAX;
    if (command->cdb[0] != MMC_REQUEST_SENSE)
        nexus->contingent = sense_good();

    emit_command(drive, command, DRIVE_EVENT_COMMAND_BEGINS);
    struct sense sense =
        drive->faults ? fault_dispatch(drive, command) : command_dispatch(drive, command);
    if (sense.code != SENSE_NO_SENSE)
        command->data_in_length = 0;
    /* A rule may have given the command a sense or an answer in the place of its work. */
    if (sense.code != SENSE_NO_SENSE || command->data_in_length > 0)
        command->private_part.unverified = 0;
    if (command->data_in_length == 0 && command->private_part.unverified == 0)
        command_complete(command, sense);
    if (command->private_part.fault)
        fault_settle(drive, command);
    emit_command(drive, command, DRIVE_EVENT_COMMAND_EXECUTED);
}

void drive_finish(struct drive *drive, struct drive_command *command, uint64_t now)
{
    drive_advance(drive, now);
    if (command->private_part.fault)
        fault_finish(drive, command);
    if (drive_is_observed(drive))
        drive_emit(drive, &(struct drive_event){
                              .kind = DRIVE_EVENT_COMMAND,
                              .command = {.command = command,
                                          .began = command->private_part.began,
                                          .finished = drive->now,
                                          .given_up = !command->done}
        });
}

size_t drive_execute(struct drive *drive, struct drive_command *command, const struct iovec *iov,
                     int iov_count, uint64_t now)
{
    size_t moved = 0;

    drive_begin(drive, command, now);
    if (!command->done)
        moved = drive_data_in(drive, command, iov, iov_count);
    drive_finish(drive, command, now);
    return moved;
}
