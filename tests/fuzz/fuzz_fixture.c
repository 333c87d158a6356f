/* SPDX-License-Identifier: MIT */

/*
 * Disc fixtures: any text is read or refused, and what was read is in range and makes a disc that
 * can be read, or is refused against the image.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "media/fixture.h"

#define IMAGE_SIZE ((off_t)400 * DVD_SECTOR_SIZE)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* The path of an image of zeros, the same in every run. */
static const char *image_path(void)
{
    static char path[32];
    if (path[0] == 0) {
        int descriptor = memfd_create("image", MFD_CLOEXEC);
        require(descriptor >= 0 && ftruncate(descriptor, IMAGE_SIZE) == 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    }
    return path;
}

static void check_description(const struct disc_description *description)
{
    bool css = description->protection == DISC_PROTECTION_CSS;
    require(css || description->protection == DISC_PROTECTION_NONE);
    require(css || (!description->has_disc_key && description->scramble_file_count == 0 &&
                    description->scramble_extents.count == 0));
    require((description->medium == DISC_MEDIUM_UNREADABLE) == (description->image == NULL));
    require(description->layers <= 2 && description->layer_break % 16 == 0);
    require(description->book_version <= 15 && description->scramble_every >= 1);
    require(description->bca_size == 0 ||
            (description->bca_size >= DISC_BCA_MIN && description->bca_size <= DISC_BCA_MAX));
    require(!description->has_disc_key || !css_key_is_zero(&description->disc_key));
    for (size_t i = 1; i < description->defects.count; i++)
        require(description->defects.extent[i].first >
                description->defects.extent[i - 1].first +
                    description->defects.extent[i - 1].count);
}

/* As a disc without CSS: the search of a disc key would make every run slow. */
static void check_disc(struct disc_description *description)
{
    if (description->image) {
        free(description->image);
        description->image = strdup(image_path());
        require(description->image != NULL);
    }
    description->protection = DISC_PROTECTION_NONE;
    struct disc *disc = disc_create(description, NULL);
    if (!disc)
        return;
    uint8_t data[DISC_STRUCTURE_SIZE], bytes[16 * DVD_SECTOR_SIZE];
    struct iovec iov = {bytes, sizeof bytes};
    for (unsigned layer = 0; layer < disc_layers(disc); layer++)
        disc_physical_format(disc, layer, data);
    for (uint32_t lba = 0; lba + 16 <= disc_sectors(disc); lba += 16) {
        struct disc_read read = disc_read(disc, lba, 16, true, &iov, 1);
        require((read.end == DISC_READ_COMPLETE) == (read.sectors == 16));
    }
    disc_release(disc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = 0;
    struct disc_description description;
    if (fixture_read("fuzz.disc", text, &description, NULL)) {
        check_description(&description);
        check_disc(&description);
        disc_description_release(&description);
    }
    free(text);
    return 0;
}
