/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HOST_CSS_HOST_H
#define TESTS_HOST_CSS_HOST_H

/*
 * The host's side of CSS: the reference that drives are tested against, in the same process and
 * inside a guest.  It authenticates, fetches the disc key with a player key of the fixture, and the
 * title keys with the disc key.
 */

#include "media/css_authentication.h"
#include "media/css_key.h"
#include "tests/host/transport.h"

enum css_host_result {
    CSS_HOST_DONE,
    CSS_HOST_REFUSED,      /* transport->refusal says why */
    CSS_HOST_NOT_GENUINE,  /* no variant gives the drive's KEY1 */
    CSS_HOST_NO_DISC_KEY,  /* the player key opens no entry of the disc key block */
    CSS_HOST_NO_TITLE_KEY, /* the title has a zero key: it is not scrambled */
};

/* Who wants to see every message. */
struct host_listener {
    /* After each request; `accepted` false: refused, and the message's answer means nothing. */
    void (*message)(struct host_listener *listener, const struct host_message *message,
                    bool accepted);
};

struct css_host {
    struct host_transport *transport;
    struct host_listener *listener; /* may be NULL */
    struct css_challenge challenge; /* the host's, internal order */

    /* The last authentication, as far as it came. */
    unsigned agid;
    int variant;
    struct css_key key1, key2, bus_key;
    struct css_challenge drive_challenge;
};

/* The challenge is 00 01 .. 09, for which all 32 variants give different KEY1. */
void css_host_init(struct css_host *host, struct host_transport *transport,
                   struct host_listener *listener);

/* AGID, host challenge, KEY1, drive challenge, KEY2: afterwards the bus key is valid. */
enum css_host_result css_host_authenticate(struct css_host *host);

/* The disc key block without the bus key.  Uses up the AGID of the last authentication. */
enum css_host_result css_host_disc_key_block(struct css_host *host,
                                             uint8_t block[CSS_DISC_KEY_BLOCK_SIZE]);

/* css_host_disc_key_block() and its opening with `player_key`. */
enum css_host_result css_host_disc_key(struct css_host *host, const struct css_key *player_key,
                                       struct css_key *disc_key);

struct css_host_title_key {
    uint8_t flags;            /* CPM 80h, CP_SEC 40h, CGMS 30h */
    struct css_key encrypted; /* as the disc stores it */
    struct css_key plain;
};

/* The key of the title that the sector belongs to.  Uses up the AGID of the last authentication. */
enum css_host_result css_host_title_key(struct css_host *host, uint32_t lba,
                                        const struct css_key *disc_key,
                                        struct css_host_title_key *title_key);

enum css_host_result css_host_invalidate_agid(struct css_host *host, unsigned agid);

/* *success: the authentication success flag. */
enum css_host_result css_host_asf(struct css_host *host, bool *success);

struct css_host_region {
    unsigned type;          /* 0 none set, 1 set, 2 last chance, 3 permanent */
    unsigned vendor_resets; /* left */
    unsigned user_changes;  /* left */
    uint8_t mask;           /* bit n = 0: region n+1 plays */
    uint8_t scheme;         /* 1: phase II */
};

enum css_host_result css_host_region(struct css_host *host, struct css_host_region *region);
/* `region`: 1..8. */
enum css_host_result css_host_set_region(struct css_host *host, unsigned region);

/* *system: 0 none, 1 CSS.  *regions_forbidden: bit n = 1: not playable in region n+1. */
enum css_host_result css_host_copyright(struct css_host *host, uint8_t *system,
                                        uint8_t *regions_forbidden);

#endif
