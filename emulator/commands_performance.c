/* SPDX-License-Identifier: MIT */
#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_performance.h"

/* GET PERFORMANCE, SET STREAMING, SET CD SPEED, READ BUFFER CAPACITY: speeds and the buffer. */

/* 1x: 11.08 Mbit/s of user data, in kB/s. */
#define SPEED_1X      1385
#define SPEED_MAXIMUM 0xFFFF

/* Geometry of a 120 mm DVD (ECMA-267): data from 24 mm to 58 mm, in micrometres. */
#define RADIUS_INSIDE  24000u
#define RADIUS_OUTSIDE 58000u
/*
 * What one sector adds to the square of the radius, in square micrometres: track pitch 0.74 um
 * times the length of a sector on the track (5162 um with one layer, 5680 um with two) over pi.
 */
#define AREA_ONE_LAYER  1215.92
#define AREA_TWO_LAYERS 1337.93

static const unsigned speed_factors[] = {1, 2, 4, 6, 8, 12, 16};
#define SPEED_FACTORS (sizeof speed_factors / sizeof *speed_factors)

/* The highest supported speed that is not above `kilobytes` per second; the lowest one if all are.
 */
static uint32_t supported_speed(const struct drive *drive, uint32_t kilobytes)
{
    uint32_t maximum = (uint32_t)drive->profile.max_read_speed;
    uint32_t supported = SPEED_1X;

    if (kilobytes >= maximum)
        return maximum;
    for (size_t i = 0; i < SPEED_FACTORS && speed_factors[i] * SPEED_1X <= kilobytes; i++)
        supported = speed_factors[i] * SPEED_1X;
    return supported < maximum ? supported : maximum;
}

static uint32_t square_root(uint64_t square)
{
    uint64_t root = 0;
    for (uint64_t bit = 1u << 31; bit != 0; bit >>= 1)
        if ((root + bit) * (root + bit) <= square)
            root += bit;
    return (uint32_t)root;
}

/* The speed of a constant angular velocity at the `sector`-th sector of a layer, in tenths of 1x
 * rounded. */
static uint32_t speed_at(const struct drive *drive, uint32_t sector)
{
    double area = disc_layers(drive->disc) == 1 ? AREA_ONE_LAYER : AREA_TWO_LAYERS;
    uint64_t square = (uint64_t)RADIUS_INSIDE * RADIUS_INSIDE + (uint64_t)((double)sector * area);
    uint32_t radius = square_root(square);

    if (radius > RADIUS_OUTSIDE)
        radius = RADIUS_OUTSIDE;
    uint64_t tenths =
        ((uint64_t)drive->read_speed * 10 * radius / RADIUS_OUTSIDE + SPEED_1X / 2) / SPEED_1X;
    return (uint32_t)(tenths * SPEED_1X / 10);
}

static struct mmc_performance_descriptor descriptor(const struct drive *drive, uint32_t first,
                                                    uint32_t last, uint32_t first_sector,
                                                    uint32_t last_sector)
{
    return (struct mmc_performance_descriptor){
        .start_lba = to_be32(first),
        .start_speed = to_be32(speed_at(drive, first_sector)),
        .end_lba = to_be32(last),
        .end_speed = to_be32(speed_at(drive, last_sector)),
    };
}

/* One descriptor for a layer: rising outwards, and on the second layer of an opposite track path
 * falling inwards. */
static unsigned nominal_descriptors(const struct drive *drive,
                                    struct mmc_performance_descriptor *descriptors)
{
    uint32_t last = disc_sectors(drive->disc) - 1;
    uint32_t layer_break = disc_layer_break(drive->disc);
    bool opposite = disc_description(drive->disc)->track_path == DISC_TRACK_PATH_OPPOSITE;

    if (layer_break == 0) {
        descriptors[0] = descriptor(drive, 0, last, 0, last);
        return 1;
    }
    descriptors[0] = descriptor(drive, 0, layer_break - 1, 0, layer_break - 1);
    if (opposite)
        descriptors[1] =
            descriptor(drive, layer_break, last, layer_break - 1, 2 * layer_break - 1 - last);
    else
        descriptors[1] = descriptor(drive, layer_break, last, 0, last - layer_break);
    return 2;
}

struct performance_answer {
    struct mmc_performance_header header;
    struct mmc_performance_descriptor descriptor[2];
};

static struct sense answer_performance(struct drive_command *command,
                                       struct performance_answer *answer, unsigned descriptors)
{
    unsigned maximum =
        from_be16(COMMAND_CDB(mmc_cdb_get_performance, command)->maximum_descriptors);
    size_t size = sizeof answer->header + descriptors * sizeof answer->descriptor[0];

    answer->header.data_length = to_be32((uint32_t)(size - sizeof answer->header.data_length));
    return command_answer(
        command, answer, size,
        (uint32_t)(sizeof answer->header + maximum * sizeof answer->descriptor[0]));
}

static struct sense nominal_performance(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_get_performance *cdb = COMMAND_CDB(mmc_cdb_get_performance, command);
    uint8_t except = cdb->data_type & MMC_PERFORMANCE_EXCEPT;
    uint32_t start = from_be32(cdb->starting_lba);
    struct performance_answer answer = {0};
    unsigned descriptors = 0;

    if ((cdb->data_type & MMC_PERFORMANCE_TOLERANCE) != MMC_PERFORMANCE_TOLERANCE_10_20)
        return sense_in_cdb(offsetof(struct mmc_cdb_get_performance, data_type), 4);
    if (except == MMC_PERFORMANCE_EXCEPT)
        return sense_in_cdb(offsetof(struct mmc_cdb_get_performance, data_type), 1);
    if (medium_is_ready(drive) && start >= disc_sectors(drive->disc))
        return sense_at_lba(SENSE_LBA_OUT_OF_RANGE, start);

    if ((cdb->data_type & MMC_PERFORMANCE_WRITE) != 0)
        answer.header.flags |= MMC_PERFORMANCE_IS_WRITE;
    if (except != 0)
        answer.header.flags |= MMC_PERFORMANCE_IS_EXCEPT;
    if (answer.header.flags == 0 && medium_is_ready(drive))
        descriptors = nominal_descriptors(drive, answer.descriptor);
    return answer_performance(command, &answer, descriptors);
}

struct sense command_get_performance(struct drive *drive, struct drive_command *command)
{
    struct performance_answer nothing = {0};

    switch (COMMAND_CDB(mmc_cdb_get_performance, command)->type) {
    case MMC_PERFORMANCE_NOMINAL:
        return nominal_performance(drive, command);
    case MMC_PERFORMANCE_WRITE_SPEED:
        return answer_performance(command, &nothing, 0);
    default:
        return sense_in_cdb(offsetof(struct mmc_cdb_get_performance, type), -1);
    }
}

/* The read speed that a parameter list of performance type asks for. */
static struct sense stream_at(struct drive *drive, const struct mmc_streaming *list)
{
    uint64_t time = from_be32(list->read_time);

    if ((list->flags & MMC_STREAMING_RDD) != 0) {
        drive->read_speed = (uint32_t)drive->profile.max_read_speed;
        return sense_good();
    }
    if (time == 0)
        return sense_in_list(offsetof(struct mmc_streaming, read_time), -1);
    uint64_t wanted = (uint64_t)from_be32(list->read_size) * 1000 / time;
    uint32_t speed = supported_speed(drive, wanted > UINT32_MAX ? UINT32_MAX : (uint32_t)wanted);
    if ((list->flags & MMC_STREAMING_EXACT) != 0 && speed != wanted)
        return sense_in_list(offsetof(struct mmc_streaming, read_size), -1);
    drive->read_speed = speed;
    return sense_good();
}

struct sense command_set_streaming(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_set_streaming *cdb = COMMAND_CDB(mmc_cdb_set_streaming, command);
    uint32_t length = from_be16(cdb->parameter_list_length);

    if (cdb->type != MMC_STREAMING_PERFORMANCE && cdb->type != MMC_STREAMING_CACHE_ZONE)
        return sense_in_cdb(offsetof(struct mmc_cdb_set_streaming, type), -1);
    if (length == 0)
        return sense_good();
    if (length != sizeof(struct mmc_streaming) || command->data_out_length < length)
        return sense_of(SENSE_PARAMETER_LIST_LENGTH);
    /* A cache zone descriptor only advises a drive that has zones. */
    if (cdb->type == MMC_STREAMING_CACHE_ZONE)
        return sense_good();
    return stream_at(drive, (const void *)command->data_out);
}

struct sense command_set_cd_speed(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_set_cd_speed *cdb = COMMAND_CDB(mmc_cdb_set_cd_speed, command);
    uint32_t speed = from_be16(cdb->read_speed);

    drive->read_speed = speed == SPEED_MAXIMUM ? (uint32_t)drive->profile.max_read_speed
                                               : supported_speed(drive, speed);
    drive->rotation_control = cdb->rotation_control & 0x03;
    return sense_good();
}

struct sense command_read_buffer_capacity(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_10 *cdb = COMMAND_CDB(mmc_cdb_10, command);
    bool block = (cdb->flags & MMC_BUFFER_BLOCK) != 0;
    uint32_t size = (uint32_t)drive->profile.buffer_size;
    struct mmc_buffer_capacity data = {
        .data_length = to_be16(sizeof data - sizeof data.data_length),
        .block = block,
        .length = to_be32(block ? 0 : size),
        .blank_length = to_be32(block ? size / DVD_SECTOR_SIZE : size),
    };
    return command_answer(command, &data, sizeof data, from_be16(cdb->length));
}
