/* SPDX-License-Identifier: MIT */
#include "handlers/usbredir/usbredir_internal.h"

#include <string.h>
#include <usbredirfilter.h>

#include "handlers/system/clock.h"

/*
 * The packets of the protocol, one function each.
 */

/* Where the tables of endpoint information have an endpoint. */
#define ENDPOINT_INDEX(address) (((address)&0x0F) | ((address)&0x80 ? 0x10 : 0))
#define ENDPOINTS               32

/* The device, to a host that has introduced itself ------------------------- */

static void send_interface_information(struct usbredir_connection *connection)
{
    const uint16_t packet_size = usb_bulk_packet_size(connection->device.speed);
    struct usb_redir_interface_info_header interface = {
        .interface_count = 1,
        .interface = {USB_INTERFACE},
        .interface_class = {USB_CLASS_MASS_STORAGE},
        .interface_subclass = {USB_SUBCLASS_SCSI},
        .interface_protocol = {USB_PROTOCOL_BULK_ONLY},
    };
    struct usb_redir_ep_info_header endpoints = {0};

    memset(endpoints.type, usb_redir_type_invalid, ENDPOINTS);
    endpoints.type[ENDPOINT_INDEX(0x00)] = usb_redir_type_control;
    endpoints.type[ENDPOINT_INDEX(0x80)] = usb_redir_type_control;
    endpoints.type[ENDPOINT_INDEX(USB_ENDPOINT_IN)] = usb_redir_type_bulk;
    endpoints.type[ENDPOINT_INDEX(USB_ENDPOINT_OUT)] = usb_redir_type_bulk;
    endpoints.max_packet_size[ENDPOINT_INDEX(USB_ENDPOINT_IN)] = packet_size;
    endpoints.max_packet_size[ENDPOINT_INDEX(USB_ENDPOINT_OUT)] = packet_size;
    usbredirparser_send_interface_info(connection->parser, &interface);
    usbredirparser_send_ep_info(connection->parser, &endpoints);
}

static void hello(void *context, struct usb_redir_hello_header *header)
{
    struct usbredir_connection *connection = context;
    struct usb_redir_device_connect_header device = {
        .speed = connection->device.speed == USB_SPEED_SUPER ? usb_redir_speed_super
                                                             : usb_redir_speed_high,
        .vendor_id = USB_VENDOR_ID,
        .product_id = USB_PRODUCT_ID,
        .device_version_bcd = USB_DEVICE_RELEASE,
    };

    (void)header;
    send_interface_information(connection);
    usbredirparser_send_device_connect(connection->parser, &device);
    connection->introduced = true;
}

/* Control transfers -------------------------------------------------------- */

static void control_packet(void *context, uint64_t id,
                           struct usb_redir_control_packet_header *header, uint8_t *data,
                           int data_length)
{
    struct usbredir_connection *connection = context;
    const struct usb_setup setup = {
        .bmRequestType = header->requesttype,
        .bRequest = header->request,
        .wValue = header->value,
        .wIndex = header->index,
        .wLength = header->length,
    };
    bool in = header->endpoint & 0x80;
    uint8_t answer[USB_DESCRIPTOR_SIZE_MAX];
    size_t answer_length = 0;

    (void)data_length;
    usbredirparser_free_packet_data(connection->parser, data);
    if ((header->endpoint & 0x7F) != 0 ||
        in != ((header->requesttype & USB_REQUEST_DIRECTION_IN) != 0)) {
        header->status = usb_redir_inval;
        header->length = 0;
    } else if (!usb_device_control(&connection->device, &setup, answer, &answer_length,
                                   clock_now())) {
        header->status = usb_redir_stall;
        header->length = 0;
    } else {
        header->status = usb_redir_success;
        if (in)
            header->length = (uint16_t)answer_length;
    }
    usbredirparser_send_control_packet(connection->parser, id, header,
                                       answer_length > 0 ? answer : NULL, (int)answer_length);
    usbredir_answer(connection);
}

static void reset(void *context)
{
    struct usbredir_connection *connection = context;

    usbredir_cancel_all(connection);
    usb_device_reset(&connection->device, clock_now());
}

static void set_configuration(void *context, uint64_t id,
                              struct usb_redir_set_configuration_header *header)
{
    struct usbredir_connection *connection = context;
    struct usb_redir_configuration_status_header status = {.status = usb_redir_stall};

    if (usb_device_set_configuration(&connection->device, header->configuration, clock_now())) {
        status.status = usb_redir_success;
        send_interface_information(connection);
    }
    status.configuration = connection->device.configuration;
    usbredirparser_send_configuration_status(connection->parser, id, &status);
}

static void get_configuration(void *context, uint64_t id)
{
    struct usbredir_connection *connection = context;
    struct usb_redir_configuration_status_header status = {
        .status = usb_redir_success,
        .configuration = connection->device.configuration,
    };

    usbredirparser_send_configuration_status(connection->parser, id, &status);
}

static void set_alternate(void *context, uint64_t id,
                          struct usb_redir_set_alt_setting_header *header)
{
    struct usbredir_connection *connection = context;
    struct usb_redir_alt_setting_status_header status = {
        .status = usb_redir_stall,
        .interface = header->interface,
    };

    if (usb_device_set_alternate(&connection->device, header->interface, header->alt))
        status.status = usb_redir_success;
    usbredirparser_send_alt_setting_status(connection->parser, id, &status);
}

static void get_alternate(void *context, uint64_t id,
                          struct usb_redir_get_alt_setting_header *header)
{
    struct usbredir_connection *connection = context;
    struct usb_redir_alt_setting_status_header status = {
        .status = connection->device.configuration != 0 && header->interface == USB_INTERFACE
                      ? usb_redir_success
                      : usb_redir_stall,
        .interface = header->interface,
    };

    usbredirparser_send_alt_setting_status(connection->parser, id, &status);
}

/* What a device with nothing but bulk endpoints does not do ---------------- */

static void refuse_iso_stream(struct usbredir_connection *connection, uint64_t id, uint8_t endpoint)
{
    struct usb_redir_iso_stream_status_header status = {.status = usb_redir_inval,
                                                        .endpoint = endpoint};

    usbredirparser_send_iso_stream_status(connection->parser, id, &status);
}

static void start_iso_stream(void *context, uint64_t id,
                             struct usb_redir_start_iso_stream_header *header)
{
    refuse_iso_stream(context, id, header->endpoint);
}

static void stop_iso_stream(void *context, uint64_t id,
                            struct usb_redir_stop_iso_stream_header *header)
{
    refuse_iso_stream(context, id, header->endpoint);
}

static void refuse_interrupt(struct usbredir_connection *connection, uint64_t id, uint8_t endpoint)
{
    struct usb_redir_interrupt_receiving_status_header status = {.status = usb_redir_inval,
                                                                 .endpoint = endpoint};

    usbredirparser_send_interrupt_receiving_status(connection->parser, id, &status);
}

static void start_interrupt_receiving(void *context, uint64_t id,
                                      struct usb_redir_start_interrupt_receiving_header *header)
{
    refuse_interrupt(context, id, header->endpoint);
}

static void stop_interrupt_receiving(void *context, uint64_t id,
                                     struct usb_redir_stop_interrupt_receiving_header *header)
{
    refuse_interrupt(context, id, header->endpoint);
}

/* Bulk streams and bulk receiving need a capability that was not offered. */
static void alloc_bulk_streams(void *context, uint64_t id,
                               struct usb_redir_alloc_bulk_streams_header *header)
{
    (void)id, (void)header;
    usbredir_fail(context, "the host asked for bulk streams, which were not offered");
}

static void free_bulk_streams(void *context, uint64_t id,
                              struct usb_redir_free_bulk_streams_header *header)
{
    (void)id, (void)header;
    usbredir_fail(context, "the host asked for bulk streams, which were not offered");
}

static void start_bulk_receiving(void *context, uint64_t id,
                                 struct usb_redir_start_bulk_receiving_header *header)
{
    (void)id, (void)header;
    usbredir_fail(context, "the host asked for bulk receiving, which was not offered");
}

static void stop_bulk_receiving(void *context, uint64_t id,
                                struct usb_redir_stop_bulk_receiving_header *header)
{
    (void)id, (void)header;
    usbredir_fail(context, "the host asked for bulk receiving, which was not offered");
}

static void iso_packet(void *context, uint64_t id, struct usb_redir_iso_packet_header *header,
                       uint8_t *data, int data_length)
{
    struct usbredir_connection *connection = context;

    /* Nobody answers isochronous packets. */
    (void)id, (void)header, (void)data_length;
    usbredirparser_free_packet_data(connection->parser, data);
}

static void interrupt_packet(void *context, uint64_t id,
                             struct usb_redir_interrupt_packet_header *header, uint8_t *data,
                             int data_length)
{
    struct usbredir_connection *connection = context;

    (void)data_length;
    usbredirparser_free_packet_data(connection->parser, data);
    header->status = usb_redir_inval;
    header->length = 0;
    usbredirparser_send_interrupt_packet(connection->parser, id, header, NULL, 0);
}

/* Filters ------------------------------------------------------------------ */

static void filter_reject(void *context)
{
    usbredir_fail(context, "the host's device filter rejects the drive");
}

static void filter_filter(void *context, struct usbredirfilter_rule *rules, int rules_count)
{
    /* The host applies it by itself. */
    (void)context, (void)rules_count;
    usbredirfilter_free(rules);
}

static void device_disconnect_ack(void *context)
{
    (void)context;
}

void usbredir_set_callbacks(struct usbredirparser *parser)
{
    parser->hello_func = hello;
    parser->reset_func = reset;
    parser->set_configuration_func = set_configuration;
    parser->get_configuration_func = get_configuration;
    parser->set_alt_setting_func = set_alternate;
    parser->get_alt_setting_func = get_alternate;
    parser->start_iso_stream_func = start_iso_stream;
    parser->stop_iso_stream_func = stop_iso_stream;
    parser->start_interrupt_receiving_func = start_interrupt_receiving;
    parser->stop_interrupt_receiving_func = stop_interrupt_receiving;
    parser->alloc_bulk_streams_func = alloc_bulk_streams;
    parser->free_bulk_streams_func = free_bulk_streams;
    parser->start_bulk_receiving_func = start_bulk_receiving;
    parser->stop_bulk_receiving_func = stop_bulk_receiving;
    parser->cancel_data_packet_func = usbredir_cancel_data_packet;
    parser->filter_reject_func = filter_reject;
    parser->filter_filter_func = filter_filter;
    parser->device_disconnect_ack_func = device_disconnect_ack;
    parser->control_packet_func = control_packet;
    parser->bulk_packet_func = usbredir_bulk_packet;
    parser->iso_packet_func = iso_packet;
    parser->interrupt_packet_func = interrupt_packet;
}
