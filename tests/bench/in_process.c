/* SPDX-License-Identifier: MIT */

/*
 * What the drive costs without a transport: reads against preadv of the same range, commands and
 * authentications a second, scrambled reads against plain ones.  Each figure is the median of
 * several runs, the two sides of a ratio taken in turn.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "emulator/drive.h"
#include "media/css_authentication.h"

#define SECTORS      32768u /* 64 MiB */
#define READ_SECTORS 32u    /* 64 KiB */
#define RUNS         9
#define COMMANDS     500000
#define HANDSHAKES   20000
#define LOAD_MAX     (READ_SECTORS * DVD_SECTOR_SIZE)

struct bench {
    char path[64];
    int file;
    struct drive *drive;
    struct drive_nexus *nexus;
    uint8_t buffer[LOAD_MAX];
};

static void fail(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, RUNS, sizeof *values, by_value);
    return values[RUNS / 2];
}

/* Sectors of video packs, as a VOB has them. */
static void make_image(struct bench *bench)
{
    static const uint8_t pack[] = {0,    0,    1,    0xBA, 0x44, 0, 4,    0, 4,    1,   1,
                                   0x89, 0xC3, 0xF8, 0,    0,    1, 0xE0, 7, 0xEC, 0x81};
    uint8_t sector[DVD_SECTOR_SIZE];

    strcpy(bench->path, "/tmp/vodd-bench-XXXXXX");
    bench->file = mkstemp(bench->path);
    if (bench->file < 0)
        fail(bench->path);
    for (uint32_t lba = 0; lba < SECTORS; lba++) {
        memset(sector, (int)(lba & 0xFF), sizeof sector);
        memcpy(sector, pack, sizeof pack);
        if (write(bench->file, sector, sizeof sector) != (ssize_t)sizeof sector)
            fail(bench->path);
    }
}

/* The first half of the disc is scrambled, the second is not. */
static void insert_disc(struct bench *bench)
{
    struct diagnostics diagnostics;
    struct disc_description description;

    diagnostics_to_stderr(&diagnostics);
    disc_description_init(&description);
    description.image = strdup(bench->path);
    description.protection = DISC_PROTECTION_CSS;
    description.scramble_extents.extent = malloc(sizeof(struct disc_extent));
    description.scramble_extents.count = 1;
    if (!description.image || !description.scramble_extents.extent)
        fail("memory");
    *description.scramble_extents.extent = (struct disc_extent){0, SECTORS / 2, 1};

    struct disc *disc = disc_create(&description, &diagnostics);
    disc_description_release(&description);
    if (!disc)
        exit(EXIT_FAILURE);
    drive_insert(bench->drive, disc, 0);
    disc_release(disc);
}

static struct drive_command execute(struct bench *bench, const uint8_t *cdb, uint8_t cdb_length,
                                    const void *data_out, size_t data_out_length)
{
    struct iovec iov = {bench->buffer, sizeof bench->buffer};
    struct drive_command command = {.nexus = bench->nexus,
                                    .cdb_length = cdb_length,
                                    .data_out = data_out,
                                    .data_out_length = data_out_length};

    memcpy(command.cdb, cdb, cdb_length);
    drive_execute(bench->drive, &command, &iov, 1, 0);
    return command;
}

static void expect_good(const struct drive_command *command, const char *what)
{
    if (command->status == DRIVE_STATUS_GOOD)
        return;
    fprintf(stderr, "%s: %02X/%02X/%02X\n", what, command->sense[2], command->sense[12],
            command->sense[13]);
    exit(EXIT_FAILURE);
}

static void authenticate(struct bench *bench)
{
    static const uint8_t agid[12] = {0xA4, [9] = 8}, challenge[12] = {0xA3, [9] = 16, [10] = 0x01},
                         key1[12] = {0xA4, [9] = 12, [10] = 0x02},
                         their[12] = {0xA4, [9] = 16, [10] = 0x01},
                         key2[12] = {0xA3, [9] = 12, [10] = 0x03}, end[12] = {0xA4, [10] = 0x3F};
    uint8_t list[16] = {0, 14, [4] = 9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
    uint8_t answer[12] = {0, 10};
    struct css_challenge host =
                             {
                                 {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
    },
                         drive;
    struct css_key key;

    execute(bench, agid, 12, NULL, 0);
    execute(bench, challenge, 12, list, sizeof list);
    execute(bench, key1, 12, NULL, 0);
    css_reverse(key.byte, bench->buffer + 4, CSS_KEY_SIZE);
    int variant = css_find_variant(&host, &key);
    execute(bench, their, 12, NULL, 0);
    css_reverse(drive.byte, bench->buffer + 4, CSS_CHALLENGE_SIZE);
    key = css_key2((unsigned)variant, &drive);
    css_reverse(answer + 4, key.byte, CSS_KEY_SIZE);
    struct drive_command last = execute(bench, key2, 12, answer, sizeof answer);
    expect_good(&last, "SEND KEY 03h");
    execute(bench, end, 12, NULL, 0);
}

static double read_drive(struct bench *bench, uint32_t first, uint32_t end)
{
    double begin = seconds();

    for (uint32_t lba = first; lba + READ_SECTORS <= end; lba += READ_SECTORS) {
        uint8_t cdb[10] = {
            0x28, 0, (uint8_t)(lba >> 24), (uint8_t)(lba >> 16), (uint8_t)(lba >> 8), (uint8_t)lba,
            0,    0, READ_SECTORS};
        struct drive_command command = execute(bench, cdb, sizeof cdb, NULL, 0);
        expect_good(&command, "READ(10)");
    }
    return seconds() - begin;
}

static double read_file(struct bench *bench, uint32_t first, uint32_t end)
{
    double begin = seconds();

    for (uint32_t lba = first; lba + READ_SECTORS <= end; lba += READ_SECTORS)
        if (pread(bench->file, bench->buffer, LOAD_MAX, (off_t)lba * DVD_SECTOR_SIZE) != LOAD_MAX)
            fail(bench->path);
    return seconds() - begin;
}

static void measure_reads(struct bench *bench)
{
    double plain[RUNS], scrambled[RUNS], file[RUNS];
    double megabytes = (double)SECTORS / 2 * DVD_SECTOR_SIZE / 1e6;

    for (int run = 0; run < RUNS; run++) {
        file[run] = read_file(bench, SECTORS / 2, SECTORS);
        plain[run] = read_drive(bench, SECTORS / 2, SECTORS);
        scrambled[run] = read_drive(bench, 0, SECTORS / 2);
    }
    double peer = median(file), unscrambled = median(plain), with_cipher = median(scrambled);
    printf("READ(10) 64 KiB, plain:      %8.0f MB/s   %.2f of preadv (target 0.90)\n",
           megabytes / unscrambled, peer / unscrambled);
    printf("READ(10) 64 KiB, scrambled:  %8.0f MB/s   %.2f of plain\n", megabytes / with_cipher,
           unscrambled / with_cipher);
}

static void measure_command(struct bench *bench, const char *name, const uint8_t *cdb,
                            uint8_t cdb_length)
{
    double times[RUNS];

    for (int run = 0; run < RUNS; run++) {
        double begin = seconds();
        for (int i = 0; i < COMMANDS; i++) {
            struct drive_command command = execute(bench, cdb, cdb_length, NULL, 0);
            expect_good(&command, name);
        }
        times[run] = seconds() - begin;
    }
    printf("%-28s %8.2f million a second\n", name, COMMANDS / median(times) / 1e6);
}

static void measure_authentications(struct bench *bench)
{
    double times[RUNS];

    for (int run = 0; run < RUNS; run++) {
        double begin = seconds();
        for (int i = 0; i < HANDSHAKES; i++)
            authenticate(bench);
        times[run] = seconds() - begin;
    }
    printf("complete authentications:    %8.0f a second, the host's side included\n",
           HANDSHAKES / median(times));
}

int main(void)
{
    static const uint8_t ready[6] = {0x00}, event[10] = {0x4A, 1, [4] = 0x10, [8] = 8};
    static struct bench bench;
    struct drive_profile profile;

    make_image(&bench);
    drive_profile_init(&profile);
    bench.drive = drive_create(&profile, NULL, NULL, 0);
    if (!bench.drive || !(bench.nexus = drive_nexus_attach(bench.drive, true)))
        fail("memory");
    insert_disc(&bench);
    unlink(bench.path);
    execute(&bench, ready, sizeof ready, NULL, 0); /* takes the attentions */
    execute(&bench, ready, sizeof ready, NULL, 0);
    authenticate(&bench);

    measure_reads(&bench);
    measure_command(&bench, "TEST UNIT READY", ready, sizeof ready);
    measure_command(&bench, "GET EVENT STATUS", event, sizeof event);
    measure_authentications(&bench);
    drive_nexus_detach(bench.nexus);
    drive_destroy(bench.drive);
    close(bench.file);
    return EXIT_SUCCESS;
}
