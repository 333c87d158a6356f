/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_TCMU_RUNNER_HOST_H
#define TESTS_SUPPORT_TCMU_RUNNER_HOST_H

/*
 * tcmu-runner and libtcmu as a handler sees them, in this process: what they export, the LUNs they
 * make, and the commands they take from a ring.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "handlers/tcmu/tcmu_runner.h"

/* The handler that registered itself. */
struct tcmur_handler *runner_host_handler(void);
/* What handlers have logged since the last call; lives until the next one. */
const char *runner_host_log(void);

/* A LUN that handler->open() accepted, or NULL.  `takes_lengths`: what its kernel can. */
struct tcmu_device *runner_host_add(const char *cfgstring, bool takes_lengths);
/* handler->close() */
void runner_host_remove(struct tcmu_device *device);

#define RUNNER_HOST_PIECES 4

struct runner_host_command {
    /* Filled by the caller: the CDB and the data area, at most RUNNER_HOST_PIECES pieces of it. */
    uint8_t cdb[16];
    struct iovec iov[RUNNER_HOST_PIECES];
    size_t iov_count;
    bool is_alien; /* a tcmu-runner that fills its structures otherwise */

    /* The answer. */
    bool done;
    int status; /* TCMU_STS */
    uint8_t sense[18];
    bool has_length; /* the kernel was told the length */
    uint32_t length;
    unsigned order; /* of its completion among all of the LUN, from 1 */
    bool was_late;  /* the handler completed it itself */
};

/* Hands it to the handler; it may be done when this returns, or later. */
void runner_host_submit(struct tcmu_device *device, struct runner_host_command *command);
void runner_host_wait(struct tcmu_device *device, const struct runner_host_command *command);
/* Both. */
void runner_host_execute(struct tcmu_device *device, struct runner_host_command *command);

/* A command that libtcmu does not know and leaves open. */
void runner_host_drop(struct tcmu_device *device);

#endif
