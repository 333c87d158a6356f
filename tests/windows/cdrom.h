/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WINDOWS_CDROM_H
#define TESTS_WINDOWS_CDROM_H

/*
 * A model of cdrom.sys, the class driver of optical drives in Windows 7 and later: which commands
 * it sends when, what it checks before it bothers the drive, how it reads answers, and what its
 * caller is told.  It is written after the driver's documented and published behaviour, not after
 * any drive.
 *
 *     struct cdrom_registry registry = CDROM_REGISTRY_FRESH;
 *     cdrom_init(&device, &port, &registry);
 *     cdrom_start(&device);                      plug and play starts the device
 *     cdrom_tick(&device);                       the timer, once a second
 *     cdrom_device_control(&device, &request);   DeviceIoControl()
 *     cdrom_read(&device, &request);             ReadFile()
 *
 * Time is the port's clock: waiting for a retry moves it, nothing else does.
 */

#include "tests/windows/nt.h"
#include "tests/windows/port.h"

/* What survives a restart, for each device instance. */
struct cdrom_registry {
    bool non_mmc;                /* CdRom\NonMmc */
    bool no_type_one;            /* CdRom\NoTypeOneGetConfig */
    bool vendor_profile;         /* CdRom\NonMmcVendorSpecificProfile */
    unsigned detection_state;    /* Classpnp\MMCDetectionState: 1 GESN unusable, 2 usable */
    unsigned default_dvd_region; /* DefaultDvdRegion of the service: 1..8, 0 none */
    bool autorun;                /* AutoRun of the service: media change notification */
};
#define CDROM_REGISTRY_FRESH                                                                       \
    {                                                                                              \
        .autorun = true                                                                            \
    }

enum cdrom_media_state {
    CDROM_MEDIA_UNKNOWN,
    CDROM_MEDIA_ABSENT,
    CDROM_MEDIA_PRESENT,
    CDROM_MEDIA_UNAVAILABLE,
};

enum cdrom_polling {
    CDROM_POLLS_NOT,
    CDROM_POLLS_EVENTS, /* GET EVENT STATUS NOTIFICATION */
    CDROM_POLLS_UNIT,   /* TEST UNIT READY */
};

enum cdrom_mmc_state {
    CDROM_MMC_CURRENT,
    CDROM_MMC_STALE,    /* the update sequence runs before the next request */
    CDROM_MMC_UPDATING, /* it is running */
};

/* Goes out to applications and to the rest of the system. */
enum cdrom_notification {
    CDROM_NOTE_ARRIVAL,
    CDROM_NOTE_REMOVAL,
    CDROM_NOTE_EJECT_REQUEST,
    CDROM_NOTE_BECOMING_READY,
    CDROM_NOTE_EXTERNAL_REQUEST,
    CDROM_NOTE_BUS_RESCAN,
    CDROM_NOTE_BUG_CHECK, /* the real driver would end Windows */
};
#define CDROM_NOTES_MAX    64
#define CDROM_SCRATCH_SIZE 65536u

struct cdrom {
    struct port *port;
    struct cdrom_registry *registry;
    bool started;

    /* What the start found out. */
    bool mmc, dvd, aacs, writer;
    bool reads_c2, reads_subcode;
    uint32_t configuration_length; /* of all features, with header */
    unsigned timeout;              /* seconds */

    /* What the last GET CONFIGURATION said. */
    bool css;       /* feature 0106h current */
    bool streaming; /* feature 0107h current */

    enum cdrom_mmc_state mmc_state;
    uint64_t read_retry_delay; /* nanoseconds */

    unsigned sector_shift;
    uint64_t sectors; /* reads end here */

    bool region_pick_armed;

    /* The volume on it. */
    bool mounted;
    bool verify; /* the volume has to be verified before it is read */

    enum cdrom_media_state media;
    uint32_t media_changes; /* the counter of CHECK VERIFY: unit attentions */

    enum cdrom_polling polling;
    uint8_t event_mask, supported_events;
    bool one_event_class;    /* the mode for drives that mix up classes: not yet left */
    uint8_t event_round;     /* classes left in its round; 0: a new one begins */
    unsigned changes_in_row; /* operational changes */

    unsigned exclusive_owner; /* handle, 0: nobody */

    enum cdrom_notification notes[CDROM_NOTES_MAX];
    size_t note_count;

    /* Every internal transfer; never cleared. */
    uint8_t scratch[CDROM_SCRATCH_SIZE];
};

/*
 * What a caller asks for.  METHOD_BUFFERED: input and output are one buffer, so that of a request
 * nothing is left where the answer lies.  What the driver did not write of an answer as long as
 * `information` is the caller's own input.
 */
struct cdrom_request {
    unsigned handle; /* who asks, from 1 */
    uint32_t code;
    uint8_t *buffer; /* as long as the longer of the two */
    size_t in_length, out_length;
    uint64_t offset;      /* cdrom_read(): bytes; its length is out_length */
    bool override_verify; /* a file system that is mounting: VERIFY_REQUIRED is none of its */

    enum nt_status status;
    size_t information;
};

void cdrom_init(struct cdrom *device, struct port *port, struct cdrom_registry *registry);
/* The device works afterwards unless the status is a failure. */
enum nt_status cdrom_start(struct cdrom *device);
void cdrom_tick(struct cdrom *device);
void cdrom_device_control(struct cdrom *device, struct cdrom_request *request);
void cdrom_read(struct cdrom *device, struct cdrom_request *request);
/* The system shuts down, or a file system flushes. */
void cdrom_shutdown(struct cdrom *device);

#endif
