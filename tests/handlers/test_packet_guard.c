/* SPDX-License-Identifier: MIT */
/*
 * The guard before the parser: packets in every pair of pieces, both lengths of ids, the longest
 * packet and one that is longer.
 */
#include "handlers/usbredir/packet_guard.h"

#include <string.h>

#include "handlers/usbredir/usbredir_connection.h"
#include "tests/tap.h"

static uint8_t stream[512];
static size_t stream_length;

static void add_packet(size_t header_size, uint32_t body)
{
    memset(stream + stream_length, 0xFF, header_size);
    for (unsigned i = 0; i < 4; i++)
        stream[stream_length + 4 + i] = (uint8_t)(body >> 8 * i);
    stream_length += header_size;
}

static void add_body(size_t length)
{
    memset(stream + stream_length, 0xFF, length);
    stream_length += length;
}

static void make_stream(size_t header_size, uint32_t last)
{
    stream_length = 0;
    add_packet(header_size, 3);
    add_body(3);
    add_packet(header_size, 0);
    add_packet(header_size, 100);
    add_body(100);
    add_packet(header_size, last);
}

START_TEST(every_pair_of_pieces)
{
    for (unsigned long_ids = 0; long_ids < 2; long_ids++)
        for (uint32_t more = 0; more < 2; more++) {
            make_stream(long_ids ? 16 : 12, USBREDIR_PACKET_MAX + more);
            for (size_t cut = 0; cut <= stream_length; cut++) {
                struct packet_guard guard = {0};
                bool first = packet_guard_pass(&guard, stream, cut, long_ids);
                bool second =
                    first && packet_guard_pass(&guard, stream + cut, stream_length - cut, long_ids);
                ck_assert_int_eq(second, !more);
            }
        }
}
END_TEST

START_TEST(byte_by_byte)
{
    struct packet_guard guard = {0};

    make_stream(16, UINT32_MAX);
    for (size_t i = 0; i + 1 < stream_length; i++)
        ck_assert(packet_guard_pass(&guard, stream + i, 1, true));
    ck_assert(!packet_guard_pass(&guard, stream + stream_length - 1, 1, true));
}
END_TEST

START_TEST(ids_grow_after_the_first_packet)
{
    struct packet_guard guard = {0};

    stream_length = 0;
    add_packet(12, 68);
    add_body(68);
    ck_assert(packet_guard_pass(&guard, stream, stream_length, false));
    stream_length = 0;
    add_packet(16, 5);
    add_body(5);
    add_packet(16, USBREDIR_PACKET_MAX + 1);
    ck_assert(packet_guard_pass(&guard, stream, stream_length - 1, true));
    ck_assert(!packet_guard_pass(&guard, stream + stream_length - 1, 1, true));
}
END_TEST

static Suite *packet_guard_suite(void)
{
    Suite *suite = suite_create("packet_guard");
    TCase *tests = tcase_create("packets");

    tcase_add_test(tests, every_pair_of_pieces);
    tcase_add_test(tests, byte_by_byte);
    tcase_add_test(tests, ids_grow_after_the_first_packet);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(packet_guard_suite)
