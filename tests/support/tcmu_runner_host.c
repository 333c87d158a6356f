/* SPDX-License-Identifier: MIT */
#include "tests/support/tcmu_runner_host.h"

#include <check.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/tcmu_ring_host.h"

struct tcmu_device {
    char *cfgstring;
    void *private;
    _Alignas(64) uint8_t ring[RING_HOST_SIZE];
    uint16_t last_id;
    unsigned completed;
    unsigned kicks; /* tcmulib_processing_complete() */
    pthread_mutex_t lock;
    pthread_cond_t completion;
};

/* What libtcmu and tcmu-runner allocate for a command. */
struct request {
    struct tcmulib_cmd lib;
    uint8_t cdb[22]; /* so that what follows is as badly aligned as behind a CDB of 6 bytes */
    struct tcmur_cmd runner;
    struct runner_host_command *command;
};

static struct tcmur_handler *registered;
static char log_text[4096], log_taken[4096];

struct tcmur_handler *runner_host_handler(void)
{
    return registered;
}

const char *runner_host_log(void)
{
    memcpy(log_taken, log_text, sizeof(log_taken));
    log_text[0] = '\0';
    return log_taken;
}

/* What handlers call ------------------------------------------------------- */

int tcmur_register_handler(struct tcmur_handler *handler)
{
    registered = handler;
    return 0;
}

void tcmur_dev_set_private(struct tcmu_device *device, void *value)
{
    device->private = value;
}

void *tcmur_dev_get_private(struct tcmu_device *device)
{
    return device->private;
}

char *tcmu_dev_get_cfgstring(struct tcmu_device *device)
{
    return device->cfgstring;
}

char *tcmu_dev_get_memory_info(struct tcmu_device *device, void **base, size_t *length,
                               off_t *offset)
{
    *base = device->ring;
    *length = sizeof(device->ring);
    *offset = 0;
    return strdup("/dev/uio0");
}

void tcmu_err_message(struct tcmu_device *device, const char *function, int line,
                      const char *format, ...)
{
    size_t used = strlen(log_text);
    va_list arguments;

    (void)device, (void)function, (void)line;
    va_start(arguments, format);
    vsnprintf(log_text + used, sizeof(log_text) - used, format, arguments);
    va_end(arguments);
}

static void complete(struct tcmu_device *device, struct request *request, int status, bool late)
{
    struct runner_host_command *command = request->command;

    pthread_mutex_lock(&device->lock);
    command->has_length = ring_host_complete(device->ring, request->lib.cmd_id, &command->length);
    command->status = status;
    memcpy(command->sense, request->lib.sense_buf, sizeof(command->sense));
    command->order = ++device->completed;
    command->was_late = late;
    command->done = true;
    pthread_cond_broadcast(&device->completion);
    pthread_mutex_unlock(&device->lock);
    free(request);
}

void tcmulib_command_complete(struct tcmu_device *device, struct tcmulib_cmd *command, int status)
{
    complete(device, (struct request *)(void *)command, status, true);
}

void tcmulib_processing_complete(struct tcmu_device *device)
{
    pthread_mutex_lock(&device->lock);
    device->kicks++;
    pthread_mutex_unlock(&device->lock);
}

/* What tests call ---------------------------------------------------------- */

struct tcmu_device *runner_host_add(const char *cfgstring, bool takes_lengths)
{
    struct tcmu_device *device = aligned_alloc(64, sizeof(*device));

    ck_assert_ptr_nonnull(device);
    memset(device, 0, sizeof(*device));
    device->cfgstring = strdup(cfgstring);
    ring_host_init(device->ring, takes_lengths);
    pthread_mutex_init(&device->lock, NULL);
    pthread_cond_init(&device->completion, NULL);
    if (registered->open(device, false) == 0)
        return device;
    free(device->cfgstring);
    free(device);
    return NULL;
}

void runner_host_remove(struct tcmu_device *device)
{
    registered->close(device);
    ck_assert_ptr_null(device->private);
    pthread_mutex_destroy(&device->lock);
    pthread_cond_destroy(&device->completion);
    free(device->cfgstring);
    free(device);
}

void runner_host_drop(struct tcmu_device *device)
{
    ring_host_put(device->ring, ++device->last_id);
}

void runner_host_submit(struct tcmu_device *device, struct runner_host_command *command)
{
    struct request *request = calloc(1, sizeof(*request));
    int status;

    ck_assert_ptr_nonnull(request);
    command->done = false;
    request->command = command;
    memcpy(request->cdb, command->cdb, sizeof(request->cdb));
    request->lib.cmd_id = ++device->last_id;
    request->lib.cdb = request->cdb;
    request->lib.iovec = command->iov;
    request->lib.iov_cnt = command->iov_count;
    request->lib.hm_private = command->is_alien ? NULL : &request->runner;
    request->runner.lib_cmd = &request->lib;
    request->runner.cmds_list_entry.next = &request->runner.cmds_list_entry;
    request->runner.cmds_list_entry.previous = &request->runner.cmds_list_entry;
    pthread_mutex_lock(&device->lock);
    ring_host_put(device->ring, request->lib.cmd_id);
    pthread_mutex_unlock(&device->lock);
    status = registered->handle_cmd(device, &request->runner);
    if (status != TCMU_STS_ASYNC_HANDLED)
        complete(device, request, status, false);
}

void runner_host_wait(struct tcmu_device *device, const struct runner_host_command *command)
{
    pthread_mutex_lock(&device->lock);
    while (!command->done)
        pthread_cond_wait(&device->completion, &device->lock);
    pthread_mutex_unlock(&device->lock);
}

void runner_host_execute(struct tcmu_device *device, struct runner_host_command *command)
{
    runner_host_submit(device, command);
    runner_host_wait(device, command);
}
