/* SPDX-License-Identifier: MIT */
#include "emulator/drive_internal.h"

/*
 * Between the drive and the model of its mechanics: what happens to the drive moves the model, and
 * the model says when things are done.
 */

static bool is_instant(const struct drive *drive)
{
    return drive->profile.timing == TIMING_INSTANT;
}

static uint64_t milliseconds(int64_t time)
{
    return (uint64_t)time * NANOSECONDS_PER_MILLISECOND;
}

struct rotation mechanism_rotation(const struct drive *drive)
{
    return (struct rotation){
        .speed = drive->read_speed,
        .maximum = (uint32_t)drive->profile.max_read_speed,
        .cav = drive->rotation_control == MMC_ROTATION_CAV,
    };
}

void mechanism_init(struct drive *drive)
{
    const struct drive_profile *profile = &drive->profile;
    struct rotation rotation = mechanism_rotation(drive);

    mechanics_init(&drive->mechanics,
                   &(struct mechanics_figures){
                       .tray = milliseconds(profile->tray_time),
                       .start = milliseconds(profile->start_time),
                       .identification = milliseconds(profile->identification_time),
                       .wake = milliseconds(profile->wake_time),
                       .seek = milliseconds(profile->seek_time),
                       .full_seek = milliseconds(profile->full_seek_time),
                       .layer_change = milliseconds(profile->layer_change_time),
                       .buffer_blocks = (uint32_t)profile->buffer_size /
                                        (MECHANICS_BLOCK_SECTORS * DVD_SECTOR_SIZE),
                   },
                   &rotation);
}

void mechanism_reset(struct drive *drive)
{
    drive->starting_until = 0;
    if (!is_instant(drive))
        mechanics_reset(&drive->mechanics, drive->now);
}

void mechanism_rotate(struct drive *drive, uint32_t speed, uint8_t control)
{
    drive->read_speed = speed;
    drive->rotation_control = control == MMC_ROTATION_CAV ? MMC_ROTATION_CAV : MMC_ROTATION_CLV;
    if (is_instant(drive))
        return;
    struct rotation rotation = mechanism_rotation(drive);
    mechanics_rotate(&drive->mechanics, &rotation, drive->now);
}

void mechanism_power(struct drive *drive)
{
    if (is_instant(drive))
        return;
    if (drive->power == DRIVE_POWER_IDLE)
        mechanics_idle(&drive->mechanics, drive->now);
    else if (drive->power != DRIVE_POWER_ACTIVE)
        mechanism_stop(drive);
    if (drive->power == DRIVE_POWER_SLEEP)
        mechanics_forget(&drive->mechanics, drive->now);
}

void mechanism_open_tray(struct drive *drive)
{
    drive->starting_until = 0;
    if (!is_instant(drive))
        mechanics_open_tray(&drive->mechanics, drive->now);
}

uint64_t mechanism_close_tray(struct drive *drive)
{
    return is_instant(drive) ? drive->now : mechanics_close_tray(&drive->mechanics, drive->now);
}

uint64_t mechanism_identify(struct drive *drive)
{
    if (is_instant(drive))
        return drive->now + milliseconds(drive->profile.spin_up_time);
    struct geometry disc = geometry_of(drive->disc);
    return mechanics_identify(&drive->mechanics, &disc, drive->now);
}

uint64_t mechanism_start(struct drive *drive)
{
    return is_instant(drive) ? drive->now : mechanics_start(&drive->mechanics, drive->now);
}

void mechanism_stop(struct drive *drive)
{
    drive->starting_until = 0;
    if (!is_instant(drive))
        mechanics_stop(&drive->mechanics, drive->now);
}

uint64_t mechanism_busy_until(const struct drive *drive)
{
    return is_instant(drive) ? drive->now : drive->mechanics.ready_at;
}

uint64_t mechanism_read(struct drive *drive, uint32_t lba, uint32_t sectors, bool from_disc)
{
    if (is_instant(drive))
        return 0;
    return mechanics_read(&drive->mechanics, lba, sectors, from_disc, drive->now) - drive->now;
}

void mechanism_seek(struct drive *drive, uint32_t lba)
{
    if (!is_instant(drive))
        mechanics_seek(&drive->mechanics, lba, drive->now);
}

void mechanism_set_trigger(struct drive *drive, uint32_t trigger, uint32_t lba)
{
    if (!is_instant(drive))
        mechanics_set_trigger(&drive->mechanics, trigger, lba);
}

uint64_t mechanism_authentication_time(const struct drive *drive)
{
    return is_instant(drive) ? 0 : milliseconds(drive->profile.authentication_time);
}
