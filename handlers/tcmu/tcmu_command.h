/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_TCMU_TCMU_COMMAND_H
#define HANDLERS_TCMU_TCMU_COMMAND_H

/*
 * tcmu-runner's commands as commands of a LUN.
 */

#include <pthread.h>

#include "handlers/tcmu/lun.h"
#include "handlers/tcmu/tcmu_runner.h"

/* A LUN of tcmu-runner. */
struct tcmu_lun {
    struct tcmu_device *device;
    /* Held while a command is executed, and to exchange `lun` and `text`. */
    pthread_mutex_t lock;
    struct lun *lun; /* NULL: a change of the configuration failed and could not be taken back */
    char *text;      /* its configuration string */
    struct diagnostics diagnostics;
    void *ring; /* shared with the kernel */
    size_t ring_size;
    bool takes_lengths;
    bool complained; /* about a tcmu-runner that is not as declared */
};

/* For struct tcmur_handler's handle_cmd. */
int tcmu_command_execute(struct tcmu_lun *lun, struct tcmur_cmd *command);

#endif
