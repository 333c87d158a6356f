/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <string.h>

#include "handlers/system/clock.h"
#include "handlers/tcmu/lun_internal.h"

/* 05/25/00: what an initiator gets to hear of a LUN that has left its target. */
static void leave_target(struct drive_command *command)
{
    memset(command->sense, 0, sizeof(command->sense));
    command->sense[0] = 0x70;
    command->sense[2] = 0x05;
    command->sense[7] = DRIVE_SENSE_SIZE - 8;
    command->sense[12] = 0x25;
    command->status = DRIVE_STATUS_CHECK_CONDITION;
    command->done = true;
}

/* The target outlives its drive: after a loss of power the drive is there again, and the next
 * command hears of it. */
static void lose_power(struct lun *lun, struct drive_command *command)
{
    drive_reset(lun->drive, DRIVE_RESET_POWER_ON, clock_now());
    command->status = DRIVE_STATUS_BUSY;
    command->done = true;
}

static void begin(struct lun *lun, struct lun_command *command)
{
    uint64_t now = clock_now();

    drive_begin(lun->drive, &command->drive, now);
    command->due = now + command->drive.delay;
    if (command->drive.delivery == DRIVE_DELIVERY_UNPLUGGED)
        leave_target(&command->drive);
    else if (command->drive.delivery == DRIVE_DELIVERY_POWER_LOSS)
        lose_power(lun, &command->drive);
}

uint64_t lun_due(const struct lun_command *command)
{
    return drive_is_withheld(&command->drive) ? CLOCK_NEVER : command->due;
}

/* The data and the end of a command that has begun. */
static void end(struct lun *lun, struct lun_command *command)
{
    if (!command->drive.done && command->iov_count > 0)
        drive_data_in(lun->drive, &command->drive, command->iov, command->iov_count);
    /* An initiator may have asked for less than the command returns: it is complete all the same.
     */
    drive_finish(lun->drive, &command->drive, clock_now());
}

void lun_serve_queue(struct lun *lun, bool all)
{
    struct lun_command *command;

    while ((command = lun->first) && (all || lun_due(command) <= clock_now())) {
        struct lun_command *next = command->next;
        end(lun, command);
        /* It stays in the queue meanwhile: a command that came now must not overtake it. */
        command->complete(command);
        lun->first = next;
        if (next)
            begin(lun, next);
        else
            lun->last = &lun->first;
    }
}

bool lun_execute(struct lun *lun, struct lun_command *command)
{
    bool complete = false;

    command->next = NULL;
    command->drive.nexus = lun->nexus;
    command->drive.lun = 0;
    pthread_mutex_lock(&lun->lock);
    if (!lun->first) {
        begin(lun, command);
        complete = command->drive.delay == 0 && !drive_is_withheld(&command->drive);
    }
    if (complete) {
        end(lun, command);
    } else {
        *lun->last = command;
        lun->last = &command->next;
    }
    lun_thread_rearm(lun);
    pthread_mutex_unlock(&lun->lock);
    return complete;
}
