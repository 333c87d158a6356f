/* SPDX-License-Identifier: MIT */

/*
 * The words behind "ioctl NAME":
 *
 *     handle N      who asks; 1 if absent                    in N, out N   lengths in bytes
 *     type XX       key type                                 session N     -1: all
 *     offset XX     of a title key, structure or raw read    key-length N  of SEND_KEY, if wrong
 *     format XX     of a structure                           layer N
 *     trigger XX    target XX                                mode N, count N   of a raw read
 *     override      a file system asks while it mounts
 *     data BYTES    key data of SEND_KEY, or the input buffer of any other code; the last word
 *
 * The input buffer is the structure of the code, "in" cuts it or adds zeros.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/windows/guest.h"

#define INPUT_MAX 70000u

struct words {
    uint64_t handle, type, session, offset, format, layer, trigger, target, mode, count;
    uint64_t in, out, key_length;
    bool has_in, has_key_length, override;
    struct pattern data;
};

static const struct word {
    const char *name;
    size_t offset;
    int base;
} numbers[] = {
    {"handle",     offsetof(struct words, handle),     10},
    {"type",       offsetof(struct words, type),       16},
    {"session",    offsetof(struct words, session),    10},
    {"offset",     offsetof(struct words, offset),     16},
    {"format",     offsetof(struct words, format),     16},
    {"layer",      offsetof(struct words, layer),      10},
    {"trigger",    offsetof(struct words, trigger),    16},
    {"target",     offsetof(struct words, target),     16},
    {"mode",       offsetof(struct words, mode),       10},
    {"count",      offsetof(struct words, count),      10},
    {"in",         offsetof(struct words, in),         10},
    {"out",        offsetof(struct words, out),        10},
    {"key-length", offsetof(struct words, key_length), 10},
};

/* One word and its value; returns what is left of the line, NULL if it is not well-formed. */
static const char *take_word(const char *text, struct words *words)
{
    size_t length = strcspn(text, " ");
    const char *value = text + length + strspn(text + length, " ");

    if (!strncmp(text, "data ", 5))
        return pattern_parse(value, strlen(value), &words->data) ? value + strlen(value) : NULL;
    if (length == 8 && !strncmp(text, "override", 8))
        return words->override = true, value;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char *end;
        if (strlen(numbers[i].name) != length || strncmp(numbers[i].name, text, length) != 0)
            continue;
        uint64_t *target = (uint64_t *)(void *)((char *)words + numbers[i].offset);
        *target = strtoull(value, &end, numbers[i].base);
        words->has_in = words->has_in || target == &words->in;
        words->has_key_length = words->has_key_length || target == &words->key_length;
        return end == value ? NULL : end + strspn(end, " ");
    }
    return NULL;
}

static size_t put_key(const struct words *words, bool sends, uint8_t *input)
{
    struct nt_dvd_copy_protect_key key = {
        .session_id = to_le32((uint32_t)words->session),
        .key_type = to_le32((uint32_t)words->type),
        .title_offset = to_le64(words->offset),
    };
    size_t length = sizeof key + (sends ? words->data.length : 0);
    uint64_t key_length = sends ? length : words->out;

    key.key_length = to_le32((uint32_t)(words->has_key_length ? words->key_length : key_length));
    memcpy(input, &key, sizeof key);
    if (sends && words->data.length > 0)
        memcpy(input + sizeof key, words->data.value, words->data.length);
    return length;
}

static size_t put_session(const struct words *words, uint8_t *input)
{
    le32 session = to_le32((uint32_t)words->session);

    memcpy(input, &session, sizeof session);
    return sizeof session;
}

static size_t put_structure(const struct words *words, uint8_t *input)
{
    struct nt_dvd_read_structure structure = {
        .block_byte_offset = to_le64(words->offset),
        .format = to_le32((uint32_t)words->format),
        .session_id = to_le32((uint32_t)words->session),
        .layer_number = (uint8_t)words->layer,
    };

    memcpy(input, &structure, sizeof structure);
    return sizeof structure;
}

static size_t put_read_ahead(const struct words *words, uint8_t *input)
{
    struct nt_storage_set_read_ahead addresses = {
        .trigger_address = to_le64(words->trigger),
        .target_address = to_le64(words->target),
    };

    memcpy(input, &addresses, sizeof addresses);
    return sizeof addresses;
}

static size_t put_raw_read(const struct words *words, uint8_t *input)
{
    struct nt_raw_read_info info = {
        .disk_offset = to_le64(words->offset),
        .sector_count = to_le32((uint32_t)words->count),
        .track_mode = to_le32((uint32_t)words->mode),
    };

    memcpy(input, &info, sizeof info);
    return sizeof info;
}

static size_t put_input(uint32_t code, const struct words *words, uint8_t *input)
{
    switch (code) {
    case NT_IOCTL_DVD_READ_KEY:
        return put_key(words, false, input);
    case NT_IOCTL_DVD_SEND_KEY:
    case NT_IOCTL_DVD_SEND_KEY2:
        return put_key(words, true, input);
    case NT_IOCTL_DVD_END_SESSION:
    case NT_IOCTL_AACS_END_SESSION:
        return put_session(words, input);
    case NT_IOCTL_DVD_READ_STRUCTURE:
        return put_structure(words, input);
    case NT_IOCTL_STORAGE_SET_READ_AHEAD:
        return put_read_ahead(words, input);
    case NT_IOCTL_CDROM_RAW_READ:
        return put_raw_read(words, input);
    default:
        if (words->data.length > 0)
            memcpy(input, words->data.value, words->data.length);
        return words->data.length;
    }
}

/* Input in front, the rest filled with what nobody would answer. */
static void fill_request(struct guest *guest, const uint8_t *input, size_t in, size_t out)
{
    struct cdrom_request *request = &guest->request;

    free(request->buffer);
    guest->buffer_size = in > out ? in : out;
    *request = (struct cdrom_request){
        .handle = 1, .buffer = malloc(guest->buffer_size + 1), .in_length = in, .out_length = out};
    if (!request->buffer)
        abort();
    memset(request->buffer, 0xCC, guest->buffer_size);
    if (in > 0)
        memcpy(request->buffer, input, in);
}

static const struct nt_ioctl_name *find_code(const char *text, size_t length)
{
    for (const struct nt_ioctl_name *at = nt_ioctl_names; at->name; at++)
        if (strlen(at->name) == length && !strncmp(at->name, text, length))
            return at;
    return NULL;
}

bool guest_request_parse(struct guest *guest, const char *line)
{
    static uint8_t input[INPUT_MAX];
    struct words words = {.handle = 1};
    size_t length = strcspn(line, " ");
    const struct nt_ioctl_name *name = find_code(line, length);
    const char *at = line + length + strspn(line + length, " ");

    while (name && at && *at)
        at = take_word(at, &words);
    bool good = name && at && words.in <= sizeof input && words.data.length < 66000;
    if (good) {
        memset(input, 0, sizeof input);
        size_t in = put_input(name->code, &words, input);
        fill_request(guest, input, words.has_in ? (size_t)words.in : in, (size_t)words.out);
        guest->request.code = name->code;
        guest->request.handle = (unsigned)words.handle;
        guest->request.override_verify = words.override;
    }
    pattern_release(&words.data);
    return good ? true : run_fault(&guest->run, "the request is not well-formed");
}

bool guest_read_parse(struct guest *guest, const char *line)
{
    char *end;
    uint64_t offset = strtoull(line, &end, 16);
    size_t length = strtoul(end, &end, 16);

    fill_request(guest, NULL, 0, length);
    guest->request.offset = offset;
    guest->request.override_verify = strstr(end, "override");
    return true;
}
