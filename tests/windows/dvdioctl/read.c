/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/subjects.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "media/css_sector.h"

#define VOLUME_DESCRIPTOR 16
#define TOC_SIZE          804 /* CDROM_TOC: header, 100 tracks of 8 bytes */
#define TOC_FIRST_TRACK   2
#define TOC_LAST_TRACK    3
/* Sectors of a VOB to look at for a scrambled one. */
#define SECTORS_TRIED 64
#define VIDEO         0xE0 /* stream id of the first PES of a pack, byte 11h */
#define STREAM_ID     0x11
#define CONTENT       0x80 /* where a sector is scrambled */

static uint8_t buffer[DEVICE_READ_MAX * DVD_SECTOR_SIZE];

static bool see_size(struct examination *examination)
{
    struct nt_disk_geometry geometry = {0};
    uint8_t toc[TOC_SIZE] = {0};
    struct device *device = examination->device;

    device_ioctl(device, NT_IOCTL_CDROM_GET_DRIVE_GEOMETRY, "IOCTL_CDROM_GET_DRIVE_GEOMETRY", NULL,
                 0, &geometry, sizeof geometry);
    if (examine_done(examination, "RD-geometry", sizeof geometry, "the geometry is read"))
        examine(examination, "RD-block", from_le32(geometry.bytes_per_sector) == DVD_SECTOR_SIZE,
                "a sector has 2048 bytes");
    device_ioctl(device, NT_IOCTL_CDROM_READ_TOC, "IOCTL_CDROM_READ_TOC", NULL, 0, toc, sizeof toc);
    if (examine_done(examination, "RD-toc", ANY_INFORMATION, "the table of contents is read"))
        examine(examination, "RD-tracks", toc[TOC_FIRST_TRACK] == 1 && toc[TOC_LAST_TRACK] == 1,
                "it has one track");
    device_read(device, VOLUME_DESCRIPTOR, 1, buffer);
    return examine_done(examination, "RD1", DVD_SECTOR_SIZE, "sector 16 is read");
}

/*
 * The first pair of sectors of the VOB whose reading fails; UINT32_MAX if none does.  Pairs,
 * because a system with a cache reads whole pages.
 */
static uint32_t find_refused(struct examination *examination, const struct vob *vob)
{
    const uint32_t tried = vob->sectors < SECTORS_TRIED ? vob->sectors : SECTORS_TRIED;

    for (uint32_t lba = vob->lba & ~1u; lba < vob->lba + tried; lba += 2)
        if (!device_read(examination->device, lba, 2, buffer))
            return lba;
    return UINT32_MAX;
}

/* Closes the gate and tries it; returns the first of two sectors, one of them behind it. */
static uint32_t see_closed_gate(struct examination *examination, const struct vob *vobs,
                                size_t count)
{
    examine_end_sessions(examination);
    if (examine_asf(examination)) {
        transcript_say(examination->transcript, "clears the authentication success flag");
        examine_wrong_key2(examination);
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t lba = find_refused(examination, &vobs[i]);
        if (lba == UINT32_MAX)
            continue;
        examine_refusal(examination, "RD2", NT_CSS_SCRAMBLED_SECTOR, 0,
                        "%s: sectors %u and %u are refused before authentication", vobs[i].name,
                        lba, lba + 1);
        return lba;
    }
    examine_skip(examination, "RD2", "the disc has none, or the drive does not keep them back",
                 "scrambled sectors are refused before authentication");
    return UINT32_MAX;
}

struct content {
    uint32_t scrambled; /* sectors that were */
    uint32_t video;     /* of these with video */
    uint32_t codes;     /* of the video ones, with an MPEG start code where they were scrambled */
};

static bool has_start_code(const uint8_t *sector)
{
    for (unsigned i = CONTENT; i + 2 < DVD_SECTOR_SIZE; i++)
        if (sector[i] == 0 && sector[i + 1] == 0 && sector[i + 2] == 1)
            return true;
    return false;
}

static void unscramble(uint8_t *sector, const struct css_key *key, struct content *content)
{
    if (!css_sector_is_scrambled(sector))
        return;
    content->scrambled++;
    css_sector_unscramble(sector, key);
    if (sector[STREAM_ID] != VIDEO)
        return;
    content->video++;
    content->codes += has_start_code(sector);
}

static void show_progress(const struct vob *vob, uint32_t done, uint32_t all)
{
    if (isatty(fileno(stderr)))
        fprintf(stderr, "\r%s: %u of %u sectors%s", vob->name, done, all, done < all ? "" : "\n");
}

static bool read_vob(struct examination *examination, const struct vob *vob,
                     const struct css_key *key, struct content *content)
{
    const uint32_t all = vob->sectors < examination->sectors ? vob->sectors : examination->sectors;

    for (uint32_t done = 0; done < all;) {
        const uint32_t left = all - done;
        const uint32_t count = left < DEVICE_READ_MAX ? left : DEVICE_READ_MAX;
        show_progress(vob, done, all);
        if (!device_read(examination->device, vob->lba + done, count, buffer))
            return false;
        for (uint32_t i = 0; i < count; i++)
            unscramble(buffer + (size_t)i * DVD_SECTOR_SIZE, key, content);
        done += count;
    }
    show_progress(vob, all, all);
    return true;
}

/* Random bytes have a start code in one sector of ten thousand, video in most. */
static void see_content(struct examination *examination, const struct vob *vob,
                        const struct css_key *disc_key)
{
    struct css_host_title_key key;
    struct content content = {0};

    if (!examine_authentication(examination, "RK5"))
        return;
    css_host_title_key(&examination->host, vob->lba, disc_key, &key);
    if (!examine_done(examination, "RK5", 32, "title key of %s", vob->name)) {
        request_end_session(examination->device, examination->host.agid);
        return;
    }
    read_vob(examination, vob, &key.plain, &content);
    if (!examine_done(examination, "RD3-vob", ANY_INFORMATION, "%s is read", vob->name))
        return;
    transcript_say(examination->transcript, "%u sectors were scrambled, %u of these are video",
                   content.scrambled, content.video);
    if (content.video)
        examine(examination, "RD3-video", content.codes >= content.video / 4 && content.codes > 0,
                "unscrambled with its title key it is MPEG video (%u sectors with start codes)",
                content.codes);
}

static void see_protected(struct examination *examination)
{
    static struct vob vobs[VOBS_MAX];
    struct css_key disc_key = {0};

    const size_t count = iso9660_find_vobs(&examination->device->sectors, vobs);
    if (!examine(examination, "RD1-vobs", count > 0, "VIDEO_TS has VOB files"))
        return;
    const uint32_t lba = see_closed_gate(examination, vobs, count);
    const bool has_key = examine_disc_key(examination, &disc_key);
    if (lba != UINT32_MAX) {
        device_read(examination->device, lba, 2, buffer);
        if (examine_done(examination, "RD3", 2 * DVD_SECTOR_SIZE, "these two are read now"))
            examine(examination, "RD3-scrambled",
                    css_sector_is_scrambled(buffer) ||
                        css_sector_is_scrambled(buffer + DVD_SECTOR_SIZE),
                    "and they are scrambled");
    }
    if (!has_key)
        examine_skip(examination, "RD3-video", "no --player-key and no --disc-key",
                     "unscrambling the VOB files");
    else if (!examine_region_plays(examination))
        examine_skip(examination, "RD3-video", "the drive's region is not one of the disc's",
                     "unscrambling the VOB files");
    for (size_t i = 0; has_key && examine_region_plays(examination) && i < count; i++)
        see_content(examination, &vobs[i], &disc_key);
    examine_end_sessions(examination);
}

static void see_read_ahead(struct examination *examination)
{
    struct nt_storage_set_read_ahead addresses = {.trigger_address = to_le64(0x8000),
                                                  .target_address = to_le64(0x10000)};

    device_ioctl(examination->device, NT_IOCTL_STORAGE_SET_READ_AHEAD,
                 "IOCTL_STORAGE_SET_READ_AHEAD", &addresses, sizeof addresses, NULL, 0);
    examine_done(examination, "RA1", 0, "STORAGE_SET_READ_AHEAD");
    device_ioctl(examination->device, NT_IOCTL_DVD_SET_READ_AHEAD, "IOCTL_DVD_SET_READ_AHEAD",
                 &addresses, sizeof addresses, NULL, 0);
    examine_driver_refusal(examination, "RA2", NT_INVALID_DEVICE_REQUEST, NT_NOT_SUPPORTED,
                           "DVD_SET_READ_AHEAD is known to no driver");
}

void examine_reads(struct examination *examination)
{
    transcript_heading(examination->transcript, "Reading");
    if (!examination->has_medium) {
        examine_skip(examination, "RD1", "no disc in the drive", "reading");
        return;
    }
    const bool readable = see_size(examination);
    see_read_ahead(examination);
    if (readable && examination->is_css)
        see_protected(examination);
}
