/* SPDX-License-Identifier: MIT */
#include "handlers/expectations/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "emulator/format_names.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_key.h"
#include "emulator/mmc_structure.h"
#include "emulator/sense.h"
#include "emulator/state_names.h"
#include "handlers/trace/trace_json.h"

/* Values of commands -------------------------------------------------------- */

#define CDB(type, command) ((const struct type *)(const void *)(command)->cdb)

static bool is_key_command(const struct trace_command *command)
{
    return command->cdb[0] == MMC_REPORT_KEY || command->cdb[0] == MMC_SEND_KEY;
}

static int64_t key_format(const struct trace_command *command)
{
    return is_key_command(command) ? CDB(mmc_cdb_key, command)->key & MMC_KEY_FORMAT : -1;
}

static int64_t structure_format(const struct trace_command *command)
{
    return command->cdb[0] == MMC_READ_DISC_STRUCTURE
               ? CDB(mmc_cdb_read_disc_structure, command)->format
               : -1;
}

static int64_t agid_of_grant(const struct trace_command *command)
{
    for (unsigned i = 0; i < command->steps; i++)
        if (command->step[i].to == CSS_AUTH_GRANTED)
            return command->step[i].agid;
    return -1;
}

/* Of the request for an AGID it is the one that was granted. */
static int64_t agid(const struct trace_command *command)
{
    int64_t format = key_format(command);

    if (command->cdb[0] == MMC_REPORT_KEY && format == MMC_KEY_AGID)
        return agid_of_grant(command);
    if (format == MMC_KEY_ASF || format == MMC_KEY_RPC_STATE || format == MMC_KEY_SET_RPC)
        return -1;
    if (is_key_command(command))
        return CDB(mmc_cdb_key, command)->key >> 6;
    if (structure_format(command) == MMC_STRUCTURE_DISC_KEY)
        return CDB(mmc_cdb_read_disc_structure, command)->agid >> 6;
    return -1;
}

static int64_t authentication(const struct trace_command *command)
{
    int64_t number = agid(command);

    if (!command->has_state || number < 0 || number >= command->before.agids)
        return -1;
    return (int64_t)command->before.agid[number];
}

static int64_t lba(const struct trace_command *command)
{
    switch (command->cdb[0]) {
    case MMC_READ_10:
    case MMC_VERIFY_10:
    case MMC_SEEK_10:
        return from_be32(CDB(mmc_cdb_10, command)->address);
    case MMC_READ_12:
        return from_be32(CDB(mmc_cdb_read_12, command)->lba);
    case MMC_READ_CD:
        return from_be32(CDB(mmc_cdb_read_cd, command)->lba);
    case MMC_READ_CD_MSF:
        return mmc_msf_lba(CDB(mmc_cdb_read_cd_msf, command)->start);
    case MMC_REPORT_KEY:
        return key_format(command) == MMC_KEY_TITLE_KEY
                   ? (int64_t)from_be32(CDB(mmc_cdb_key, command)->lba)
                   : -1;
    default:
        return -1;
    }
}

static int64_t status(const struct trace_command *command)
{
    return command->given_up ? UINT8_MAX + 1 : (int64_t)command->status;
}

static int64_t sense(const struct trace_command *command)
{
    if (command->given_up || command->status != DRIVE_STATUS_CHECK_CONDITION)
        return -1;
    return (int64_t)command->sense.key << 16 | command->sense.asc << 8 | command->sense.ascq;
}

static int64_t medium(const struct trace_command *command)
{
    return command->has_state ? (int64_t)command->before.medium : -1;
}

static int64_t asf(const struct trace_command *command)
{
    return command->has_state ? command->before.asf : -1;
}

static int64_t agids_in_use(const struct trace_command *command)
{
    int64_t count = 0;

    for (unsigned i = 0; i < command->before.agids; i++)
        count += command->before.agid[i] != CSS_AUTH_FREE;
    return command->has_state ? count : -1;
}

static int64_t nexus(const struct trace_command *command)
{
    return command->nexus;
}

static int64_t length_in(const struct trace_command *command)
{
    return command->in.length <= INT64_MAX ? (int64_t)command->in.length : -1;
}

static int64_t duration(const struct trace_command *command)
{
    return command->duration <= INT64_MAX ? (int64_t)command->duration : -1;
}

/* Names are compared by their hash (FNV-1a), of which no two of a file will be alike. */
static int64_t hash(const char *name)
{
    uint64_t value = 0xCBF29CE484222325;

    for (; *name; name++)
        value = (value ^ (uint8_t)*name) * 0x100000001B3;
    return (int64_t)(value >> 1);
}

static int64_t fault(const struct trace_command *command)
{
    return *command->fault ? hash(command->fault) : -1;
}

static int64_t fault_met(const struct trace_command *command)
{
    return *command->fault_met ? hash(command->fault_met) : -1;
}

/* Values of conditions ------------------------------------------------------ */

struct named {
    const char *name;
    int64_t value;
};

/* Decimal or 0x hexadecimal; *end behind it. */
static bool read_integer(const char *text, int64_t *value, const char **end)
{
    char *after;
    unsigned long long number;

    if (*text < '0' || *text > '9')
        return false;
    number = strtoull(text, &after, text[0] == '0' && (text[1] | 32) == 'x' ? 16 : 10);
    if (number > INT64_MAX)
        return false;
    *value = (int64_t)number;
    *end = after;
    return after > text;
}

/* N or FIRST-LAST. */
static bool read_range(const char *text, int64_t *first, int64_t *last)
{
    const char *end;

    if (!read_integer(text, first, &end))
        return false;
    *last = *first;
    if (*end == '-' && !read_integer(end + 1, last, &end))
        return false;
    return *end == 0 && *first <= *last;
}

static bool read_name(const struct named *names, const char *text, int64_t *first, int64_t *last)
{
    for (; names->name; names++)
        if (strcmp(names->name, text) == 0) {
            *first = *last = names->value;
            return true;
        }
    return false;
}

static bool read_code(const struct named_code *names, const char *text, int64_t *first,
                      int64_t *last)
{
    for (; names->name; names++)
        if (strcmp(names->name, text) == 0) {
            *first = *last = names->code;
            return true;
        }
    return false;
}

static bool read_key_format(const char *text, int64_t *first, int64_t *last)
{
    return read_code(key_format_names, text, first, last) ||
           (read_range(text, first, last) && *last <= MMC_KEY_FORMAT);
}

static bool read_structure_format(const char *text, int64_t *first, int64_t *last)
{
    return read_code(structure_format_names, text, first, last) ||
           (read_range(text, first, last) && *last <= UINT8_MAX);
}

static bool read_agid(const char *text, int64_t *first, int64_t *last)
{
    return read_range(text, first, last) && *last < PROFILE_AGIDS_MAX;
}

static bool read_agid_count(const char *text, int64_t *first, int64_t *last)
{
    return read_range(text, first, last) && *last <= PROFILE_AGIDS_MAX;
}

static bool read_listed(const char *const *names, int64_t count, const char *text, int64_t *first,
                        int64_t *last)
{
    for (int64_t i = 0; i < count; i++)
        if (strcmp(names[i], text) == 0) {
            *first = *last = i;
            return true;
        }
    return false;
}

static bool read_authentication(const char *text, int64_t *first, int64_t *last)
{
    return read_listed(css_auth_state_names, CSS_AUTH_STATES, text, first, last);
}

static bool read_medium(const char *text, int64_t *first, int64_t *last)
{
    return read_listed(drive_medium_state_names, DRIVE_MEDIUM_STATES, text, first, last);
}

static bool read_asf(const char *text, int64_t *first, int64_t *last)
{
    static const struct named names[] = {
        {"clear", 0},
        {"set",   1},
        {NULL,    0}
    };
    return read_name(names, text, first, last);
}

static bool read_status(const char *text, int64_t *first, int64_t *last)
{
    if (strcmp(text, "given-up") == 0) {
        *first = *last = UINT8_MAX + 1;
        return true;
    }
    for (int64_t code = 0; code <= UINT8_MAX; code++) {
        const char *name = trace_status_name((enum drive_status)code);
        if (name && strcmp(name, text) == 0) {
            *first = *last = code;
            return true;
        }
    }
    return false;
}

/* K/ASC/ASCQ in hexadecimal; the last ones may be left out, and then may be anything. */
static bool read_sense_code(const char *text, int64_t *first, int64_t *last)
{
    int64_t code = 0;
    int parts = 0;

    do {
        char *end;
        unsigned long part;
        if (!strchr("0123456789abcdefABCDEF", *text) || !*text)
            return false;
        part = strtoul(text, &end, 16);
        if (part > (parts == 0 ? 0x0Fu : 0xFFu) || (*end && *end != '/'))
            return false;
        code = code << 8 | (int64_t)part;
        parts++;
        text = end + (*end == '/');
        if (!*end)
            break;
    } while (parts < 3);
    if (*text)
        return false;
    *first = code << 8 * (3 - parts);
    *last = *first | ((INT64_C(1) << 8 * (3 - parts)) - 1);
    return true;
}

static bool read_sense(const char *text, int64_t *first, int64_t *last)
{
    for (int code = 0; code < SENSE_CODES; code++) {
        const struct sense_description *row = &sense_descriptions[code];
        if (code == SENSE_NO_SENSE || strcmp(row->name, text) != 0)
            continue;
        *first = *last = (int64_t)row->key << 16 | row->asc << 8 | row->ascq;
        return true;
    }
    return read_sense_code(text, first, last);
}

bool pattern_read_duration(const char *text, int64_t *nanoseconds)
{
    static const struct named units[] = {
        {"us", 1000      },
        {"ms", 1000000   },
        {"s",  1000000000},
        {NULL, 0         },
    };
    int64_t number, unit, same;
    const char *end;

    if (!read_integer(text, &number, &end) || !read_name(units, end, &unit, &same) ||
        number > INT64_MAX / unit)
        return false;
    *nanoseconds = number * unit;
    return true;
}

static bool read_fault(const char *text, int64_t *first, int64_t *last)
{
    *first = *last = hash(text);
    return *text;
}

static bool read_longer(const char *text, int64_t *first, int64_t *last)
{
    if (!pattern_read_duration(text, first) || *first == INT64_MAX)
        return false;
    ++*first;
    *last = INT64_MAX;
    return true;
}

/* clang-format off */
const struct pattern_key pattern_keys[] = {
    {"status", "good | check-condition | busy | reservation-conflict | task-set-full | given-up", status, read_status, 0},
    {"sense", "the name of a sense, K, K/ASC or K/ASC/ASCQ in hexadecimal", sense, read_sense, 0},
    {"key-format", "agid | challenge | key1 | key2 | title-key | asf | set-rpc | rpc-state | invalidate | 0..63", key_format, read_key_format, 0},
    {"structure-format", "physical | copyright | disc-key | bca | manufacturing | 0..255", structure_format, read_structure_format, 0},
    {"agid", "0..3 | same", agid, read_agid, 1},
    {"authentication", "free | granted | host-challenge | key1 | drive-challenge | authenticated", authentication, read_authentication, 0},
    {"agids-in-use", "N or FIRST-LAST, 0..4", agids_in_use, read_agid_count, 0},
    {"asf", "clear | set", asf, read_asf, 0},
    {"medium", "tray-open | absent | becoming-ready | ready | unusable", medium, read_medium, 0},
    {"lba", "N or FIRST-LAST | same", lba, read_range, 2},
    {"length", "N or FIRST-LAST (bytes)", length_in, read_range, 0},
    {"nexus", "N | same", nexus, read_range, 3},
    {"fault", "the name of a fault rule", fault, read_fault, 0},
    {"fault-met", "the name of a fault rule", fault_met, read_fault, 0},
    {"longer-than", "TIME such as 500ms, units us, ms, s", duration, read_longer, 0},
    {NULL, NULL, NULL, NULL, 0},
};
/* clang-format on */

struct pattern_origin pattern_origin_of(const struct trace_command *command)
{
    struct pattern_origin origin = {0};

    for (const struct pattern_key *key = pattern_keys; key->name; key++)
        if (key->same > 0)
            origin.value[key->same - 1] = key->value(command);
    return origin;
}

static bool holds(const struct pattern_condition *condition, const struct trace_command *command,
                  const struct pattern_origin *origin)
{
    int64_t value = condition->key->value(command);

    if (value < 0)
        return condition->negated;
    if (condition->same)
        return (origin && value == origin->value[condition->key->same - 1]) != condition->negated;
    for (unsigned i = 0; i < condition->ranges; i++)
        if (value >= condition->range[i].first && value <= condition->range[i].last)
            return !condition->negated;
    return condition->negated;
}

bool pattern_matches(const struct pattern *pattern, const struct trace_command *command,
                     const struct pattern_origin *origin)
{
    if (pattern->operation_code != PATTERN_ANY_COMMAND &&
        pattern->operation_code != command->cdb[0])
        return false;
    for (unsigned i = 0; i < pattern->conditions; i++)
        if (!holds(&pattern->condition[i], command, origin))
            return false;
    return true;
}
