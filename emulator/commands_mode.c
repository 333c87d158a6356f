/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/mmc_cdb.h"

/* MODE SENSE and MODE SELECT, six and ten bytes: headers around the pages of mode_pages.c. */

struct mode_header_6 {
    uint8_t data_length; /* of what follows this byte */
    uint8_t medium_type;
    uint8_t device_specific;
    uint8_t block_descriptor_length;
};
MMC_LAYOUT(mode_header_6, 4);

struct mode_header_10 {
    be16 data_length; /* of what follows these two bytes */
    uint8_t medium_type;
    uint8_t device_specific;
    uint8_t reserved[2];
    be16 block_descriptor_length;
};
MMC_LAYOUT(mode_header_10, 8);

#define SUBPAGE_ALL 0xFF

/* Page 2Ah mirrors what other commands changed. */
static void refresh_capabilities(struct drive *drive)
{
    drive->modes.capabilities = (struct mode_capabilities){
        .code = MODE_PAGE_CAPABILITIES,
        .length = sizeof(struct mode_capabilities) - 2,
        .reads = MODE_READS_DVD_ROM,
        .mechanism = (uint8_t)(MODE_MECHANISM_TRAY | MODE_MECHANISM_EJECT | MODE_MECHANISM_LOCK |
                               (drive_is_prevented(drive) ? MODE_MECHANISM_LOCKED : 0)),
        .maximum_read_speed = to_be16((uint32_t)drive->profile.max_read_speed),
        .buffer_size = to_be16((uint32_t)drive->profile.buffer_size / 1024),
        .current_read_speed = to_be16(drive->read_speed),
        .copy_management = to_be16(drive->profile.css ? MODE_COPY_MANAGEMENT_CSS : 0),
        .rotation_control = drive->rotation_control,
    };
}

/* The pages that byte 2 and 3 of the CDB ask for. */
static struct sense read_pages(struct drive *drive, uint8_t page, uint8_t subpage, uint8_t *data,
                               size_t *size)
{
    enum mode_page_control control = page >> 6;
    uint8_t page_code = page & 0x3F;

    if (control == MODE_SAVED)
        return sense_of(SENSE_SAVING_NOT_SUPPORTED);
    refresh_capabilities(drive);
    *size = mode_pages_read(&drive->modes, page_code, control, data);
    if (*size == 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_mode_sense_10, page), 5);
    if (subpage != 0 && !(page_code == MODE_PAGE_ALL && subpage == SUBPAGE_ALL))
        return sense_in_cdb(offsetof(struct mmc_cdb_mode_sense_10, subpage), -1);
    return sense_good();
}

struct sense command_mode_sense_6(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_mode_sense_6 *cdb = COMMAND_CDB(mmc_cdb_mode_sense_6, command);
    struct {
        struct mode_header_6 header;
        uint8_t pages[MODE_PAGES_SIZE];
    } data = {0};
    size_t size = 0;

    struct sense sense = read_pages(drive, cdb->page, cdb->subpage, data.pages, &size);
    if (sense.code != SENSE_NO_SENSE)
        return sense;
    size += sizeof data.header;
    data.header.data_length = (uint8_t)(size - sizeof data.header.data_length);
    return command_answer(command, &data, size, cdb->allocation_length);
}

struct sense command_mode_sense_10(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_mode_sense_10 *cdb = COMMAND_CDB(mmc_cdb_mode_sense_10, command);
    struct {
        struct mode_header_10 header;
        uint8_t pages[MODE_PAGES_SIZE];
    } data = {0};
    size_t size = 0;

    struct sense sense = read_pages(drive, cdb->page, cdb->subpage, data.pages, &size);
    if (sense.code != SENSE_NO_SENSE)
        return sense;
    size += sizeof data.header;
    data.header.data_length = to_be16((uint32_t)(size - sizeof data.header.data_length));
    return command_answer(command, &data, size, from_be16(cdb->allocation_length));
}

static struct sense write_pages(struct drive *drive, struct drive_command *command,
                                size_t list_length, size_t header_size,
                                size_t block_descriptor_field)
{
    const uint8_t *list = command->data_out;
    bool changed = false;

    if ((command->cdb[1] & MMC_MODE_SELECT_PF) == 0)
        return sense_in_cdb(1, 4);
    if ((command->cdb[1] & MMC_MODE_SELECT_SP) != 0)
        return sense_in_cdb(1, 0);
    if (list_length == 0)
        return sense_good();
    if (list_length < header_size || command->data_out_length < list_length)
        return sense_of(SENSE_PARAMETER_LIST_LENGTH);
    for (size_t i = block_descriptor_field; i < header_size; i++)
        if (list[i] != 0)
            return sense_in_list(i, -1);

    refresh_capabilities(drive);
    struct sense sense = mode_pages_write(&drive->modes, list + header_size,
                                          list_length - header_size, header_size, &changed);
    if (changed)
        attention_raise(drive, SENSE_MODE_PARAMETERS_CHANGED, command->nexus);
    return sense;
}

struct sense command_mode_select_6(struct drive *drive, struct drive_command *command)
{
    return write_pages(drive, command, COMMAND_CDB(mmc_cdb_6, command)->length,
                       sizeof(struct mode_header_6),
                       offsetof(struct mode_header_6, block_descriptor_length));
}

struct sense command_mode_select_10(struct drive *drive, struct drive_command *command)
{
    return write_pages(drive, command, from_be16(COMMAND_CDB(mmc_cdb_10, command)->length),
                       sizeof(struct mode_header_10),
                       offsetof(struct mode_header_10, block_descriptor_length));
}
