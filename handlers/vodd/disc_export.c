/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/disc_export.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_SECTORS 512u

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

struct export
{
    const struct disc *disc;
    const char *path;
    struct diagnostics *diagnostics;
    char *temporary; /* beside `path`; NULL when there is none to remove */
    int descriptor;
    uint8_t *chunk;
    bool progress;
    struct disc_extents unreadable;
};

static bool fail(struct export *export, const char *path)
{
    diagnostics_error(export->diagnostics, "%s: %s", path, strerror(errno));
    return false;
}

/* Whether the file may be written at all. */
static bool check_target(struct export *export, bool replace)
{
    struct stat target, image;
    if (stat(export->path, &target) != 0)
        return errno == ENOENT || fail(export, export->path);
    const char *name = disc_description(export->disc)->image;
    if (stat(name, &image) == 0 && image.st_dev == target.st_dev && image.st_ino == target.st_ino) {
        diagnostics_error(export->diagnostics, "%s: is the image of the disc itself", export->path);
        return false;
    }
    if (replace && S_ISREG(target.st_mode))
        return true;
    diagnostics_error(export->diagnostics, "%s: exists already%s", export->path,
                      S_ISREG(target.st_mode) ? "; --force replaces it" : " and is not a file");
    return false;
}

static bool open_temporary(struct export *export)
{
    if (asprintf(&export->temporary, "%s.XXXXXX", export->path) < 0) {
        export->temporary = NULL;
        errno = ENOMEM;
        return fail(export, export->path);
    }
    export->descriptor = mkostemp(export->temporary, O_CLOEXEC);
    if (export->descriptor < 0) {
        free(export->temporary);
        export->temporary = NULL;
        return fail(export, export->path);
    }
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(export->descriptor, 0666 & ~mask) == 0 || fail(export, export->path);
}

static bool note_unreadable(struct export *export, uint32_t lba)
{
    struct disc_extents *list = &export->unreadable;
    struct disc_extent *last = list->count ? &list->extent[list->count - 1] : NULL;
    if (last && last->first + last->count == lba) {
        last->count++;
        return true;
    }
    struct disc_extent *grown = reallocarray(list->extent, list->count + 1, sizeof *grown);
    if (!grown) {
        errno = ENOMEM;
        return fail(export, export->path);
    }
    list->extent = grown;
    grown[list->count++] = (struct disc_extent){.first = lba, .count = 1};
    return true;
}

/* Fills the chunk; sectors that cannot be read become zeros. */
static bool read_chunk(struct export *export, uint32_t lba, uint32_t count)
{
    uint32_t done = 0;
    while (done < count) {
        uint8_t *to = export->chunk + (size_t)done * DVD_SECTOR_SIZE;
        struct iovec iov = {to, (size_t)(count - done) * DVD_SECTOR_SIZE};
        struct disc_read read = disc_read(export->disc, lba + done, count - done, false, &iov, 1);
        done += read.sectors;
        if (read.end == DISC_READ_COMPLETE)
            continue;
        memset(export->chunk + (size_t)done * DVD_SECTOR_SIZE, 0, DVD_SECTOR_SIZE);
        if (!note_unreadable(export, lba + done))
            return false;
        done++;
    }
    return true;
}

static bool write_chunk(struct export *export, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t wrote = write(export->descriptor, export->chunk + done, size - done);
        if (wrote < 0 && errno != EINTR)
            return fail(export, export->path);
        if (wrote > 0)
            done += (size_t)wrote;
    }
    return true;
}

static void show_progress(const struct export *export, uint32_t lba)
{
    uint32_t sectors = disc_sectors(export->disc);
    unsigned percent = (unsigned)((uint64_t)lba * 100 / sectors);
    if (export->progress)
        fprintf(stderr, "\r%3u %%, %u of %u MB%s", percent, lba / 512, sectors / 512,
                lba == sectors ? "\n" : "");
}

static bool copy(struct export *export)
{
    uint32_t sectors = disc_sectors(export->disc);
    for (uint32_t lba = 0; lba < sectors && !interrupted;) {
        uint32_t count = sectors - lba < CHUNK_SECTORS ? sectors - lba : CHUNK_SECTORS;
        if (!read_chunk(export, lba, count) ||
            !write_chunk(export, (size_t)count * DVD_SECTOR_SIZE))
            return false;
        lba += count;
        show_progress(export, lba);
    }
    if (interrupted)
        diagnostics_error(export->diagnostics, "%s: interrupted, nothing was written",
                          export->path);
    return !interrupted;
}

/* Without `replace` a file that has appeared in the meantime stays. */
static bool publish(struct export *export, bool replace)
{
    if (fsync(export->descriptor) != 0)
        return fail(export, export->path);
    if (replace) {
        if (rename(export->temporary, export->path) != 0)
            return fail(export, export->path);
    } else {
        if (link(export->temporary, export->path) != 0)
            return fail(export, export->path);
        unlink(export->temporary);
    }
    free(export->temporary);
    export->temporary = NULL;

    char *name = strdup(export->path);
    int folder = name ? open(dirname(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(name);
    if (folder < 0)
        return true; /* the file is there; only a power failure could still lose its name */
    fsync(folder);
    close(folder);
    return true;
}

static void report_unreadable(struct export *export)
{
    char text[1024] = "";
    size_t used = 0;
    for (size_t i = 0; i < export->unreadable.count && used < sizeof text - 32; i++) {
        const struct disc_extent *extent = &export->unreadable.extent[i];
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s%u", i ? ", " : "", extent->first);
        if (extent->count > 1)
            used += (size_t)snprintf(text + used, sizeof text - used, "-%u",
                                     extent->first + extent->count - 1);
        if (used >= sizeof text - 32 && i + 1 < export->unreadable.count)
            used += (size_t)snprintf(text + used, sizeof text - used, ", ...");
    }
    diagnostics_warning(export->diagnostics, "%s: unreadable, written as zeros: %s", export->path,
                        text);
}

static bool run(struct export *export, bool replace)
{
    export->chunk = malloc((size_t)CHUNK_SECTORS * DVD_SECTOR_SIZE);
    if (!export->chunk) {
        errno = ENOMEM;
        return fail(export, export->path);
    }
    return check_target(export, replace) && open_temporary(export) && copy(export) &&
           publish(export, replace);
}

enum disc_export_result disc_export(const struct disc *disc, const char *path, bool replace,
                                    bool progress, struct diagnostics *diagnostics)
{
    struct export export = {
        .disc = disc,
        .path = path,
        .diagnostics = diagnostics,
        .descriptor = -1,
        .progress = progress,
    };
    struct sigaction action = {.sa_handler = interrupt}, before_int, before_term;
    interrupted = 0;
    sigaction(SIGINT, &action, &before_int);
    sigaction(SIGTERM, &action, &before_term);
    bool written = run(&export, replace);
    sigaction(SIGINT, &before_int, NULL);
    sigaction(SIGTERM, &before_term, NULL);

    bool unreadable = export.unreadable.count > 0;
    if (written && unreadable)
        report_unreadable(&export);
    if (export.descriptor >= 0)
        close(export.descriptor);
    if (export.temporary)
        unlink(export.temporary);
    free(export.temporary);
    free(export.chunk);
    free(export.unreadable.extent);
    if (!written)
        return DISC_EXPORT_FAILED;
    return unreadable ? DISC_EXPORT_UNREADABLE : DISC_EXPORT_COMPLETE;
}
