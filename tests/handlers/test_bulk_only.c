/* SPDX-License-Identifier: MIT */
/*
 * The bulk-only transport, byte by byte, before a drive that does what the test has written down.
 */
#include "handlers/usbredir/bulk_only.h"

#include <string.h>

#include "tests/tap.h"

#define NOW    1000u
#define CANARY 16

/* The drive ---------------------------------------------------------------- */

static struct {
    struct drive_data_phase phase;
    uint64_t answer; /* bytes that drive_begin() promises */
    uint64_t good;   /* of which so many come; then the command fails */
    enum drive_status status;
    uint64_t delay;
    enum drive_delivery delivery;
    bool withheld;

    unsigned work; /* how often drive_work() leaves something to do */
    unsigned worked;

    unsigned begun, finished;
    bool finished_done;
    uint8_t cdb[DRIVE_CDB_MAX], cdb_length, lun;
    uint8_t data_out[DRIVE_DATA_OUT_MAX];
    size_t data_out_length;
} scripted;

struct drive_data_phase drive_data_phase(const uint8_t *cdb, size_t cdb_length)
{
    (void)cdb, (void)cdb_length;
    return scripted.phase;
}

void drive_begin(struct drive *drive, struct drive_command *command, uint64_t now)
{
    ck_assert_ptr_eq(drive, (struct drive *)&scripted);
    ck_assert_uint_ge(now, NOW);
    scripted.begun++;
    memcpy(scripted.cdb, command->cdb, sizeof(scripted.cdb));
    scripted.cdb_length = command->cdb_length;
    scripted.lun = command->lun;
    memcpy(scripted.data_out, command->data_out, command->data_out_length);
    scripted.data_out_length = command->data_out_length;
    command->delay = scripted.delay;
    command->data_in_length = scripted.answer;
    command->data_in_done = 0;
    command->done = scripted.answer == 0 && scripted.work == 0;
    command->status = scripted.status;
    command->delivery = scripted.delivery;
}

bool drive_is_withheld(const struct drive_command *command)
{
    ck_assert_int_ne(command->delivery, DRIVE_DELIVERY_NORMAL);
    return scripted.withheld;
}

bool drive_work(struct drive *drive, struct drive_command *command)
{
    ck_assert_ptr_eq(drive, (struct drive *)&scripted);
    if (command->done || scripted.answer > 0)
        return false;
    scripted.worked++;
    if (scripted.work > 0)
        scripted.work--;
    command->done = scripted.work == 0;
    return !command->done;
}

/* Byte n of the answer. */
static uint8_t answer_byte(uint64_t n)
{
    return (uint8_t)(n * 7 + n / 251);
}

size_t drive_data_in(struct drive *drive, struct drive_command *command, const struct iovec *iov,
                     int iov_count)
{
    size_t moved = 0;

    ck_assert_ptr_eq(drive, (struct drive *)&scripted);
    ck_assert_int_eq(iov_count, 1);
    ck_assert(!command->done);
    while (moved < iov->iov_len && command->data_in_done < scripted.good)
        ((uint8_t *)iov->iov_base)[moved++] = answer_byte(command->data_in_done++);
    if (command->data_in_done == scripted.answer) {
        command->done = true;
    } else if (moved < iov->iov_len) {
        command->done = true;
        command->status = DRIVE_STATUS_CHECK_CONDITION;
    }
    return moved;
}

void drive_finish(struct drive *drive, struct drive_command *command, uint64_t now)
{
    ck_assert_ptr_eq(drive, (struct drive *)&scripted);
    ck_assert_uint_ge(now, NOW);
    scripted.finished++;
    scripted.finished_done = command->done;
}

/* The host ----------------------------------------------------------------- */

static struct bulk_only bot;
static uint8_t received[8192];
static size_t received_length;

static void setup(void)
{
    memset(&scripted, 0, sizeof(scripted));
    scripted.status = DRIVE_STATUS_GOOD;
    memset(&bot, 0xA5, sizeof(bot));
    bulk_only_init(&bot, (struct drive *)&scripted, NULL);
}

static void script(enum drive_direction direction, uint32_t phase_length, uint64_t answer)
{
    scripted.phase.direction = direction;
    scripted.phase.length = phase_length;
    scripted.answer = answer;
    scripted.good = answer;
}

static void make_cbw(uint8_t cbw[BULK_ONLY_CBW_SIZE], uint32_t length, uint8_t flags)
{
    static const uint8_t head[] = {'U', 'S', 'B', 'C', 0x78, 0x56, 0x34, 0x12};

    memset(cbw, 0, BULK_ONLY_CBW_SIZE);
    memcpy(cbw, head, sizeof(head));
    for (unsigned i = 0; i < 4; i++)
        cbw[8 + i] = (uint8_t)(length >> 8 * i);
    cbw[12] = flags;
    cbw[14] = 12;
    for (uint8_t i = 0; i < 16; i++)
        cbw[15 + i] = (uint8_t)(0xC0 + i);
}

static enum bulk_only_answer command(uint32_t length, uint8_t flags)
{
    uint8_t cbw[BULK_ONLY_CBW_SIZE];

    make_cbw(cbw, length, flags);
    return bulk_only_out(&bot, cbw, sizeof(cbw), NOW);
}

static enum bulk_only_answer in_at(size_t requested, uint64_t now)
{
    size_t room = bulk_only_in_room(&bot, requested);
    enum bulk_only_answer answer;

    ck_assert_uint_le(room, requested);
    ck_assert_uint_le(room, sizeof(received) - CANARY);
    memset(received + room, 0xEE, CANARY);
    answer = bulk_only_in(&bot, received, requested, &received_length, now);
    if (answer != BULK_ONLY_DONE)
        ck_assert_uint_eq(received_length, 0);
    ck_assert_uint_le(received_length, room);
    for (size_t i = room; i < room + CANARY; i++)
        ck_assert_uint_eq(received[i], 0xEE);
    return answer;
}

static enum bulk_only_answer in(size_t requested)
{
    return in_at(requested, NOW);
}

static void expect_data(size_t requested, size_t expected, uint64_t first)
{
    ck_assert_int_eq(in(requested), BULK_ONLY_DONE);
    ck_assert_uint_eq(received_length, expected);
    for (size_t i = 0; i < expected; i++)
        ck_assert_uint_eq(received[i], answer_byte(first + i));
}

static void expect_csw_of(size_t requested, uint8_t status, uint32_t residue)
{
    uint8_t csw[BULK_ONLY_CSW_SIZE] = {'U', 'S', 'B', 'S', 0x78, 0x56, 0x34, 0x12};

    for (unsigned i = 0; i < 4; i++)
        csw[8 + i] = (uint8_t)(residue >> 8 * i);
    csw[12] = status;

    ck_assert_int_eq(in(requested), BULK_ONLY_DONE);
    ck_assert_uint_eq(received_length, sizeof(csw));
    ck_assert_mem_eq(received, csw, sizeof(csw));
    ck_assert_uint_eq(scripted.begun, scripted.finished);
    ck_assert_int_eq(bot.phase, BULK_ONLY_PHASE_COMMAND);
}

static void expect_csw(uint8_t status, uint32_t residue)
{
    expect_csw_of(BULK_ONLY_CSW_SIZE, status, residue);
}

static void send_bytes(size_t length, uint8_t first)
{
    uint8_t bytes[4096];

    ck_assert_uint_le(length, sizeof(bytes));
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(first + i);
    ck_assert_int_eq(bulk_only_out(&bot, bytes, length, NOW), BULK_ONLY_DONE);
}

/* The thirteen cases (specification 6.7) ----------------------------------- */

START_TEST(case_1_no_data)
{
    ck_assert_int_eq(command(0, 0x80), BULK_ONLY_DONE);
    ck_assert_uint_eq(scripted.begun, 1);
    ck_assert_uint_eq(scripted.cdb_length, 12);
    for (unsigned i = 0; i < DRIVE_CDB_MAX; i++)
        ck_assert_uint_eq(scripted.cdb[i], i < 12 ? 0xC0 + i : 0);
    expect_csw(0, 0);
    ck_assert(scripted.finished_done);

    scripted.status = DRIVE_STATUS_CHECK_CONDITION;
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    expect_csw(1, 0);
}
END_TEST

START_TEST(case_2_and_3_host_expects_no_data)
{
    script(DRIVE_DIRECTION_IN, 8, 8);
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    expect_csw(2, 0);
    script(DRIVE_DIRECTION_OUT, 8, 0);
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    expect_csw(2, 0);
    ck_assert_uint_eq(scripted.begun, 0);
}
END_TEST

START_TEST(case_4_host_expects_data_device_has_none)
{
    script(DRIVE_DIRECTION_NONE, 0, 0);
    ck_assert_int_eq(command(36, 0x80), BULK_ONLY_DONE);
    expect_data(36, 0, 0);
    expect_csw(0, 36);

    /* A refused command of any direction is the same. */
    script(DRIVE_DIRECTION_IN, 36, 0);
    scripted.status = DRIVE_STATUS_CHECK_CONDITION;
    ck_assert_int_eq(command(0x12345678, 0x80), BULK_ONLY_DONE);
    expect_data(512, 0, 0);
    expect_csw(1, 0x12345678);
    ck_assert_uint_eq(scripted.begun, 2);
}
END_TEST

START_TEST(case_5_device_has_less)
{
    script(DRIVE_DIRECTION_IN, 255, 36);
    ck_assert_int_eq(command(255, 0x80), BULK_ONLY_DONE);
    expect_data(255, 36, 0);
    expect_csw(0, 219);
}
END_TEST

START_TEST(case_5_data_end_with_a_request)
{
    script(DRIVE_DIRECTION_IN, 2048, 1024);
    ck_assert_int_eq(command(2048, 0x80), BULK_ONLY_DONE);
    expect_data(512, 512, 0);
    expect_data(512, 512, 512);
    expect_data(512, 0, 0);
    expect_csw(0, 1024);
}
END_TEST

START_TEST(case_6_exact)
{
    script(DRIVE_DIRECTION_IN, 2048, 2048);
    ck_assert_int_eq(command(2048, 0x80), BULK_ONLY_DONE);
    expect_data(2048, 2048, 0);
    expect_csw(0, 0);
}
END_TEST

START_TEST(case_6_fails_on_the_way)
{
    script(DRIVE_DIRECTION_IN, 4096, 4096);
    scripted.good = 2048;
    ck_assert_int_eq(command(4096, 0x80), BULK_ONLY_DONE);
    expect_data(2048, 2048, 0);
    expect_data(2048, 0, 0);
    expect_csw(1, 2048);
}
END_TEST

START_TEST(case_7_device_has_more)
{
    script(DRIVE_DIRECTION_IN, 255, 96);
    ck_assert_int_eq(command(36, 0x80), BULK_ONLY_DONE);
    expect_data(36, 36, 0);
    expect_csw(2, 0);
    ck_assert(!scripted.finished_done);

    /* More in the allocation length than the host expects does no harm when the answer fits. */
    script(DRIVE_DIRECTION_IN, 255, 36);
    ck_assert_int_eq(command(36, 0x80), BULK_ONLY_DONE);
    expect_data(36, 36, 0);
    expect_csw(0, 0);
}
END_TEST

START_TEST(case_8_host_expects_in_device_out)
{
    script(DRIVE_DIRECTION_OUT, 16, 0);
    ck_assert_int_eq(command(16, 0x80), BULK_ONLY_DONE);
    expect_data(16, 0, 0);
    expect_csw(2, 16);
    ck_assert_uint_eq(scripted.begun, 0);
}
END_TEST

START_TEST(case_9_device_wants_no_data)
{
    script(DRIVE_DIRECTION_NONE, 0, 0);
    scripted.status = DRIVE_STATUS_CHECK_CONDITION;
    ck_assert_int_eq(command(1000, 0), BULK_ONLY_DONE);
    ck_assert_uint_eq(scripted.begun, 0);
    send_bytes(512, 0);
    ck_assert_uint_eq(scripted.begun, 0);
    send_bytes(488, 0);
    ck_assert_uint_eq(scripted.begun, 1);
    ck_assert_uint_eq(scripted.data_out_length, 0);
    expect_csw(1, 1000);
}
END_TEST

START_TEST(case_10_host_sends_device_sends)
{
    script(DRIVE_DIRECTION_IN, 8, 8);
    ck_assert_int_eq(command(8, 0), BULK_ONLY_DONE);
    send_bytes(8, 0);
    expect_csw(2, 8);
    ck_assert_uint_eq(scripted.begun, 0);
}
END_TEST

START_TEST(case_11_device_wants_less)
{
    script(DRIVE_DIRECTION_OUT, 12, 0);
    ck_assert_int_eq(command(100, 0), BULK_ONLY_DONE);
    send_bytes(10, 1);
    send_bytes(90, 11);
    ck_assert_uint_eq(scripted.data_out_length, 12);
    for (unsigned i = 0; i < 12; i++)
        ck_assert_uint_eq(scripted.data_out[i], i + 1);
    expect_csw(0, 88);
}
END_TEST

START_TEST(case_12_exact)
{
    script(DRIVE_DIRECTION_OUT, 16, 0);
    ck_assert_int_eq(command(16, 0), BULK_ONLY_DONE);
    for (uint8_t i = 0; i < 16; i++) {
        ck_assert_uint_eq(scripted.begun, 0);
        ck_assert_int_eq(in(BULK_ONLY_CSW_SIZE), BULK_ONLY_WAIT);
        send_bytes(1, i);
    }
    ck_assert_uint_eq(scripted.data_out_length, 16);
    for (unsigned i = 0; i < 16; i++)
        ck_assert_uint_eq(scripted.data_out[i], i);
    expect_csw(0, 0);
}
END_TEST

START_TEST(case_13_device_wants_more)
{
    script(DRIVE_DIRECTION_OUT, 16, 0);
    ck_assert_int_eq(command(12, 0), BULK_ONLY_DONE);
    send_bytes(12, 0);
    expect_csw(2, 12);
    ck_assert_uint_eq(scripted.begun, 0);
}
END_TEST

/* Data phases -------------------------------------------------------------- */

START_TEST(data_in_cut_anywhere)
{
    const uint64_t size = 600;

    for (size_t piece = 1; piece <= size + 1; piece += piece < 40 ? 1 : 17) {
        setup();
        script(DRIVE_DIRECTION_IN, 600, size);
        ck_assert_int_eq(command(600, 0x80), BULK_ONLY_DONE);
        for (uint64_t at = 0; at < size; at += piece)
            expect_data(piece, size - at < piece ? size - at : piece, at);
        expect_csw(0, 0);
    }
}
END_TEST

START_TEST(never_more_than_announced)
{
    script(DRIVE_DIRECTION_IN, 5000, 5000);
    ck_assert_int_eq(command(100, 0x80), BULK_ONLY_DONE);
    expect_data(4096, 100, 0);
    expect_csw(2, 0);
}
END_TEST

START_TEST(zero_length_transfers_change_nothing)
{
    script(DRIVE_DIRECTION_IN, 8, 8);
    ck_assert_int_eq(command(8, 0x80), BULK_ONLY_DONE);
    expect_data(0, 0, 0);
    expect_data(8, 8, 0);
    expect_csw(0, 0);

    script(DRIVE_DIRECTION_OUT, 8, 0);
    ck_assert_int_eq(command(8, 0), BULK_ONLY_DONE);
    send_bytes(0, 0);
    send_bytes(8, 0);
    ck_assert_uint_eq(scripted.data_out_length, 8);
    expect_csw(0, 0);
}
END_TEST

/* As a parser of packets hands over those without data, in each phase. */
START_TEST(zero_length_transfers_have_no_address)
{
    script(DRIVE_DIRECTION_OUT, 8, 0);
    ck_assert_int_eq(command(8, 0), BULK_ONLY_DONE);
    ck_assert_int_eq(bulk_only_out(&bot, NULL, 0, NOW), BULK_ONLY_DONE);
    send_bytes(4, 0);
    ck_assert_int_eq(bulk_only_out(&bot, NULL, 0, NOW), BULK_ONLY_DONE);
    send_bytes(4, 4);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(scripted.data_out[i], i);
    expect_csw(0, 0);

    /* More than the command takes. */
    script(DRIVE_DIRECTION_OUT, 4, 0);
    ck_assert_int_eq(command(8, 0), BULK_ONLY_DONE);
    send_bytes(4, 0);
    ck_assert_int_eq(bulk_only_out(&bot, NULL, 0, NOW), BULK_ONLY_DONE);
    send_bytes(4, 0);
    expect_csw(0, 4);

    /* In the place of a wrapper. */
    ck_assert_int_eq(bulk_only_out(&bot, NULL, 0, NOW), BULK_ONLY_STALL);
    ck_assert_int_eq(bot.phase, BULK_ONLY_PHASE_INVALID);
}
END_TEST

START_TEST(longest_data_out)
{
    script(DRIVE_DIRECTION_OUT, DRIVE_DATA_OUT_MAX, 0);
    ck_assert_int_eq(command(0xFFFFFFFF, 0), BULK_ONLY_DONE);
    for (unsigned i = 0; i < 32; i++)
        send_bytes(4096, (uint8_t)i);
    ck_assert_uint_eq(scripted.begun, 0);
    ck_assert_int_eq(bot.phase, BULK_ONLY_PHASE_DATA_OUT);
    bulk_only_reset(&bot, NOW);

    /* A list longer than any that exists. */
    script(DRIVE_DIRECTION_OUT, DRIVE_DATA_OUT_MAX + 1, 0);
    ck_assert_int_eq(command(DRIVE_DATA_OUT_MAX + 1, 0), BULK_ONLY_DONE);
    for (unsigned i = 0; i < 16; i++)
        send_bytes(4096, 0);
    expect_csw(2, DRIVE_DATA_OUT_MAX + 1);
    ck_assert_uint_eq(scripted.begun, 0);
}
END_TEST

START_TEST(more_data_out_than_announced)
{
    uint8_t bytes[9] = {0};

    script(DRIVE_DIRECTION_OUT, 8, 0);
    ck_assert_int_eq(command(8, 0), BULK_ONLY_DONE);
    ck_assert_int_eq(bulk_only_out(&bot, bytes, sizeof(bytes), NOW), BULK_ONLY_STALL);
    ck_assert(bulk_only_is_halted(&bot, BULK_ONLY_OUT));
    ck_assert_uint_eq(scripted.begun, 0);
    bulk_only_set_halt(&bot, BULK_ONLY_OUT, false);
    expect_csw(2, 8);
}
END_TEST

START_TEST(status_needs_room)
{
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    for (size_t requested = 0; requested < BULK_ONLY_CSW_SIZE; requested++)
        ck_assert_int_eq(in(requested), BULK_ONLY_BABBLE);
    ck_assert_uint_eq(scripted.finished, 0);
    expect_csw_of(512, 0, 0);
}
END_TEST

/* Time --------------------------------------------------------------------- */

START_TEST(delay_holds_data_and_status)
{
    script(DRIVE_DIRECTION_IN, 8, 8);
    scripted.delay = 500;
    ck_assert_uint_eq(bulk_only_deadline(&bot), UINT64_MAX);
    ck_assert_int_eq(command(8, 0x80), BULK_ONLY_DONE);
    ck_assert_uint_eq(bulk_only_deadline(&bot), NOW + 500);
    ck_assert_int_eq(in_at(8, NOW + 499), BULK_ONLY_WAIT);
    ck_assert_int_eq(in_at(8, NOW + 500), BULK_ONLY_DONE);
    ck_assert_uint_eq(received_length, 8);
    ck_assert_int_eq(in_at(13, NOW + 500), BULK_ONLY_DONE);
    ck_assert_uint_eq(received_length, 13);
    ck_assert_uint_eq(bulk_only_deadline(&bot), UINT64_MAX);

    script(DRIVE_DIRECTION_NONE, 0, 0);
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    ck_assert_int_eq(in_at(13, NOW + 499), BULK_ONLY_WAIT);
    ck_assert_int_eq(in_at(13, NOW + 500), BULK_ONLY_DONE);

    scripted.delay = UINT64_MAX;
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    ck_assert_int_eq(in_at(13, UINT64_MAX - 2), BULK_ONLY_WAIT);
}
END_TEST

START_TEST(work_is_done_in_pieces_before_the_status)
{
    scripted.work = 3;
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    ck_assert_uint_eq(scripted.worked, 0);
    for (unsigned piece = 1; piece < 3; piece++) {
        ck_assert_int_eq(in(13), BULK_ONLY_WAIT);
        ck_assert_uint_eq(scripted.worked, piece);
        ck_assert_uint_eq(bulk_only_deadline(&bot), NOW);
    }
    expect_csw(0, 0);
    ck_assert_uint_eq(scripted.worked, 3);
    ck_assert(scripted.finished_done);

    /* Also of a host that asks for data. */
    scripted.work = 2;
    ck_assert_int_eq(command(36, 0x80), BULK_ONLY_DONE);
    expect_data(36, 0, 0);
    ck_assert_int_eq(in(13), BULK_ONLY_WAIT);
    expect_csw(0, 36);
}
END_TEST

START_TEST(work_is_given_up_by_a_reset_and_by_the_next_command)
{
    scripted.work = 3;
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    ck_assert_int_eq(in(13), BULK_ONLY_WAIT);
    bulk_only_reset(&bot, NOW);
    ck_assert_uint_eq(scripted.finished, 1);
    ck_assert(!scripted.finished_done);
    ck_assert_int_eq(in(13), BULK_ONLY_WAIT);
    ck_assert_uint_eq(bulk_only_deadline(&bot), UINT64_MAX);

    scripted.work = 3;
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    ck_assert_int_eq(in(13), BULK_ONLY_WAIT);
    scripted.work = 0;
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    ck_assert_uint_eq(scripted.finished, 2);
    expect_csw(0, 0);
}
END_TEST

START_TEST(fault_rules_withhold_data_and_status)
{
    script(DRIVE_DIRECTION_IN, 8, 8);
    scripted.delivery = DRIVE_DELIVERY_HELD;
    scripted.withheld = true;
    ck_assert_int_eq(command(8, 0x80), BULK_ONLY_DONE);
    ck_assert_int_eq(in_at(8, UINT64_MAX - 2), BULK_ONLY_WAIT);
    ck_assert_uint_eq(bulk_only_deadline(&bot), UINT64_MAX);
    scripted.withheld = false;
    expect_data(8, 8, 0);
    scripted.withheld = true;
    ck_assert_int_eq(in(13), BULK_ONLY_WAIT);
    scripted.withheld = false;
    expect_csw(0, 0);

    scripted.delivery = DRIVE_DELIVERY_LOST;
    ck_assert_int_eq(command(8, 0x80), BULK_ONLY_DONE);
    ck_assert_int_eq(in(8), BULK_ONLY_WAIT);
    ck_assert(!bulk_only_is_unplugged(&bot));
    bulk_only_reset(&bot, NOW);
    ck_assert_uint_eq(scripted.begun, scripted.finished);

    scripted.delivery = DRIVE_DELIVERY_UNPLUGGED;
    ck_assert_int_eq(command(8, 0x80), BULK_ONLY_DONE);
    ck_assert(bulk_only_is_unplugged(&bot));
    ck_assert_int_eq(in(8), BULK_ONLY_WAIT);
    bulk_only_restart(&bot, NOW);
    ck_assert(!bulk_only_is_unplugged(&bot));
}
END_TEST

static const enum drive_status without_sense[] = {
    DRIVE_STATUS_BUSY, DRIVE_STATUS_RESERVATION_CONFLICT, DRIVE_STATUS_TASK_SET_FULL};

START_TEST(statuses_without_sense_are_failures)
{
    script(DRIVE_DIRECTION_IN, 8, 0);
    scripted.status = without_sense[_i];
    ck_assert_int_eq(command(8, 0x80), BULK_ONLY_DONE);
    expect_data(8, 0, 0);
    expect_csw(1, 8);
}
END_TEST

START_TEST(in_waits_for_a_command)
{
    ck_assert_int_eq(in(512), BULK_ONLY_WAIT);
    ck_assert_int_eq(in_at(512, UINT64_MAX), BULK_ONLY_WAIT);
    ck_assert_uint_eq(bulk_only_in_room(&bot, 512), 0);
}
END_TEST

/* Wrappers ----------------------------------------------------------------- */

static void expect_invalid(const uint8_t *bytes, size_t length)
{
    ck_assert_int_eq(bulk_only_out(&bot, bytes, length, NOW), BULK_ONLY_STALL);
    ck_assert_uint_eq(scripted.begun, scripted.finished);
    for (unsigned round = 0; round < 2; round++) {
        ck_assert(bulk_only_is_halted(&bot, BULK_ONLY_IN));
        ck_assert(bulk_only_is_halted(&bot, BULK_ONLY_OUT));
        ck_assert_int_eq(in(13), BULK_ONLY_STALL);
        ck_assert_int_eq(command(0, 0), BULK_ONLY_STALL);
        /* Without the reset this does not help. */
        bulk_only_set_halt(&bot, BULK_ONLY_IN, false);
        bulk_only_set_halt(&bot, BULK_ONLY_OUT, false);
    }
    bulk_only_reset(&bot, NOW);
    ck_assert(!bulk_only_is_halted(&bot, BULK_ONLY_IN));
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    expect_csw(0, 0);
}

START_TEST(invalid_wrappers)
{
    static const struct {
        size_t at;
        uint8_t value;
    } wrong[] = {
        {0,  'X' },
        {1,  0   },
        {2,  0   },
        {3,  'S' },
        {13, 0x10},
        {13, 0x80},
        {14, 0   },
        {14, 5   },
        {14, 17  },
        {14, 0xFF},
    };
    uint8_t cbw[BULK_ONLY_CBW_SIZE + 1] = {0};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        make_cbw(cbw, 0, 0);
        cbw[wrong[i].at] = wrong[i].value;
        expect_invalid(cbw, BULK_ONLY_CBW_SIZE);
    }
    make_cbw(cbw, 0, 0);
    for (size_t length = 0; length <= sizeof(cbw); length++)
        if (length != BULK_ONLY_CBW_SIZE)
            expect_invalid(cbw, length);
}
END_TEST

START_TEST(halts_outlive_the_bulk_only_reset)
{
    uint8_t zero = 0;

    ck_assert_int_eq(bulk_only_out(&bot, &zero, 1, NOW), BULK_ONLY_STALL);
    bulk_only_reset(&bot, NOW);
    ck_assert_int_eq(command(0, 0), BULK_ONLY_STALL);
    bulk_only_set_halt(&bot, BULK_ONLY_OUT, false);
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    ck_assert_int_eq(in(13), BULK_ONLY_STALL);
    bulk_only_set_halt(&bot, BULK_ONLY_IN, false);
    expect_csw(0, 0);
}
END_TEST

START_TEST(flags_and_units)
{
    uint8_t cbw[BULK_ONLY_CBW_SIZE];

    /* Bits 6-0 of the flags mean nothing; the logical unit is the drive's to judge. */
    script(DRIVE_DIRECTION_IN, 8, 8);
    make_cbw(cbw, 8, 0xFF);
    cbw[13] = 0x0F;
    ck_assert_int_eq(bulk_only_out(&bot, cbw, sizeof(cbw), NOW), BULK_ONLY_DONE);
    ck_assert_uint_eq(scripted.lun, 15);
    expect_data(8, 8, 0);
    expect_csw(0, 0);

    for (uint8_t length = 6; length <= 16; length++) {
        script(DRIVE_DIRECTION_NONE, 0, 0);
        make_cbw(cbw, 0, 0);
        cbw[14] = length;
        ck_assert_int_eq(bulk_only_out(&bot, cbw, sizeof(cbw), NOW), BULK_ONLY_DONE);
        ck_assert_uint_eq(scripted.cdb_length, length);
        for (unsigned i = 0; i < 16; i++)
            ck_assert_uint_eq(scripted.cdb[i], i < length ? 0xC0 + i : 0);
        expect_csw(0, 0);
    }
}
END_TEST

START_TEST(wrapper_where_status_was_due)
{
    script(DRIVE_DIRECTION_IN, 2048, 2048);
    ck_assert_int_eq(command(2048, 0x80), BULK_ONLY_DONE);
    expect_data(512, 512, 0);
    ck_assert_int_eq(command(2048, 0x80), BULK_ONLY_DONE);
    ck_assert_uint_eq(scripted.begun, 2);
    ck_assert_uint_eq(scripted.finished, 1);
    ck_assert(!scripted.finished_done);
    expect_data(2048, 2048, 0);
    /* Status due, never fetched. */
    ck_assert_int_eq(command(2048, 0x80), BULK_ONLY_DONE);
    ck_assert_uint_eq(scripted.finished, 2);
    expect_data(2048, 2048, 0);
    expect_csw(0, 0);
}
END_TEST

/* Resets and halts --------------------------------------------------------- */

START_TEST(reset_in_every_phase)
{
    for (unsigned restart = 0; restart < 2; restart++) {
        void (*reset)(struct bulk_only *, uint64_t) = restart ? bulk_only_restart : bulk_only_reset;

        setup();
        reset(&bot, NOW);
        ck_assert_uint_eq(scripted.finished, 0);

        script(DRIVE_DIRECTION_IN, 2048, 2048);
        ck_assert_int_eq(command(2048, 0x80), BULK_ONLY_DONE);
        expect_data(512, 512, 0);
        reset(&bot, NOW);
        ck_assert_uint_eq(scripted.finished, 1);
        ck_assert_int_eq(in(13), BULK_ONLY_WAIT);

        script(DRIVE_DIRECTION_OUT, 16, 0);
        ck_assert_int_eq(command(16, 0), BULK_ONLY_DONE);
        send_bytes(8, 0);
        reset(&bot, NOW);
        ck_assert_uint_eq(scripted.begun, 1);

        script(DRIVE_DIRECTION_NONE, 0, 0);
        scripted.delay = 10;
        ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
        reset(&bot, NOW);
        ck_assert_uint_eq(scripted.finished, 2);
        scripted.delay = 0;
        ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
        expect_csw(0, 0);
    }
}
END_TEST

START_TEST(restart_clears_halts)
{
    uint8_t zero = 0;

    ck_assert_int_eq(bulk_only_out(&bot, &zero, 1, NOW), BULK_ONLY_STALL);
    bulk_only_restart(&bot, NOW);
    ck_assert_int_eq(command(0, 0), BULK_ONLY_DONE);
    expect_csw(0, 0);
}
END_TEST

START_TEST(host_halts_endpoints)
{
    script(DRIVE_DIRECTION_IN, 8, 8);
    bulk_only_set_halt(&bot, BULK_ONLY_OUT, true);
    ck_assert(!bulk_only_is_halted(&bot, BULK_ONLY_IN));
    ck_assert_int_eq(command(8, 0x80), BULK_ONLY_STALL);
    ck_assert_uint_eq(scripted.begun, 0);
    bulk_only_set_halt(&bot, BULK_ONLY_OUT, false);
    ck_assert_int_eq(command(8, 0x80), BULK_ONLY_DONE);
    bulk_only_set_halt(&bot, BULK_ONLY_IN, true);
    ck_assert_int_eq(in(8), BULK_ONLY_STALL);
    bulk_only_set_halt(&bot, BULK_ONLY_IN, false);
    expect_data(8, 8, 0);
    expect_csw(0, 0);
}
END_TEST

static Suite *bulk_only_suite(void)
{
    Suite *suite = suite_create("bulk_only");
    TCase *cases = tcase_create("thirteen cases");
    TCase *data = tcase_create("data phases");
    TCase *wrappers = tcase_create("wrappers, resets, halts");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, case_1_no_data);
    tcase_add_test(cases, case_2_and_3_host_expects_no_data);
    tcase_add_test(cases, case_4_host_expects_data_device_has_none);
    tcase_add_test(cases, case_5_device_has_less);
    tcase_add_test(cases, case_5_data_end_with_a_request);
    tcase_add_test(cases, case_6_exact);
    tcase_add_test(cases, case_6_fails_on_the_way);
    tcase_add_test(cases, case_7_device_has_more);
    tcase_add_test(cases, case_8_host_expects_in_device_out);
    tcase_add_test(cases, case_9_device_wants_no_data);
    tcase_add_test(cases, case_10_host_sends_device_sends);
    tcase_add_test(cases, case_11_device_wants_less);
    tcase_add_test(cases, case_12_exact);
    tcase_add_test(cases, case_13_device_wants_more);
    suite_add_tcase(suite, cases);

    tcase_add_checked_fixture(data, setup, NULL);
    tcase_add_test(data, data_in_cut_anywhere);
    tcase_add_test(data, never_more_than_announced);
    tcase_add_test(data, zero_length_transfers_change_nothing);
    tcase_add_test(data, zero_length_transfers_have_no_address);
    tcase_add_test(data, longest_data_out);
    tcase_add_test(data, more_data_out_than_announced);
    tcase_add_test(data, status_needs_room);
    tcase_add_test(data, delay_holds_data_and_status);
    tcase_add_test(data, work_is_done_in_pieces_before_the_status);
    tcase_add_test(data, work_is_given_up_by_a_reset_and_by_the_next_command);
    tcase_add_test(data, fault_rules_withhold_data_and_status);
    tcase_add_loop_test(data, statuses_without_sense_are_failures, 0, 3);
    tcase_add_test(data, in_waits_for_a_command);
    suite_add_tcase(suite, data);

    tcase_add_checked_fixture(wrappers, setup, NULL);
    tcase_add_test(wrappers, invalid_wrappers);
    tcase_add_test(wrappers, halts_outlive_the_bulk_only_reset);
    tcase_add_test(wrappers, flags_and_units);
    tcase_add_test(wrappers, wrapper_where_status_was_due);
    tcase_add_test(wrappers, reset_in_every_phase);
    tcase_add_test(wrappers, restart_clears_halts);
    tcase_add_test(wrappers, host_halts_endpoints);
    suite_add_tcase(suite, wrappers);
    return suite;
}

TAP_MAIN(bulk_only_suite)
