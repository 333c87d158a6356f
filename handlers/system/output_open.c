/* SPDX-License-Identifier: MIT */
#include "handlers/system/output_open.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "media/file_type.h"

#define MODE 0600 /* what a guest and its disc say to each other is nobody else's */

static bool fail(const char *path, struct diagnostics *diagnostics)
{
    diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
    return false;
}

/* What the name leads to, without opening it: a pipe or a device would notice. */
static int look(const char *path, const struct output_terms *terms, struct stat *status)
{
    int fd = open(path, O_PATH | O_CLOEXEC | (terms->refuses_links ? O_NOFOLLOW : 0));

    if (fd >= 0 && fstat(fd, status) < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static bool accepts_type(const char *path, const struct output_terms *terms, mode_t mode,
                         struct diagnostics *diagnostics)
{
    bool takes_pipes = terms->pipes != OUTPUT_PIPES_REFUSED;

    if (S_ISREG(mode) || (takes_pipes && (S_ISFIFO(mode) || S_ISCHR(mode))))
        return true;
    diagnostics_error(diagnostics, "%s: is %s; accepted: a file%s", path, file_type_name(mode),
                      takes_pipes ? " or a pipe" : "");
    return false;
}

static void refuse_kind(const char *path, const struct output_terms *terms, const char *found,
                        struct diagnostics *diagnostics)
{
    const struct output_kind_row *row = &output_kinds[terms->kind];

    diagnostics_error(diagnostics, "%s: is %s; accepted: a new or an empty file%s%s%s", path, found,
                      row->replaces ? " or " : "", row->replaces ? row->article : "",
                      terms->force == OUTPUT_FORCE_NEVER ? "" : "; --force replaces it");
}

/* Whether a regular file may be replaced, by its beginning. */
static bool accepts_kind(int fd, const char *path, const struct output_terms *terms,
                         struct diagnostics *diagnostics)
{
    const struct output_kind_row *row = &output_kinds[terms->kind];
    uint8_t *bytes = malloc(OUTPUT_KIND_BYTES);
    ssize_t length = -1;
    bool right;

    errno = ENOMEM;
    if (bytes)
        length = pread(fd, bytes, OUTPUT_KIND_BYTES, 0);
    if (length < 0) {
        free(bytes);
        return fail(path, diagnostics);
    }
    right = length == 0 || (row->replaces && row->is(bytes, (size_t)length));
    if (!right)
        refuse_kind(path, terms, output_kind_guess(bytes, (size_t)length), diagnostics);
    free(bytes);
    return right;
}

/* A file that is there. */
static int open_existing(const char *path, const struct output_terms *terms,
                         struct diagnostics *diagnostics)
{
    struct stat seen, opened;
    int place = look(path, terms, &seen), fd = -1;
    bool reads;

    if (place < 0) {
        fail(path, diagnostics);
        return -1;
    }
    if (accepts_type(path, terms, seen.st_mode, diagnostics)) {
        reads = S_ISREG(seen.st_mode) && terms->force != OUTPUT_FORCED;
        fd = open(path, (reads ? O_RDWR : O_WRONLY) | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd < 0 && errno == ENXIO)
            diagnostics_error(diagnostics,
                              "%s: is a pipe that nobody reads; its reader must be there first",
                              path);
        else if (fd < 0)
            fail(path, diagnostics);
    }
    /* While `place` is open nobody else gets the inode. */
    if (fd >= 0 &&
        (fstat(fd, &opened) < 0 || opened.st_dev != seen.st_dev || opened.st_ino != seen.st_ino)) {
        diagnostics_error(diagnostics, "%s: was exchanged while it was opened", path);
        close(fd);
        fd = -1;
    }
    close(place);
    return fd;
}

static bool lock(int fd, const char *path, struct diagnostics *diagnostics)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return true; /* without locks of the file system there is nobody to ask */
    diagnostics_error(diagnostics, "%s: another program writes it; accepted: another file", path);
    return false;
}

static bool may_write(const struct output_descriptor *output, const char *path,
                      const struct output_terms *terms, struct diagnostics *diagnostics)
{
    struct run_file *noted = NULL;

    if (!S_ISREG(output->is.st_mode))
        return true;
    /* Asked before the lock, which says less about a file of the own run. */
    if (terms->files) {
        noted = run_files_note_output(terms->files, path, &output->is, diagnostics);
        run_files_forget(terms->files, noted);
        if (!noted)
            return false;
    }
    return lock(output->fd, path, diagnostics) &&
           (output->created || terms->force == OUTPUT_FORCED ||
            accepts_kind(output->fd, path, terms, diagnostics));
}

bool output_open(struct output_descriptor *output, const char *path,
                 const struct output_terms *terms, struct diagnostics *diagnostics)
{
    *output = (struct output_descriptor){.fd = -1};
    output->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOCTTY | O_CLOEXEC, MODE);
    output->created = output->fd >= 0;
    if (output->fd < 0 && errno != EEXIST)
        return fail(path, diagnostics);
    if (output->fd < 0)
        output->fd = open_existing(path, terms, diagnostics);
    if (output->fd < 0)
        return false;
    if (fstat(output->fd, &output->is) < 0)
        fail(path, diagnostics);
    else if (may_write(output, path, terms, diagnostics))
        return true;
    if (output->created)
        unlink(path);
    close(output->fd);
    output->fd = -1;
    return false;
}

static bool looked_at_may_go(const char *path, const struct output_terms *terms,
                             const struct stat *is, struct diagnostics *diagnostics)
{
    struct stat opened;
    int fd;
    bool right;

    if (!accepts_type(path, terms, is->st_mode, diagnostics))
        return false;
    fd = terms->force == OUTPUT_FORCED ? -1 : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return terms->force == OUTPUT_FORCED || fail(path, diagnostics);
    right = fstat(fd, &opened) == 0 && opened.st_dev == is->st_dev && opened.st_ino == is->st_ino;
    if (!right)
        diagnostics_error(diagnostics, "%s: was exchanged while it was opened", path);
    right = right && accepts_kind(fd, path, terms, diagnostics);
    close(fd);
    return right;
}

bool output_may_replace(const char *path, const struct output_terms *terms, struct stat *is,
                        bool *exists, struct diagnostics *diagnostics)
{
    struct run_file *noted = NULL;
    int place = look(path, terms, is);
    bool right = true;

    *exists = place >= 0;
    if (!*exists)
        return errno == ENOENT || fail(path, diagnostics);
    if (terms->files) {
        noted = run_files_note_output(terms->files, path, is, diagnostics);
        run_files_forget(terms->files, noted);
        right = noted;
    }
    right = right && looked_at_may_go(path, terms, is, diagnostics);
    close(place);
    return right;
}

bool output_write_all(int fd, const void *bytes, size_t length)
{
    const char *from = bytes;

    while (length > 0) {
        ssize_t written = write(fd, from, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        from += written;
        length -= (size_t)written;
    }
    return true;
}

bool output_sync_folder(const char *path)
{
    char *copy = strdup(path);
    int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool done = fd >= 0 && fsync(fd) == 0;
    int error = errno;

    if (fd >= 0)
        close(fd);
    free(copy);
    errno = error;
    return done;
}
