/* SPDX-License-Identifier: MIT */
#include <pthread.h>

#include "handlers/system/clock.h"
#include "handlers/tcmu/lun_internal.h"

static void begin(struct lun *lun, struct lun_command *command)
{
    uint64_t now = clock_now();

    drive_begin(lun->drive, &command->drive, now);
    command->due = now + command->drive.delay;
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

    while ((command = lun->first) && (all || command->due <= clock_now())) {
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
        complete = command->drive.delay == 0;
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
