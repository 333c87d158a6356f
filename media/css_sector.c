/* SPDX-License-Identifier: MIT */
#include "media/css_sector.h"

#include <endian.h>
#include <string.h>

#include "media/css_keystream.h"
#include "media/css_substitution.h"

enum offset {
    PACK_STUFFING = 0x0D, /* low three bits */
    PES_START = 0x0E,
    PES_STREAM = 0x11,
    PES_FLAGS = 0x14, /* 10b, scrambling control in bits 5-4 */
    SEED = 0x54,
    SCRAMBLED = 0x80,
};

enum {
    SCRAMBLING_CONTROL = 0x30,
    SCRAMBLING_CONTROL_CSS = 0x10,
    STREAM_SYSTEM_HEADER = 0xBB,
    STREAM_PRIVATE_1 = 0xBD,
    STREAM_PADDING = 0xBE,
    STREAM_PRIVATE_2 = 0xBF,
};

_Static_assert(DVD_SECTOR_SIZE - SCRAMBLED == CSS_KEYSTREAM_SECTOR_SIZE, "1920 scrambled bytes");

static bool is_pack(const uint8_t *sector)
{
    static const uint8_t pack_start[] = {0x00, 0x00, 0x01, 0xBA};
    return memcmp(sector, pack_start, sizeof pack_start) == 0;
}

bool css_sector_is_scrambled(const uint8_t sector[DVD_SECTOR_SIZE])
{
    uint8_t stream = sector[PES_STREAM];
    return is_pack(sector) && (sector[PES_FLAGS] & SCRAMBLING_CONTROL) != 0 &&
           stream != STREAM_SYSTEM_HEADER && stream != STREAM_PADDING && stream != STREAM_PRIVATE_2;
}

static bool is_content_stream(uint8_t stream)
{
    return stream == STREAM_PRIVATE_1 || (stream >= 0xC0 && stream <= 0xEF);
}

bool css_sector_has_content(const uint8_t sector[DVD_SECTOR_SIZE])
{
    static const uint8_t pes_start[] = {0x00, 0x00, 0x01};
    return is_pack(sector) && (sector[PACK_STUFFING] & 7) == 0 &&
           memcmp(sector + PES_START, pes_start, sizeof pes_start) == 0 &&
           is_content_stream(sector[PES_STREAM]) && (sector[PES_FLAGS] & 0xF0) == 0x80;
}

static void sector_stream(const uint8_t *sector, const struct css_key *title_key,
                          uint64_t stream[CSS_KEYSTREAM_SECTOR_SIZE / 8])
{
    struct css_key key;
    for (unsigned i = 0; i < CSS_KEY_SIZE; i++)
        key.byte[i] = title_key->byte[i] ^ sector[SEED + i];
    css_keystream_sector(&key, stream);
}

static uint64_t substitute(const uint8_t table[256], uint64_t word)
{
    uint64_t result = 0;
    for (unsigned shift = 0; shift < 64; shift += 8)
        result |= (uint64_t)table[word >> shift & 0xFF] << shift;
    return result;
}

void css_sector_scramble(uint8_t sector[DVD_SECTOR_SIZE], const struct css_key *title_key)
{
    uint64_t stream[CSS_KEYSTREAM_SECTOR_SIZE / 8];
    sector_stream(sector, title_key, stream);
    uint8_t *data = sector + SCRAMBLED;
    for (size_t i = 0; i < CSS_KEYSTREAM_SECTOR_SIZE / 8; i++, data += 8) {
        uint64_t word;
        memcpy(&word, data, 8);
        word = htole64(substitute(css_substitution_inverse, le64toh(word) ^ stream[i]));
        memcpy(data, &word, 8);
    }
    sector[PES_FLAGS] |= SCRAMBLING_CONTROL_CSS;
}

void css_sector_unscramble(uint8_t sector[DVD_SECTOR_SIZE], const struct css_key *title_key)
{
    uint64_t stream[CSS_KEYSTREAM_SECTOR_SIZE / 8];
    sector_stream(sector, title_key, stream);
    uint8_t *data = sector + SCRAMBLED;
    for (size_t i = 0; i < CSS_KEYSTREAM_SECTOR_SIZE / 8; i++, data += 8) {
        uint64_t word;
        memcpy(&word, data, 8);
        word = htole64(substitute(css_substitution, le64toh(word)) ^ stream[i]);
        memcpy(data, &word, 8);
    }
    sector[PES_FLAGS] &= (uint8_t)~SCRAMBLING_CONTROL;
}
