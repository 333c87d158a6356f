/* SPDX-License-Identifier: MIT */

/*
 * The bulk-only transport before a real drive.  The input is a list of what a host does, each with
 * a first byte that says what; whatever it does, no answer is longer than asked for, status
 * wrappers are well-formed, and a reset recovery makes the device work again.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "handlers/usbredir/bulk_only.h"

#define SECTORS  64
#define ROOM_MAX 8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct disc *disc;
static struct bulk_only transport;

struct input {
    const uint8_t *bytes;
    size_t size;
};

static void make_disc(void)
{
    struct disc_description description;
    int file = memfd_create("image", 0);
    char path[32];

    if (file < 0 || ftruncate(file, SECTORS * 2048) < 0)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    disc_description_init(&description);
    description.image = strdup(path);
    description.protection = DISC_PROTECTION_CSS;
    disc = disc_create(&description, NULL);
    if (!disc)
        abort();
    disc_description_release(&description);
    close(file);
}

static uint8_t take(struct input *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->bytes++;
}

static uint32_t take_number(struct input *input, unsigned bytes)
{
    uint32_t number = 0;

    while (bytes-- > 0)
        number = number << 8 | take(input);
    return number;
}

static void send_wrapper(struct input *input, uint64_t now)
{
    uint8_t cbw[BULK_ONLY_CBW_SIZE] = {'U', 'S', 'B', 'C', 1, 2, 3, 4};
    uint8_t length = take(input) % 18;

    for (unsigned i = 0; i < 4; i++)
        cbw[8 + i] = i < 2 ? take(input) : 0;
    cbw[12] = take(input);
    cbw[14] = length;
    for (unsigned i = 0; i < length && i < 16; i++)
        cbw[15 + i] = take(input);
    bulk_only_out(&transport, cbw, sizeof(cbw), now);
}

static void send_data(struct input *input, uint64_t now)
{
    size_t length = take_number(input, 2);

    if (length > input->size)
        length = input->size;
    bulk_only_out(&transport, input->bytes, length, now);
    input->bytes += length;
    input->size -= length;
}

static void fetch(struct input *input, uint64_t now)
{
    size_t requested = take_number(input, 2) % (ROOM_MAX + 1), length;
    size_t room = bulk_only_in_room(&transport, requested);
    bool status_due = transport.phase == BULK_ONLY_PHASE_STATUS;
    /* Exactly as large as it may be, so that the sanitizer sees one byte too many. */
    uint8_t *bytes = malloc(room ? room : 1);
    enum bulk_only_answer answer = bulk_only_in(&transport, bytes, requested, &length, now);

    if (room > requested || length > room || (answer != BULK_ONLY_DONE && length > 0))
        abort();
    if (status_due && answer == BULK_ONLY_DONE &&
        (length != BULK_ONLY_CSW_SIZE || memcmp(bytes, "USBS", 4) != 0 || bytes[12] > 2))
        abort();
    free(bytes);
}

static void host_does(struct input *input, struct drive *drive, uint64_t now)
{
    uint8_t what = take(input);

    switch (what & 7) {
    case 0:
    case 1:
        send_wrapper(input, now);
        break;
    case 2:
        send_data(input, now);
        break;
    case 3:
    case 4:
        fetch(input, now);
        break;
    case 5:
        bulk_only_set_halt(&transport, what & 8 ? BULK_ONLY_IN : BULK_ONLY_OUT, what & 16);
        break;
    case 6:
        (what & 8 ? bulk_only_restart : bulk_only_reset)(&transport, now);
        break;
    case 7:
        drive_eject(drive, false, now);
        drive_insert(drive, what & 8 ? disc : NULL, now);
        break;
    }
}

/* After the reset recovery INQUIRY works, whatever came before. */
static void check_recovery(uint64_t now)
{
    uint8_t cbw[BULK_ONLY_CBW_SIZE] = {
        'U', 'S', 'B', 'C', [8] = 36, [12] = 0x80, [14] = 6, [15] = 0x12, [19] = 36};
    uint8_t bytes[36];
    size_t length;

    bulk_only_reset(&transport, now);
    bulk_only_set_halt(&transport, BULK_ONLY_IN, false);
    bulk_only_set_halt(&transport, BULK_ONLY_OUT, false);
    if (bulk_only_out(&transport, cbw, sizeof(cbw), now) != BULK_ONLY_DONE ||
        bulk_only_in(&transport, bytes, 36, &length, now) != BULK_ONLY_DONE || length != 36 ||
        bulk_only_in(&transport, bytes, 13, &length, now) != BULK_ONLY_DONE || bytes[12] != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct drive_profile profile;
    struct drive_nexus *nexus;
    struct drive *drive;
    uint64_t now = 0;

    if (!disc)
        make_disc();
    drive_profile_init(&profile);
    drive = drive_create(&profile, NULL, NULL, now);
    nexus = drive_nexus_attach(drive, false);
    drive_insert(drive, disc, now);
    bulk_only_init(&transport, drive, nexus);
    while (input.size > 0)
        host_does(&input, drive, now += 1000000);
    check_recovery(now);
    bulk_only_restart(&transport, now);
    drive_nexus_detach(nexus);
    drive_destroy(drive);
    return 0;
}
