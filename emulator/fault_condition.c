/* SPDX-License-Identifier: MIT */
#include "emulator/fault_internal.h"

#include "emulator/mmc_cdb.h"
#include "emulator/mmc_key.h"

/* Which rule a command meets. */

/* Commands that address sectors: where the CDB says which and how many. */
static const struct {
    uint8_t operation_code;
    uint8_t count_offset, count_size; /* size 0: one sector */
} addressing[] = {
    {MMC_READ_10,        7, 2},
    {MMC_READ_12,        6, 4},
    {MMC_VERIFY_10,      7, 2},
    {MMC_SEEK_10,        0, 0},
    {MMC_SET_READ_AHEAD, 0, 0},
    {MMC_READ_CD,        6, 3},
};
#define ADDRESS_OFFSET 2

static uint32_t big_endian(const uint8_t *bytes, size_t size)
{
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

static bool is_key_command(const uint8_t *cdb)
{
    return cdb[0] == MMC_REPORT_KEY || cdb[0] == MMC_SEND_KEY;
}

static unsigned key_format(const uint8_t *cdb)
{
    return ((const struct mmc_cdb_key *)(const void *)cdb)->key & MMC_KEY_FORMAT;
}

static bool addresses_in_msf(const struct mmc_cdb_read_cd_msf *cdb, uint32_t *first, uint32_t *last)
{
    int32_t begin = mmc_msf_lba(cdb->start), end = mmc_msf_lba(cdb->end);

    *first = (uint32_t)(begin < 0 ? 0 : begin);
    *last = (uint32_t)(end <= 0 ? 0 : end - 1);
    return end > begin && end > 0;
}

bool fault_addresses(const uint8_t *cdb, uint32_t *first, uint32_t *last)
{
    *first = *last = big_endian(cdb + ADDRESS_OFFSET, sizeof(be32));
    if (cdb[0] == MMC_REPORT_KEY && key_format(cdb) == MMC_KEY_TITLE_KEY)
        return true;
    if (cdb[0] == MMC_READ_CD_MSF)
        return addresses_in_msf((const void *)cdb, first, last);
    for (size_t i = 0; i < sizeof addressing / sizeof *addressing; i++) {
        if (addressing[i].operation_code != cdb[0])
            continue;
        if (addressing[i].count_size == 0)
            return true;
        uint32_t count = big_endian(cdb + addressing[i].count_offset, addressing[i].count_size);
        *last = count <= UINT32_MAX - *first ? *first + count - 1 : UINT32_MAX;
        return count > 0;
    }
    return false;
}

/* The AGID field of the commands that have one, -1 for the others. */
static int agid_field(const uint8_t *cdb)
{
    if (is_key_command(cdb))
        return ((const struct mmc_cdb_key *)(const void *)cdb)->key >> 6;
    if (cdb[0] == MMC_READ_DISC_STRUCTURE)
        return ((const struct mmc_cdb_read_disc_structure *)(const void *)cdb)->agid >> 6;
    return -1;
}

static bool meets_pattern(const struct fault_condition *condition, const uint8_t *cdb)
{
    for (size_t i = 0; i < FAULT_CDB_MAX; i++)
        if (((cdb[i] ^ condition->cdb.byte[i]) & condition->cdb.mask[i]) != 0)
            return false;
    return true;
}

static bool meets_formats(const struct fault_condition *condition, const uint8_t *cdb)
{
    if (fault_codes_stated(&condition->key_formats) &&
        (!is_key_command(cdb) || !fault_codes_have(&condition->key_formats, key_format(cdb))))
        return false;
    return !fault_codes_stated(&condition->structure_formats) ||
           (cdb[0] == MMC_READ_DISC_STRUCTURE &&
            fault_codes_have(
                &condition->structure_formats,
                ((const struct mmc_cdb_read_disc_structure *)(const void *)cdb)->format));
}

bool fault_meets_cdb(const struct fault_condition *condition, const struct drive_command *command)
{
    const uint8_t *cdb = command->cdb;
    int agid = agid_field(cdb);
    uint32_t first, last;

    if (fault_codes_stated(&condition->commands) && !fault_codes_have(&condition->commands, cdb[0]))
        return false;
    if (!meets_pattern(condition, cdb) || !meets_formats(condition, cdb))
        return false;
    if (condition->agids != 0 && (agid < 0 || (condition->agids >> agid & 1) == 0))
        return false;
    return !condition->has_lba || (fault_addresses(cdb, &first, &last) &&
                                   first <= condition->lba_last && last >= condition->lba_first);
}

static bool meets_state(const struct drive *drive, const struct fault_entry *entry,
                        const uint8_t *cdb)
{
    const struct fault_condition *condition = &entry->rule.condition;
    int agid = agid_field(cdb);

    if ((condition->after != FAULT_EVENT_NONE && !entry->seen_after) ||
        (condition->before != FAULT_EVENT_NONE && entry->seen_before))
        return false;
    if (condition->asf != FAULT_ASF_ANY && drive->asf != (condition->asf == FAULT_ASF_SET))
        return false;
    return condition->authentications == 0 ||
           (agid >= 0 && (condition->authentications >> drive->agids.auth[agid].state & 1) != 0);
}

/* Whose sessions the command is in. */
static unsigned session_of(const struct drive_command *command)
{
    int agid = agid_field(command->cdb);

    return agid < 0 ? FAULT_SESSION_DRIVE : (unsigned)agid;
}

/* The counts: whether this command of those that meet the conditions is one for the rule. */
static bool is_due(struct fault_set *set, struct fault_entry *entry, struct drive_command *command)
{
    const struct fault_rule *rule = &entry->rule;
    const struct fault_condition *condition = &rule->condition;
    unsigned session = session_of(command);
    /* From 1, so that before the first grant there is a session as well. */
    uint64_t now = set->grants[session] + 1;

    entry->met++;
    if (condition->nth_first != 0 &&
        (entry->met < condition->nth_first || entry->met > condition->nth_last))
        return false;
    if (rule->times >= 0 && entry->applied + entry->taken >= (uint64_t)rule->times)
        return false;
    if (rule->once_per_session && entry->session[session] == now)
        return false;
    if (condition->probability < FAULT_CERTAIN &&
        random_next(&set->random) % FAULT_CERTAIN >= condition->probability)
        return false;
    entry->session[session] = now;
    entry->taken++;
    command->private_part.fault_session = session;
    return true;
}

struct fault_entry *fault_match(struct drive *drive, struct drive_command *command,
                                bool has_attention)
{
    struct fault_set *set = drive->faults;

    for (struct fault_entry *entry = set->first; entry; entry = entry->next) {
        if (has_attention && !entry->rule.effect.drops_attention)
            continue;
        if (!fault_meets_cdb(&entry->rule.condition, command) ||
            !meets_state(drive, entry, command->cdb))
            continue;
        if (entry->rule.effect.wrong_key && !fault_has_key(command->cdb))
            continue;
        if (is_due(set, entry, command))
            return entry;
    }
    return NULL;
}
