/* SPDX-License-Identifier: MIT */

/* GET CONFIGURATION: is it an MMC drive, which request types does it know, which features. */

#include <string.h>

#include "tests/windows/cdrom_internal.h"

#define HEADER_SIZE    8
#define CONFIG_TIMEOUT 4

enum feature {
    FEATURE_PROFILE_LIST = 0x0000,
    FEATURE_CD_READ = 0x001E,
    FEATURE_DVD_READ = 0x001F,
    FEATURE_CSS = 0x0106,
    FEATURE_STREAMING = 0x0107,
    FEATURE_AACS = 0x010D,
};

/*
 * The walk begins behind the header.  A length that is no multiple of four ends it; a descriptor
 * that the data do not hold to its end counts as absent.
 */
static const uint8_t *next_feature(const struct configuration *configuration, size_t *at)
{
    const uint8_t *feature = configuration->data + *at;

    if (*at + 4 > configuration->length || feature[3] % 4 != 0 ||
        *at + 4 + feature[3] > configuration->length)
        return NULL;
    *at += 4u + feature[3];
    return feature;
}

const uint8_t *configuration_feature(const struct configuration *configuration, uint32_t code)
{
    size_t at = HEADER_SIZE;
    const uint8_t *feature;

    while ((feature = next_feature(configuration, &at)))
        if (get_be16(feature) == code)
            return feature;
    return NULL;
}

bool configuration_current(const struct configuration *configuration, uint32_t code)
{
    const uint8_t *feature = configuration_feature(configuration, code);
    return feature && (feature[2] & 0x01);
}

static bool has_writing_profile(const struct configuration *configuration)
{
    static const uint32_t profiles[] = {0x0009, 0x000A, 0x0011, 0x0013};
    const uint8_t *list = configuration_feature(configuration, FEATURE_PROFILE_LIST);

    if (!list || !(list[2] & 0x01))
        return false;
    for (unsigned at = 4; at + 4u <= 4u + list[3]; at += 4)
        for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++)
            if (get_be16(list + at) == profiles[i])
                return true;
    return false;
}

bool configuration_is_writer(const struct configuration *configuration)
{
    static const uint32_t always[] = {0x0020, 0x0021, 0x0026, 0x002C};
    static const uint32_t with_write_bit[] = {0x002B, 0x003B};

    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        if (configuration_feature(configuration, always[i]))
            return true;
    for (size_t i = 0; i < sizeof with_write_bit / sizeof with_write_bit[0]; i++) {
        const uint8_t *feature = configuration_feature(configuration, with_write_bit[i]);
        if (feature && feature[3] >= 4 && (feature[4] & 0x01))
            return true;
    }
    return has_writing_profile(configuration);
}

struct command_result send_get_configuration(struct cdrom *device, unsigned request_type,
                                             uint32_t length)
{
    struct command command = command_of(device, OP_GET_CONFIGURATION, 10);

    if (request_type == 2 && device->registry->no_type_one)
        request_type = 0;
    command.port.cdb[1] = (uint8_t)request_type;
    put_be16(command.port.cdb + 7, length);
    command.port.timeout = CONFIG_TIMEOUT;
    command_data_in(&command, device, length);
    return command_send(device, &command);
}

static bool is_lasting_failure(enum nt_status status)
{
    return status == NT_INVALID_DEVICE_REQUEST || status == NT_NO_MEDIA_IN_DEVICE ||
           status == NT_IO_DEVICE_ERROR || status == NT_IO_TIMEOUT;
}

/* What of the answer counts: no more than came, no more than it says it has. */
static size_t usable(const struct cdrom *device, size_t transferred)
{
    if (transferred < 4)
        return 0;
    uint64_t native = (uint64_t)get_be32(device->scratch) + 4;
    return transferred < native ? transferred : (size_t)native;
}

/* Is it MMC at all? */
static bool probe(struct cdrom *device)
{
    struct command_result result;

    if (device->registry->non_mmc)
        return false;
    result = send_get_configuration(device, 0, HEADER_SIZE);
    if (!nt_success(result.status)) {
        device->registry->non_mmc = is_lasting_failure(result.status);
        return false;
    }
    uint32_t data_length = get_be32(device->scratch);
    if (usable(device, result.transferred) < HEADER_SIZE || data_length <= 4 ||
        data_length % 2 != 0) {
        device->registry->non_mmc = true;
        return false;
    }
    if (data_length % 4 != 0)
        device->registry->vendor_profile = true;
    return true;
}

/* Request type 2 has to describe exactly the profile list.  A drive that fails it is no MMC drive
 * in this start; in the next one it is not asked. */
static bool probe_single_feature(struct cdrom *device)
{
    struct command_result result;
    uint32_t length = 12;

    if (device->registry->no_type_one)
        return true;
    result = send_get_configuration(device, 2, length);
    if (!nt_success(result.status)) {
        device->registry->no_type_one = true;
        return false;
    }
    if (usable(device, result.transferred) < length ||
        get_be32(device->scratch) + 4 > length + device->scratch[11])
        device->registry->no_type_one = true;
    return true;
}

/* All features; the list may grow between two commands. */
static bool fetch(struct cdrom *device, struct configuration *all)
{
    uint32_t length = HEADER_SIZE;

    for (unsigned i = 0; i <= 4; i++) {
        struct command_result result = send_get_configuration(device, 0, length);
        if (!nt_success(result.status) || usable(device, result.transferred) < HEADER_SIZE)
            return false;
        uint32_t native = get_be32(device->scratch) + 4;
        *all = (struct configuration){device->scratch, usable(device, result.transferred)};
        if (native <= length)
            return true;
        length = native < 0xFFFF ? native : 0xFFFF;
        device->configuration_length = length;
    }
    return true;
}

void configuration_start(struct cdrom *device)
{
    struct configuration all;

    if (!probe(device) || !probe_single_feature(device) || !fetch(device, &all))
        return;
    const uint8_t *cd_read = configuration_feature(&all, FEATURE_CD_READ);
    device->mmc = true;
    device->dvd = configuration_feature(&all, FEATURE_DVD_READ);
    device->aacs = configuration_feature(&all, FEATURE_AACS);
    device->css = configuration_current(&all, FEATURE_CSS);
    device->streaming = configuration_current(&all, FEATURE_STREAMING);
    device->reads_c2 = cd_read && cd_read[3] >= 4 && (cd_read[4] & 0x02);
    device->writer = configuration_is_writer(&all);
    if (device->writer)
        device->timeout = 260;
}
