/* SPDX-License-Identifier: MIT */

/* The system of dvdioctl (system.h, wine.h) is the model of cdrom.sys: it lists no drives. */

#include "tests/windows/dvdioctl/system.h"
#include "tests/windows/dvdioctl/wine.h"

void system_say(struct transcript *transcript)
{
    transcript_say(transcript, "dvdioctl " VODD_VERSION ", model of cdrom.sys");
}

void system_list_drives(struct transcript *transcript)
{
    transcript_check(transcript, false, "the model has the drive that it is told to have");
}

unsigned system_only_drive(char name[DEVICE_NAME_SIZE])
{
    name[0] = '\0';
    return 0;
}

const char *wine_version(void)
{
    return NULL;
}

const char *wine_excuse(const char *id, const struct outcome *last)
{
    (void)id;
    (void)last;
    return NULL;
}

bool wine_is_refusal(const struct outcome *last)
{
    (void)last;
    return false;
}
