/* SPDX-License-Identifier: MIT */
#include "emulator/fault_internal.h"

#include <stdlib.h>
#include <string.h>

/* The rules of a drive: a list in the order of their addition. */

static void tell(struct drive *drive, const struct fault_entry *entry,
                 enum drive_fault_change change)
{
    drive_emit(drive, &(struct drive_event){
                          .kind = DRIVE_EVENT_FAULT, .fault = {entry->rule.name, NULL, change}
    });
}

bool fault_set_make(struct drive *drive)
{
    if (drive->faults)
        return true;
    drive->faults = calloc(1, sizeof *drive->faults);
    if (drive->faults)
        random_init(&drive->faults->random, (uint64_t)drive->profile.seed, "faults");
    return drive->faults;
}

/* The end of the list, or why `rule` cannot go there. */
static struct fault_entry **place(struct fault_set *set, const struct fault_rule *rule,
                                  enum fault_add_result *result)
{
    struct fault_entry **link = &set->first;
    unsigned count = 0;

    *result = FAULT_ADDED;
    for (; *link; link = &(*link)->next) {
        if (strcmp((*link)->rule.name, rule->name) == 0)
            *result = FAULT_NAME_TAKEN;
        count += !(*link)->is_of_disc;
    }
    if (*result == FAULT_ADDED && count >= FAULT_RULES_MAX)
        *result = FAULT_TOO_MANY;
    return link;
}

enum fault_add_result drive_fault_add(struct drive *drive, const struct fault_rule *rule)
{
    enum fault_add_result result;

    if (!fault_set_make(drive))
        return FAULT_NO_MEMORY;
    struct fault_entry **link = place(drive->faults, rule, &result);
    if (result != FAULT_ADDED)
        return result;
    struct fault_entry *entry = calloc(1, sizeof *entry);
    char *text = strdup(rule->text);
    if (!entry || !text) {
        free(entry);
        free(text);
        return FAULT_NO_MEMORY;
    }
    entry->rule = *rule;
    entry->rule.text = text;
    entry->references = 1;
    *link = entry;
    tell(drive, entry, DRIVE_FAULT_ADDED);
    return FAULT_ADDED;
}

void fault_entry_release(struct fault_entry *entry)
{
    if (--entry->references > 0)
        return;
    fault_rule_release(&entry->rule);
    free(entry);
}

/* Takes the entry that `link` points at out of the list. */
static void take_out(struct drive *drive, struct fault_entry **link)
{
    struct fault_entry *entry = *link;

    *link = entry->next;
    entry->removed = true;
    tell(drive, entry, DRIVE_FAULT_REMOVED);
    fault_entry_release(entry);
}

bool drive_fault_remove(struct drive *drive, const char *name)
{
    if (!drive->faults)
        return false;
    for (struct fault_entry **link = &drive->faults->first; *link; link = &(*link)->next) {
        if (strcmp((*link)->rule.name, name) == 0) {
            take_out(drive, link);
            return true;
        }
    }
    return false;
}

void drive_fault_clear(struct drive *drive)
{
    while (drive->faults && drive->faults->first)
        take_out(drive, &drive->faults->first);
}

struct fault_entry *fault_entry_drop(struct fault_entry *entry)
{
    struct fault_entry *next = entry->next;

    fault_entry_release(entry);
    return next;
}

void fault_exchange_disc(struct drive *drive, struct fault_entry *rules)
{
    struct fault_entry **link;

    if (!drive->faults)
        return;
    for (link = &drive->faults->first; *link;) {
        if ((*link)->is_of_disc)
            take_out(drive, link);
        else
            link = &(*link)->next;
    }
    *link = rules;
    for (; rules; rules = rules->next)
        tell(drive, rules, DRIVE_FAULT_ADDED);
}

void fault_set_release(struct drive *drive)
{
    struct fault_entry *entry = drive->faults ? drive->faults->first : NULL;

    while (entry) {
        entry->removed = true;
        entry = fault_entry_drop(entry);
    }
    free(drive->faults);
    drive->faults = NULL;
}

bool drive_fault_get(const struct drive *drive, size_t index, struct fault_status *status)
{
    const struct fault_entry *entry = drive->faults ? drive->faults->first : NULL;

    while (entry && index-- > 0)
        entry = entry->next;
    if (!entry)
        return false;
    *status = (struct fault_status){
        .rule = &entry->rule,
        .met = entry->met,
        .applied = entry->applied,
        .spent = entry->rule.times >= 0 && entry->applied >= (uint64_t)entry->rule.times,
    };
    return true;
}

static void count_session(struct fault_set *set, const struct drive_event *event)
{
    if (!fault_event_is(FAULT_EVENT_AGID_GRANTED, event))
        return;
    set->grants[event->agid.agid]++;
    set->grants[FAULT_SESSION_DRIVE]++;
}

void fault_notice(struct drive *drive, const struct drive_event *event)
{
    struct fault_set *set = drive->faults;

    count_session(set, event);
    for (struct fault_entry *entry = set->first; entry; entry = entry->next) {
        const struct fault_condition *condition = &entry->rule.condition;
        entry->seen_after |= fault_event_is((enum fault_event)condition->after, event);
        entry->seen_before |= fault_event_is((enum fault_event)condition->before, event);
    }
}

bool drive_is_withheld(const struct drive_command *command)
{
    return (command->delivery == DRIVE_DELIVERY_HELD || command->delivery == DRIVE_DELIVERY_LOST) &&
           !command->private_part.fault->removed;
}
