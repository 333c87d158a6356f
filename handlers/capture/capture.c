/* SPDX-License-Identifier: MIT */
#include "handlers/capture/capture.h"

#include <endian.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/mmc_cdb.h"
#include "emulator/state_names.h"
#include "handlers/capture/pcapng.h"
#include "handlers/capture/usb_packet.h"
#include "handlers/trace/trace_file.h"
#include "handlers/trace/trace_hosts.h"
#include "handlers/trace/trace_observer.h"
#include "handlers/trace/trace_text.h"
#include "handlers/usbredir/bulk_only.h"
#include "handlers/usbredir/usb_descriptors.h"

#define BUS_FIRST    1
#define DEVICE_FIRST 2
#define DEVICES      125
/* As many as the packets' 16 bits of a bus number can tell apart. */
#define HOSTS_MAX       (65535u * DEVICES - 1)
#define SNAPSHOT_LENGTH (sizeof(struct usb_packet) + TRACE_DATA_MAX)
#define COMMENT_MAX     512
#define INQUIRY_SIZE    36

/* Requests of USB 2.0 chapter 9. */
#define REQUEST_TYPE_DEVICE_IN    0x80
#define REQUEST_TYPE_DEVICE_OUT   0x00
#define REQUEST_GET_DESCRIPTOR    6
#define REQUEST_SET_CONFIGURATION 9

struct capture {
    struct output_file *output;
    struct trace_observer *observer; /* of a drive */
    struct usb_identity identity;
    uint64_t began, started; /* of the drive's clock; the same moment since 1970, nanoseconds */
    uint64_t transfers;
    struct trace_hosts hosts; /* struct address */
    /* The blocks of one command, which are written in one piece. */
    FILE *stream;
    char *text;
    size_t length;
};

/* Each host has the drive as a device of its own, in the order in which they come. */
struct address {
    uint16_t bus; /* 0: it is new */
    uint8_t device;
    bool introduced; /* its descriptors have been written */
};

/* One transfer, which is two packets. */
struct transfer {
    enum usb_packet_transfer type;
    uint8_t endpoint;
    struct address address;
    uint8_t setup[8]; /* of a control transfer */
    uint64_t begin, end;
    uint32_t wanted, moved;
    const void *data; /* `kept` bytes of what moved */
    size_t kept;
    const char *comment; /* with the data */
};

static uint64_t wall_clock(const struct capture *capture, uint64_t time)
{
    return capture->started + (time > capture->began ? time - capture->began : 0);
}

static bool put_packet(struct capture *capture, const struct transfer *transfer,
                       enum usb_packet_event event)
{
    bool in = transfer->endpoint & USB_PACKET_IN, complete = event == USB_PACKET_COMPLETE;
    bool has_data = in == complete && transfer->kept > 0;
    uint64_t time = wall_clock(capture, complete ? transfer->end : transfer->begin);
    uint32_t length = complete ? transfer->moved : transfer->wanted;
    struct usb_packet packet = {
        .id = capture->transfers,
        .event = (uint8_t)event,
        .transfer = (uint8_t)transfer->type,
        .endpoint = transfer->endpoint,
        .device = transfer->address.device,
        .bus = transfer->address.bus,
        .setup_flag = USB_PACKET_NO_SETUP,
        .data_flag = has_data ? 0 : (in ? USB_PACKET_NO_DATA_IN : USB_PACKET_NO_DATA_OUT),
        .seconds = (int64_t)(time / 1000000000),
        .microseconds = (int32_t)(time / 1000 % 1000000),
        .status = complete ? 0 : USB_PACKET_IN_PROGRESS,
        .urb_length = length,
        .data_length = has_data ? (uint32_t)transfer->kept : 0,
    };
    const struct pcapng_packet whole = {
        .time = time,
        .header = &packet,
        .header_length = sizeof(packet),
        .data = transfer->data,
        .data_length = has_data ? transfer->kept : 0,
        .original_length = (uint32_t)sizeof(packet) + (has_data ? length : 0),
        .comment = in == complete ? transfer->comment : NULL,
    };

    if (transfer->type == USB_PACKET_CONTROL && !complete) {
        packet.setup_flag = 0;
        memcpy(packet.setup, transfer->setup, sizeof(packet.setup));
    }
    return pcapng_packet(capture->stream, &whole);
}

static bool put_transfer(struct capture *capture, const struct transfer *transfer)
{
    capture->transfers++;
    return put_packet(capture, transfer, USB_PACKET_SUBMIT) &&
           put_packet(capture, transfer, USB_PACKET_COMPLETE);
}

/* The device ---------------------------------------------------------------- */

static bool put_descriptor(struct capture *capture, const struct address *address,
                           enum usb_descriptor_type type, uint64_t time)
{
    uint8_t bytes[USB_DESCRIPTOR_SIZE_MAX];
    size_t size = usb_descriptor(&capture->identity, USB_SPEED_HIGH, (uint8_t)type, 0, bytes);

    return put_transfer(capture, &(struct transfer){
                                     .type = USB_PACKET_CONTROL,
                                     .endpoint = USB_PACKET_IN,
                                     .address = *address,
                                     .setup = {REQUEST_TYPE_DEVICE_IN, REQUEST_GET_DESCRIPTOR, 0,
                                               (uint8_t)type, 0, 0, (uint8_t)size, 0},
                                     .begin = time,
                                     .end = time,
                                     .wanted = (uint32_t)size,
                                     .moved = (uint32_t)size,
                                     .data = bytes,
                                     .kept = size,
    });
}

struct command_block_wrapper {
    uint32_t signature, tag, data_transfer_length;
    uint8_t flags, lun, cb_length, cb[16];
} __attribute__((packed));
_Static_assert(sizeof(struct command_block_wrapper) == BULK_ONLY_CBW_SIZE, "CBW size");

struct command_status_wrapper {
    uint32_t signature, tag, data_residue;
    uint8_t status;
} __attribute__((packed));
_Static_assert(sizeof(struct command_status_wrapper) == BULK_ONLY_CSW_SIZE, "CSW size");

#define CBW_SIGNATURE 0x43425355u
#define CSW_SIGNATURE 0x53425355u

/* The data phase that the command has, or should have had. */
static struct drive_data_phase phase_of(const struct trace_command *command)
{
    struct drive_data_phase phase = drive_data_phase(command->cdb, command->cdb_length);
    uint64_t moved =
        phase.direction == DRIVE_DIRECTION_OUT ? command->out.length : command->in.length;

    if (phase.direction == DRIVE_DIRECTION_NONE && moved > 0)
        phase.direction = DRIVE_DIRECTION_IN;
    if (moved > phase.length)
        phase.length = moved < UINT32_MAX ? (uint32_t)moved : UINT32_MAX;
    return phase;
}

/* Wireshark has no words for SEND KEY, whose operation code it takes for another command's. */
static void make_name(const struct trace_command *command, char comment[COMMENT_MAX])
{
    FILE *stream = command->cdb[0] == MMC_SEND_KEY ? fmemopen(comment, COMMENT_MAX, "w") : NULL;

    comment[0] = 0;
    if (!stream)
        return;
    trace_text_cdb(command, stream);
    fclose(stream);
}

/* The command block is as long as there is room: Wireshark looks for the control byte of REPORT KEY
 * behind its end. */
static bool put_wrapper(struct capture *capture, const struct trace_command *command,
                        const struct address *address, const struct drive_data_phase *phase)
{
    char comment[COMMENT_MAX];
    struct command_block_wrapper wrapper = {
        .signature = htole32(CBW_SIGNATURE),
        .tag = htole32((uint32_t)command->number),
        .data_transfer_length = htole32(phase->length),
        .flags = phase->direction == DRIVE_DIRECTION_IN ? USB_PACKET_IN : 0,
        .lun = command->lun & 0x0F,
        .cb_length = sizeof(wrapper.cb),
    };

    memcpy(wrapper.cb, command->cdb, command->cdb_length);
    make_name(command, comment);
    return put_transfer(capture, &(struct transfer){
                                     .type = USB_PACKET_BULK,
                                     .endpoint = USB_ENDPOINT_OUT,
                                     .address = *address,
                                     .begin = command->time,
                                     .end = command->time,
                                     .wanted = sizeof(wrapper),
                                     .moved = sizeof(wrapper),
                                     .data = &wrapper,
                                     .kept = sizeof(wrapper),
                                     .comment = comment[0] ? comment : NULL,
                                 });
}

static bool put_data(struct capture *capture, const struct trace_command *command,
                     const struct address *address, const struct drive_data_phase *phase)
{
    bool in = phase->direction == DRIVE_DIRECTION_IN;
    const struct trace_data *data = in ? &command->in : &command->out;
    uint32_t moved = data->length < UINT32_MAX ? (uint32_t)data->length : UINT32_MAX;

    if (phase->length == 0)
        return true;
    return put_transfer(capture, &(struct transfer){
                                     .type = USB_PACKET_BULK,
                                     .endpoint = in ? USB_ENDPOINT_IN : USB_ENDPOINT_OUT,
                                     .address = *address,
                                     .begin = command->time,
                                     .end = command->time + command->duration,
                                     .wanted = in ? phase->length : moved,
                                     .moved = moved,
                                     .data = data->bytes,
                                     .kept = data->kept,
                                 });
}

/* What Wireshark cannot know; empty if there is nothing. */
static void make_comment(const struct trace_command *command, char comment[COMMENT_MAX])
{
    FILE *stream = fmemopen(comment, COMMENT_MAX, "w");

    comment[0] = 0;
    if (!stream)
        return;
    if (command->status == DRIVE_STATUS_CHECK_CONDITION)
        trace_text_sense(&command->sense, stream);
    for (unsigned i = 0; i < command->steps; i++)
        fprintf(stream, "%sAGID %u: %s -> %s",
                i > 0 || command->status == DRIVE_STATUS_CHECK_CONDITION ? "; " : "",
                command->step[i].agid, css_auth_state_names[command->step[i].from],
                css_auth_state_names[command->step[i].to]);
    fclose(stream);
}

static bool put_status(struct capture *capture, const struct trace_command *command,
                       const struct address *address, const struct drive_data_phase *phase,
                       const char *comment)
{
    uint64_t moved =
        phase->direction == DRIVE_DIRECTION_OUT ? command->out.length : command->in.length;
    const struct command_status_wrapper wrapper = {
        .signature = htole32(CSW_SIGNATURE),
        .tag = htole32((uint32_t)command->number),
        .data_residue =
            htole32(phase->length - (uint32_t)(moved < phase->length ? moved : phase->length)),
        .status = command->status != DRIVE_STATUS_GOOD,
    };

    return put_transfer(capture, &(struct transfer){
                                     .type = USB_PACKET_BULK,
                                     .endpoint = USB_ENDPOINT_IN,
                                     .address = *address,
                                     .begin = command->time + command->duration,
                                     .end = command->time + command->duration,
                                     .wanted = sizeof(wrapper),
                                     .moved = sizeof(wrapper),
                                     .data = &wrapper,
                                     .kept = sizeof(wrapper),
                                     .comment = comment,
                                 });
}

/* The beginning of a device ------------------------------------------------- */

/* Wireshark takes the commands for those of MMC when it has seen the answer to INQUIRY; a trace may
 * begin behind it. */
static bool put_inquiry(struct capture *capture, const struct trace_command *next,
                        const struct address *address)
{
    static const uint8_t beginning[] = {0x05, 0x80, 0x05, 0x02, 0x1F};
    struct trace_command *inquiry = calloc(1, sizeof(*inquiry));
    struct drive_data_phase phase;
    bool written;

    if (!inquiry)
        return false;
    inquiry->time = next->time;
    inquiry->cdb[0] = MMC_INQUIRY;
    inquiry->cdb[4] = INQUIRY_SIZE;
    inquiry->cdb_length = 6;
    inquiry->in.length = inquiry->in.kept = INQUIRY_SIZE;
    memcpy(inquiry->in.bytes, beginning, sizeof(beginning));
    snprintf((char *)inquiry->in.bytes + 8, INQUIRY_SIZE - 8 + 1, "%-8s%-20s",
             capture->identity.manufacturer, capture->identity.product);
    phase = phase_of(inquiry);
    written = put_wrapper(capture, inquiry, address, &phase) &&
              put_data(capture, inquiry, address, &phase) &&
              put_status(capture, inquiry, address, &phase,
                         "INQUIRY: not sent by the host; it tells Wireshark what this is");
    free(inquiry);
    return written;
}

static bool put_configuration(struct capture *capture, const struct address *address, uint64_t time)
{
    return put_transfer(capture, &(struct transfer){
                                     .type = USB_PACKET_CONTROL,
                                     .address = *address,
                                     .setup = {REQUEST_TYPE_DEVICE_OUT, REQUEST_SET_CONFIGURATION,
                                               USB_CONFIGURATION},
                                     .begin = time,
                                     .end = time,
    });
}

/* Wireshark must have seen the interface to know that this is a mass storage device. */
static bool put_device(struct capture *capture, const struct trace_command *next,
                       const struct address *address)
{
    return put_descriptor(capture, address, USB_DESCRIPTOR_DEVICE, next->time) &&
           put_descriptor(capture, address, USB_DESCRIPTOR_CONFIGURATION, next->time) &&
           put_configuration(capture, address, next->time) &&
           (next->cdb[0] == MMC_INQUIRY || put_inquiry(capture, next, address));
}

/* The address of the command's host, whose device is introduced with its first command; NULL after
 * reporting why there is none. */
static const struct address *address_of(struct capture *capture,
                                        const struct trace_command *command)
{
    struct address *address = NULL;

    if (capture->hosts.count < HOSTS_MAX)
        address = trace_hosts_add(&capture->hosts, command->nexus, sizeof(*address));
    else
        address = trace_hosts_find(&capture->hosts, command->nexus);
    if (!address)
        return NULL;
    if (address->introduced)
        return address;
    if (address->bus == 0) {
        address->bus = (uint16_t)(BUS_FIRST + capture->hosts.count / DEVICES);
        address->device = (uint8_t)(DEVICE_FIRST + capture->hosts.count % DEVICES);
    }
    address->introduced = true;
    return put_device(capture, command, address) ? address : NULL;
}

static bool put_command(struct capture *capture, const struct trace_command *command)
{
    struct drive_data_phase phase = phase_of(command);
    const struct address *address = address_of(capture, command);
    char comment[COMMENT_MAX];

    if (!address)
        return false;
    make_comment(command, comment);
    return put_wrapper(capture, command, address, &phase) &&
           put_data(capture, command, address, &phase) &&
           (command->given_up ||
            put_status(capture, command, address, &phase, comment[0] ? comment : NULL));
}

/* What has been put together since the last time. */
static bool write_blocks(struct capture *capture, bool made)
{
    bool written = made && fflush(capture->stream) == 0;

    if (written)
        written = output_file_write(capture->output, capture->text, capture->length);
    else
        output_file_lose(capture->output, 1);
    rewind(capture->stream);
    return written;
}

bool capture_command(struct capture *capture, const struct trace_command *command)
{
    struct address *address;

    if (write_blocks(capture, put_command(capture, command)))
        return true;
    /* With the command its device's introduction was lost. */
    address = trace_hosts_find(&capture->hosts, command->nexus);
    if (address)
        address->introduced = false;
    return false;
}

/* Opening and closing ------------------------------------------------------- */

static void take_identity(struct capture *capture, const struct trace_header *header)
{
    struct drive_profile profile;

    drive_profile_init(&profile);
    if (*header->vendor)
        memcpy(profile.vendor, header->vendor, sizeof(profile.vendor));
    if (*header->product)
        memcpy(profile.product, header->product, sizeof(profile.product));
    if (*header->serial)
        memcpy(profile.serial, header->serial, sizeof(profile.serial));
    usb_identity_from_profile(&capture->identity, &profile);
}

struct capture *capture_open(struct output_file *output, const struct trace_header *header,
                             struct diagnostics *diagnostics)
{
    struct capture *capture = output ? calloc(1, sizeof(*capture)) : NULL;

    if (capture)
        capture->stream = open_memstream(&capture->text, &capture->length);
    if (!capture || !capture->stream) {
        if (output)
            diagnostics_error(diagnostics, "%s: %s", output_file_path(output), strerror(ENOMEM));
        output_file_close(output);
        free(capture);
        return NULL;
    }
    capture->output = output;
    capture->began = header->time;
    capture->started = (uint64_t)header->started * 1000000000;
    take_identity(capture, header);
    if (write_blocks(capture, pcapng_begin(capture->stream, PCAPNG_LINKTYPE_USB_LINUX_MMAPPED,
                                           SNAPSHOT_LENGTH, "vodd")))
        return capture;
    capture_close(capture);
    return NULL;
}

static void capture_finished(void *context, const struct trace_command *command)
{
    capture_command(context, command);
}

struct capture *capture_drive(struct output_file *output, struct drive *drive,
                              struct diagnostics *diagnostics)
{
    struct trace_header header;
    struct capture *capture;

    trace_header_of(drive, &header);
    capture = capture_open(output, &header, diagnostics);
    if (!capture)
        return NULL;
    const struct trace_sink sink = {.command = capture_finished, .context = capture};
    capture->observer = trace_observer_create(drive, &sink, TRACE_DATA_MAX);
    if (capture->observer)
        return capture;
    diagnostics_error(diagnostics, "%s: %s", output_file_path(capture->output), strerror(ENOMEM));
    capture_close(capture);
    return NULL;
}

bool capture_close(struct capture *capture)
{
    bool whole;

    if (!capture)
        return true;
    if (capture->observer)
        output_file_lose(capture->output, trace_observer_lost(capture->observer));
    trace_observer_destroy(capture->observer);
    whole = output_file_close(capture->output);
    fclose(capture->stream);
    free(capture->text);
    trace_hosts_release(&capture->hosts);
    free(capture);
    return whole;
}
