/* SPDX-License-Identifier: MIT */

/*
 * dvd_bench OURS PEER: the figures of two drives in one guest, measured in turn, and their ratios.
 *
 * Each line: name, figure of OURS, figure of PEER, ratio.  Reads bypass the page cache (O_DIRECT).
 * The key requests, which the peer need not know, are measured on OURS alone: medians and 99th
 * percentiles.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS   9
#define REQUESTS 500

struct pattern {
    const char *name;
    size_t size;  /* of one read */
    size_t count; /* reads in a round */
    bool random;
    const char *unit;
    double scale; /* from reads to the unit */
};

static const struct pattern patterns[] = {
    {"sequential 64 KiB", 65536,   256, false, "MB/s",    65536 / 1e6  },
    {"sequential 1 MiB",  1048576, 32,  false, "MB/s",    1048576 / 1e6},
    {"random 2 KiB",      2048,    500, true,  "reads/s", 1            },
};

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "dvd_bench: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static double percentile(double *values, size_t count, size_t percent)
{
    qsort(values, count, sizeof *values, compare);
    return values[(count - 1) * percent / 100];
}

/* Reads of one round in a second. */
static double measure(const char *path, const struct pattern *pattern, void *buffer)
{
    uint64_t bytes, state = 1;
    const int file = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);

    if (file < 0 || ioctl(file, BLKGETSIZE64, &bytes) != 0 || bytes < pattern->size)
        fail(path);
    const uint64_t places = bytes / pattern->size;
    const double begin = seconds_now();
    for (size_t i = 0; i < pattern->count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const uint64_t place = (pattern->random ? state >> 33 : i) % places;
        if (pread(file, buffer, pattern->size, (off_t)(place * pattern->size)) !=
            (ssize_t)pattern->size)
            fail(path);
    }
    const double end = seconds_now();
    close(file);
    return (double)pattern->count / (end - begin);
}

static void compare_reads(const char *const paths[2], const struct pattern *pattern, void *buffer)
{
    double figures[2][ROUNDS], middle[2];

    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned drive = 0; drive < 2; drive++)
            figures[drive][round] = measure(paths[drive], pattern, buffer);
    }
    for (unsigned drive = 0; drive < 2; drive++)
        middle[drive] = percentile(figures[drive], ROUNDS, 50) * pattern->scale;
    printf("%-20s %10.1f %10.1f %-8s ratio %.2f\n", pattern->name, middle[0], middle[1],
           pattern->unit, middle[0] / middle[1]);
}

static void grant_and_invalidate(int file)
{
    dvd_authinfo auth = {.type = DVD_LU_SEND_AGID};

    if (ioctl(file, DVD_AUTH, &auth) != 0)
        fail("REPORT KEY, AGID");
    auth.type = DVD_INVALIDATE_AGID;
    if (ioctl(file, DVD_AUTH, &auth) != 0)
        fail("REPORT KEY, invalidate AGID");
}

static void read_region(int file)
{
    dvd_authinfo auth = {.type = DVD_LU_SEND_RPC_STATE};

    if (ioctl(file, DVD_AUTH, &auth) != 0)
        fail("REPORT KEY, RPC state");
}

static void time_requests(const char *path, const char *name, void (*request)(int file))
{
    static double milliseconds[REQUESTS];
    const int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        fail(path);
    for (unsigned i = 0; i < REQUESTS; i++) {
        const double begin = seconds_now();
        request(file);
        milliseconds[i] = (seconds_now() - begin) * 1e3;
    }
    close(file);
    const double median = percentile(milliseconds, REQUESTS, 50);
    printf("%-20s p50 %.3f ms, p99 %.3f ms\n", name, median,
           percentile(milliseconds, REQUESTS, 99));
}

int main(int count, char **arguments)
{
    void *buffer;

    if (count != 3) {
        fprintf(stderr, "usage: dvd_bench OURS PEER\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    const char *const paths[2] = {arguments[1], arguments[2]};
    errno = posix_memalign(&buffer, 4096, 1048576);
    if (errno)
        fail("memory");
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
        compare_reads(paths, &patterns[i], buffer);
    free(buffer);
    time_requests(paths[0], "AGID and back", grant_and_invalidate);
    time_requests(paths[0], "RPC state", read_region);
    return EXIT_SUCCESS;
}
