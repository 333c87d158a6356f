/* SPDX-License-Identifier: MIT */
#include "media/disc_private.h"

#include <stdio.h>

#include "media/random.h"

static struct css_key draw(struct random *random)
{
    struct css_key key;
    do
        random_fill(random, key.byte, sizeof key.byte);
    while (css_key_is_zero(&key));
    return key;
}

static struct random stream(const struct disc_description *description, const char *what,
                            unsigned number)
{
    char label[32];
    struct random random;
    snprintf(label, sizeof label, "%s %u", what, number);
    random_init(&random, description->seed, label);
    return random;
}

static bool settle_disc_key(struct disc_description *description, struct diagnostics *diagnostics)
{
    struct random random;
    random_init(&random, description->seed, "disc key");
    bool stated = description->has_disc_key;
    int unambiguous;
    do {
        if (!stated)
            description->disc_key = draw(&random);
        unambiguous = css_disc_key_is_unambiguous(&description->disc_key);
    } while (unambiguous == 0 && !stated);
    if (unambiguous < 0)
        diagnostics_error(diagnostics, "%s: out of memory", description->image);
    else if (unambiguous == 0)
        diagnostics_warning(diagnostics,
                            "%s: another disc key has the same hash as the one that is stated; "
                            "hosts that work from the hash may take it and read wrong title keys",
                            description->image);
    description->has_disc_key = true;
    return unambiguous >= 0;
}

/* A title key that is stored as zeros looks to hosts like no key. */
static struct css_key draw_title_key(const struct disc_description *description, unsigned number)
{
    struct random random = stream(description, "title key", number);
    struct css_key key, stored;
    do {
        key = draw(&random);
        stored = css_key_encrypt(CSS_KEY_USE_TITLE, &description->disc_key, &key);
    } while (css_key_is_zero(&stored));
    return key;
}

bool disc_settle_keys(struct disc_description *description, struct diagnostics *diagnostics)
{
    if (!settle_disc_key(description, diagnostics))
        return false;
    for (unsigned i = 0; i < DISC_TITLE_SETS; i++) {
        if (!description->has_title_key[i])
            description->title_key[i] = draw_title_key(description, i);
        description->has_title_key[i] = true;
    }
    for (unsigned i = 0; i < CSS_PLAYER_KEYS; i++) {
        struct random random = stream(description, "player key", i + 1);
        if (!description->has_player_key[i])
            description->player_key[i] = draw(&random);
        description->has_player_key[i] = true;
    }
    return true;
}
