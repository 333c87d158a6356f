/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/requests.h"

#include <stdio.h>
#include <string.h>

struct key_buffer {
    DVD_COPY_PROTECT_KEY header;
    uint8_t data[KEY_DATA_MAX];
};

static const struct {
    unsigned type;
    size_t data_size;
    const char *name;
} key_types[] = {
    {DvdChallengeKey,   12,           "DvdChallengeKey"  },
    {DvdBusKey1,        8,            "DvdBusKey1"       },
    {DvdBusKey2,        8,            "DvdBusKey2"       },
    {DvdTitleKey,       8,            "DvdTitleKey"      },
    {DvdAsf,            4,            "DvdAsf"           },
    {DvdSetRpcKey,      4,            "DvdSetRpcKey"     },
    {DvdGetRpcKey,      4,            "DvdGetRpcKey"     },
    {DvdDiskKey,        KEY_DATA_MAX, "DvdDiskKey"       },
    {DvdInvalidateAGID, 0,            "DvdInvalidateAGID"},
};

#define KEY_TYPES (sizeof key_types / sizeof *key_types)

size_t key_data_size(unsigned type)
{
    for (size_t i = 0; i < KEY_TYPES; i++)
        if (key_types[i].type == type)
            return key_types[i].data_size;
    return 0;
}

const char *key_type_name(unsigned type)
{
    for (size_t i = 0; i < KEY_TYPES; i++)
        if (key_types[i].type == type)
            return key_types[i].name;
    return "unknown key type";
}

bool request_start_session(struct device *device, uint32_t *session)
{
    DVD_SESSION_ID id = 0;
    bool done = device_ioctl(device, IOCTL_DVD_START_SESSION, "IOCTL_DVD_START_SESSION", NULL, 0,
                             &id, sizeof id);

    *session = id;
    return done;
}

bool request_end_session(struct device *device, uint32_t session)
{
    DVD_SESSION_ID id = session;

    return device_ioctl(device, IOCTL_DVD_END_SESSION, "IOCTL_DVD_END_SESSION", &id, sizeof id,
                        NULL, 0);
}

bool request_get_region(struct device *device, DVD_REGION *region)
{
    memset(region, 0, sizeof *region);
    return device_ioctl(device, IOCTL_DVD_GET_REGION, "IOCTL_DVD_GET_REGION", NULL, 0, region,
                        sizeof *region);
}

static void key_to_buffer(const struct key *key, uint32_t key_length, struct key_buffer *buffer)
{
    memset(buffer, 0, sizeof *buffer);
    buffer->header.KeyLength = key_length;
    buffer->header.SessionId = key->session;
    buffer->header.KeyType = (DVD_KEY_TYPE)key->type;
    buffer->header.Parameters.TitleOffset.QuadPart = (LONGLONG)key->offset;
    memcpy(buffer->data, key->data, sizeof buffer->data);
}

static const char *key_request_name(char name[64], const char *request, unsigned type)
{
    snprintf(name, 64, "%s, %s", request, key_type_name(type));
    return name;
}

bool request_read_key_sized(struct device *device, struct key *key, size_t in_size, size_t out_size)
{
    struct key_buffer buffer;
    char name[64];

    key_to_buffer(key, (uint32_t)in_size, &buffer);
    /* One buffer for both ways: Wine refuses two. */
    if (!device_ioctl(device, IOCTL_DVD_READ_KEY,
                      key_request_name(name, "IOCTL_DVD_READ_KEY", key->type), &buffer, in_size,
                      &buffer, out_size))
        return false;
    key->flags = buffer.header.KeyFlags;
    key->length = buffer.header.KeyLength;
    memcpy(key->data, buffer.data, sizeof key->data);
    return true;
}

bool request_read_key(struct device *device, struct key *key)
{
    const size_t size = sizeof(DVD_COPY_PROTECT_KEY) + key_data_size(key->type);

    return request_read_key_sized(device, key, size, size);
}

static bool send_key(struct device *device, const struct key *key, size_t in_size,
                     uint32_t key_length, bool second)
{
    struct key_buffer buffer;
    char name[64];

    key_to_buffer(key, key_length, &buffer);
    key_request_name(name, second ? "IOCTL_DVD_SEND_KEY2" : "IOCTL_DVD_SEND_KEY", key->type);
    return device_ioctl(device, second ? IOCTL_DVD_SEND_KEY2 : IOCTL_DVD_SEND_KEY, name, &buffer,
                        in_size, NULL, 0);
}

bool request_send_key_sized(struct device *device, const struct key *key, size_t in_size,
                            uint32_t key_length)
{
    return send_key(device, key, in_size, key_length, false);
}

bool request_send_key(struct device *device, const struct key *key, bool second)
{
    const size_t size = sizeof(DVD_COPY_PROTECT_KEY) + key_data_size(key->type);

    return send_key(device, key, size, (uint32_t)size, second);
}

bool request_read_structure(struct device *device, unsigned format, unsigned layer,
                            uint32_t session, uint8_t *answer, size_t size)
{
    DVD_READ_STRUCTURE request = {
        .Format = (DVD_STRUCTURE_FORMAT)format, .SessionId = session, .LayerNumber = (UCHAR)layer};
    char name[64];

    memset(answer, 0, size);
    snprintf(name, sizeof name, "IOCTL_DVD_READ_STRUCTURE, format %u, layer %u", format, layer);
    return device_ioctl(device, IOCTL_DVD_READ_STRUCTURE, name, &request, sizeof request, answer,
                        size);
}

size_t request_structure_header_size(const struct device *device, size_t size)
{
    return device->last.information == size ? 0 : sizeof(DVD_DESCRIPTOR_HEADER);
}
