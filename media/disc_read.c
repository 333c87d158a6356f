/* SPDX-License-Identifier: MIT */
#include "media/disc_private.h"

#include "media/extent_list.h"

static bool is_selected(const struct disc *disc, const struct disc_extent *extent, uint32_t lba)
{
    return (lba - extent->first) % disc->description.scramble_every == 0;
}

/*
 * Scrambles one sector that has been read to the cursor's place, if it is to be.  Returns whether
 * the disc carries it scrambled.
 */
static bool present_sector(const struct disc *disc, const struct disc_extent *extent, uint32_t lba,
                           const struct iov_cursor *cursor)
{
    uint8_t bounce[DVD_SECTOR_SIZE];
    uint8_t *sector = iov_cursor_contiguous(cursor, DVD_SECTOR_SIZE);
    bool in_place = sector != NULL;
    if (!in_place) {
        iov_cursor_gather(*cursor, bounce, sizeof bounce);
        sector = bounce;
    }
    if (css_sector_is_scrambled(sector))
        return true;
    if (!is_selected(disc, extent, lba) || !css_sector_has_content(sector))
        return false;
    css_sector_scramble(sector, &disc->description.title_key[extent->title_set]);
    if (!in_place)
        iov_cursor_scatter(*cursor, bounce, sizeof bounce);
    return true;
}

/* What reading from the image has come to. */
static struct disc_read ended(uint32_t got, uint32_t count, int error)
{
    return (struct disc_read){
        .end = got < count ? DISC_READ_UNREADABLE : DISC_READ_COMPLETE,
        .sectors = got,
        .reason = error != 0 ? DISC_READ_FAILED : DISC_READ_MISSING,
        .error = error,
    };
}

/* The part of a read that lies inside one scrambled extent. */
static struct disc_read read_scrambled(const struct disc *disc, const struct disc_extent *extent,
                                       uint32_t lba, uint32_t count, bool stop_at_scrambled,
                                       struct iov_cursor *cursor)
{
    struct iov_cursor place = *cursor;
    int error;
    uint32_t got = image_read(&disc->image, lba, count, cursor, &error);
    for (uint32_t i = 0; i < got; i++) {
        if (present_sector(disc, extent, lba + i, &place) && stop_at_scrambled)
            return (struct disc_read){.end = DISC_READ_SCRAMBLED, .sectors = i};
        iov_cursor_advance(&place, DVD_SECTOR_SIZE);
    }
    return ended(got, count, error);
}

static struct disc_read read_plain(const struct disc *disc, uint32_t lba, uint32_t count,
                                   struct iov_cursor *cursor)
{
    int error;
    uint32_t got = image_read(&disc->image, lba, count, cursor, &error);
    return ended(got, count, error);
}

/* A read without defects: plain and scrambled parts in turn. */
static struct disc_read read_parts(const struct disc *disc, uint32_t lba, uint32_t count,
                                   bool stop_at_scrambled, struct iov_cursor *cursor)
{
    struct disc_read read = {.end = DISC_READ_COMPLETE};
    while (read.sectors < count && read.end == DISC_READ_COMPLETE) {
        uint32_t at = lba + read.sectors, left = count - read.sectors;
        const struct disc_extent *extent = extent_list_find(&disc->scrambled, at);
        struct disc_read part;
        if (!extent) {
            part = read_plain(disc, at, left, cursor);
        } else if (at < extent->first) {
            uint32_t before = extent->first - at;
            part = read_plain(disc, at, before < left ? before : left, cursor);
        } else {
            uint32_t within = extent->first + extent->count - at;
            part = read_scrambled(disc, extent, at, within < left ? within : left,
                                  stop_at_scrambled, cursor);
        }
        part.sectors += read.sectors;
        read = part;
    }
    return read;
}

struct disc_read disc_read(const struct disc *disc, uint32_t lba, uint32_t count,
                           bool stop_at_scrambled, const struct iovec *iov, int iov_count)
{
    const struct disc_extent *defect = extent_list_find(&disc->description.defects, lba);
    uint32_t readable = count;
    if (defect && defect->first <= lba)
        readable = 0;
    else if (defect && defect->first - lba < count)
        readable = defect->first - lba;
    struct iov_cursor cursor = iov_cursor_begin(iov, iov_count);
    struct disc_read read = read_parts(disc, lba, readable, stop_at_scrambled, &cursor);
    if (read.end == DISC_READ_COMPLETE && readable < count)
        read = (struct disc_read){
            .end = DISC_READ_UNREADABLE,
            .sectors = read.sectors,
            .reason = DISC_READ_DEFECT,
        };
    return read;
}
