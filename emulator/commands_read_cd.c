/* SPDX-License-Identifier: MIT */
#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/mmc_cdb.h"

/*
 * READ CD and READ CD MSF on a DVD, for programs that know nothing else (policy read-cd): sectors
 * have user data and nothing else that these commands could ask for.
 */

/* What both CDBs have in the same places. */
struct request {
    uint8_t flags, main_channel, sub_channel;
};

/* GOOD if nothing but user data of data sectors is asked for, or nothing at all. */
static struct sense check_request(const struct request *request)
{
    const size_t flags = offsetof(struct mmc_cdb_read_cd, flags);
    const size_t main_channel = offsetof(struct mmc_cdb_read_cd, main_channel);
    uint8_t type = request->flags & MMC_READ_CD_SECTOR_TYPE;

    if ((request->flags & MMC_READ_RELADR) != 0)
        return sense_in_cdb(flags, 0);
    if ((request->main_channel & MMC_READ_CD_SYNC) != 0)
        return sense_in_cdb(main_channel, 7);
    if ((request->main_channel & MMC_READ_CD_HEADERS) != 0)
        return sense_in_cdb(main_channel, 6);
    if ((request->main_channel & MMC_READ_CD_EDC) != 0)
        return sense_in_cdb(main_channel, 3);
    if ((request->main_channel & MMC_READ_CD_C2) != 0)
        return sense_in_cdb(main_channel, 2);
    if ((request->sub_channel & MMC_READ_CD_SUB_CHANNEL) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_read_cd, sub_channel), 2);
    if (type != MMC_READ_CD_ANY_TYPE && type != MMC_READ_CD_MODE_1)
        return sense_of(SENSE_ILLEGAL_MODE_FOR_TRACK);
    return sense_good();
}

static struct sense read(struct drive *drive, struct drive_command *command,
                         const struct request *request, uint32_t lba, uint32_t sectors)
{
    struct sense sense = command_check_range(drive, lba, sectors);

    if (sense.code != SENSE_NO_SENSE || (request->main_channel & MMC_READ_CD_USER_DATA) == 0)
        return sense;
    return command_answer_from_medium(drive, command, lba, sectors, false);
}

struct sense command_read_cd(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_read_cd *cdb = COMMAND_CDB(mmc_cdb_read_cd, command);
    struct request request = {cdb->flags, cdb->main_channel, cdb->sub_channel};
    struct sense sense = check_request(&request);

    if (sense.code != SENSE_NO_SENSE)
        return sense;
    return read(drive, command, &request, from_be32(cdb->lba), from_be24(cdb->length));
}

struct sense command_read_cd_msf(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_read_cd_msf *cdb = COMMAND_CDB(mmc_cdb_read_cd_msf, command);
    struct request request = {cdb->flags, cdb->main_channel, cdb->sub_channel};
    struct sense sense = check_request(&request);
    int32_t first = mmc_msf_lba(cdb->start), end = mmc_msf_lba(cdb->end);

    if (sense.code != SENSE_NO_SENSE)
        return sense;
    if (!mmc_msf_is_valid(cdb->start))
        return sense_in_cdb(offsetof(struct mmc_cdb_read_cd_msf, start), -1);
    if (!mmc_msf_is_valid(cdb->end) || end < first)
        return sense_in_cdb(offsetof(struct mmc_cdb_read_cd_msf, end), -1);
    if (first < 0)
        return sense_of(SENSE_LBA_OUT_OF_RANGE); /* in the lead-in: no address to report */
    return read(drive, command, &request, (uint32_t)first, (uint32_t)(end - first));
}
