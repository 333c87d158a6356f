/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_MMC_TYPES_H
#define EMULATOR_MMC_TYPES_H

/*
 * Big-endian integers as they stand in CDBs and data, for the layouts of the mmc_*.h family.  Each
 * is a structure of bytes, so a layout made of them has no padding, no alignment and no byte order
 * of the machine.
 */

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint8_t byte[2];
} be16;

typedef struct {
    uint8_t byte[3];
} be24;

typedef struct {
    uint8_t byte[4];
} be32;

typedef struct {
    uint8_t byte[8];
} be64;

static inline be16 to_be16(uint32_t value)
{
    return (be16){
        {(uint8_t)(value >> 8), (uint8_t)value}
    };
}

static inline be24 to_be24(uint32_t value)
{
    return (be24){
        {(uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value}
    };
}

static inline be32 to_be32(uint32_t value)
{
    return (be32){
        {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value}
    };
}

static inline be64 to_be64(uint64_t value)
{
    be64 wire;
    for (int i = 0; i < 8; i++)
        wire.byte[i] = (uint8_t)(value >> (56 - 8 * i));
    return wire;
}

static inline uint16_t from_be16(be16 wire)
{
    return (uint16_t)(wire.byte[0] << 8 | wire.byte[1]);
}

static inline uint32_t from_be24(be24 wire)
{
    return (uint32_t)wire.byte[0] << 16 | (uint32_t)wire.byte[1] << 8 | wire.byte[2];
}

static inline uint32_t from_be32(be32 wire)
{
    return (uint32_t)wire.byte[0] << 24 | (uint32_t)wire.byte[1] << 16 |
           (uint32_t)wire.byte[2] << 8 | wire.byte[3];
}

/* Minutes, seconds and frames, in binary; 75 frames are a second.  00:02:00 is LBA 0. */
struct mmc_msf {
    uint8_t minute, second, frame;
};
#define MMC_FRAMES_PER_SECOND  75
#define MMC_SECONDS_PER_MINUTE 60
#define MMC_LEAD_IN_FRAMES     150

static inline bool mmc_msf_is_valid(struct mmc_msf msf)
{
    return msf.second < MMC_SECONDS_PER_MINUTE && msf.frame < MMC_FRAMES_PER_SECOND;
}

/* Negative before 00:02:00. */
static inline int32_t mmc_msf_lba(struct mmc_msf msf)
{
    return (msf.minute * MMC_SECONDS_PER_MINUTE + msf.second) * MMC_FRAMES_PER_SECOND + msf.frame -
           MMC_LEAD_IN_FRAMES;
}

/* A layout is as long as the standard says. */
#define MMC_LAYOUT(type, size)                                                                     \
    _Static_assert(sizeof(struct type) == (size), #type " has another size")

#endif
