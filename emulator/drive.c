/* SPDX-License-Identifier: MIT */
#include "emulator/drive_internal.h"

#include <stdlib.h>

#include "emulator/fault_internal.h"

void drive_nonvolatile_factory(const struct drive_profile *profile, struct drive_nonvolatile *state)
{
    state->region = profile->factory_region;
}

static void set_defaults(struct drive *drive)
{
    mode_pages_reset(&drive->modes);
    drive->power = DRIVE_POWER_ACTIVE;
    drive->last_access = drive->now;
    mechanism_rotate(drive, (uint32_t)drive->profile.max_read_speed, MMC_ROTATION_CAV);
}

struct drive *drive_create(const struct drive_profile *profile,
                           const struct drive_nonvolatile *state,
                           const struct drive_environment *environment, uint64_t now)
{
    struct drive *drive = calloc(1, sizeof *drive);
    if (!drive)
        return NULL;

    drive->profile = *profile;
    drive->profile.fault_count = 0; /* its rules are copied into the drive's list */
    if (state)
        drive->nonvolatile = *state;
    else
        drive_nonvolatile_factory(profile, &drive->nonvolatile);
    if (environment)
        drive->environment = *environment;
    drive->now = now;
    drive->medium = DRIVE_MEDIUM_ABSENT;
    set_defaults(drive);
    mechanism_init(drive);
    authentication_init(drive);
    for (unsigned i = 0; i < profile->fault_count; i++) {
        if (drive_fault_add(drive, &profile->faults[i]) == FAULT_ADDED)
            continue;
        drive_destroy(drive);
        return NULL;
    }
    return drive;
}

void drive_destroy(struct drive *drive)
{
    if (!drive)
        return;
    fault_set_release(drive);
    disc_release(drive->disc);
    free(drive);
}

const struct drive_profile *drive_profile(const struct drive *drive)
{
    return &drive->profile;
}

void drive_observe(struct drive *drive, struct drive_observer *observer)
{
    observer->next = drive->observers;
    drive->observers = observer;
}

void drive_unobserve(struct drive *drive, struct drive_observer *observer)
{
    for (struct drive_observer **link = &drive->observers; *link; link = &(*link)->next) {
        if (*link == observer) {
            *link = observer->next;
            return;
        }
    }
}

void drive_emit(struct drive *drive, const struct drive_event *event)
{
    for (struct drive_observer *observer = drive->observers; observer; observer = observer->next)
        observer->event(observer, event);
    if (drive->faults)
        fault_notice(drive, event);
}

struct drive_nexus *drive_nexus_attach(struct drive *drive, bool autosense)
{
    struct drive_nexus *nexus = calloc(1, sizeof *nexus);
    if (!nexus)
        return NULL;

    nexus->drive = drive;
    nexus->number = ++drive->nexus_count;
    nexus->autosense = autosense;
    nexus->contingent = sense_good();
    nexus->next = drive->nexuses;
    drive->nexuses = nexus;
    attention_raise_for(nexus, SENSE_POWER_ON_OR_RESET);
    if (medium_is_ready(drive))
        event_queue_add(&nexus->events, EVENT_CLASS_MEDIA, EVENT_MEDIA_NEW);
    return nexus;
}

static void emit_prevent_change(struct drive *drive, bool before)
{
    bool prevented = drive_is_prevented(drive);
    if (prevented != before)
        drive_emit(drive, &(struct drive_event){.kind = DRIVE_EVENT_PREVENT, .flag = prevented});
}

void drive_nexus_detach(struct drive_nexus *nexus)
{
    if (!nexus)
        return;
    struct drive *drive = nexus->drive;
    bool prevented = drive_is_prevented(drive);

    for (struct drive_nexus **link = &drive->nexuses; *link; link = &(*link)->next) {
        if (*link == nexus) {
            *link = nexus->next;
            break;
        }
    }
    free(nexus);
    emit_prevent_change(drive, prevented);
}

unsigned drive_nexus_number(const struct drive_nexus *nexus)
{
    return nexus->number;
}

bool drive_nexus_has_autosense(const struct drive_nexus *nexus)
{
    return nexus->autosense;
}

bool drive_is_prevented(const struct drive *drive)
{
    if (drive->persistent_prevent)
        return true;
    for (const struct drive_nexus *nexus = drive->nexuses; nexus; nexus = nexus->next)
        if (nexus->prevents_removal)
            return true;
    return false;
}

static enum sense_code reset_attention(enum drive_reset reset)
{
    static const enum sense_code codes[] = {
        [DRIVE_RESET_POWER_ON] = SENSE_POWER_ON,
        [DRIVE_RESET_HARD] = SENSE_POWER_ON_OR_RESET,
        [DRIVE_RESET_BUS] = SENSE_BUS_RESET,
        [DRIVE_RESET_LOGICAL_UNIT] = SENSE_LOGICAL_UNIT_RESET,
    };
    return codes[reset];
}

void drive_reset(struct drive *drive, enum drive_reset reset, uint64_t now)
{
    drive_advance(drive, now);
    bool prevented = drive_is_prevented(drive);

    drive->reset_generation++;
    if (reset != DRIVE_RESET_LOGICAL_UNIT)
        drive->persistent_prevent = false;
    for (struct drive_nexus *nexus = drive->nexuses; nexus; nexus = nexus->next) {
        nexus->prevents_removal = false;
        nexus->contingent = sense_good();
        event_queue_clear(&nexus->events);
    }
    set_defaults(drive);
    mechanism_reset(drive);
    authentication_clear(drive);
    medium_restart(drive);
    attention_raise(drive, reset_attention(reset), NULL);
    emit_prevent_change(drive, prevented);
    drive_emit(drive, &(struct drive_event){.kind = DRIVE_EVENT_RESET, .reset = reset});
}

void drive_advance(struct drive *drive, uint64_t now)
{
    if (now > drive->now)
        drive->now = now;
    medium_advance(drive);
    power_advance(drive);
}

uint64_t drive_now(const struct drive *drive)
{
    return drive->now;
}

uint64_t drive_deadline(const struct drive *drive)
{
    uint64_t deadline = power_deadline(drive);
    if (drive->medium == DRIVE_MEDIUM_BECOMING_READY && drive->ready_at < deadline)
        deadline = drive->ready_at;
    return deadline;
}

void drive_view(const struct drive *drive, struct drive_view *view)
{
    *view = (struct drive_view){
        .medium = drive->medium,
        .disc = drive->disc,
        .prevented = drive_is_prevented(drive),
        .persistent_prevented = drive->persistent_prevent,
        .region = drive->nonvolatile.region,
        .asf = drive->asf,
        .agids = drive->agids.size,
    };
    for (unsigned agid = 0; agid < drive->agids.size; agid++) {
        enum css_auth_state state = drive->agids.auth[agid].state;
        view->agid[agid] = state;
        if (state != CSS_AUTH_FREE)
            view->agids_in_use |= (uint8_t)(1u << agid);
        if (state == CSS_AUTH_AUTHENTICATED)
            view->agids_authenticated |= (uint8_t)(1u << agid);
    }
}
