/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_structure.h"

/* READ DISC STRUCTURE (READ DVD STRUCTURE up to MMC-4): the formats, one row each. */

#define MEDIA_TYPE_DVD  0
#define MEDIA_TYPE_MASK 0x0F
#define STRUCTURE_MAX   DISC_STRUCTURE_SIZE

/* What the CDB asks for. */
struct request {
    uint32_t address;
    unsigned layer;
    unsigned agid;
    uint32_t allocation_length;
};

/* Fills `data` and *size, without the header. */
typedef struct sense structure_read(struct drive *drive, const struct request *request,
                                    uint8_t *data, size_t *size);

static struct sense physical_format(struct drive *drive, const struct request *request,
                                    uint8_t *data, size_t *size)
{
    disc_physical_format(drive->disc, request->layer, data);
    *size = DISC_STRUCTURE_SIZE;
    return sense_good();
}

static struct sense copyright_information(struct drive *drive, const struct request *request,
                                          uint8_t *data, size_t *size)
{
    (void)request;
    disc_copyright_information(drive->disc, data);
    *size = 4;
    return sense_good();
}

static struct sense disc_key(struct drive *drive, const struct request *request, uint8_t *data,
                             size_t *size)
{
    *size = CSS_DISC_KEY_BLOCK_SIZE;
    if (request->allocation_length == 0)
        return sense_good(); /* nothing is delivered, so nothing is used up */

    struct sense sense = authentication_check_key(drive, request->agid);
    if (sense.code != SENSE_NO_SENSE)
        return sense;
    memcpy(data, disc_key_block(drive->disc), CSS_DISC_KEY_BLOCK_SIZE);
    css_bus_obfuscate(&drive->agids.auth[request->agid].bus_key, data, CSS_DISC_KEY_BLOCK_SIZE);
    authentication_release(drive, request->agid);
    if (drive->profile.region_gate == REGION_GATE_STRICT && !authentication_region_plays(drive))
        authentication_set_asf(drive, false);
    return sense;
}

static struct sense burst_cutting_area(struct drive *drive, const struct request *request,
                                       uint8_t *data, size_t *size)
{
    (void)request;
    *size = disc_burst_cutting_area(drive->disc, data);
    return *size != 0 ? sense_good()
                      : sense_in_cdb(offsetof(struct mmc_cdb_read_disc_structure, format), -1);
}

static struct sense manufacturing_information(struct drive *drive, const struct request *request,
                                              uint8_t *data, size_t *size)
{
    (void)request;
    disc_manufacturing_information(drive->disc, data);
    *size = DISC_STRUCTURE_SIZE;
    return sense_good();
}

static struct sense copyright_of_sector(struct drive *drive, const struct request *request,
                                        uint8_t *data, size_t *size)
{
    if (request->address >= disc_sectors(drive->disc))
        return sense_at_lba(SENSE_LBA_OUT_OF_RANGE, request->address);
    memset(data, 0, 4);
    data[0] = disc_sector_header(drive->disc, request->address).copyright;
    *size = 4;
    return sense_good();
}

static structure_read structure_list;

static const struct format {
    enum mmc_structure_format code;
    uint16_t length; /* in the structure list, with the header; 0: that of the list itself */
    bool of_layer;
    bool of_css;
    structure_read *read;
} formats[] = {
    {MMC_STRUCTURE_PHYSICAL,            2052,             true,  false, physical_format          },
    {MMC_STRUCTURE_COPYRIGHT,           8,                true,  false, copyright_information    },
    {MMC_STRUCTURE_DISC_KEY,            2052,             false, true,  disc_key                 },
    {MMC_STRUCTURE_BCA,                 4 + DISC_BCA_MAX, false, false, burst_cutting_area       },
    {MMC_STRUCTURE_MANUFACTURING,       2052,             true,  false, manufacturing_information},
    {MMC_STRUCTURE_COPYRIGHT_OF_SECTOR, 8,                false, false, copyright_of_sector      },
    {MMC_STRUCTURE_LIST,                0,                false, false, structure_list           },
};
#define FORMATS (sizeof formats / sizeof *formats)

static bool is_listed(const struct drive *drive, const struct format *format)
{
    return drive->profile.css || !format->of_css;
}

static struct sense structure_list(struct drive *drive, const struct request *request,
                                   uint8_t *data, size_t *size)
{
    struct mmc_structure_entry *entry = (void *)data;
    size_t count = 0;

    (void)request;
    for (size_t i = 0; i < FORMATS; i++)
        if (is_listed(drive, &formats[i]))
            entry[count++] = (struct mmc_structure_entry){
                (uint8_t)formats[i].code, MMC_STRUCTURE_READABLE, to_be16(formats[i].length)};
    *size = count * sizeof *entry;
    entry[count - 1].length = to_be16((uint32_t)(sizeof(struct mmc_structure_header) + *size));
    return sense_good();
}

static const struct format *find_format(const struct drive *drive, uint8_t code)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (formats[i].code == code && is_listed(drive, &formats[i]))
            return &formats[i];
    return NULL;
}

/* The checks before the format's own, in the order of their fields in the CDB. */
static struct sense check(const struct drive *drive, const struct mmc_cdb_read_disc_structure *cdb,
                          const struct format *format)
{
    if (cdb->format != MMC_STRUCTURE_LIST) {
        struct sense sense = medium_sense(drive, SENSE_WRONG_MEDIUM);
        if (sense.code != SENSE_NO_SENSE)
            return sense;
    }
    if ((cdb->media_type & MEDIA_TYPE_MASK) != MEDIA_TYPE_DVD)
        return sense_in_cdb(offsetof(struct mmc_cdb_read_disc_structure, media_type), 3);
    if (!format)
        return sense_in_cdb(offsetof(struct mmc_cdb_read_disc_structure, format), -1);
    if (format->of_layer && cdb->layer >= disc_layers(drive->disc))
        return sense_in_cdb(offsetof(struct mmc_cdb_read_disc_structure, layer), -1);
    return sense_good();
}

struct sense command_read_disc_structure(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_read_disc_structure *cdb =
        COMMAND_CDB(mmc_cdb_read_disc_structure, command);
    const struct format *format = find_format(drive, cdb->format);
    struct request request = {
        .address = from_be32(cdb->address),
        .layer = cdb->layer,
        .agid = cdb->agid >> 6,
        .allocation_length = from_be16(cdb->allocation_length),
    };
    struct {
        struct mmc_structure_header header;
        uint8_t data[STRUCTURE_MAX];
    } answer = {0};
    size_t size = 0;

    struct sense sense = check(drive, cdb, format);
    if (sense.code == SENSE_NO_SENSE)
        sense = format->read(drive, &request, answer.data, &size);
    if (sense.code != SENSE_NO_SENSE)
        return sense;
    size += sizeof answer.header;
    answer.header.data_length = to_be16((uint32_t)(size - sizeof answer.header.data_length));
    return command_answer(command, &answer, size, request.allocation_length);
}
