/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_internal.h"

#include <stddef.h>

#include "emulator/state_names.h"
#include "handlers/text/json_text.h"

/*
 * Events of the drive as events of the protocol.
 */

static void medium_event(struct control *control, const struct drive_event *event)
{
    bool open = event->medium == DRIVE_MEDIUM_TRAY_OPEN;

    if (open != control->tray_open)
        control_emit(control, "tray", json_pack("{s:b}", "open", open));
    control->tray_open = open;
    control_emit(control, "medium",
                 json_pack("{s:s}", "state", drive_medium_state_names[event->medium]));
}

static void eject_request_event(struct control *control, const struct drive_event *event)
{
    (void)event;
    control_emit(control, "eject-request", json_object());
}

static void prevent_event(struct control *control, const struct drive_event *event)
{
    control_emit(control, "prevent", json_pack("{s:b}", "prevented", event->flag));
}

static void agid_event(struct control *control, const struct drive_event *event)
{
    control_emit(control, "agid",
                 json_pack("{s:i, s:s, s:s}", "agid", (int)event->agid.agid, "from",
                           css_auth_state_names[event->agid.from], "to",
                           css_auth_state_names[event->agid.to]));
}

static void authentication_event(struct control *control, const struct drive_event *event)
{
    control_emit(
        control, "authentication",
        json_pack("{s:i, s:b}", "agid", (int)event->agid.agid, "success", event->agid.right));
}

static void asf_event(struct control *control, const struct drive_event *event)
{
    control_emit(control, "asf", json_pack("{s:b}", "set", event->flag));
}

static void region_event(struct control *control, const struct drive_event *event)
{
    control_emit(control, "region", control_region(control->drive, &event->region));
}

static void fault_event(struct control *control, const struct drive_event *event)
{
    static const char *const changes[] = {
        [DRIVE_FAULT_APPLIED] = "applied",
        [DRIVE_FAULT_MET] = "met",
        [DRIVE_FAULT_ADDED] = "added",
        [DRIVE_FAULT_REMOVED] = "removed",
    };

    control_emit(control, "fault",
                 json_pack("{s:o, s:s}", "name", json_text(event->fault.name), "change",
                           changes[event->fault.change]));
}

static void reset_event(struct control *control, const struct drive_event *event)
{
    (void)event;
    control_emit(control, "reset", json_object());
}

static void observe(struct drive_observer *observer, const struct drive_event *event)
{
    static void (*const translate[])(struct control *, const struct drive_event *) = {
        [DRIVE_EVENT_MEDIUM] = medium_event,
        [DRIVE_EVENT_EJECT_REQUEST] = eject_request_event,
        [DRIVE_EVENT_PREVENT] = prevent_event,
        [DRIVE_EVENT_AGID] = agid_event,
        [DRIVE_EVENT_AUTHENTICATION] = authentication_event,
        [DRIVE_EVENT_ASF] = asf_event,
        [DRIVE_EVENT_REGION] = region_event,
        [DRIVE_EVENT_RESET] = reset_event,
        [DRIVE_EVENT_FAULT] = fault_event,
    };
    struct control *control =
        (struct control *)(void *)((char *)observer - offsetof(struct control, observer));

    if (event->kind < sizeof(translate) / sizeof(*translate) && translate[event->kind])
        translate[event->kind](control, event);
}

void control_observe(struct control *control)
{
    struct drive_view view;

    drive_view(control->drive, &view);
    control->tray_open = view.medium == DRIVE_MEDIUM_TRAY_OPEN;
    control->observer.event = observe;
    drive_observe(control->drive, &control->observer);
}
