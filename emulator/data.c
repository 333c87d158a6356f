/* SPDX-License-Identifier: MIT */
#include "emulator/drive_internal.h"

#include <string.h>

#include "emulator/buffer.h"
#include "emulator/fault_internal.h"

/*
 * Data-in and work on the medium: answers that were built when the command began, and sectors that
 * are read from the disc straight into the transport's buffer when it asks for them.
 */

/* Pieces of the transport's buffer for one read from the disc. */
#define SLICE_PIECES 64

static struct sense removed_or_reset(const struct drive *drive, const struct drive_command *command)
{
    if (command->private_part.reset_generation != drive->reset_generation)
        return sense_of(SENSE_POWER_ON_OR_RESET);
    if (!command->private_part.from_medium ||
        command->private_part.medium_generation == drive->medium_generation)
        return sense_good();
    /* Another disc may be ready already; it is not the one that was being read. */
    struct sense sense = medium_sense(drive, SENSE_MEDIUM_INCOMPATIBLE);
    return sense.code == SENSE_NO_SENSE ? sense_of(SENSE_NO_MEDIUM) : sense;
}

/* What keeps the sector at `lba` from being read. */
static struct sense read_failure(const struct drive *drive, enum disc_read_end end, uint32_t lba)
{
    if (end == DISC_READ_UNREADABLE)
        return sense_at_lba(SENSE_UNRECOVERED_READ, lba);
    return sense_at_lba(drive->asf ? SENSE_REGION_MISMATCH : SENSE_SCRAMBLED_SECTOR, lba);
}

static bool refuses_scrambled(const struct drive *drive)
{
    if (!drive->profile.scrambled_read_gate || !disc_is_css(drive->disc))
        return false;
    return !drive->asf || (drive->profile.region_gate == REGION_GATE_STRICT &&
                           !authentication_region_plays(drive));
}

/* RC of the error recovery page: data without delay, whatever state they are in. */
static bool reads_on(const struct drive *drive, enum disc_read_end end)
{
    return end == DISC_READ_UNREADABLE &&
           (drive->modes.error_recovery.control & MODE_ERROR_RC) != 0;
}

/* Reads whole sectors into `iov` until one fails; the failure is in *sense. */
static uint32_t read_sectors(struct drive *drive, uint32_t lba, uint32_t sectors,
                             const struct iovec *iov, int pieces, struct sense *sense)
{
    struct disc_read read =
        disc_read(drive->disc, lba, sectors, refuses_scrambled(drive), iov, pieces);

    if (read.end == DISC_READ_COMPLETE)
        return read.sectors;
    medium_tell_unreadable(drive, lba + read.sectors, &read);
    if (!reads_on(drive, read.end)) {
        *sense = read_failure(drive, read.end, lba + read.sectors);
        return read.sectors;
    }

    static const uint8_t zeros[DVD_SECTOR_SIZE];
    struct buffer bad = {iov, pieces, 0};
    buffer_skip(&bad, (size_t)read.sectors * DVD_SECTOR_SIZE);
    buffer_write(&bad, zeros, sizeof zeros);
    return read.sectors + 1;
}

/* Part of one sector, for buffers that do not hold whole ones. */
static size_t read_partial(struct drive *drive, struct drive_command *command,
                           struct buffer *buffer, size_t size, struct sense *sense)
{
    uint8_t sector[DVD_SECTOR_SIZE];
    size_t offset = command->data_in_done % DVD_SECTOR_SIZE;
    uint32_t lba = command->private_part.lba + (uint32_t)(command->data_in_done / DVD_SECTOR_SIZE);
    struct iovec iov = {sector, sizeof sector};

    if (read_sectors(drive, lba, 1, &iov, 1, sense) == 0)
        return 0;
    if (size > sizeof sector - offset)
        size = sizeof sector - offset;
    buffer_write(buffer, sector + offset, size);
    return size;
}

static size_t read_whole(struct drive *drive, struct drive_command *command, struct buffer *buffer,
                         size_t size, struct sense *sense)
{
    struct iovec slice[SLICE_PIECES];
    int pieces;
    uint32_t lba = command->private_part.lba + (uint32_t)(command->data_in_done / DVD_SECTOR_SIZE);
    uint32_t sectors = (uint32_t)(buffer_slice(buffer, size - size % DVD_SECTOR_SIZE, slice,
                                               SLICE_PIECES, &pieces) /
                                  DVD_SECTOR_SIZE);

    if (sectors == 0)
        return read_partial(drive, command, buffer, size, sense);
    size_t good = (size_t)read_sectors(drive, lba, sectors, slice, pieces, sense) * DVD_SECTOR_SIZE;
    buffer_skip(buffer, good);
    return good;
}

static size_t medium_data(struct drive *drive, struct drive_command *command, struct buffer *buffer,
                          size_t size, struct sense *sense)
{
    size_t moved = 0;

    while (moved < size && sense->code == SENSE_NO_SENSE) {
        size_t left = size - moved;
        size_t step = command->data_in_done % DVD_SECTOR_SIZE != 0 || left < DVD_SECTOR_SIZE
                          ? read_partial(drive, command, buffer, left, sense)
                          : read_whole(drive, command, buffer, left, sense);
        moved += step;
        command->data_in_done += step;
    }
    return moved;
}

/* Sectors read at a time when nobody wants the data. */
#define VERIFY_SECTORS 16u

/* Reads the next sectors, at most DRIVE_WORK_SECTORS. */
static struct sense verify(struct drive *drive, struct drive_command *command)
{
    struct drive_command_private *work = &command->private_part;
    uint8_t data[VERIFY_SECTORS * DVD_SECTOR_SIZE];
    struct iovec iov = {data, sizeof data};

    for (uint32_t done = 0; done < DRIVE_WORK_SECTORS && work->unverified > 0;) {
        uint32_t sectors = work->unverified < VERIFY_SECTORS ? work->unverified : VERIFY_SECTORS;
        struct disc_read read = disc_read(drive->disc, work->lba, sectors, false, &iov, 1);
        medium_tell_unreadable(drive, work->lba + read.sectors, &read);
        if (read.end != DISC_READ_COMPLETE)
            return sense_at_lba(SENSE_UNRECOVERED_READ, work->lba + read.sectors);
        work->lba += sectors;
        work->unverified -= sectors;
        done += sectors;
    }
    return sense_good();
}

bool drive_work(struct drive *drive, struct drive_command *command)
{
    if (!drive_is_working(command))
        return false;
    struct sense sense = removed_or_reset(drive, command);
    if (sense.code == SENSE_NO_SENSE)
        sense = verify(drive, command);
    if (sense.code != SENSE_NO_SENSE || command->private_part.unverified == 0)
        command_complete(command, sense);
    return !command->done;
}

size_t drive_data_in(struct drive *drive, struct drive_command *command, const struct iovec *iov,
                     int iov_count)
{
    struct buffer buffer = {iov, iov_count, 0};
    size_t size = buffer_room(&buffer);
    size_t moved = 0;

    while (drive_work(drive, command))
        ;
    if (command->done)
        return 0;
    if (size > command->data_in_length - command->data_in_done)
        size = (size_t)(command->data_in_length - command->data_in_done);
    if (size > command->private_part.stop_at - command->data_in_done)
        size = (size_t)(command->private_part.stop_at - command->data_in_done);

    struct sense sense = removed_or_reset(drive, command);
    if (sense.code == SENSE_NO_SENSE) {
        if (command->private_part.from_medium) {
            moved = medium_data(drive, command, &buffer, size, &sense);
            if (command->private_part.fault && moved > 0)
                fault_alter_medium_data(drive, command, iov, command->data_in_done - moved, moved);
        } else {
            buffer_write(&buffer, command->private_part.answer + command->data_in_done, size);
            command->data_in_done += size;
            moved = size;
        }
    }
    if (drive_is_observed(drive) && moved > 0)
        drive_emit(drive, &(struct drive_event){
                              .kind = DRIVE_EVENT_DATA_IN,
                              .data = {command, iov, iov_count, moved,
                                       command->private_part.from_medium}
        });
    if (sense.code == SENSE_NO_SENSE && command->data_in_done == command->private_part.stop_at)
        sense = fault_stop(drive, command);
    if (command->private_part.fault && sense.code == SENSE_NO_SENSE &&
        command->data_in_done == command->data_in_length)
        fault_end_medium_data(drive, command);
    if (sense.code != SENSE_NO_SENSE || command->data_in_done == command->data_in_length)
        command_complete(command, sense);
    return moved;
}
