/* SPDX-License-Identifier: MIT */
#include "media/udf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "media/udf_node.h"

/* File set descriptors that are looked at. */
#define FILE_SETS_MAX 16

/* File identifier descriptor (ECMA-167, 4/14.4). */
enum identifier {
    IDENTIFIER_FLAGS = 18,
    IDENTIFIER_NAME_SIZE = 19,
    IDENTIFIER_ENTRY = 20,
    IDENTIFIER_USE_SIZE = 36,
    IDENTIFIER_USE = 38,

    FLAG_FOLDER = 0x02,
    FLAG_DELETED = 0x04,
    FLAG_PARENT = 0x08,

    FILE_SET_ROOT = 400,
};

/* OSTA compressed Unicode; what is not ASCII becomes a question mark. */
static void take_name(const uint8_t *from, size_t size, char name[FILE_SYSTEM_NAME_SIZE])
{
    enum { EIGHT_BITS = 8, SIXTEEN_BITS = 16 };
    size_t length = 0;
    unsigned bits = size > 0 ? from[0] : 0;
    for (size_t i = 1; bits == EIGHT_BITS && i < size; i++)
        name[length++] = from[i] > 0 && from[i] < 0x80 ? (char)from[i] : '?';
    for (size_t i = 1; bits == SIXTEEN_BITS && i + 1 < size; i += 2)
        name[length++] =
            from[i] == 0 && from[i + 1] > 0 && from[i + 1] < 0x80 ? (char)from[i + 1] : '?';
    name[length] = 0;
}

struct entry {
    char name[FILE_SYSTEM_NAME_SIZE];
    bool is_folder;
    struct udf_address address;
};

struct folder {
    struct udf_volume *volume;
    uint8_t *content; /* to be freed */
    size_t size, at;
};

/* The next entry that has a name; false at the end. */
static bool next_entry(struct folder *folder, struct entry *entry)
{
    while (folder->size - folder->at >= IDENTIFIER_USE) {
        const uint8_t *identifier = folder->content + folder->at;
        size_t name = (size_t)IDENTIFIER_USE + udf_get16(identifier + IDENTIFIER_USE_SIZE);
        size_t name_size = identifier[IDENTIFIER_NAME_SIZE];
        size_t size = (name + name_size + 3) / 4 * 4;
        if (udf_tag_of(identifier) != UDF_TAG_FILE_IDENTIFIER ||
            name + name_size > folder->size - folder->at ||
            !examination_count(folder->volume->examination))
            return false;
        folder->at += size < folder->size - folder->at ? size : folder->size - folder->at;
        uint8_t flags = identifier[IDENTIFIER_FLAGS];
        if ((flags & (FLAG_DELETED | FLAG_PARENT)) != 0)
            continue;
        take_name(identifier + name, name_size, entry->name);
        entry->is_folder = (flags & FLAG_FOLDER) != 0;
        entry->address = udf_get_address(identifier + IDENTIFIER_ENTRY);
        return true;
    }
    return false;
}

static bool open_folder(struct udf_volume *volume, struct udf_address address,
                        struct folder *folder)
{
    struct udf_node node;
    *folder = (struct folder){.volume = volume};
    if (!udf_node_read(volume, address, &node))
        return false;
    if (node.type == UDF_NODE_FOLDER)
        folder->content = udf_node_load(volume, &node, &folder->size);
    udf_node_release(&node);
    return folder->content != NULL;
}

/* Hands out the parts of a file.  Returns whether to go on. */
static bool visit_parts(struct udf_volume *volume, struct udf_address address,
                        const struct file_system_visitor *visitor)
{
    struct udf_node node;
    if (!udf_node_read(volume, address, &node))
        return true;
    bool goes_on = true;
    for (size_t i = 0; i < node.parts.count && goes_on; i++) {
        const struct udf_part *part = &node.parts.part[i];
        uint32_t lba, bytes = part->at.bytes;
        if (part->recorded && udf_volume_locate(volume, part->at.map, part->at.block, &lba))
            goes_on = visitor->part(visitor->context, lba,
                                    bytes / DVD_SECTOR_SIZE + (bytes % DVD_SECTOR_SIZE != 0));
    }
    udf_node_release(&node);
    return goes_on;
}

static void visit_files(struct udf_volume *volume, struct udf_address address,
                        const struct file_system_visitor *visitor)
{
    struct folder folder;
    struct entry entry;
    if (!open_folder(volume, address, &folder))
        return;
    while (next_entry(&folder, &entry))
        if (!entry.is_folder && visitor->file(visitor->context, entry.name) &&
            !visit_parts(volume, entry.address, visitor))
            break;
    free(folder.content);
}

static bool find_root(struct udf_volume *volume, struct udf_address *root)
{
    struct udf_address set = volume->file_set;
    uint32_t blocks = set.bytes / DVD_SECTOR_SIZE;
    for (uint32_t i = 0; i < blocks && i < FILE_SETS_MAX && i <= UINT32_MAX - set.block; i++) {
        uint8_t sector[DVD_SECTOR_SIZE];
        if (!udf_volume_read_block(volume, set.map, set.block + i, sector))
            return false;
        if (udf_tag_of(sector) == UDF_TAG_FILE_SET) {
            *root = udf_get_address(sector + FILE_SET_ROOT);
            return true;
        }
    }
    return false;
}

static void search_root(struct udf_volume *volume, const struct file_system_visitor *visitor,
                        struct file_system *found)
{
    struct udf_address root;
    struct folder folder;
    struct entry entry;
    if (!find_root(volume, &root) || !open_folder(volume, root, &folder))
        return;
    found->readable = true;
    while (!found->has_folder && next_entry(&folder, &entry))
        if (entry.is_folder && strcasecmp(entry.name, visitor->folder) == 0) {
            found->has_folder = true;
            visit_files(volume, entry.address, visitor);
        }
    free(folder.content);
}

struct file_system udf_search(struct examination *examination,
                              const struct file_system_visitor *visitor, bool *out_of_memory)
{
    struct udf_volume volume = {.examination = examination};
    struct file_system found = {.present = udf_is_present(examination)};
    if (found.present && udf_volume_read(&volume)) {
        found.sectors = udf_volume_sectors(&volume);
        udf_node_read_metadata(&volume);
        search_root(&volume, visitor, &found);
    }
    udf_volume_release(&volume);
    *out_of_memory |= volume.out_of_memory;
    return found;
}
