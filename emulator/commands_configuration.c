/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emulator/command_table.h"
#include "emulator/drive_internal.h"
#include "emulator/mmc_cdb.h"
#include "emulator/mmc_configuration.h"

/* GET CONFIGURATION: the features, one row each. */

#define FEATURE_DATA_MAX 64
#define DVD_BLOCKING     16 /* sectors of an ECC block */

static bool always(const struct drive *drive)
{
    (void)drive;
    return true;
}

static bool has_css(const struct drive *drive)
{
    return drive->profile.css;
}

static bool has_serial(const struct drive *drive)
{
    return drive->profile.serial[0] != '\0';
}

static bool has_firmware_date(const struct drive *drive)
{
    return drive->profile.firmware_date[0] != '\0';
}

/* The data of a feature, after its descriptor; return their size, a multiple of 4. */

static size_t profile_list(const struct drive *drive, uint8_t *data)
{
    struct mmc_profile_descriptor profile = {to_be16(MMC_PROFILE_DVD_ROM), medium_is_ready(drive),
                                             0};
    memcpy(data, &profile, sizeof profile);
    return sizeof profile;
}

static size_t core(const struct drive *drive, uint8_t *data)
{
    struct mmc_feature_core feature = {
        .physical_interface = to_be32((uint32_t)drive->profile.interface),
        .flags = MMC_CORE_INQ2 | MMC_CORE_DBE,
    };
    memcpy(data, &feature, sizeof feature);
    return sizeof feature;
}

static size_t flags_only(uint8_t *data, uint8_t flags)
{
    struct mmc_feature_flags feature = {.flags = flags};
    memcpy(data, &feature, sizeof feature);
    return sizeof feature;
}

static size_t morphing(const struct drive *drive, uint8_t *data)
{
    (void)drive;
    return flags_only(data, MMC_MORPHING_OCEVENT);
}

static size_t removable_medium(const struct drive *drive, uint8_t *data)
{
    (void)drive;
    return flags_only(data, MMC_REMOVABLE_TRAY | MMC_REMOVABLE_LOAD | MMC_REMOVABLE_EJECT |
                                MMC_REMOVABLE_LOCK);
}

static size_t random_readable(const struct drive *drive, uint8_t *data)
{
    struct mmc_feature_random_readable feature = {
        .block_size = to_be32(DVD_SECTOR_SIZE),
        .blocking = to_be16(DVD_BLOCKING),
        .page_present = 1,
    };
    (void)drive;
    memcpy(data, &feature, sizeof feature);
    return sizeof feature;
}

static size_t no_flags(const struct drive *drive, uint8_t *data)
{
    (void)drive;
    return flags_only(data, 0);
}

static size_t no_data(const struct drive *drive, uint8_t *data)
{
    (void)drive;
    (void)data;
    return 0;
}

static size_t dvd_css(const struct drive *drive, uint8_t *data)
{
    struct mmc_feature_dvd_css feature = {.css_version = 1};
    (void)drive;
    memcpy(data, &feature, sizeof feature);
    return sizeof feature;
}

static size_t real_time_streaming(const struct drive *drive, uint8_t *data)
{
    (void)drive;
    return flags_only(data, MMC_STREAMING_RBCB | MMC_STREAMING_SCS);
}

static size_t serial_number(const struct drive *drive, uint8_t *data)
{
    size_t length = strlen(drive->profile.serial);
    size_t padded = (length + 3) & ~(size_t)3;

    memset(data, ' ', padded);
    memcpy(data, drive->profile.serial, length);
    return padded;
}

static size_t firmware_information(const struct drive *drive, uint8_t *data)
{
    size_t length = strlen(drive->profile.firmware_date);
    size_t padded = length + 2;

    memset(data, 0, padded);
    memcpy(data, drive->profile.firmware_date, length);
    return padded;
}

/* Ascending.  A feature whose `current` is always() is persistent. */
static const struct feature {
    enum mmc_feature code;
    unsigned version;
    bool (*listed)(const struct drive *drive);
    bool (*current)(const struct drive *drive);
    size_t (*data)(const struct drive *drive, uint8_t *data);
} features[] = {
    {MMC_FEATURE_PROFILE_LIST,         0, always,            always,          profile_list        },
    {MMC_FEATURE_CORE,                 2, always,            always,          core                },
    {MMC_FEATURE_MORPHING,             1, always,            always,          morphing            },
    {MMC_FEATURE_REMOVABLE_MEDIUM,     2, always,            always,          removable_medium    },
    {MMC_FEATURE_RANDOM_READABLE,      0, always,            medium_is_ready, random_readable     },
    {MMC_FEATURE_DVD_READ,             2, always,            medium_is_ready, no_flags            },
    {MMC_FEATURE_POWER_MANAGEMENT,     0, always,            always,          no_data             },
    {MMC_FEATURE_TIMEOUT,              1, always,            always,          no_flags            },
    {MMC_FEATURE_DVD_CSS,              0, has_css,           medium_is_css,   dvd_css             },
    {MMC_FEATURE_REAL_TIME_STREAMING,  3, always,            medium_is_ready, real_time_streaming },
    {MMC_FEATURE_SERIAL_NUMBER,        0, has_serial,        always,          serial_number       },
    {MMC_FEATURE_FIRMWARE_INFORMATION, 0, has_firmware_date, always,          firmware_information},
};
#define FEATURES (sizeof features / sizeof *features)

static size_t append(const struct drive *drive, const struct feature *feature, uint8_t *data)
{
    uint8_t *content = data + sizeof(struct mmc_feature_descriptor);
    size_t size = feature->data(drive, content);
    struct mmc_feature_descriptor descriptor = {
        .code = to_be16(feature->code),
        .version = (uint8_t)(MMC_FEATURE_VERSION(feature->version) |
                             (feature->current == always ? MMC_FEATURE_PERSISTENT : 0) |
                             (feature->current(drive) ? MMC_FEATURE_CURRENT : 0)),
        .additional_length = (uint8_t)size,
    };
    memcpy(data, &descriptor, sizeof descriptor);
    return sizeof descriptor + size;
}

static bool wanted(const struct drive *drive, const struct feature *feature, uint8_t request_type,
                   uint16_t start)
{
    if (!feature->listed(drive))
        return false;
    switch (request_type) {
    case MMC_RT_CURRENT:
        return feature->code >= start && feature->current(drive);
    case MMC_RT_ONE:
        return feature->code == start;
    default:
        return feature->code >= start;
    }
}

struct sense command_get_configuration(struct drive *drive, struct drive_command *command)
{
    const struct mmc_cdb_get_configuration *cdb = COMMAND_CDB(mmc_cdb_get_configuration, command);
    uint8_t request_type = cdb->request_type & MMC_RT_MASK;
    uint8_t data[sizeof(struct mmc_feature_header) + FEATURES * FEATURE_DATA_MAX];
    size_t size = sizeof(struct mmc_feature_header);

    if (request_type > MMC_RT_ONE)
        return sense_in_cdb(offsetof(struct mmc_cdb_get_configuration, request_type), 1);
    for (size_t i = 0; i < FEATURES; i++)
        if (wanted(drive, &features[i], request_type, from_be16(cdb->starting_feature)))
            size += append(drive, &features[i], data + size);

    struct mmc_feature_header header = {
        .data_length = to_be32((uint32_t)(size - sizeof header.data_length)),
        .current_profile = to_be16(medium_is_ready(drive) ? MMC_PROFILE_DVD_ROM : MMC_PROFILE_NONE),
    };
    memcpy(data, &header, sizeof header);
    return command_answer(command, data, size, from_be16(cdb->allocation_length));
}
