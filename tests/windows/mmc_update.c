/* SPDX-License-Identifier: MIT */

/*
 * The sequence that brings the driver's idea of the drive up to date: which features are current,
 * and how long it waits between two attempts of a read.
 */

#include "tests/windows/cdrom_internal.h"

#define MODE_SENSE_LENGTH   0xFFF0u
#define PERFORMANCE_LENGTH  3208u
#define PERFORMANCE_TIMEOUT 20
/* What the fastest writer of a kind is waited for: 64 KiB at 4x CD, 1x DVD. */
#define RETRY_DELAY_CD  (106700000ull)
#define RETRY_DELAY_DVD (47300000ull)
#define BUFFER_SIZE     65536u

/* A write speed in kB/s. */
static void consider_speed(struct cdrom *device, uint32_t speed)
{
    uint64_t delay = speed > 0 ? BUFFER_SIZE * MILLISECOND / speed : 0;

    if (delay > 0 && delay < device->read_retry_delay)
        device->read_retry_delay = delay;
}

static void update_from_mode_page(struct cdrom *device)
{
    struct command command = command_of(device, OP_MODE_SENSE_10, 10);
    struct command_result result;
    const uint8_t *page = device->scratch + 8;

    command.port.cdb[1] = 0x08;
    command.port.cdb[2] = 0x2A;
    put_be16(command.port.cdb + 7, MODE_SENSE_LENGTH);
    command.attempts = ATTEMPTS_THREE_SPACED;
    command.accepts_overrun = true;
    command_data_in(&command, device, MODE_SENSE_LENGTH);
    result = command_send(device, &command);
    if (!nt_success(result.status) || result.transferred < 8 + 2 || (page[0] & 0x3F) != 0x2A)
        return;
    /* Write speed descriptors: their number in bytes 30-31, four bytes each, the speed last. */
    size_t length = result.transferred - 8;
    if (length > 2u + page[1])
        length = 2u + page[1];
    if (length < 32)
        return;
    uint32_t count = get_be16(page + 30);
    for (size_t at = 32; count > 0 && at + 4 <= length; at += 4, count--)
        consider_speed(device, get_be16(page + at + 2));
}

static bool get_performance(struct cdrom *device, uint8_t data_type, uint8_t type, uint32_t *length)
{
    struct command command = command_of(device, OP_GET_PERFORMANCE, 12);
    struct command_result result;

    command.port.cdb[1] = data_type;
    command.port.cdb[9] = 0xC8;
    command.port.cdb[10] = type;
    command.port.timeout = PERFORMANCE_TIMEOUT;
    command.accepts_overrun = true;
    command_data_in(&command, device, PERFORMANCE_LENGTH);
    result = command_send(device, &command);
    if (!nt_success(result.status) || result.transferred < 8)
        return false;
    uint64_t native = (uint64_t)get_be32(device->scratch) + 4;
    *length = native < result.transferred ? (uint32_t)native : (uint32_t)result.transferred;
    return *length > 8 && (*length - 8) % 16 == 0;
}

static void update_from_performance(struct cdrom *device)
{
    const uint8_t *data = device->scratch;
    uint32_t length;

    /* Nominal write performance: start and end speed of each extent. */
    if (get_performance(device, 0x14, 0x00, &length) && (data[4] & 0x02) && !(data[4] & 0x01))
        for (uint32_t at = 8; at < length; at += 16) {
            consider_speed(device, get_be32(data + at + 4));
            consider_speed(device, get_be32(data + at + 12));
        }
    if (get_performance(device, 0x00, 0x03, &length))
        for (uint32_t at = 8; at < length; at += 16)
            consider_speed(device, get_be32(data + at + 12));
}

void device_update(struct cdrom *device)
{
    if (!device->mmc || device->mmc_state != CDROM_MMC_STALE)
        return;
    device->mmc_state = CDROM_MMC_UPDATING;
    struct command_result result = send_get_configuration(device, 1, device->configuration_length);
    if (!nt_success(result.status)) {
        device->mmc_state = CDROM_MMC_STALE;
        return;
    }
    struct configuration current = {device->scratch, result.transferred};
    device->css = configuration_current(&current, 0x0106);
    device->streaming = configuration_current(&current, 0x0107);
    device->read_retry_delay = device->dvd ? RETRY_DELAY_DVD : RETRY_DELAY_CD;
    update_from_mode_page(device);
    update_from_performance(device);
    /* A unit attention on the way makes it stale again. */
    if (device->mmc_state == CDROM_MMC_UPDATING)
        device->mmc_state = CDROM_MMC_CURRENT;
}
