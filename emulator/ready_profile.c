/* SPDX-License-Identifier: MIT */
#include "emulator/ready_profile.h"

#include <string.h>

#include "media/nearest_word.h"

#define REGION(number, more)  "[region]\nregion = " number "\n" more
#define FAULT(name, settings) "[fault " name "]\n" settings

/* clang-format off */
const struct ready_profile ready_profiles[] = {
    /* Regions. */
    {"factory-fresh",
     "A drive whose region was never set (RPC type NONE): a host that sets it on first contact spends one of five changes.",
     REGION("none", "")},
    {"region-1",
     "A drive set to region 1 with four changes left, which no host sets by itself.",
     REGION("1", "")},
    {"region-2",
     "A drive set to region 2 with four changes left: the wrong one for discs of region 1.",
     REGION("2", "")},
    {"last-chance",
     "A drive set to region 1 with one change left (RPC type LAST CHANCE): hosts should warn before they spend it.",
     REGION("1", "user-changes = 1\n")},
    {"permanent",
     "A drive set to region 1 for good (RPC type PERMANENT): every other region is refused with 05/6F/05.",
     REGION("1", "user-changes = 0\n")},
    {"permanent-4",
     "A drive set to region 4 for good, the wrong one for most discs and not to be changed.",
     REGION("4", "user-changes = 0\n")},
    {"rpc1",
     "A drive of RPC phase I that answers REPORT KEY 08h with scheme 0: hosts must not take the zeros for a region.",
     "[region]\nrpc = phase-1\n"},
    {"rpc1-silent",
     "A drive of RPC phase I that refuses REPORT KEY 08h with 05/24/00: hosts must do without a region.",
     "[region]\nrpc = none\n"},
    {"any-medium",
     "A drive whose region can be set without a disc or with any: regions can be tried without a set of discs.",
     "[policies]\nregion-set-medium = any\n"},
    {"strict-region",
     "A drive that also refuses scrambled sectors and drops the authentication when the region is wrong.",
     "[policies]\nregion-gate = strict\n" REGION("1", "")},

    /* Copy protection. */
    {"no-css",
     "A drive without the DVD CSS feature: REPORT KEY and SEND KEY are unknown operation codes.",
     "[abilities]\ncss = off\n"},
    {"one-agid",
     "A drive with a single AGID: a host that leaves one behind is found at once.",
     "[abilities]\nagids = 1\n"},
    {"recycling-agids",
     "A drive that takes back the AGID used longest ago when none is free: hosts must bear that theirs is gone.",
     "[policies]\nagid-exhausted = recycle\n"},
    {"strict-agid",
     "A drive that refuses the invalidation of an AGID that is not granted: a host that ends all sessions in turn must not stop at the first refusal.",
     FAULT("strict-agid", "key-format = invalidate\nauthentication = free\nsense = 5/24/00\n")},
    {"agid-keeping",
     "A drive that keeps the AGID when it refuses a key: a host that does not give it back has used up all of them after four refusals.",
     "[policies]\nagid-on-refused-key = keep\n"},
    {"key-not-present",
     "A drive that has no title key for sectors that are not scrambled: 05/6F/01 instead of a key of zeros.",
     "[policies]\nunprotected-title-key = key-not-present\n"},
    {"no-read-gate",
     "A drive that reads scrambled sectors without authentication.",
     "[policies]\nscrambled-read-gate = off\n"},

    /* Start-up. */
    {"slow",
     "A drive that needs 15 seconds to become ready after its tray closes: hosts wait through 02/04/01.",
     "[abilities]\nspin-up-time = 15000\n"},
    {"long-inquiry",
     "A drive with 96 bytes of standard INQUIRY data.",
     "[identity]\ninquiry-length = 96\n"},
    {"short-inquiry",
     "A drive whose INQUIRY data are too short for an MMC drive (additional length 30): Windows does not start it.",
     FAULT("short-inquiry", "cdb = 12 00\ntruncate = 35\npatch = 4:1E\n")},
    {"all-features",
     "A drive that answers GET CONFIGURATION for one feature (RT 2) with all of them: hosts must look for theirs in the list.",
     FAULT("all-features", "cdb = 46 02\nmisread = 1:00 0000\n")},
    {"misaligned-features",
     "A drive whose profile list claims six bytes where there are four: a walk through the features goes astray before DVD Read.",
     FAULT("misaligned-features", "cdb = 46 00 00 00\npatch = 11:06\n")},
    {"odd-features",
     "A drive whose serial number feature is not padded: the feature list has an odd length, for which Windows takes it for no MMC drive.",
     "[identity]\nserial = VODD00000001\n" FAULT( "odd-features", "cdb = 46 00 00 00\nheader-length = 103\ntruncate = 107\npatch = 95:0B\n")},
    {"no-configuration",
     "A drive that does not know GET CONFIGURATION: hosts take it for a CD drive before MMC, without any DVD commands.",
     FAULT("no-configuration", "command = GET CONFIGURATION\nsense = 5/20/00\n")},
    {"event-attention",
     "A drive that once reports its power-on attention on GET EVENT STATUS NOTIFICATION, which should have passed it by.",
     FAULT("event-attention", "command = GET EVENT STATUS NOTIFICATION\ntimes = 1\nsense = power-on-or-reset\n")},
    {"no-events",
     "A drive that does not know GET EVENT STATUS NOTIFICATION: hosts find media by polling with TEST UNIT READY.",
     FAULT("no-events", "command = GET EVENT STATUS NOTIFICATION\nsense = 5/20/00\n")},
    {"no-mode-sense-6",
     "A drive that knows only the ten-byte MODE SENSE: hosts that ask with six bytes must ask again or do without page 2Ah.",
     FAULT("no-mode-sense-6", "command = MODE SENSE(6)\nsense = 5/20/00\n")},
    {0},
};
/* clang-format on */

bool ready_profile_is_name(const char *text)
{
    return *text != '\0' && strpbrk(text, "/.") == NULL;
}

const struct ready_profile *ready_profile_find(const char *name)
{
    for (const struct ready_profile *profile = ready_profiles; profile->name; profile++)
        if (strcmp(profile->name, name) == 0)
            return profile;
    return NULL;
}

bool ready_profile_read(const char *name, struct drive_profile *profile,
                        struct diagnostics *diagnostics)
{
    const struct ready_profile *ready = ready_profile_find(name);
    struct nearest_word nearest;

    if (ready)
        return drive_profile_read(name, ready->text, profile, diagnostics);
    drive_profile_init(profile);
    nearest_word_init(&nearest, name);
    for (const struct ready_profile *other = ready_profiles; other->name; other++)
        nearest_word_consider(&nearest, other->name);
    diagnostics_error(
        diagnostics,
        "%s: no such ready-made profile; the nearest is \"%s\"; accepted: a name that "
        "`vodd info --profiles` lists, or the path of a file, ./%s for one here",
        name, nearest.word, name);
    return false;
}
