/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/requests.h"

#include <stdio.h>
#include <string.h>

struct key_buffer {
    uint8_t header[NT_DVD_KEY_HEADER_LENGTH]; /* struct nt_dvd_copy_protect_key */
    uint8_t data[KEY_DATA_MAX];
};

static const struct {
    unsigned type;
    size_t data_size;
    const char *name;
} key_types[] = {
    {NT_DVD_CHALLENGE_KEY,   12,           "DvdChallengeKey"  },
    {NT_DVD_BUS_KEY1,        8,            "DvdBusKey1"       },
    {NT_DVD_BUS_KEY2,        8,            "DvdBusKey2"       },
    {NT_DVD_TITLE_KEY,       8,            "DvdTitleKey"      },
    {NT_DVD_ASF,             4,            "DvdAsf"           },
    {NT_DVD_SET_RPC_KEY,     4,            "DvdSetRpcKey"     },
    {NT_DVD_GET_RPC_KEY,     4,            "DvdGetRpcKey"     },
    {NT_DVD_DISK_KEY,        KEY_DATA_MAX, "DvdDiskKey"       },
    {NT_DVD_INVALIDATE_AGID, 0,            "DvdInvalidateAGID"},
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
    le32 id = to_le32(0);
    bool done = device_ioctl(device, NT_IOCTL_DVD_START_SESSION, "IOCTL_DVD_START_SESSION", NULL, 0,
                             &id, sizeof id);

    *session = from_le32(id);
    return done;
}

bool request_end_session(struct device *device, uint32_t session)
{
    le32 id = to_le32(session);

    return device_ioctl(device, NT_IOCTL_DVD_END_SESSION, "IOCTL_DVD_END_SESSION", &id, sizeof id,
                        NULL, 0);
}

bool request_get_region(struct device *device, struct nt_dvd_region *region)
{
    memset(region, 0, sizeof *region);
    return device_ioctl(device, NT_IOCTL_DVD_GET_REGION, "IOCTL_DVD_GET_REGION", NULL, 0, region,
                        sizeof *region);
}

static void key_to_buffer(const struct key *key, uint32_t key_length, struct key_buffer *buffer)
{
    const struct nt_dvd_copy_protect_key header = {
        .key_length = to_le32(key_length),
        .session_id = to_le32(key->session),
        .key_type = to_le32(key->type),
        .title_offset = to_le64(key->offset),
    };

    memcpy(buffer->header, &header, sizeof buffer->header);
    memcpy(buffer->data, key->data, sizeof buffer->data);
}

static const char *key_request_name(char name[64], const char *request, unsigned type)
{
    snprintf(name, 64, "%s, %s", request, key_type_name(type));
    return name;
}

bool request_read_key_sized(struct device *device, struct key *key, size_t in_size, size_t out_size)
{
    struct nt_dvd_copy_protect_key header;
    struct key_buffer buffer;
    char name[64];

    key_to_buffer(key, (uint32_t)in_size, &buffer);
    /* One buffer for both ways: Wine refuses two. */
    if (!device_ioctl(device, NT_IOCTL_DVD_READ_KEY,
                      key_request_name(name, "IOCTL_DVD_READ_KEY", key->type), &buffer, in_size,
                      &buffer, out_size))
        return false;
    memcpy(&header, buffer.header, sizeof buffer.header);
    key->flags = from_le32(header.key_flags);
    key->length = from_le32(header.key_length);
    memcpy(key->data, buffer.data, sizeof key->data);
    return true;
}

bool request_read_key(struct device *device, struct key *key)
{
    const size_t size = NT_DVD_KEY_HEADER_LENGTH + key_data_size(key->type);

    return request_read_key_sized(device, key, size, size);
}

static bool send_key(struct device *device, const struct key *key, size_t in_size,
                     uint32_t key_length, bool second)
{
    struct key_buffer buffer;
    char name[64];

    key_to_buffer(key, key_length, &buffer);
    key_request_name(name, second ? "IOCTL_DVD_SEND_KEY2" : "IOCTL_DVD_SEND_KEY", key->type);
    return device_ioctl(device, second ? NT_IOCTL_DVD_SEND_KEY2 : NT_IOCTL_DVD_SEND_KEY, name,
                        &buffer, in_size, NULL, 0);
}

bool request_send_key_sized(struct device *device, const struct key *key, size_t in_size,
                            uint32_t key_length)
{
    return send_key(device, key, in_size, key_length, false);
}

bool request_send_key(struct device *device, const struct key *key, bool second)
{
    const size_t size = NT_DVD_KEY_HEADER_LENGTH + key_data_size(key->type);

    return send_key(device, key, size, (uint32_t)size, second);
}

bool request_read_structure(struct device *device, unsigned format, unsigned layer,
                            uint32_t session, uint8_t *answer, size_t size)
{
    struct nt_dvd_read_structure request = {
        .format = to_le32(format), .session_id = to_le32(session), .layer_number = (uint8_t)layer};
    char name[64];

    memset(answer, 0, size);
    snprintf(name, sizeof name, "IOCTL_DVD_READ_STRUCTURE, format %u, layer %u", format, layer);
    return device_ioctl(device, NT_IOCTL_DVD_READ_STRUCTURE, name, &request, sizeof request, answer,
                        size);
}

size_t request_structure_header_size(const struct device *device, size_t size)
{
    return device->last.information == size ? 0 : sizeof(struct nt_dvd_descriptor_header);
}
