/* SPDX-License-Identifier: MIT */
#include "handlers/tcmu/tcmu_command.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/sense.h"
#include "handlers/tcmu/tcmu_ring.h"

/* A command on its way through the LUN. */
struct tcmu_command {
    struct lun_command command;
    struct tcmu_lun *lun;
    struct tcmulib_cmd *origin;
    uint8_t *gathered; /* a parameter list that came in pieces */
    bool is_data_out;
};

/*
 * Whether tcmu-runner is built the way tcmu_runner.h says: the two structures of a command must
 * point at each other, and it must not be on the list of those that tcmu-runner itself times,
 * because then nobody else may complete it.
 */
static bool is_as_declared(const struct tcmur_cmd *command)
{
    return command->lib_cmd && command->lib_cmd->hm_private == command &&
           command->cmds_list_entry.next ==
               (const uint8_t *)command + offsetof(struct tcmur_cmd, cmds_list_entry);
}

static size_t total_length(const struct iovec *iov, size_t count)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++)
        total += iov[i].iov_len;
    return total;
}

/* CDB lengths by the group of the operation code; libtcmu drops commands of other groups. */
static uint8_t cdb_length(uint8_t operation_code)
{
    static const uint8_t lengths[8] = {6, 10, 10, 0, 16, 12, 0, 0};

    return lengths[operation_code >> 5];
}

/* In one piece where it came in one, else in memory of its own. */
static bool gather(struct tcmu_command *command, size_t length)
{
    const struct tcmulib_cmd *origin = command->origin;
    size_t done = 0;

    if (origin->iov_cnt > 0 && origin->iovec[0].iov_len >= length) {
        command->command.drive.data_out = origin->iovec[0].iov_base;
        return true;
    }
    command->gathered = malloc(length);
    if (!command->gathered)
        return false;
    for (size_t i = 0; i < origin->iov_cnt && done < length; i++) {
        size_t part = origin->iovec[i].iov_len;
        if (part > length - done)
            part = length - done;
        if (part > 0)
            memcpy(command->gathered + done, origin->iovec[i].iov_base, part);
        done += part;
    }
    command->command.drive.data_out = command->gathered;
    return true;
}

static bool take_data(struct tcmu_command *command)
{
    struct drive_command *drive = &command->command.drive;
    const struct tcmulib_cmd *origin = command->origin;
    struct drive_data_phase phase = drive_data_phase(drive->cdb, drive->cdb_length);
    size_t length = total_length(origin->iovec, origin->iov_cnt);

    command->is_data_out = phase.direction == DRIVE_DIRECTION_OUT;
    if (!command->is_data_out) {
        command->command.iov = origin->iovec;
        command->command.iov_count = origin->iov_cnt < INT_MAX ? (int)origin->iov_cnt : INT_MAX;
        return true;
    }
    if (length > phase.length)
        length = phase.length;
    if (length > DRIVE_DATA_OUT_MAX)
        length = DRIVE_DATA_OUT_MAX;
    drive->data_out_length = length;
    return length == 0 || gather(command, length);
}

/* What lies in the data area from former commands is nobody's business. */
static void clear_behind(const struct tcmulib_cmd *origin, uint64_t done)
{
    for (size_t i = 0; i < origin->iov_cnt; i++) {
        const struct iovec *iov = &origin->iovec[i];
        if (done < iov->iov_len)
            memset((uint8_t *)iov->iov_base + done, 0, iov->iov_len - done);
        done = done > iov->iov_len ? done - iov->iov_len : 0;
    }
}

static void tell_length(struct tcmu_command *command)
{
    struct tcmulib_cmd *origin = command->origin;
    struct tcmu_lun *lun = command->lun;
    uint64_t done = command->command.drive.data_in_done;

    if (command->is_data_out || done >= total_length(origin->iovec, origin->iov_cnt))
        return;
    if (!lun->takes_lengths || done == 0 ||
        !tcmu_ring_set_length(lun->ring, lun->ring_size, (uint32_t)done))
        clear_behind(origin, done);
}

/* What completes the command; it is freed. */
static int conclude(struct tcmu_command *command)
{
    const struct drive_command *drive = &command->command.drive;
    struct tcmulib_cmd *origin = command->origin;
    int status = TCMU_STS_OK;

    tell_length(command);
    if (drive->done && drive->status == DRIVE_STATUS_TASK_SET_FULL) {
        status = TCMU_STS_NO_RESOURCE;
    } else if (drive->done && drive->status > DRIVE_STATUS_CHECK_CONDITION) {
        status = TCMU_STS_BUSY; /* which has no code for a reservation conflict */
    } else if (drive->done && drive->status != DRIVE_STATUS_GOOD) {
        memset(origin->sense_buf, 0, sizeof(origin->sense_buf));
        memcpy(origin->sense_buf, drive->sense, sizeof(drive->sense));
        status = TCMU_STS_PASSTHROUGH_ERR;
    }
    free(command->gathered);
    free(command);
    return status;
}

/* libtcmu is called on the LUN's own thread only while tcmu-runner's has nothing to complete: it
 * gets TCMU_STS_ASYNC_HANDLED as long as there is anything in the queue. */
static void complete_later(struct lun_command *lun_command)
{
    struct tcmu_command *command =
        (struct tcmu_command *)(void *)((char *)lun_command -
                                        offsetof(struct tcmu_command, command));
    struct tcmu_device *device = command->lun->device;
    struct tcmulib_cmd *origin = command->origin;
    int status = conclude(command);

    tcmulib_command_complete(device, origin, status);
    tcmulib_processing_complete(device);
}

static struct tcmu_command *make_command(struct tcmu_lun *lun, struct tcmulib_cmd *origin)
{
    struct tcmu_command *command = malloc(sizeof(*command));
    struct drive_command *drive;

    if (!command)
        return NULL;
    /* All but the drive's own part, which has a buffer in it. */
    drive = &command->command.drive;
    memset(drive, 0, offsetof(struct drive_command, private_part));
    command->command.iov = NULL;
    command->command.iov_count = 0;
    command->command.complete = complete_later;
    command->lun = lun;
    command->origin = origin;
    command->gathered = NULL;
    drive->cdb_length = cdb_length(origin->cdb[0]);
    memcpy(drive->cdb, origin->cdb, drive->cdb_length);
    if (take_data(command))
        return command;
    free(command);
    return NULL;
}

/* 02/04/03: logical unit not ready, manual intervention required. */
static int refuse_without_drive(struct tcmulib_cmd *origin)
{
    memset(origin->sense_buf, 0, sizeof(origin->sense_buf));
    sense_encode_codes(0x02, 0x04, 0x03, origin->sense_buf);
    return TCMU_STS_PASSTHROUGH_ERR;
}

static int execute(struct tcmu_lun *lun, struct tcmulib_cmd *origin)
{
    struct tcmu_command *command;

    if (!lun->lun)
        return refuse_without_drive(origin);
    command = make_command(lun, origin);
    if (!command)
        return TCMU_STS_NO_RESOURCE;
    return lun_execute(lun->lun, &command->command) ? conclude(command) : TCMU_STS_ASYNC_HANDLED;
}

int tcmu_command_execute(struct tcmu_lun *lun, struct tcmur_cmd *command)
{
    int status;

    if (!is_as_declared(command)) {
        if (!lun->complained)
            diagnostics_error(&lun->diagnostics, "this tcmu-runner is none that the handler knows "
                                                 "(1.5.4 to 1.6): no command is executed");
        lun->complained = true;
        return TCMU_STS_NOT_HANDLED;
    }
    if (cdb_length(command->lib_cmd->cdb[0]) == 0)
        return TCMU_STS_NOT_HANDLED;
    pthread_mutex_lock(&lun->lock);
    status = execute(lun, command->lib_cmd);
    pthread_mutex_unlock(&lun->lock);
    return status;
}
