/* SPDX-License-Identifier: MIT */

/*
 * One measurement of what watching a drive costs, for tests/bench/tracing, which takes them in
 * turn:
 *
 *   tracing off|trace|capture FILE   nanoseconds of processor time a command
 *   tracing make FILE COMMANDS       a trace of a host that authenticates, reads and polls
 *   tracing run PROGRAM ARGUMENT...  seconds of processor time and KiB that the program took
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "handlers/capture/capture.h"
#include "handlers/trace/trace_file.h"
#include "tests/host/cdb_transport.h"
#include "tests/host/css_host.h"

#define SECTORS 64
/* Enough for a measurement: an unwatched command takes a tenth of a microsecond. */
#define COMMANDS_OFF     2000000
#define COMMANDS_WATCHED 100000

static struct drive *drive;
static struct drive_nexus *nexus;
static struct diagnostics diagnostics;
static uint8_t buffer[65536];
static uint64_t now;

static void fail(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static struct output_file *open_output(const char *path, enum output_kind kind)
{
    const struct output_terms terms = {.kind = kind, .force = OUTPUT_FORCED};

    return output_file_open(path, &terms, &diagnostics);
}

static struct drive_command execute(const uint8_t *cdb, uint8_t length, const void *out,
                                    size_t out_length)
{
    struct iovec iov = {buffer, sizeof(buffer)};
    struct drive_command command = {
        .nexus = nexus, .cdb_length = length, .data_out = out, .data_out_length = out_length};

    memcpy(command.cdb, cdb, length);
    now += 1000;
    drive_execute(drive, &command, &iov, 1, now);
    return command;
}

static void ready(void)
{
    static const uint8_t cdb[6] = {0};
    execute(cdb, sizeof(cdb), NULL, 0);
}

static void poll(void)
{
    static const uint8_t cdb[10] = {0x4A, 1, [4] = 0x10, [8] = 8};
    execute(cdb, sizeof(cdb), NULL, 0);
}

static void make_drive(void)
{
    struct disc_description description;
    struct drive_profile profile;
    char path[] = "/tmp/vodd-bench-XXXXXX";
    int file = mkstemp(path);

    if (file < 0 || ftruncate(file, SECTORS * DVD_SECTOR_SIZE) < 0)
        fail(path);
    diagnostics_to_stderr(&diagnostics);
    disc_description_init(&description);
    description.image = strdup(path);
    description.protection = DISC_PROTECTION_CSS;
    struct disc *disc = disc_create(&description, NULL);
    disc_description_release(&description);
    drive_profile_init(&profile);
    profile.factory_region = (struct region_state){0xFE, 4, 4};
    drive = drive_create(&profile, NULL, NULL, 0);
    if (!disc || !drive || !(nexus = drive_nexus_attach(drive, true)))
        fail("drive");
    drive_insert(drive, disc, 0);
    disc_release(disc);
    close(file);
    unlink(path);
    for (unsigned i = 0; i < 3; i++)
        ready();
}

static double processor_time(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int measure(const char *mode, const char *path)
{
    struct trace_file *trace = NULL;
    struct capture *capture = NULL;
    unsigned commands = strcmp(mode, "off") == 0 ? COMMANDS_OFF : COMMANDS_WATCHED;
    double begin;

    make_drive();
    if (strcmp(mode, "trace") == 0 &&
        !(trace = trace_file_open(open_output(path, OUTPUT_TRACE), drive,
                                  TRACE_MEDIUM_BYTES_DEFAULT, &diagnostics)))
        return EXIT_FAILURE;
    if (strcmp(mode, "capture") == 0 &&
        !(capture = capture_drive(open_output(path, OUTPUT_CAPTURE), drive, &diagnostics)))
        return EXIT_FAILURE;
    begin = processor_time();
    for (unsigned i = 0; i < commands; i += 2) {
        ready();
        poll();
    }
    printf("%.2f\n", (processor_time() - begin) / commands);
    trace_file_close(trace);
    capture_close(capture);
    return EXIT_SUCCESS;
}

/* A trace --------------------------------------------------------------------- */

static bool perform(struct cdb_transport *transport, struct host_cdb *host)
{
    struct drive_command command =
        execute(host->cdb, HOST_CDB_SIZE, host->data, host->sends ? host->data_length : 0);

    if (!host->sends)
        memcpy(host->data, buffer, host->data_length);
    transport->transport.refusal = host_refusal_of_sense(command.sense);
    return command.status == DRIVE_STATUS_GOOD;
}

static int make_trace(const char *path, unsigned long commands)
{
    static const uint8_t read[10] = {0x28, [5] = 16, [8] = 8};
    static const uint8_t end[12] = {0xA4, [10] = 0x3F};
    struct cdb_transport transport;
    struct trace_file *trace;
    struct css_host host;

    make_drive();
    trace = trace_file_open(open_output(path, OUTPUT_TRACE), drive, TRACE_MEDIUM_BYTES_DEFAULT,
                            &diagnostics);
    if (!trace)
        return EXIT_FAILURE;
    cdb_transport_init(&transport, perform, NULL);
    css_host_init(&host, &transport.transport, NULL);
    for (unsigned long done = 0; done < commands; done += 10) {
        if (css_host_authenticate(&host) != CSS_HOST_DONE)
            return EXIT_FAILURE;
        execute(end, sizeof(end), NULL, 0);
        execute(read, sizeof(read), NULL, 0);
        execute(read, sizeof(read), NULL, 0);
        ready();
        poll();
    }
    return trace_file_close(trace) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static int run(char **argv)
{
    struct rusage usage;
    int status;
    pid_t child = fork();

    if (child < 0)
        fail("fork");
    if (child == 0) {
        execv(argv[0], argv);
        fail(argv[0]);
    }
    if (wait4(child, &status, 0, &usage) < 0)
        fail("wait");
    printf("%.1f %ld\n", seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "make") == 0)
        return make_trace(argv[2], strtoul(argv[3], NULL, 10));
    if (argc >= 3 && strcmp(argv[1], "run") == 0)
        return run(argv + 2);
    if (argc == 3)
        return measure(argv[1], argv[2]);
    fputs("usage: tracing off|trace|capture FILE | make FILE COMMANDS | run PROGRAM...\n", stderr);
    return 2;
}
