/* SPDX-License-Identifier: MIT */
#include "media/dvd_video.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "media/iso9660.h"
#include "media/udf.h"

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

struct search {
    uint32_t sectors; /* of the image */
    struct dvd_video *video;
    size_t room;
    bool seen[DISC_TITLE_SETS][10]; /* a name counts once */
    char file[DVD_VIDEO_NAME_SIZE]; /* whose parts are coming */
    size_t file_first;              /* its first extent */
    bool out_of_memory;
};

static bool take_file(void *context, const char *name)
{
    struct search *search = context;
    int title_set = dvd_video_title_set(name);
    if (title_set < 0)
        return false;
    bool *seen = &search->seen[title_set][title_set == 0 ? 0 : name[7] - '0'];
    bool wanted = !*seen;
    *seen = true;
    memset(search->file, 0, sizeof search->file);
    for (size_t i = 0; name[i] && i + 1 < sizeof search->file; i++)
        search->file[i] = (char)toupper((unsigned char)name[i]);
    search->file_first = search->video->count;
    return wanted;
}

static bool append(struct search *search, uint32_t first, uint32_t count)
{
    struct dvd_video *video = search->video;
    if (video->count == search->room) {
        size_t room = search->room ? 2 * search->room : 16;
        struct dvd_video_extent *grown = reallocarray(video->extent, room, sizeof *grown);
        if (!grown) {
            search->out_of_memory = true;
            return false;
        }
        video->extent = grown;
        search->room = room;
    }
    struct dvd_video_extent *extent = &video->extent[video->count++];
    *extent = (struct dvd_video_extent){
        .extent = {first, count, (unsigned)dvd_video_title_set(search->file)},
    };
    memcpy(extent->file, search->file, sizeof extent->file);
    return true;
}

/* Parts that touch are one extent. */
static bool take_part(void *context, uint32_t first, uint32_t count)
{
    struct search *search = context;
    struct dvd_video *video = search->video;
    if (first >= search->sectors)
        return true;
    if (count > search->sectors - first)
        count = search->sectors - first;
    if (video->count > search->file_first) {
        struct disc_extent *last = &video->extent[video->count - 1].extent;
        if (last->first + last->count == first) {
            last->count += count;
            return true;
        }
    }
    return append(search, first, count);
}

static int compare(const void *a, const void *b)
{
    const struct dvd_video_extent *left = a, *right = b;
    return left->extent.first < right->extent.first ? -1 : left->extent.first > right->extent.first;
}

bool dvd_video_find(struct examination *examination, struct dvd_video *video)
{
    *video = (struct dvd_video){0};
    struct search search = {.sectors = examination->sectors, .video = video};
    const struct file_system_visitor visitor = {
        .folder = "VIDEO_TS",
        .file = take_file,
        .part = take_part,
        .context = &search,
    };
    struct file_system udf = udf_search(examination, &visitor, &search.out_of_memory);
    memset(search.seen, 0, sizeof search.seen);
    struct file_system iso9660 = iso9660_search(examination, video->count > 0 ? NULL : &visitor);
    if (search.out_of_memory) {
        dvd_video_release(video);
        return false;
    }
    video->has_file_system = udf.present || iso9660.present;
    video->has_root = udf.readable || iso9660.readable;
    video->has_folder = udf.has_folder || iso9660.has_folder;
    video->sectors = udf.sectors > iso9660.sectors ? udf.sectors : iso9660.sectors;
    if (video->count > 0)
        qsort(video->extent, video->count, sizeof *video->extent, compare);
    return true;
}

const char *dvd_video_lack(const struct dvd_video *video)
{
    if (!video->has_file_system)
        return "no file system, neither UDF nor ISO 9660";
    if (!video->has_root)
        return "no file system that can be read";
    if (!video->has_folder)
        return "no folder VIDEO_TS";
    return "no VOB in VIDEO_TS";
}

void dvd_video_release(struct dvd_video *video)
{
    free(video->extent);
    *video = (struct dvd_video){0};
}
