/* SPDX-License-Identifier: MIT */

/*
 * Fault rules: any settings are read or refused, and whatever a rule does to a command, no byte is
 * written beyond the host's buffer and the drive goes on.  The input is a rule, one setting a line,
 * an empty line, and CDBs of 12 bytes.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "emulator/drive.h"
#include "emulator/fault.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WORDS_MAX 32
#define ROOM      (16 * DVD_SECTOR_SIZE)

static void execute(struct drive *drive, struct drive_nexus *nexus, const uint8_t *cdb,
                    uint64_t now)
{
    static uint8_t data[ROOM + 1];
    static const uint8_t data_out[16] = {0, 14};
    struct drive_command command = {.nexus = nexus, .cdb_length = 12, .data_out = data_out};
    struct drive_data_phase phase;

    memcpy(command.cdb, cdb, 12);
    phase = drive_data_phase(cdb, 12);
    if (phase.direction == DRIVE_DIRECTION_OUT)
        command.data_out_length = phase.length < sizeof data_out ? phase.length : sizeof data_out;
    data[ROOM] = 0x5A;
    drive_begin(drive, &command, now);
    /* In two pieces, as far as there is room. */
    size_t half = command.data_in_length / 2 < ROOM / 2 ? command.data_in_length / 2 : ROOM / 2;
    size_t moved = 0;
    if (!command.done && half > 0)
        moved = drive_data_in(drive, &command, &(struct iovec){data, half}, 1);
    if (!command.done)
        moved += drive_data_in(drive, &command, &(struct iovec){data + moved, ROOM - moved}, 1);
    if (moved > ROOM || moved != command.data_in_done || data[ROOM] != 0x5A)
        abort();
    if (!command.done && command.data_in_length <= ROOM)
        abort();
    drive_finish(drive, &command, now);
}

/* 64 sectors, the second half scrambled. */
static struct disc *make_disc(void)
{
    struct disc_description description;
    int file = memfd_create("image", 0);

    disc_description_init(&description);
    if (file < 0 || ftruncate(file, 64 * DVD_SECTOR_SIZE) < 0 ||
        asprintf(&description.image, "/proc/self/fd/%d", file) < 0)
        abort();
    description.protection = DISC_PROTECTION_CSS;
    description.scramble_extents.extent = calloc(1, sizeof(struct disc_extent));
    if (!description.scramble_extents.extent)
        abort();
    description.scramble_extents.extent[0] = (struct disc_extent){32, 32, 1};
    description.scramble_extents.count = 1;
    struct disc *disc = disc_create(&description, NULL);
    disc_description_release(&description);
    if (!disc)
        abort();
    return disc;
}

static void use_rule(const struct fault_rule *rule, const uint8_t *cdbs, size_t count)
{
    static struct disc *disc;
    struct drive_profile profile;

    if (!disc)
        disc = make_disc();
    drive_profile_init(&profile);
    struct drive *drive = drive_create(&profile, NULL, NULL, 0);
    struct drive_nexus *nexus = drive_nexus_attach(drive, true);
    if (!nexus || drive_fault_add(drive, rule) != FAULT_ADDED || !drive_insert(drive, disc, 0))
        abort();
    for (size_t i = 0; i < count; i++)
        execute(drive, nexus, cdbs + 12 * i, i);
    drive_nexus_detach(nexus);
    drive_destroy(drive);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fault_rule rule;
    const char *words[WORDS_MAX];
    size_t count = 0, used = 0;
    char *text = malloc(size + 1), *rest = text;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    for (char *word; count < WORDS_MAX && (word = strsep(&rest, "\n")) && *word;) {
        words[count++] = word;
        used = rest ? (size_t)(rest - text) : size;
    }
    if (fault_rule_parse("fuzz", words, count, &rule, NULL)) {
        if (used < size)
            use_rule(&rule, data + used + 1, (size - used - 1) / 12);
        fault_rule_release(&rule);
    }
    free(text);
    return 0;
}
