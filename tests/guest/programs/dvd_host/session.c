/* SPDX-License-Identifier: MIT */
#include "tests/guest/programs/dvd_host/session.h"

#include <errno.h>
#include <linux/cdrom.h>
#include <stdio.h>
#include <string.h>

#define NOT_FOUND UINT32_MAX

/* How many sectors of a VOB to try until one is refused; every pack but the first may be. */
#define SECTORS_TRIED 16

static bool refused_with(const struct host_refusal *refusal, uint8_t asc, uint8_t ascq)
{
    return refusal->has_sense && refusal->key == 0x05 && refusal->asc == asc &&
           refusal->ascq == ascq;
}

static bool see_drive(struct session *session)
{
    struct transcript *transcript = session->transcript;
    const int capabilities = device_capabilities(session->device);
    uint8_t system = 0, forbidden = 0;

    transcript_heading(transcript, "The drive and its disc");
    transcript_check(transcript, capabilities >= 0 && capabilities & CDC_DVD,
                     "CDROM_GET_CAPABILITY: %Xh, with CDC_DVD (8000h)", (unsigned)capabilities);
    bool answered = css_host_copyright(&session->host, &system, &forbidden) == CSS_HOST_DONE;
    transcript_check(transcript, answered && system == 1,
                     "the disc is protected by CSS (system %u, regions forbidden %02Xh)", system,
                     forbidden);
    session->vob_count = iso9660_find_vobs(&session->device->sectors, session->vobs);
    for (size_t i = 0; i < session->vob_count; i++)
        transcript_say(transcript, "%-12s  title set %u, %u sectors from %u", session->vobs[i].name,
                       session->vobs[i].title_set, session->vobs[i].sectors, session->vobs[i].lba);
    return transcript_check(transcript, session->vob_count > 0,
                            "the file system is readable and VIDEO_TS has %zu VOBs",
                            session->vob_count);
}

/* The first sector of a VOB that the drive refuses, NOT_FOUND if it refuses none. */
static uint32_t find_refused(struct session *session, const struct vob *vob,
                             struct host_refusal *refusal)
{
    uint8_t sector[DVD_SECTOR_SIZE];
    const uint32_t tried = vob->sectors < SECTORS_TRIED ? vob->sectors : SECTORS_TRIED;

    for (uint32_t lba = vob->lba; lba < vob->lba + tried; lba++) {
        if (!device_read_sector(session->device, lba, sector, refusal))
            return lba;
    }
    return NOT_FOUND;
}

static void see_closed_gate(struct session *session)
{
    struct transcript *transcript = session->transcript;
    char text[TRANSCRIPT_REFUSAL_SIZE];
    bool success = true;

    transcript_heading(transcript, "Before authentication");
    enum css_host_result result = css_host_asf(&session->host, &success);
    transcript_check(transcript, result == CSS_HOST_DONE && !success,
                     "the authentication success flag is 0");
    for (size_t i = 0; i < session->vob_count; i++) {
        const struct vob *vob = &session->vobs[i];
        struct host_refusal refusal = {0};
        const uint32_t lba = find_refused(session, vob, &refusal);
        session->scrambled[i] = lba;
        transcript_check(transcript,
                         lba != NOT_FOUND && lba != vob->lba && refused_with(&refusal, 0x6F, 0x03),
                         "%s: sector %u (navigation) is read, sector %u (scrambled) is refused: %s",
                         vob->name, vob->lba, lba, transcript_refusal(text, &refusal));
        transcript_check(transcript, refusal.has_information && refusal.information == lba,
                         "%s: INFORMATION of the sense data is the refused sector", vob->name);
    }
}

static void say_region(struct session *session, const struct css_host_region *region)
{
    static const char *const types[] = {"none set", "set", "last chance", "permanent"};

    transcript_say(session->transcript,
                   "region state: %s, mask %02Xh, %u user changes and %u vendor resets left",
                   types[region->type & 3], region->mask, region->user_changes,
                   region->vendor_resets);
}

/* A drive without region delivers no title key; seen through SG_IO, which shows the sense. */
static void see_title_key_refused(struct session *session)
{
    struct transcript *transcript = session->transcript;
    char text[TRANSCRIPT_REFUSAL_SIZE];
    struct css_host host;
    struct css_host_title_key key;
    bool success = true;

    css_host_init(&host, &session->device->sg.transport, &transcript->listener);
    enum css_host_result result = css_host_authenticate(&host);
    if (result == CSS_HOST_DONE)
        result = css_host_title_key(&host, session->vobs[0].lba, &session->disc_key, &key);
    const struct host_refusal *refusal = &host.transport->refusal;
    transcript_check(transcript, result == CSS_HOST_REFUSED && refused_with(refusal, 0x6F, 0x04),
                     "a drive without region refuses a title key: %s",
                     transcript_refusal(text, refusal));
    result = css_host_asf(&session->host, &success);
    transcript_check(transcript, result == CSS_HOST_DONE && !success,
                     "the refusal clears the authentication success flag");
}

static bool set_region(struct session *session)
{
    struct transcript *transcript = session->transcript;
    struct css_host_region before, after;

    if (css_host_region(&session->host, &before) != CSS_HOST_DONE)
        return transcript_check(transcript, false, "the drive reports its region state");
    say_region(session, &before);
    transcript_check(transcript, before.scheme == 1, "RPC phase II (scheme %u)", before.scheme);
    if (!session->region || before.type != 0)
        return true;
    see_title_key_refused(session);
    if (!transcript_check(transcript,
                          css_host_set_region(&session->host, session->region) == CSS_HOST_DONE,
                          "the drive accepts region %u", session->region) ||
        css_host_region(&session->host, &after) != CSS_HOST_DONE)
        return false;
    say_region(session, &after);
    return transcript_check(transcript,
                            after.type == 1 && after.user_changes == before.user_changes - 1 &&
                                after.mask == (uint8_t) ~(1u << (session->region - 1)),
                            "it plays region %u now and has one change less", session->region);
}

static bool authenticate(struct session *session)
{
    struct transcript *transcript = session->transcript;
    struct css_host *host = &session->host;
    char text[TRANSCRIPT_REFUSAL_SIZE];
    enum css_host_result result = css_host_authenticate(host);

    if (result == CSS_HOST_NOT_GENUINE)
        return transcript_check(transcript, false, "KEY1 is the answer of a genuine drive");
    if (result != CSS_HOST_DONE)
        return transcript_check(transcript, false, "authentication: %s",
                                transcript_refusal(text, &host->transport->refusal));
    transcript_say(transcript, "AGID %u, variant %d, bus key %s", host->agid, host->variant,
                   transcript_hex(text, host->bus_key.byte, CSS_KEY_SIZE));
    return true;
}

static bool fetch_disc_key(struct session *session)
{
    struct transcript *transcript = session->transcript;
    char text[TRANSCRIPT_HEX_SIZE];
    bool success = false;

    transcript_heading(transcript, "Authentication and disc key");
    if (!transcript_check(transcript, authenticate(session), "drive and host trust each other"))
        return false;
    enum css_host_result result =
        css_host_disc_key(&session->host, &session->player_key, &session->disc_key);
    if (!transcript_check(transcript, result == CSS_HOST_DONE,
                          "the player key opens the disc key block: disc key %s",
                          transcript_hex(text, session->disc_key.byte, CSS_KEY_SIZE)))
        return false;
    result = css_host_asf(&session->host, &success);
    return transcript_check(transcript, result == CSS_HOST_DONE && success,
                            "the authentication success flag is 1");
}

/* A title key needs an authentication of its own, for it uses up the AGID. */
static bool fetch_title_keys(struct session *session)
{
    struct transcript *transcript = session->transcript;
    char text[TRANSCRIPT_HEX_SIZE];
    bool all = true;

    transcript_heading(transcript, "Title keys");
    for (size_t i = 0; i < session->vob_count && all; i++) {
        const struct vob *vob = &session->vobs[i];
        struct css_host_title_key *key = &session->title_keys[i];
        transcript->brief = true;
        enum css_host_result result = authenticate(session) ? CSS_HOST_DONE : CSS_HOST_REFUSED;
        transcript->brief = false;
        if (result == CSS_HOST_DONE)
            result = css_host_title_key(&session->host, vob->lba, &session->disc_key, key);
        all = transcript_check(transcript, result == CSS_HOST_DONE && key->flags & 0x80,
                               "%s: title key %s", vob->name,
                               transcript_hex(text, key->plain.byte, CSS_KEY_SIZE));
        if (all && i > 0 && vob[-1].title_set == vob->title_set)
            transcript_check(transcript, css_key_equal(&key[-1].plain, &key->plain),
                             "%s has the key of its title set", vob->name);
    }
    return all;
}

static void see_open_gate(struct session *session)
{
    uint8_t sector[DVD_SECTOR_SIZE];

    transcript_heading(session->transcript, "After authentication");
    for (size_t i = 0; i < session->vob_count; i++) {
        struct host_refusal refusal;
        const uint32_t lba = session->scrambled[i];
        if (lba == NOT_FOUND)
            continue;
        transcript_check(session->transcript,
                         device_read_sector(session->device, lba, sector, &refusal) &&
                             css_sector_is_scrambled(sector),
                         "%s: sector %u is read now, and it is scrambled", session->vobs[i].name,
                         lba);
    }
}

bool session_run(struct session *session)
{
    css_host_init(&session->host, &session->device->ioctls, &session->transcript->listener);
    if (!see_drive(session))
        return false;
    see_closed_gate(session);
    transcript_heading(session->transcript, "Region");
    if (!set_region(session) || !fetch_disc_key(session) || !fetch_title_keys(session))
        return false;
    see_open_gate(session);
    session_compare(session);
    return true;
}
