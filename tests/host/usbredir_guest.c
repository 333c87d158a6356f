/* SPDX-License-Identifier: MIT */
#include "tests/host/usbredir_guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <usbredirfilter.h>

static void say(void *context, int level, const char *message)
{
    struct usbredir_guest *guest = context;

    (void)message;
    if (level == usbredirparser_error)
        guest->gone = true;
}

static int read_for_parser(void *context, uint8_t *data, int count)
{
    struct usbredir_guest *guest = context;
    ssize_t length = recv(guest->fd, data, (size_t)count, 0);

    if (length > 0)
        return (int)length;
    if (length < 0 && errno == EAGAIN)
        return 0;
    guest->gone = true;
    return -1;
}

static int write_for_parser(void *context, uint8_t *data, int count)
{
    struct usbredir_guest *guest = context;
    ssize_t length = send(guest->fd, data, (size_t)count, MSG_NOSIGNAL);

    if (length >= 0)
        return (int)length;
    if (errno == EAGAIN)
        return 0;
    guest->gone = true;
    return -1;
}

/* Packets ------------------------------------------------------------------ */

static void device_connect(void *context, struct usb_redir_device_connect_header *header)
{
    struct usbredir_guest *guest = context;

    guest->device = *header;
    guest->connected = true;
    guest->connects++;
}

static void device_disconnect(void *context)
{
    struct usbredir_guest *guest = context;

    guest->connected = false;
    guest->disconnects++;
}

static void interface_info(void *context, struct usb_redir_interface_info_header *header)
{
    ((struct usbredir_guest *)context)->interface = *header;
}

static void ep_info(void *context, struct usb_redir_ep_info_header *header)
{
    ((struct usbredir_guest *)context)->endpoints = *header;
}

static void answer(struct usbredir_guest *guest, uint64_t id, uint8_t status, uint8_t value)
{
    guest->answered_id = id;
    guest->status = status;
    guest->value = value;
    guest->data_length = 0;
}

static void configuration_status(void *context, uint64_t id,
                                 struct usb_redir_configuration_status_header *header)
{
    answer(context, id, header->status, header->configuration);
}

static void alt_setting_status(void *context, uint64_t id,
                               struct usb_redir_alt_setting_status_header *header)
{
    answer(context, id, header->status, header->alt);
}

static void iso_stream_status(void *context, uint64_t id,
                              struct usb_redir_iso_stream_status_header *header)
{
    answer(context, id, header->status, header->endpoint);
}

static void interrupt_receiving_status(void *context, uint64_t id,
                                       struct usb_redir_interrupt_receiving_status_header *header)
{
    answer(context, id, header->status, header->endpoint);
}

static void bulk_streams_status(void *context, uint64_t id,
                                struct usb_redir_bulk_streams_status_header *header)
{
    answer(context, id, header->status, 0);
}

static void bulk_receiving_status(void *context, uint64_t id,
                                  struct usb_redir_bulk_receiving_status_header *header)
{
    answer(context, id, header->status, header->endpoint);
}

static void control_packet(void *context, uint64_t id,
                           struct usb_redir_control_packet_header *header, uint8_t *data,
                           int data_length)
{
    struct usbredir_guest *guest = context;

    answer(guest, id, header->status, 0);
    guest->data_length = header->endpoint & 0x80 ? (uint32_t)data_length : header->length;
    if (data)
        memcpy(guest->data, data, (size_t)data_length);
    usbredirparser_free_packet_data(guest->parser, data);
}

static void bulk_packet(void *context, uint64_t id, struct usb_redir_bulk_packet_header *header,
                        uint8_t *data, int data_length)
{
    struct usbredir_guest *guest = context;

    (void)data_length;
    for (size_t i = 0; i < USBREDIR_GUEST_TRANSFERS; i++) {
        struct usbredir_guest_transfer *transfer = &guest->transfer[i];
        if (!transfer->used || transfer->answered || transfer->id != id)
            continue;
        transfer->answered = true;
        transfer->status = header->status;
        transfer->length = (uint32_t)header->length_high << 16 | header->length;
        transfer->data = data;
        return;
    }
    usbredirparser_free_packet_data(guest->parser, data);
}

static void iso_packet(void *context, uint64_t id, struct usb_redir_iso_packet_header *header,
                       uint8_t *data, int data_length)
{
    struct usbredir_guest *guest = context;

    (void)id, (void)header, (void)data_length;
    usbredirparser_free_packet_data(guest->parser, data);
}

static void interrupt_packet(void *context, uint64_t id,
                             struct usb_redir_interrupt_packet_header *header, uint8_t *data,
                             int data_length)
{
    struct usbredir_guest *guest = context;

    (void)data_length;
    answer(guest, id, header->status, header->endpoint);
    usbredirparser_free_packet_data(guest->parser, data);
}

static void buffered_bulk_packet(void *context, uint64_t id,
                                 struct usb_redir_buffered_bulk_packet_header *header,
                                 uint8_t *data, int data_length)
{
    struct usbredir_guest *guest = context;

    (void)id, (void)header, (void)data_length;
    usbredirparser_free_packet_data(guest->parser, data);
}

static void filter_filter(void *context, struct usbredirfilter_rule *rules, int rules_count)
{
    (void)context, (void)rules_count;
    usbredirfilter_free(rules);
}

static void set_callbacks(struct usbredirparser *parser)
{
    parser->log_func = say;
    parser->read_func = read_for_parser;
    parser->write_func = write_for_parser;
    parser->device_connect_func = device_connect;
    parser->device_disconnect_func = device_disconnect;
    parser->interface_info_func = interface_info;
    parser->ep_info_func = ep_info;
    parser->configuration_status_func = configuration_status;
    parser->alt_setting_status_func = alt_setting_status;
    parser->iso_stream_status_func = iso_stream_status;
    parser->interrupt_receiving_status_func = interrupt_receiving_status;
    parser->bulk_streams_status_func = bulk_streams_status;
    parser->bulk_receiving_status_func = bulk_receiving_status;
    parser->control_packet_func = control_packet;
    parser->bulk_packet_func = bulk_packet;
    parser->iso_packet_func = iso_packet;
    parser->interrupt_packet_func = interrupt_packet;
    parser->buffered_bulk_packet_func = buffered_bulk_packet;
    parser->filter_filter_func = filter_filter;
}

/* The loop ----------------------------------------------------------------- */

static void arm(struct usbredir_guest *guest)
{
    short what = EV_READ;

    if (usbredirparser_has_data_to_write(guest->parser))
        what |= EV_WRITE;
    event_del(guest->event);
    event_assign(guest->event, guest->base, guest->fd, what, event_get_callback(guest->event),
                 guest);
    if (!guest->gone)
        event_add(guest->event, NULL);
}

static void happened(evutil_socket_t fd, short what, void *context)
{
    struct usbredir_guest *guest = context;

    (void)fd;
    if (what & EV_READ && usbredirparser_do_read(guest->parser) < 0)
        guest->gone = true;
    if (!guest->gone)
        usbredirparser_do_write(guest->parser);
    arm(guest);
}

static void turn(struct usbredir_guest *guest)
{
    usbredirparser_do_write(guest->parser);
    arm(guest);
    event_base_loop(guest->base, EVLOOP_ONCE);
}

void usbredir_guest_poll(struct usbredir_guest *guest)
{
    usbredirparser_do_write(guest->parser);
    arm(guest);
    event_base_loop(guest->base, EVLOOP_NONBLOCK);
}

bool usbredir_guest_init(struct usbredir_guest *guest, struct event_base *base, int fd)
{
    static const int capabilities[] = {
        usb_redir_cap_connect_device_version,
        usb_redir_cap_filter,
        usb_redir_cap_ep_info_max_packet_size,
        usb_redir_cap_64bits_ids,
        usb_redir_cap_32bits_bulk_length,
        usb_redir_cap_bulk_receiving,
        usb_redir_cap_bulk_streams,
    };
    uint32_t caps[USB_REDIR_CAPS_SIZE] = {0};

    memset(guest, 0, sizeof(*guest));
    guest->base = base;
    guest->fd = fd;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    guest->parser = usbredirparser_create();
    guest->event = event_new(base, fd, EV_READ, happened, guest);
    if (!guest->parser || !guest->event)
        return false;
    guest->parser->priv = guest;
    set_callbacks(guest->parser);
    for (size_t i = 0; i < sizeof(capabilities) / sizeof(*capabilities); i++)
        usbredirparser_caps_set_cap(caps, capabilities[i]);
    usbredirparser_init(guest->parser, "test host", caps, USB_REDIR_CAPS_SIZE, 0);
    arm(guest);
    return true;
}

void usbredir_guest_release(struct usbredir_guest *guest)
{
    for (size_t i = 0; i < USBREDIR_GUEST_TRANSFERS; i++)
        usbredir_guest_forget(&guest->transfer[i]);
    if (guest->event)
        event_free(guest->event);
    if (guest->parser)
        usbredirparser_destroy(guest->parser);
    close(guest->fd);
}

bool usbredir_guest_wait_device(struct usbredir_guest *guest)
{
    while (!guest->connected && !guest->gone)
        turn(guest);
    return guest->connected;
}

void usbredir_guest_wait_end(struct usbredir_guest *guest)
{
    while (!guest->gone)
        turn(guest);
}

/* Requests ----------------------------------------------------------------- */

static int wait_answer(struct usbredir_guest *guest, uint64_t id)
{
    while (guest->answered_id != id && !guest->gone)
        turn(guest);
    return guest->answered_id == id ? guest->status : USBREDIR_GUEST_GONE;
}

int usbredir_guest_control(struct usbredir_guest *guest, uint8_t type, uint8_t request,
                           uint16_t value, uint16_t index, uint8_t *data, uint16_t length,
                           size_t *actual)
{
    struct usb_redir_control_packet_header header = {
        .endpoint = type & 0x80,
        .request = request,
        .requesttype = type,
        .value = value,
        .index = index,
        .length = length,
    };
    bool in = type & 0x80;
    int status;

    guest->next_id++;
    usbredirparser_send_control_packet(guest->parser, guest->next_id, &header, in ? NULL : data,
                                       in ? 0 : length);
    status = wait_answer(guest, guest->next_id);
    if (actual)
        *actual = guest->data_length;
    if (status == usb_redir_success && in)
        memcpy(data, guest->data, guest->data_length);
    return status;
}

int usbredir_guest_set_configuration(struct usbredir_guest *guest, uint8_t configuration)
{
    struct usb_redir_set_configuration_header header = {.configuration = configuration};

    guest->next_id++;
    usbredirparser_send_set_configuration(guest->parser, guest->next_id, &header);
    return wait_answer(guest, guest->next_id);
}

int usbredir_guest_get_configuration(struct usbredir_guest *guest, uint8_t *configuration)
{
    int status;

    guest->next_id++;
    usbredirparser_send_get_configuration(guest->parser, guest->next_id);
    status = wait_answer(guest, guest->next_id);
    *configuration = guest->value;
    return status;
}

int usbredir_guest_set_alternate(struct usbredir_guest *guest, uint8_t interface, uint8_t alternate)
{
    struct usb_redir_set_alt_setting_header header = {.interface = interface, .alt = alternate};

    guest->next_id++;
    usbredirparser_send_set_alt_setting(guest->parser, guest->next_id, &header);
    return wait_answer(guest, guest->next_id);
}

int usbredir_guest_get_alternate(struct usbredir_guest *guest, uint8_t interface,
                                 uint8_t *alternate)
{
    struct usb_redir_get_alt_setting_header header = {.interface = interface};
    int status;

    guest->next_id++;
    usbredirparser_send_get_alt_setting(guest->parser, guest->next_id, &header);
    status = wait_answer(guest, guest->next_id);
    *alternate = guest->value;
    return status;
}

void usbredir_guest_reset(struct usbredir_guest *guest)
{
    usbredirparser_send_reset(guest->parser);
    usbredirparser_do_write(guest->parser);
}

static struct usbredir_guest_transfer *unused(struct usbredir_guest *guest)
{
    for (size_t i = 0; i < USBREDIR_GUEST_TRANSFERS; i++)
        if (!guest->transfer[i].used)
            return &guest->transfer[i];
    abort();
}

struct usbredir_guest_transfer *usbredir_guest_submit(struct usbredir_guest *guest,
                                                      uint8_t endpoint, const uint8_t *data,
                                                      uint32_t length)
{
    struct usbredir_guest_transfer *transfer = unused(guest);
    struct usb_redir_bulk_packet_header header = {
        .endpoint = endpoint,
        .length = (uint16_t)length,
        .length_high = (uint16_t)(length >> 16),
    };
    bool in = endpoint & 0x80;
    uint8_t *copy = NULL;

    *transfer = (struct usbredir_guest_transfer){
        .id = ++guest->next_id, .used = true, .endpoint = endpoint};
    if (!in && data && length > 0) {
        copy = malloc(length);
        if (!copy)
            abort();
        memcpy(copy, data, length);
    }
    usbredirparser_send_bulk_packet(guest->parser, transfer->id, &header, copy,
                                    in ? 0 : (int)length);
    free(copy);
    usbredirparser_do_write(guest->parser);
    return transfer;
}

void usbredir_guest_cancel(struct usbredir_guest *guest,
                           const struct usbredir_guest_transfer *transfer)
{
    usbredirparser_send_cancel_data_packet(guest->parser, transfer->id);
    usbredirparser_do_write(guest->parser);
}

int usbredir_guest_wait(struct usbredir_guest *guest, struct usbredir_guest_transfer *transfer)
{
    while (!transfer->answered && !guest->gone)
        turn(guest);
    return transfer->answered ? transfer->status : USBREDIR_GUEST_GONE;
}

void usbredir_guest_forget(struct usbredir_guest_transfer *transfer)
{
    free(transfer->data);
    *transfer = (struct usbredir_guest_transfer){0};
}

int usbredir_guest_bulk_out(struct usbredir_guest *guest, uint8_t endpoint, const uint8_t *data,
                            uint32_t length)
{
    struct usbredir_guest_transfer *transfer = usbredir_guest_submit(guest, endpoint, data, length);
    int status = usbredir_guest_wait(guest, transfer);

    usbredir_guest_forget(transfer);
    return status;
}

int usbredir_guest_bulk_in(struct usbredir_guest *guest, uint8_t endpoint, uint8_t *data,
                           uint32_t length, size_t *actual)
{
    struct usbredir_guest_transfer *transfer = usbredir_guest_submit(guest, endpoint, NULL, length);
    int status = usbredir_guest_wait(guest, transfer);

    *actual = transfer->length;
    if (transfer->data)
        memcpy(data, transfer->data, transfer->length);
    usbredir_guest_forget(transfer);
    return status;
}
