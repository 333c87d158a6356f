/* SPDX-License-Identifier: MIT */
#include "emulator/geometry.h"

/* Length of a sector on the track, nanometres: 1x is 3.49 m/s with one layer, 3.84 m/s with two. */
#define SECTOR_LENGTH_ONE_LAYER  5162000u
#define SECTOR_LENGTH_TWO_LAYERS 5680000u
/* What a sector adds to the square of the radius, in hundredths of a square micrometre: the track
 * pitch times the length of a sector over pi. */
#define SECTOR_AREA_ONE_LAYER  121592u
#define SECTOR_AREA_TWO_LAYERS 133793u
/* A hundredth of a square micrometre in square nanometres. */
#define AREA_UNIT 10000u

#define TWO_PI_MILLIONTHS 6283185u

/* The speed hardly changes within so many sectors: 0.9 mm on the inside, 0.4 mm outside. */
#define PIECE_SECTORS 4096u

struct geometry geometry_of(const struct disc *disc)
{
    return (struct geometry){
        .sectors = disc_sectors(disc),
        .layers = disc_layers(disc),
        .layer_break = disc_layer_break(disc),
        .opposite = disc_description(disc)->track_path == DISC_TRACK_PATH_OPPOSITE,
    };
}

unsigned geometry_layer(const struct geometry *geometry, uint32_t lba)
{
    return geometry->layer_break != 0 && lba >= geometry->layer_break;
}

uint32_t geometry_sectors_inside(const struct geometry *geometry, uint32_t lba)
{
    if (geometry_layer(geometry, lba) == 0)
        return lba;
    if (!geometry->opposite)
        return lba - geometry->layer_break;
    /* The second layer may be the longer one on paper only. */
    return lba < 2 * geometry->layer_break ? 2 * geometry->layer_break - 1 - lba : 0;
}

static uint32_t square_root(uint64_t square)
{
    uint64_t root = 0;
    for (uint64_t bit = 1u << 31; bit != 0; bit >>= 1)
        if ((root + bit) * (root + bit) <= square)
            root += bit;
    return (uint32_t)root;
}

static uint64_t sector_area(const struct geometry *geometry)
{
    return geometry->layers == 1 ? SECTOR_AREA_ONE_LAYER : SECTOR_AREA_TWO_LAYERS;
}

uint32_t geometry_radius_behind(const struct geometry *geometry, uint32_t sectors)
{
    uint64_t square = (uint64_t)GEOMETRY_RADIUS_INSIDE * GEOMETRY_RADIUS_INSIDE +
                      sectors * sector_area(geometry) * AREA_UNIT;
    uint32_t radius = square_root(square);
    return radius < GEOMETRY_RADIUS_OUTSIDE ? radius : GEOMETRY_RADIUS_OUTSIDE;
}

uint32_t geometry_radius(const struct geometry *geometry, uint32_t lba)
{
    return geometry_radius_behind(geometry, geometry_sectors_inside(geometry, lba));
}

uint32_t geometry_sectors_within(const struct geometry *geometry, uint32_t radius)
{
    uint64_t inside = (uint64_t)GEOMETRY_RADIUS_INSIDE * GEOMETRY_RADIUS_INSIDE;
    return (uint32_t)(((uint64_t)radius * radius - inside) / (sector_area(geometry) * AREA_UNIT));
}

/* The speed at `radius` when the outer edge has `speed`. */
static uint32_t scaled(uint32_t speed, uint32_t radius)
{
    uint32_t result = (uint32_t)((uint64_t)speed * radius / GEOMETRY_RADIUS_OUTSIDE);
    return result > SPEED_1X ? result : SPEED_1X;
}

uint32_t rotation_speed_at(const struct rotation *rotation, uint32_t radius)
{
    if (rotation->cav)
        return scaled(rotation->speed, radius);
    uint32_t fastest = scaled(rotation->maximum, radius);
    return rotation->speed < fastest ? rotation->speed : fastest;
}

/* The radius from which on the speed is at least `speed` when the outer edge has `outside`. */
static uint32_t radius_of(uint32_t speed, uint32_t outside)
{
    uint64_t width = (uint64_t)speed * GEOMETRY_RADIUS_OUTSIDE;
    return (uint32_t)((width + outside - 1) / outside);
}

unsigned rotation_bends(const struct rotation *rotation, uint32_t radius[ROTATION_BENDS_MAX])
{
    uint32_t outside = rotation->cav ? rotation->speed : rotation->maximum;
    uint32_t rises = radius_of(SPEED_1X, outside), ends = radius_of(rotation->speed, outside);
    unsigned count = 0;

    if (rises > GEOMETRY_RADIUS_INSIDE && rises < ends)
        radius[count++] = rises;
    if (ends > GEOMETRY_RADIUS_INSIDE && ends < GEOMETRY_RADIUS_OUTSIDE && ends > rises)
        radius[count++] = ends;
    return count;
}

uint64_t rotation_turn(const struct rotation *rotation, const struct geometry *geometry,
                       uint32_t radius)
{
    uint64_t length = geometry->layers == 1 ? SECTOR_LENGTH_ONE_LAYER : SECTOR_LENGTH_TWO_LAYERS;

    /* Bytes of a turn over bytes in a millisecond; the millionths make nanoseconds of it. */
    return (uint64_t)radius * TWO_PI_MILLIONTHS * DVD_SECTOR_SIZE /
           (length * rotation_speed_at(rotation, radius));
}

uint64_t rotation_pass(const struct rotation *rotation, const struct geometry *geometry,
                       uint32_t first, uint32_t end)
{
    uint64_t time = 0;

    while (first < end) {
        uint32_t sectors = end - first < PIECE_SECTORS ? end - first : PIECE_SECTORS;
        uint32_t radius = geometry_radius(geometry, first + sectors / 2);
        uint32_t speed = rotation_speed_at(rotation, radius);
        time += ((uint64_t)sectors * DVD_SECTOR_SIZE * 1000000 + speed - 1) / speed;
        first += sectors;
    }
    return time;
}
