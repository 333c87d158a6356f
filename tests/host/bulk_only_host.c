/* SPDX-License-Identifier: MIT */
#include "tests/host/bulk_only_host.h"

#include <string.h>

#define ENDPOINT_IN  0x81
#define ENDPOINT_OUT 0x02
#define CBW_SIZE     31
#define CSW_SIZE     13

static bool get_descriptor(struct usbredir_guest *guest, uint8_t type, uint8_t index,
                           uint8_t *bytes, uint16_t length, size_t *actual)
{
    return usbredir_guest_control(guest, 0x80, 6, (uint16_t)(type << 8 | index),
                                  type == 3 && index > 0 ? 0x0409 : 0, bytes, length,
                                  actual) == usb_redir_success;
}

bool bulk_only_host_enumerate(struct usbredir_guest *guest)
{
    uint8_t bytes[255], max_lun = 0xFF;
    size_t actual;

    if (!usbredir_guest_wait_device(guest))
        return false;
    usbredir_guest_reset(guest);
    if (!get_descriptor(guest, 1, 0, bytes, 8, &actual) || actual != 8)
        return false;
    usbredir_guest_reset(guest);
    if (!get_descriptor(guest, 1, 0, bytes, 18, &actual) || actual != 18 || bytes[0] != 18)
        return false;
    if (!get_descriptor(guest, 2, 0, bytes, 9, &actual) || actual != 9)
        return false;
    uint16_t total = (uint16_t)(bytes[2] | bytes[3] << 8);
    if (!get_descriptor(guest, 2, 0, bytes, total, &actual) || actual != total)
        return false;
    for (uint8_t index = 0; index <= 3; index++)
        if (!get_descriptor(guest, 3, index, bytes, 255, &actual) || actual != bytes[0])
            return false;
    if (usbredir_guest_set_configuration(guest, 1) != usb_redir_success)
        return false;
    return usbredir_guest_control(guest, 0xA1, 0xFE, 0, 0, &max_lun, 1, &actual) ==
               usb_redir_success &&
           max_lun == 0;
}

static bool clear_halt(struct usbredir_guest *guest, uint8_t endpoint)
{
    return usbredir_guest_control(guest, 0x02, 1, 0, endpoint, NULL, 0, NULL) == usb_redir_success;
}

bool bulk_only_host_reset_recovery(struct usbredir_guest *guest)
{
    return usbredir_guest_control(guest, 0x21, 0xFF, 0, 0, NULL, 0, NULL) == usb_redir_success &&
           clear_halt(guest, ENDPOINT_IN) && clear_halt(guest, ENDPOINT_OUT);
}

static void put_32(uint8_t *bytes, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get_32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static bool receive_data(struct usbredir_guest *guest, struct bulk_only_command *command)
{
    while (command->actual < command->length) {
        uint32_t wanted = command->length - command->actual;
        size_t actual = 0;
        int status;

        if (command->piece && wanted > command->piece)
            wanted = command->piece;
        status = usbredir_guest_bulk_in(guest, ENDPOINT_IN, command->data + command->actual, wanted,
                                        &actual);
        if (status == usb_redir_stall)
            return clear_halt(guest, ENDPOINT_IN);
        if (status != usb_redir_success || actual > wanted)
            return false;
        command->actual += (uint32_t)actual;
        if (actual < wanted)
            return true;
    }
    return true;
}

static bool move_data(struct usbredir_guest *guest, struct bulk_only_command *command)
{
    int status;

    command->actual = 0;
    if (command->length == 0)
        return true;
    if (!command->out)
        return receive_data(guest, command);
    status = usbredir_guest_bulk_out(guest, ENDPOINT_OUT, command->data, command->length);
    if (status == usb_redir_stall)
        return clear_halt(guest, ENDPOINT_OUT);
    command->actual = command->length;
    return status == usb_redir_success;
}

static bool receive_status(struct usbredir_guest *guest, uint8_t csw[CSW_SIZE])
{
    for (int attempt = 0; attempt < 2; attempt++) {
        size_t actual = 0;
        int status = usbredir_guest_bulk_in(guest, ENDPOINT_IN, csw, CSW_SIZE, &actual);

        if (status == usb_redir_success)
            return actual == CSW_SIZE;
        if (status != usb_redir_stall || !clear_halt(guest, ENDPOINT_IN))
            return false;
    }
    return false;
}

enum bulk_only_host_result bulk_only_host_execute(struct usbredir_guest *guest,
                                                  struct bulk_only_command *command)
{
    static uint32_t tag;
    uint8_t cbw[CBW_SIZE] = {'U', 'S', 'B', 'C'};
    uint8_t csw[CSW_SIZE];

    put_32(cbw + 4, ++tag);
    put_32(cbw + 8, command->length);
    cbw[12] = command->out ? 0x00 : 0x80;
    cbw[14] = command->cdb_length;
    memcpy(cbw + 15, command->cdb, command->cdb_length);
    if (usbredir_guest_bulk_out(guest, ENDPOINT_OUT, cbw, sizeof(cbw)) != usb_redir_success ||
        !move_data(guest, command) || !receive_status(guest, csw))
        return BULK_ONLY_HOST_BROKEN;
    if (memcmp(csw, "USBS", 4) != 0 || get_32(csw + 4) != tag || csw[12] > 2)
        return BULK_ONLY_HOST_BROKEN;
    command->residue = get_32(csw + 8);
    if (csw[12] == 2)
        return BULK_ONLY_HOST_PHASE_ERROR;
    return csw[12] == 0 ? BULK_ONLY_HOST_PASSED : BULK_ONLY_HOST_FAILED;
}
