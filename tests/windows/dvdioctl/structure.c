/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/subjects.h"

#include <string.h>

#include "tests/windows/dvdioctl/words.h"

#define HEADER           4
#define HEADER_OF_2048   0x0802 /* what the length field of a 2048-byte structure says */
#define FIRST_PHYSICAL   0x30000
#define BCA_SIZE         (HEADER + 188)
#define FORMAT_VOLUME_ID 0x80 /* of AACS */

static uint16_t length_field(const uint8_t *answer)
{
    return (uint16_t)(answer[0] | answer[1] << 8);
}

/*
 * The driver means to swap the three sector fields, but looks for the format where the answer lies
 * over it already: they come as the drive sent them.  One with a buffer of its own would swap them.
 */
static words_order *order_of_sectors(const uint8_t *physical)
{
    return words_drive_order(physical + 4) == FIRST_PHYSICAL ? words_drive_order : words_host_order;
}

static void see_sectors(struct examination *examination, const uint8_t *physical)
{
    words_order *order = order_of_sectors(physical);
    const uint32_t first = order(physical + 4), last = order(physical + 8);

    if (!examine(examination, "ST1-sectors",
                 first == FIRST_PHYSICAL && last >= first && last < 1u << 24,
                 "the data start at physical sector 030000h and end behind it"))
        return;
    transcript_say(examination->transcript, "the sector fields are in %s order",
                   order == words_drive_order ? "the drive's (big-endian)" : "host");
}

/* Returns the number of layers, 0 when the structure cannot be read. */
static unsigned see_physical(struct examination *examination)
{
    static uint8_t full[STRUCTURE_MAX];
    uint8_t cut[24];

    request_read_structure(examination->device, STRUCTURE_PHYSICAL, 0, 0, full, sizeof full);
    if (!examine_done(examination, "ST1", sizeof full, "physical format of layer 0"))
        return 0;
    words_physical(examination->transcript, full + HEADER, order_of_sectors(full + HEADER));
    examine(examination, "ST1-length", length_field(full) == HEADER_OF_2048,
            "its length field is 0802h in host order");
    see_sectors(examination, full + HEADER);
    request_read_structure(examination->device, STRUCTURE_PHYSICAL, 0, 0, cut, sizeof cut);
    if (examine_done(examination, "ST2", sizeof cut, "the same cut to 24 bytes"))
        examine(examination, "ST2-bytes", memcmp(cut, full, HEADER + 17) == 0,
                "which are the same bytes");
    return (full[HEADER + 2] >> 5 & 3u) + 1;
}

static void see_second_layer(struct examination *examination, unsigned layers)
{
    static uint8_t answer[STRUCTURE_MAX];

    request_read_structure(examination->device, STRUCTURE_PHYSICAL, 1, 0, answer, sizeof answer);
    if (layers == 1) {
        examine_refusal(examination, "ST3", NT_INVALID_DEVICE_REQUEST, 0,
                        "a disc with one layer has no physical format of layer 1");
    } else if (examine_done(examination, "ST1-layer-1", sizeof answer,
                            "physical format of layer 1")) {
        words_physical(examination->transcript, answer + HEADER, order_of_sectors(answer + HEADER));
    }
}

static void see_disc_key(struct examination *examination)
{
    static uint8_t answer[STRUCTURE_MAX];

    if (!examination->is_css)
        return;
    examine_end_sessions(examination);
    request_read_structure(examination->device, STRUCTURE_DISC_KEY, 0, 0, answer, sizeof answer);
    examine_refusal(examination, "ST6", NT_CSS_KEY_NOT_ESTABLISHED, NT_INVALID_DEVICE_REQUEST,
                    "the disc key structure is refused before authentication");
}

static void see_others(struct examination *examination)
{
    static uint8_t answer[STRUCTURE_MAX];
    char hex[TRANSCRIPT_HEX_SIZE];

    if (request_read_structure(examination->device, STRUCTURE_BCA, 0, 0, answer, BCA_SIZE)) {
        examine_done(examination, "ST7-bca", ANY_INFORMATION, "burst cutting area");
        transcript_say(examination->transcript, "%u bytes: %s ...", length_field(answer) - 2u,
                       transcript_hex(hex, answer + HEADER, 12));
    } else {
        examine_refusal(examination, "ST7", NT_INVALID_DEVICE_REQUEST, NT_DATA_OVERRUN,
                        "this disc has no burst cutting area");
    }
    request_read_structure(examination->device, STRUCTURE_MANUFACTURING, 0, 0, answer,
                           sizeof answer);
    if (examine_done(examination, "ST8", sizeof answer, "manufacturing information"))
        transcript_say(examination->transcript, "%s ...", transcript_hex(hex, answer + HEADER, 12));
    request_read_structure(examination->device, FORMAT_VOLUME_ID, 0, 0, answer, 36);
    examine_refusal(examination, "ST12", NT_INVALID_DEVICE_REQUEST, 0,
                    "the volume identifier of AACS is refused");
}

static void see_lengths(struct examination *examination)
{
    struct nt_dvd_read_structure request = {.format = to_le32(STRUCTURE_COPYRIGHT)};
    uint8_t answer[8];

    device_ioctl(examination->device, NT_IOCTL_DVD_READ_STRUCTURE,
                 "IOCTL_DVD_READ_STRUCTURE, 16 bytes in", &request, 16, answer, sizeof answer);
    examine_driver_refusal(examination, "ST10", NT_INVALID_PARAMETER, 0,
                           "READ_STRUCTURE wants 17 bytes");
    request_read_structure(examination->device, STRUCTURE_COPYRIGHT, 0, 0, answer, 3);
    examine_driver_refusal(examination, "ST10-out", NT_BUFFER_TOO_SMALL, 0,
                           "READ_STRUCTURE wants a buffer of 4 bytes");
}

void examine_structures(struct examination *examination)
{
    transcript_heading(examination->transcript, "Structures");
    if (examination->has_medium) {
        const unsigned layers = see_physical(examination);
        if (layers)
            see_second_layer(examination, layers);
        see_disc_key(examination);
        see_others(examination);
    } else {
        uint8_t answer[24];
        request_read_structure(examination->device, STRUCTURE_PHYSICAL, 0, 0, answer,
                               sizeof answer);
        examine_refusal(examination, "ST1-empty", NT_NO_MEDIA_IN_DEVICE, 0,
                        "without a disc there is no structure");
    }
    see_lengths(examination);
}
