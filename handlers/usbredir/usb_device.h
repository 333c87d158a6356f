/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_USBREDIR_USB_DEVICE_H
#define HANDLERS_USBREDIR_USB_DEVICE_H

/*
 * The control endpoint of the drive as a USB device: standard requests (USB 2.0 and 3.2, chapter 9)
 * and the two class requests of the bulk-only transport.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "handlers/usbredir/bulk_only.h"
#include "handlers/usbredir/usb_descriptors.h"

struct usb_device {
    struct usb_identity identity;
    enum usb_speed speed;
    uint8_t configuration; /* 0 before the host has chosen it */
    uint8_t link_states;   /* as GET_STATUS shows them: bit 2 U1, bit 3 U2 may be entered */
    struct bulk_only *transport;
};

/* The eight bytes of a setup packet, as numbers. */
struct usb_setup {
    uint8_t bmRequestType;
    uint8_t bRequest;
    uint16_t wValue;
    uint16_t wIndex;
    uint16_t wLength;
};

#define USB_REQUEST_DIRECTION_IN 0x80

/* `transport` stays the caller's. */
void usb_device_init(struct usb_device *device, const struct drive_profile *profile,
                     enum usb_speed speed, struct bulk_only *transport);

/* The port was reset: no configuration, no halts, no command; and so it is for the drive. */
void usb_device_reset(struct usb_device *device, uint64_t now);

/* False when the device does not have it: the request stalls. */
bool usb_device_set_configuration(struct usb_device *device, uint8_t configuration, uint64_t now);

/* The only alternate setting is 0 of interface 0 of the configured device; choosing it clears the
 * halts. */
bool usb_device_set_alternate(struct usb_device *device, uint8_t interface, uint8_t alternate);

/*
 * Every other request, and those as well.  No request of this device uses the data that the host
 * may send with it.  The answer, at most wLength bytes, goes into `answer`.  Returns false to
 * stall.
 */
bool usb_device_control(struct usb_device *device, const struct usb_setup *setup,
                        uint8_t answer[USB_DESCRIPTOR_SIZE_MAX], size_t *answer_length,
                        uint64_t now);

#endif
