/* SPDX-License-Identifier: MIT */
#include "tests/guest/programs/dvd_host/session.h"

#include <errno.h>
#include <sha2.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#define CHUNK 32u /* sectors for each read() */

/* The checksum of a file of VIDEO_TS; false when the list has none. */
static bool find_checksum(const char *list, const char *name, char hex[SHA256_DIGEST_STRING_LENGTH])
{
    char line[256], path[160], wanted[32];
    bool found = false;
    FILE *file = fopen(list, "re");

    if (!file)
        return false;
    snprintf(wanted, sizeof wanted, "/%s", name);
    while (!found && fgets(line, sizeof line, file)) {
        if (sscanf(line, "%64s %159s", hex, path) != 2)
            continue;
        const char *end = strrchr(path, '/');
        found = end && strcmp(end, wanted) == 0;
    }
    fclose(file);
    return found;
}

struct checksums {
    char as_read[SHA256_DIGEST_STRING_LENGTH];
    char plain[SHA256_DIGEST_STRING_LENGTH];
    uint32_t scrambled; /* how many sectors were */
};

/* False when a sector cannot be read. */
static bool read_vob(struct session *session, const struct vob *vob, const struct css_key *key,
                     struct checksums *checksums)
{
    static uint8_t data[CHUNK * DVD_SECTOR_SIZE];
    SHA2_CTX as_read, plain;

    SHA256Init(&as_read);
    SHA256Init(&plain);
    checksums->scrambled = 0;
    for (uint32_t done = 0; done < vob->sectors;) {
        const uint32_t left = vob->sectors - done;
        const uint32_t count = left < CHUNK ? left : CHUNK;
        if (!device_read(session->device, vob->lba + done, count, data))
            return false;
        SHA256Update(&as_read, data, count * DVD_SECTOR_SIZE);
        for (uint32_t i = 0; i < count; i++) {
            uint8_t *sector = data + (size_t)i * DVD_SECTOR_SIZE;
            if (!css_sector_is_scrambled(sector))
                continue;
            css_sector_unscramble(sector, key);
            checksums->scrambled++;
        }
        SHA256Update(&plain, data, count * DVD_SECTOR_SIZE);
        done += count;
    }
    SHA256End(&as_read, checksums->as_read);
    SHA256End(&plain, checksums->plain);
    return true;
}

void session_compare(struct session *session)
{
    struct transcript *transcript = session->transcript;
    char expected[SHA256_DIGEST_STRING_LENGTH];
    struct checksums found;

    transcript_heading(transcript, "Every VOB descrambled and compared with the plain image");
    for (size_t i = 0; i < session->vob_count; i++) {
        const struct vob *vob = &session->vobs[i];
        if (!find_checksum(session->checksums, vob->name, expected)) {
            transcript_check(transcript, false, "%s has no checksum in %s", vob->name,
                             session->checksums);
            continue;
        }
        errno = 0;
        if (!read_vob(session, vob, &session->title_keys[i].plain, &found)) {
            transcript_check(transcript, false, "%s cannot be read: %s", vob->name,
                             strerror(errno));
            continue;
        }
        transcript_check(transcript, found.scrambled > 0 && strcmp(found.as_read, expected) != 0,
                         "%s: %u of %u sectors are scrambled", vob->name, found.scrambled,
                         vob->sectors);
        transcript_check(transcript, strcmp(found.plain, expected) == 0,
                         "%s: descrambled, SHA-256 %.16s... as in the plain image", vob->name,
                         found.plain);
    }
}
