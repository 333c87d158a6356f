/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/fault_internal.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_key.h"

/* REPORT KEY and SEND KEY of key class 00h: the key formats, one row each. */

/* A command that got as far as its format. */
struct exchange {
    struct drive_command *command;
    const struct mmc_cdb_key *cdb;
    unsigned agid;
    uint32_t length; /* allocation length, or parameter list length */
};

static struct mmc_key_header header_of(size_t size)
{
    return (struct mmc_key_header){.data_length = to_be16((uint32_t)(size - sizeof(be16)))};
}

static struct css_auth *use(struct drive *drive, const struct exchange *exchange)
{
    return agid_pool_use(&drive->agids, exchange->agid);
}

/* REPORT KEY --------------------------------------------------------------- */

static struct sense report_agid(struct drive *drive, struct exchange *exchange)
{
    int agid = agid_pool_lowest_free(&drive->agids);

    if (agid < 0) {
        if (drive->profile.agid_exhausted == AGID_EXHAUSTED_REFUSE)
            return sense_of(SENSE_SYSTEM_RESOURCE_FAILURE);
        agid = (int)agid_pool_victim(&drive->agids);
        authentication_release(drive, (unsigned)agid);
    }
    css_auth_grant(agid_pool_use(&drive->agids, (unsigned)agid));
    authentication_moved(drive, (unsigned)agid, CSS_AUTH_FREE);

    struct mmc_key_agid data = {.header = header_of(sizeof data), .agid = (uint8_t)(agid << 6)};
    return command_answer(exchange->command, &data, sizeof data, exchange->length);
}

static struct sense report_challenge(struct drive *drive, struct exchange *exchange)
{
    struct css_auth *auth = use(drive, exchange);
    struct css_challenge challenge = drive->profile.css_challenge;

    if (!css_auth_allows(auth, CSS_AUTH_GIVE_CHALLENGE))
        return sense_of(SENSE_COMMAND_SEQUENCE);
    if (!drive->profile.has_css_challenge)
        random_fill(&drive->random, challenge.byte, sizeof challenge.byte);
    css_auth_give_challenge(auth, &challenge);
    authentication_moved(drive, exchange->agid, CSS_AUTH_KEY1);

    struct mmc_key_challenge data = {.header = header_of(sizeof data)};
    css_reverse(data.challenge, challenge.byte, sizeof data.challenge);
    return command_answer(exchange->command, &data, sizeof data, exchange->length);
}

static struct sense report_key1(struct drive *drive, struct exchange *exchange)
{
    struct css_auth *auth = use(drive, exchange);

    if (!css_auth_allows(auth, CSS_AUTH_GIVE_KEY1))
        return sense_of(SENSE_COMMAND_SEQUENCE);
    struct css_key key1 = css_auth_give_key1(auth);
    authentication_moved(drive, exchange->agid, CSS_AUTH_HOST_CHALLENGE);

    struct mmc_key_bus_key data = {.header = header_of(sizeof data)};
    css_reverse(data.key, key1.byte, sizeof data.key);
    return command_answer(exchange->command, &data, sizeof data, exchange->length);
}

/* What stands between an authenticated host and the title key of this sector. */
static struct sense check_title_key(struct drive *drive, const struct exchange *exchange,
                                    uint32_t lba)
{
    if (lba >= disc_sectors(drive->disc)) {
        authentication_key_refused(drive, exchange->agid);
        return sense_at_lba(SENSE_LBA_OUT_OF_RANGE, lba);
    }
    if (!authentication_region_plays(drive)) {
        authentication_key_refused(drive, exchange->agid);
        authentication_set_asf(drive, false);
        return sense_of(SENSE_REGION_MISMATCH);
    }
    bool is_protected = disc_sector_header(drive->disc, lba).copyright != 0;
    if (!is_protected &&
        drive->profile.unprotected_title_key == UNPROTECTED_TITLE_KEY_NOT_PRESENT) {
        authentication_key_refused(drive, exchange->agid);
        return sense_of(SENSE_KEY_NOT_PRESENT);
    }
    return sense_good();
}

static struct sense report_title_key(struct drive *drive, struct exchange *exchange)
{
    uint32_t lba = from_be32(exchange->cdb->lba);

    struct sense sense = authentication_check_key(drive, exchange->agid);
    if (sense.code == SENSE_NO_SENSE)
        sense = check_title_key(drive, exchange, lba);
    if (sense.code != SENSE_NO_SENSE)
        return sense;

    exchange->command->delay += mechanism_read(drive, lba, 1, false);
    struct disc_sector_header header = disc_sector_header(drive->disc, lba);
    struct mmc_key_title_key data = {.header = header_of(sizeof data),
                                     .copyright = header.copyright};
    memcpy(data.key, header.encrypted_title_key.byte, sizeof data.key);
    css_bus_obfuscate(&drive->agids.auth[exchange->agid].bus_key, data.key, sizeof data.key);
    authentication_release(drive, exchange->agid);
    return command_answer(exchange->command, &data, sizeof data, exchange->length);
}

static struct sense report_asf(struct drive *drive, struct exchange *exchange)
{
    struct mmc_key_asf data = {.header = header_of(sizeof data), .asf = drive->asf};
    return command_answer(exchange->command, &data, sizeof data, exchange->length);
}

static struct sense report_rpc_state(struct drive *drive, struct exchange *exchange)
{
    const struct region_state *region = fault_region(drive);
    struct mmc_key_rpc_state data = {.header = header_of(sizeof data)};

    if (drive->profile.rpc == REGION_SCHEME_NONE)
        return sense_in_cdb(offsetof(struct mmc_cdb_key, key), 5);
    if (drive->profile.rpc == REGION_SCHEME_PHASE_2) {
        data.type = (uint8_t)((unsigned)region_type(region) << 6 |
                              (unsigned)region->vendor_resets << 3 | region->user_changes);
        data.region_mask = region->mask;
        data.scheme = MMC_RPC_SCHEME_PHASE_2;
    }
    return command_answer(exchange->command, &data, sizeof data, exchange->length);
}

static struct sense invalidate(struct drive *drive, struct exchange *exchange)
{
    authentication_release(drive, exchange->agid);
    return sense_good();
}

/* SEND KEY ----------------------------------------------------------------- */

static struct sense take_challenge(struct drive *drive, struct exchange *exchange)
{
    const struct mmc_key_challenge *list = (const void *)exchange->command->data_out;
    struct css_auth *auth = use(drive, exchange);
    struct css_challenge challenge;

    if (!css_auth_allows(auth, CSS_AUTH_TAKE_CHALLENGE))
        return sense_of(SENSE_COMMAND_SEQUENCE);
    unsigned variant = drive->profile.css_variant >= 0
                           ? (unsigned)drive->profile.css_variant
                           : (unsigned)(random_next(&drive->random) % CSS_VARIANTS);
    css_reverse(challenge.byte, list->challenge, sizeof challenge.byte);
    css_auth_take_challenge(auth, &challenge, variant);
    authentication_moved(drive, exchange->agid, CSS_AUTH_GRANTED);
    return sense_good();
}

static struct sense take_key2(struct drive *drive, struct exchange *exchange)
{
    const struct mmc_key_bus_key *list = (const void *)exchange->command->data_out;
    struct css_auth *auth = use(drive, exchange);
    struct css_key key2;

    if (!css_auth_allows(auth, CSS_AUTH_TAKE_KEY2))
        return sense_of(SENSE_COMMAND_SEQUENCE);
    css_reverse(key2.byte, list->key, sizeof key2.byte);
    exchange->command->delay += mechanism_authentication_time(drive);
    bool right = css_auth_take_key2(auth, &key2);
    authentication_moved(drive, exchange->agid, CSS_AUTH_DRIVE_CHALLENGE);
    drive_emit(drive, &(struct drive_event){
                          .kind = DRIVE_EVENT_AUTHENTICATION,
                          .agid = {exchange->agid, CSS_AUTH_DRIVE_CHALLENGE, auth->state, right}
    });
    authentication_set_asf(drive, right);
    return right ? sense_good() : sense_of(SENSE_AUTHENTICATION_FAILURE);
}

static struct region_medium region_medium(const struct drive *drive)
{
    struct region_medium medium = {.kind = REGION_MEDIUM_OTHER};

    switch (drive->medium) {
    case DRIVE_MEDIUM_TRAY_OPEN:
        medium.kind = REGION_MEDIUM_TRAY_OPEN;
        break;
    case DRIVE_MEDIUM_ABSENT:
        medium.kind = REGION_MEDIUM_ABSENT;
        break;
    case DRIVE_MEDIUM_BECOMING_READY:
        medium.kind = REGION_MEDIUM_BECOMING_READY;
        break;
    case DRIVE_MEDIUM_READY:
        if (disc_is_css(drive->disc))
            medium = (struct region_medium){REGION_MEDIUM_CSS, disc_regions_forbidden(drive->disc)};
        break;
    case DRIVE_MEDIUM_UNUSABLE:
        break;
    }
    return medium;
}

static bool store(struct drive *drive, const struct drive_nonvolatile *state)
{
    return !drive->environment.store || drive->environment.store(drive->environment.context, state);
}

/* Takes over a region state that is stored already. */
static void adopt_region(struct drive *drive, const struct drive_nonvolatile *state)
{
    drive->nonvolatile = *state;
    authentication_clear(drive);
    drive_emit(drive, &(struct drive_event){.kind = DRIVE_EVENT_REGION, .region = state->region});
}

static struct sense set_rpc(struct drive *drive, struct exchange *exchange)
{
    static const enum sense_code codes[] = {
        [REGION_EXHAUSTED] = SENSE_REGION_PERMANENT, [REGION_TRAY_OPEN] = SENSE_TRAY_OPEN,
        [REGION_NO_MEDIUM] = SENSE_NO_MEDIUM,        [REGION_NOT_READY] = SENSE_BECOMING_READY,
        [REGION_WRONG_MEDIUM] = SENSE_WRONG_MEDIUM,  [REGION_MISMATCH] = SENSE_REGION_MISMATCH,
    };
    const struct mmc_key_set_rpc *list = (const void *)exchange->command->data_out;
    struct drive_nonvolatile state = drive->nonvolatile;
    struct region_medium medium = region_medium(drive);
    bool any_medium = drive->profile.region_set_medium == REGION_SET_MEDIUM_ANY;

    enum region_result result =
        region_set(&state.region, list->region_mask, any_medium ? NULL : &medium);
    switch (result) {
    case REGION_UNCHANGED:
        return sense_good();
    case REGION_BAD_MASK:
        return sense_in_list(offsetof(struct mmc_key_set_rpc, region_mask), -1);
    case REGION_CHANGED:
        if (!store(drive, &state))
            return sense_of(SENSE_INTERNAL_TARGET_FAILURE);
        adopt_region(drive, &state);
        return sense_good();
    default:
        return sense_of(codes[result]);
    }
}

bool drive_vendor_reset(struct drive *drive)
{
    struct drive_nonvolatile state = drive->nonvolatile;

    if (drive->profile.rpc != REGION_SCHEME_PHASE_2 || !region_vendor_reset(&state.region) ||
        !store(drive, &state))
        return false;
    adopt_region(drive, &state);
    return true;
}

/* The formats -------------------------------------------------------------- */

struct key_format {
    enum mmc_key_format code;
    bool needs_medium;
    uint16_t list_length; /* SEND KEY: the only one allowed; 0: no data, any length */
    struct sense (*execute)(struct drive *drive, struct exchange *exchange);
};

static const struct key_format report_formats[] = {
    {MMC_KEY_AGID,       true,  0, report_agid     },
    {MMC_KEY_CHALLENGE,  true,  0, report_challenge},
    {MMC_KEY_KEY1,       true,  0, report_key1     },
    {MMC_KEY_TITLE_KEY,  true,  0, report_title_key},
    {MMC_KEY_ASF,        true,  0, report_asf      },
    {MMC_KEY_RPC_STATE,  false, 0, report_rpc_state},
    {MMC_KEY_INVALIDATE, false, 0, invalidate      },
};

static const struct key_format send_formats[] = {
    {MMC_KEY_CHALLENGE,  true,  sizeof(struct mmc_key_challenge), take_challenge},
    {MMC_KEY_KEY2,       true,  sizeof(struct mmc_key_bus_key),   take_key2     },
 /* The region rules say themselves what medium they want, and when. */
    {MMC_KEY_SET_RPC,    false, sizeof(struct mmc_key_set_rpc),   set_rpc       },
    {MMC_KEY_INVALIDATE, false, 0,                                invalidate    },
};

#define COUNT(formats) (sizeof(formats) / sizeof *(formats))

static const struct key_format *find(const struct key_format *formats, size_t count, uint8_t code)
{
    for (size_t i = 0; i < count; i++)
        if (formats[i].code == code)
            return &formats[i];
    return NULL;
}

static bool needs_medium(const struct drive *drive, const struct key_format *format)
{
    if (format->code == MMC_KEY_ASF && drive->profile.asf_medium == ASF_MEDIUM_ANY)
        return false;
    return format->needs_medium;
}

/*
 * The format that the CDB names, or NULL with the reason for its refusal in *refusal.  Class and
 * format come before everything else, so that a probe for other systems learns "not supported" and
 * not "no medium".
 */
static const struct key_format *accept(const struct drive *drive, const struct mmc_cdb_key *cdb,
                                       const struct key_format *formats, size_t count,
                                       struct sense *refusal)
{
    const struct key_format *format = find(formats, count, cdb->key & MMC_KEY_FORMAT);

    /* Only a drive with RPC phase II has a region to set. */
    if (format && format->code == MMC_KEY_SET_RPC && drive->profile.rpc != REGION_SCHEME_PHASE_2)
        format = NULL;
    if ((cdb->service_action & MMC_KEY_SERVICE_ACTION) != 0)
        *refusal = sense_in_cdb(offsetof(struct mmc_cdb_key, service_action), 4);
    else if (cdb->key_class != MMC_KEY_CLASS_CSS)
        *refusal = sense_in_cdb(offsetof(struct mmc_cdb_key, key_class), -1);
    else if (!format)
        *refusal = sense_in_cdb(offsetof(struct mmc_cdb_key, key), 5);
    else
        *refusal =
            needs_medium(drive, format) ? medium_sense(drive, SENSE_WRONG_MEDIUM) : sense_good();
    return refusal->code == SENSE_NO_SENSE ? format : NULL;
}

static struct exchange exchange_of(struct drive_command *command)
{
    const struct mmc_cdb_key *cdb = COMMAND_CDB(mmc_cdb_key, command);
    return (struct exchange){command, cdb, cdb->key >> 6, from_be16(cdb->length)};
}

struct sense command_report_key(struct drive *drive, struct drive_command *command)
{
    struct exchange exchange = exchange_of(command);
    struct sense refusal;
    const struct key_format *format =
        accept(drive, exchange.cdb, report_formats, COUNT(report_formats), &refusal);

    if (!format)
        return refusal;
    if (exchange.length == 0 && format->code != MMC_KEY_INVALIDATE)
        return sense_good(); /* nothing is delivered, so no state moves */
    return format->execute(drive, &exchange);
}

static struct sense check_list(const struct key_format *format, const struct exchange *exchange)
{
    const struct mmc_key_header *header = (const void *)exchange->command->data_out;

    if (format->list_length == 0)
        return sense_good();
    if (exchange->length != format->list_length ||
        exchange->command->data_out_length < exchange->length)
        return sense_of(SENSE_PARAMETER_LIST_LENGTH);
    if (from_be16(header->data_length) != format->list_length - sizeof header->data_length)
        return sense_in_list(offsetof(struct mmc_key_header, data_length), -1);
    return sense_good();
}

struct sense command_send_key(struct drive *drive, struct drive_command *command)
{
    struct exchange exchange = exchange_of(command);
    struct sense sense;
    const struct key_format *format =
        accept(drive, exchange.cdb, send_formats, COUNT(send_formats), &sense);

    if (!format)
        return sense;
    sense = check_list(format, &exchange);
    return sense.code == SENSE_NO_SENSE ? format->execute(drive, &exchange) : sense;
}
