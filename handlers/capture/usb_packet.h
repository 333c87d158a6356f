/* SPDX-License-Identifier: MIT */
#ifndef HANDLERS_CAPTURE_USB_PACKET_H
#define HANDLERS_CAPTURE_USB_PACKET_H

/*
 * The pseudo-header of a USB transfer as Linux's usbmon gives it to captures (linux/usbmon,
 * struct mon_bin_hdr), 64 bytes, in the byte order of the machine.
 */

#include <stdint.h>

enum usb_packet_event {
    USB_PACKET_SUBMIT = 'S',
    USB_PACKET_COMPLETE = 'C',
};

enum usb_packet_transfer {
    USB_PACKET_CONTROL = 2,
    USB_PACKET_BULK = 3,
};

#define USB_PACKET_IN          0x80 /* direction bit of the endpoint */
#define USB_PACKET_NO_SETUP    '-'
#define USB_PACKET_NO_DATA_IN  '<'
#define USB_PACKET_NO_DATA_OUT '>'
#define USB_PACKET_IN_PROGRESS (-115)

struct usb_packet {
    uint64_t id;
    uint8_t event;
    uint8_t transfer;
    uint8_t endpoint;
    uint8_t device;
    uint16_t bus;
    uint8_t setup_flag; /* 0: `setup` is there */
    uint8_t data_flag;  /* 0: data are there */
    int64_t seconds;
    int32_t microseconds;
    int32_t status;
    uint32_t urb_length;  /* submitted: wanted; complete: moved */
    uint32_t data_length; /* of them here */
    uint8_t setup[8];
    int32_t interval;
    int32_t start_frame;
    uint32_t transfer_flags;
    uint32_t iso_descriptors;
};
_Static_assert(sizeof(struct usb_packet) == 64, "usbmon header");

#endif
