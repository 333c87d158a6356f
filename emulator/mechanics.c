/* SPDX-License-Identifier: MIT */
#include "emulator/mechanics.h"

#define DATA_WIDTH (GEOMETRY_RADIUS_OUTSIDE - GEOMETRY_RADIUS_INSIDE)

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Places on the disc ------------------------------------------------------- */

static uint32_t first_lba(uint32_t block)
{
    return block * MECHANICS_BLOCK_SECTORS;
}

/* The block behind the last one of the layer that `block` lies on. */
static uint32_t layer_end(const struct mechanics *mechanics, uint32_t block)
{
    uint32_t layer_break = mechanics->disc.layer_break / MECHANICS_BLOCK_SECTORS;

    if (block < layer_break)
        return layer_break;
    return (mechanics->disc.sectors + MECHANICS_BLOCK_SECTORS - 1) / MECHANICS_BLOCK_SECTORS;
}

/* Moves -------------------------------------------------------------------- */

static uint64_t across(const struct mechanics *mechanics, uint32_t distance)
{
    const struct mechanics_figures *figures = &mechanics->figures;
    uint32_t tracks = (distance + GEOMETRY_TRACK_PITCH - 1) / GEOMETRY_TRACK_PITCH;

    if (tracks <= MECHANICS_JUMP_TRACKS_MAX)
        return tracks * MECHANICS_JUMP_TIME;
    /* The line through both figures, which are those of a third and of all of the width. */
    uint64_t rise = 3 * (figures->full_seek - figures->seek) * distance / DATA_WIDTH;
    return (3 * figures->seek - figures->full_seek + rise) / 2;
}

/* From where the pick-up is to the beginning of `block`. */
static uint64_t move(const struct mechanics *mechanics, uint32_t block)
{
    const struct geometry *disc = &mechanics->disc;
    uint32_t from = first_lba(mechanics->at), to = first_lba(block);
    uint32_t left = geometry_radius(disc, from), radius = geometry_radius(disc, to);
    uint64_t time = across(mechanics, left > radius ? left - radius : radius - left);

    if (geometry_layer(disc, from) != geometry_layer(disc, to))
        time += mechanics->figures.layer_change;
    return time + rotation_turn(&mechanics->rotation, disc, radius) / 2;
}

/* The blocks first..end-1 of one layer pass.  The last of a disc is whole, whatever the image has.
 */
static uint64_t pass(const struct mechanics *mechanics, uint32_t first, uint32_t end)
{
    return rotation_pass(&mechanics->rotation, &mechanics->disc, first_lba(first), first_lba(end));
}

/* Reading ahead ------------------------------------------------------------ */

/* How far to read ahead behind `from`.  A quarter of the buffer keeps what was read last. */
static uint32_t limit_behind(const struct mechanics *mechanics, uint32_t from)
{
    uint32_t buffer = mechanics->figures.buffer_blocks;
    return smaller(from + buffer - buffer / 4, layer_end(mechanics, mechanics->at));
}

static void read_ahead(struct mechanics *mechanics, uint32_t limit, uint64_t since)
{
    mechanics->limit = limit;
    mechanics->ahead = mechanics->position < limit;
    mechanics->since = since;
}

static void keep_what_fits(struct mechanics *mechanics)
{
    if (mechanics->position - mechanics->buffered > mechanics->figures.buffer_blocks)
        mechanics->buffered = mechanics->position - mechanics->figures.buffer_blocks;
}

/* The blocks that were read ahead up to `now` are in the buffer. */
static void settle(struct mechanics *mechanics, uint64_t now)
{
    uint32_t read = mechanics->position, unread = mechanics->limit + 1;

    if (!mechanics->ahead || now <= mechanics->since)
        return;
    while (unread - read > 1) {
        uint32_t middle = read + (unread - read) / 2;
        if (pass(mechanics, mechanics->position, middle) <= now - mechanics->since)
            read = middle;
        else
            unread = middle;
    }
    if (read == mechanics->position)
        return;
    mechanics->since += pass(mechanics, mechanics->position, read);
    mechanics->position = read;
    mechanics->at = read - 1;
    mechanics->ahead = read < mechanics->limit;
    keep_what_fits(mechanics);
}

/* Reading ahead ends here. */
static void stop_reading(struct mechanics *mechanics, uint64_t now)
{
    settle(mechanics, now);
    mechanics->ahead = false;
}

void mechanics_forget(struct mechanics *mechanics, uint64_t now)
{
    stop_reading(mechanics, now);
    mechanics->buffered = mechanics->position;
}

/* The mechanism as a whole ------------------------------------------------- */

void mechanics_init(struct mechanics *mechanics, const struct mechanics_figures *figures,
                    const struct rotation *rotation)
{
    *mechanics = (struct mechanics){.figures = *figures, .rotation = *rotation};
}

void mechanics_reset(struct mechanics *mechanics, uint64_t now)
{
    mechanics_forget(mechanics, now);
    mechanics->has_trigger = false;
    mechanics->free_at = now;
}

/* When something that keeps the whole mechanism busy can begin. */
static uint64_t when_still(const struct mechanics *mechanics, uint64_t now)
{
    return mechanics->spindle == MECHANICS_STOPPED ? later(now, mechanics->ready_at) : now;
}

/* The pick-up is where the data begin, the lead-in lies just inside of them; the buffer is empty.
 */
static void load(struct mechanics *mechanics, const struct geometry *disc, uint64_t now)
{
    mechanics->disc = *disc;
    mechanics->buffered = mechanics->position = mechanics->at = mechanics->limit = 0;
    mechanics->ahead = false;
    mechanics->has_trigger = false;
    mechanics->free_at = now;
}

uint64_t mechanics_open_tray(struct mechanics *mechanics, uint64_t now)
{
    mechanics->ready_at = when_still(mechanics, now) + mechanics->figures.tray;
    mechanics->spindle = MECHANICS_STOPPED;
    load(mechanics, &(struct geometry){0}, now);
    return mechanics->ready_at;
}

uint64_t mechanics_close_tray(struct mechanics *mechanics, uint64_t now)
{
    mechanics->ready_at = when_still(mechanics, now) + mechanics->figures.tray;
    return mechanics->ready_at;
}

uint64_t mechanics_identify(struct mechanics *mechanics, const struct geometry *disc, uint64_t now)
{
    mechanics_start(mechanics, now);
    load(mechanics, disc, now);
    mechanics->ready_at = later(now, mechanics->turning_at) + mechanics->figures.identification;
    return mechanics->ready_at;
}

uint64_t mechanics_start(struct mechanics *mechanics, uint64_t now)
{
    uint64_t begin = later(now, mechanics->ready_at);

    if (mechanics->spindle == MECHANICS_STOPPED)
        mechanics->ready_at = mechanics->turning_at = begin + mechanics->figures.start;
    else if (mechanics->spindle == MECHANICS_IDLE)
        mechanics->ready_at = begin + mechanics->figures.wake;
    mechanics->spindle = MECHANICS_FOLLOWING;
    return later(now, mechanics->ready_at);
}

void mechanics_idle(struct mechanics *mechanics, uint64_t now)
{
    stop_reading(mechanics, now);
    if (mechanics->spindle == MECHANICS_FOLLOWING)
        mechanics->spindle = MECHANICS_IDLE;
}

void mechanics_stop(struct mechanics *mechanics, uint64_t now)
{
    stop_reading(mechanics, now);
    mechanics->spindle = MECHANICS_STOPPED;
}

void mechanics_rotate(struct mechanics *mechanics, const struct rotation *rotation, uint64_t now)
{
    settle(mechanics, now);
    mechanics->rotation = *rotation;
}

/* Sectors ------------------------------------------------------------------ */

/* The pick-up goes to `block`.  Returns when it begins to read there. */
static uint64_t go_to(struct mechanics *mechanics, uint32_t block, uint64_t begin)
{
    uint64_t there = begin + move(mechanics, block);

    if (block != mechanics->position)
        mechanics->buffered = block;
    mechanics->position = mechanics->at = block;
    return there;
}

/* Whether the pick-up, which is reading, comes to `block` sooner by reading on than by a move. */
static bool reads_on_to(const struct mechanics *mechanics, uint32_t block)
{
    return mechanics->ahead && block >= mechanics->position &&
           block < layer_end(mechanics, mechanics->at) &&
           pass(mechanics, mechanics->position, block) <= move(mechanics, block);
}

/* Reads up to `end` on, layer after layer, from `time`, when `position` begins to pass. */
static uint64_t read_to(struct mechanics *mechanics, uint32_t end, uint64_t time)
{
    for (;;) {
        uint32_t stop = smaller(end, layer_end(mechanics, mechanics->at));

        time += pass(mechanics, mechanics->position, stop);
        mechanics->position = stop;
        mechanics->at = stop - 1;
        if (stop == end)
            break;
        time = go_to(mechanics, stop, time);
    }
    keep_what_fits(mechanics);
    return time;
}

/* Reads what the buffer lacks of the blocks first..end-1. */
static uint64_t read_blocks(struct mechanics *mechanics, uint32_t first, uint32_t end,
                            bool from_disc, uint64_t now)
{
    bool begun = !from_disc && first >= mechanics->buffered && first < mechanics->position;
    uint32_t lacking = begun ? mechanics->position : first;

    if (reads_on_to(mechanics, lacking))
        return read_to(mechanics, end, mechanics->since);
    uint64_t begin = later(mechanics_start(mechanics, now), mechanics->free_at);
    return read_to(mechanics, end, go_to(mechanics, lacking, begin));
}

static void seek_ahead(struct mechanics *mechanics, uint32_t block, uint64_t begin)
{
    uint64_t there = go_to(mechanics, block, begin);
    mechanics->buffered = block;
    read_ahead(mechanics, limit_behind(mechanics, block), there);
}

/* The blocks first..end-1 are in the buffer: what the pick-up does next. */
static void go_on(struct mechanics *mechanics, uint32_t first, uint32_t end, uint64_t time)
{
    uint32_t limit = limit_behind(mechanics, end);

    if (mechanics->spindle != MECHANICS_FOLLOWING)
        return;
    if (mechanics->has_trigger && mechanics->trigger >= first && mechanics->trigger < end)
        seek_ahead(mechanics, mechanics->trigger_target, time);
    else if (mechanics->ahead)
        mechanics->limit = mechanics->limit > limit ? mechanics->limit : limit;
    else if (mechanics->position < limit)
        read_ahead(mechanics, limit, go_to(mechanics, mechanics->position, time));
}

uint64_t mechanics_read(struct mechanics *mechanics, uint32_t lba, uint32_t count, bool from_disc,
                        uint64_t now)
{
    uint32_t first = lba / MECHANICS_BLOCK_SECTORS;
    uint32_t end = (lba + count + MECHANICS_BLOCK_SECTORS - 1) / MECHANICS_BLOCK_SECTORS;

    if (count == 0)
        return now;
    settle(mechanics, now);
    if (from_disc || first < mechanics->buffered || end > mechanics->position) {
        mechanics->free_at = read_blocks(mechanics, first, end, from_disc, now);
        read_ahead(mechanics, limit_behind(mechanics, end), mechanics->free_at);
    }
    uint64_t done = later(now, mechanics->free_at);
    go_on(mechanics, first, end, done);
    return done;
}

uint64_t mechanics_seek(struct mechanics *mechanics, uint32_t lba, uint64_t now)
{
    settle(mechanics, now);
    uint64_t begin = later(mechanics_start(mechanics, now), mechanics->free_at);
    seek_ahead(mechanics, lba / MECHANICS_BLOCK_SECTORS, begin);
    mechanics->free_at = mechanics->since;
    return mechanics->since;
}

void mechanics_set_trigger(struct mechanics *mechanics, uint32_t trigger, uint32_t lba)
{
    mechanics->has_trigger = true;
    mechanics->trigger = trigger / MECHANICS_BLOCK_SECTORS;
    mechanics->trigger_target = lba / MECHANICS_BLOCK_SECTORS;
}
