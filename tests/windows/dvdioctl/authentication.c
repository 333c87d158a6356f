/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/subjects.h"

#include <string.h>

#include "media/css_sector.h"
#include "tests/windows/dvdioctl/words.h"

#define UNKNOWN_KEY_TYPE 7

/* No session is granted. */
static void see_without_session(struct examination *examination)
{
    struct device *device = examination->device;
    struct key bus_key = {.type = NT_DVD_BUS_KEY1}, title_key = {.type = NT_DVD_TITLE_KEY};
    static struct key disc_key;

    examine_end_sessions(examination);
    request_read_key(device, &bus_key);
    examine_refusal(examination, "RK4", NT_CSS_KEY_NOT_ESTABLISHED, NT_INVALID_DEVICE_REQUEST,
                    "KEY1 is refused without a session");
    request_read_key(device, &title_key);
    examine_refusal(examination, "RK6", NT_CSS_KEY_NOT_ESTABLISHED, 0,
                    "a title key is refused without authentication");
    disc_key = (struct key){.type = NT_DVD_DISK_KEY};
    request_read_key(device, &disc_key);
    examine_refusal(examination, "RK18", NT_CSS_KEY_NOT_ESTABLISHED, 0,
                    "the disc key is refused without authentication");
}

static void see_wrong_order(struct examination *examination)
{
    struct device *device = examination->device;
    struct key key = {.type = NT_DVD_BUS_KEY1};

    if (!request_start_session(device, &key.session)) {
        examine_done(examination, "SS1", 4, "a session is started");
        return;
    }
    request_read_key(device, &key);
    examine_refusal(examination, "RK3", NT_INVALID_DEVICE_REQUEST, 0,
                    "KEY1 is refused before the host's challenge");
    key.type = NT_DVD_BUS_KEY2;
    request_read_key(device, &key);
    examine_refusal(examination, "RK23", NT_INVALID_DEVICE_REQUEST, 0,
                    "KEY2 is nothing that can be read");
    request_end_session(device, key.session);
}

/* The second one lets all key types through to the drive, which refuses those it does not take. */
static void see_second_send(struct examination *examination)
{
    static const unsigned refused[] = {NT_DVD_BUS_KEY1, NT_DVD_TITLE_KEY, NT_DVD_ASF,
                                       NT_DVD_GET_RPC_KEY, NT_DVD_DISK_KEY};
    static struct key key;
    struct device *device = examination->device;

    key = (struct key){.type = NT_DVD_CHALLENGE_KEY};
    if (!device->may_write) {
        examine_skip(examination, "SK1-2", "the drive could not be opened to write", "SEND_KEY2");
        return;
    }
    if (!request_start_session(device, &key.session)) {
        examine_done(examination, "SS1", 4, "a session is started");
        return;
    }
    request_send_key(device, &key, true);
    if (examine_done(examination, "SK1-2", 0, "SEND_KEY2 sends a challenge")) {
        key.type = NT_DVD_BUS_KEY1;
        request_read_key(device, &key);
        examine_done(examination, "RK2", 32, "and the drive has KEY1 for it");
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        key.type = refused[i];
        request_send_key(device, &key, true);
        examine_refusal(examination, "SK13", NT_INVALID_DEVICE_REQUEST, 0,
                        "%s is nothing that can be sent", key_type_name(refused[i]));
    }
    key.type = UNKNOWN_KEY_TYPE;
    request_send_key(device, &key, true);
    examine_driver_refusal(examination, "SK12", NT_INVALID_PARAMETER, 0,
                           "SEND_KEY2 refuses a key type that does not exist");
    request_end_session(device, key.session);
}

/* What the driver refuses by itself; nothing of it reaches the drive. */
static void see_lengths(struct examination *examination)
{
    struct device *device = examination->device;
    struct key challenge = {.type = NT_DVD_CHALLENGE_KEY};
    static struct key disc_key;

    request_read_key_sized(device, &challenge, 36, 35);
    examine_driver_refusal(examination, "RK19", NT_BUFFER_TOO_SMALL, 0,
                           "a challenge wants a buffer of 36 bytes");
    request_read_key_sized(device, &challenge, 23, 36);
    examine_driver_refusal(examination, "RK20", NT_INVALID_PARAMETER, 0, "READ_KEY wants 24 bytes");
    disc_key = (struct key){.type = NT_DVD_DISK_KEY};
    request_read_key_sized(device, &disc_key, 2072, 2071);
    examine_driver_refusal(examination, "RK21", NT_BUFFER_TOO_SMALL, 0,
                           "the disc key wants a buffer of 2072 bytes");
    request_send_key_sized(device, &challenge, 40, 36);
    examine_driver_refusal(examination, "SK11", NT_INVALID_PARAMETER, 0,
                           "SEND_KEY wants KeyLength to be the length of its buffer");
}

/* The same steps as css_host_authenticate(), but for the end. */
void examine_wrong_key2(struct examination *examination)
{
    struct device *device = examination->device;
    struct key key = {.type = NT_DVD_CHALLENGE_KEY};

    if (!request_start_session(device, &key.session) || !request_send_key(device, &key, false)) {
        examine_done(examination, "SK1", 0, "a challenge is sent");
        return;
    }
    key.type = NT_DVD_BUS_KEY1;
    bool done = request_read_key(device, &key);
    key.type = NT_DVD_CHALLENGE_KEY;
    if (!done || !request_read_key(device, &key)) {
        examine_done(examination, "RK1", 36, "KEY1 and the drive's challenge are read");
        return;
    }
    memset(key.data, 0, sizeof key.data);
    key.type = NT_DVD_BUS_KEY2;
    request_send_key(device, &key, false);
    examine_refusal(examination, "SK3", NT_CSS_AUTHENTICATION_FAILURE, 0,
                    "a wrong KEY2 is refused");
    request_end_session(device, key.session);
    examine(examination, "RK11", !examine_asf(examination),
            "the authentication success flag is 0 then");
}

/* The disc key, from a player key or given.  False when there is none. */
static bool open_disc_key(struct examination *examination, const uint8_t *block,
                          struct css_key *key)
{
    const struct fixture_keys *keys = examination->keys;
    struct transcript *transcript = examination->transcript;
    char hex[TRANSCRIPT_HEX_SIZE];
    struct css_key hash;

    memcpy(hash.byte, block, CSS_KEY_SIZE);
    transcript_say(transcript, "disc key block without bus key: hash %s",
                   transcript_hex(hex, hash.byte, CSS_KEY_SIZE));
    if (keys->has_player_key) {
        if (!examine(examination, "RK17-player",
                     css_disc_key_block_open(block, &keys->player_key, key),
                     "the player key opens the disc key block"))
            return false;
        transcript_say(transcript, "disc key %s", transcript_hex(hex, key->byte, CSS_KEY_SIZE));
        if (keys->has_disc_key)
            examine(examination, "RK17-key", css_key_equal(key, &keys->disc_key),
                    "the disc key is that of the fixture");
        return true;
    }
    if (!keys->has_disc_key) {
        transcript_say(transcript, "no --player-key and no --disc-key: title keys stay encrypted");
        return false;
    }
    const struct css_key own = css_key_encrypt(CSS_KEY_USE_DISC, &keys->disc_key, &keys->disc_key);
    *key = keys->disc_key;
    return examine(examination, "RK17-hash", css_key_equal(&own, &hash),
                   "the disc key of the fixture has the block's hash");
}

/* The structure and the key type are two ways to the same block, each under its own bus key. */
static void compare_structure(struct examination *examination, const uint8_t *block)
{
    static uint8_t answer[STRUCTURE_MAX];

    if (!examine_authentication(examination, "ST5"))
        return;
    request_read_structure(examination->device, STRUCTURE_DISC_KEY, 0, examination->host.agid,
                           answer, sizeof answer);
    if (examine_done(examination, "ST5", sizeof answer, "the disc key structure is read")) {
        uint8_t *data =
            answer + request_structure_header_size(examination->device, CSS_DISC_KEY_BLOCK_SIZE);
        css_bus_obfuscate(&examination->host.bus_key, data, CSS_DISC_KEY_BLOCK_SIZE);
        examine(examination, "ST5-block", memcmp(data, block, CSS_DISC_KEY_BLOCK_SIZE) == 0,
                "under its bus key it is the same disc key block");
    } else {
        request_end_session(examination->device, examination->host.agid);
    }
}

bool examine_disc_key(struct examination *examination, struct css_key *key)
{
    struct css_host *host = &examination->host;
    char hex[TRANSCRIPT_HEX_SIZE];
    static uint8_t block[CSS_DISC_KEY_BLOCK_SIZE];

    if (!examine_authentication(examination, "SK2"))
        return false;
    examine(examination, "SK2", true, "host and drive authenticate: variant %d", host->variant);
    transcript_say(examination->transcript, "bus key %s",
                   transcript_hex(hex, host->bus_key.byte, CSS_KEY_SIZE));
    css_host_disc_key_block(host, block);
    if (!examine_done(examination, "RK17", 2072, "the disc key block is read"))
        return false;
    examine(examination, "RK10", examine_asf(examination),
            "the authentication success flag is 1 then");
    const bool has_key = open_disc_key(examination, block, key);
    compare_structure(examination, block);
    return has_key;
}

/* After an authentication: one title key. */
static void see_title_key(struct examination *examination, const struct vob *vob,
                          const struct css_key *disc_key)
{
    const struct fixture_keys *keys = examination->keys;
    struct transcript *transcript = examination->transcript;
    struct css_host_title_key key;
    char hex[TRANSCRIPT_HEX_SIZE];

    css_host_title_key(&examination->host, vob->lba, disc_key, &key);
    if (!examine_done(examination, "RK5", 32, "title key of %s, sector %u", vob->name, vob->lba)) {
        request_end_session(examination->device, examination->host.agid);
        return;
    }
    transcript_say(transcript, "without bus key %s",
                   transcript_hex(hex, key.encrypted.byte, CSS_KEY_SIZE));
    if (examine(examination, "RK5-flags", key.flags & 0x80,
                "its flags say that the sector is copyrighted"))
        words_title_key_flags(transcript, key.flags);
    if (css_key_is_zero(disc_key))
        return;
    transcript_say(transcript, "title key %s", transcript_hex(hex, key.plain.byte, CSS_KEY_SIZE));
    if (keys->has_title_key[vob->title_set])
        examine(examination, "RK5-key", css_key_equal(&key.plain, &keys->title_key[vob->title_set]),
                "it is the fixture's of title set %u", vob->title_set);
}

static void see_title_key_refusals(struct examination *examination, const struct vob *vob)
{
    struct key key = {.type = NT_DVD_TITLE_KEY};

    if (!examine_region_plays(examination)) {
        if (!examine_authentication(examination, "RK9"))
            return;
        key.session = examination->host.agid;
        key.offset = (uint64_t)vob->lba * DVD_SECTOR_SIZE;
        request_read_key(examination->device, &key);
        examine_refusal(examination, "RK9", NT_CSS_REGION_MISMATCH, 0,
                        "the drive's region is not one of the disc's: no title key");
        request_end_session(examination->device, key.session);
    }
    if (!examine_authentication(examination, "RK8"))
        return;
    key.session = examination->host.agid;
    key.offset = (uint64_t)INT32_MAX * DVD_SECTOR_SIZE;
    request_read_key(examination->device, &key);
    examine_refusal(examination, "RK8", NT_NONEXISTENT_SECTOR, 0,
                    "there is no title key behind the end of the disc");
    request_end_session(examination->device, key.session);
}

static void see_title_keys(struct examination *examination, const struct css_key *disc_key)
{
    static struct vob vobs[VOBS_MAX];
    const size_t count = iso9660_find_vobs(&examination->device->sectors, vobs);

    if (count == 0) {
        examine_skip(examination, "RK5", "the disc has no VIDEO_TS with VOB files", "title keys");
        return;
    }
    see_title_key_refusals(examination, &vobs[0]);
    if (!examine_region_plays(examination))
        return;
    for (size_t i = 0; i < count; i++) {
        /* The parts of a title set have one key. */
        if (i > 0 && vobs[i].title_set == vobs[i - 1].title_set && i > 1)
            continue;
        if (!examine_authentication(examination, "RK5"))
            return;
        see_title_key(examination, &vobs[i], disc_key);
    }
}

/* Drives differ in whether they authenticate with such a disc; keys there are none. */
static void see_unprotected(struct examination *examination)
{
    static struct key disc_key;

    if (css_host_authenticate(&examination->host) != CSS_HOST_DONE) {
        examine_refusal(examination, "SS5", NT_INVALID_DEVICE_REQUEST, NT_UNRECOGNIZED_MEDIA,
                        "this drive does not authenticate with a disc that is not protected");
        return;
    }
    disc_key = (struct key){.type = NT_DVD_DISK_KEY, .session = examination->host.agid};
    request_read_key(examination->device, &disc_key);
    examine_refusal(examination, "RK7-disc", NT_CSS_KEY_NOT_PRESENT, NT_INVALID_DEVICE_REQUEST,
                    "a disc that is not protected has no disc key");
}

void examine_keys(struct examination *examination)
{
    struct css_key disc_key = {0};

    transcript_heading(examination->transcript, "Keys");
    see_lengths(examination);
    if (!examination->has_medium) {
        css_host_authenticate(&examination->host);
        examine_refusal(examination, "SS4", NT_NO_MEDIA_IN_DEVICE, 0,
                        "without a disc there is no authentication");
        return;
    }
    transcript_say(examination->transcript, "ends all sessions, whoever started them");
    if (!examination->is_css) {
        examine_end_sessions(examination);
        see_unprotected(examination);
        examine_end_sessions(examination);
        return;
    }
    see_without_session(examination);
    see_wrong_order(examination);
    see_second_send(examination);
    examine_wrong_key2(examination);
    examine_disc_key(examination, &disc_key);
    see_title_keys(examination, &disc_key);
    examine_end_sessions(examination);
}
