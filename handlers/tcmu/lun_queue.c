/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <string.h>

#include "emulator/sense.h"
#include "handlers/system/clock.h"
#include "handlers/tcmu/lun_internal.h"

/* What the LUN does for a command before it looks at the control socket again. */
#define PIECE_BYTES   (UINT32_C(1) << 20)
#define PIECE_BUFFERS 256

/* What an initiator gets to hear of a LUN that has left its target. */
static void leave_target(struct drive_command *command)
{
    const struct sense sense = sense_of(SENSE_LOGICAL_UNIT_NOT_SUPPORTED);

    sense_encode(&sense, command->sense);
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

/* How many bytes the initiator gets of a command that has begun. */
static size_t room_for_data(const struct lun_command *command)
{
    size_t room = 0;

    for (int i = 0; i < command->iov_count; i++)
        room += command->iov[i].iov_len;
    return room < command->drive.data_in_length ? room : (size_t)command->drive.data_in_length;
}

static void begin(struct lun *lun, struct lun_command *command)
{
    uint64_t now = clock_now();

    drive_begin(lun->drive, &command->drive, now);
    command->cursor = iov_cursor_begin(command->iov, command->iov_count);
    command->room = room_for_data(command);
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

/* Whether all that is left to do for a command that has begun is one piece. */
static bool is_short(const struct lun_command *command)
{
    return !drive_is_working(&command->drive) && command->room <= PIECE_BYTES;
}

/* The next piece of the data or the work; whether there is more. */
static bool proceed(struct lun *lun, struct lun_command *command)
{
    struct iovec slice[PIECE_BUFFERS];
    size_t moved;
    int count;

    if (drive_is_working(&command->drive))
        return drive_work(lun->drive, &command->drive);
    if (command->drive.done || command->room == 0)
        return false;
    count = iov_cursor_slice(&command->cursor,
                             command->room < PIECE_BYTES ? command->room : PIECE_BYTES, slice,
                             PIECE_BUFFERS);
    moved = drive_data_in(lun->drive, &command->drive, slice, count);
    iov_cursor_advance(&command->cursor, moved);
    command->room -= moved;
    return !command->drive.done && command->room > 0;
}

static void end(struct lun *lun, struct lun_command *command)
{
    /* An initiator may have asked for less than the command returns: it is complete all the same.
     */
    drive_finish(lun->drive, &command->drive, clock_now());
}

void lun_serve_queue(struct lun *lun, bool all)
{
    struct lun_command *command;

    while ((command = lun->first) && (all || lun_due(command) <= clock_now())) {
        struct lun_command *next = command->next;
        bool more = proceed(lun, command);
        if (more && !all)
            return; /* it is due all the time */
        if (more)
            continue;
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
        complete =
            command->drive.delay == 0 && !drive_is_withheld(&command->drive) && is_short(command);
    }
    if (complete) {
        while (proceed(lun, command))
            ;
        end(lun, command);
    } else {
        *lun->last = command;
        lun->last = &command->next;
    }
    lun_thread_rearm(lun);
    pthread_mutex_unlock(&lun->lock);
    return complete;
}
