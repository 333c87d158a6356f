/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_USBREDIR_USB_DESCRIPTORS_H
#define HANDLERS_USBREDIR_USB_DESCRIPTORS_H

/*
 * The descriptors of the drive as a USB device: one configuration, one interface of class 08h (mass
 * storage), subclass 06h (SCSI transparent command set), protocol 50h (bulk-only), two bulk
 * endpoints.
 */

#include <stddef.h>
#include <stdint.h>

#include "emulator/profile.h"

enum usb_speed {
    USB_SPEED_SUPER, /* USB 3 */
    USB_SPEED_HIGH,  /* USB 2 */
};

/* The test id of pid.codes, which no product may carry: drives of software never meet a product. */
#define USB_VENDOR_ID      0x1209
#define USB_PRODUCT_ID     0x0001
#define USB_DEVICE_RELEASE 0x0100

#define USB_CONFIGURATION 1
#define USB_INTERFACE     0
#define USB_ENDPOINT_IN   0x81
#define USB_ENDPOINT_OUT  0x02

#define USB_CLASS_MASS_STORAGE 0x08
#define USB_SUBCLASS_SCSI      0x06
#define USB_PROTOCOL_BULK_ONLY 0x50

enum usb_descriptor_type {
    USB_DESCRIPTOR_DEVICE = 1,
    USB_DESCRIPTOR_CONFIGURATION = 2,
    USB_DESCRIPTOR_STRING = 3,
    USB_DESCRIPTOR_INTERFACE = 4,
    USB_DESCRIPTOR_ENDPOINT = 5,
    USB_DESCRIPTOR_DEVICE_QUALIFIER = 6,
    USB_DESCRIPTOR_OTHER_SPEED_CONFIGURATION = 7,
    USB_DESCRIPTOR_BOS = 15,
    USB_DESCRIPTOR_DEVICE_CAPABILITY = 16,
    USB_DESCRIPTOR_ENDPOINT_COMPANION = 48,
};

/* What the string descriptors say, ASCII. */
struct usb_identity {
    char manufacturer[8 + 1];
    char product[16 + 1];
    /* Hexadecimal digits, at least twelve of them, as the bulk-only transport wants them. */
    char serial[64 + 1];
};

/* From vendor, product and serial number of the profile, the spaces at their ends removed.  The
 * transport (Bulk-Only 4.1.1) wants a serial number of at least 12 digits 0-9, A-F: one that is
 * such a number stays as it is, of any other the digits are the codes of its characters. */
void usb_identity_from_profile(struct usb_identity *identity, const struct drive_profile *profile);

/* Bytes of a packet of the two bulk endpoints. */
uint16_t usb_bulk_packet_size(enum usb_speed speed);

#define USB_DESCRIPTOR_SIZE_MAX 255

/*
 * Writes what GET DESCRIPTOR for `type` and `index` answers, for a configuration everything that
 * belongs to it.  Returns the size, 0 when the device has no such descriptor.
 */
size_t usb_descriptor(const struct usb_identity *identity, enum usb_speed speed, uint8_t type,
                      uint8_t index, uint8_t bytes[USB_DESCRIPTOR_SIZE_MAX]);

#endif
