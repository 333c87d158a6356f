/* SPDX-License-Identifier: MIT */
#include "handlers/control/control_internal.h"

#include <stdio.h>
#include <string.h>

#include "handlers/control/control_faults.h"
#include "handlers/control/control_insert.h"
#include "handlers/control/control_trace.h"
#include "handlers/system/clock.h"
#include "media/shown_text.h"

/*
 * The commands of the protocol, one function each.
 */

void control_gather(void *context, const char *text)
{
    struct control_error *error = context;
    size_t length = strlen(error->text), left;

    if (length > 0 && length + 1 < sizeof(error->text))
        error->text[length++] = '\n';
    left = sizeof(error->text) - length;
    shown_text(text, error->text + length, left);
}

typedef json_t *control_command(struct control *control, json_t *arguments,
                                struct control_error *error);

static json_t *nothing(struct control_error *error)
{
    json_t *value = json_object();

    if (!value)
        control_refuse(error, "GenericError", "memory is short");
    return value;
}

static json_t *or_short(json_t *value, struct control_error *error)
{
    if (!value)
        control_refuse(error, "GenericError", "memory is short");
    return value;
}

static json_t *status(struct control *control, json_t *arguments, struct control_error *error)
{
    (void)arguments;
    return or_short(control_status(control), error);
}

static json_t *eject(struct control *control, json_t *arguments, struct control_error *error)
{
    json_t *remove = json_object_get(arguments, "remove");

    if (remove && !json_is_boolean(remove)) {
        control_refuse(error, "InvalidArgument", "remove: a boolean is expected");
        return NULL;
    }
    drive_eject(control->drive, json_is_true(remove), clock_now());
    return nothing(error);
}

static json_t *press(struct control *control, json_t *arguments, struct control_error *error)
{
    bool moved = drive_press_eject_button(control->drive, clock_now());

    (void)arguments;
    return or_short(json_pack("{s:b}", "moved", moved), error);
}

static json_t *region_show(struct control *control, json_t *arguments, struct control_error *error)
{
    struct drive_view view;

    (void)arguments;
    drive_view(control->drive, &view);
    return or_short(control_region(control->drive, &view.region), error);
}

static json_t *region_reset(struct control *control, json_t *arguments, struct control_error *error)
{
    struct drive_view view;

    if (drive_vendor_reset(control->drive))
        return region_show(control, arguments, error);
    drive_view(control->drive, &view);
    if (drive_profile(control->drive)->rpc != REGION_SCHEME_PHASE_2)
        control_refuse(error, "GenericError", "the drive has no region control of phase II");
    else if (view.region.vendor_resets == 0)
        control_refuse(error, "GenericError", "no vendor reset is left");
    else
        control_refuse(error, "GenericError", "the new state could not be stored");
    return NULL;
}

static json_t *quit(struct control *control, json_t *arguments, struct control_error *error)
{
    (void)arguments;
    if (!control->server->quit) {
        control_refuse(error, "GenericError", "the drive ends when its target removes it");
        return NULL;
    }
    control->server->quit(control->server->context);
    return nothing(error);
}

static const struct {
    const char *name;
    control_command *execute;
    const char *arguments[6]; /* names that it knows */
} commands[] = {
    {"status",       status,              {0}                                         },
    {"insert",       control_insert,      {"file", "css", "regions", "seed", "strict"}},
    {"eject",        eject,               {"remove"}                                  },
    {"press",        press,               {0}                                         },
    {"region-show",  region_show,         {0}                                         },
    {"region-reset", region_reset,        {0}                                         },
    {"trace-start",  control_trace_start, {"file", "medium-bytes", "force"}           },
    {"trace-stop",   control_trace_stop,  {0}                                         },
    {"trace-watch",  control_trace_watch, {0}                                         },
    {"fault-add",    control_fault_add,   {"name", "scenario", "rule"}                },
    {"fault-list",   control_fault_list,  {0}                                         },
    {"fault-clear",  control_fault_clear, {"name"}                                    },
    {"quit",         quit,                {0}                                         },
};

static bool is_known(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

json_t *control_execute(struct control *control, const char *name, json_t *arguments,
                        struct control_error *error)
{
    const char *argument;
    json_t *value;

    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        if (strcmp(commands[i].name, name) != 0)
            continue;
        json_object_foreach(arguments, argument, value)
        {
            if (is_known(commands[i].arguments, argument))
                continue;
            control_refuse(error, "InvalidArgument", "%s has no argument %.100s", name, argument);
            return NULL;
        }
        return commands[i].execute(control, arguments, error);
    }
    control_refuse(error, "CommandNotFound", "no command %.100s", name);
    return NULL;
}
