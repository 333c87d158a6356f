/* SPDX-License-Identifier: MIT */
#include "media/dvd_video.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <udfread/blockinput.h>
#include <udfread/udfread.h>

/* Bounds for file systems that were made to do harm; a DVD-Video has a handful of each. */
#define ENTRIES_MAX 10000
#define PARTS_MAX   10000

int dvd_video_title_set(const char *name)
{
    if (strcasecmp(name, "VIDEO_TS.VOB") == 0)
        return 0;
    if (strlen(name) != strlen("VTS_nn_m.VOB") || strncasecmp(name, "VTS_", 4) != 0 ||
        !isdigit((unsigned char)name[4]) || !isdigit((unsigned char)name[5]) || name[6] != '_' ||
        !isdigit((unsigned char)name[7]) || strcasecmp(name + 8, ".VOB") != 0)
        return -1;
    int title_set = (name[4] - '0') * 10 + (name[5] - '0');
    return title_set == 0 ? -1 : title_set;
}

/* libudfread's view of an image. */
struct input {
    struct udfread_block_input callbacks;
    const struct image *image;
};

static int read_blocks(udfread_block_input *callbacks, uint32_t lba, void *buffer, uint32_t count,
                       int flags)
{
    (void)flags;
    const struct input *input = (const struct input *)callbacks;
    struct iovec iov = {buffer, (size_t)count * UDF_BLOCK_SIZE};
    struct iov_cursor cursor = iov_cursor_begin(&iov, 1);
    return (int)image_read(input->image, lba, count, &cursor);
}

static uint32_t size_in_blocks(udfread_block_input *callbacks)
{
    return ((const struct input *)callbacks)->image->sectors;
}

/* libudfread complains on standard error about images that have no UDF, so it is not asked. */
static bool has_udf(const struct image *image)
{
    enum { RECOGNITION_FIRST = 16, RECOGNITION_LAST = 31 };
    for (uint32_t lba = RECOGNITION_FIRST; lba <= RECOGNITION_LAST; lba++) {
        uint8_t sector[DVD_SECTOR_SIZE];
        struct iovec iov = {sector, sizeof sector};
        struct iov_cursor cursor = iov_cursor_begin(&iov, 1);
        if (image_read(image, lba, 1, &cursor) != 1)
            return false;
        if (memcmp(sector + 1, "NSR02", 5) == 0 || memcmp(sector + 1, "NSR03", 5) == 0)
            return true;
    }
    return false;
}

struct search {
    const struct image *image;
    struct dvd_video_extents *found;
    bool seen[DISC_TITLE_SETS][10]; /* a name counts once */
    bool out_of_memory;
};

static void add_extent(struct search *search, const char *name, uint32_t first, uint32_t count)
{
    if (first >= search->image->sectors)
        return;
    if (count > search->image->sectors - first)
        count = search->image->sectors - first;
    struct dvd_video_extents *found = search->found;
    struct dvd_video_extent *grown =
        reallocarray(found->extent, found->count + 1, sizeof *found->extent);
    if (!grown) {
        search->out_of_memory = true;
        return;
    }
    found->extent = grown;
    struct dvd_video_extent *extent = &grown[found->count++];
    *extent = (struct dvd_video_extent){
        .extent = {first, count, (unsigned)dvd_video_title_set(name)},
    };
    for (size_t i = 0; name[i] && i + 1 < sizeof extent->file; i++)
        extent->file[i] = (char)toupper((unsigned char)name[i]);
}

/* Whether `block` lies as far behind `first` on the disc as in the file, or both nowhere. */
static bool is_consecutive(UDFFILE *file, uint32_t first, uint32_t first_lba, uint32_t block)
{
    uint32_t lba = udfread_file_lba(file, block);
    return first_lba == 0 ? lba == 0 : lba == first_lba + (block - first);
}

/*
 * The end of the part of the file that is consecutive from `first` on.  Looks ahead in steps that
 * double, then halves: parts are long, and asking for every block of a large disc takes too long.
 */
static uint32_t find_end(UDFFILE *file, uint32_t first, uint32_t first_lba, uint32_t blocks)
{
    uint32_t inside = first, step = 1;
    while (step < blocks - inside && is_consecutive(file, first, first_lba, inside + step)) {
        inside += step;
        step *= 2;
    }
    uint32_t outside = step < blocks - inside ? inside + step : blocks;
    while (outside - inside > 1) {
        uint32_t middle = inside + (outside - inside) / 2;
        if (is_consecutive(file, first, first_lba, middle))
            inside = middle;
        else
            outside = middle;
    }
    return outside;
}

static void add_file(struct search *search, UDFDIR *folder, const char *name)
{
    UDFFILE *file = udfread_file_openat(folder, name);
    if (!file)
        return;
    int64_t size = udfread_file_size(file);
    uint32_t blocks = 0;
    if (size > 0 && size <= (int64_t)DISC_SECTORS_MAX * UDF_BLOCK_SIZE)
        blocks = (uint32_t)((size + UDF_BLOCK_SIZE - 1) / UDF_BLOCK_SIZE);
    for (uint32_t block = 0, part = 0; block < blocks && part < PARTS_MAX; part++) {
        uint32_t lba = udfread_file_lba(file, block);
        uint32_t end = find_end(file, block, lba, blocks);
        if (lba != 0)
            add_extent(search, name, lba, end - block);
        block = end;
    }
    udfread_file_close(file);
}

static void search_folder(struct search *search, UDFDIR *folder)
{
    struct udfread_dirent entry;
    for (unsigned i = 0; i < ENTRIES_MAX && udfread_readdir(folder, &entry); i++) {
        int title_set = dvd_video_title_set(entry.d_name);
        if (title_set < 0 || entry.d_type != UDF_DT_REG)
            continue;
        bool *seen = &search->seen[title_set][title_set == 0 ? 0 : entry.d_name[7] - '0'];
        if (!*seen)
            add_file(search, folder, entry.d_name);
        *seen = true;
    }
}

static void search_root(struct search *search, udfread *udf)
{
    UDFDIR *root = udfread_opendir(udf, "/");
    if (!root)
        return;
    struct udfread_dirent entry;
    for (unsigned i = 0; i < ENTRIES_MAX && udfread_readdir(root, &entry); i++) {
        if (entry.d_type != UDF_DT_DIR || strcasecmp(entry.d_name, "VIDEO_TS") != 0)
            continue;
        UDFDIR *folder = udfread_opendir_at(root, entry.d_name);
        if (folder) {
            search_folder(search, folder);
            udfread_closedir(folder);
        }
        break;
    }
    udfread_closedir(root);
}

static int compare(const void *a, const void *b)
{
    const struct dvd_video_extent *left = a, *right = b;
    return left->extent.first < right->extent.first ? -1 : left->extent.first > right->extent.first;
}

bool dvd_video_find(const struct image *image, struct dvd_video_extents *extents)
{
    *extents = (struct dvd_video_extents){0};
    if (!has_udf(image))
        return true;
    udfread *udf = udfread_init();
    if (!udf)
        return false;
    struct input input = {
        .callbacks = {.read = read_blocks, .size = size_in_blocks},
        .image = image,
    };
    struct search search = {.image = image, .found = extents};
    if (udfread_open_input(udf, &input.callbacks) == 0)
        search_root(&search, udf);
    udfread_close(udf);
    if (search.out_of_memory) {
        dvd_video_release(extents);
        return false;
    }
    if (extents->count > 0)
        qsort(extents->extent, extents->count, sizeof *extents->extent, compare);
    return true;
}

void dvd_video_release(struct dvd_video_extents *extents)
{
    free(extents->extent);
    *extents = (struct dvd_video_extents){0};
}
