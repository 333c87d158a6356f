/* SPDX-License-Identifier: MIT */
#include "handlers/usbredir/usb_descriptors.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#define LANGUAGE_ENGLISH_US 0x0409
#define SELF_POWERED        0xC0 /* bit 7 is always set */
#define TRANSFER_BULK       0x02
#define FULL_SPEED_PACKET   64
#define SERIAL_DIGITS_MIN   12
#define SERIAL_DIGITS       "0123456789ABCDEF"
/* How soon the device is back from the link states U1 and U2: it never sleeps.  Legal are 1 to 10
 * and 1 to 2047; 0, which means none, makes Linux say at each reset that it cannot use them. */
#define U1_EXIT_MICROSECONDS 1
#define U2_EXIT_MICROSECONDS 500

enum string_index {
    STRING_LANGUAGES,
    STRING_MANUFACTURER,
    STRING_PRODUCT,
    STRING_SERIAL,
};

/* Field names are those of the USB specifications; numbers are little-endian. */

struct device_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t bcdUSB;
    uint8_t bDeviceClass;
    uint8_t bDeviceSubClass;
    uint8_t bDeviceProtocol;
    uint8_t bMaxPacketSize0;
    uint16_t idVendor;
    uint16_t idProduct;
    uint16_t bcdDevice;
    uint8_t iManufacturer;
    uint8_t iProduct;
    uint8_t iSerialNumber;
    uint8_t bNumConfigurations;
} __attribute__((packed));

struct device_qualifier_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t bcdUSB;
    uint8_t bDeviceClass;
    uint8_t bDeviceSubClass;
    uint8_t bDeviceProtocol;
    uint8_t bMaxPacketSize0;
    uint8_t bNumConfigurations;
    uint8_t bReserved;
} __attribute__((packed));

struct configuration_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t wTotalLength;
    uint8_t bNumInterfaces;
    uint8_t bConfigurationValue;
    uint8_t iConfiguration;
    uint8_t bmAttributes;
    uint8_t bMaxPower;
} __attribute__((packed));

struct interface_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bInterfaceNumber;
    uint8_t bAlternateSetting;
    uint8_t bNumEndpoints;
    uint8_t bInterfaceClass;
    uint8_t bInterfaceSubClass;
    uint8_t bInterfaceProtocol;
    uint8_t iInterface;
} __attribute__((packed));

struct endpoint_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bEndpointAddress;
    uint8_t bmAttributes;
    uint16_t wMaxPacketSize;
    uint8_t bInterval;
} __attribute__((packed));

struct endpoint_companion_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bMaxBurst;
    uint8_t bmAttributes;
    uint16_t wBytesPerInterval;
} __attribute__((packed));

struct bos_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t wTotalLength;
    uint8_t bNumDeviceCaps;
} __attribute__((packed));

struct usb2_extension_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint32_t bmAttributes;
} __attribute__((packed));

struct superspeed_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint8_t bmAttributes;
    uint16_t wSpeedsSupported;
    uint8_t bFunctionalitySupport;
    uint8_t bU1DevExitLat;
    uint16_t wU2DevExitLat;
} __attribute__((packed));

#define CAPABILITY_USB2_EXTENSION 2
#define CAPABILITY_SUPERSPEED     3
#define USB2_EXTENSION_LPM        0x02
#define SPEED_SUPER               3      /* as bFunctionalitySupport counts */
#define SPEEDS_SUPER              0x0008 /* as wSpeedsSupported has it */

static void copy_trimmed(char *to, size_t size, const char *from)
{
    size_t length = strnlen(from, size - 1);

    while (length > 0 && from[length - 1] == ' ')
        length--;
    memcpy(to, from, length);
    to[length] = 0;
}

void usb_identity_from_profile(struct usb_identity *identity, const struct drive_profile *profile)
{
    char serial[sizeof(profile->serial)] = {0};
    size_t length, digits;

    copy_trimmed(identity->manufacturer, sizeof(identity->manufacturer), profile->vendor);
    copy_trimmed(identity->product, sizeof(identity->product), profile->product);
    copy_trimmed(serial, sizeof(serial), profile->serial);
    length = strlen(serial);
    if (length >= SERIAL_DIGITS_MIN && strspn(serial, SERIAL_DIGITS) == length) {
        memcpy(identity->serial, serial, length + 1);
        return;
    }
    digits = 2 * length < SERIAL_DIGITS_MIN ? SERIAL_DIGITS_MIN : 2 * length;
    memset(identity->serial, '0', digits - 2 * length);
    for (size_t i = 0; i < length; i++)
        sprintf(identity->serial + digits - 2 * (length - i), "%02X", (uint8_t)serial[i]);
    identity->serial[digits] = 0;
}

uint16_t usb_bulk_packet_size(enum usb_speed speed)
{
    return speed == USB_SPEED_SUPER ? 1024 : 512;
}

static size_t device(enum usb_speed speed, uint8_t *bytes)
{
    const struct device_descriptor descriptor = {
        .bLength = sizeof(descriptor),
        .bDescriptorType = USB_DESCRIPTOR_DEVICE,
        .bcdUSB = htole16(speed == USB_SPEED_SUPER ? 0x0300 : 0x0200),
        /* At super speed the exponent of two. */
        .bMaxPacketSize0 = speed == USB_SPEED_SUPER ? 9 : 64,
        .idVendor = htole16(USB_VENDOR_ID),
        .idProduct = htole16(USB_PRODUCT_ID),
        .bcdDevice = htole16(USB_DEVICE_RELEASE),
        .iManufacturer = STRING_MANUFACTURER,
        .iProduct = STRING_PRODUCT,
        .iSerialNumber = STRING_SERIAL,
        .bNumConfigurations = 1,
    };

    memcpy(bytes, &descriptor, sizeof(descriptor));
    return sizeof(descriptor);
}

static size_t device_qualifier(uint8_t *bytes)
{
    const struct device_qualifier_descriptor descriptor = {
        .bLength = sizeof(descriptor),
        .bDescriptorType = USB_DESCRIPTOR_DEVICE_QUALIFIER,
        .bcdUSB = htole16(0x0200),
        .bMaxPacketSize0 = 64,
        .bNumConfigurations = 1,
    };

    memcpy(bytes, &descriptor, sizeof(descriptor));
    return sizeof(descriptor);
}

static size_t endpoint(uint8_t address, uint16_t packet_size, bool companion, uint8_t *bytes)
{
    const struct endpoint_descriptor descriptor = {
        .bLength = sizeof(descriptor),
        .bDescriptorType = USB_DESCRIPTOR_ENDPOINT,
        .bEndpointAddress = address,
        .bmAttributes = TRANSFER_BULK,
        .wMaxPacketSize = htole16(packet_size),
    };
    const struct endpoint_companion_descriptor super = {
        .bLength = sizeof(super),
        .bDescriptorType = USB_DESCRIPTOR_ENDPOINT_COMPANION,
        .bMaxBurst = 15,
    };

    memcpy(bytes, &descriptor, sizeof(descriptor));
    if (!companion)
        return sizeof(descriptor);
    memcpy(bytes + sizeof(descriptor), &super, sizeof(super));
    return sizeof(descriptor) + sizeof(super);
}

static size_t configuration(uint8_t type, uint16_t packet_size, bool companions, uint8_t *bytes)
{
    struct configuration_descriptor head = {
        .bLength = sizeof(head),
        .bDescriptorType = type,
        .bNumInterfaces = 1,
        .bConfigurationValue = USB_CONFIGURATION,
        .bmAttributes = SELF_POWERED,
    };
    const struct interface_descriptor interface = {
        .bLength = sizeof(interface),
        .bDescriptorType = USB_DESCRIPTOR_INTERFACE,
        .bInterfaceNumber = USB_INTERFACE,
        .bNumEndpoints = 2,
        .bInterfaceClass = USB_CLASS_MASS_STORAGE,
        .bInterfaceSubClass = USB_SUBCLASS_SCSI,
        .bInterfaceProtocol = USB_PROTOCOL_BULK_ONLY,
    };
    size_t size = sizeof(head);

    memcpy(bytes + size, &interface, sizeof(interface));
    size += sizeof(interface);
    size += endpoint(USB_ENDPOINT_IN, packet_size, companions, bytes + size);
    size += endpoint(USB_ENDPOINT_OUT, packet_size, companions, bytes + size);
    head.wTotalLength = htole16((uint16_t)size);
    memcpy(bytes, &head, sizeof(head));
    return size;
}

static size_t binary_object_store(uint8_t *bytes)
{
    const struct usb2_extension_descriptor extension = {
        .bLength = sizeof(extension),
        .bDescriptorType = USB_DESCRIPTOR_DEVICE_CAPABILITY,
        .bDevCapabilityType = CAPABILITY_USB2_EXTENSION,
        .bmAttributes = htole32(USB2_EXTENSION_LPM),
    };
    const struct superspeed_descriptor superspeed = {
        .bLength = sizeof(superspeed),
        .bDescriptorType = USB_DESCRIPTOR_DEVICE_CAPABILITY,
        .bDevCapabilityType = CAPABILITY_SUPERSPEED,
        .wSpeedsSupported = htole16(SPEEDS_SUPER),
        .bFunctionalitySupport = SPEED_SUPER,
        .bU1DevExitLat = U1_EXIT_MICROSECONDS,
        .wU2DevExitLat = htole16(U2_EXIT_MICROSECONDS),
    };
    const struct bos_descriptor head = {
        .bLength = sizeof(head),
        .bDescriptorType = USB_DESCRIPTOR_BOS,
        .wTotalLength = htole16(sizeof(head) + sizeof(extension) + sizeof(superspeed)),
        .bNumDeviceCaps = 2,
    };

    memcpy(bytes, &head, sizeof(head));
    memcpy(bytes + sizeof(head), &extension, sizeof(extension));
    memcpy(bytes + sizeof(head) + sizeof(extension), &superspeed, sizeof(superspeed));
    return sizeof(head) + sizeof(extension) + sizeof(superspeed);
}

static size_t string(const struct usb_identity *identity, uint8_t index, uint8_t *bytes)
{
    const char *const texts[] = {
        [STRING_MANUFACTURER] = identity->manufacturer,
        [STRING_PRODUCT] = identity->product,
        [STRING_SERIAL] = identity->serial,
    };
    size_t size = 2;

    if (index > STRING_SERIAL)
        return 0;
    if (index == STRING_LANGUAGES) {
        bytes[size++] = LANGUAGE_ENGLISH_US & 0xFF;
        bytes[size++] = LANGUAGE_ENGLISH_US >> 8;
    } else {
        for (const char *c = texts[index]; *c; c++) {
            bytes[size++] = (uint8_t)*c; /* UTF-16 */
            bytes[size++] = 0;
        }
    }
    bytes[0] = (uint8_t)size;
    bytes[1] = USB_DESCRIPTOR_STRING;
    return size;
}

size_t usb_descriptor(const struct usb_identity *identity, enum usb_speed speed, uint8_t type,
                      uint8_t index, uint8_t bytes[USB_DESCRIPTOR_SIZE_MAX])
{
    bool super = speed == USB_SPEED_SUPER;

    if (type == USB_DESCRIPTOR_STRING)
        return string(identity, index, bytes);
    if (index != 0)
        return 0;
    switch (type) {
    case USB_DESCRIPTOR_DEVICE:
        return device(speed, bytes);
    case USB_DESCRIPTOR_CONFIGURATION:
        return configuration(type, usb_bulk_packet_size(speed), super, bytes);
    case USB_DESCRIPTOR_DEVICE_QUALIFIER:
        return super ? 0 : device_qualifier(bytes);
    case USB_DESCRIPTOR_OTHER_SPEED_CONFIGURATION:
        return super ? 0 : configuration(type, FULL_SPEED_PACKET, false, bytes);
    case USB_DESCRIPTOR_BOS:
        return super ? binary_object_store(bytes) : 0;
    default:
        return 0;
    }
}
