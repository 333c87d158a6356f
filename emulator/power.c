/* SPDX-License-Identifier: MIT */
#include "emulator/drive_internal.h"

/* Unit of the timers of mode page 1Ah: 100 ms. */
#define TIMER_UNIT (100 * NANOSECONDS_PER_MILLISECOND)

void power_change(struct drive *drive, enum drive_power power)
{
    if (drive->power == power)
        return;
    drive->power = power;
    mechanism_power(drive);
    if (power == DRIVE_POWER_SLEEP)
        authentication_clear(drive);
    event_raise(drive, EVENT_CLASS_POWER_MANAGEMENT, EVENT_POWER_CHANGED);
}

void power_access(struct drive *drive)
{
    power_change(drive, DRIVE_POWER_ACTIVE);
    drive->last_access = drive->now;
}

/* When the drive enters `power` by its timer; UINT64_MAX if it is there already or the timer is
 * off. */
static uint64_t expiry(const struct drive *drive, enum drive_power power, uint8_t enabled,
                       be32 timer)
{
    if (drive->power >= power || (drive->modes.power_condition.enabled & enabled) == 0)
        return UINT64_MAX;
    return drive->last_access + (uint64_t)from_be32(timer) * TIMER_UNIT;
}

static uint64_t idle_expiry(const struct drive *drive)
{
    return expiry(drive, DRIVE_POWER_IDLE, MODE_POWER_IDLE,
                  drive->modes.power_condition.idle_timer);
}

static uint64_t standby_expiry(const struct drive *drive)
{
    return expiry(drive, DRIVE_POWER_STANDBY, MODE_POWER_STANDBY,
                  drive->modes.power_condition.standby_timer);
}

void power_advance(struct drive *drive)
{
    if (drive->medium == DRIVE_MEDIUM_BECOMING_READY)
        return;
    if (drive->now >= idle_expiry(drive))
        power_change(drive, DRIVE_POWER_IDLE);
    if (drive->now >= standby_expiry(drive))
        power_change(drive, DRIVE_POWER_STANDBY);
}

uint64_t power_deadline(const struct drive *drive)
{
    uint64_t idle = idle_expiry(drive);
    uint64_t standby = standby_expiry(drive);

    if (drive->medium == DRIVE_MEDIUM_BECOMING_READY)
        return UINT64_MAX;
    return idle < standby ? idle : standby;
}
