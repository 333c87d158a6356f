/* SPDX-License-Identifier: MIT */
#include "handlers/tcmu/cfgstring.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "emulator/ready_profile.h"
#include "media/nearest_word.h"

#define SUBTYPE "vodd/"

static const struct {
    const char *key;
    size_t offset;
    size_t longest;
} settings[] = {
    {"drive",   offsetof(struct cfgstring, drive),   CFGSTRING_MAX},
    {"state",   offsetof(struct cfgstring, state),   CFGSTRING_MAX},
    {"trace",   offsetof(struct cfgstring, trace),   CFGSTRING_MAX},
    {"control", offsetof(struct cfgstring, control),
     sizeof(((struct sockaddr_un *)0)->sun_path) - 1              },
};
#define SETTINGS (sizeof(settings) / sizeof(*settings))

__attribute__((format(printf, 2, 3))) static bool refuse(char **reason, const char *format, ...)
{
    va_list arguments;
    char fault[2 * CFGSTRING_MAX + 200];

    va_start(arguments, format);
    vsnprintf(fault, sizeof(fault), format, arguments);
    va_end(arguments);
    if (asprintf(reason,
                 "%s; accepted: " CFGSTRING_FORM ", each an absolute path, PROFILE also the name "
                 "of a ready-made one",
                 fault) < 0)
        *reason = NULL;
    return false;
}

static bool is_printable(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c < 0x20 || *c == 0x7f)
            return false;
    return true;
}

/* Takes `path` over for `key`. */
static bool take_path(char **target, const char *key, const char *path, size_t longest,
                      char **reason)
{
    if (*target)
        return refuse(reason, "%s is given twice", key);
    if (path[0] != '/' && !(strcmp(key, "drive") == 0 && ready_profile_is_name(path)))
        return refuse(reason, "%s = \"%s\" is not an absolute path", key, path);
    if (strlen(path) > longest)
        return refuse(reason, "%s = \"%s\" is longer than %zu bytes", key, path, longest);
    *target = strdup(path);
    return *target || refuse(reason, "memory is short");
}

static bool refuse_unknown(const char *key, char **reason)
{
    struct nearest_word nearest;

    if (strcmp(key, "tcmur_cmd_time_out") == 0)
        return refuse(reason,
                      "the time limit of tcmu-runner (tcmur_cmd_time_out) is not supported");
    nearest_word_init(&nearest, key);
    for (size_t i = 0; i < SETTINGS; i++)
        nearest_word_consider(&nearest, settings[i].key);
    return refuse(reason, "\"%s\" is no setting, the nearest is \"%s\"", key, nearest.word);
}

/* One "KEY=PATH". */
static bool take_setting(struct cfgstring *cfgstring, char *text, char **reason)
{
    char *equals = strchr(text, '=');

    if (!equals)
        return refuse(reason, "\"%s\" has no \"=\"", text);
    *equals = '\0';
    for (size_t i = 0; i < SETTINGS; i++)
        if (strcmp(text, settings[i].key) == 0)
            return take_path((char **)(void *)((char *)cfgstring + settings[i].offset), text,
                             equals + 1, settings[i].longest, reason);
    return refuse_unknown(text, reason);
}

static bool take_apart(struct cfgstring *cfgstring, char *text, char **reason)
{
    char *rest = text;
    char *fixture = strsep(&rest, ";");

    if (*fixture && !take_path(&cfgstring->fixture, "FIXTURE", fixture, CFGSTRING_MAX, reason))
        return false;
    while (rest)
        if (!take_setting(cfgstring, strsep(&rest, ";"), reason))
            return false;
    return true;
}

bool cfgstring_parse(const char *text, struct cfgstring *cfgstring, char **reason)
{
    char copy[CFGSTRING_MAX + 1];
    bool right;

    memset(cfgstring, 0, sizeof(*cfgstring));
    *reason = NULL;
    if (strlen(text) > CFGSTRING_MAX)
        return refuse(reason, "the string is longer than %d bytes", CFGSTRING_MAX);
    if (!is_printable(text))
        return refuse(reason, "the string has control characters");
    /* Who asks before the LUN is made, as targetcli does, hears of it; the kernel says nothing. */
    if (strchr(text, ','))
        return refuse(reason, "the string has a comma, at which LIO cuts it");
    if (strncmp(text, SUBTYPE, strlen(SUBTYPE)) != 0)
        return refuse(reason, "\"%s\" does not begin with \"" SUBTYPE "\"", text);
    snprintf(copy, sizeof(copy), "%s", text + strlen(SUBTYPE));
    right = take_apart(cfgstring, copy, reason);
    if (!right)
        cfgstring_release(cfgstring);
    return right;
}

void cfgstring_release(struct cfgstring *cfgstring)
{
    free(cfgstring->fixture);
    free(cfgstring->drive);
    free(cfgstring->state);
    free(cfgstring->control);
    free(cfgstring->trace);
    memset(cfgstring, 0, sizeof(*cfgstring));
}
