/* SPDX-License-Identifier: MIT */
#include "emulator/css_auth.h"

#include <string.h>

/* The states in which an event is legal, as a set of bits. */
#define IN(state) (1u << (state))
#define ANY_STATE 0x3Fu

static const unsigned legal_states[CSS_AUTH_EVENTS] = {
    [CSS_AUTH_GRANT] = IN(CSS_AUTH_FREE),
    [CSS_AUTH_TAKE_CHALLENGE] = IN(CSS_AUTH_GRANTED),
    [CSS_AUTH_GIVE_KEY1] = IN(CSS_AUTH_HOST_CHALLENGE),
    [CSS_AUTH_GIVE_CHALLENGE] = IN(CSS_AUTH_KEY1),
    [CSS_AUTH_TAKE_KEY2] = IN(CSS_AUTH_DRIVE_CHALLENGE),
    [CSS_AUTH_GIVE_KEY] = IN(CSS_AUTH_AUTHENTICATED),
    [CSS_AUTH_RELEASE] = ANY_STATE,
};

bool css_auth_allows(const struct css_auth *auth, enum css_auth_event event)
{
    return (legal_states[event] & IN(auth->state)) != 0;
}

void css_auth_grant(struct css_auth *auth)
{
    auth->state = CSS_AUTH_GRANTED;
}

void css_auth_take_challenge(struct css_auth *auth, const struct css_challenge *host,
                             unsigned variant)
{
    auth->host_challenge = *host;
    auth->variant = variant;
    auth->key1 = css_key1(variant, host);
    auth->state = CSS_AUTH_HOST_CHALLENGE;
}

struct css_key css_auth_give_key1(struct css_auth *auth)
{
    auth->state = CSS_AUTH_KEY1;
    return auth->key1;
}

void css_auth_give_challenge(struct css_auth *auth, const struct css_challenge *drive)
{
    auth->drive_challenge = *drive;
    auth->state = CSS_AUTH_DRIVE_CHALLENGE;
}

bool css_auth_take_key2(struct css_auth *auth, const struct css_key *key2)
{
    struct css_key expected = css_key2(auth->variant, &auth->drive_challenge);

    if (!css_key_equal(&expected, key2)) {
        css_auth_release(auth);
        return false;
    }
    auth->bus_key = css_bus_key(auth->variant, &auth->key1, key2);
    auth->state = CSS_AUTH_AUTHENTICATED;
    return true;
}

void css_auth_release(struct css_auth *auth)
{
    memset(auth, 0, sizeof *auth);
}
