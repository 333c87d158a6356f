/* SPDX-License-Identifier: MIT */
#include "emulator/fault_internal.h"

#include <string.h>

#include "emulator/command_table.h"
#include "emulator/mmc_cdb.h"

/* What a rule does to the command that meets it, up to its data. */

/* Whether the command is going to end with a unit attention. */
static bool has_attention(const struct drive_command *command)
{
    const struct command_row *row = command_row(command->cdb[0]);
    bool bypasses = row && (row->flags & COMMAND_BYPASSES_ATTENTION) != 0;

    return !bypasses && attention_is_pending(command->nexus);
}

static uint64_t draw_between(struct random *random, uint64_t minimum, uint64_t maximum)
{
    uint64_t span = maximum - minimum;
    return span == 0 ? minimum : minimum + random_next(random) % (span + 1);
}

static struct sense reset(struct drive *drive, struct drive_command *command, enum drive_reset kind)
{
    drive_reset(drive, kind, drive->now);
    command->private_part.reset_generation = drive->reset_generation;
    return sense_of(attention_take(command->nexus));
}

static bool exhaust_agids(struct drive *drive)
{
    int agid = agid_pool_lowest_free(&drive->agids);
    bool changed = agid >= 0;

    while ((agid = agid_pool_lowest_free(&drive->agids)) >= 0) {
        css_auth_grant(agid_pool_use(&drive->agids, (unsigned)agid));
        authentication_moved(drive, (unsigned)agid, CSS_AUTH_FREE);
    }
    return changed;
}

static bool drop_agids(struct drive *drive)
{
    bool changed = false;

    for (unsigned agid = 0; agid < drive->agids.size; agid++) {
        changed |= drive->agids.auth[agid].state != CSS_AUTH_FREE;
        authentication_release(drive, agid);
    }
    return changed;
}

static bool drop_attentions(struct drive_nexus *nexus)
{
    bool changed = false;

    while (attention_take(nexus) != SENSE_NO_SENSE)
        changed = true;
    return changed;
}

/* What happens to the drive before it looks at the command; whether anything did. */
static bool disturb(struct drive *drive, struct drive_nexus *nexus,
                    const struct fault_effect *effect)
{
    bool changed = effect->drops_agids && drop_agids(drive);

    if (effect->drops_asf) {
        changed |= drive->asf;
        authentication_set_asf(drive, false);
    }
    if (effect->drops_attention)
        changed |= drop_attentions(nexus);
    if (effect->exhausts_agids)
        changed |= exhaust_agids(drive);
    if (effect->becoming_ready > 0) {
        changed |= medium_is_ready(drive);
        medium_leave_ready(drive, effect->becoming_ready);
    }
    return changed;
}

static bool is_read(const struct drive_command *command)
{
    const struct command_row *row = command_row(command->cdb[0]);
    return row && (row->flags & COMMAND_READS_SECTORS) != 0;
}

/* A read that is to go wrong at an address delivers the sectors before it. */
static bool reads_up_to_lba(const struct fault_rule *rule, const struct drive_command *command)
{
    return rule->effect.execute == FAULT_EXECUTE_AS_IS && rule->effect.has_sense &&
           rule->condition.has_lba && is_read(command);
}

static bool executes(const struct fault_rule *rule, const struct drive_command *command)
{
    const struct fault_effect *effect = &rule->effect;

    if (effect->execute != FAULT_EXECUTE_AS_IS)
        return effect->execute == FAULT_EXECUTE_ON;
    return (!effect->has_sense && effect->status == FAULT_STATUS_AS_IS) ||
           reads_up_to_lba(rule, command);
}

static struct sense execute(struct drive *drive, const struct fault_effect *effect,
                            struct drive_command *command)
{
    struct region_state before = drive->nonvolatile.region;
    uint8_t cdb[DRIVE_CDB_MAX];

    if (effect->misread.count > 0)
        fault_take_place(drive, command);
    memcpy(cdb, command->cdb, sizeof cdb);
    for (unsigned i = 0; i < effect->misread.count; i++)
        command->cdb[effect->misread.offset[i]] = effect->misread.byte[i];
    struct sense sense = command_dispatch(drive, command);
    memcpy(command->cdb, cdb, sizeof cdb);
    if (effect->region_lag > 0 && memcmp(&before, &drive->nonvolatile.region, sizeof before) != 0) {
        drive->faults->region = before;
        drive->faults->region_lag = effect->region_lag;
        fault_take_place(drive, command);
    }
    return sense;
}

/* The first address of the command that the rule names. */
static bool failing_address(const struct fault_rule *rule, const struct drive_command *command,
                            uint32_t *lba, uint32_t *first)
{
    uint32_t last;

    if (!rule->condition.has_lba || !fault_addresses(command->cdb, first, &last))
        return false;
    *lba = *first > rule->condition.lba_first ? *first : rule->condition.lba_first;
    return true;
}

static struct sense stated_sense(struct drive *drive, const struct fault_rule *rule,
                                 struct drive_command *command)
{
    const struct fault_effect *effect = &rule->effect;
    uint8_t *stated = command->private_part.fault_sense;
    uint32_t information = effect->information, first;

    fault_take_place(drive, command);
    memcpy(stated, effect->sense, DRIVE_SENSE_SIZE);
    if (effect->information_kind == FAULT_INFORMATION_STATED ||
        (effect->information_kind == FAULT_INFORMATION_AS_IS &&
         failing_address(rule, command, &information, &first)))
        sense_set_information(stated, information);
    return (struct sense){.code = SENSE_STATED, .bit = -1};
}

/* How much of the data comes before the rule's sense. */
static uint64_t data_before_sense(const struct fault_rule *rule,
                                  const struct drive_command *command)
{
    uint32_t lba, first;

    if (reads_up_to_lba(rule, command) && failing_address(rule, command, &lba, &first))
        return (uint64_t)(lba - first) * DVD_SECTOR_SIZE;
    return command->data_in_length;
}

/* The end that the rule sets to a command whose data are ready. */
static struct sense end(struct drive *drive, const struct fault_rule *rule,
                        struct drive_command *command)
{
    const struct fault_effect *effect = &rule->effect;
    uint64_t length = command->data_in_length;

    if (effect->vanish_at >= 0) {
        if (length == 0)
            return fault_stop(drive, command);
        command->private_part.stop_at =
            (uint64_t)effect->vanish_at < length ? (uint64_t)effect->vanish_at : length - 1;
        return sense_good();
    }
    if (!effect->has_sense)
        return sense_good();
    uint64_t before = data_before_sense(rule, command);
    if (before > length)
        before = length;
    if (before == 0)
        return stated_sense(drive, rule, command);
    command->private_part.stop_at = before;
    return sense_good();
}

struct sense fault_stop(struct drive *drive, struct drive_command *command)
{
    const struct fault_rule *rule = &command->private_part.fault->rule;

    if (rule->effect.vanish_at < 0)
        return stated_sense(drive, rule, command);
    fault_take_place(drive, command);
    drive_eject(drive, false, drive->now);
    return medium_sense(drive, SENSE_MEDIUM_INCOMPATIBLE);
}

/*
 * An answer takes the place of data that come, not of a refusal: unless the rule says that the
 * command is executed, or is not, whatever the drive thinks of it, or the drive does not know it.
 */
static bool answers_for(const struct fault_effect *effect, const struct drive_command *command,
                        const struct sense *sense)
{
    return effect->has_answer && fault_returns_data(command) &&
           (effect->execute != FAULT_EXECUTE_AS_IS || sense->code == SENSE_INVALID_OPERATION_CODE);
}

/* Those effects that take place whatever becomes of the command. */
static bool takes_place_always(const struct fault_rule *rule, const struct drive_command *command)
{
    return command->delay > 0 || command->delivery != DRIVE_DELIVERY_NORMAL ||
           rule->effect.reset >= 0 || rule->effect.execute == FAULT_EXECUTE_OFF;
}

static struct sense apply(struct drive *drive, struct fault_entry *entry,
                          struct drive_command *command)
{
    const struct fault_effect *effect = &entry->rule.effect;

    command->delay =
        draw_between(&drive->faults->random, effect->delay_minimum, effect->delay_maximum);
    command->delivery = (enum drive_delivery)effect->delivery;
    if (takes_place_always(&entry->rule, command))
        fault_take_place(drive, command);
    if (effect->reset >= 0)
        return reset(drive, command, (enum drive_reset)effect->reset);
    if (disturb(drive, command->nexus, effect))
        fault_take_place(drive, command);
    struct sense sense = sense_good();
    if (executes(&entry->rule, command))
        sense = execute(drive, effect, command);
    if (answers_for(effect, command, &sense))
        sense = sense_good();
    if (sense.code != SENSE_NO_SENSE)
        return sense;
    fault_alter_answer(drive, entry, command);
    return end(drive, &entry->rule, command);
}

static void tell(struct drive *drive, const struct drive_command *command,
                 enum drive_fault_change change)
{
    drive_emit(drive, &(struct drive_event){
                          .kind = DRIVE_EVENT_FAULT,
                          .fault = {command->private_part.fault->rule.name, command, change}
    });
}

void fault_take_place(struct drive *drive, struct drive_command *command)
{
    struct fault_entry *entry = command->private_part.fault;

    if (command->private_part.fault_applied)
        return;
    command->private_part.fault_applied = true;
    entry->taken--;
    entry->applied++;
    tell(drive, command, DRIVE_FAULT_APPLIED);
}

void fault_finish(struct drive *drive, struct drive_command *command)
{
    struct fault_entry *entry = command->private_part.fault;

    if (!command->private_part.fault_applied) {
        entry->taken--;
        entry->session[command->private_part.fault_session] = 0;
        tell(drive, command, DRIVE_FAULT_MET);
    }
    fault_entry_release(entry);
    command->private_part.fault = NULL;
}

static void take(struct drive *drive, struct fault_entry *entry, struct drive_command *command)
{
    entry->references++;
    command->private_part.fault = entry;
    command->private_part.fault_applied = false;
    command->private_part.fault_in_data = command->private_part.fault_at_end = false;
    command->private_part.fault_seed = random_next(&drive->faults->random);
}

struct sense fault_dispatch(struct drive *drive, struct drive_command *command)
{
    struct sense sense;

    if (command->lun != 0)
        return command_dispatch(drive, command);
    struct fault_entry *entry = fault_match(drive, command, has_attention(command));
    if (entry) {
        take(drive, entry, command);
        sense = apply(drive, entry, command);
    } else {
        sense = command_dispatch(drive, command);
    }
    if (sense.code == SENSE_NO_SENSE)
        fault_remember(drive, command);
    return sense;
}

void fault_settle(struct drive *drive, struct drive_command *command)
{
    static const enum drive_status statuses[] = {
        [FAULT_STATUS_BUSY] = DRIVE_STATUS_BUSY,
        [FAULT_STATUS_RESERVATION_CONFLICT] = DRIVE_STATUS_RESERVATION_CONFLICT,
        [FAULT_STATUS_TASK_SET_FULL] = DRIVE_STATUS_TASK_SET_FULL,
    };
    int status = command->private_part.fault->rule.effect.status;

    if (status != FAULT_STATUS_AS_IS) {
        fault_take_place(drive, command);
        command->data_in_length = 0;
        command->done = true;
        command->status = statuses[status];
        memset(command->sense, 0, sizeof command->sense);
        command->nexus->contingent = sense_good();
    }
    if (command->delivery == DRIVE_DELIVERY_POWER_LOSS && drive->environment.lose_power)
        drive->environment.lose_power(drive->environment.context);
}

const struct region_state *fault_region(struct drive *drive)
{
    struct fault_set *set = drive->faults;

    if (!set || set->region_lag == 0)
        return &drive->nonvolatile.region;
    set->region_lag--;
    return &set->region;
}
