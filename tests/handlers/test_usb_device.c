/* SPDX-License-Identifier: MIT */
/*
 * The control endpoint: every request by every precondition.
 */
#include "handlers/usbredir/usb_device.h"

#include <string.h>

#include "tests/tap.h"

#define NOW 7u

/* A drive that counts what happens to it. */
static unsigned begun, finished, resets;

struct drive_data_phase drive_data_phase(const uint8_t *cdb, size_t cdb_length)
{
    (void)cdb, (void)cdb_length;
    return (struct drive_data_phase){.direction = DRIVE_DIRECTION_NONE};
}

void drive_begin(struct drive *drive, struct drive_command *command, uint64_t now)
{
    (void)drive, (void)now;
    command->done = true;
    begun++;
}

size_t drive_data_in(struct drive *drive, struct drive_command *command, const struct iovec *iov,
                     int iov_count)
{
    (void)drive, (void)command, (void)iov, (void)iov_count;
    ck_abort();
}

bool drive_work(struct drive *drive, struct drive_command *command)
{
    (void)drive, (void)command;
    return false;
}

void drive_finish(struct drive *drive, struct drive_command *command, uint64_t now)
{
    (void)drive, (void)command, (void)now;
    finished++;
}

bool drive_is_withheld(const struct drive_command *command)
{
    (void)command;
    return false;
}

void drive_reset(struct drive *drive, enum drive_reset reset, uint64_t now)
{
    (void)drive;
    ck_assert_int_eq(reset, DRIVE_RESET_HARD);
    ck_assert_uint_eq(now, NOW);
    resets++;
}

static struct bulk_only transport;
static struct usb_device device;
static uint8_t answer[USB_DESCRIPTOR_SIZE_MAX];
static size_t answer_length;

static void setup(void)
{
    struct drive_profile profile = {.vendor = "V", .product = "P", .serial = "S"};

    begun = finished = resets = 0;
    bulk_only_init(&transport, NULL, NULL);
    usb_device_init(&device, &profile, USB_SPEED_SUPER, &transport);
}

static bool request(uint8_t type, uint8_t number, uint16_t value, uint16_t index, uint16_t length)
{
    const struct usb_setup packet = {type, number, value, index, length};

    memset(answer, 0xEE, sizeof(answer));
    return usb_device_control(&device, &packet, answer, &answer_length, NOW);
}

static void expect(uint8_t type, uint8_t number, uint16_t value, uint16_t index, uint16_t length,
                   const char *bytes, size_t expected)
{
    ck_assert(request(type, number, value, index, length));
    ck_assert_uint_eq(answer_length, expected);
    ck_assert_mem_eq(answer, bytes, expected);
}

static void expect_stall(uint8_t type, uint8_t number, uint16_t value, uint16_t index,
                         uint16_t length)
{
    ck_assert(!request(type, number, value, index, length));
    ck_assert_uint_eq(answer_length, 0);
}

static void start_command(void)
{
    uint8_t cbw[BULK_ONLY_CBW_SIZE] = {'U', 'S', 'B', 'C', [14] = 6};

    ck_assert_int_eq(bulk_only_out(&transport, cbw, sizeof(cbw), NOW), BULK_ONLY_DONE);
}

START_TEST(descriptors_are_cut_to_the_length)
{
    for (uint16_t length = 0; length <= 300; length++) {
        ck_assert(request(0x80, 6, 0x0200, 0, length));
        ck_assert_uint_eq(answer_length, length < 44 ? length : 44);
        ck_assert_uint_eq(answer[0], 9);
    }
    expect(0x80, 6, 0x0100, 0, 8, "\x12\x01\x00\x03\x00\x00\x00\x09", 8);
    expect(0x80, 6, 0x0301, 0x0409, 255, "\x04\x03V\0", 4);
    expect_stall(0x80, 6, 0x0600, 0, 10);
    expect_stall(0x80, 6, 0x03EE, 0, 18);
    expect_stall(0x81, 6, 0x2200, 0, 100);
}
END_TEST

START_TEST(configuration)
{
    expect(0x80, 8, 0, 0, 1, "\0", 1);
    expect_stall(0x00, 9, 2, 0, 0);
    expect_stall(0x00, 9, 0x0101, 0, 0);
    expect(0x80, 8, 0, 0, 1, "\0", 1);
    ck_assert(request(0x00, 9, 1, 0, 0));
    expect(0x80, 8, 0, 0, 1, "\1", 1);
    ck_assert_uint_eq(device.configuration, 1);

    /* Choosing it anew gives the command up and clears the halts. */
    start_command();
    bulk_only_set_halt(&transport, BULK_ONLY_IN, true);
    ck_assert(request(0x00, 9, 1, 0, 0));
    ck_assert_uint_eq(finished, 1);
    ck_assert(!bulk_only_is_halted(&transport, BULK_ONLY_IN));
    ck_assert(request(0x00, 9, 0, 0, 0));
    expect(0x80, 8, 0, 0, 1, "\0", 1);
}
END_TEST

START_TEST(interface)
{
    expect_stall(0x81, 10, 0, 0, 1);
    expect_stall(0x01, 11, 0, 0, 0);
    expect_stall(0x81, 0, 0, 0, 2);
    ck_assert(usb_device_set_configuration(&device, 1, NOW));
    expect(0x81, 10, 0, 0, 1, "\0", 1);
    expect_stall(0x81, 10, 0, 1, 1);
    expect(0x81, 0, 0, 0, 2, "\0\0", 2);
    expect_stall(0x81, 0, 0, 1, 2);
    bulk_only_set_halt(&transport, BULK_ONLY_OUT, true);
    ck_assert(request(0x01, 11, 0, 0, 0));
    ck_assert(!bulk_only_is_halted(&transport, BULK_ONLY_OUT));
    expect_stall(0x01, 11, 1, 0, 0);
    expect_stall(0x01, 11, 0, 1, 0);
    expect_stall(0x01, 11, 0, 256, 0);
    expect_stall(0x01, 11, 256, 0, 0);
}
END_TEST

START_TEST(device_status)
{
    expect(0x80, 0, 0, 0, 2, "\1\0", 2);
    expect(0x80, 0, 0, 0, 1, "\1", 1);
}
END_TEST

START_TEST(endpoint_halt)
{
    expect_stall(0x02, 3, 0, 0x81, 0);
    expect_stall(0x82, 0, 0, 0x81, 2);
    expect(0x82, 0, 0, 0x00, 2, "\0\0", 2);
    ck_assert(usb_device_set_configuration(&device, 1, NOW));

    ck_assert(request(0x02, 3, 0, 0x81, 0));
    ck_assert(bulk_only_is_halted(&transport, BULK_ONLY_IN));
    ck_assert(!bulk_only_is_halted(&transport, BULK_ONLY_OUT));
    expect(0x82, 0, 0, 0x81, 2, "\1\0", 2);
    expect(0x82, 0, 0, 0x02, 2, "\0\0", 2);
    ck_assert(request(0x02, 3, 0, 0x02, 0));
    expect(0x82, 0, 0, 0x02, 2, "\1\0", 2);
    ck_assert(request(0x02, 1, 0, 0x81, 0));
    ck_assert(request(0x02, 1, 0, 0x02, 0));
    ck_assert(!bulk_only_is_halted(&transport, BULK_ONLY_IN));
    ck_assert(!bulk_only_is_halted(&transport, BULK_ONLY_OUT));
    /* Endpoint 0 accepts it and has none. */
    ck_assert(request(0x02, 3, 0, 0x80, 0));
    expect(0x82, 0, 0, 0x80, 2, "\0\0", 2);

    expect_stall(0x02, 3, 1, 0x81, 0);
    expect_stall(0x02, 3, 0, 0x01, 0);
    expect_stall(0x02, 3, 0, 0x82, 0);
    expect_stall(0x02, 3, 0, 0x0281, 0);
    expect_stall(0x82, 0, 0, 0x83, 2);
}
END_TEST

START_TEST(bulk_only_class_requests)
{
    expect_stall(0x21, 0xFF, 0, 0, 0);
    expect_stall(0xA1, 0xFE, 0, 0, 1);
    ck_assert(usb_device_set_configuration(&device, 1, NOW));
    expect(0xA1, 0xFE, 0, 0, 1, "\0", 1);
    expect(0xA1, 0xFE, 0, 0, 64, "\0", 1);
    expect_stall(0xA1, 0xFE, 1, 0, 1);
    expect_stall(0xA1, 0xFE, 0, 1, 1);

    start_command();
    bulk_only_set_halt(&transport, BULK_ONLY_IN, true);
    expect_stall(0x21, 0xFF, 1, 0, 0);
    expect_stall(0x21, 0xFF, 0, 1, 0);
    expect_stall(0x21, 0xFF, 0, 0, 1);
    ck_assert_uint_eq(finished, 0);
    ck_assert(request(0x21, 0xFF, 0, 0, 0));
    ck_assert_uint_eq(finished, 1);
    ck_assert(bulk_only_is_halted(&transport, BULK_ONLY_IN));
    ck_assert_uint_eq(resets, 0);
}
END_TEST

START_TEST(super_speed_requests)
{
    ck_assert(request(0x00, 0x30, 0, 0, 6));
    expect_stall(0x00, 0x30, 0, 0, 5);
    ck_assert(request(0x00, 0x31, 40, 0, 0));
    device.speed = USB_SPEED_HIGH;
    expect_stall(0x00, 0x30, 0, 0, 6);
    expect_stall(0x00, 0x31, 40, 0, 0);
    expect(0x80, 6, 0x0600, 0, 10, "\x0A\x06\x00\x02\x00\x00\x00\x40\x01\x00", 10);
}
END_TEST

/* U1 and U2 can be enabled by the host of a configured device at super speed, and by nobody else.
 */
START_TEST(link_states)
{
    expect_stall(0x00, 3, 48, 0, 0);
    ck_assert(usb_device_set_configuration(&device, 1, NOW));
    expect(0x00, 3, 48, 0, 0, "", 0);
    expect(0x80, 0, 0, 0, 2, "\5\0", 2);
    expect(0x00, 3, 49, 0, 0, "", 0);
    expect(0x80, 0, 0, 0, 2, "\15\0", 2);
    expect(0x00, 1, 48, 0, 0, "", 0);
    expect(0x80, 0, 0, 0, 2, "\11\0", 2);
    expect_stall(0x00, 3, 50, 0, 0); /* latency tolerance messages */
    expect_stall(0x00, 3, 48, 1, 0);
    expect_stall(0x00, 3, 48, 0, 2);
    expect_stall(0x01, 3, 48, 0, 0);
    usb_device_reset(&device, NOW);
    expect(0x80, 0, 0, 0, 2, "\1\0", 2);

    device.speed = USB_SPEED_HIGH;
    ck_assert(usb_device_set_configuration(&device, 1, NOW));
    expect_stall(0x00, 3, 48, 0, 0);
    expect_stall(0x00, 1, 49, 0, 0);
}
END_TEST

START_TEST(port_reset)
{
    ck_assert(usb_device_set_configuration(&device, 1, NOW));
    start_command();
    bulk_only_set_halt(&transport, BULK_ONLY_OUT, true);
    usb_device_reset(&device, NOW);
    ck_assert_uint_eq(device.configuration, 0);
    ck_assert_uint_eq(finished, 1);
    ck_assert_uint_eq(resets, 1);
    ck_assert(!bulk_only_is_halted(&transport, BULK_ONLY_OUT));
}
END_TEST

START_TEST(unknown_requests_stall)
{
    ck_assert(usb_device_set_configuration(&device, 1, NOW));
    expect_stall(0x00, 3, 1, 0, 0); /* remote wakeup */
    expect_stall(0x00, 7, 0x100, 0, 18);
    expect_stall(0x82, 12, 0, 0x81, 2);
    expect_stall(0xC0, 0x20, 0, 4, 16);
    expect_stall(0xA1, 0xFD, 0, 0, 1);
    expect_stall(0x21, 0xFE, 0, 0, 0);
}
END_TEST

static Suite *usb_device_suite(void)
{
    Suite *suite = suite_create("usb_device");
    TCase *tests = tcase_create("control endpoint");

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, descriptors_are_cut_to_the_length);
    tcase_add_test(tests, configuration);
    tcase_add_test(tests, interface);
    tcase_add_test(tests, device_status);
    tcase_add_test(tests, endpoint_halt);
    tcase_add_test(tests, bulk_only_class_requests);
    tcase_add_test(tests, super_speed_requests);
    tcase_add_test(tests, link_states);
    tcase_add_test(tests, port_reset);
    tcase_add_test(tests, unknown_requests_stall);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(usb_device_suite)
