/* SPDX-License-Identifier: MIT */
#include "handlers/system/medium_log.h"

#include <stdlib.h>
#include <string.h>

struct medium_log {
    struct drive_observer observer;
    struct drive *drive;
    struct diagnostics *diagnostics;
    bool told; /* of the disc that is in */
};

static void tell(struct medium_log *log, const struct drive_event *event)
{
    struct drive_view view;

    drive_view(log->drive, &view);
    diagnostics_warning(log->diagnostics,
                        "%s: sector %u cannot be read: %s; the host gets a medium error, and "
                        "further ones of this disc are not told",
                        disc_description(view.disc)->image, event->unreadable.lba,
                        event->unreadable.error ? strerror(event->unreadable.error)
                                                : "the file ends before its end");
    log->told = true;
}

static void observe(struct drive_observer *observer, const struct drive_event *event)
{
    struct medium_log *log = (struct medium_log *)observer;

    if (event->kind == DRIVE_EVENT_MEDIUM)
        log->told = false;
    else if (event->kind == DRIVE_EVENT_UNREADABLE && !log->told)
        tell(log, event);
}

struct medium_log *medium_log_create(struct drive *drive, struct diagnostics *diagnostics)
{
    struct medium_log *log = calloc(1, sizeof(*log));

    if (!log)
        return NULL;
    log->observer.event = observe;
    log->drive = drive;
    log->diagnostics = diagnostics;
    drive_observe(drive, &log->observer);
    return log;
}

void medium_log_destroy(struct medium_log *log)
{
    if (!log)
        return;
    drive_unobserve(log->drive, &log->observer);
    free(log);
}
