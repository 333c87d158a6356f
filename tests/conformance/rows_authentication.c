/* SPDX-License-Identifier: MIT */

/* CSS authentication byte for byte (CSS 4.3, 12.1, 12.2, 12.5, 12.6). */

#include <stdio.h>

#include "tests/conformance/phrases.h"
#include "tests/conformance/row.h"
#include "tests/conformance/vectors.h"

/* Another host challenge, internal order DE AD BE EF 01 23 45 67 89 AB. */
#define SECOND_CHALLENGE "AB 89 67 45 23 01 EF BE AD DE"
#define SECOND_KEY1      "2D 7A 60 2A 7C"
#define SECOND_BUS_KEY   "E30116B9BE"
#define SECOND_TITLE_KEY "21 85 4D 8C 64"
#define ONES             "FF FF FF FF FF FF FF FF FF FF"
#define ZEROS            "00 00 00 00 00 00 00 00 00 00"

/* clang-format off */
static const struct row rows[] = {
    ROW("CSS 4.3", "the whole dialogue with bytes, AGID 1",
        "start css" REGION_1,
        "A4 00 00 00 00 00 00 00 00 08 00 00 > 00 06 00 00 00 00 00 00",
        "A4 00 00 00 00 00 00 00 00 08 00 00 > 00 06 00 00 00 00 00 40",
        "A3 00 00 00 00 00 00 00 00 10 41 00 < 00 0E 00 00 09 08 07 06 05 04 03 02 01 00 00 00",
        "A4 00 00 00 00 00 00 00 00 0C 42 00 > 00 0A 00 00 2C 1A 72 3B AD 00 00 00",
        "A4 00 00 00 00 00 00 00 00 10 41 00 > 00 0E 00 00 19 18 17 16 15 14 13 12 11 10 00 00",
        "A3 00 00 00 00 00 00 00 00 0C 43 00 < 00 0A 00 00 CF CA D2 7C 75 00 00 00",
        "AD 00 00 00 00 00 00 02 08 04 40 00 > 08 02 00 00 2A 6C 35 5D 1C 5B 86 A5 90 FE "
        "..{2030} F0 21 F2 D1 1F F3 73 13",
        "A4 00 00 00 00 00 00 00 00 08 05 00 > 00 06 00 00 00 00 00 01",
        "A4 00 00 00 00 00 00 00 00 08 00 00 > 00 06 00 00 00 00 00 40",
        EXCHANGE(4),
        "A4 00 00 00 01 01 00 00 00 0C 44 00 > 00 0A 00 00 F0 6C 4F 48 32 7D 00 00"),
    ROW("CSS 12.5", "all 2048 bytes of the disc key block on the wire",
        "start css", AUTHENTICATE(0), READ_DISC_KEY(0) DISC_KEY_ANSWER),
    ROW("CSS 12.5", "title keys of two title sets on the wire",
        "start css" REGION_1,
        AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) TITLE_KEY_1_ANSWER,
        AUTHENTICATE(0), REPORT_TITLE_KEY_2(0) TITLE_KEY_2_ANSWER),
    ROW("MMC 2.10", "the complete host sequence",
        "start css" REGION_1,
        "AD 00 00000000 00 01 0008 00 00 > 00 06 00 00 01 00 00 00",
        REPORT_RPC_STATE " > 00 06 00 00 64 FE 01 00",
        AUTHENTICATE(0), REPORT_ASF ASF_1, READ_DISC_KEY(0) DISC_KEY_ANSWER, REPORT_ASF ASF_1,
        AUTHENTICATE(0), REPORT_TITLE_KEY_1(0) TITLE_KEY_1_ANSWER,
        REPORT_AGID GRANTED(0), INVALIDATE(3F), INVALIDATE(7F), INVALIDATE(BF), INVALIDATE(FF),
        "28 00 00000101 00 0001 00 > $title-1"),
    ROW("MMC 2.4", "two interleaved sessions have their own challenge, keys, bus key and state",
        "start css" REGION_1,
        REPORT_AGID GRANTED(0), REPORT_AGID GRANTED(4),
        SEND_HOST_CHALLENGE(0),
        "A3 00 00000000 00 00 0010 41 00 < 00 0E 00 00 " SECOND_CHALLENGE " 00 00",
        "A4 00 00000000 00 00 000C 42 00 > 00 0A 00 00 " SECOND_KEY1 " 00 00 00",
        REPORT_KEY1(0) KEY1_ANSWER,
        REPORT_DRIVE_CHALLENGE(4) DRIVE_CHALLENGE_ANSWER,
        REPORT_DRIVE_CHALLENGE(0) DRIVE_CHALLENGE_ANSWER,
        SEND_KEY2(0),
        READ_DISC_KEY(4) " ! 05/6F/02",
        SEND_KEY2(4),
        READ_DISC_KEY(0) DISC_KEY_ANSWER,
        "A4 00 00000101 00 00 000C 44 00 > 00 0A 00 00 F0 " SECOND_TITLE_KEY " 00 00"),
    ROW("MMC 2.4", "the disc key under the bus key of the second session",
        "start css", AUTHENTICATE(0), REPORT_AGID GRANTED(4),
        "A3 00 00000000 00 00 0010 41 00 < 00 0E 00 00 " SECOND_CHALLENGE " 00 00",
        "A4 00 00000000 00 00 000C 42 00 > 00 0A 00 00 " SECOND_KEY1 " 00 00 00",
        REPORT_DRIVE_CHALLENGE(4) DRIVE_CHALLENGE_ANSWER, SEND_KEY2(4),
        READ_DISC_KEY(4) " > 08 02 00 00 $disc-key:" SECOND_BUS_KEY,
        READ_DISC_KEY(0) DISC_KEY_ANSWER),
    ROW("CSS 12.2", "KEY1 and KEY2 for variant 0 and challenges of zeros",
        "start css css-variant=0 challenge=00000000000000000000",
        REPORT_AGID GRANTED(0),
        "A3 00 00000000 00 00 0010 01 00 < 00 0E 00 00 " ZEROS " 00 00",
        REPORT_KEY1(0) " > 00 0A 00 00 C7 19 4B CE B7 00 00 00",
        REPORT_DRIVE_CHALLENGE(0) " > 00 0E 00 00 " ZEROS " 00 00",
        "A3 00 00000000 00 00 000C 03 00 < 00 0A 00 00 7B 5B 3E 7D 4F 00 00 00"),
    ROW("CSS 12.2", "KEY1 and KEY2 for variant 31 and challenges of ones",
        "start css css-variant=31 challenge=FFFFFFFFFFFFFFFFFFFF",
        REPORT_AGID GRANTED(0),
        "A3 00 00000000 00 00 0010 01 00 < 00 0E 00 00 " ONES " 00 00",
        REPORT_KEY1(0) " > 00 0A 00 00 15 5F 8E 74 1B 00 00 00",
        REPORT_DRIVE_CHALLENGE(0) " > 00 0E 00 00 " ONES " 00 00",
        "A3 00 00000000 00 00 000C 03 00 < 00 0A 00 00 53 BE 5C 95 B9 00 00 00"),
    ROW("CSS 12.2", "KEY1 and KEY2 for variant 13 and challenges DE AD BE EF ...",
        "start css css-variant=13 challenge=DEADBEEF0123456789AB",
        REPORT_AGID GRANTED(0),
        "A3 00 00000000 00 00 0010 01 00 < 00 0E 00 00 " SECOND_CHALLENGE " 00 00",
        REPORT_KEY1(0) " > 00 0A 00 00 " SECOND_KEY1 " 00 00 00",
        REPORT_DRIVE_CHALLENGE(0) " > 00 0E 00 00 " SECOND_CHALLENGE " 00 00",
        "A3 00 00000000 00 00 000C 03 00 < 00 0A 00 00 B3 31 31 25 8D 00 00 00"),
    ROW("CSS 12.8", "drawn challenges and variants: a host that searches the variant gets the disc key",
        "start css css-variant=-1 challenge=drawn",
        "handshake 0", "handshake 0", "handshake 0", "handshake 0", "handshake 0", "handshake 0",
        "handshake 0", "handshake 0", "handshake 0", "handshake 0", "handshake 0", "handshake 0",
        REPORT_AGID GRANTED(0), "handshake 1", REPORT_AGID GRANTED(4), "handshake 2", REPORT_ASF ASF_1),
    ROW("CSS 12.8", "drawn challenges of another seed, a drawn variant with a fixed challenge and the reverse",
        "start css css-variant=-1 challenge=drawn seed=99", "handshake 0", "handshake 0", "handshake 0",
        "start css css-variant=-1", "handshake 0", "handshake 0", "handshake 0",
        "start css challenge=drawn", "handshake 0", "handshake 0", "handshake 0"),
    ROW("CSS 12.8", "a drawn challenge makes yesterday's KEY2 worthless",
        "start css challenge=drawn", REPORT_AGID GRANTED(0), SEND_HOST_CHALLENGE(0),
        REPORT_KEY1(0) KEY1_ANSWER, REPORT_DRIVE_CHALLENGE(0) " > 00 0E 00 00 ..{10} 00 00",
        SEND_KEY2(0) " ! 05/6F/00"),
    ROW("CSS 13", "KEY2 in internal order is wrong",
        "start css", REPORT_AGID GRANTED(0), SEND_HOST_CHALLENGE(0), REPORT_KEY1(0) KEY1_ANSWER,
        REPORT_DRIVE_CHALLENGE(0) DRIVE_CHALLENGE_ANSWER,
        "A3 00 00000000 00 00 000C 03 00 < 00 0A 00 00 75 7C D2 CA CF 00 00 00 ! 05/6F/00"),
};
/* clang-format on */

/* Five bytes in wire order. */
static const char *wire(char text[16], const uint8_t internal[5])
{
    snprintf(text, 16, "%02X %02X %02X %02X %02X", internal[4], internal[3], internal[2],
             internal[1], internal[0]);
    return text;
}

static void add_variant(struct suite *suite, unsigned variant)
{
    const struct vector_authentication *vector = &vector_authentication[variant];
    const uint8_t *bus = vector->bus_key;
    char key1[16], key2[16];

    suite_begin_row(suite, "K6", "full handshake with fixed challenges, variant %u", variant);
    suite_step(suite, "start css css-variant=%u", variant);
    suite_step(suite, REPORT_AGID GRANTED(0));
    suite_step(suite, SEND_HOST_CHALLENGE(0));
    suite_step(suite, REPORT_KEY1(0) " > 00 0A 00 00 %s 00 00 00", wire(key1, vector->key1));
    suite_step(suite, REPORT_DRIVE_CHALLENGE(0) DRIVE_CHALLENGE_ANSWER);
    suite_step(suite, "A3 00 00000000 00 00 000C 03 00 < 00 0A 00 00 %s 00 00 00",
               wire(key2, vector->key2));
    suite_step(suite, REPORT_ASF ASF_1);
    suite_step(suite, READ_DISC_KEY(0) " > 08 02 00 00 $disc-key:%02X%02X%02X%02X%02X", bus[0],
               bus[1], bus[2], bus[3], bus[4]);
}

/* KEY2 with each of its 40 bits flipped. */
static void add_flipped_bits(struct suite *suite)
{
    static const uint8_t right[5] = {0xCF, 0xCA, 0xD2, 0x7C, 0x75};

    suite_begin_row(suite, "K7", "KEY2 with any one bit flipped is refused, no key follows");
    for (unsigned bit = 0; bit < 40; bit++) {
        uint8_t key[5];
        for (unsigned i = 0; i < 5; i++)
            key[i] = (uint8_t)(right[i] ^ (i == bit / 8 ? 1u << bit % 8 : 0));
        suite_step(suite, "start css" REGION_1);
        suite_step(suite, REPORT_AGID GRANTED(0));
        suite_step(suite, SEND_HOST_CHALLENGE(0));
        suite_step(suite, REPORT_KEY1(0) KEY1_ANSWER);
        suite_step(suite, REPORT_DRIVE_CHALLENGE(0) DRIVE_CHALLENGE_ANSWER);
        suite_step(suite,
                   "A3 00 00000000 00 00 000C 03 00 < 00 0A 00 00 %02X %02X %02X %02X %02X "
                   "00 00 00 ! 05/6F/00",
                   key[0], key[1], key[2], key[3], key[4]);
        suite_step(suite, REPORT_ASF ASF_0);
        suite_step(suite, READ_DISC_KEY(0) " ! 05/6F/02");
        suite_step(suite, REPORT_TITLE_KEY_1(0) " ! 05/6F/02");
        suite_step(suite, REPORT_AGID GRANTED(0));
    }
}

void rows_authentication(struct suite *suite)
{
    SUITE_ADD_ROWS(suite, rows);
    for (unsigned variant = 0; variant < 32; variant++)
        add_variant(suite, variant);
    add_flipped_bits(suite);
}
