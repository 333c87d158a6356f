/* SPDX-License-Identifier: MIT */
#include "emulator/drive_internal.h"
#include "emulator/fault_internal.h"

/*
 * The tray and what lies on it: the transitions between the medium states, each with everything
 * that changes at that one point in time (attentions, events, profile, authentication).
 */

struct sense medium_sense(const struct drive *drive, enum sense_code unusable)
{
    switch (drive->medium) {
    case DRIVE_MEDIUM_TRAY_OPEN:
        return sense_of(SENSE_TRAY_OPEN);
    case DRIVE_MEDIUM_ABSENT:
        return sense_of(SENSE_NO_MEDIUM);
    case DRIVE_MEDIUM_BECOMING_READY:
        return sense_of(SENSE_BECOMING_READY);
    case DRIVE_MEDIUM_UNUSABLE:
        return sense_of(unusable);
    case DRIVE_MEDIUM_READY:
        if (drive->now < drive->starting_until)
            return sense_of(SENSE_BECOMING_READY);
        break;
    }
    return sense_good();
}

static void enter(struct drive *drive, enum drive_medium_state medium)
{
    drive->medium = medium;
    drive_emit(drive, &(struct drive_event){.kind = DRIVE_EVENT_MEDIUM, .medium = medium});
}

void medium_open_tray(struct drive *drive)
{
    bool had_profile = medium_is_ready(drive);

    if (drive->medium == DRIVE_MEDIUM_TRAY_OPEN)
        return;
    drive->returns = false;
    drive->medium_generation++;
    authentication_clear(drive);
    mechanism_open_tray(drive);
    enter(drive, DRIVE_MEDIUM_TRAY_OPEN);
    if (drive->disc)
        event_raise(drive, EVENT_CLASS_MEDIA, EVENT_MEDIA_REMOVAL);
    if (had_profile)
        event_raise(drive, EVENT_CLASS_OPERATIONAL_CHANGE, EVENT_OPERATIONAL_CHANGED);
}

static void become_ready(struct drive *drive)
{
    if (!drive->disc) {
        enter(drive, DRIVE_MEDIUM_ABSENT);
        return;
    }
    bool usable = disc_medium(drive->disc) == DISC_MEDIUM_DVD_ROM;

    if (drive->returns) {
        drive->returns = false;
        enter(drive, DRIVE_MEDIUM_READY);
        return;
    }
    mechanism_rotate(drive, (uint32_t)drive->profile.max_read_speed, drive->rotation_control);
    enter(drive, usable ? DRIVE_MEDIUM_READY : DRIVE_MEDIUM_UNUSABLE);
    attention_raise(drive, SENSE_MEDIUM_MAY_HAVE_CHANGED, NULL);
    event_raise(drive, EVENT_CLASS_MEDIA, EVENT_MEDIA_NEW);
    if (usable)
        event_raise(drive, EVENT_CLASS_OPERATIONAL_CHANGE, EVENT_OPERATIONAL_CHANGED);
}

/* The tray is closed: at `time` it is known what lies in it. */
static void become_ready_at(struct drive *drive, uint64_t time)
{
    if (time == drive->now) {
        become_ready(drive);
        return;
    }
    drive->ready_at = time;
    enter(drive, DRIVE_MEDIUM_BECOMING_READY);
    event_raise(drive, EVENT_CLASS_DEVICE_BUSY, EVENT_BUSY_CHANGED);
}

void medium_leave_ready(struct drive *drive, uint64_t time)
{
    if (!medium_is_ready(drive))
        return;
    drive->returns = true;
    drive->ready_at = drive->now + time;
    enter(drive, DRIVE_MEDIUM_BECOMING_READY);
    event_raise(drive, EVENT_CLASS_DEVICE_BUSY, EVENT_BUSY_CHANGED);
}

static void spin_up(struct drive *drive)
{
    power_access(drive);
    become_ready_at(drive, mechanism_identify(drive));
}

void medium_close_tray(struct drive *drive)
{
    if (drive->medium != DRIVE_MEDIUM_TRAY_OPEN)
        return;
    uint64_t closed = mechanism_close_tray(drive);
    if (drive->disc)
        spin_up(drive);
    else
        become_ready_at(drive, closed);
}

void medium_restart(struct drive *drive)
{
    if (!drive->disc || drive->medium == DRIVE_MEDIUM_TRAY_OPEN)
        return;
    drive->returns = false;
    if (drive->profile.spin_up_time > 0 || drive->profile.timing == TIMING_REALISTIC)
        spin_up(drive);
    else
        event_raise(drive, EVENT_CLASS_MEDIA, EVENT_MEDIA_NEW);
}

void medium_advance(struct drive *drive)
{
    if (drive->medium == DRIVE_MEDIUM_BECOMING_READY && drive->now >= drive->ready_at)
        become_ready(drive);
}

bool drive_insert(struct drive *drive, struct disc *disc, uint64_t now)
{
    struct fault_entry *rules = NULL;

    drive_advance(drive, now);
    if (disc && !fault_load_disc(drive, disc, &rules))
        return false;
    if (disc) {
        medium_open_tray(drive);
        disc_reference(disc);
        disc_release(drive->disc);
        drive->disc = disc;
        fault_exchange_disc(drive, rules);
    }
    medium_close_tray(drive);
    return true;
}

void drive_eject(struct drive *drive, bool take_disc, uint64_t now)
{
    drive_advance(drive, now);
    medium_open_tray(drive);
    if (take_disc) {
        disc_release(drive->disc);
        drive->disc = NULL;
        fault_exchange_disc(drive, NULL);
    }
}

bool drive_press_eject_button(struct drive *drive, uint64_t now)
{
    drive_advance(drive, now);
    if (drive->medium == DRIVE_MEDIUM_TRAY_OPEN) {
        medium_close_tray(drive);
        return true;
    }
    if (drive_is_prevented(drive)) {
        event_raise(drive, EVENT_CLASS_MEDIA, EVENT_MEDIA_EJECT_REQUEST);
        drive_emit(drive, &(struct drive_event){.kind = DRIVE_EVENT_EJECT_REQUEST});
        return false;
    }
    medium_open_tray(drive);
    return true;
}

void medium_tell_unreadable(struct drive *drive, uint32_t lba, const struct disc_read *read)
{
    if (read->end != DISC_READ_UNREADABLE || read->reason == DISC_READ_DEFECT)
        return;
    drive_emit(drive, &(struct drive_event){
                          .kind = DRIVE_EVENT_UNREADABLE,
                          .unreadable = {lba, read->error},
    });
}
