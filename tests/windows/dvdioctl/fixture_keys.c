/* SPDX-License-Identifier: MIT */
#include "tests/windows/dvdioctl/fixture_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c ? strchr(digits, c) : NULL;

    return found ? (int)(found - digits) % 16 : -1;
}

/* Reads a key and returns what follows it, NULL if there is none. */
static const char *take_key(const char *text, struct css_key *key)
{
    for (unsigned i = 0; i < CSS_KEY_SIZE; i++) {
        while (*text == ' ')
            text++;
        const int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);
        if (low < 0)
            return NULL;
        key->byte[i] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    return text;
}

bool fixture_key_parse(const char *text, struct css_key *key)
{
    const char *end = take_key(text, key);

    return end && *end == '\0';
}

/* The number of a title set; *end: what follows. */
static bool take_number(const char *text, unsigned long *number, const char **end)
{
    char *after;

    *number = strtoul(text, &after, 10);
    *end = after;
    return digit(text[0]) >= 0 && after != text && *number < FIXTURE_TITLE_SETS;
}

static bool take_title_key(struct fixture_keys *keys, const char *text, const char *separators)
{
    unsigned long number;
    const char *rest;
    struct css_key key;

    if (!take_number(text, &number, &rest) || !*rest || !strchr(separators, *rest))
        return false;
    rest = take_key(rest + 1, &key);
    if (!rest || !strchr(", \r\n", *rest))
        return false;
    keys->title_key[number] = key;
    keys->has_title_key[number] = true;
    return true;
}

bool fixture_title_key_parse(struct fixture_keys *keys, const char *text)
{
    return take_title_key(keys, text, "=");
}

/* 1 for a key, 0 for another line, -1 for a bad key. */
static int take_line(struct fixture_keys *keys, const char *line)
{
    static const char disc[] = "disc key ", title[] = "title key ", player[] = "player key 1 ";

    if (strncmp(line, disc, sizeof disc - 1) == 0) {
        keys->has_disc_key = take_key(line + sizeof disc - 1, &keys->disc_key) != NULL;
        return keys->has_disc_key ? 1 : -1;
    }
    if (strncmp(line, player, sizeof player - 1) == 0) {
        keys->has_player_key = take_key(line + sizeof player - 1, &keys->player_key) != NULL;
        return keys->has_player_key ? 1 : -1;
    }
    if (strncmp(line, title, sizeof title - 1) == 0)
        return take_title_key(keys, line + sizeof title - 1, " ") ? 1 : -1;
    return 0;
}

int fixture_keys_read(struct fixture_keys *keys, const char *path)
{
    char line[512];
    int count = 0;
    FILE *file = fopen(path, "r");

    if (!file)
        return -1;
    while (count >= 0 && fgets(line, sizeof line, file)) {
        const int taken = take_line(keys, line);
        count = taken < 0 ? -1 : count + taken;
    }
    if (ferror(file))
        count = -1;
    fclose(file);
    return count;
}
