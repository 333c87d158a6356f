/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

/*
 * The reference host (tests/host) against the drive in one process: the whole dialogue of CSS, over
 * CDBs, with a disc made for it.
 */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "emulator/drive.h"
#include "media/css_sector.h"
#include "tests/host/cdb_transport.h"
#include "tests/host/css_host.h"

#define SECTORS       256u
#define FIRST         32u /* of the scrambled extent */
#define COUNT         64u
#define SPIN_UP_LIMIT UINT64_C(60000000000)

static const struct css_key player_key = {
    {0xA0, 0xB1, 0xC2, 0xD3, 0xE4}
};
static const struct css_key title_key = {
    {0x12, 0x34, 0x56, 0x78, 0x9A}
};

static char image_path[40];
static struct disc *disc;
static struct drive *drive;
static struct drive_nexus *nexus;

/* A content pack whose payload tells its sector. */
static void make_sector(uint32_t lba, uint8_t sector[DVD_SECTOR_SIZE])
{
    static const uint8_t pack[] = {0x00, 0x00, 0x01, 0xBA, 0x44, 0x00, 0x04, 0x00,
                                   0x04, 0x01, 0x01, 0x89, 0xC3, 0xF8, 0x00, 0x00,
                                   0x01, 0xE0, 0x07, 0xEC, 0x81, 0x00, 0x00};

    for (unsigned i = 0; i < DVD_SECTOR_SIZE; i++)
        sector[i] = (uint8_t)(i * 7 + lba);
    memcpy(sector, pack, sizeof pack);
}

static void make_image(void)
{
    uint8_t sector[DVD_SECTOR_SIZE];
    strcpy(image_path, "/tmp/vodd-test-css-host-XXXXXX");
    const int file = mkstemp(image_path);

    ck_assert_int_ge(file, 0);
    for (uint32_t lba = 0; lba < SECTORS; lba++) {
        make_sector(lba, sector);
        ck_assert_int_eq(write(file, sector, sizeof sector), DVD_SECTOR_SIZE);
    }
    close(file);
}

static struct disc *make_disc(void)
{
    struct diagnostics diagnostics;
    struct disc_description description;
    struct disc_extent extent = {.first = FIRST, .count = COUNT, .title_set = 1};

    diagnostics_to_stderr(&diagnostics);
    disc_description_init(&description);
    description.image = strdup(image_path);
    description.protection = DISC_PROTECTION_CSS;
    description.regions_forbidden = 0xFC;
    description.has_player_key[6] = true;
    description.player_key[6] = player_key;
    description.has_title_key[1] = true;
    description.title_key[1] = title_key;
    description.scramble_extents.extent = malloc(sizeof extent);
    ck_assert_ptr_nonnull(description.scramble_extents.extent);
    description.scramble_extents.extent[0] = extent;
    description.scramble_extents.count = 1;
    struct disc *made = disc_create(&description, &diagnostics);
    disc_description_release(&description);
    return made;
}

static void make_medium(void)
{
    make_image();
    disc = make_disc();
    ck_assert_ptr_nonnull(disc);
}

static void remove_medium(void)
{
    disc_release(disc);
    unlink(image_path);
}

static void destroy_drive(void)
{
    drive_nexus_detach(nexus);
    drive_destroy(drive);
}

/* A drive with the disc ready, and the attentions of power on and new medium taken. */
static void make_drive(int variant, uint8_t region_mask)
{
    struct drive_profile profile;
    struct drive_command command;

    drive_profile_init(&profile);
    profile.css_variant = variant;
    if (region_mask != REGION_MASK_NONE) {
        profile.factory_region.mask = region_mask;
        profile.factory_region.user_changes = 4;
    }
    drive = drive_create(&profile, NULL, NULL, 0);
    ck_assert_ptr_nonnull(drive);
    nexus = drive_nexus_attach(drive, true);
    ck_assert_ptr_nonnull(nexus);
    drive_insert(drive, disc, 0);
    for (unsigned i = 0; i < 4; i++) {
        command = (struct drive_command){.nexus = nexus, .cdb_length = 6};
        drive_execute(drive, &command, NULL, 0, SPIN_UP_LIMIT);
    }
    ck_assert_int_eq(command.status, DRIVE_STATUS_GOOD);
}

static bool execute(struct cdb_transport *transport, struct host_cdb *host_command)
{
    struct drive_command command = {.nexus = nexus, .cdb_length = HOST_CDB_SIZE};
    struct iovec iov = {.iov_base = host_command->data, .iov_len = host_command->data_length};

    memcpy(command.cdb, host_command->cdb, HOST_CDB_SIZE);
    if (host_command->sends) {
        command.data_out = host_command->data;
        command.data_out_length = host_command->data_length;
    }
    drive_execute(drive, &command, &iov, host_command->sends ? 0 : 1, SPIN_UP_LIMIT);
    if (command.status == DRIVE_STATUS_GOOD)
        return true;
    transport->transport.refusal = host_refusal_of_sense(command.sense);
    return false;
}

/* READ(10) of one sector; false with *refusal filled. */
static bool read_sector(uint32_t lba, uint8_t sector[DVD_SECTOR_SIZE], struct host_refusal *refusal)
{
    struct drive_command command = {
        .nexus = nexus,
        .cdb = {0x28, 0, 0, 0, (uint8_t)(lba >> 8), (uint8_t)lba, 0, 0, 1, 0},
        .cdb_length = 10,
    };
    struct iovec iov = {.iov_base = sector, .iov_len = DVD_SECTOR_SIZE};

    drive_execute(drive, &command, &iov, 1, SPIN_UP_LIMIT);
    *refusal = host_refusal_of_sense(command.sense);
    return command.status == DRIVE_STATUS_GOOD;
}

static void assert_refused(const struct host_refusal *refusal, uint8_t asc, uint8_t ascq)
{
    ck_assert(refusal->has_sense);
    ck_assert_uint_eq(refusal->key, 0x05);
    ck_assert_uint_eq(refusal->asc, asc);
    ck_assert_uint_eq(refusal->ascq, ascq);
}

struct messages {
    struct host_listener listener;
    enum host_request seen[16];
    unsigned count;
};

static void remember(struct host_listener *listener, const struct host_message *message,
                     bool accepted)
{
    struct messages *messages = (struct messages *)listener;

    ck_assert(accepted);
    ck_assert_uint_lt(messages->count, 16);
    messages->seen[messages->count++] = message->request;
}

/* The whole dialogue with every variant that a drive can choose. */
START_TEST(every_variant_gives_the_keys_and_the_picture)
{
    static const enum host_request dialogue[] = {
        HOST_REQUEST_AGID, HOST_REQUEST_HOST_CHALLENGE,
        HOST_REQUEST_KEY1, HOST_REQUEST_DRIVE_CHALLENGE,
        HOST_REQUEST_KEY2,
    };
    struct messages messages = {.listener.message = remember};
    struct cdb_transport transport;
    struct css_host host;
    struct css_key disc_key;
    struct css_host_title_key key;
    struct host_refusal refusal;
    uint8_t sector[DVD_SECTOR_SIZE], plain[DVD_SECTOR_SIZE];

    make_drive(_i, 0xFE);
    cdb_transport_init(&transport, execute, NULL);
    css_host_init(&host, &transport.transport, &messages.listener);

    ck_assert_int_eq(css_host_authenticate(&host), CSS_HOST_DONE);
    ck_assert_int_eq(host.variant, _i);
    ck_assert_uint_eq(messages.count, 5);
    ck_assert_mem_eq(messages.seen, dialogue, sizeof dialogue);
    ck_assert_int_eq(css_host_disc_key(&host, &player_key, &disc_key), CSS_HOST_DONE);
    ck_assert_mem_eq(disc_key.byte, disc_description(disc)->disc_key.byte, CSS_KEY_SIZE);

    ck_assert_int_eq(css_host_authenticate(&host), CSS_HOST_DONE);
    ck_assert_int_eq(css_host_title_key(&host, FIRST, &disc_key, &key), CSS_HOST_DONE);
    ck_assert_uint_eq(key.flags, 0xF0);
    ck_assert_mem_eq(key.plain.byte, title_key.byte, CSS_KEY_SIZE);

    ck_assert(read_sector(FIRST + 3, sector, &refusal));
    ck_assert(css_sector_is_scrambled(sector));
    css_sector_unscramble(sector, &key.plain);
    make_sector(FIRST + 3, plain);
    ck_assert_mem_eq(sector, plain, DVD_SECTOR_SIZE);
}
END_TEST

START_TEST(scrambled_sectors_need_authentication)
{
    struct cdb_transport transport;
    struct css_host host;
    struct host_refusal refusal;
    uint8_t sector[DVD_SECTOR_SIZE];
    bool success = true;

    make_drive(-1, 0xFE);
    cdb_transport_init(&transport, execute, NULL);
    css_host_init(&host, &transport.transport, NULL);
    ck_assert_int_eq(css_host_asf(&host, &success), CSS_HOST_DONE);
    ck_assert(!success);
    ck_assert(read_sector(FIRST - 1, sector, &refusal));
    ck_assert(!read_sector(FIRST, sector, &refusal));
    assert_refused(&refusal, 0x6F, 0x03);
    ck_assert(refusal.has_information);
    ck_assert_uint_eq(refusal.information, FIRST);
    ck_assert_int_eq(css_host_authenticate(&host), CSS_HOST_DONE);
    ck_assert_int_eq(css_host_asf(&host, &success), CSS_HOST_DONE);
    ck_assert(success);
    ck_assert(read_sector(FIRST, sector, &refusal));
}
END_TEST

START_TEST(key_requests_use_up_the_agid)
{
    uint8_t block[CSS_DISC_KEY_BLOCK_SIZE];
    struct cdb_transport transport;
    struct css_host host;

    make_drive(-1, 0xFE);
    cdb_transport_init(&transport, execute, NULL);
    css_host_init(&host, &transport.transport, NULL);
    ck_assert_int_eq(css_host_disc_key_block(&host, block), CSS_HOST_REFUSED);
    assert_refused(&transport.transport.refusal, 0x6F, 0x02);
    ck_assert_int_eq(css_host_authenticate(&host), CSS_HOST_DONE);
    ck_assert_int_eq(css_host_disc_key_block(&host, block), CSS_HOST_DONE);
    ck_assert_mem_eq(block, disc_key_block(disc), CSS_DISC_KEY_BLOCK_SIZE);
    ck_assert_int_eq(css_host_disc_key_block(&host, block), CSS_HOST_REFUSED);
    assert_refused(&transport.transport.refusal, 0x6F, 0x02);
    ck_assert_int_eq(css_host_authenticate(&host), CSS_HOST_DONE);
    ck_assert_int_eq(css_host_invalidate_agid(&host, host.agid), CSS_HOST_DONE);
    ck_assert_int_eq(css_host_disc_key_block(&host, block), CSS_HOST_REFUSED);
}
END_TEST

START_TEST(wrong_player_key_opens_nothing)
{
    const struct css_key wrong = {
        {1, 2, 3, 4, 5}
    };
    struct cdb_transport transport;
    struct css_host host;
    struct css_key disc_key;

    make_drive(-1, 0xFE);
    cdb_transport_init(&transport, execute, NULL);
    css_host_init(&host, &transport.transport, NULL);
    ck_assert_int_eq(css_host_authenticate(&host), CSS_HOST_DONE);
    ck_assert_int_eq(css_host_disc_key(&host, &wrong, &disc_key), CSS_HOST_NO_DISC_KEY);
}
END_TEST

START_TEST(title_without_key)
{
    const struct css_key any = {
        {1, 2, 3, 4, 5}
    };
    struct cdb_transport transport;
    struct css_host host;
    struct css_host_title_key key;

    make_drive(-1, 0xFE);
    cdb_transport_init(&transport, execute, NULL);
    css_host_init(&host, &transport.transport, NULL);
    ck_assert_int_eq(css_host_authenticate(&host), CSS_HOST_DONE);
    ck_assert_int_eq(css_host_title_key(&host, 0, &any, &key), CSS_HOST_NO_TITLE_KEY);
    ck_assert_uint_eq(key.flags, 0x00);
}
END_TEST

START_TEST(region_decides_about_title_keys)
{
    const struct css_key any = {
        {1, 2, 3, 4, 5}
    };
    struct cdb_transport transport;
    struct css_host host;
    struct css_host_region region;
    struct css_host_title_key key;
    uint8_t system, forbidden;

    make_drive(-1, REGION_MASK_NONE);
    cdb_transport_init(&transport, execute, NULL);
    css_host_init(&host, &transport.transport, NULL);
    ck_assert_int_eq(css_host_copyright(&host, &system, &forbidden), CSS_HOST_DONE);
    ck_assert_uint_eq(system, 1);
    ck_assert_uint_eq(forbidden, 0xFC);
    ck_assert_int_eq(css_host_region(&host, &region), CSS_HOST_DONE);
    ck_assert_uint_eq(region.type, 0);
    ck_assert_uint_eq(region.user_changes, 5);
    ck_assert_uint_eq(region.vendor_resets, 4);
    ck_assert_uint_eq(region.mask, 0xFF);
    ck_assert_uint_eq(region.scheme, 1);

    ck_assert_int_eq(css_host_authenticate(&host), CSS_HOST_DONE);
    ck_assert_int_eq(css_host_title_key(&host, FIRST, &any, &key), CSS_HOST_REFUSED);
    assert_refused(&transport.transport.refusal, 0x6F, 0x04);
    ck_assert_int_eq(css_host_set_region(&host, 3), CSS_HOST_REFUSED);
    assert_refused(&transport.transport.refusal, 0x6F, 0x04);
    ck_assert_int_eq(css_host_set_region(&host, 2), CSS_HOST_DONE);
    ck_assert_int_eq(css_host_region(&host, &region), CSS_HOST_DONE);
    ck_assert_uint_eq(region.type, 1);
    ck_assert_uint_eq(region.user_changes, 4);
    ck_assert_uint_eq(region.mask, 0xFD);
    ck_assert_int_eq(css_host_authenticate(&host), CSS_HOST_DONE);
    ck_assert_int_eq(css_host_title_key(&host, FIRST, &any, &key), CSS_HOST_DONE);
}
END_TEST

/* A drive that does not know the secret function gives a KEY1 that no variant explains. */
static bool perform_forged(struct host_transport *transport, struct host_message *message)
{
    (void)transport;
    memset(message->data, 0x5A, host_request_size(message->request));
    return true;
}

START_TEST(forged_drive_is_noticed)
{
    struct host_transport forged = {.perform = perform_forged};
    struct css_host host;

    make_drive(-1, 0xFE);
    css_host_init(&host, &forged, NULL);
    ck_assert_int_eq(css_host_authenticate(&host), CSS_HOST_NOT_GENUINE);
}
END_TEST

static Suite *css_host_suite(void)
{
    Suite *suite = suite_create("css_host");
    TCase *dialogue = tcase_create("dialogue");

    tcase_add_unchecked_fixture(dialogue, make_medium, remove_medium);
    tcase_add_checked_fixture(dialogue, NULL, destroy_drive);
    tcase_add_loop_test(dialogue, every_variant_gives_the_keys_and_the_picture, 0, CSS_VARIANTS);
    tcase_add_test(dialogue, scrambled_sectors_need_authentication);
    tcase_add_test(dialogue, key_requests_use_up_the_agid);
    tcase_add_test(dialogue, wrong_player_key_opens_nothing);
    tcase_add_test(dialogue, title_without_key);
    tcase_add_test(dialogue, region_decides_about_title_keys);
    tcase_add_test(dialogue, forged_drive_is_noticed);
    suite_add_tcase(suite, dialogue);
    return suite;
}

TAP_MAIN(css_host_suite)
