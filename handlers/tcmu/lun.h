/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TCMU_LUN_H
#define HANDLERS_TCMU_LUN_H

/*
 * One drive behind a target: with its state file, its control socket, one I_T nexus for all
 * initiators (nobody tells a handler which one sent a command), and a thread for everything that
 * happens without a command.  Knows nothing of tcmu-runner.
 *
 * Commands come from one other thread, one at a time, and are executed in their order.  Most are
 * complete when lun_execute() returns; one that takes the mechanism some time or moves much data or
 * reads much of the disc, and all that come after it, are completed by the LUN's own thread, which
 * serves the control socket between the pieces.
 */

#include <stdbool.h>

#include "emulator/drive.h"
#include "handlers/tcmu/cfgstring.h"
#include "media/diagnostics.h"
#include "media/iov_cursor.h"

struct lun;

struct lun_command {
    /* Filled by the caller, who owns it until lun_execute() returned true or complete() is called.
     */
    struct drive_command drive; /* CDB and parameter list */
    const struct iovec *iov;    /* where data go; lives as long as the command */
    int iov_count;
    /*
     * A command that lun_execute() returned false for is complete.  Called on the LUN's thread, in
     * the order of the commands; must not call the LUN.
     */
    void (*complete)(struct lun_command *command);

    /* The LUN's own. */
    struct lun_command *next;
    uint64_t due;             /* of the first of the queue: when it may be completed */
    struct iov_cursor cursor; /* where the next data go */
    size_t room;              /* bytes from there on */
};

/*
 * Switches the drive on, with the disc in it, and starts its thread.  `name` is used for the
 * control socket's clients.  `diagnostics` must outlive the LUN.  NULL after reporting why not.
 */
struct lun *lun_open(const struct cfgstring *cfgstring, const char *name,
                     struct diagnostics *diagnostics);

/* Completes what is waiting, at once, and switches the drive off.  NULL is allowed. */
void lun_close(struct lun *lun);

/* Returns true when the command is complete, false when its complete() will be called. */
bool lun_execute(struct lun *lun, struct lun_command *command);

#endif
