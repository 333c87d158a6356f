/* SPDX-License-Identifier: MIT */
#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_disc.h"

/* READ, VERIFY, SEEK, SET READ AHEAD and the capacities: commands that address sectors. */

struct sense command_check_range(const struct drive *drive, uint32_t lba, uint32_t sectors)
{
    uint32_t capacity = disc_sectors(drive->disc);

    if ((uint64_t)lba + sectors <= capacity)
        return sense_good();
    return sense_at_lba(SENSE_LBA_OUT_OF_RANGE, lba > capacity ? lba : capacity);
}

static struct sense read(struct drive *drive, struct drive_command *command, uint32_t lba,
                         uint32_t sectors)
{
    uint8_t flags = command->cdb[1];

    /* A device that claims SPC-3 has no old LUN field: these bits ask for protection information.
     */
    if ((flags & MMC_READ_RDPROTECT) != 0)
        return sense_in_cdb(1, 7);
    if ((flags & MMC_READ_RELADR) != 0)
        return sense_in_cdb(1, 0);
    struct sense sense = command_check_range(drive, lba, sectors);
    if (sense.code != SENSE_NO_SENSE)
        return sense;
    return command_answer_from_medium(drive, command, lba, sectors, (flags & MMC_READ_FUA) != 0);
}

struct sense command_read_10(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_10 *cdb = COMMAND_CDB(mmc_cdb_10, command);
    return read(drive, command, from_be32(cdb->address), from_be16(cdb->length));
}

struct sense command_read_12(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_read_12 *cdb = COMMAND_CDB(mmc_cdb_read_12, command);
    return read(drive, command, from_be32(cdb->lba), from_be32(cdb->length));
}

struct sense command_verify(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_10 *cdb = COMMAND_CDB(mmc_cdb_10, command);
    uint32_t lba = from_be32(cdb->address);
    uint32_t sectors = from_be16(cdb->length);

    if ((cdb->flags & MMC_VERIFY_BYTCHK) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_10, flags), 1);
    if ((cdb->flags & MMC_READ_RELADR) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_10, flags), 0);
    struct sense sense = command_check_range(drive, lba, sectors);
    if (sense.code != SENSE_NO_SENSE)
        return sense;
    command->delay += mechanism_read(drive, lba, sectors, true);
    command_verify_medium(drive, command, lba, sectors);
    return sense_good();
}

struct sense command_seek(struct drive *drive, struct drive_command *command)
{
    uint32_t lba = from_be32(COMMAND_CDB(mmc_cdb_10, command)->address);
    struct sense sense = command_check_range(drive, lba, 1);

    if (sense.code == SENSE_NO_SENSE)
        mechanism_seek(drive, lba);
    return sense;
}

struct sense command_set_read_ahead(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_set_read_ahead *cdb = COMMAND_CDB(mmc_cdb_set_read_ahead, command);
    uint32_t trigger = from_be32(cdb->trigger_lba), target = from_be32(cdb->read_ahead_lba);
    struct sense sense = command_check_range(drive, trigger, 1);

    if (sense.code == SENSE_NO_SENSE)
        sense = command_check_range(drive, target, 1);
    if (sense.code == SENSE_NO_SENSE)
        mechanism_set_trigger(drive, trigger, target);
    return sense;
}

struct sense command_synchronize_cache(struct drive *drive, struct drive_command *command)
{
    (void)drive;
    (void)command;
    return sense_good();
}

struct sense command_read_capacity(struct drive *drive, struct drive_command *command)
{
    /* Byte 8, bit 0 PMI, is the low byte of the length that other commands of this layout have. */
    const struct mmc_cdb_10 *cdb = COMMAND_CDB(mmc_cdb_10, command);
    bool partial = (from_be16(cdb->length) & 1) != 0;
    struct mmc_capacity data = {
        .last_lba = to_be32(disc_sectors(drive->disc) - 1),
        .block_length = to_be32(DVD_SECTOR_SIZE),
    };

    if ((cdb->flags & MMC_READ_RELADR) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_10, flags), 0);
    if (!partial && from_be32(cdb->address) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_10, address), -1);
    return command_answer(command, &data, sizeof data, sizeof data);
}

struct sense command_read_format_capacities(struct drive *drive, struct drive_command *command)
{
    bool ready = medium_is_ready(drive);
    struct mmc_format_capacities data = {
        .list_length = sizeof data - offsetof(struct mmc_format_capacities, blocks),
        .blocks = to_be32(ready ? disc_sectors(drive->disc) : 0),
        .descriptor_type = ready ? MMC_CAPACITY_FORMATTED : MMC_CAPACITY_NO_MEDIUM,
        .block_length = to_be24(DVD_SECTOR_SIZE),
    };
    return command_answer(command, &data, sizeof data,
                          from_be16(COMMAND_CDB(mmc_cdb_10, command)->length));
}
