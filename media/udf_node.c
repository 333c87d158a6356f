/* SPDX-License-Identifier: MIT */
#include "media/udf_node.h"

#include <stdlib.h>
#include <string.h>

/* No folder of a DVD comes near it. */
#define FOLDER_SIZE_MAX (4u * 1024 * 1024)

enum {
    ENTRY_STRATEGY = 20,
    ENTRY_TYPE = 27,
    ENTRY_FLAGS = 34, /* kind of allocation descriptors in the low three bits */
    ENTRY_BYTES = 56,
    ENTRY_ATTRIBUTES_SIZE = 168, /* then the size of the descriptors, then both */
    EXTENDED_ATTRIBUTES_SIZE = 208,

    ALLOCATION_EXTENT_SIZE = 20,
    ALLOCATION_EXTENT_DESCRIPTORS = 24,
};

enum kind { KIND_SHORT, KIND_LONG, KIND_EXTENDED, KIND_EMBEDDED };
static const size_t descriptor_size[] = {8, 16, 20};

/* What an allocation descriptor names, in its two highest bits. */
enum extent_type { EXTENT_RECORDED = 0, EXTENT_CONTINUES = 3 };

static bool add_part(struct udf_volume *volume, struct udf_parts *parts, struct udf_part part)
{
    if (!examination_count(volume->examination))
        return false;
    if (parts->count == parts->room) {
        size_t room = parts->room ? 2 * parts->room : 4;
        struct udf_part *grown = reallocarray(parts->part, room, sizeof *grown);
        if (!grown) {
            volume->out_of_memory = true;
            return false;
        }
        parts->part = grown;
        parts->room = room;
    }
    parts->part[parts->count++] = part;
    return true;
}

/* Allocation descriptors that lie together. */
struct descriptors {
    const uint8_t *at;
    size_t size;
    enum kind kind;
    uint16_t map; /* of short ones, which do not say */
};

static struct udf_address take_descriptor(struct descriptors *descriptors, unsigned *type)
{
    const uint8_t *at = descriptors->at;
    const uint8_t *place = at + (descriptors->kind == KIND_EXTENDED ? 12 : 4);
    struct udf_address address = {
        .bytes = udf_get32(at) & UDF_EXTENT_BYTES,
        .block = udf_get32(place),
        .map = descriptors->kind == KIND_SHORT ? descriptors->map : udf_get16(place + 4),
    };
    *type = udf_get32(at) >> 30;
    descriptors->at += descriptor_size[descriptors->kind];
    descriptors->size -= descriptor_size[descriptors->kind];
    return address;
}

/*
 * Takes the parts that the descriptors name.  Returns true with *next if more descriptors are
 * there.
 */
static bool take_parts(struct udf_volume *volume, struct udf_node *node,
                       struct descriptors descriptors, uint64_t *left, struct udf_address *next)
{
    while (descriptors.size >= descriptor_size[descriptors.kind]) {
        unsigned type;
        struct udf_part part = {.at = take_descriptor(&descriptors, &type)};
        if (type == EXTENT_CONTINUES) {
            *next = part.at;
            return true;
        }
        if (part.at.bytes == 0 || *left == 0)
            return false;
        if (part.at.bytes > *left)
            part.at.bytes = (uint32_t)*left;
        *left -= part.at.bytes;
        part.recorded = type == EXTENT_RECORDED;
        if (!add_part(volume, &node->parts, part))
            return false;
    }
    return false;
}

static void take_all_parts(struct udf_volume *volume, struct udf_node *node,
                           struct descriptors descriptors)
{
    uint8_t sector[DVD_SECTOR_SIZE];
    struct udf_address next;
    uint64_t left = node->bytes;
    /* Each turn costs a read, of which there are only so many. */
    while (take_parts(volume, node, descriptors, &left, &next)) {
        if (!udf_volume_read_block(volume, next.map, next.block, sector) ||
            udf_tag_of(sector) != UDF_TAG_ALLOCATION_EXTENT)
            return;
        size_t size = udf_get32(sector + ALLOCATION_EXTENT_SIZE);
        if (size > DVD_SECTOR_SIZE - ALLOCATION_EXTENT_DESCRIPTORS)
            size = DVD_SECTOR_SIZE - ALLOCATION_EXTENT_DESCRIPTORS;
        descriptors.at = sector + ALLOCATION_EXTENT_DESCRIPTORS;
        descriptors.size = size;
        descriptors.map = next.map;
    }
}

bool udf_node_read(struct udf_volume *volume, struct udf_address address, struct udf_node *node)
{
    uint8_t entry[DVD_SECTOR_SIZE];
    if (!udf_volume_read_block(volume, address.map, address.block, entry))
        return false;
    enum udf_tag tag = udf_tag_of(entry);
    size_t sizes =
        tag == UDF_TAG_FILE_ENTRY ? ENTRY_ATTRIBUTES_SIZE : (size_t)EXTENDED_ATTRIBUTES_SIZE;
    uint64_t attributes = udf_get32(entry + sizes), size = udf_get32(entry + sizes + 4);
    unsigned kind = entry[ENTRY_FLAGS] & 7;
    if ((tag != UDF_TAG_FILE_ENTRY && tag != UDF_TAG_EXTENDED_FILE_ENTRY) ||
        udf_get16(entry + ENTRY_STRATEGY) != 4 || kind > KIND_EMBEDDED ||
        attributes + size > DVD_SECTOR_SIZE - (sizes + 8))
        return false;

    *node = (struct udf_node){
        .type = entry[ENTRY_TYPE],
        .bytes = udf_get32(entry + ENTRY_BYTES) | (uint64_t)udf_get32(entry + ENTRY_BYTES + 4)
                                                      << 32,
        .embedded = kind == KIND_EMBEDDED,
    };
    const uint8_t *descriptors = entry + sizes + 8 + attributes;
    if (!node->embedded) {
        take_all_parts(volume, node,
                       (struct descriptors){descriptors, size, (enum kind)kind, address.map});
        return true;
    }
    if (node->bytes > size)
        node->bytes = size;
    memcpy(node->content, descriptors, node->bytes);
    return true;
}

void udf_node_release(struct udf_node *node)
{
    free(node->parts.part);
    node->parts = (struct udf_parts){0};
}

/* The metadata file lies in the first physical map of the same partition. */
static bool read_metadata_file(struct udf_volume *volume, struct udf_map *map, uint32_t block)
{
    for (unsigned i = 0; i < volume->maps; i++) {
        const struct udf_map *physical = &volume->map[i];
        if (!physical->usable || physical->in_metadata || physical->first != map->first)
            continue;
        struct udf_node node;
        if (!udf_node_read(volume, (struct udf_address){.block = block, .map = (uint16_t)i}, &node))
            return false;
        map->metadata = node.parts;
        return map->metadata.count > 0;
    }
    return false;
}

void udf_node_read_metadata(struct udf_volume *volume)
{
    for (unsigned i = 0; i < volume->maps; i++) {
        struct udf_map *map = &volume->map[i];
        if (!map->usable || !map->in_metadata)
            continue;
        map->usable = false; /* so that its entry is not looked for in itself */
        map->usable = read_metadata_file(volume, map, map->entry) ||
                      read_metadata_file(volume, map, map->mirror);
    }
}

static size_t load_part(struct udf_volume *volume, const struct udf_part *part, uint8_t *to,
                        size_t room)
{
    size_t done = 0;
    uint32_t block = part->at.block;
    while (part->recorded && done < part->at.bytes && done < room) {
        uint8_t sector[DVD_SECTOR_SIZE];
        size_t size = part->at.bytes - done < sizeof sector ? part->at.bytes - done : sizeof sector;
        if (size > room - done)
            size = room - done;
        if (!udf_volume_read_block(volume, part->at.map, block, sector))
            break;
        memcpy(to + done, sector, size);
        done += size;
        if (block++ == UINT32_MAX)
            break;
    }
    return done;
}

uint8_t *udf_node_load(struct udf_volume *volume, const struct udf_node *node, size_t *size)
{
    uint64_t room = node->embedded ? node->bytes : 0;
    for (size_t i = 0; i < node->parts.count; i++)
        room += node->parts.part[i].at.bytes;
    if (room > FOLDER_SIZE_MAX)
        room = FOLDER_SIZE_MAX;
    *size = 0;
    if (room == 0)
        return NULL;
    uint8_t *content = malloc(room);
    if (!content) {
        volume->out_of_memory = true;
        return NULL;
    }
    if (node->embedded) {
        *size = room;
        memcpy(content, node->content, room);
    }
    for (size_t i = 0; i < node->parts.count && *size < room; i++) {
        const struct udf_part *part = &node->parts.part[i];
        size_t got = load_part(volume, part, content + *size, room - *size);
        *size += got;
        if (got < part->at.bytes)
            break;
    }
    return content;
}
