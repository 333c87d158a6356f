/* SPDX-License-Identifier: MIT */
#include "media/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/disc.h"
#include "media/file_type.h"

/* As many buffers as one system call is given. */
#define SLICE_MAX 64

/* Whether it is a file or a block device; says what it is otherwise. */
static bool check_kind(int result, const struct stat *status, const char *name,
                       struct diagnostics *diagnostics)
{
    if (result != 0)
        diagnostics_error(diagnostics, "%s: %s", name, strerror(errno));
    else if (!S_ISREG(status->st_mode) && !S_ISBLK(status->st_mode))
        diagnostics_error(diagnostics, "%s: is %s; accepted: a file or a block device", name,
                          file_type_name(status->st_mode));
    else
        return true;
    return false;
}

/* -1 after reporting why there is none.  It is asked twice: what the name stands for may change. */
static int open_file(const char *path, const char *name, struct diagnostics *diagnostics)
{
    struct stat status;
    if (!check_kind(stat(path, &status), &status, name, diagnostics))
        return -1;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (check_kind(descriptor < 0 ? -1 : fstat(descriptor, &status), &status, name, diagnostics))
        return descriptor;
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

static bool measure(struct image *image, const char *name, struct diagnostics *diagnostics)
{
    off_t size = lseek(image->descriptor, 0, SEEK_END);
    off_t sectors = size / DVD_SECTOR_SIZE;
    if (size < 0) {
        diagnostics_error(diagnostics, "%s: %s", name, strerror(errno));
        return false;
    }
    if (sectors == 0 || sectors > (off_t)DISC_SECTORS_MAX) {
        diagnostics_error(
            diagnostics,
            "%s: %lld bytes do not make a DVD; accepted: 1 to %u sectors of 2048 bytes", name,
            (long long)size, DISC_SECTORS_MAX);
        return false;
    }
    image->sectors = (uint32_t)sectors;
    image->bytes = size;
    return true;
}

bool image_open(struct image *image, const char *path, const char *name,
                struct diagnostics *diagnostics)
{
    *image = (struct image){.descriptor = open_file(path, name, diagnostics)};
    if (image->descriptor >= 0 && measure(image, name, diagnostics))
        return true;
    image_close(image);
    return false;
}

void image_close(struct image *image)
{
    if (image->descriptor >= 0)
        close(image->descriptor);
    *image = (struct image){.descriptor = -1};
}

/* How many bytes were read; fewer than `size` at the end of the file or after an error. */
static size_t read_bytes(int descriptor, off_t offset, size_t size, struct iov_cursor cursor,
                         int *error)
{
    size_t done = 0;
    while (done < size) {
        struct iovec slice[SLICE_MAX];
        int count = iov_cursor_slice(&cursor, size - done, slice, SLICE_MAX);
        if (count == 0)
            break;
        ssize_t got = preadv(descriptor, slice, count, offset + (off_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            *error = errno;
        if (got <= 0)
            break;
        iov_cursor_advance(&cursor, (size_t)got);
        done += (size_t)got;
    }
    return done;
}

uint32_t image_read(const struct image *image, uint32_t lba, uint32_t count,
                    struct iov_cursor *cursor, int *error)
{
    *error = 0;
    if (lba >= image->sectors)
        return 0;
    if (count > image->sectors - lba)
        count = image->sectors - lba;
    size_t done = read_bytes(image->descriptor, (off_t)lba * DVD_SECTOR_SIZE,
                             (size_t)count * DVD_SECTOR_SIZE, *cursor, error);
    uint32_t sectors = (uint32_t)(done / DVD_SECTOR_SIZE);
    iov_cursor_advance(cursor, (size_t)sectors * DVD_SECTOR_SIZE);
    return sectors;
}

bool image_read_bytes(const struct image *image, off_t at, void *to, size_t size)
{
    struct iovec iov = {to, size};
    int error;
    return read_bytes(image->descriptor, at, size, iov_cursor_begin(&iov, 1), &error) == size;
}
