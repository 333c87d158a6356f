/* SPDX-License-Identifier: MIT */
#include "handlers/usbredir/usb_device.h"

#include <string.h>

/* bmRequestType: direction, type and recipient. */
#define TO_DEVICE            0x00
#define TO_INTERFACE         0x01
#define TO_ENDPOINT          0x02
#define FROM_DEVICE          0x80
#define FROM_INTERFACE       0x81
#define FROM_ENDPOINT        0x82
#define CLASS_TO_INTERFACE   0x21
#define CLASS_FROM_INTERFACE 0xA1

#define GET_STATUS        0x00
#define CLEAR_FEATURE     0x01
#define SET_FEATURE       0x03
#define GET_DESCRIPTOR    0x06
#define GET_CONFIGURATION 0x08
#define SET_CONFIGURATION 0x09
#define GET_INTERFACE     0x0A
#define SET_INTERFACE     0x0B
#define SET_SEL           0x30
#define SET_ISOCH_DELAY   0x31
#define BULK_ONLY_RESET   0xFF
#define GET_MAX_LUN       0xFE

#define FEATURE_ENDPOINT_HALT 0
#define FEATURE_U1_ENABLE     48
#define FEATURE_U2_ENABLE     49
#define STATUS_SELF_POWERED   0x01
#define STATUS_U1_ENABLED     0x04
#define STATUS_U2_ENABLED     0x08
#define STATUS_HALT           0x01
#define SYSTEM_EXIT_LATENCIES 6

struct answer {
    uint8_t *bytes;
    size_t length;
};

/* False stalls. */
typedef bool request(struct usb_device *device, const struct usb_setup *setup,
                     struct answer *answer, uint64_t now);

/* Endpoint 0, as an address, or the index of a bulk endpoint; -1 for one that does not exist. */
#define ENDPOINT_CONTROL 2
static int endpoint_of(const struct usb_device *device, uint16_t address)
{
    if ((address & 0x7F) == 0)
        return ENDPOINT_CONTROL;
    if (device->configuration == 0)
        return -1;
    if (address == USB_ENDPOINT_IN)
        return BULK_ONLY_IN;
    if (address == USB_ENDPOINT_OUT)
        return BULK_ONLY_OUT;
    return -1;
}

static void put_number(struct answer *answer, uint16_t number, size_t size)
{
    answer->bytes[0] = (uint8_t)number;
    answer->bytes[1] = (uint8_t)(number >> 8);
    answer->length = size;
}

static bool is_interface(const struct usb_device *device, uint16_t interface)
{
    return device->configuration != 0 && interface == USB_INTERFACE;
}

static bool get_descriptor(struct usb_device *device, const struct usb_setup *setup,
                           struct answer *answer, uint64_t now)
{
    (void)now;
    answer->length = usb_descriptor(&device->identity, device->speed, (uint8_t)(setup->wValue >> 8),
                                    (uint8_t)setup->wValue, answer->bytes);
    return answer->length > 0;
}

static bool get_device_status(struct usb_device *device, const struct usb_setup *setup,
                              struct answer *answer, uint64_t now)
{
    (void)setup, (void)now;
    put_number(answer, STATUS_SELF_POWERED | device->link_states, 2);
    return true;
}

/* What a configured device at super speed must take; this one never asks its port for U1 or U2. */
static bool change_link_states(struct usb_device *device, const struct usb_setup *setup,
                               struct answer *answer, uint64_t now)
{
    uint8_t state = setup->wValue == FEATURE_U1_ENABLE   ? STATUS_U1_ENABLED
                    : setup->wValue == FEATURE_U2_ENABLE ? STATUS_U2_ENABLED
                                                         : 0;

    (void)answer, (void)now;
    if (device->speed != USB_SPEED_SUPER || device->configuration == 0 || state == 0 ||
        setup->wIndex != 0 || setup->wLength != 0)
        return false;
    if (setup->bRequest == SET_FEATURE)
        device->link_states |= state;
    else
        device->link_states &= (uint8_t)~state;
    return true;
}

static bool get_interface_status(struct usb_device *device, const struct usb_setup *setup,
                                 struct answer *answer, uint64_t now)
{
    (void)now;
    put_number(answer, 0, 2);
    return is_interface(device, setup->wIndex);
}

static bool get_endpoint_status(struct usb_device *device, const struct usb_setup *setup,
                                struct answer *answer, uint64_t now)
{
    int endpoint = endpoint_of(device, setup->wIndex);
    bool halted = false;

    (void)now;
    if (endpoint < 0)
        return false;
    if (endpoint != ENDPOINT_CONTROL)
        halted = bulk_only_is_halted(device->transport, (enum bulk_only_endpoint)endpoint);
    put_number(answer, halted ? STATUS_HALT : 0, 2);
    return true;
}

static bool change_endpoint_halt(struct usb_device *device, const struct usb_setup *setup,
                                 struct answer *answer, uint64_t now)
{
    int endpoint = endpoint_of(device, setup->wIndex);

    (void)answer, (void)now;
    if (endpoint < 0 || setup->wValue != FEATURE_ENDPOINT_HALT)
        return false;
    if (endpoint != ENDPOINT_CONTROL)
        bulk_only_set_halt(device->transport, (enum bulk_only_endpoint)endpoint,
                           setup->bRequest == SET_FEATURE);
    return true;
}

static bool get_configuration(struct usb_device *device, const struct usb_setup *setup,
                              struct answer *answer, uint64_t now)
{
    (void)setup, (void)now;
    put_number(answer, device->configuration, 1);
    return true;
}

static bool set_configuration(struct usb_device *device, const struct usb_setup *setup,
                              struct answer *answer, uint64_t now)
{
    (void)answer;
    return setup->wValue <= UINT8_MAX &&
           usb_device_set_configuration(device, (uint8_t)setup->wValue, now);
}

static bool get_interface(struct usb_device *device, const struct usb_setup *setup,
                          struct answer *answer, uint64_t now)
{
    (void)now;
    put_number(answer, 0, 1);
    return is_interface(device, setup->wIndex);
}

static bool set_interface(struct usb_device *device, const struct usb_setup *setup,
                          struct answer *answer, uint64_t now)
{
    (void)answer, (void)now;
    return setup->wIndex <= UINT8_MAX && setup->wValue <= UINT8_MAX &&
           usb_device_set_alternate(device, (uint8_t)setup->wIndex, (uint8_t)setup->wValue);
}

/* What hosts at super speed tell about the way to the device, of no use to this one. */
static bool take_note(struct usb_device *device, const struct usb_setup *setup,
                      struct answer *answer, uint64_t now)
{
    (void)answer, (void)now;
    return device->speed == USB_SPEED_SUPER &&
           setup->wLength == (setup->bRequest == SET_SEL ? SYSTEM_EXIT_LATENCIES : 0);
}

static bool reset_transport(struct usb_device *device, const struct usb_setup *setup,
                            struct answer *answer, uint64_t now)
{
    (void)answer;
    if (!is_interface(device, setup->wIndex) || setup->wValue != 0 || setup->wLength != 0)
        return false;
    bulk_only_reset(device->transport, now);
    return true;
}

static bool get_max_lun(struct usb_device *device, const struct usb_setup *setup,
                        struct answer *answer, uint64_t now)
{
    (void)now;
    put_number(answer, 0, 1);
    return is_interface(device, setup->wIndex) && setup->wValue == 0;
}

static const struct {
    uint8_t bmRequestType, bRequest;
    request *perform;
} requests[] = {
    {FROM_DEVICE,          GET_DESCRIPTOR,    get_descriptor      },
    {FROM_DEVICE,          GET_STATUS,        get_device_status   },
    {FROM_INTERFACE,       GET_STATUS,        get_interface_status},
    {FROM_ENDPOINT,        GET_STATUS,        get_endpoint_status },
    {TO_ENDPOINT,          CLEAR_FEATURE,     change_endpoint_halt},
    {TO_ENDPOINT,          SET_FEATURE,       change_endpoint_halt},
    {FROM_DEVICE,          GET_CONFIGURATION, get_configuration   },
    {TO_DEVICE,            SET_CONFIGURATION, set_configuration   },
    {FROM_INTERFACE,       GET_INTERFACE,     get_interface       },
    {TO_INTERFACE,         SET_INTERFACE,     set_interface       },
    {TO_DEVICE,            CLEAR_FEATURE,     change_link_states  },
    {TO_DEVICE,            SET_FEATURE,       change_link_states  },
    {TO_DEVICE,            SET_SEL,           take_note           },
    {TO_DEVICE,            SET_ISOCH_DELAY,   take_note           },
    {CLASS_TO_INTERFACE,   BULK_ONLY_RESET,   reset_transport     },
    {CLASS_FROM_INTERFACE, GET_MAX_LUN,       get_max_lun         },
};

void usb_device_init(struct usb_device *device, const struct drive_profile *profile,
                     enum usb_speed speed, struct bulk_only *transport)
{
    memset(device, 0, sizeof(*device));
    usb_identity_from_profile(&device->identity, profile);
    device->speed = speed;
    device->transport = transport;
}

void usb_device_reset(struct usb_device *device, uint64_t now)
{
    device->configuration = 0;
    device->link_states = 0;
    bulk_only_restart(device->transport, now);
    drive_reset(device->transport->drive, DRIVE_RESET_HARD, now);
}

bool usb_device_set_configuration(struct usb_device *device, uint8_t configuration, uint64_t now)
{
    if (configuration != 0 && configuration != USB_CONFIGURATION)
        return false;
    device->configuration = configuration;
    bulk_only_restart(device->transport, now);
    return true;
}

bool usb_device_set_alternate(struct usb_device *device, uint8_t interface, uint8_t alternate)
{
    if (!is_interface(device, interface) || alternate != 0)
        return false;
    bulk_only_set_halt(device->transport, BULK_ONLY_IN, false);
    bulk_only_set_halt(device->transport, BULK_ONLY_OUT, false);
    return true;
}

bool usb_device_control(struct usb_device *device, const struct usb_setup *setup,
                        uint8_t bytes[USB_DESCRIPTOR_SIZE_MAX], size_t *answer_length, uint64_t now)
{
    struct answer answer = {.bytes = bytes};

    *answer_length = 0;
    for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
        if (requests[i].bmRequestType != setup->bmRequestType ||
            requests[i].bRequest != setup->bRequest)
            continue;
        if (!requests[i].perform(device, setup, &answer, now))
            return false;
        *answer_length = answer.length < setup->wLength ? answer.length : setup->wLength;
        return true;
    }
    return false;
}
