/* SPDX-License-Identifier: MIT */

/*
 * Command streams: a drive, two hosts and an operator, driven by bytes.
 *
 *     byte 0   bits 0-6: the policies, the second choice of each; bit 7: it takes time to spin up,
 *                with bit 6 realistic timing
 *     byte 1   low nibble: which disc lies in the drive at first
 *     then operations: one byte (low nibble: which, high nibble: how), then its arguments, see
 * below
 *
 * Challenge and variant of the drive are fixed, so that a stream can contain a whole handshake.
 * What must hold after every operation is in check_view() and check_answer().
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "emulator/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SECTORS        64u
#define SCRAMBLED_FROM 16u
#define SCRAMBLED      32u
#define SLOTS          3
#define ANSWER_MAX     ((size_t)SECTORS * DVD_SECTOR_SIZE)
#define INVARIANT(condition)                                                                       \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "broken: %s (line %d)\n", #condition, __LINE__);                       \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* The keys of the CSS discs, as host programs must never see them: plain and as the disc has them.
 */
static const struct css_key disc_key = {
    {0x48, 0x9B, 0x77, 0xFA, 0x42}
};
static const struct css_key title_key = {
    {0x12, 0x34, 0x56, 0x78, 0x9A}
};
/* The host's answer to the fixed challenge 10h..19h under the fixed variant 13, wire order. */
static const uint8_t right_key2[CSS_KEY_SIZE] = {0xCF, 0xCA, 0xD2, 0x7C, 0x75};

enum disc_kind {
    DISC_CSS,
    DISC_CSS_REGION_2,
    DISC_CSS_DEFECTS,
    DISC_PLAIN,
    DISC_UNREADABLE,
    DISC_NONE,
    DISC_KINDS,
};

static struct disc *discs[DISC_KINDS];

/* A command under way and its buffers, which are as long as they say and no longer. */
struct slot {
    bool used;
    struct drive_command command;
    uint8_t *data_out, *data_in;
    size_t data_in_length;
    struct drive_view before;
    bool authenticated; /* ASF was set when data were taken */
};

struct stream {
    const uint8_t *next;
    size_t left;
    struct drive *drive;
    struct drive_nexus *nexus[2];
    struct slot slots[SLOTS];
    uint64_t now;
    struct drive_view view; /* after the operation before */
};

static uint8_t take(struct stream *stream)
{
    if (stream->left == 0)
        return 0;
    stream->left--;
    return *stream->next++;
}

/* Discs */

static void write_image(int image)
{
    static const uint8_t pack[] = {0x00, 0x00, 0x01, 0xBA, 0x44, 0x00, 0x04, 0x00,
                                   0x04, 0x01, 0x01, 0x89, 0xC3, 0xF8, 0x00, 0x00,
                                   0x01, 0xE0, 0x07, 0xEC, 0x81, 0x00, 0x00};

    for (uint32_t lba = 0; lba < SECTORS; lba++) {
        uint8_t sector[DVD_SECTOR_SIZE];
        for (unsigned i = 0; i < sizeof sector; i++)
            sector[i] = (uint8_t)(0x40 + lba * 7 + i);
        if (lba >= SCRAMBLED_FROM && lba < SCRAMBLED_FROM + SCRAMBLED && lba % 4 != 0)
            memcpy(sector, pack, sizeof pack);
        INVARIANT(write(image, sector, sizeof sector) == (ssize_t)sizeof sector);
    }
}

static void add_extent(struct disc_extents *extents, uint32_t first, uint32_t count)
{
    extents->extent = malloc(sizeof *extents->extent);
    INVARIANT(extents->extent);
    extents->extent[0] = (struct disc_extent){first, count, 1};
    extents->count = 1;
}

static struct disc *make_disc(enum disc_kind kind, const char *image)
{
    struct disc_description description;

    disc_description_init(&description);
    if (kind == DISC_UNREADABLE)
        description.medium = DISC_MEDIUM_UNREADABLE;
    else
        description.image = strdup(image);
    if (kind <= DISC_CSS_DEFECTS) {
        description.protection = DISC_PROTECTION_CSS;
        description.has_disc_key = true;
        description.disc_key = disc_key;
        description.has_title_key[1] = true;
        description.title_key[1] = title_key;
        add_extent(&description.scramble_extents, SCRAMBLED_FROM, SCRAMBLED);
    }
    if (kind == DISC_CSS_REGION_2)
        description.regions_forbidden = 0xFD;
    if (kind == DISC_CSS_DEFECTS)
        add_extent(&description.defects, SCRAMBLED_FROM + 2, 9);
    struct disc *disc = disc_create(&description, NULL);
    INVARIANT(disc);
    disc_description_release(&description);
    return disc;
}

static void make_discs(void)
{
    char path[64];
    int image = memfd_create("fuzz", 0);

    INVARIANT(image >= 0);
    write_image(image);
    snprintf(path, sizeof path, "/proc/self/fd/%d", image);
    for (unsigned kind = 0; kind < DISC_NONE; kind++)
        discs[kind] = make_disc(kind, path);
    close(image);
}

/* Invariants */

static bool contains(const uint8_t *data, size_t size, const struct css_key *key)
{
    return memmem(data, size, key->byte, CSS_KEY_SIZE) != NULL;
}

/* Key material in the clear, in an answer that did not come from the medium. */
static void check_secrets(const struct slot *slot)
{
    uint8_t code = slot->command.cdb[0];
    struct css_key hash = css_key_encrypt(CSS_KEY_USE_DISC, &disc_key, &disc_key);
    struct css_key stored = css_key_encrypt(CSS_KEY_USE_TITLE, &disc_key, &title_key);
    size_t size = slot->command.data_in_done;

    /* Mode pages hold what the host wrote; sectors hold what the image has. */
    if (code == 0x1A || code == 0x5A || code == 0x28 || code == 0xA8)
        return;
    INVARIANT(!contains(slot->data_in, size, &disc_key));
    INVARIANT(!contains(slot->data_in, size, &title_key));
    INVARIANT(!contains(slot->data_in, size, &hash));
    INVARIANT(!contains(slot->data_in, size, &stored));
}

/* Disc key and title key need an authenticated AGID and use it up. */
static void check_keys(const struct slot *slot, const struct drive_view *after)
{
    const uint8_t *cdb = slot->command.cdb;
    bool disc_key_asked = cdb[0] == 0xAD && cdb[7] == 0x02;
    bool title_key_asked = cdb[0] == 0xA4 && (cdb[10] & 0x3F) == 0x04;
    unsigned agid = 1u << (cdb[10] >> 6);

    if ((!disc_key_asked && !title_key_asked) || slot->command.data_in_length == 0)
        return;
    INVARIANT(slot->before.agids_authenticated & agid);
    INVARIANT(!(after->agids_in_use & agid));
}

/* Without authentication no scrambled sector leaves a drive that guards them. */
static void check_sectors(const struct stream *stream, const struct slot *slot)
{
    uint8_t code = slot->command.cdb[0];

    if ((code != 0x28 && code != 0xA8) || slot->authenticated ||
        !drive_profile(stream->drive)->scrambled_read_gate)
        return;
    for (size_t at = 0; at + DVD_SECTOR_SIZE <= slot->command.data_in_done; at += DVD_SECTOR_SIZE)
        INVARIANT(!css_sector_is_scrambled(slot->data_in + at));
}

static void check_sense(const struct drive_command *command)
{
    static const uint8_t zeros[DRIVE_SENSE_SIZE];
    const uint8_t *sense = command->sense;

    if (command->status == DRIVE_STATUS_GOOD) {
        INVARIANT(memcmp(sense, zeros, sizeof zeros) == 0);
        INVARIANT(command->data_in_done == command->data_in_length);
        return;
    }
    INVARIANT(command->status == DRIVE_STATUS_CHECK_CONDITION);
    INVARIANT((sense[0] & 0x7F) == 0x70 && sense[1] == 0 && sense[7] == 10);
    INVARIANT((sense[2] & 0xF0) == 0 && (sense[2] & 0x0F) != 0);
    INVARIANT((sense[0] & 0x80) || memcmp(sense + 3, zeros, 4) == 0);
    INVARIANT((sense[15] & 0x80) || (sense[15] == 0 && sense[16] == 0 && sense[17] == 0));
    INVARIANT(sense[12] != 0);
}

/* Commands that neither attentions nor the medium stop. */
static bool never_refused_for_state(uint8_t code)
{
    return code == 0x03 || code == 0x12 || code == 0x46 || code == 0x4A || code == 0xA0;
}

static void check_answer(const struct stream *stream, const struct slot *slot)
{
    const struct drive_command *command = &slot->command;
    struct drive_data_phase phase = drive_data_phase(command->cdb, command->cdb_length);

    INVARIANT(command->done);
    INVARIANT(command->data_in_done <= command->data_in_length);
    INVARIANT(command->data_in_length <= phase.length);
    INVARIANT(command->data_in_length == 0 || phase.direction == DRIVE_DIRECTION_IN);
    check_sense(command);
    check_secrets(slot);
    check_sectors(stream, slot);
    if (never_refused_for_state(command->cdb[0]) && command->status != DRIVE_STATUS_GOOD)
        INVARIANT(command->sense[2] == 5 || command->sense[12] == 0x29);
}

/* Whether this command is a KEY2 that the drive must accept as right. */
static bool is_right_key2(const struct slot *slot, unsigned agid)
{
    const struct drive_command *command = &slot->command;

    return command->cdb[0] == 0xA3 && command->cdb[10] == (agid << 6 | 0x03) && command->done &&
           command->status == DRIVE_STATUS_GOOD && command->data_out_length >= 12 &&
           memcmp(command->data_out + 4, right_key2, sizeof right_key2) == 0;
}

/* `slot` NULL: the operation was no command. */
static void check_view(struct stream *stream, const struct slot *slot)
{
    const struct drive_view before = stream->view;
    struct drive_view *view = &stream->view;

    drive_view(stream->drive, view);
    INVARIANT(view->agids_in_use < 1u << view->agids);
    INVARIANT((view->agids_authenticated & ~view->agids_in_use) == 0);
    INVARIANT(region_state_is_valid(&view->region));
    INVARIANT(view->region.vendor_resets <= before.region.vendor_resets);
    INVARIANT(view->medium != DRIVE_MEDIUM_READY || view->disc);
    for (unsigned agid = 0; agid < view->agids; agid++)
        if (view->agids_authenticated & ~before.agids_authenticated & 1u << agid)
            INVARIANT(slot && is_right_key2(slot, agid));
    if (view->asf && !before.asf)
        INVARIANT(slot && is_right_key2(slot, slot->command.cdb[10] >> 6));
    if (view->medium != DRIVE_MEDIUM_READY)
        INVARIANT(!view->asf && view->agids_in_use == 0);
}

/* Commands */

static void finish(struct stream *stream, struct slot *slot)
{
    if (slot->command.done)
        check_answer(stream, slot);
    drive_finish(stream->drive, &slot->command, stream->now);
    free(slot->data_in);
    free(slot->data_out);
    slot->used = false;
}

static void finish_all(struct stream *stream)
{
    for (unsigned i = 0; i < SLOTS; i++)
        if (stream->slots[i].used)
            finish(stream, &stream->slots[i]);
}

/* Takes up to `size` more bytes of the answer, in two pieces. */
static void take_data(struct stream *stream, struct slot *slot, size_t size)
{
    struct drive_command *command = &slot->command;
    size_t left = slot->data_in_length - command->data_in_done;

    if (command->done)
        return;
    if (size > left)
        size = left;
    struct iovec iov[2] = {
        {slot->data_in + command->data_in_done,            size / 3       },
        {slot->data_in + command->data_in_done + size / 3, size - size / 3},
    };
    uint64_t before = command->data_in_done;
    slot->authenticated = slot->authenticated || stream->view.asf;
    size_t moved = drive_data_in(stream->drive, command, iov, 2);
    INVARIANT(moved <= size && before + moved == command->data_in_done);
    INVARIANT(moved == size || command->done);
}

/* CDB (its length from the operation code), count of data-out bytes, data-out. */
static struct slot *begin(struct stream *stream, unsigned how)
{
    static const uint8_t lengths[8] = {6, 10, 10, 10, 16, 12, 10, 10};
    struct slot *slot = &stream->slots[how % SLOTS];

    if (slot->used)
        finish(stream, slot);
    memset(slot, 0, sizeof *slot);
    slot->used = true;
    struct drive_command *command = &slot->command;
    command->nexus = stream->nexus[how >> 2 & 1];
    command->cdb[0] = take(stream);
    command->cdb_length = lengths[command->cdb[0] >> 5];
    for (unsigned i = 1; i < command->cdb_length; i++)
        command->cdb[i] = take(stream);
    struct drive_data_phase phase = drive_data_phase(command->cdb, command->cdb_length);
    if (phase.direction == DRIVE_DIRECTION_OUT)
        command->data_out_length = take(stream);
    slot->data_out = malloc(command->data_out_length + 1);
    slot->data_in_length = phase.length < ANSWER_MAX ? phase.length : ANSWER_MAX;
    slot->data_in = malloc(slot->data_in_length + 1);
    INVARIANT(slot->data_out && slot->data_in);
    for (size_t i = 0; i < command->data_out_length; i++)
        slot->data_out[i] = take(stream);
    command->data_out = slot->data_out;
    slot->before = stream->view;
    drive_begin(stream->drive, command, stream->now);
    return slot;
}

static void command(struct stream *stream, unsigned how)
{
    struct slot *slot = begin(stream, how & 7);

    check_view(stream, slot);
    check_keys(slot, &stream->view);
    /* Bit 3: the rest comes later, or never. */
    if ((how & 8) == 0) {
        stream->now += slot->command.delay;
        take_data(stream, slot, ANSWER_MAX);
        finish(stream, slot);
    }
}

/* The next so many bytes for a command that was left; none left: status. */
static void go_on(struct stream *stream, unsigned how)
{
    struct slot *slot = &stream->slots[how % SLOTS];
    size_t size = (size_t)take(stream) << (how & 8 ? 8 : 0);

    if (!slot->used)
        return;
    take_data(stream, slot, size);
    if (slot->command.done)
        finish(stream, slot);
}

/* The world around */

static void insert(struct stream *stream)
{
    drive_insert(stream->drive, discs[take(stream) % DISC_KINDS], stream->now);
}

static void advance(struct stream *stream, unsigned how)
{
    static const uint64_t units[4] = {1, 1000000, 1000000000, 60000000000};

    stream->now += take(stream) * units[how & 3];
    drive_advance(stream->drive, stream->now);
    INVARIANT(drive_deadline(stream->drive) > stream->now);
}

static void renew_nexus(struct stream *stream, unsigned how)
{
    finish_all(stream);
    drive_nexus_detach(stream->nexus[how & 1]);
    stream->nexus[how & 1] = drive_nexus_attach(stream->drive, how & 2);
    INVARIANT(stream->nexus[how & 1]);
}

static void operate(struct stream *stream)
{
    uint8_t operation = take(stream);
    unsigned how = operation >> 4;

    switch (operation & 0x0F) {
    case 0x0:
        insert(stream);
        break;
    case 0x1:
        drive_eject(stream->drive, how & 1, stream->now);
        break;
    case 0x2:
        drive_press_eject_button(stream->drive, stream->now);
        break;
    case 0x3:
        drive_reset(stream->drive, how & 3, stream->now);
        break;
    case 0x4:
        advance(stream, how);
        break;
    case 0x5:
        drive_vendor_reset(stream->drive);
        break;
    case 0x6:
        renew_nexus(stream, how);
        break;
    case 0x7:
        go_on(stream, how);
        return;
    default:
        command(stream, how);
        return;
    }
    check_view(stream, NULL);
}

static void choose_profile(struct drive_profile *profile, uint8_t bits)
{
    drive_profile_init(profile);
    profile->css_variant = 13;
    profile->has_css_challenge = true;
    for (unsigned i = 0; i < CSS_CHALLENGE_SIZE; i++)
        profile->css_challenge.byte[i] = (uint8_t)(0x10 + i);
    profile->agid_exhausted = bits & 1;
    profile->agid_on_refused_key = bits >> 1 & 1;
    profile->unprotected_title_key = bits >> 2 & 1;
    profile->region_gate = bits >> 3 & 1;
    profile->scrambled_read_gate = (bits >> 4 & 1) == 0;
    profile->region_set_medium = bits >> 5 & 1;
    profile->region_unset = bits >> 6 & 1;
    profile->spin_up_time = bits & 0x80 ? 3000 : 0;
    profile->timing = (bits & 0xC0) == 0xC0 ? TIMING_REALISTIC : TIMING_INSTANT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stream stream = {.next = data, .left = size};
    struct drive_profile profile;

    if (!discs[0])
        make_discs();
    choose_profile(&profile, take(&stream));
    stream.drive = drive_create(&profile, NULL, NULL, 0);
    INVARIANT(stream.drive);
    stream.nexus[0] = drive_nexus_attach(stream.drive, true);
    stream.nexus[1] = drive_nexus_attach(stream.drive, false);
    INVARIANT(stream.nexus[0] && stream.nexus[1]);
    drive_view(stream.drive, &stream.view);
    insert(&stream);
    check_view(&stream, NULL);
    while (stream.left > 0)
        operate(&stream);
    finish_all(&stream);
    drive_nexus_detach(stream.nexus[0]);
    drive_nexus_detach(stream.nexus[1]);
    drive_destroy(stream.drive);
    return 0;
}
