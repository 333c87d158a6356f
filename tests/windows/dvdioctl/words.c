/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/words.h"

#include <stdio.h>

const char *words_regions(char text[REGIONS_SIZE], uint8_t bits)
{
    size_t length = 0;

    if (bits == 0 || bits == 0xFF) {
        snprintf(text, REGIONS_SIZE, bits ? "all" : "none");
        return text;
    }
    for (unsigned i = 0; i < 8; i++)
        if (bits >> i & 1)
            length += (size_t)snprintf(text + length, REGIONS_SIZE - length, length ? ",%u" : "%u",
                                       i + 1);
    return text;
}

void words_rpc_state(struct transcript *transcript, const uint8_t rpc[4])
{
    static const char *const types[] = {"no region set", "region set", "region set, last change",
                                        "region set for good"};
    char regions[REGIONS_SIZE];

    if (rpc[2] != 1) {
        transcript_say(transcript, "RPC scheme %u: the drive has no region control (phase I)",
                       rpc[2]);
        return;
    }
    transcript_say(transcript, "RPC phase II, %s; the drive plays region %s (mask %02Xh)",
                   types[rpc[0] >> 6], words_regions(regions, (uint8_t)~rpc[1]), rpc[1]);
    transcript_say(transcript, "%u changes by the user and %u resets by the maker are left",
                   rpc[0] & 7u, rpc[0] >> 3 & 7u);
}

void words_region(struct transcript *transcript, const struct nt_dvd_region *region)
{
    char forbidden[REGIONS_SIZE], system[REGIONS_SIZE];

    transcript_say(transcript,
                   "CopySystem %u, RegionData %02Xh (disc forbidden in region %s), SystemRegion "
                   "%02Xh (drive plays %s), ResetCount %u",
                   region->copy_system, region->region_data,
                   words_regions(forbidden, region->region_data), region->system_region,
                   words_regions(system, region->system_region), region->reset_count);
}

void words_copyright(struct transcript *transcript, const uint8_t copyright[4])
{
    static const char *const systems[] = {"not protected", "protected by CSS or CPPM",
                                          "protected by CPRM"};
    char regions[REGIONS_SIZE];

    transcript_say(transcript, "the disc is %s (%u) and may be played in region %s (RMI %02Xh)",
                   copyright[0] < 3 ? systems[copyright[0]] : "protected in another way",
                   copyright[0], words_regions(regions, (uint8_t)~copyright[1]), copyright[1]);
}

uint32_t words_host_order(const uint8_t bytes[4])
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

uint32_t words_drive_order(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

void words_physical(struct transcript *transcript, const uint8_t physical[17], words_order *order)
{
    static const char *const books[] = {"DVD-ROM", "DVD-RAM", "DVD-R", "DVD-RW"};
    const unsigned book = physical[0] >> 4;

    transcript_say(transcript, "book %s (%u) version %u, %s, %u layer%s, %s track path",
                   book < 4 ? books[book] : "of another type", book, physical[0] & 0x0Fu,
                   physical[1] >> 4 ? "80 mm" : "120 mm", (physical[2] >> 5 & 3u) + 1,
                   physical[2] >> 5 & 3 ? "s" : "", physical[2] & 0x10 ? "opposite" : "parallel");
    transcript_say(transcript,
                   "physical sectors %06Xh to %06Xh, last of layer 0 %06Xh, burst cutting area: %s",
                   order(physical + 4), order(physical + 8), order(physical + 12),
                   physical[16] & 0x80 ? "yes" : "no");
}

void words_title_key_flags(struct transcript *transcript, uint32_t flags)
{
    static const char *const copies[] = {"copies allowed", "reserved copy bits", "one copy allowed",
                                         "no copy allowed"};

    transcript_say(transcript, "flags %02Xh: %s, %s, %s", flags,
                   flags & 0x80 ? "copyrighted (CPM)" : "no copyrighted material",
                   flags & 0x40 ? "sectors specially protected (CP_SEC)" : "CP_SEC 0",
                   copies[flags >> 4 & 3]);
}
