/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TCMU_LUN_INTERNAL_H
#define HANDLERS_TCMU_LUN_INTERNAL_H

#include <pthread.h>

#include <event2/event.h>

#include "handlers/control/control.h"
#include "handlers/state_file/state_file.h"
#include "handlers/system/medium_log.h"
#include "handlers/system/run_files.h"
#include "handlers/system/unix_socket.h"
#include "handlers/tcmu/lun.h"
#include "handlers/trace/trace_file.h"

struct lun {
    /* Guards everything below once the thread runs. */
    pthread_mutex_t lock;
    pthread_t thread;
    bool has_lock, has_thread, ending;

    struct drive_profile profile;
    struct drive *drive;
    struct drive_nexus *nexus;
    struct medium_log *medium_log;
    struct run_files files;
    struct trace_file *trace;
    struct state_file *state_file;
    struct unix_socket control_socket;
    struct control_server control_server;
    struct control *control;
    char name[CFGSTRING_MAX + 1];

    struct event_base *base;
    struct event *timer; /* the drive's deadline or the first command's */
    struct event *wake;  /* something has changed for the thread */
    uint64_t armed;      /* when the timer goes off */

    /* Commands not yet complete; the first one is under way. */
    struct lun_command *first, **last;
};

/* The thread: events of the control socket, deadlines, delayed commands. */
bool lun_thread_prepare(struct lun *lun);
bool lun_thread_start(struct lun *lun);
void lun_thread_stop(struct lun *lun);
/* Sees to it that the thread notices a deadline that has come nearer. */
void lun_thread_rearm(struct lun *lun);

/* When the first command of the queue may be completed; CLOCK_NEVER while a fault rule holds it. */
uint64_t lun_due(const struct lun_command *command);
/* Completes the commands of the queue that are due, or, `all`, every one.  With the lock held. */
void lun_serve_queue(struct lun *lun, bool all);

#endif
