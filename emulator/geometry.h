/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_GEOMETRY_H
#define EMULATOR_GEOMETRY_H

/*
 * Where a sector lies on a disc and how fast it passes the pick-up: the spiral of a 120 mm DVD-ROM
 * (ECMA-267) from 24 mm to 58 mm.  Radii are nanometres, speeds kB/s (1000 bytes), times
 * nanoseconds.
 */

#include <stdbool.h>
#include <stdint.h>

#include "media/disc.h"

/* 1x: 11.08 Mbit/s of user data. */
#define SPEED_1X 1385

#define GEOMETRY_RADIUS_INSIDE  24000000u
#define GEOMETRY_RADIUS_OUTSIDE 58000000u
#define GEOMETRY_TRACK_PITCH    740u

struct geometry {
    uint32_t sectors; /* of the whole disc, more than 0 */
    unsigned layers;
    uint32_t layer_break; /* sectors on layer 0; 0 with one layer */
    bool opposite;        /* the second layer runs inwards */
};

/* How the spindle turns. */
struct rotation {
    uint32_t speed;   /* chosen, SPEED_1X to `maximum` */
    uint32_t maximum; /* the drive's own, which it has at the outer edge */
    bool cav;         /* constant angular velocity; otherwise constant linear velocity */
};

/* `disc` has sectors. */
struct geometry geometry_of(const struct disc *disc);

/* 0 or 1. */
unsigned geometry_layer(const struct geometry *geometry, uint32_t lba);
/* How many sectors of its layer lie closer to the centre than `lba`. */
uint32_t geometry_sectors_inside(const struct geometry *geometry, uint32_t lba);
/* The radius of a place with so many sectors of its layer closer to the centre. */
uint32_t geometry_radius_behind(const struct geometry *geometry, uint32_t sectors);
/* The same for an address: where its first byte (of an inward spiral: its last) lies. */
uint32_t geometry_radius(const struct geometry *geometry, uint32_t lba);
/* How many sectors of a layer lie closer to the centre than `radius`, GEOMETRY_RADIUS_INSIDE or
 * more. */
uint32_t geometry_sectors_within(const struct geometry *geometry, uint32_t radius);

/*
 * The speed at a radius.  With a constant angular velocity the chosen speed is that of the outer
 * edge and falls with the radius.  A constant linear velocity is the chosen speed everywhere but
 * where the spindle would have to turn faster than at the drive's maximum speed with constant
 * angular velocity.  Nowhere is it below SPEED_1X, the rate at which DVD-Video plays: where it
 * would be, the spindle turns faster, at a constant linear velocity of SPEED_1X.
 */
uint32_t rotation_speed_at(const struct rotation *rotation, uint32_t radius);

#define ROTATION_BENDS_MAX 2
/*
 * The radii between GEOMETRY_RADIUS_INSIDE and GEOMETRY_RADIUS_OUTSIDE at which the speed begins
 * to rise, or ceases to: how many, the radii ascending in `radius`.
 */
unsigned rotation_bends(const struct rotation *rotation, uint32_t radius[ROTATION_BENDS_MAX]);
/* One turn at a radius. */
uint64_t rotation_turn(const struct rotation *rotation, const struct geometry *geometry,
                       uint32_t radius);
/* The time in which the sectors first..end-1, all of one layer, pass the pick-up. */
uint64_t rotation_pass(const struct rotation *rotation, const struct geometry *geometry,
                       uint32_t first, uint32_t end);

#endif
