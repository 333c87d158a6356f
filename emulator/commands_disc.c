/* SPDX-License-Identifier: MIT */
#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_disc.h"

/* READ TOC/PMA/ATIP, READ DISC INFORMATION, READ TRACK INFORMATION: a DVD seen as one session with
 * one data track. */

/* The last address that three bytes of minutes, seconds and frames can name. */
#define MSF_LIMIT 0x00FF3B4A

static be32 track_address(uint32_t lba, bool msf)
{
    if (!msf)
        return to_be32(lba);

    uint32_t frames = lba + MMC_LEAD_IN_FRAMES;
    uint32_t minutes = frames / (MMC_SECONDS_PER_MINUTE * MMC_FRAMES_PER_SECOND);
    if (minutes > 0xFF)
        return to_be32(MSF_LIMIT);
    uint32_t seconds = frames / MMC_FRAMES_PER_SECOND % MMC_SECONDS_PER_MINUTE;
    return to_be32(minutes << 16 | seconds << 8 | frames % MMC_FRAMES_PER_SECOND);
}

static struct mmc_toc_descriptor toc_descriptor(uint8_t track, uint32_t lba, bool msf)
{
    return (struct mmc_toc_descriptor){
        .adr_control = MMC_TOC_DATA_TRACK,
        .track = track,
        .start = track_address(lba, msf),
    };
}

/* Format 0 from `first_track` on: track 1 and the lead-out. */
static struct sense table_of_contents(const struct drive *drive, struct drive_command *command,
                                      uint8_t first_track, bool msf, uint32_t allocation_length)
{
    struct {
        struct mmc_toc_header header;
        struct mmc_toc_descriptor descriptor[2];
    } data = {
        .header = {.first = 1, .last = 1}
    };
    size_t size = sizeof data.header;

    if (first_track > 1 && first_track != MMC_TOC_LEAD_OUT)
        return sense_in_cdb(offsetof(struct mmc_cdb_read_toc, track), -1);

    struct mmc_toc_descriptor *next = data.descriptor;
    if (first_track <= 1)
        *next++ = toc_descriptor(1, 0, msf);
    *next++ = toc_descriptor(MMC_TOC_LEAD_OUT, disc_sectors(drive->disc), msf);
    size += (size_t)(next - data.descriptor) * sizeof *next;
    data.header.data_length = to_be16((uint32_t)(size - sizeof data.header.data_length));
    return command_answer(command, &data, size, allocation_length);
}

/* Format 1: the first track of the last session. */
static struct sense session_information(struct drive_command *command, bool msf,
                                        uint32_t allocation_length)
{
    struct {
        struct mmc_toc_header header;
        struct mmc_toc_descriptor descriptor;
    } data = {
        .header = {.data_length = to_be16(sizeof data - sizeof data.header.data_length),
                   .first = 1,
                   .last = 1},
        .descriptor = toc_descriptor(1, 0, msf),
    };
    return command_answer(command, &data, sizeof data, allocation_length);
}

struct sense command_read_toc(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_read_toc *cdb = COMMAND_CDB(mmc_cdb_read_toc, command);
    uint32_t allocation_length = from_be16(cdb->allocation_length);
    bool msf = (cdb->flags & MMC_READ_TOC_MSF) != 0;
    uint8_t format = cdb->format & 0x0F;
    size_t format_field = offsetof(struct mmc_cdb_read_toc, format);

    if (format == 0 && cdb->control >> 6 != 0) {
        format = cdb->control >> 6;
        format_field = offsetof(struct mmc_cdb_read_toc, control);
    }
    if (format == MMC_TOC_FORMAT_TOC)
        return table_of_contents(drive, command, cdb->track, msf, allocation_length);
    if (format == MMC_TOC_FORMAT_SESSION)
        return session_information(command, msf, allocation_length);
    return sense_in_cdb(format_field,
                        format_field == offsetof(struct mmc_cdb_read_toc, format) ? 3 : 7);
}

struct sense command_read_disc_information(struct drive *drive, struct drive_command *command)
{
    static const struct mmc_disc_information data = {
        .length = {{0, sizeof data - sizeof data.length}},
        .status = MMC_DISC_COMPLETE,
        .first_track = 1,
        .sessions = 1,
        .first_track_of_last_session = 1,
        .last_track_of_last_session = 1,
        .flags = MMC_DISC_UNRESTRICTED_USE,
        .last_session_lead_in = {{0xFF, 0xFF, 0xFF, 0xFF}},
        .last_possible_lead_out = {{0xFF, 0xFF, 0xFF, 0xFF}},
    };
    const struct mmc_cdb_10 *cdb = COMMAND_CDB(mmc_cdb_10, command);

    (void)drive;
    if ((cdb->flags & MMC_DISC_INFO_TYPE) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_10, flags), 2);
    return command_answer(command, &data, sizeof data, from_be16(cdb->length));
}

static bool track_exists(const struct drive *drive, uint8_t address_type, uint32_t address)
{
    if (address_type == MMC_TRACK_BY_LBA)
        return address < disc_sectors(drive->disc);
    return address == 1; /* the only track, the only session */
}

struct sense command_read_track_information(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_10 *cdb = COMMAND_CDB(mmc_cdb_10, command);
    uint8_t address_type = cdb->flags & MMC_TRACK_ADDRESS_TYPE;
    struct mmc_track_information data = {
        .length = to_be16(sizeof data - sizeof data.length),
        .track = 1,
        .session = 1,
        .track_mode = MMC_TRACK_MODE_DATA,
        .data_mode = MMC_DATA_MODE_1,
        .size = to_be32(disc_sectors(drive->disc)),
    };

    if ((cdb->flags & MMC_TRACK_OPEN) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_10, flags), 2);
    if (address_type > MMC_TRACK_BY_SESSION)
        return sense_in_cdb(offsetof(struct mmc_cdb_10, flags), 1);
    if (!track_exists(drive, address_type, from_be32(cdb->address)))
        return sense_in_cdb(offsetof(struct mmc_cdb_10, address), -1);
    return command_answer(command, &data, sizeof data, from_be16(cdb->length));
}
