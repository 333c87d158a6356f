/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_CSS_AUTH_H
#define EMULATOR_CSS_AUTH_H

/*
 * One authentication, the drive's side: what has been exchanged under one AGID and which step may
 * come next. A pure machine: challenges and variants are given to it, sense codes are its caller's.
 */

#include <stdbool.h>

#include "emulator/observer.h"
#include "media/css_authentication.h"

enum css_auth_event {
    CSS_AUTH_GRANT,          /* REPORT KEY 00h */
    CSS_AUTH_TAKE_CHALLENGE, /* SEND KEY 01h */
    CSS_AUTH_GIVE_KEY1,      /* REPORT KEY 02h */
    CSS_AUTH_GIVE_CHALLENGE, /* REPORT KEY 01h */
    CSS_AUTH_TAKE_KEY2,      /* SEND KEY 03h */
    CSS_AUTH_GIVE_KEY,       /* disc key or title key */
    CSS_AUTH_RELEASE,        /* format 3Fh, medium removal, reset */
    CSS_AUTH_EVENTS,
};

/* Keys and challenges are in internal order and meaningful only in the states that have them. */
struct css_auth {
    enum css_auth_state state;
    unsigned variant;
    struct css_challenge host_challenge;
    struct css_challenge drive_challenge;
    struct css_key key1;
    struct css_key bus_key;
};

/* Whether `event` is a legal next step.  The whole rule is one table. */
bool css_auth_allows(const struct css_auth *auth, enum css_auth_event event);

/* Each step requires css_auth_allows() of its event. */
void css_auth_grant(struct css_auth *auth);
/* Computes KEY1 under `variant`, 0..31. */
void css_auth_take_challenge(struct css_auth *auth, const struct css_challenge *host,
                             unsigned variant);
struct css_key css_auth_give_key1(struct css_auth *auth);
void css_auth_give_challenge(struct css_auth *auth, const struct css_challenge *drive);
/* Right: authenticated, the bus key is valid.  Wrong: free.  Returns whether it was right. */
bool css_auth_take_key2(struct css_auth *auth, const struct css_key *key2);
/* Forgets everything; legal in every state. */
void css_auth_release(struct css_auth *auth);

#endif
