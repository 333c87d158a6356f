/* SPDX-License-Identifier: MIT */
/*
 * The descriptors, byte by byte as USB 2.0 and 3.2, chapter 9, lay them out.
 */
#include "handlers/usbredir/usb_descriptors.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

static struct usb_identity identity;

static void setup(void)
{
    struct drive_profile profile = {
        .vendor = "VODD    ",
        .product = "DVD-ROM         ",
        .serial = "VODD0A1b",
    };

    usb_identity_from_profile(&identity, &profile);
}

#define EXPECT(speed, type, index, ...)                                                            \
    do {                                                                                           \
        static const uint8_t expected[] = {__VA_ARGS__};                                           \
        uint8_t bytes[USB_DESCRIPTOR_SIZE_MAX];                                                    \
        ck_assert_uint_eq(usb_descriptor(&identity, speed, type, index, bytes), sizeof(expected)); \
        ck_assert_mem_eq(bytes, expected, sizeof(expected));                                       \
    } while (0)

static void expect_none(enum usb_speed speed, uint8_t type, uint8_t index)
{
    uint8_t bytes[USB_DESCRIPTOR_SIZE_MAX];

    ck_assert_uint_eq(usb_descriptor(&identity, speed, type, index, bytes), 0);
}

START_TEST(device_descriptor)
{
    EXPECT(USB_SPEED_SUPER, USB_DESCRIPTOR_DEVICE, 0, 18, 1, 0x00, 0x03, 0, 0, 0, 9, 0x09, 0x12,
           0x01, 0x00, 0x00, 0x01, 1, 2, 3, 1);
    EXPECT(USB_SPEED_HIGH, USB_DESCRIPTOR_DEVICE, 0, 18, 1, 0x00, 0x02, 0, 0, 0, 64, 0x09, 0x12,
           0x01, 0x00, 0x00, 0x01, 1, 2, 3, 1);
}
END_TEST

START_TEST(configuration_super_speed)
{
    EXPECT(USB_SPEED_SUPER, USB_DESCRIPTOR_CONFIGURATION, 0,
           /* configuration */ 9, 2, 44, 0, 1, 1, 0, 0xC0, 0,
           /* interface */ 9, 4, 0, 0, 2, 0x08, 0x06, 0x50, 0,
           /* bulk in */ 7, 5, 0x81, 2, 0x00, 0x04, 0,
           /* companion */ 6, 48, 15, 0, 0, 0,
           /* bulk out */ 7, 5, 0x02, 2, 0x00, 0x04, 0,
           /* companion */ 6, 48, 15, 0, 0, 0);
}
END_TEST

START_TEST(configuration_high_speed)
{
    EXPECT(USB_SPEED_HIGH, USB_DESCRIPTOR_CONFIGURATION, 0,
           /* configuration */ 9, 2, 32, 0, 1, 1, 0, 0xC0, 0,
           /* interface */ 9, 4, 0, 0, 2, 0x08, 0x06, 0x50, 0,
           /* bulk in */ 7, 5, 0x81, 2, 0x00, 0x02, 0,
           /* bulk out */ 7, 5, 0x02, 2, 0x00, 0x02, 0);
}
END_TEST

START_TEST(other_speed)
{
    EXPECT(USB_SPEED_HIGH, USB_DESCRIPTOR_DEVICE_QUALIFIER, 0, 10, 6, 0x00, 0x02, 0, 0, 0, 64, 1,
           0);
    EXPECT(USB_SPEED_HIGH, USB_DESCRIPTOR_OTHER_SPEED_CONFIGURATION, 0,
           /* configuration */ 9, 7, 32, 0, 1, 1, 0, 0xC0, 0,
           /* interface */ 9, 4, 0, 0, 2, 0x08, 0x06, 0x50, 0,
           /* bulk in */ 7, 5, 0x81, 2, 64, 0, 0,
           /* bulk out */ 7, 5, 0x02, 2, 64, 0, 0);
    expect_none(USB_SPEED_SUPER, USB_DESCRIPTOR_DEVICE_QUALIFIER, 0);
    expect_none(USB_SPEED_SUPER, USB_DESCRIPTOR_OTHER_SPEED_CONFIGURATION, 0);
}
END_TEST

START_TEST(binary_object_store)
{
    EXPECT(USB_SPEED_SUPER, USB_DESCRIPTOR_BOS, 0,
           /* store */ 5, 15, 22, 0, 2,
           /* USB 2.0 extension: LPM */ 7, 16, 2, 0x02, 0, 0, 0,
           /* super speed */ 10, 16, 3, 0, 0x08, 0, 3, 1, 0xF4, 1);
    expect_none(USB_SPEED_HIGH, USB_DESCRIPTOR_BOS, 0);
}
END_TEST

START_TEST(strings)
{
    EXPECT(USB_SPEED_HIGH, USB_DESCRIPTOR_STRING, 0, 4, 3, 0x09, 0x04);
    EXPECT(USB_SPEED_HIGH, USB_DESCRIPTOR_STRING, 1, 10, 3, 'V', 0, 'O', 0, 'D', 0, 'D', 0);
    EXPECT(USB_SPEED_SUPER, USB_DESCRIPTOR_STRING, 2, 16, 3, 'D', 0, 'V', 0, 'D', 0, '-', 0, 'R', 0,
           'O', 0, 'M', 0);
    /* The codes of "VODD0A1b". */
    EXPECT(USB_SPEED_SUPER, USB_DESCRIPTOR_STRING, 3, 34, 3, '5', 0, '6', 0, '4', 0, 'F', 0, '4', 0,
           '4', 0, '4', 0, '4', 0, '3', 0, '0', 0, '4', 0, '1', 0, '3', 0, '1', 0, '6', 0, '2', 0);
}
END_TEST

START_TEST(serial_numbers)
{
    struct drive_profile profile = {.serial = "A"};

    usb_identity_from_profile(&identity, &profile);
    ck_assert_str_eq(identity.serial, "000000000041");
    profile.serial[0] = 0;
    usb_identity_from_profile(&identity, &profile);
    ck_assert_str_eq(identity.serial, "000000000000");
    static const struct {
        const char *serial, *presented;
    } rows[] = {
        {"0123456789AB",                     "0123456789AB"                    },
        {"FEDCBA9876543210",                 "FEDCBA9876543210"                },
        {"00000000000000000000000000000042", "00000000000000000000000000000042"},
        {"0123456789AB  ",                   "0123456789AB"                    },
        {"0123456789A",                      "3031323334353637383941"          },
        {"0123456789ab",                     "303132333435363738396162"        },
        {"0123456789AG",                     "303132333435363738394147"        },
        {"VODD00000001",                     "564F44443030303030303031"        },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        snprintf(profile.serial, sizeof(profile.serial), "%s", rows[i].serial);
        usb_identity_from_profile(&identity, &profile);
        ck_assert_str_eq(identity.serial, rows[i].presented);
    }
    memset(profile.serial, 'Z', 32);
    usb_identity_from_profile(&identity, &profile);
    ck_assert_uint_eq(strlen(identity.serial), 64);
    ck_assert_str_eq(identity.serial + 62, "5A");
}
END_TEST

START_TEST(everything_else_is_absent)
{
    static const uint8_t types[] = {1, 2, 6, 7, 15};

    for (unsigned type = 0; type <= UINT8_MAX; type++)
        if (type != USB_DESCRIPTOR_STRING && !memchr(types, (int)type, sizeof(types)))
            expect_none(USB_SPEED_HIGH, (uint8_t)type, 0);
    for (size_t i = 0; i < sizeof(types); i++)
        expect_none(USB_SPEED_SUPER, types[i], 1);
    for (unsigned index = 4; index <= UINT8_MAX; index++)
        expect_none(USB_SPEED_SUPER, USB_DESCRIPTOR_STRING, (uint8_t)index);
}
END_TEST

static Suite *usb_descriptors_suite(void)
{
    Suite *suite = suite_create("usb_descriptors");
    TCase *tests = tcase_create("descriptors");

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, device_descriptor);
    tcase_add_test(tests, configuration_super_speed);
    tcase_add_test(tests, configuration_high_speed);
    tcase_add_test(tests, other_speed);
    tcase_add_test(tests, binary_object_store);
    tcase_add_test(tests, strings);
    tcase_add_test(tests, serial_numbers);
    tcase_add_test(tests, everything_else_is_absent);
    suite_add_tcase(suite, tests);
    return suite;
}

TAP_MAIN(usb_descriptors_suite)
