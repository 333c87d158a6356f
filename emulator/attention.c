/* SPDX-License-Identifier: MIT */
#include "emulator/drive_internal.h"

void attention_raise_for(struct drive_nexus *nexus, enum sense_code code)
{
    switch (code) {
    case SENSE_MEDIUM_MAY_HAVE_CHANGED:
        nexus->medium_attention = true;
        break;
    case SENSE_MODE_PARAMETERS_CHANGED:
        nexus->mode_attention = true;
        break;
    default: /* the reset family covers everything older */
        nexus->reset_attention = code;
        nexus->medium_attention = false;
        nexus->mode_attention = false;
        break;
    }
    drive_emit(nexus->drive, &(struct drive_event){
                                 .kind = DRIVE_EVENT_UNIT_ATTENTION,
                                 .attention = {nexus, sense_descriptions[code].asc,
                                               sense_descriptions[code].ascq}
    });
}

void attention_raise(struct drive *drive, enum sense_code code, const struct drive_nexus *except)
{
    for (struct drive_nexus *nexus = drive->nexuses; nexus; nexus = nexus->next)
        if (nexus != except)
            attention_raise_for(nexus, code);
}

enum sense_code attention_take(struct drive_nexus *nexus)
{
    enum sense_code code = nexus->reset_attention;

    if (code != SENSE_NO_SENSE) {
        nexus->reset_attention = SENSE_NO_SENSE;
    } else if (nexus->medium_attention) {
        code = SENSE_MEDIUM_MAY_HAVE_CHANGED;
        nexus->medium_attention = false;
    } else if (nexus->mode_attention) {
        code = SENSE_MODE_PARAMETERS_CHANGED;
        nexus->mode_attention = false;
    }
    return code;
}

bool attention_is_pending(const struct drive_nexus *nexus)
{
    return nexus->reset_attention != SENSE_NO_SENSE || nexus->medium_attention ||
           nexus->mode_attention;
}

void event_raise(struct drive *drive, enum event_class event_class, uint8_t code)
{
    for (struct drive_nexus *nexus = drive->nexuses; nexus; nexus = nexus->next)
        event_queue_add(&nexus->events, event_class, code);
}
