/* SPDX-License-Identifier: MIT */
#include "media/disc_private.h"

#include <string.h>

/* Physical sector numbers: LBA 0 is the first of the data area on layer 0. */
#define PSN_DATA_AREA 0x030000u
#define PSN_MASK      0xFFFFFFu

/* Physical format information (ECMA-267, control data): byte offsets and field values. */
enum physical_format {
    PF_BOOK = 0, /* type 0 (DVD-ROM) in bits 7-4, part version in 3-0 */
    PF_SIZE_AND_RATE = 1,
    PF_LAYERS = 2,
    PF_DENSITY = 3,
    PF_FIRST_PSN = 5,
    PF_LAST_PSN = 9,
    PF_LAYER0_END = 13,
    PF_BCA = 16,

    PF_80MM = 1 << 4,
    PF_RATE_10_08 = 2,
    PF_TWO_LAYERS = 1 << 5,
    PF_OPPOSITE = 1 << 4,
    PF_EMBOSSED = 1,
    PF_DENSITY_293NM = 1 << 4, /* of two layers; one has 0: 0.267 um a bit */
    PF_BCA_PRESENT = 1 << 7,
};

static void put_24bit(uint8_t *to, uint32_t value)
{
    to[0] = (uint8_t)(value >> 16);
    to[1] = (uint8_t)(value >> 8);
    to[2] = (uint8_t)value;
}

/* The last PSN of the data area as a host sees it that asks about `layer`. */
static uint32_t last_psn(const struct disc_description *description, uint32_t sectors,
                         unsigned layer)
{
    if (description->layers == 1)
        return PSN_DATA_AREA - 1 + sectors;
    uint32_t first = description->layer_break, second = sectors - first;
    uint32_t layer0_end = PSN_DATA_AREA - 1 + first;
    if (description->track_path == DISC_TRACK_PATH_PARALLEL)
        return layer == 0 ? layer0_end : PSN_DATA_AREA - 1 + second;
    /* Layer 1 begins where layer 0 ends, at the complement of its number, and runs inwards. */
    return (~layer0_end & PSN_MASK) + second - 1;
}

void disc_physical_format(const struct disc *disc, unsigned layer,
                          uint8_t data[DISC_STRUCTURE_SIZE])
{
    const struct disc_description *description = &disc->description;
    bool two = description->layers == 2;
    bool opposite = two && description->track_path == DISC_TRACK_PATH_OPPOSITE;
    memset(data, 0, DISC_STRUCTURE_SIZE);
    data[PF_BOOK] = (uint8_t)description->book_version;
    data[PF_SIZE_AND_RATE] = (uint8_t)((description->disc_80mm ? PF_80MM : 0) | PF_RATE_10_08);
    data[PF_LAYERS] =
        (uint8_t)((two ? PF_TWO_LAYERS : 0) | (opposite ? PF_OPPOSITE : 0) | PF_EMBOSSED);
    data[PF_DENSITY] = two ? PF_DENSITY_293NM : 0;
    put_24bit(data + PF_FIRST_PSN, PSN_DATA_AREA);
    put_24bit(data + PF_LAST_PSN, last_psn(description, disc_sectors(disc), layer));
    if (opposite)
        put_24bit(data + PF_LAYER0_END, PSN_DATA_AREA - 1 + description->layer_break);
    data[PF_BCA] = description->bca_size > 0 ? PF_BCA_PRESENT : 0;
}

void disc_copyright_information(const struct disc *disc, uint8_t data[4])
{
    data[0] = disc_is_css(disc) ? DISC_PROTECTION_CSS : DISC_PROTECTION_NONE;
    data[1] = disc_regions_forbidden(disc);
    data[2] = 0;
    data[3] = 0;
}

void disc_manufacturing_information(const struct disc *disc, uint8_t data[DISC_STRUCTURE_SIZE])
{
    memcpy(data, disc->description.manufacturing, DISC_STRUCTURE_SIZE);
}

size_t disc_burst_cutting_area(const struct disc *disc, uint8_t data[DISC_BCA_MAX])
{
    memcpy(data, disc->description.bca, disc->description.bca_size);
    return disc->description.bca_size;
}
