/* SPDX-License-Identifier: MIT */
#include "emulator/drive_internal.h"

void authentication_init(struct drive *drive)
{
    agid_pool_init(&drive->agids, (unsigned)drive->profile.agids);
    random_init(&drive->random, (uint64_t)drive->profile.seed, "authentication");
}

void authentication_moved(struct drive *drive, unsigned agid, enum css_auth_state from)
{
    enum css_auth_state to = drive->agids.auth[agid].state;
    if (from != to)
        drive_emit(drive, &(struct drive_event){
                              .kind = DRIVE_EVENT_AGID, .agid = {agid, from, to, false}
        });
}

void authentication_release(struct drive *drive, unsigned agid)
{
    struct css_auth *auth = &drive->agids.auth[agid];
    enum css_auth_state from = auth->state;

    css_auth_release(auth);
    authentication_moved(drive, agid, from);
}

void authentication_set_asf(struct drive *drive, bool asf)
{
    if (drive->asf == asf)
        return;
    drive->asf = asf;
    drive_emit(drive, &(struct drive_event){.kind = DRIVE_EVENT_ASF, .flag = asf});
}

void authentication_clear(struct drive *drive)
{
    for (unsigned agid = 0; agid < drive->agids.size; agid++)
        authentication_release(drive, agid);
    authentication_set_asf(drive, false);
}

bool authentication_region_plays(const struct drive *drive)
{
    return drive->profile.rpc != REGION_SCHEME_PHASE_2 || !medium_is_css(drive) ||
           region_plays(&drive->nonvolatile.region, disc_regions_forbidden(drive->disc),
                        drive->profile.region_unset == REGION_UNSET_PLAYS_REGION_FREE);
}

void authentication_key_refused(struct drive *drive, unsigned agid)
{
    if (drive->profile.agid_on_refused_key == AGID_ON_REFUSED_KEY_RELEASE)
        authentication_release(drive, agid);
}

struct sense authentication_check_key(struct drive *drive, unsigned agid)
{
    struct css_auth *auth = agid_pool_use(&drive->agids, agid);

    if (!css_auth_allows(auth, CSS_AUTH_GIVE_KEY))
        return sense_of(SENSE_KEY_NOT_ESTABLISHED);
    if (!medium_is_css(drive)) {
        authentication_key_refused(drive, agid);
        return sense_of(SENSE_KEY_NOT_PRESENT);
    }
    return sense_good();
}
