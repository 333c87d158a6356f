/* SPDX-License-Identifier: MIT */
#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_performance.h"

/* GET PERFORMANCE, SET STREAMING, SET CD SPEED, READ BUFFER CAPACITY: speeds and the buffer. */

#define SPEED_MAXIMUM 0xFFFF

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

/* Of two layers, each in up to three parts. */
#define DESCRIPTORS_MAX (2 * (ROTATION_BENDS_MAX + 1))

struct performance_answer {
    struct mmc_performance_header header;
    struct mmc_performance_descriptor descriptor[DESCRIPTORS_MAX];
};

static void add_descriptor(const struct rotation *rotation, const struct geometry *disc,
                           uint32_t first, uint32_t last, struct performance_answer *answer,
                           unsigned *descriptors)
{
    answer->descriptor[(*descriptors)++] = (struct mmc_performance_descriptor){
        .start_lba = to_be32(first),
        .start_speed = to_be32(rotation_speed_at(rotation, geometry_radius(disc, first))),
        .end_lba = to_be32(last),
        .end_speed = to_be32(rotation_speed_at(rotation, geometry_radius(disc, last))),
    };
}

/*
 * Where the sectors first..last, all of one layer, pass a radius with `knee` sectors inside of it:
 * the last address before it, or `last` if they do not.
 */
static uint32_t last_before(const struct geometry *disc, uint32_t first, uint32_t last,
                            uint32_t knee)
{
    uint32_t first_inside = geometry_sectors_inside(disc, first);
    uint32_t last_inside = geometry_sectors_inside(disc, last);

    if (knee > first_inside && knee < last_inside)
        return first + (knee - first_inside);
    if (knee > last_inside && knee < first_inside)
        return first + (first_inside - knee) - 1;
    return last;
}

/* A layer: one part, and one more for each bend.  An inward one meets the bends from outside. */
static void describe_layer(const struct drive *drive, const struct geometry *disc, uint32_t first,
                           uint32_t last, struct performance_answer *answer, unsigned *descriptors)
{
    struct rotation rotation = mechanism_rotation(drive);
    uint32_t radius[ROTATION_BENDS_MAX];
    unsigned bends = rotation_bends(&rotation, radius);
    bool inwards = geometry_sectors_inside(disc, last) < geometry_sectors_inside(disc, first);

    for (unsigned i = 0; i < bends; i++) {
        uint32_t knee = geometry_sectors_within(disc, radius[inwards ? bends - 1 - i : i]);
        uint32_t end = last_before(disc, first, last, knee);
        if (end == last)
            continue;
        add_descriptor(&rotation, disc, first, end, answer, descriptors);
        first = end + 1;
    }
    add_descriptor(&rotation, disc, first, last, answer, descriptors);
}

static unsigned nominal_descriptors(const struct drive *drive, struct performance_answer *answer)
{
    struct geometry disc = geometry_of(drive->disc);
    uint32_t first = 0;
    unsigned descriptors = 0;

    if (disc.layer_break != 0) {
        describe_layer(drive, &disc, 0, disc.layer_break - 1, answer, &descriptors);
        first = disc.layer_break;
    }
    describe_layer(drive, &disc, first, disc.sectors - 1, answer, &descriptors);
    return descriptors;
}

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

    if (drive->profile.performance_tolerance == PERFORMANCE_TOLERANCE_STRICT &&
        (cdb->data_type & MMC_PERFORMANCE_TOLERANCE) != MMC_PERFORMANCE_TOLERANCE_10_20)
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
        descriptors = nominal_descriptors(drive, &answer);
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
        mechanism_rotate(drive, (uint32_t)drive->profile.max_read_speed, drive->rotation_control);
        return sense_good();
    }
    if (time == 0)
        return sense_in_list(offsetof(struct mmc_streaming, read_time), -1);
    uint64_t wanted = (uint64_t)from_be32(list->read_size) * 1000 / time;
    uint32_t speed = supported_speed(drive, wanted > UINT32_MAX ? UINT32_MAX : (uint32_t)wanted);
    if ((list->flags & MMC_STREAMING_EXACT) != 0 && speed != wanted)
        return sense_in_list(offsetof(struct mmc_streaming, read_size), -1);
    mechanism_rotate(drive, speed, drive->rotation_control);
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

    mechanism_rotate(drive,
                     speed == SPEED_MAXIMUM ? (uint32_t)drive->profile.max_read_speed
                                            : supported_speed(drive, speed),
                     cdb->rotation_control & MMC_ROTATION_CONTROL);
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
