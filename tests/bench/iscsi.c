/* SPDX-License-Identifier: MIT */

/*
 * iscsi OURS PEER: the read figures of two iSCSI LUNs (iscsi://HOST:PORT/IQN/LUN), measured in turn
 * with libiscsi, one command at a time, and their ratios.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>

#define ROUNDS      9
#define SECTOR_SIZE 2048u

static const struct pattern {
    const char *name;
    uint32_t sectors; /* of one read */
    unsigned count;   /* reads in a round */
    bool random;
    const char *unit;
    double scale; /* from reads to the unit */
} patterns[] = {
    {"sequential 64 KiB", 32,  256, false, "MB/s",    65536 / 1e6  },
    {"sequential 1 MiB",  512, 32,  false, "MB/s",    1048576 / 1e6},
    {"random 2 KiB",      1,   500, true,  "reads/s", 1            },
};

struct side {
    struct iscsi_context *context;
    int lun;
    uint32_t sectors;
};

static uint8_t buffer[1048576];

static _Noreturn void fail(const char *what, struct iscsi_context *context)
{
    fprintf(stderr, "iscsi: %s: %s\n", what, context ? iscsi_get_error(context) : "no context");
    exit(EXIT_FAILURE);
}

static struct side log_in(const char *address)
{
    struct side side = {.context = iscsi_create_context("iqn.2003-01.org.example:bench")};
    struct iscsi_url *url = side.context ? iscsi_parse_full_url(side.context, address) : NULL;
    struct scsi_readcapacity10 *capacity;
    struct scsi_task *task;

    if (!url)
        fail(address, side.context);
    iscsi_set_targetname(side.context, url->target);
    iscsi_set_session_type(side.context, ISCSI_SESSION_NORMAL);
    if (iscsi_full_connect_sync(side.context, url->portal, url->lun) != 0)
        fail(address, side.context);
    side.lun = url->lun;
    iscsi_destroy_url(url);
    /* A disc that has just been inserted tells so once. */
    for (int i = 0; i < 3; i++)
        scsi_free_scsi_task(iscsi_testunitready_sync(side.context, side.lun));
    task = iscsi_readcapacity10_sync(side.context, side.lun, 0, 0);
    capacity = task ? scsi_datain_unmarshall(task) : NULL;
    if (!capacity)
        fail("READ CAPACITY", side.context);
    side.sectors = capacity->lba + 1;
    scsi_free_scsi_task(task);
    return side;
}

static void read_sectors(const struct side *side, uint32_t lba, uint32_t count)
{
    struct scsi_task *task = scsi_cdb_read10(lba, count * SECTOR_SIZE, SECTOR_SIZE, 0, 0, 0, 0, 0);

    if (!task)
        fail("READ(10)", side->context);
    scsi_task_add_data_in_buffer(task, (int)(count * SECTOR_SIZE), buffer);
    if (!iscsi_scsi_command_sync(side->context, side->lun, task, NULL) ||
        task->status != SCSI_STATUS_GOOD)
        fail("READ(10)", side->context);
    scsi_free_scsi_task(task);
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double measure(const struct side *side, const struct pattern *pattern)
{
    const uint32_t places = side->sectors / pattern->sectors;
    const double begin = seconds_now();
    uint64_t state = 1;

    for (unsigned i = 0; i < pattern->count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const uint32_t place = (uint32_t)(pattern->random ? state >> 33 : i) % places;
        read_sectors(side, place * pattern->sectors, pattern->sectors);
    }
    return pattern->count / (seconds_now() - begin);
}

static int compare(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

int main(int count, char **arguments)
{
    struct side sides[2];

    if (count != 3) {
        fprintf(stderr, "usage: iscsi OURS PEER\n");
        return 2;
    }
    for (unsigned i = 0; i < 2; i++)
        sides[i] = log_in(arguments[1 + i]);
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        double figures[2][ROUNDS], middle[2];
        for (unsigned round = 0; round < ROUNDS; round++)
            for (unsigned i = 0; i < 2; i++)
                figures[i][round] = measure(&sides[i], &patterns[p]);
        for (unsigned i = 0; i < 2; i++) {
            qsort(figures[i], ROUNDS, sizeof figures[i][0], compare);
            middle[i] = figures[i][ROUNDS / 2] * patterns[p].scale;
        }
        printf("%-20s %10.1f %10.1f %-8s ratio %.2f\n", patterns[p].name, middle[0], middle[1],
               patterns[p].unit, middle[0] / middle[1]);
    }
    return EXIT_SUCCESS;
}
