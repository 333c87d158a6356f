/* SPDX-License-Identifier: MIT */
#include "media/disc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/host/dvd_image.h"
#include "tests/host/fault_log.h"
#include "tests/host/sha256.h"
#include "tests/tap.h"

enum { SECTORS = 700 };

static const struct dvd_image_file files[] = {
    {"VIDEO_TS.VOB", {{320, 20}}},
    {"VTS_01_0.VOB",              {{340, 16}}},
    {"VTS_01_1.VOB",{{356, 100}}},
    {"VTS_02_1.VOB", {{500, 50}, {600, 30}}},
    {.name = NULL             },
};

#define DISC_SIZE ((size_t)SECTORS * DVD_SECTOR_SIZE)

static uint8_t *plain;
static char *path;

static uint8_t *plain_at(uint32_t lba)
{
    return plain + (size_t)lba * DVD_SECTOR_SIZE;
}

static struct disc_description description;
static struct fault_log faults;

/* A disc key that is alone with its hash, stated so that tests need not search for one. */
static const struct css_key disc_key = {
    {0xFC, 0xC2, 0x32, 0x3B, 0x8A}
};

static void set_up(void)
{
    plain = dvd_image_build(SECTORS, "VIDEO_TS", files);
    path = dvd_image_save(plain, DISC_SIZE);
    disc_description_init(&description);
    description.image = strdup(path);
}

static void set_up_css(void)
{
    set_up();
    description.protection = DISC_PROTECTION_CSS;
    description.regions_forbidden = 0xFC;
    description.has_disc_key = true;
    description.disc_key = disc_key;
}

static void tear_down(void)
{
    disc_description_release(&description);
    unlink(path);
    free(path);
    free(plain);
}

static struct disc *make(void)
{
    fault_log_init(&faults);
    struct disc *disc = disc_create(&description, &faults.diagnostics);
    ck_assert_msg(disc != NULL, "%s", faults.text);
    return disc;
}

/* Making the disc must fail with just this message, in which %s stands for the image. */
static void assert_refused(const char *message)
{
    char expected[1024];
    fault_log_init(&faults);
    ck_assert_ptr_null(disc_create(&description, &faults.diagnostics));
    size_t used = 0;
    for (; *message; message++) {
        if (*message == '@')
            used += (size_t)snprintf(expected + used, sizeof expected - used, "%s", path);
        else
            expected[used++] = *message;
    }
    expected[used] = 0;
    ck_assert_str_eq(faults.text, expected);
}

static void resize(uint32_t sectors)
{
    ck_assert_int_eq(truncate(path, (off_t)sectors * DVD_SECTOR_SIZE), 0);
}

static struct disc_read read_flat(const struct disc *disc, uint32_t lba, uint32_t count,
                                  bool stop_at_scrambled, uint8_t *to)
{
    struct iovec iov = {to, (size_t)count * DVD_SECTOR_SIZE};
    return disc_read(disc, lba, count, stop_at_scrambled, &iov, 1);
}

/* Structures */

static void add_extent(struct disc_extents *list, uint32_t first, uint32_t count,
                       unsigned title_set)
{
    list->extent = reallocarray(list->extent, list->count + 1, sizeof *list->extent);
    ck_assert_ptr_nonnull(list->extent);
    list->extent[list->count++] = (struct disc_extent){first, count, title_set};
}

static const struct {
    uint32_t sectors;
    unsigned layers, settled_layers;
    enum disc_track_path track_path;
    uint32_t layer_break, settled_break;
    bool disc_80mm;
    unsigned book_version;
    uint8_t physical[2][17]; /* by layer */
} shapes[] = {
  /* One layer, as small and as large as can be. */
    {1,
     0, 1,
     DISC_TRACK_PATH_OPPOSITE, 0,
     0,       false,
     1, {{0x01, 0x02, 0x01, 0x00, 0, 0x03, 0x00, 0x00, 0, 0x03, 0x00, 0x00, 0, 0, 0, 0, 0}}       },
    {2295104,
     0, 1,
     DISC_TRACK_PATH_OPPOSITE, 0,
     0,       false,
     1, {{0x01, 0x02, 0x01, 0x00, 0, 0x03, 0x00, 0x00, 0, 0x26, 0x05, 0x3F, 0, 0, 0, 0, 0}}       },
 /* One layer, 80 mm, another book version. */
    {700000,
     1, 1,
     DISC_TRACK_PATH_PARALLEL, 0,
     0,       true,
     5, {{0x05, 0x12, 0x01, 0x00, 0, 0x03, 0x00, 0x00, 0, 0x0D, 0xAE, 0x5F, 0, 0, 0, 0, 0}}       },
 /* Opposite track path: full, uneven, and by itself because the image is long. */
    {4173824,
     2, 2,
     DISC_TRACK_PATH_OPPOSITE, 2086912,
     2086912, false,
     1, {{0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0, 0x22, 0xD7, 0xFF, 0},
      {0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0, 0x22, 0xD7, 0xFF, 0}}},
    {3086912,
     2, 2,
     DISC_TRACK_PATH_OPPOSITE, 2086912,
     2086912, false,
     1, {{0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xEC, 0x6A, 0x3F, 0, 0x22, 0xD7, 0xFF, 0},
      {0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xEC, 0x6A, 0x3F, 0, 0x22, 0xD7, 0xFF, 0}}},
    {4173824,
     0, 2,
     DISC_TRACK_PATH_OPPOSITE, 0,
     2086912, false,
     1, {{0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0, 0x22, 0xD7, 0xFF, 0},
      {0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0, 0x22, 0xD7, 0xFF, 0}}},
 /* The default break of an odd image: 1001 sectors, half rounded up to 512. */
    {1001,
     2, 2,
     DISC_TRACK_PATH_OPPOSITE, 0,
     512,     false,
     1, {{0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xE8, 0, 0x03, 0x01, 0xFF, 0},
      {0x01, 0x02, 0x31, 0x10, 0, 0x03, 0, 0, 0, 0xFC, 0xFF, 0xE8, 0, 0x03, 0x01, 0xFF, 0}}},
 /* Parallel track path: each layer has its own end. */
    {3000000,
     2, 2,
     DISC_TRACK_PATH_PARALLEL, 1000000,
     1000000, false,
     1, {{0x01, 0x02, 0x21, 0x10, 0, 0x03, 0, 0, 0, 0x12, 0x42, 0x3F, 0, 0, 0, 0, 0},
      {0x01, 0x02, 0x21, 0x10, 0, 0x03, 0, 0, 0, 0x21, 0x84, 0x7F, 0, 0, 0, 0, 0}}         },
};

START_TEST(physical_format_follows_from_the_layers)
{
    resize(shapes[_i].sectors);
    description.layers = shapes[_i].layers;
    description.track_path = shapes[_i].track_path;
    description.layer_break = shapes[_i].layer_break;
    description.disc_80mm = shapes[_i].disc_80mm;
    description.book_version = shapes[_i].book_version;
    struct disc *disc = make();
    ck_assert_uint_eq(disc_sectors(disc), shapes[_i].sectors);
    ck_assert_uint_eq(disc_layers(disc), shapes[_i].settled_layers);
    ck_assert_uint_eq(disc_layer_break(disc), shapes[_i].settled_break);
    ck_assert_uint_eq(disc_description(disc)->layer_break, shapes[_i].settled_break);
    for (unsigned layer = 0; layer < disc_layers(disc); layer++) {
        uint8_t data[DISC_STRUCTURE_SIZE];
        static const uint8_t zeros[DISC_STRUCTURE_SIZE];
        memset(data, 0xEE, sizeof data);
        disc_physical_format(disc, layer, data);
        ck_assert_mem_eq(data, shapes[_i].physical[layer], 17);
        ck_assert_mem_eq(data + 17, zeros, sizeof data - 17);
    }
    disc_release(disc);
}
END_TEST

static const struct {
    uint32_t sectors;
    unsigned layers;
    enum disc_track_path track_path;
    uint32_t layer_break;
    const char *message;
} misshapen[] = {
    {2295105, 1, DISC_TRACK_PATH_OPPOSITE, 0,
     "@: 2295105 sectors do not fit on one layer of 2295104\n"                                },
    {700,     2, DISC_TRACK_PATH_OPPOSITE, 704,
     "@: layer break 704 leaves nothing of 700 sectors for layer 1\n"                         },
    {16,      2, DISC_TRACK_PATH_PARALLEL, 0,
     "@: layer break 16 leaves nothing of 16 sectors for layer 1\n"                           },
    {700,     2, DISC_TRACK_PATH_PARALLEL, 100, "@: layer break 100 is not a multiple of 16\n"},
    {700,     0, DISC_TRACK_PATH_OPPOSITE, 336,
     "@: layer break 336 makes layer 1 (364 sectors) longer than layer 0, which an opposite track "
     "path does not allow\n"                                                                  },
    {3000000, 2, DISC_TRACK_PATH_PARALLEL, 16,
     "@: layers of 16 and 2999984 sectors; accepted: at most 2086912 sectors a layer\n"       },
};

START_TEST(layers_that_cannot_be_are_refused)
{
    resize(misshapen[_i].sectors);
    description.layers = misshapen[_i].layers;
    description.track_path = misshapen[_i].track_path;
    description.layer_break = misshapen[_i].layer_break;
    assert_refused(misshapen[_i].message);
}
END_TEST

START_TEST(lead_in_has_what_the_description_says)
{
    uint8_t data[DISC_STRUCTURE_SIZE], bca[DISC_BCA_MAX];
    struct disc *disc = make();
    disc_manufacturing_information(disc, data);
    ck_assert_mem_eq(data, description.manufacturing, sizeof data);
    ck_assert_uint_eq(data[0], 0);
    ck_assert_uint_eq(disc_burst_cutting_area(disc, bca), 0);
    disc_release(disc);

    for (unsigned i = 0; i < DISC_STRUCTURE_SIZE; i++)
        description.manufacturing[i] = (uint8_t)(i * 3);
    for (unsigned i = 0; i < DISC_BCA_MAX; i++)
        description.bca[i] = (uint8_t)(200 - i);
    description.bca_size = DISC_BCA_MAX;
    disc = make();
    disc_manufacturing_information(disc, data);
    ck_assert_mem_eq(data, description.manufacturing, sizeof data);
    ck_assert_uint_eq(disc_burst_cutting_area(disc, bca), DISC_BCA_MAX);
    ck_assert_mem_eq(bca, description.bca, DISC_BCA_MAX);
    disc_physical_format(disc, 0, data);
    ck_assert_uint_eq(data[16], 0x80);
    disc_release(disc);
}
END_TEST

START_TEST(a_disc_without_protection_has_no_keys)
{
    description.regions_forbidden = 0xFC; /* means nothing here */
    struct disc *disc = make();
    uint8_t copyright[4];
    ck_assert(!disc_is_css(disc));
    ck_assert_ptr_null(disc_key_block(disc));
    disc_copyright_information(disc, copyright);
    ck_assert_mem_eq(copyright, "\0\0\0\0", 4);
    ck_assert_uint_eq(disc_regions_forbidden(disc), 0);
    ck_assert_uint_eq(disc_scrambled_extents(disc)->count, 0);
    uint8_t bytes[DISC_SIZE];
    struct disc_read read = read_flat(disc, 0, SECTORS, true, bytes);
    ck_assert_int_eq((int)read.end, DISC_READ_COMPLETE);
    ck_assert_uint_eq(read.sectors, SECTORS);
    ck_assert_mem_eq(bytes, plain, sizeof bytes);
    ck_assert_uint_eq(disc_sector_header(disc, 356).copyright, 0);
    disc_release(disc);
}
END_TEST

START_TEST(an_unreadable_disc_has_no_sectors)
{
    free(description.image);
    description.image = NULL;
    description.medium = DISC_MEDIUM_UNREADABLE;
    struct disc *disc = make();
    ck_assert_int_eq((int)disc_medium(disc), DISC_MEDIUM_UNREADABLE);
    ck_assert_uint_eq(disc_sectors(disc), 0);
    ck_assert(!disc_is_css(disc));
    ck_assert_ptr_null(disc_key_block(disc));
    disc_release(disc);
}
END_TEST

START_TEST(references_keep_a_disc)
{
    struct disc *disc = make();
    uint8_t sector[DVD_SECTOR_SIZE];
    ck_assert_ptr_eq(disc_reference(disc), disc);
    disc_release(disc);
    struct disc_read read = read_flat(disc, 400, 1, false, sector);
    ck_assert_uint_eq(read.sectors, 1);
    ck_assert_str_eq(disc_description(disc)->image, path);
    disc_release(disc);
    disc_release(NULL);
}
END_TEST

START_TEST(a_missing_image_is_told)
{
    unlink(path);
    assert_refused("@: No such file or directory\n");
    free(description.image);
    description.image = NULL;
    assert_refused("a disc needs an image\n");
}
END_TEST

/* Keys */

static void assert_key(const struct css_key *key, const char *hex)
{
    char text[11];
    for (unsigned i = 0; i < CSS_KEY_SIZE; i++)
        sprintf(text + (size_t)2 * i, "%02X", key->byte[i]);
    ck_assert_str_eq(text, hex);
}

/* The keys of seed 1 for all time: whoever has noted them must find them again. */
START_TEST(the_default_seed_gives_the_same_disc_everywhere)
{
    description.protection = DISC_PROTECTION_CSS;
    struct disc *disc = make();
    const struct disc_description *settled = disc_description(disc);
    assert_key(&settled->disc_key, "FCC2323B8A");
    assert_key(&settled->title_key[0], "21C41C168A");
    assert_key(&settled->title_key[1], "E3C2DC6F86");
    assert_key(&settled->title_key[99], "DD7BE10D1D");
    assert_key(&settled->player_key[0], "ABABB04A07");
    assert_key(&settled->player_key[407], "AAC4558524");
    char hex[SHA256_HEX_SIZE];
    sha256_hex(disc_key_block(disc), CSS_DISC_KEY_BLOCK_SIZE, hex);
    ck_assert_str_eq(hex, "c16d6d185ef0466f6142ce17f825b0ec432652729dfc758f213c533fccaf0807");
    uint8_t bytes[DISC_SIZE];
    ck_assert_uint_eq(read_flat(disc, 0, SECTORS, false, bytes).sectors, SECTORS);
    sha256_hex(bytes, sizeof bytes, hex);
    ck_assert_str_eq(hex, "0125d231cbccbdd7585b11bfdbeaf6c817ea2b78047a83c22f0d61f2c245e795");
    ck_assert_int_eq(css_disc_key_is_unambiguous(&settled->disc_key), 1);
    disc_release(disc);
}
END_TEST

START_TEST(stated_keys_are_taken_and_others_drawn)
{
    static const struct css_key stated = {
        {0x12, 0x34, 0x56, 0x78, 0x9A}
    };
    description.has_title_key[2] = true;
    description.title_key[2] = stated;
    description.has_player_key[7] = true;
    description.player_key[7] = stated;
    struct disc *disc = make();
    ck_assert_str_eq(faults.text, "");
    const struct disc_description *settled = disc_description(disc);
    ck_assert(css_key_equal(&settled->disc_key, &disc_key));
    ck_assert(css_key_equal(&settled->title_key[2], &stated));
    ck_assert(css_key_equal(&settled->player_key[7], &stated));
    for (unsigned i = 0; i < DISC_TITLE_SETS; i++) {
        ck_assert(settled->has_title_key[i]);
        ck_assert(!css_key_is_zero(&settled->title_key[i]));
        for (unsigned j = 0; j < i; j++)
            ck_assert(!css_key_equal(&settled->title_key[i], &settled->title_key[j]));
    }
    struct css_key opened;
    for (unsigned i = 0; i < CSS_PLAYER_KEYS; i++) {
        ck_assert(css_disc_key_block_open(disc_key_block(disc), &settled->player_key[i], &opened));
        ck_assert(css_key_equal(&opened, &disc_key));
    }
    disc_release(disc);
}
END_TEST

START_TEST(seeds_give_different_discs)
{
    uint8_t first[CSS_DISC_KEY_BLOCK_SIZE];
    struct disc *disc = make();
    memcpy(first, disc_key_block(disc), sizeof first);
    disc_release(disc);
    description.seed = 2;
    disc = make();
    ck_assert_mem_eq(disc_key_block(disc), first, CSS_KEY_SIZE); /* the stated disc key */
    ck_assert_mem_ne(disc_key_block(disc) + 5, first + 5, CSS_KEY_SIZE);
    disc_release(disc);
}
END_TEST

START_TEST(an_ambiguous_disc_key_is_taken_with_a_warning)
{
    description.disc_key = (struct css_key){
        {0x3A, 0x5C, 0x7E, 0x91, 0xB2}
    };
    struct disc *disc = make();
    ck_assert_ptr_nonnull(strstr(faults.text, "warning: "));
    ck_assert_ptr_nonnull(strstr(faults.text, "another disc key has the same hash"));
    disc_release(disc);
}
END_TEST

START_TEST(a_title_key_without_use_gets_a_warning)
{
    description.has_title_key[1] = description.has_title_key[3] = true;
    description.title_key[1] = description.title_key[3] = disc_key;
    struct disc *disc = make();
    char expected[256];
    snprintf(expected, sizeof expected, "warning: %s: title key 3 scrambles nothing\n", path);
    ck_assert_str_eq(faults.text, expected);
    disc_release(disc);
}
END_TEST

START_TEST(copyright_structure_has_protection_and_regions)
{
    struct disc *disc = make();
    uint8_t copyright[4];
    disc_copyright_information(disc, copyright);
    ck_assert_mem_eq(copyright, "\x01\xFC\x00\x00", 4);
    ck_assert_uint_eq(disc_regions_forbidden(disc), 0xFC);
    disc_release(disc);
}
END_TEST

/* Scrambling */

/* What the disc must carry at `lba`; title_set -1: outside every extent. */
static void expect_sector(const struct disc *disc, uint32_t lba, int title_set, bool selected,
                          uint8_t sector[DVD_SECTOR_SIZE])
{
    memcpy(sector, plain_at(lba), DVD_SECTOR_SIZE);
    if (title_set >= 0 && selected && css_sector_has_content(sector))
        css_sector_scramble(sector, &disc_description(disc)->title_key[title_set]);
}

static int title_set_at(const struct disc *disc, uint32_t lba, uint32_t *first)
{
    const struct disc_extents *extents = disc_scrambled_extents(disc);
    for (size_t i = 0; i < extents->count; i++)
        if (lba >= extents->extent[i].first &&
            lba < extents->extent[i].first + extents->extent[i].count) {
            *first = extents->extent[i].first;
            return (int)extents->extent[i].title_set;
        }
    return -1;
}

/* Reads the whole disc and compares every sector and every header. */
static void assert_disc(const struct disc *disc)
{
    uint8_t *bytes = malloc(DISC_SIZE);
    struct disc_read read = read_flat(disc, 0, SECTORS, false, bytes);
    ck_assert_int_eq((int)read.end, DISC_READ_COMPLETE);
    ck_assert_uint_eq(read.sectors, SECTORS);
    unsigned scrambled = 0;
    for (uint32_t lba = 0; lba < SECTORS; lba++) {
        uint8_t sector[DVD_SECTOR_SIZE];
        uint32_t first = 0;
        int title_set = title_set_at(disc, lba, &first);
        unsigned every = disc_description(disc)->scramble_every;
        expect_sector(disc, lba, title_set, (lba - first) % every == 0, sector);
        ck_assert_mem_eq(bytes + (size_t)lba * DVD_SECTOR_SIZE, sector, DVD_SECTOR_SIZE);
        scrambled += css_sector_is_scrambled(sector);

        struct disc_sector_header header = disc_sector_header(disc, lba);
        struct css_key stored = {0};
        if (title_set >= 0)
            stored = css_key_encrypt(CSS_KEY_USE_TITLE, &disc_description(disc)->disc_key,
                                     &disc_description(disc)->title_key[title_set]);
        ck_assert_uint_eq(header.copyright, title_set >= 0 ? 0xF0 : 0x00);
        ck_assert(css_key_equal(&header.encrypted_title_key, &stored));
    }
    ck_assert_uint_gt(scrambled, 0);
    free(bytes);
}

static void assert_extents(const struct disc *disc, const struct disc_extent *wanted, size_t count)
{
    const struct disc_extents *extents = disc_scrambled_extents(disc);
    ck_assert_uint_eq(extents->count, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(extents->extent[i].first, wanted[i].first);
        ck_assert_uint_eq(extents->extent[i].count, wanted[i].count);
        ck_assert_uint_eq(extents->extent[i].title_set, wanted[i].title_set);
    }
}

START_TEST(every_vob_is_scrambled_by_default)
{
    struct disc *disc = make();
    static const struct disc_extent extents[] = {
        {320, 20,  0},
        {340, 116, 1},
        {500, 50,  2},
        {600, 30,  2}
    };
    assert_extents(disc, extents, 4);
    assert_disc(disc);
    disc_release(disc);
}
END_TEST

START_TEST(files_choose_what_is_scrambled)
{
    description.scramble_files = calloc(1, sizeof *description.scramble_files);
    description.scramble_files[0] = strdup("VTS_02_1.VOB");
    description.scramble_file_count = 1;
    struct disc *disc = make();
    static const struct disc_extent extents[] = {
        {500, 50, 2},
        {600, 30, 2}
    };
    assert_extents(disc, extents, 2);
    assert_disc(disc);
    disc_release(disc);

    free(description.scramble_files[0]);
    description.scramble_files[0] = strdup("VTS_03_1.VOB");
    assert_refused("@: there is no VTS_03_1.VOB in VIDEO_TS to scramble\n");
}
END_TEST

START_TEST(extents_choose_what_is_scrambled)
{
    add_extent(&description.scramble_extents, 610, 5, 9);
    add_extent(&description.scramble_extents, 360, 7, 4);
    add_extent(&description.scramble_extents, 367, 3, 4);
    struct disc *disc = make();
    static const struct disc_extent extents[] = {
        {360, 10, 4},
        {610, 5,  9}
    };
    assert_extents(disc, extents, 2);
    assert_disc(disc);
    disc_release(disc);

    add_extent(&description.scramble_extents, 699, 2, 4);
    assert_refused(
        "@: scrambled extent 699-700 is not inside the disc, whose last sector is 699\n");
    description.scramble_extents.count--;
    add_extent(&description.scramble_extents, 365, 1, 5);
    assert_refused("@: sector 365 belongs to two title sets\n");
}
END_TEST

START_TEST(some_sectors_may_stay_clear)
{
    description.scramble_every = 3;
    struct disc *disc = make();
    assert_disc(disc);
    disc_release(disc);
}
END_TEST

START_TEST(an_image_without_vobs_gets_a_warning)
{
    memset(plain, 0, (size_t)300 * DVD_SECTOR_SIZE);
    char *other = dvd_image_save(plain, DISC_SIZE);
    free(description.image);
    description.image = other;
    struct disc *disc = make();
    char expected[256];
    snprintf(expected, sizeof expected,
             "warning: %s: no VOB in VIDEO_TS, so nothing is scrambled\n", other);
    ck_assert_str_eq(faults.text, expected);
    ck_assert_uint_eq(disc_scrambled_extents(disc)->count, 0);
    disc_release(disc);
    unlink(other);
}
END_TEST

/* Reading */

START_TEST(buffers_may_split_sectors_anywhere)
{
    struct disc *disc = make();
    enum { FIRST = 350, COUNT = 12 };
    uint8_t whole[COUNT * DVD_SECTOR_SIZE], pieces[COUNT * DVD_SECTOR_SIZE];
    ck_assert_uint_eq(read_flat(disc, FIRST, COUNT, false, whole).sectors, COUNT);
    for (size_t size = 1; size < 6000; size += size < 40 ? 13 : 377) {
        static struct iovec iov[COUNT * DVD_SECTOR_SIZE];
        int count = 0;
        for (size_t used = 0; used < sizeof pieces; used += size)
            iov[count++] = (struct iovec){
                pieces + used, size < sizeof pieces - used ? size : sizeof pieces - used};
        memset(pieces, 0, sizeof pieces);
        struct disc_read read = disc_read(disc, FIRST, COUNT, false, iov, count);
        ck_assert_uint_eq(read.sectors, COUNT);
        ck_assert_mem_eq(pieces, whole, sizeof pieces);
    }
    disc_release(disc);
}
END_TEST

START_TEST(reads_of_any_range_agree)
{
    struct disc *disc = make();
    uint8_t *whole = malloc(DISC_SIZE), part[70 * DVD_SECTOR_SIZE];
    ck_assert_uint_eq(read_flat(disc, 0, SECTORS, false, whole).sectors, SECTORS);
    for (uint32_t lba = 310; lba < SECTORS; lba += 7)
        for (uint32_t count = 0; count <= 70 && lba + count <= SECTORS; count += 23) {
            struct disc_read read = read_flat(disc, lba, count, false, part);
            ck_assert_int_eq((int)read.end, DISC_READ_COMPLETE);
            ck_assert_uint_eq(read.sectors, count);
            ck_assert_mem_eq(part, whole + (size_t)lba * DVD_SECTOR_SIZE,
                             (size_t)count * DVD_SECTOR_SIZE);
        }
    free(whole);
    disc_release(disc);
}
END_TEST

START_TEST(a_read_can_stop_at_the_first_scrambled_sector)
{
    struct disc *disc = make();
    static const struct {
        uint32_t lba, count, good;
        enum disc_read_end end;
    } reads[] = {
        {0,   320, 320, DISC_READ_COMPLETE }, /* before every VOB */
        {300, 100, 21,  DISC_READ_SCRAMBLED}, /* 320 is a navigation pack, 321 video */
        {321, 1,   0,   DISC_READ_SCRAMBLED},
        {335, 1,   1,   DISC_READ_COMPLETE }, /* padding */
        {335, 2,   2,   DISC_READ_COMPLETE }, /* padding, navigation */
        {335, 9,   2,   DISC_READ_SCRAMBLED},
        {455, 46,  0,   DISC_READ_SCRAMBLED},
        {456, 44,  44,  DISC_READ_COMPLETE }, /* between two files */
        {456, 45,  44,  DISC_READ_SCRAMBLED},
        {630, 70,  70,  DISC_READ_COMPLETE }, /* behind the last */
    };
    uint8_t bytes[400 * DVD_SECTOR_SIZE];
    for (unsigned i = 0; i < sizeof reads / sizeof *reads; i++) {
        struct disc_read read = read_flat(disc, reads[i].lba, reads[i].count, true, bytes);
        ck_assert_int_eq((int)read.end, (int)reads[i].end);
        ck_assert_uint_eq(read.sectors, reads[i].good);
        ck_assert_mem_eq(bytes, plain_at(reads[i].lba), (size_t)read.sectors * DVD_SECTOR_SIZE);
    }
    disc_release(disc);
}
END_TEST

/* Sectors that are scrambled in the image are passed on, and count as scrambled. */
START_TEST(what_is_scrambled_already_stays_so)
{
    static const struct css_key foreign = {
        {1, 2, 3, 4, 5}
    };
    uint8_t *sector = plain_at(363);
    css_sector_scramble(sector, &foreign);
    FILE *file = fopen(path, "r+");
    ck_assert_int_eq(fseek(file, sector - plain, SEEK_SET), 0);
    ck_assert_uint_eq(fwrite(sector, DVD_SECTOR_SIZE, 1, file), 1);
    fclose(file);
    description.scramble_every = 5; /* 363 is not selected: the extent begins at 340 */
    struct disc *disc = make();
    uint8_t bytes[DVD_SECTOR_SIZE];
    ck_assert_uint_eq(read_flat(disc, 363, 1, false, bytes).sectors, 1);
    ck_assert_mem_eq(bytes, sector, DVD_SECTOR_SIZE);
    ck_assert_int_eq((int)read_flat(disc, 363, 1, true, bytes).end, DISC_READ_SCRAMBLED);
    disc_release(disc);
}
END_TEST

START_TEST(defects_end_a_read)
{
    add_extent(&description.defects, 400, 2, 0);
    add_extent(&description.defects, 50, 1, 0);
    add_extent(&description.defects, 699, 1, 0);
    struct disc *disc = make();
    static const struct {
        uint32_t lba, count, good;
        bool stop;
        enum disc_read_end end;
    } reads[] = {
        {0,   50,  50,  false, DISC_READ_COMPLETE  },
        {0,   51,  50,  false, DISC_READ_UNREADABLE},
        {50,  1,   0,   false, DISC_READ_UNREADABLE},
        {51,  300, 300, false, DISC_READ_COMPLETE  },
        {390, 20,  10,  false, DISC_READ_UNREADABLE},
        {401, 1,   0,   false, DISC_READ_UNREADABLE},
        {402, 10,  10,  false, DISC_READ_COMPLETE  },
        {398, 10,  0,   true,  DISC_READ_SCRAMBLED }, /* video */
        {399, 10,  1,   true,  DISC_READ_UNREADABLE}, /* padding */
        {699, 1,   0,   true,  DISC_READ_UNREADABLE},
        {650, 50,  49,  true,  DISC_READ_UNREADABLE},
    };
    uint8_t bytes[300 * DVD_SECTOR_SIZE];
    for (unsigned i = 0; i < sizeof reads / sizeof *reads; i++) {
        struct disc_read read = read_flat(disc, reads[i].lba, reads[i].count, reads[i].stop, bytes);
        ck_assert_int_eq((int)read.end, (int)reads[i].end);
        ck_assert_uint_eq(read.sectors, reads[i].good);
    }
    disc_release(disc);

    add_extent(&description.defects, 699, 2, 0);
    assert_refused("@: unreadable sectors 699-700 are not inside the disc, whose last sector is "
                   "699\n");
}
END_TEST

START_TEST(a_truncated_image_is_unreadable_from_the_right_sector)
{
    struct disc *disc = make();
    uint8_t bytes[100 * DVD_SECTOR_SIZE];
    ck_assert_int_eq(truncate(path, 360 * DVD_SECTOR_SIZE + 1000), 0);
    struct disc_read read = read_flat(disc, 310, 100, false, bytes);
    ck_assert_int_eq((int)read.end, DISC_READ_UNREADABLE);
    ck_assert_uint_eq(read.sectors, 50);
    read = read_flat(disc, 300, 5, false, bytes);
    ck_assert_int_eq((int)read.end, DISC_READ_COMPLETE);
    read = read_flat(disc, 650, 1, false, bytes);
    ck_assert_int_eq((int)read.end, DISC_READ_UNREADABLE);
    ck_assert_uint_eq(read.sectors, 0);
    ck_assert_uint_eq(disc_sectors(disc), SECTORS);
    disc_release(disc);
}
END_TEST

static Suite *disc_suite(void)
{
    Suite *suite = suite_create("disc");
    TCase *plain_disc = tcase_create("plain");
    tcase_add_checked_fixture(plain_disc, set_up, tear_down);
    tcase_add_loop_test(plain_disc, physical_format_follows_from_the_layers, 0,
                        (int)(sizeof shapes / sizeof *shapes));
    tcase_add_loop_test(plain_disc, layers_that_cannot_be_are_refused, 0,
                        (int)(sizeof misshapen / sizeof *misshapen));
    tcase_add_test(plain_disc, lead_in_has_what_the_description_says);
    tcase_add_test(plain_disc, a_disc_without_protection_has_no_keys);
    tcase_add_test(plain_disc, an_unreadable_disc_has_no_sectors);
    tcase_add_test(plain_disc, references_keep_a_disc);
    tcase_add_test(plain_disc, a_missing_image_is_told);
    tcase_add_test(plain_disc, the_default_seed_gives_the_same_disc_everywhere);
    suite_add_tcase(suite, plain_disc);

    const TTest *const css_tests[] = {
        stated_keys_are_taken_and_others_drawn,
        seeds_give_different_discs,
        an_ambiguous_disc_key_is_taken_with_a_warning,
        a_title_key_without_use_gets_a_warning,
        copyright_structure_has_protection_and_regions,
        every_vob_is_scrambled_by_default,
        files_choose_what_is_scrambled,
        extents_choose_what_is_scrambled,
        some_sectors_may_stay_clear,
        an_image_without_vobs_gets_a_warning,
        buffers_may_split_sectors_anywhere,
        reads_of_any_range_agree,
        a_read_can_stop_at_the_first_scrambled_sector,
        what_is_scrambled_already_stays_so,
        defects_end_a_read,
        a_truncated_image_is_unreadable_from_the_right_sector,
        NULL,
    };
    TCase *css_disc = tcase_create("css");
    tcase_set_timeout(css_disc, 60);
    tcase_add_checked_fixture(css_disc, set_up_css, tear_down);
    for (unsigned i = 0; css_tests[i]; i++)
        tcase_add_test(css_disc, css_tests[i]);
    suite_add_tcase(suite, css_disc);
    return suite;
}

TAP_MAIN(disc_suite)
