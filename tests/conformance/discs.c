/* SPDX-License-Identifier: MIT */
#include "tests/conformance/discs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/fixture.h"
#include "tests/conformance/texts.h"
#include "tests/conformance/vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a disc has beyond the description that disc_description_init() makes. */
enum disc_detail {
    DETAIL_CSS = 1,
    DETAIL_BCA = 2,
    DETAIL_MANUFACTURING = 4,
    DETAIL_OTP = 8,
    DETAIL_PTP = 16,
    DETAIL_DEFECTS = 32,
    DETAIL_UNREADABLE = 64,
};

static const struct disc_kind {
    const char *name;
    unsigned details;
    uint8_t regions_forbidden;
    uint32_t sparse_sectors; /* 0: the shared image */
    uint32_t layer_break;
} kinds[] = {
    {"plain",       0,                                 0,    0,       0      },
    {"css",         DETAIL_CSS,                        0x00, 0,       0      },
    {"css-1",       DETAIL_CSS,                        0xFE, 0,       0      },
    {"css-2",       DETAIL_CSS,                        0xFD, 0,       0      },
    {"css-12",      DETAIL_CSS,                        0xFC, 0,       0      },
    {"css-but-7",   DETAIL_CSS,                        0x40, 0,       0      },
    {"css-bca",     DETAIL_CSS | DETAIL_BCA,           0x00, 0,       0      },
    {"css-marked",  DETAIL_CSS | DETAIL_MANUFACTURING, 0x00, 0,       0      },
    {"otp",         DETAIL_OTP,                        0,    0,       0x410  },
    {"ptp",         DETAIL_PTP,                        0,    0,       0x410  },
    {"defects",     DETAIL_DEFECTS,                    0,    0,       0      },
    {"css-defects", DETAIL_CSS | DETAIL_DEFECTS,       0,    0,       0      },
    {"unreadable",  DETAIL_UNREADABLE,                 0,    0,       0      },
    {"dvd-5",       0,                                 0,    2295104, 0      },
    {"dvd-9",       DETAIL_OTP,                        0,    4173824, 2086912},
    {"otp-short-1", DETAIL_OTP,                        0,    3086912, 2086912},
    {"msf-last",    0,                                 0,    1151849, 0      },
    {"msf-minute",  0,                                 0,    1151774, 0      },
    {"msf-beyond",  0,                                 0,    1151850, 0      },
};

static struct disc *made[COUNT(kinds)];
static char shared_image[64];

static void fill_pack(uint8_t sector[DVD_SECTOR_SIZE], uint8_t stream)
{
    memcpy(sector, vector_sector_clear, DVD_SECTOR_SIZE);
    sector[0x11] = stream;
}

void discs_plain_sector(uint32_t lba, uint8_t sector[DVD_SECTOR_SIZE])
{
    bool title_set_1 = lba >= 0x100 && lba < 0x120;
    bool title_set_2 = lba >= 0x200 && lba < 0x210;

    if (lba == 0x100)
        fill_pack(sector, 0xBB);
    else if (lba == 0x108)
        fill_pack(sector, 0xBE);
    else if (title_set_1 || title_set_2 || lba == 0x180)
        fill_pack(sector, 0xE0);
    else
        for (unsigned i = 0; i < DVD_SECTOR_SIZE; i++)
            sector[i] = (uint8_t)(0x40 + lba * 7 + i + (i >> 8));
    /* The first video pack of each title set is the sector of the vectors, unchanged. */
    if (lba == 0x101 || lba == 0x201)
        return;
    sector[0x60] = (uint8_t)(lba >> 24);
    sector[0x61] = (uint8_t)(lba >> 16);
    sector[0x62] = (uint8_t)(lba >> 8);
    sector[0x63] = (uint8_t)lba;
}

/* A new temporary file; its name goes into `path`. */
static FILE *create_image(char path[64])
{
    snprintf(path, 64, "/tmp/vodd-conformance-XXXXXX");
    int descriptor = mkstemp(path);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
    if (!file)
        perror(path);
    return file;
}

/* Closes the file. */
static bool fill_shared_image(FILE *file)
{
    bool good = true;

    for (uint32_t lba = 0; lba < DISCS_SECTORS; lba++) {
        uint8_t sector[DVD_SECTOR_SIZE];
        discs_plain_sector(lba, sector);
        good = good && fwrite(sector, sizeof sector, 1, file) == 1;
    }
    return fclose(file) == 0 && good;
}

static bool write_shared_image(void)
{
    FILE *file = create_image(shared_image);
    return file && fill_shared_image(file);
}

static bool write_sparse_image(char path[64], uint32_t sectors)
{
    FILE *file = create_image(path);
    if (!file)
        return false;
    bool good = ftruncate(fileno(file), (off_t)sectors * DVD_SECTOR_SIZE) == 0;
    if (!good)
        perror(path);
    return fclose(file) == 0 && good;
}

static void add_extent(struct disc_extents *extents, uint32_t first, uint32_t count, unsigned set)
{
    struct disc_extent *grown =
        realloc(extents->extent, (extents->count + 1) * sizeof *extents->extent);
    if (!grown)
        abort();
    extents->extent = grown;
    grown[extents->count++] = (struct disc_extent){first, count, set};
}

static void describe_css(struct disc_description *description)
{
    description->protection = DISC_PROTECTION_CSS;
    description->has_disc_key = true;
    description->disc_key = (struct css_key){
        {0x48, 0x9B, 0x77, 0xFA, 0x42}
    };
    for (unsigned j = 1; j <= CSS_PLAYER_KEYS; j++) {
        description->has_player_key[j - 1] = true;
        description->player_key[j - 1] = (struct css_key){
            {(uint8_t)j, (uint8_t)(j >> 8 ^ 0x5A), (uint8_t)(3 * j), (uint8_t)(5 * j),
             (uint8_t)(7 * j)}
        };
    }
    description->has_title_key[1] = true;
    description->title_key[1] = (struct css_key){
        {0x12, 0x34, 0x56, 0x78, 0x9A}
    };
    description->has_title_key[2] = true;
    description->title_key[2] = (struct css_key){
        {0xC0, 0xFF, 0xEE, 0x42, 0x17}
    };
    add_extent(&description->scramble_extents, 0x100, 0x20, 1);
    add_extent(&description->scramble_extents, 0x200, 0x10, 2);
}

static void describe(const struct disc_kind *kind, struct disc_description *description)
{
    description->book_version = 1;
    description->regions_forbidden = kind->regions_forbidden;
    description->layer_break = kind->layer_break;
    if (kind->details & (DETAIL_OTP | DETAIL_PTP))
        description->layers = 2;
    if (kind->details & DETAIL_OTP)
        description->track_path = DISC_TRACK_PATH_OPPOSITE;
    if (kind->details & DETAIL_PTP)
        description->track_path = DISC_TRACK_PATH_PARALLEL;
    if (kind->details & DETAIL_CSS)
        describe_css(description);
    if (kind->details & DETAIL_BCA) {
        description->bca_size = 16;
        for (unsigned i = 0; i < 16; i++)
            description->bca[i] = (uint8_t)(0xA0 + i);
        description->book_version = 2;
        description->disc_80mm = true;
    }
    if (kind->details & DETAIL_MANUFACTURING)
        memcpy(description->manufacturing, "vodd", 4);
    if (kind->details & DETAIL_DEFECTS) {
        if (kind->details & DETAIL_CSS)
            add_extent(&description->defects, 0x103, 1, 0);
        add_extent(&description->defects, 0x300, 1, 0);
        if (!(kind->details & DETAIL_CSS))
            add_extent(&description->defects, 0x3F0, 0x10, 0);
    }
    if (kind->details & DETAIL_UNREADABLE)
        description->medium = DISC_MEDIUM_UNREADABLE;
}

/* Faults are shown, warnings about the keys of the vectors are not. */
static void keep_last(void *context, const char *text)
{
    snprintf(context, 500, "%s", text);
}

static struct disc *make(const struct disc_kind *kind)
{
    struct disc_description description;
    char last[500] = "";
    struct diagnostics diagnostics = {.report = keep_last, .context = last};
    char sparse_image[64] = "";

    if (kind->sparse_sectors) {
        if (!write_sparse_image(sparse_image, kind->sparse_sectors))
            return NULL;
    } else if (!*shared_image && !write_shared_image()) {
        return NULL;
    }
    disc_description_init(&description);
    describe(kind, &description);
    if (!(kind->details & DETAIL_UNREADABLE))
        description.image = strdup(kind->sparse_sectors ? sparse_image : shared_image);
    struct disc *disc = disc_create(&description, &diagnostics);
    if (!disc)
        fprintf(stderr, "disc \"%s\": %s\n", kind->name, last);
    disc_description_release(&description);
    if (kind->sparse_sectors)
        unlink(sparse_image);
    return disc;
}

static struct disc *load(const char *path)
{
    struct disc_description description;
    struct diagnostics diagnostics;

    diagnostics_to_stderr(&diagnostics);
    if (!fixture_load(path, &description, &diagnostics))
        return NULL;
    struct disc *disc = disc_create(&description, &diagnostics);
    disc_description_release(&description);
    return disc;
}

struct disc *discs_get(const char *name)
{
    if (strchr(name, '/'))
        return load(name);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strcmp(kinds[i].name, name) != 0)
            continue;
        if (!made[i])
            made[i] = make(&kinds[i]);
        return made[i] ? disc_reference(made[i]) : NULL;
    }
    fprintf(stderr, "there is no disc \"%s\"\n", name);
    return NULL;
}

static FILE *open_in(const char *folder, const char *name, const char *suffix, char path[512])
{
    snprintf(path, 512, "%s/%s.%s", folder, name, suffix);
    FILE *file = fopen(path, "wb");
    if (!file)
        perror(path);
    return file;
}

/* `image` lies beside the fixture, wherever the reader has that folder. */
static bool write_disc(const char *folder, const struct disc_kind *kind, const char *image)
{
    struct disc_description description;
    char path[512];
    FILE *file = open_in(folder, kind->name, "disc", path);

    if (!file)
        return false;
    disc_description_init(&description);
    describe(kind, &description);
    description.image = strdup(strrchr(image, '/') + 1);
    text_disc(file, &description);
    disc_description_release(&description);
    return fclose(file) == 0;
}

bool discs_write(const char *folder)
{
    char shared[512], sparse[512];
    FILE *file = open_in(folder, "shared", "iso", shared);
    bool good = file && fill_shared_image(file);

    for (size_t i = 0; good && i < COUNT(kinds); i++) {
        if (kinds[i].sparse_sectors) {
            file = open_in(folder, kinds[i].name, "iso", sparse);
            good = file &&
                   ftruncate(fileno(file), (off_t)kinds[i].sparse_sectors * DVD_SECTOR_SIZE) == 0;
            if (file)
                fclose(file);
        }
        good = good && write_disc(folder, &kinds[i], kinds[i].sparse_sectors ? sparse : shared);
    }
    return good;
}

void discs_close(void)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        disc_release(made[i]);
        made[i] = NULL;
    }
    if (*shared_image)
        unlink(shared_image);
    *shared_image = '\0';
}
