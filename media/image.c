/* SPDX-License-Identifier: MIT */
#include "media/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/disc.h"

/* As many buffers as one system call is given. */
#define SLICE_MAX 64

/* The size in bytes, or -1 after reporting why there is none. */
static off_t find_size(int descriptor, const char *path, struct diagnostics *diagnostics)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
        return -1;
    }
    if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode)) {
        diagnostics_error(diagnostics, "%s: neither a file nor a block device", path);
        return -1;
    }
    off_t size = lseek(descriptor, 0, SEEK_END);
    if (size < 0)
        diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
    return size;
}

bool image_open(struct image *image, const char *path, struct diagnostics *diagnostics)
{
    image->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (image->descriptor < 0) {
        diagnostics_error(diagnostics, "%s: %s", path, strerror(errno));
        return false;
    }
    off_t size = find_size(image->descriptor, path, diagnostics);
    if (size < 0) {
        image_close(image);
        return false;
    }
    off_t sectors = size / DVD_SECTOR_SIZE;
    if (sectors == 0 || sectors > (off_t)DISC_SECTORS_MAX) {
        diagnostics_error(
            diagnostics,
            "%s: %lld bytes do not make a DVD; accepted: 1 to %u sectors of 2048 bytes", path,
            (long long)size, DISC_SECTORS_MAX);
        image_close(image);
        return false;
    }
    if (size % DVD_SECTOR_SIZE != 0)
        diagnostics_warning(diagnostics,
                            "%s: the last %d bytes are not a whole sector and are left out", path,
                            (int)(size % DVD_SECTOR_SIZE));
    image->sectors = (uint32_t)sectors;
    return true;
}

void image_close(struct image *image)
{
    if (image->descriptor >= 0)
        close(image->descriptor);
    image->descriptor = -1;
    image->sectors = 0;
}

/* How many bytes were read; fewer than `size` at the end of the file or after an error. */
static size_t read_bytes(int descriptor, off_t offset, size_t size, struct iov_cursor cursor)
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
        if (got <= 0)
            break;
        iov_cursor_advance(&cursor, (size_t)got);
        done += (size_t)got;
    }
    return done;
}

uint32_t image_read(const struct image *image, uint32_t lba, uint32_t count,
                    struct iov_cursor *cursor)
{
    if (lba >= image->sectors)
        return 0;
    if (count > image->sectors - lba)
        count = image->sectors - lba;
    size_t done = read_bytes(image->descriptor, (off_t)lba * DVD_SECTOR_SIZE,
                             (size_t)count * DVD_SECTOR_SIZE, *cursor);
    uint32_t sectors = (uint32_t)(done / DVD_SECTOR_SIZE);
    iov_cursor_advance(cursor, (size_t)sectors * DVD_SECTOR_SIZE);
    return sectors;
}
