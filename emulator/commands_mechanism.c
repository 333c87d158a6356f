/* SPDX-License-Identifier: MIT */
#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_performance.h"

/* START STOP UNIT, PREVENT ALLOW MEDIUM REMOVAL, MECHANISM STATUS: the tray, its lock and the
 * spindle. */

/* Whether a nexus other than `except` (which may be NULL) prevents removal. */
static bool nexus_prevents(const struct drive *drive, const struct drive_nexus *except)
{
    for (const struct drive_nexus *nexus = drive->nexuses; nexus; nexus = nexus->next)
        if (nexus != except && nexus->prevents_removal)
            return true;
    return false;
}

/* Without IMMED the command takes as long as tray and spindle need. */
static void wait_for_mechanism(struct drive *drive, struct drive_command *command, bool immediate)
{
    uint64_t until = mechanism_busy_until(drive);

    if (until <= drive->now)
        return;
    if (immediate)
        event_raise(drive, EVENT_CLASS_DEVICE_BUSY, EVENT_BUSY_CHANGED);
    else
        command->delay += until - drive->now;
}

static struct sense eject(struct drive *drive, struct drive_command *command, bool immediate)
{
    if (drive->medium == DRIVE_MEDIUM_TRAY_OPEN) {
        wait_for_mechanism(drive, command, immediate);
        return sense_good();
    }
    /* Persistent prevent puts the tray under the host's control: it stops the button, not the host
     * (INF-8090). */
    if (nexus_prevents(drive, NULL))
        return sense_of(drive->disc ? SENSE_REMOVAL_PREVENTED : SENSE_REMOVAL_PREVENTED_EMPTY);
    medium_open_tray(drive);
    wait_for_mechanism(drive, command, immediate);
    return sense_good();
}

/* Without IMMED the command takes as long as the medium takes to become ready. */
static void wait_until_ready(const struct drive *drive, struct drive_command *command,
                             bool immediate)
{
    if (!immediate && drive->medium == DRIVE_MEDIUM_BECOMING_READY)
        command->delay += drive->ready_at - drive->now;
}

/* A medium that is ready, spun up again. */
static void spin_up_again(struct drive *drive, struct drive_command *command, bool immediate)
{
    uint64_t turning = mechanism_start(drive);

    if (immediate)
        drive->starting_until = turning;
    wait_for_mechanism(drive, command, immediate);
}

static struct sense start(struct drive *drive, struct drive_command *command, bool immediate)
{
    /* An empty tray on its way in becomes no medium, however long one waits. */
    if (!medium_is_ready(drive) && (drive->medium != DRIVE_MEDIUM_BECOMING_READY || !drive->disc))
        return medium_sense(drive, SENSE_MEDIUM_INCOMPATIBLE);
    power_access(drive);
    if (medium_is_ready(drive))
        spin_up_again(drive, command, immediate);
    else
        wait_until_ready(drive, command, immediate);
    return sense_good();
}

static struct sense power_condition(struct drive *drive, struct drive_command *command,
                                    unsigned condition, bool immediate)
{
    static const enum drive_power powers[16] = {
        [1] = DRIVE_POWER_ACTIVE,
        [2] = DRIVE_POWER_IDLE,
        [3] = DRIVE_POWER_STANDBY,
        [5] = DRIVE_POWER_SLEEP,
    };

    if (powers[condition] == 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_start_stop_unit, action), 7);
    power_change(drive, powers[condition]);
    if (drive->power == DRIVE_POWER_ACTIVE && medium_is_ready(drive))
        spin_up_again(drive, command, immediate);
    return sense_good();
}

struct sense command_start_stop_unit(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_start_stop_unit *cdb = COMMAND_CDB(mmc_cdb_start_stop_unit, command);
    bool immediate = (cdb->flags & MMC_START_STOP_IMMED) != 0;

    if ((cdb->action & MMC_START_STOP_FL) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_start_stop_unit, action), 2);
    if (cdb->action >> 4 != 0)
        return power_condition(drive, command, cdb->action >> 4, immediate);

    switch (cdb->action & (MMC_START_STOP_LOEJ | MMC_START_STOP_START)) {
    case MMC_START_STOP_LOEJ:
        return eject(drive, command, immediate);
    case MMC_START_STOP_LOEJ | MMC_START_STOP_START:
        medium_close_tray(drive);
        wait_until_ready(drive, command, immediate);
        return sense_good();
    case MMC_START_STOP_START:
        return start(drive, command, immediate);
    default: /* stop: the medium stays ready and spins up with its next use */
        if (medium_is_ready(drive))
            mechanism_stop(drive);
        return sense_good();
    }
}

struct sense command_prevent_allow(struct drive *drive, struct drive_command *command)
{
    uint8_t action = COMMAND_CDB(mmc_cdb_6, command)->length;
    bool before = drive_is_prevented(drive);

    switch (action & (MMC_PREVENT | MMC_PREVENT_PERSISTENT)) {
    case MMC_PREVENT | MMC_PREVENT_PERSISTENT:
        if (nexus_prevents(drive, command->nexus))
            return sense_of(SENSE_PERSISTENT_PREVENT_CONFLICT);
        drive->persistent_prevent = true;
        break;
    case MMC_PREVENT_PERSISTENT:
        drive->persistent_prevent = false;
        break;
    case MMC_PREVENT:
        command->nexus->prevents_removal = true;
        break;
    default:
        command->nexus->prevents_removal = false;
        break;
    }

    bool after = drive_is_prevented(drive);
    if (after != before)
        drive_emit(drive, &(struct drive_event){.kind = DRIVE_EVENT_PREVENT, .flag = after});
    return sense_good();
}

struct sense command_mechanism_status(struct drive *drive, struct drive_command *command)
{
    struct mmc_mechanism_status data = {
        .door = drive->medium == DRIVE_MEDIUM_TRAY_OPEN ? MMC_MECHANISM_DOOR_OPEN : 0,
    };
    return command_answer(
        command, &data, sizeof data,
        from_be16(COMMAND_CDB(mmc_cdb_mechanism_status, command)->allocation_length));
}
