/* SPDX-License-Identifier: MIT */
#include "emulator/command_table.h"

#include "emulator/mmc_cdb.h"
#include "emulator/mmc_key.h"
#include "media/css_sector.h"

#define CDB(type, cdb) ((const struct type *)(const void *)(cdb))

/* Where the allocation or parameter list length stands in a CDB. */
static uint32_t length_byte_4(const uint8_t *cdb)
{
    return CDB(mmc_cdb_6, cdb)->length;
}

static uint32_t length_bytes_3_4(const uint8_t *cdb)
{
    return from_be16(CDB(mmc_cdb_inquiry, cdb)->allocation_length);
}

static uint32_t length_bytes_6_9(const uint8_t *cdb)
{
    return from_be32(CDB(mmc_cdb_report_luns, cdb)->allocation_length);
}

static uint32_t length_bytes_7_8(const uint8_t *cdb)
{
    return from_be16(CDB(mmc_cdb_10, cdb)->length);
}

static uint32_t length_bytes_8_9(const uint8_t *cdb)
{
    return from_be16(CDB(mmc_cdb_mechanism_status, cdb)->allocation_length);
}

static uint32_t length_bytes_9_10(const uint8_t *cdb)
{
    return from_be16(CDB(mmc_cdb_set_streaming, cdb)->parameter_list_length);
}

/*
 * A service action makes these operation codes MAINTENANCE IN and OUT, whose data go the other way;
 * they are refused before any data.
 */
static uint32_t length_send_key(const uint8_t *cdb)
{
    const struct mmc_cdb_key *key = CDB(mmc_cdb_key, cdb);
    return (key->service_action & MMC_KEY_SERVICE_ACTION) != 0 ? 0 : from_be16(key->length);
}

/* The invalidation of an AGID never has a data-in phase, whatever its allocation length. */
static uint32_t length_report_key(const uint8_t *cdb)
{
    const struct mmc_cdb_key *key = CDB(mmc_cdb_key, cdb);
    return (key->key & MMC_KEY_FORMAT) == MMC_KEY_INVALIDATE ? 0 : length_send_key(cdb);
}

static uint32_t length_capacity(const uint8_t *cdb)
{
    (void)cdb;
    return 8;
}

static uint32_t length_performance(const uint8_t *cdb)
{
    return 8 + 16u * from_be16(CDB(mmc_cdb_get_performance, cdb)->maximum_descriptors);
}

static uint32_t length_read_10(const uint8_t *cdb)
{
    return from_be16(CDB(mmc_cdb_10, cdb)->length) * (uint32_t)DVD_SECTOR_SIZE;
}

static uint32_t length_read_12(const uint8_t *cdb)
{
    uint32_t sectors = from_be32(CDB(mmc_cdb_read_12, cdb)->length);
    return sectors > UINT32_MAX / DVD_SECTOR_SIZE ? UINT32_MAX : sectors * DVD_SECTOR_SIZE;
}

/* Sectors are all that a data phase can have; what else is asked for is refused. */
static uint32_t length_read_cd(const uint8_t *cdb)
{
    const struct mmc_cdb_read_cd *read = CDB(mmc_cdb_read_cd, cdb);
    bool data = (read->main_channel & MMC_READ_CD_USER_DATA) != 0;
    uint32_t sectors = from_be24(read->length);

    if (!data)
        return 0;
    return sectors > UINT32_MAX / DVD_SECTOR_SIZE ? UINT32_MAX : sectors * DVD_SECTOR_SIZE;
}

static uint32_t length_read_cd_msf(const uint8_t *cdb)
{
    const struct mmc_cdb_read_cd_msf *read = CDB(mmc_cdb_read_cd_msf, cdb);
    bool data = (read->main_channel & MMC_READ_CD_USER_DATA) != 0;
    int32_t sectors = mmc_msf_lba(read->end) - mmc_msf_lba(read->start);

    return data && sectors > 0 ? (uint32_t)sectors * (uint32_t)DVD_SECTOR_SIZE : 0;
}

#define NONE    DRIVE_DIRECTION_NONE
#define IN      DRIVE_DIRECTION_IN
#define OUT     DRIVE_DIRECTION_OUT
#define BYPASS  COMMAND_BYPASSES_ATTENTION
#define MEDIUM  COMMAND_NEEDS_MEDIUM
#define MAYBE   COMMAND_MAY_NEED_MEDIUM
#define CSS     COMMAND_OF_CSS
#define CD      COMMAND_OF_CD
#define SECTORS COMMAND_READS_SECTORS

/* clang-format off */
const struct command_row command_table[] = {
    {MMC_TEST_UNIT_READY, "TEST UNIT READY", 6, NONE, MEDIUM, NULL, command_test_unit_ready},
    {MMC_REQUEST_SENSE, "REQUEST SENSE", 6, IN, BYPASS, length_byte_4, command_request_sense},
    {MMC_INQUIRY, "INQUIRY", 6, IN, BYPASS, length_bytes_3_4, command_inquiry},
    {MMC_MODE_SELECT_6, "MODE SELECT(6)", 6, OUT, 0, length_byte_4, command_mode_select_6},
    {MMC_MODE_SENSE_6, "MODE SENSE(6)", 6, IN, 0, length_byte_4, command_mode_sense_6},
    {MMC_START_STOP_UNIT, "START STOP UNIT", 6, NONE, MAYBE, NULL, command_start_stop_unit},
    {MMC_SEND_DIAGNOSTIC, "SEND DIAGNOSTIC", 6, OUT, 0, length_bytes_3_4, command_send_diagnostic},
    {MMC_PREVENT_ALLOW_MEDIUM_REMOVAL, "PREVENT ALLOW MEDIUM REMOVAL", 6, NONE, 0, NULL, command_prevent_allow},
    {MMC_READ_FORMAT_CAPACITIES, "READ FORMAT CAPACITIES", 10, IN, 0, length_bytes_7_8, command_read_format_capacities},
    {MMC_READ_CAPACITY, "READ CAPACITY", 10, IN, MEDIUM, length_capacity, command_read_capacity},
    {MMC_READ_10, "READ(10)", 10, IN, MEDIUM | SECTORS, length_read_10, command_read_10},
    {MMC_SEEK_10, "SEEK(10)", 10, NONE, MEDIUM, NULL, command_seek},
    {MMC_VERIFY_10, "VERIFY(10)", 10, NONE, MEDIUM, NULL, command_verify},
    {MMC_SYNCHRONIZE_CACHE, "SYNCHRONIZE CACHE", 10, NONE, 0, NULL, command_synchronize_cache},
    {MMC_READ_TOC, "READ TOC/PMA/ATIP", 10, IN, MEDIUM, length_bytes_7_8, command_read_toc},
    {MMC_GET_CONFIGURATION, "GET CONFIGURATION", 10, IN, BYPASS, length_bytes_7_8, command_get_configuration},
    {MMC_GET_EVENT_STATUS_NOTIFICATION, "GET EVENT STATUS NOTIFICATION", 10, IN, BYPASS, length_bytes_7_8, command_get_event_status},
    {MMC_READ_DISC_INFORMATION, "READ DISC INFORMATION", 10, IN, MEDIUM, length_bytes_7_8, command_read_disc_information},
    {MMC_READ_TRACK_INFORMATION, "READ TRACK INFORMATION", 10, IN, MEDIUM, length_bytes_7_8, command_read_track_information},
    {MMC_MODE_SELECT_10, "MODE SELECT(10)", 10, OUT, 0, length_bytes_7_8, command_mode_select_10},
    {MMC_MODE_SENSE_10, "MODE SENSE(10)", 10, IN, 0, length_bytes_7_8, command_mode_sense_10},
    {MMC_READ_BUFFER_CAPACITY, "READ BUFFER CAPACITY", 10, IN, 0, length_bytes_7_8, command_read_buffer_capacity},
    {MMC_REPORT_LUNS, "REPORT LUNS", 12, IN, BYPASS, length_bytes_6_9, command_report_luns},
    {MMC_SEND_KEY, "SEND KEY", 12, OUT, MAYBE | CSS, length_send_key, command_send_key},
    {MMC_REPORT_KEY, "REPORT KEY", 12, IN, MAYBE | CSS, length_report_key, command_report_key},
    {MMC_SET_READ_AHEAD, "SET READ AHEAD", 12, NONE, MEDIUM, NULL, command_set_read_ahead},
    {MMC_READ_12, "READ(12)", 12, IN, MEDIUM | SECTORS, length_read_12, command_read_12},
    {MMC_GET_PERFORMANCE, "GET PERFORMANCE", 12, IN, 0, length_performance, command_get_performance},
    {MMC_READ_DISC_STRUCTURE, "READ DISC STRUCTURE", 12, IN, MAYBE, length_bytes_8_9, command_read_disc_structure},
    {MMC_SET_STREAMING, "SET STREAMING", 12, OUT, 0, length_bytes_9_10, command_set_streaming},
    {MMC_READ_CD_MSF, "READ CD MSF", 12, IN, MEDIUM | CD | SECTORS, length_read_cd_msf, command_read_cd_msf},
    {MMC_SET_CD_SPEED, "SET CD SPEED", 12, NONE, 0, NULL, command_set_cd_speed},
    {MMC_MECHANISM_STATUS, "MECHANISM STATUS", 12, IN, 0, length_bytes_8_9, command_mechanism_status},
    {MMC_READ_CD, "READ CD", 12, IN, MEDIUM | CD | SECTORS, length_read_cd, command_read_cd},
    {0, NULL, 0, NONE, 0, NULL, NULL},
};
/* clang-format on */

const struct command_row *command_row(uint8_t operation_code)
{
    for (const struct command_row *row = command_table; row->name; row++)
        if (row->operation_code == operation_code)
            return row;
    return NULL;
}

struct drive_data_phase drive_data_phase(const uint8_t *cdb, size_t cdb_length)
{
    struct drive_data_phase phase = {.direction = DRIVE_DIRECTION_NONE};
    const struct command_row *row = cdb_length > 0 ? command_row(cdb[0]) : NULL;

    if (!row || !row->data_length || cdb_length < row->cdb_length)
        return phase;
    phase.length = row->data_length(cdb);
    if (phase.length > 0)
        phase.direction = row->direction;
    return phase;
}
