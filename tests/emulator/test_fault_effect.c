/* SPDX-License-Identifier: MIT */
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/faulty_drive.h"
#include "tests/support/made_disc.h"

/* What fault rules do: every effect, as a host sees it. */

#define READY         "00 00 00 00 00 00"
#define INQUIRY       "12 00 00 00 24 00"
#define CONFIGURATION "46 00 00 00 00 00 00 00 10 00"
#define GESN          "4A 01 00 00 10 00 00 00 08 00"
#define READ(lba, n)  "28 00 00 00 " lba " 00 " n " 00"
#define AGID          "A4 00 00000000 00 00 0008 00 00"
#define ASF           "A4 00 00000000 00 00 0008 05 00"
#define RPC_STATE     "A4 00 00000000 00 00 0008 08 00"
#define SET_REGION_2  "A3 00 00000000 00 00 0008 06 00 < 00060000 FD000000"
#define RELEASE(key)  "A4 00 00000000 00 00 0000 " key " 00"
#define COPYRIGHT     "AD 00 00000000 00 01 0008 00 00"
#define DISC_KEY      "AD 00 00000000 00 02 0804 00 00"
#define SECOND        UINT64_C(1000000000)

#define RUNS(bytes)                                                                                \
    do {                                                                                           \
        faulty_drive_run(bytes);                                                                   \
        faulty_drive_assert_good();                                                                \
    } while (0)
#define RETURNS(bytes, data)                                                                       \
    do {                                                                                           \
        RUNS(bytes);                                                                               \
        faulty_drive_assert_data(data);                                                            \
    } while (0)
#define FAILS(bytes, key, asc, ascq)                                                               \
    do {                                                                                           \
        faulty_drive_run(bytes);                                                                   \
        faulty_drive_assert_sense(key, asc, ascq);                                                 \
    } while (0)

static void assert_sector(size_t at, uint32_t lba)
{
    ck_assert_mem_eq(faulty.data + at * DVD_SECTOR_SIZE, made_disc_plain(lba), DVD_SECTOR_SIZE);
}

static void assert_information(bool valid, uint32_t information)
{
    const uint8_t *sense = faulty.command.sense;

    ck_assert_uint_eq(sense[0] >> 7, valid);
    ck_assert_uint_eq((uint32_t)sense[3] << 24 | (uint32_t)sense[4] << 16 |
                          (uint32_t)sense[5] << 8 | sense[6],
                      information);
}

START_TEST(sense_by_name_and_by_numbers)
{
    faulty_drive_rule("a", "command=INQUIRY|sense=region-mismatch");
    faulty_drive_rule("b", "command=GET CONFIGURATION|sense=5/20/0");
    faulty_drive_rule("c", "command=GET EVENT STATUS NOTIFICATION|sense=B/2f/Ff");
    FAILS(INQUIRY, 0x5, 0x6F, 0x04);
    ck_assert_uint_eq(faulty.length, 0);
    FAILS(CONFIGURATION, 0x5, 0x20, 0x00);
    FAILS(GESN, 0xB, 0x2F, 0xFF);
    assert_information(false, 0);
}
END_TEST

START_TEST(a_sense_keeps_the_command_from_being_executed)
{
    faulty_drive_rule("r", "key-format=agid|times=1|sense=5/55/00");
    FAILS(AGID, 0x5, 0x55, 0x00);
    RETURNS(AGID, "0006 0000 000000 00");
    RUNS(RELEASE("3F"));
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "key-format=agid|times=1|sense=5/55/00|execute=on");
    FAILS(AGID, 0x5, 0x55, 0x00);
    faulty_drive_assert_data("0006 0000 000000 00");
    RETURNS(AGID, "0006 0000 000000 40");
}
END_TEST

START_TEST(without_autosense_the_sense_is_kept_for_the_host)
{
    struct drive_nexus *usb = drive_nexus_attach(faulty.drive, false);
    struct drive_nexus *other = faulty.nexus;

    faulty.nexus = usb;
    FAILS(READY, 0x6, 0x29, 0x00);
    faulty_drive_rule("r", "command=TEST UNIT READY|sense=4/3E/02");
    FAILS(READY, 0x4, 0x3E, 0x02);
    RETURNS("03 00 00 00 12 00", "70 00 04 00000000 0A 00000000 3E 02 00 000000");
    RETURNS("03 00 00 00 12 00", "70 00 00 00000000 0A 00000000 00 00 00 000000");
    faulty.nexus = other;
    drive_nexus_detach(usb);
}
END_TEST

START_TEST(sense_data_are_delivered_as_they_are)
{
    static const uint8_t descriptor[DRIVE_SENSE_SIZE] = {0x72, 0x05, 0x24, 0x00};

    faulty_drive_rule("r", "command=READ(10)|lba=0-99|sense-data=72 05 24 00");
    faulty_drive_run(READ("00 10", "00 01"));
    ck_assert_int_eq(faulty.command.status, DRIVE_STATUS_CHECK_CONDITION);
    ck_assert_mem_eq(faulty.command.sense, descriptor, sizeof descriptor);
}
END_TEST

START_TEST(a_read_goes_wrong_at_its_lba)
{
    faulty_drive_rule("r", "command=READ(10)|lba=34-40|sense=unrecovered-read");
    FAILS(READ("00 20", "00 04"), 0x3, 0x11, 0x05);
    assert_information(true, 34);
    ck_assert_uint_eq(faulty.length, 2 * DVD_SECTOR_SIZE);
    assert_sector(0, 32);
    assert_sector(1, 33);
    FAILS(READ("00 24", "00 04"), 0x3, 0x11, 0x05);
    assert_information(true, 36);
    ck_assert_uint_eq(faulty.length, 0);
    RUNS(READ("00 29", "00 02"));
    ck_assert_uint_eq(faulty.length, 2 * DVD_SECTOR_SIZE);
}
END_TEST

START_TEST(information_is_as_stated)
{
    faulty_drive_rule("none", "command=READ(10)|lba=34|information=none|sense=3/11/00|times=1");
    faulty_drive_rule("zero", "command=READ(10)|lba=34|information=0|sense=3/11/00");
    FAILS(READ("00 20", "00 04"), 0x3, 0x11, 0x00);
    assert_information(false, 0);
    ck_assert_uint_eq(faulty.length, 2 * DVD_SECTOR_SIZE);
    FAILS(READ("00 20", "00 04"), 0x3, 0x11, 0x00);
    assert_information(true, 0);
}
END_TEST

START_TEST(a_recovered_error_comes_with_its_data)
{
    faulty_drive_rule("r", "command=READ(10)|lba=33|execute=on|sense=1/17/01");
    FAILS(READ("00 20", "00 04"), 0x1, 0x17, 0x01);
    ck_assert_uint_eq(faulty.length, 4 * DVD_SECTOR_SIZE);
    assert_sector(3, 35);
}
END_TEST

static const struct {
    const char *word;
    enum drive_status status;
} statuses[] = {
    {"busy",                 DRIVE_STATUS_BUSY                },
    {"reservation-conflict", DRIVE_STATUS_RESERVATION_CONFLICT},
    {"task-set-full",        DRIVE_STATUS_TASK_SET_FULL       },
};

START_TEST(statuses_without_sense)
{
    static const uint8_t none[DRIVE_SENSE_SIZE];
    char rule[64];

    snprintf(rule, sizeof rule, "status=%s", statuses[_i].word);
    faulty_drive_rule("r", rule);
    faulty_drive_run(INQUIRY);
    ck_assert_int_eq(faulty.command.status, statuses[_i].status);
    ck_assert_uint_eq(faulty.length, 0);
    ck_assert_mem_eq(faulty.command.sense, none, sizeof none);
}
END_TEST

START_TEST(an_answer_takes_the_place_of_the_data)
{
    faulty_drive_rule("event", "command=0x4A|answer=00 06 04 5E 02 02 00 00");
    faulty_drive_rule("toc", "command=READ(10)|answer=4142");
    faulty_drive_rule("unknown", "command=0xC1|answer=01 02 03");
    RETURNS(GESN, "0006 045E 02020000");
    RETURNS("4A 01 00 00 10 00 00 00 04 00", "0006 045E");
    RETURNS(READ("00 20", "00 01"), "4142");
    RETURNS("C1 00 00 00 00 00 00 00 00 00 00 00", "010203");
}
END_TEST

START_TEST(an_answer_comes_in_spite_of_a_refusal_only_if_it_is_told_to)
{
    faulty_drive_rule("r", "command=READ CAPACITY|answer=00000000 00000800");
    drive_eject(faulty.drive, true, faulty.now);
    FAILS("25 00 00000000 0000 00 00", 0x2, 0x3A, 0x02);
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "command=READ CAPACITY|answer=00000000 00000800|execute=on");
    RETURNS("25 00 00000000 0000 00 00", "00000000 00000800");
    faulty_drive_rule("empty", "key-format=agid|answer=");
    drive_insert(faulty.drive, faulty.disc, faulty.now);
    FAILS(AGID, 0x6, 0x28, 0x00);
    RETURNS(AGID, "");
    drive_fault_clear(faulty.drive);
    RETURNS(AGID, "0006 0000 000000 40");
}
END_TEST

START_TEST(header_length_is_put_where_it_belongs)
{
    faulty_drive_rule("key", "command=REPORT KEY|header-length=2");
    faulty_drive_rule("configuration", "command=GET CONFIGURATION|header-length=0x01020304");
    faulty_drive_rule("inquiry", "command=INQUIRY|header-length=30");
    RETURNS(RPC_STATE, "0002 0000 64 FE 01 00");
    RETURNS("46 00 00 00 00 00 00 00 08 00", "01020304 0000 0010");
    RETURNS("12 00 00 00 05 00", "05 80 05 02 1E");
    RETURNS("12 00 00 00 04 00", "05 80 05 02");
}
END_TEST

START_TEST(truncate_makes_a_short_transfer)
{
    faulty_drive_rule("key", "command=REPORT KEY|truncate=5");
    faulty_drive_rule("read", "command=READ(10)|truncate=3000");
    faulty_drive_rule("inquiry", "command=INQUIRY|truncate=0");
    RETURNS(RPC_STATE, "0006 0000 64");
    RUNS(READ("00 20", "00 02"));
    ck_assert_uint_eq(faulty.length, 3000);
    assert_sector(0, 32);
    ck_assert_mem_eq(faulty.data + 2048, made_disc_plain(33), 3000 - 2048);
    RUNS(READ("00 20", "00 01"));
    ck_assert_uint_eq(faulty.length, 2048);
    RETURNS(INQUIRY, "");
    ck_assert(faulty.command.done);
}
END_TEST

START_TEST(overrun_sends_more_than_there_is_room)
{
    faulty_drive_rule("r", "command=REPORT KEY|overrun=4");
    RETURNS(RPC_STATE, "0006 0000 64 FE 01 00 00000000");
}
END_TEST

START_TEST(patch_changes_bytes_where_they_are)
{
    faulty_drive_rule("inquiry", "command=INQUIRY|patch=2:07, 4:1E");
    faulty_drive_rule("read", "command=READ(10)|patch=2047:AABB,5000:CC");
    RETURNS("12 00 00 00 05 00", "05 80 07 02 1E");
    RETURNS("12 00 00 00 03 00", "05 80 07");
    RUNS(READ("00 20", "00 02"));
    ck_assert_uint_eq(faulty.data[2047], 0xAA);
    ck_assert_uint_eq(faulty.data[2048], 0xBB);
    faulty.data[2047] = made_disc_plain(32)[2047];
    faulty.data[2048] = made_disc_plain(33)[0];
    assert_sector(0, 32);
    assert_sector(1, 33);
    RUNS(READ("00 20", "00 03"));
    ck_assert_uint_eq(faulty.data[5000], 0xCC);
}
END_TEST

/* Bits in which the data differ from sectors 32 and 33 of the image. */
static unsigned wrong_bits(void)
{
    unsigned bits = 0;

    for (size_t i = 0; i < 2u * DVD_SECTOR_SIZE; i++)
        bits += (unsigned)__builtin_popcount(
            faulty.data[i] ^ made_disc_plain(32 + (uint32_t)(i / DVD_SECTOR_SIZE))[i % 2048]);
    return bits;
}

START_TEST(flipped_bits_are_the_same_however_the_data_are_taken)
{
    struct iovec pieces[2] = {
        {faulty.data + 3,    1000},
        {faulty.data + 1003, 500 }
    };
    static uint8_t before[2 * DVD_SECTOR_SIZE];

    faulty_drive_rule("r", "command=READ(10)|flip=1");
    RUNS(READ("00 20", "00 02"));
    ck_assert_uint_eq(wrong_bits(), 1);
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "command=READ(10)|flip=20|times=1");
    RUNS(READ("00 20", "00 02"));
    ck_assert_uint_gt(wrong_bits(), 1);
    ck_assert_uint_le(wrong_bits(), 20);
    memcpy(before, faulty.data, sizeof before);
    RUNS(READ("00 20", "00 02"));
    ck_assert_uint_eq(wrong_bits(), 0);

    struct drive_profile profile = *drive_profile(faulty.drive);
    faulty_drive_renew(&profile);
    faulty_drive_rule("first", "command=READ(10)|flip=1|times=1");
    RUNS(READ("00 20", "00 02"));
    faulty_drive_rule("r", "command=READ(10)|flip=20");
    faulty_drive_begin(READ("00 20", "00 02"));
    ck_assert_uint_eq(
        drive_data_in(faulty.drive, &faulty.command, &(struct iovec){faulty.data, 3}, 1), 3);
    ck_assert_uint_eq(drive_data_in(faulty.drive, &faulty.command, pieces, 2), 1500);
    struct iovec rest = {faulty.data + 1503, sizeof before};
    ck_assert_uint_eq(drive_data_in(faulty.drive, &faulty.command, &rest, 1), sizeof before - 1503);
    drive_finish(faulty.drive, &faulty.command, faulty.now);
    ck_assert_mem_eq(faulty.data, before, sizeof before);
}
END_TEST

START_TEST(wrong_keys_differ_in_every_byte)
{
    uint8_t right[CSS_DISC_KEY_BLOCK_SIZE + 4];
    struct drive_profile profile = *drive_profile(faulty.drive);

    profile.css_variant = 5;
    profile.has_css_challenge = true;
    faulty_drive_renew(&profile);
    faulty_drive_authenticate();
    RUNS(DISC_KEY);
    memcpy(right, faulty.data, sizeof right);
    faulty_drive_authenticate();
    faulty_drive_rule("r", "wrong-key=on");
    RUNS(RPC_STATE);
    faulty_drive_assert_data("0006 0000 64 FE 01 00");
    RUNS(DISC_KEY);
    ck_assert_mem_eq(faulty.data, right, 4);
    for (size_t i = 4; i < sizeof right; i++)
        ck_assert_uint_ne(faulty.data[i], right[i]);
}
END_TEST

START_TEST(a_wrong_key1_ends_the_authentication)
{
    uint8_t right[12];
    struct drive_profile profile = *drive_profile(faulty.drive);

    profile.css_variant = 5;
    faulty_drive_renew(&profile);
    for (unsigned i = 0; i < 2; i++) {
        RUNS(AGID);
        RUNS("A3 00 00000000 00 00 0010 01 00 < 000E0000 00010203040506070809 0000");
        RUNS("A4 00 00000000 00 00 000C 02 00");
        RUNS(RELEASE("3F"));
        if (i == 0)
            memcpy(right, faulty.data, sizeof right);
        faulty_drive_rule(i ? "again" : "r", "command=REPORT KEY|key-format=key1|wrong-key=on");
    }
    ck_assert_mem_eq(faulty.data, right, 4);
    for (size_t i = 4; i < 9; i++)
        ck_assert_uint_ne(faulty.data[i], right[i]);
    ck_assert_mem_eq(faulty.data + 9, right + 9, 3);
}
END_TEST

START_TEST(stale_data_are_those_of_before)
{
    faulty_drive_rule("rpc", "key-format=rpc-state|after=region-changed|stale=on|times=1");
    faulty_drive_rule("read", "command=READ(10)|nth=2|stale=on");
    RETURNS(RPC_STATE, "0006 0000 64 FE 01 00");
    RUNS(SET_REGION_2);
    RETURNS(RPC_STATE, "0006 0000 64 FE 01 00");
    RETURNS(RPC_STATE, "0006 0000 63 FD 01 00");
    RUNS(READ("00 20", "00 01"));
    RUNS(READ("00 30", "00 01"));
    assert_sector(0, 32);
    RUNS(READ("00 30", "00 01"));
    assert_sector(0, 48);
}
END_TEST

START_TEST(a_cdb_is_misread)
{
    faulty_drive_rule("configuration", "cdb=46 02|misread=1:00");
    faulty_drive_rule("read", "command=READ(10)|misread=4:0030");
    RUNS("46 02 00 1F 00 00 00 00 10 00");
    ck_assert_uint_gt(faulty.data[3], 12);
    RUNS(READ("00 20", "00 01"));
    assert_sector(0, 48);
    ck_assert_uint_eq(faulty.command.cdb[5], 0x20);
}
END_TEST

START_TEST(delay_is_fixed_or_drawn)
{
    bool differs = false;
    uint64_t first;

    faulty_drive_rule("fixed", "command=INQUIRY|delay=1500ms");
    faulty_drive_rule("drawn", "command=TEST UNIT READY|delay=20us-3s");
    RUNS(INQUIRY);
    ck_assert_uint_eq(faulty.command.delay, 1500 * (SECOND / 1000));
    ck_assert_uint_eq(faulty.length, 36);
    RUNS(READY);
    first = faulty.command.delay;
    for (unsigned i = 0; i < 100; i++) {
        RUNS(READY);
        ck_assert_uint_ge(faulty.command.delay, 20000);
        ck_assert_uint_le(faulty.command.delay, 3 * SECOND);
        differs |= faulty.command.delay != first;
    }
    ck_assert(differs);
    RUNS(GESN);
    ck_assert_uint_eq(faulty.command.delay, 0);
}
END_TEST

START_TEST(a_delay_comes_on_top_of_the_mechanism)
{
    struct drive_profile profile;

    faulty_drive_rule("r", "command=READ(10)|delay=2s");
    RUNS(READ("00 20", "00 01"));
    ck_assert_uint_eq(faulty.command.delay, 2 * SECOND);

    profile = *drive_profile(faulty.drive);
    profile.timing = TIMING_REALISTIC;
    profile.tray_time = profile.start_time = profile.identification_time = 0;
    faulty_drive_renew(&profile);
    RUNS(READ("00 20", "00 01"));
    uint64_t mechanism = faulty.command.delay;
    ck_assert_uint_gt(mechanism, 0);
    faulty_drive_renew(&profile);
    faulty_drive_rule("r", "command=READ(10)|delay=2s");
    RUNS(READ("00 20", "00 01"));
    ck_assert_uint_eq(faulty.command.delay, mechanism + 2 * SECOND);
}
END_TEST

START_TEST(a_held_command_goes_on_when_its_rule_is_removed)
{
    faulty_drive_rule("r", "command=INQUIRY|delivery=hang");
    faulty_drive_begin(INQUIRY);
    ck_assert_int_eq(faulty.command.delivery, DRIVE_DELIVERY_HELD);
    ck_assert(drive_is_withheld(&faulty.command));
    ck_assert(drive_fault_remove(faulty.drive, "r"));
    ck_assert(!drive_is_withheld(&faulty.command));
    faulty_drive_finish();
    faulty_drive_assert_good();
    ck_assert_uint_eq(faulty.length, 36);
    RUNS(INQUIRY);
    ck_assert_int_eq(faulty.command.delivery, DRIVE_DELIVERY_NORMAL);
}
END_TEST

static const struct {
    const char *word;
    enum drive_delivery delivery;
} deliveries[] = {
    {"lost",       DRIVE_DELIVERY_LOST      },
    {"unplug",     DRIVE_DELIVERY_UNPLUGGED },
    {"power-loss", DRIVE_DELIVERY_POWER_LOSS},
};

START_TEST(other_deliveries_leave_the_command_executed)
{
    char rule[64];

    snprintf(rule, sizeof rule, "key-format=set-rpc|delivery=%s", deliveries[_i].word);
    faulty_drive_rule("r", rule);
    faulty_drive_begin(SET_REGION_2);
    ck_assert_int_eq(faulty.command.delivery, deliveries[_i].delivery);
    ck_assert_int_eq(drive_is_withheld(&faulty.command),
                     deliveries[_i].delivery == DRIVE_DELIVERY_LOST);
    ck_assert_uint_eq(faulty.stores, 1);
    ck_assert_uint_eq(faulty.stored.region.mask, 0xFD);
    faulty_drive_finish();
}
END_TEST

static const struct {
    const char *word;
    unsigned ascq;
} resets[] = {
    {"power-on",     0x01},
    {"hard",         0x00},
    {"bus",          0x02},
    {"logical-unit", 0x03},
};

START_TEST(a_reset_ends_the_command_with_its_attention)
{
    char rule[64];

    snprintf(rule, sizeof rule, "command=INQUIRY|reset=%s|times=1", resets[_i].word);
    faulty_drive_rule("r", rule);
    faulty_drive_authenticate();
    FAILS(INQUIRY, 0x6, 0x29, resets[_i].ascq);
    RETURNS(ASF, "0006 0000 000000 00");
    RETURNS(AGID, "0006 0000 000000 00");
}
END_TEST

START_TEST(becoming_ready_lasts_as_long_as_stated)
{
    struct drive_view view;

    faulty_drive_authenticate();
    faulty_drive_rule("r", "key-format=agid|becoming-ready=15s|times=1");
    FAILS(AGID, 0x2, 0x04, 0x01);
    drive_view(faulty.drive, &view);
    ck_assert_int_eq(view.medium, DRIVE_MEDIUM_BECOMING_READY);
    ck_assert_uint_eq(drive_deadline(faulty.drive), faulty.now + 15 * SECOND);
    faulty.now += 15 * SECOND - 1;
    FAILS(READY, 0x2, 0x04, 0x01);
    faulty.now++;
    RUNS(READY);
    RETURNS(ASF, "0006 0000 000000 01");
    RETURNS(AGID, "0006 0000 000000 40");
}
END_TEST

START_TEST(the_medium_vanishes_in_the_middle)
{
    struct drive_view view;

    faulty_drive_rule("r", "command=READ(10)|vanish=2148|times=1");
    FAILS(READ("00 20", "00 03"), 0x2, 0x3A, 0x02);
    ck_assert_uint_eq(faulty.length, 2148);
    assert_sector(0, 32);
    drive_view(faulty.drive, &view);
    ck_assert_int_eq(view.medium, DRIVE_MEDIUM_TRAY_OPEN);
    ck_assert_ptr_eq(view.disc, faulty.disc);
    drive_press_eject_button(faulty.drive, faulty.now);
    FAILS(READY, 0x6, 0x28, 0x00);
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "vanish=99999999|times=1");
    FAILS(COPYRIGHT, 0x2, 0x3A, 0x02);
    ck_assert_uint_eq(faulty.length, 7);
    drive_press_eject_button(faulty.drive, faulty.now);
    FAILS(READY, 0x6, 0x28, 0x00);
    drive_fault_clear(faulty.drive);
    faulty_drive_rule("r", "vanish=0|times=1");
    FAILS(READY, 0x2, 0x3A, 0x02);
}
END_TEST

START_TEST(agids_are_exhausted_and_can_be_given_back)
{
    faulty_drive_rule("r", "key-format=agid|times=1|exhaust-agids=on");
    FAILS(AGID, 0x5, 0x55, 0x00);
    FAILS(AGID, 0x5, 0x55, 0x00);
    RUNS(RELEASE("BF"));
    RETURNS(AGID, "0006 0000 000000 80");
}
END_TEST

START_TEST(authentications_and_their_flag_are_dropped)
{
    faulty_drive_authenticate();
    faulty_drive_rule("asf", "key-format=asf|times=1|drop-asf=on");
    RETURNS(ASF, "0006 0000 000000 00");
    RUNS(DISC_KEY);
    faulty_drive_authenticate();
    faulty_drive_rule("agids", "structure-format=disc-key|times=1|drop-agids=on");
    FAILS(DISC_KEY, 0x5, 0x6F, 0x02);
    RETURNS(ASF, "0006 0000 000000 01");
}
END_TEST

START_TEST(an_attention_is_dropped)
{
    faulty_drive_rule("r", "command=TEST UNIT READY|drop-attention=on|times=1");
    drive_reset(faulty.drive, DRIVE_RESET_BUS, faulty.now);
    FAILS(READ("00 20", "00 01"), 0x6, 0x29, 0x02);
    drive_reset(faulty.drive, DRIVE_RESET_BUS, faulty.now);
    RUNS(READY);
    RUNS(READ("00 20", "00 01"));
    drive_reset(faulty.drive, DRIVE_RESET_BUS, faulty.now);
    FAILS(READY, 0x6, 0x29, 0x02);
}
END_TEST

START_TEST(the_region_is_reported_late)
{
    faulty_drive_rule("r", "key-format=set-rpc|region-lag=2|times=1");
    RUNS(SET_REGION_2);
    ck_assert_uint_eq(faulty.stored.region.mask, 0xFD);
    RETURNS(RPC_STATE, "0006 0000 64 FE 01 00");
    RETURNS(RPC_STATE, "0006 0000 64 FE 01 00");
    RETURNS(RPC_STATE, "0006 0000 63 FD 01 00");
}
END_TEST

struct recorder {
    struct drive_observer observer;
    enum drive_fault_change changes[4];
    unsigned count;
};

static void record(struct drive_observer *observer, const struct drive_event *event)
{
    struct recorder *self = (struct recorder *)observer;

    if (event->kind != DRIVE_EVENT_FAULT)
        return;
    ck_assert_str_eq(event->fault.name, "r");
    ck_assert_uint_lt(self->count, 4);
    self->changes[self->count++] = event->fault.change;
}

START_TEST(observers_hear_of_rules)
{
    struct recorder recorder = {.observer.event = record};

    drive_observe(faulty.drive, &recorder.observer);
    faulty_drive_rule("r", "command=INQUIRY|truncate=0");
    RUNS(READY);
    RUNS(INQUIRY);
    drive_fault_clear(faulty.drive);
    drive_unobserve(faulty.drive, &recorder.observer);
    ck_assert_uint_eq(recorder.count, 3);
    ck_assert_int_eq(recorder.changes[0], DRIVE_FAULT_ADDED);
    ck_assert_int_eq(recorder.changes[1], DRIVE_FAULT_APPLIED);
    ck_assert_int_eq(recorder.changes[2], DRIVE_FAULT_REMOVED);
}
END_TEST

static void add_data_tests(TCase *tests)
{
    tcase_add_test(tests, an_answer_takes_the_place_of_the_data);
    tcase_add_test(tests, an_answer_comes_in_spite_of_a_refusal_only_if_it_is_told_to);
    tcase_add_test(tests, header_length_is_put_where_it_belongs);
    tcase_add_test(tests, truncate_makes_a_short_transfer);
    tcase_add_test(tests, overrun_sends_more_than_there_is_room);
    tcase_add_test(tests, patch_changes_bytes_where_they_are);
    tcase_add_test(tests, flipped_bits_are_the_same_however_the_data_are_taken);
    tcase_add_test(tests, wrong_keys_differ_in_every_byte);
    tcase_add_test(tests, a_wrong_key1_ends_the_authentication);
    tcase_add_test(tests, stale_data_are_those_of_before);
    tcase_add_test(tests, a_cdb_is_misread);
}

START_TEST(rules_of_a_disc_come_and_go_with_it)
{
    struct disc_description description;
    struct fault_status status;

    faulty_drive_rule("r", "command=READ(10)|truncate=0");
    disc_description_init(&description);
    description.medium = DISC_MEDIUM_UNREADABLE;
    ck_assert(settings_sections_add(&description.faults, "x.disc", "a", 1));
    ck_assert(settings_sections_add_pair(&description.faults, "command", "INQUIRY", 2));
    ck_assert(settings_sections_add_pair(&description.faults, "sense", "4/3E/02", 3));
    ck_assert(fault_sections_check(&description.faults, NULL));
    struct disc *disc = disc_create(&description, NULL);
    ck_assert_ptr_nonnull(disc);
    ck_assert(drive_insert(faulty.drive, disc, faulty.now));
    ck_assert(drive_fault_get(faulty.drive, 1, &status));
    ck_assert_str_eq(status.rule->name, "disc.a");
    FAILS(INQUIRY, 0x4, 0x3E, 0x02);
    /* On the tray it is still there. */
    drive_eject(faulty.drive, false, faulty.now);
    FAILS(INQUIRY, 0x4, 0x3E, 0x02);
    ck_assert(drive_insert(faulty.drive, faulty.disc, faulty.now));
    RUNS(INQUIRY);
    ck_assert(drive_insert(faulty.drive, disc, faulty.now));
    FAILS(INQUIRY, 0x4, 0x3E, 0x02);
    drive_eject(faulty.drive, true, faulty.now);
    RUNS(INQUIRY);
    ck_assert(!drive_fault_get(faulty.drive, 1, &status));
    disc_release(disc);

    /* What is no rule keeps the disc out. */
    ck_assert(settings_sections_add_pair(&description.faults, "sens", "4/3E/02", 4));
    ck_assert(!fault_sections_check(&description.faults, NULL));
    disc = disc_create(&description, NULL);
    ck_assert(!drive_insert(faulty.drive, disc, faulty.now));
    struct drive_view view;
    drive_view(faulty.drive, &view);
    ck_assert_ptr_null(view.disc);
    disc_release(disc);
    disc_description_release(&description);
}
END_TEST

static void note_loss(void *context)
{
    *(bool *)context = true;
}

START_TEST(the_loss_of_power_is_told_to_whoever_is_the_drive)
{
    static const uint8_t inquiry[6] = {0x12, [4] = 36};
    bool lost = false;
    const struct drive_environment environment = {.lose_power = note_loss, .context = &lost};
    static struct fault_rule rule;
    const char *words[] = {"command=INQUIRY", "delivery=power-loss"};
    struct drive *drive = drive_create(drive_profile(faulty.drive), NULL, &environment, 0);
    struct drive_nexus *nexus = drive_nexus_attach(drive, true);
    struct drive_command command = {.nexus = nexus, .cdb_length = sizeof inquiry};

    ck_assert(fault_rule_parse("r", words, 2, &rule, NULL));
    ck_assert_int_eq(drive_fault_add(drive, &rule), FAULT_ADDED);
    fault_rule_release(&rule);
    memcpy(command.cdb, inquiry, sizeof inquiry);
    drive_begin(drive, &command, 0);
    ck_assert(lost);
    drive_finish(drive, &command, 0);
    drive_nexus_detach(nexus);
    drive_destroy(drive);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("fault effects");
    TCase *tests = tcase_create("all");

    faulty_drive_add_fixtures(tests);
    tcase_add_test(tests, sense_by_name_and_by_numbers);
    tcase_add_test(tests, a_sense_keeps_the_command_from_being_executed);
    tcase_add_test(tests, without_autosense_the_sense_is_kept_for_the_host);
    tcase_add_test(tests, sense_data_are_delivered_as_they_are);
    tcase_add_test(tests, a_read_goes_wrong_at_its_lba);
    tcase_add_test(tests, information_is_as_stated);
    tcase_add_test(tests, a_recovered_error_comes_with_its_data);
    tcase_add_loop_test(tests, statuses_without_sense, 0, sizeof statuses / sizeof *statuses);
    add_data_tests(tests);
    tcase_add_test(tests, delay_is_fixed_or_drawn);
    tcase_add_test(tests, a_delay_comes_on_top_of_the_mechanism);
    tcase_add_test(tests, a_held_command_goes_on_when_its_rule_is_removed);
    tcase_add_loop_test(tests, other_deliveries_leave_the_command_executed, 0,
                        sizeof deliveries / sizeof *deliveries);
    tcase_add_loop_test(tests, a_reset_ends_the_command_with_its_attention, 0,
                        sizeof resets / sizeof *resets);
    tcase_add_test(tests, becoming_ready_lasts_as_long_as_stated);
    tcase_add_test(tests, the_medium_vanishes_in_the_middle);
    tcase_add_test(tests, agids_are_exhausted_and_can_be_given_back);
    tcase_add_test(tests, authentications_and_their_flag_are_dropped);
    tcase_add_test(tests, an_attention_is_dropped);
    tcase_add_test(tests, the_region_is_reported_late);
    tcase_add_test(tests, observers_hear_of_rules);
    tcase_add_test(tests, rules_of_a_disc_come_and_go_with_it);
    tcase_add_test(tests, the_loss_of_power_is_told_to_whoever_is_the_drive);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(make_suite)
