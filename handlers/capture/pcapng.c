/* SPDX-License-Identifier: MIT */
#include "handlers/capture/pcapng.h"

#include <string.h>

enum block_type {
    BLOCK_INTERFACE = 1,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_SECTION_HEADER = 0x0A0D0D0A,
};

enum option_code {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_HARDWARE = 2,    /* of a section */
    OPTION_APPLICATION = 4, /* of a section */
    OPTION_NAME = 2,        /* of an interface */
    OPTION_RESOLUTION = 9,  /* of an interface: of times, as a power of ten */
};

#define BYTE_ORDER_MAGIC 0x1A2B3C4D
#define NANOSECONDS      9

/* The byte order is that of the machine; the magic tells which. */

static size_t padded(size_t length)
{
    return (length + 3) & ~(size_t)3;
}

static bool put(FILE *stream, const void *bytes, size_t length)
{
    return length == 0 || fwrite(bytes, 1, length, stream) == length;
}

static bool put_padded(FILE *stream, const void *bytes, size_t length)
{
    static const uint8_t zeros[4];

    return put(stream, bytes, length) && put(stream, zeros, padded(length) - length);
}

static size_t option_size(size_t length)
{
    return 4 + padded(length);
}

static bool put_option(FILE *stream, enum option_code code, const void *value, size_t length)
{
    const uint16_t header[2] = {(uint16_t)code, (uint16_t)length};

    return put(stream, header, sizeof(header)) && put_padded(stream, value, length);
}

static bool put_block(FILE *stream, enum block_type type, size_t size)
{
    const uint32_t header[2] = {type, (uint32_t)size};

    return put(stream, header, sizeof(header));
}

static bool put_end(FILE *stream, size_t size)
{
    const uint32_t total = (uint32_t)size;

    return put_option(stream, OPTION_END, NULL, 0) && put(stream, &total, sizeof(total));
}

static bool put_section(FILE *stream)
{
    static const char application[] = "vodd " VODD_VERSION;
    const struct {
        uint32_t magic;
        uint16_t major, minor;
        int64_t length;
    } __attribute__((packed)) body = {BYTE_ORDER_MAGIC, 1, 0, -1};
    size_t size = 8 + sizeof(body) + option_size(strlen(application)) + option_size(0) + 4;

    return put_block(stream, BLOCK_SECTION_HEADER, size) && put(stream, &body, sizeof(body)) &&
           put_option(stream, OPTION_APPLICATION, application, strlen(application)) &&
           put_end(stream, size);
}

bool pcapng_begin(FILE *stream, uint16_t link_type, uint32_t snapshot_length, const char *name)
{
    static const uint8_t resolution = NANOSECONDS;
    const struct {
        uint16_t link_type, reserved;
        uint32_t snapshot_length;
    } body = {link_type, 0, snapshot_length};
    size_t size =
        8 + sizeof(body) + option_size(strlen(name)) + option_size(1) + option_size(0) + 4;

    return put_section(stream) && put_block(stream, BLOCK_INTERFACE, size) &&
           put(stream, &body, sizeof(body)) &&
           put_option(stream, OPTION_NAME, name, strlen(name)) &&
           put_option(stream, OPTION_RESOLUTION, &resolution, 1) && put_end(stream, size);
}

bool pcapng_packet(FILE *stream, const struct pcapng_packet *packet)
{
    static const uint8_t zeros[4];
    size_t length = packet->header_length + packet->data_length;
    size_t comment = packet->comment ? strlen(packet->comment) : 0;
    const uint32_t body[5] = {0, (uint32_t)(packet->time >> 32), (uint32_t)packet->time,
                              (uint32_t)length, packet->original_length};
    size_t size = 8 + sizeof(body) + padded(length) + (comment ? option_size(comment) : 0) +
                  option_size(0) + 4;

    return put_block(stream, BLOCK_ENHANCED_PACKET, size) && put(stream, body, sizeof(body)) &&
           put(stream, packet->header, packet->header_length) &&
           put(stream, packet->data, packet->data_length) &&
           put(stream, zeros, padded(length) - length) &&
           (!comment || put_option(stream, OPTION_COMMENT, packet->comment, comment)) &&
           put_end(stream, size);
}
