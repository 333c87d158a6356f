/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_inquiry.h"

/* TEST UNIT READY, REQUEST SENSE, INQUIRY, REPORT LUNS, SEND DIAGNOSTIC: what every SCSI device
 * has. */

#define VPD_SIZE_MAX 255

struct sense command_test_unit_ready(struct drive *drive, struct drive_command *command)
{
    (void)drive;
    (void)command;
    return sense_good();
}

/* What REQUEST SENSE reports, and takes off the list. */
static struct sense sense_to_report(struct drive *drive, struct drive_nexus *nexus)
{
    struct sense sense = nexus->contingent;

    if (sense.code != SENSE_NO_SENSE) {
        nexus->contingent = sense_good();
        return sense;
    }
    enum sense_code attention = attention_take(nexus);
    if (attention != SENSE_NO_SENSE)
        return sense_of(attention);
    return medium_sense(drive, SENSE_MEDIUM_INCOMPATIBLE);
}

struct sense command_request_sense(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_6 *cdb = COMMAND_CDB(mmc_cdb_6, command);
    uint8_t data[SENSE_SIZE];

    if ((cdb->flags & MMC_REQUEST_SENSE_DESC) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_6, flags), 0);
    if (cdb->length == 0)
        return sense_good();

    struct sense sense = command->lun == 0 ? sense_to_report(drive, command->nexus)
                                           : sense_of(SENSE_LOGICAL_UNIT_NOT_SUPPORTED);
    if (sense.code == SENSE_STATED)
        memcpy(data, command->nexus->contingent_data, sizeof data);
    else
        sense_encode(&sense, data);
    return command_answer(command, data, sizeof data, cdb->length);
}

/* ASCII, padded with spaces and without NUL. */
static void pad(char *field, size_t size, const char *text)
{
    size_t length = strnlen(text, size);
    memcpy(field, text, length);
    memset(field + length, ' ', size - length);
}

static uint8_t peripheral(const struct drive_command *command)
{
    return command->lun == 0 ? MMC_PERIPHERAL_CD_DVD : MMC_PERIPHERAL_NO_UNIT;
}

static struct sense standard_inquiry(const struct drive *drive, struct drive_command *command,
                                     uint32_t allocation_length)
{
    const struct drive_profile *profile = &drive->profile;
    size_t size = (size_t)profile->inquiry_length;
    struct mmc_inquiry data = {
        .peripheral = peripheral(command),
        .removable = MMC_INQUIRY_REMOVABLE,
        .version = MMC_INQUIRY_VERSION_SPC_3,
        .response_format = MMC_INQUIRY_FORMAT,
        .additional_length = (uint8_t)(size - offsetof(struct mmc_inquiry, flags)),
    };

    pad(data.vendor, sizeof data.vendor, profile->vendor);
    pad(data.product, sizeof data.product, profile->product);
    pad(data.revision, sizeof data.revision, profile->revision);
    data.version_descriptor[0] = to_be16(MMC_VERSION_DESCRIPTOR_MMC_3);
    return command_answer(command, &data, size, allocation_length);
}

static size_t supported_pages(const struct drive_profile *profile, uint8_t *data)
{
    size_t size = 0;

    data[size++] = MMC_VPD_SUPPORTED_PAGES;
    if (profile->serial[0] != '\0')
        data[size++] = MMC_VPD_UNIT_SERIAL_NUMBER;
    data[size++] = MMC_VPD_DEVICE_IDENTIFICATION;
    return size;
}

static size_t unit_serial_number(const struct drive_profile *profile, uint8_t *data)
{
    size_t size = strlen(profile->serial);
    memcpy(data, profile->serial, size);
    return size;
}

static size_t add_designator(uint8_t *data, uint8_t code_set, uint8_t type, const void *identifier,
                             size_t size)
{
    struct mmc_designator designator = {
        .code_set = code_set, .type = type, .length = (uint8_t)size};
    memcpy(data, &designator, sizeof designator);
    memcpy(data + sizeof designator, identifier, size);
    return sizeof designator + size;
}

static size_t device_identification(const struct drive_profile *profile, uint8_t *data)
{
    struct {
        char vendor[8];
        char product[16];
        char serial[sizeof profile->serial];
    } t10 = {0};
    size_t serial_size = strlen(profile->serial);

    pad(t10.vendor, sizeof t10.vendor, profile->vendor);
    pad(t10.product, sizeof t10.product, profile->product);
    memcpy(t10.serial, profile->serial, serial_size);
    size_t size = add_designator(data, MMC_CODE_SET_ASCII, MMC_DESIGNATOR_T10_VENDOR, &t10,
                                 sizeof t10.vendor + sizeof t10.product + serial_size);
    if (profile->wwn != 0) {
        be64 naa = to_be64(profile->wwn);
        size +=
            add_designator(data + size, MMC_CODE_SET_BINARY, MMC_DESIGNATOR_NAA, &naa, sizeof naa);
    }
    return size;
}

static struct sense vital_product_data(const struct drive *drive, struct drive_command *command,
                                       uint8_t page_code, uint32_t allocation_length)
{
    uint8_t data[sizeof(struct mmc_vpd_header) + VPD_SIZE_MAX];
    uint8_t *page = data + sizeof(struct mmc_vpd_header);
    size_t size;

    if (page_code == MMC_VPD_SUPPORTED_PAGES)
        size = supported_pages(&drive->profile, page);
    else if (page_code == MMC_VPD_UNIT_SERIAL_NUMBER && drive->profile.serial[0] != '\0')
        size = unit_serial_number(&drive->profile, page);
    else if (page_code == MMC_VPD_DEVICE_IDENTIFICATION)
        size = device_identification(&drive->profile, page);
    else
        return sense_in_cdb(offsetof(struct mmc_cdb_inquiry, page_code), -1);

    struct mmc_vpd_header header = {peripheral(command), page_code, to_be16((uint32_t)size)};
    memcpy(data, &header, sizeof header);
    return command_answer(command, data, sizeof header + size, allocation_length);
}

struct sense command_inquiry(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_inquiry *cdb = COMMAND_CDB(mmc_cdb_inquiry, command);
    uint32_t allocation_length = from_be16(cdb->allocation_length);

    if ((cdb->flags & MMC_INQUIRY_CMDDT) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_inquiry, flags), 1);
    if ((cdb->flags & MMC_INQUIRY_EVPD) != 0)
        return vital_product_data(drive, command, cdb->page_code, allocation_length);
    if (cdb->page_code != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_inquiry, page_code), -1);
    return standard_inquiry(drive, command, allocation_length);
}

struct sense command_report_luns(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_report_luns *cdb = COMMAND_CDB(mmc_cdb_report_luns, command);
    struct mmc_report_luns data = {.list_length = to_be32(sizeof data.lun)};
    size_t size = sizeof data;

    (void)drive;
    if (cdb->select_report > MMC_LUNS_ALL)
        return sense_in_cdb(offsetof(struct mmc_cdb_report_luns, select_report), -1);
    if (cdb->select_report == MMC_LUNS_WELL_KNOWN) {
        data.list_length = to_be32(0);
        size = offsetof(struct mmc_report_luns, lun);
    }
    return command_answer(command, &data, size, from_be32(cdb->allocation_length));
}

/*
 * The default self-test, and no test at all: a parameter list of length 0 is no error, whatever
 * SelfTest and PF are (SPC-3 6.28).  No diagnostic page exists that a list could hold, and no
 * self-test that a code could name.
 */
struct sense command_send_diagnostic(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_send_diagnostic *cdb = COMMAND_CDB(mmc_cdb_send_diagnostic, command);

    (void)drive;
    if ((cdb->flags & MMC_SEND_DIAGNOSTIC_CODE) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_send_diagnostic, flags), 7);
    if (from_be16(cdb->parameter_list_length) != 0)
        return sense_in_cdb(offsetof(struct mmc_cdb_send_diagnostic, parameter_list_length), -1);
    return sense_good();
}
