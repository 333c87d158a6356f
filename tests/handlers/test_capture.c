/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handlers/capture/capture.h"
#include "handlers/capture/usb_packet.h"
#include "handlers/trace/trace_reader.h"
#include "handlers/usbredir/usb_descriptors.h"
#include "handlers/vodd/commands.h"
#include "tests/support/captured_output.h"
#include "tests/support/fault_log.h"
#include "tests/support/traced_drive.h"
#include "tests/tap.h"

/* Captures: the blocks of the file, the packets in them, and that a capture of a drive is that of
 * its trace. */

#define PACKET_BLOCK 6
#define PACKETS_MAX  4096

struct packet {
    struct usb_packet usb;
    const uint8_t *data;
    uint32_t captured, original;
    uint64_t time;
    char comment[300];
};

static struct captured_output output;
static struct fault_log faults;
static uint8_t *bytes;
static size_t size;
static struct packet packets[PACKETS_MAX];
static unsigned count;

static void set_up(void)
{
    traced_drive_set_up();
    program_invocation_short_name = "vodd";
    fault_log_init(&faults);
    bytes = NULL;
}

static void tear_down(void)
{
    free(bytes);
    traced_drive_tear_down();
}

static uint32_t word(size_t offset)
{
    uint32_t value;

    ck_assert_uint_le(offset + sizeof(value), size);
    memcpy(&value, bytes + offset, sizeof(value));
    return value;
}

static void take_packet(size_t block, uint32_t length)
{
    struct packet *packet = &packets[count++];
    size_t options;

    ck_assert_uint_le(count, PACKETS_MAX);
    packet->time = (uint64_t)word(block + 12) << 32 | word(block + 16);
    packet->captured = word(block + 20);
    packet->original = word(block + 24);
    ck_assert_uint_ge(packet->captured, sizeof(packet->usb));
    ck_assert_uint_ge(packet->original, packet->captured);
    memcpy(&packet->usb, bytes + block + 28, sizeof(packet->usb));
    packet->data = bytes + block + 28 + sizeof(packet->usb);
    options = block + 28 + ((packet->captured + 3) & ~3u);
    packet->comment[0] = 0;
    if ((word(options) & 0xFFFF) == 1)
        snprintf(packet->comment, sizeof(packet->comment), "%.*s", (int)(word(options) >> 16),
                 (char *)bytes + options + 4);
    ck_assert_uint_le(options, block + length);
}

/* Reads the file; every block must have the shape that pcapng wants. */
static void load(const char *path)
{
    FILE *file = fopen(path, "r");
    struct stat status;

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fstat(fileno(file), &status), 0);
    free(bytes);
    size = (size_t)status.st_size;
    bytes = malloc(size);
    ck_assert_uint_eq(fread(bytes, 1, size, file), size);
    fclose(file);
    ck_assert_uint_eq(word(0), 0x0A0D0D0A);
    ck_assert_uint_eq(word(8), 0x1A2B3C4D);
    count = 0;
    for (size_t block = 0; block < size;) {
        uint32_t length = word(block + 4);
        ck_assert_uint_eq(length % 4, 0);
        ck_assert_uint_eq(word(block + length - 4), length);
        if (word(block) == PACKET_BLOCK)
            take_packet(block, length);
        else if (block > 0)
            ck_assert_uint_eq(word(block + 8) & 0xFFFF, 220);
        block += length;
    }
}

static struct output_file *open_output(const char *path)
{
    const struct output_terms terms = {.kind = OUTPUT_CAPTURE, .pipes = OUTPUT_PIPES_WAITED_FOR};

    return output_file_open(path, &terms, &faults.diagnostics);
}

static void convert(void)
{
    const char *argv[] = {"trace", "--pcapng", "a.pcapng", TRACED_DRIVE_TRACE, NULL};

    traced_drive_end();
    captured_output_begin();
    int status = command_trace(4, argv);
    captured_output_end(&output);
    ck_assert_msg(status == 0, "%s", output.error);
    load("a.pcapng");
}

/* The n-th packet of a bulk endpoint at its end. */
static const struct packet *nth(uint8_t endpoint, enum usb_packet_event event, unsigned n)
{
    for (unsigned i = 0; i < count; i++)
        if (packets[i].usb.transfer == USB_PACKET_BULK && packets[i].usb.endpoint == endpoint &&
            packets[i].usb.event == event && n-- == 0)
            return &packets[i];
    ck_abort_msg("no such packet");
}

START_TEST(the_device_is_introduced_and_a_command_is_three_transfers)
{
    traced_drive_execute("12 00 00 00 24 00", "");
    convert();
    ck_assert_uint_eq(count, 6 + 6);
    ck_assert_uint_eq(packets[0].usb.transfer, USB_PACKET_CONTROL);
    ck_assert_uint_eq(packets[0].usb.setup_flag, 0);
    ck_assert_mem_eq(packets[0].usb.setup, "\x80\x06\x00\x01\x00\x00\x12\x00", 8);
    ck_assert_uint_eq(packets[1].usb.data_length, 18);
    ck_assert_mem_eq(packets[1].data, "\x12\x01", 2);
    ck_assert_mem_eq(packets[2].usb.setup, "\x80\x06\x00\x02\x00\x00\x20\x00", 8);
    ck_assert_uint_eq(packets[3].usb.data_length, 32);
    ck_assert_mem_eq(packets[3].data + 14, "\x08\x06\x50", 3);
    ck_assert_mem_eq(packets[4].usb.setup, "\x00\x09\x01\x00\x00\x00\x00\x00", 8);

    const struct packet *wrapper = nth(USB_ENDPOINT_OUT, USB_PACKET_SUBMIT, 0);
    ck_assert_uint_eq(wrapper->usb.data_length, 31);
    ck_assert_mem_eq(wrapper->data, "USBC\x01\0\0\0\x24\0\0\0\x80\0\x10\x12\0\0\0\x24\0", 21);
    const struct packet *data = nth(USB_ENDPOINT_IN, USB_PACKET_COMPLETE, 0);
    ck_assert_uint_eq(data->usb.data_length, 36);
    ck_assert_mem_eq(data->data, traced.data, 36);
    const struct packet *status = nth(USB_ENDPOINT_IN, USB_PACKET_COMPLETE, 1);
    ck_assert_mem_eq(status->data, "USBS\x01\0\0\0\0\0\0\0\0", 13);
    ck_assert_str_eq(status->comment, "");
}
END_TEST

START_TEST(without_inquiry_one_is_made_up)
{
    traced_drive_execute("00 00 00 00 00 00", "");
    convert();
    ck_assert_mem_eq(nth(USB_ENDPOINT_OUT, USB_PACKET_SUBMIT, 0)->data + 15, "\x12", 1);
    ck_assert_mem_eq(nth(USB_ENDPOINT_IN, USB_PACKET_COMPLETE, 0)->data + 8, "VODD    DVD-ROM  ",
                     16);
    ck_assert_ptr_nonnull(
        strstr(nth(USB_ENDPOINT_IN, USB_PACKET_COMPLETE, 1)->comment, "not sent by the host"));
    const struct packet *status = nth(USB_ENDPOINT_IN, USB_PACKET_COMPLETE, 2);
    ck_assert_uint_eq(status->data[12], 1);
    ck_assert_str_eq(status->comment, "06/29/00 POWER_ON_OR_RESET, power on, reset, or bus device "
                                      "reset occurred");
}
END_TEST

START_TEST(data_out_residue_and_steps)
{
    traced_drive_execute("12 00 00 00 24 00", "");
    traced_drive_be_ready();
    traced_drive_execute("A4 00 00 00 00 00 00 00 00 FF 00 00", "");
    traced_drive_execute("A3 00 00 00 00 00 00 00 00 10 01 00",
                         "00 0E 00 00 09 08 07 06 05 04 03 02 01 00 00 00");
    convert();
    const struct packet *status = NULL, *list = NULL;
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(packets[i].comment, "AGID 0: free -> granted") == 0)
            status = &packets[i];
        if (packets[i].usb.endpoint == USB_ENDPOINT_OUT && packets[i].usb.data_length == 16)
            list = &packets[i];
    }
    ck_assert_ptr_nonnull(status);
    ck_assert_mem_eq(status->data + 8, "\xF7\0\0\0\0", 5);
    ck_assert_ptr_nonnull(list);
    ck_assert_uint_eq(list->usb.event, USB_PACKET_SUBMIT);
    ck_assert_mem_eq(list->data, "\0\x0E\0\0\x09\x08", 6);
}
END_TEST

START_TEST(of_long_reads_the_length_is_told_and_the_beginning_is_there)
{
    traced_drive_execute("12 00 00 00 24 00", "");
    traced_drive_be_ready();
    traced_drive_execute("28 00 00 00 00 40 00 00 04 00", "");
    convert();
    for (unsigned i = 0; i < count; i++)
        if (packets[i].usb.urb_length == 8192 && packets[i].usb.event == USB_PACKET_COMPLETE) {
            ck_assert_uint_eq(packets[i].usb.data_length, TRACE_MEDIUM_BYTES_DEFAULT);
            ck_assert_uint_eq(packets[i].original, 64 + 8192);
            ck_assert_mem_eq(packets[i].data, traced.data, TRACE_MEDIUM_BYTES_DEFAULT);
            return;
        }
    ck_abort_msg("no such packet");
}
END_TEST

START_TEST(each_host_is_a_device)
{
    struct drive_nexus *first = traced.nexus;

    traced_drive_execute("12 00 00 00 24 00", "");
    traced.nexus = drive_nexus_attach(traced.drive, true);
    traced_drive_execute("12 00 00 00 24 00", "");
    drive_nexus_detach(traced.nexus);
    traced.nexus = first;
    convert();
    ck_assert_uint_eq(count, 24);
    ck_assert_uint_eq(packets[0].usb.device, 3);
    ck_assert_uint_eq(packets[12].usb.device, 4);
    ck_assert_uint_eq(packets[23].usb.device, 4);
}
END_TEST

/* More than a bus has room for: the next ones are on another. */
START_TEST(no_two_hosts_share_a_device)
{
    FILE *file = fopen("hosts.trace", "w");
    const char *argv[] = {"trace", "--pcapng", "a.pcapng", "hosts.trace", NULL};
    static bool seen[4][128];

    fputs("{\"vodd-trace\":1}\n", file);
    for (unsigned i = 0; i < 300; i++)
        fprintf(file, "{\"nexus\":%u,\"cdb\":\"120000000000\"}\n", 1 + i * 125);
    fclose(file);
    captured_output_begin();
    ck_assert_int_eq(command_trace(4, argv), 0);
    captured_output_end(&output);
    load("a.pcapng");
    memset(seen, 0, sizeof(seen));
    for (unsigned i = 0; i < count; i++) {
        const struct usb_packet *usb = &packets[i].usb;
        ck_assert_uint_ge(usb->bus, 1);
        ck_assert_uint_le(usb->bus, 3);
        ck_assert_uint_ge(usb->device, 2);
        ck_assert_uint_le(usb->device, 126);
        /* SET CONFIGURATION comes once for each. */
        if (usb->setup_flag == 0 && usb->setup[1] == 9) {
            ck_assert(!seen[usb->bus][usb->device]);
            seen[usb->bus][usb->device] = true;
        }
    }
    unsigned devices = 0;
    for (unsigned i = 0; i < sizeof(seen); i++)
        devices += ((bool *)seen)[i];
    ck_assert_uint_eq(devices, 300);
}
END_TEST

/* While it runs, or afterwards from the trace: the same packets. */
START_TEST(the_capture_of_a_drive_is_that_of_its_trace)
{
    struct capture *capture =
        capture_drive(open_output("live.pcapng"), traced.drive, &faults.diagnostics);

    ck_assert_ptr_nonnull(capture);
    traced_drive_execute("12 00 00 00 24 00", "");
    traced_drive_be_ready();
    traced_drive_play();
    load("live.pcapng");
    unsigned while_it_runs = count;
    ck_assert(capture_close(capture));
    load("live.pcapng");
    ck_assert_uint_eq(count, while_it_runs);
    struct packet *live = malloc(sizeof(packets));
    uint8_t *kept = bytes;
    unsigned live_count = count;
    memcpy(live, packets, sizeof(packets));
    bytes = NULL;
    convert();
    ck_assert_uint_eq(count, live_count);
    for (unsigned i = 0; i < count; i++) {
        ck_assert_uint_eq(live[i].captured, packets[i].captured);
        ck_assert_uint_eq(live[i].usb.event, packets[i].usb.event);
        ck_assert_mem_eq(live[i].data, packets[i].data,
                         packets[i].captured - sizeof(packets[i].usb));
        ck_assert_str_eq(live[i].comment, packets[i].comment);
        ck_assert_uint_eq(live[i].time - live[0].time, packets[i].time - packets[0].time);
    }
    free(live);
    free(kept);
}
END_TEST

START_TEST(what_cannot_be_written)
{
    const char *argv[] = {"trace", "--pcapng", "/nonexistent/a", TRACED_DRIVE_TRACE, NULL};

    ck_assert_ptr_null(capture_drive(open_output("/dev/full"), traced.drive, &faults.diagnostics));
    ck_assert_str_eq(faults.text, "/dev/full: No space left on device; the capture ends here\n"
                                  "/dev/full: lost: 1 commands of the capture\n");
    traced_drive_end();
    captured_output_begin();
    ck_assert_int_eq(command_trace(4, argv), 1);
    captured_output_end(&output);
    ck_assert_str_eq(output.error, "vodd: /nonexistent/a: No such file or directory\n");
    argv[2] = "a.pcapng";
    argv[3] = NULL;
    captured_output_begin();
    ck_assert_int_eq(command_trace(3, argv), 2);
    captured_output_end(&output);
    ck_assert_ptr_nonnull(strstr(output.error, "--pcapng needs a FILE"));
}
END_TEST

static Suite *capture_suite(void)
{
    Suite *suite = suite_create("capture");
    TCase *cases = tcase_create("capture");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, the_device_is_introduced_and_a_command_is_three_transfers);
    tcase_add_test(cases, without_inquiry_one_is_made_up);
    tcase_add_test(cases, data_out_residue_and_steps);
    tcase_add_test(cases, of_long_reads_the_length_is_told_and_the_beginning_is_there);
    tcase_add_test(cases, each_host_is_a_device);
    tcase_add_test(cases, no_two_hosts_share_a_device);
    tcase_add_test(cases, the_capture_of_a_drive_is_that_of_its_trace);
    tcase_add_test(cases, what_cannot_be_written);
    suite_add_tcase(suite, cases);
    return suite;
}

TAP_MAIN(capture_suite)
