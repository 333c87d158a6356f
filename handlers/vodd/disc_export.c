/* SPDX-License-Identifier: MIT */
#include "handlers/vodd/disc_export.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    struct output_file *output;
    uint8_t *chunk;
    bool progress;
    struct disc_extents unreadable;
};

static bool fail(struct export *export, const char *path)
{
    diagnostics_error(export->diagnostics, "%s: %s", path, strerror(errno));
    return false;
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
    return output_write_all(output_file_descriptor(export->output), export->chunk, size) ||
           fail(export, export->path);
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

static bool run(struct export *export, const struct output_terms *terms)
{
    export->chunk = malloc((size_t)CHUNK_SECTORS * DVD_SECTOR_SIZE);
    if (!export->chunk) {
        errno = ENOMEM;
        return fail(export, export->path);
    }
    export->output = output_file_open_beside(export->path, terms, export->diagnostics);
    return export->output && copy(export) && output_file_publish(export->output);
}

enum disc_export_result disc_export(const struct disc *disc, const char *path,
                                    const struct output_terms *terms, bool progress,
                                    struct diagnostics *diagnostics)
{
    struct export export = {
        .disc = disc,
        .path = path,
        .diagnostics = diagnostics,
        .progress = progress,
    };
    struct sigaction action = {.sa_handler = interrupt}, before_int, before_term;
    interrupted = 0;
    sigaction(SIGINT, &action, &before_int);
    sigaction(SIGTERM, &action, &before_term);
    bool written = run(&export, terms);
    sigaction(SIGINT, &before_int, NULL);
    sigaction(SIGTERM, &before_term, NULL);

    bool unreadable = export.unreadable.count > 0;
    if (written && unreadable)
        report_unreadable(&export);
    output_file_close(export.output);
    free(export.chunk);
    free(export.unreadable.extent);
    if (!written)
        return DISC_EXPORT_FAILED;
    return unreadable ? DISC_EXPORT_UNREADABLE : DISC_EXPORT_COMPLETE;
}
