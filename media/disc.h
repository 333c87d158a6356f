/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_DISC_H
#define MEDIA_DISC_H

/*
 * A DVD that can lie in the tray.
 *
 * A disc is made once from a description and an image file, never changes afterwards and is
 * reference-counted, so one disc may lie in many drives.  All functions on a `const struct disc *`
 * may be called from several threads at once.  Nothing here knows SCSI: an LBA counts 2048-byte
 * sectors of the data area from 0.
 *
 * A plain image becomes a CSS disc on the fly: key block and title keys come from the description
 * or its seed, and the sectors that the description selects are scrambled while they are read.  The
 * image file is only read.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "media/css_key.h"
#include "media/css_sector.h"
#include "media/diagnostics.h"
#include "media/settings_sections.h"

/*
 * What fits on a disc, in sectors; texts that name a limit take it from here.
 *
 * One layer: a full DVD-R, whose data area of 4.7 GB is the longest of all discs of one layer (PSN
 * 030000h to 26127Fh; ECMA-359).  DVD-ROM and DVD+R end at 26053Fh, 2295104 sectors.  Two layers of
 * a 120 mm disc: a full DVD+R DL (PSN 030000h to 22D7FFh on layer 0; ECMA-364).
 */
#define DISC_LAYER_SECTORS_MAX     2298496
#define DISC_TWO_LAYER_SECTORS_MAX 2086912 /* on each of two layers */
#define DISC_SECTORS_MAX           4173824

_Static_assert(DISC_SECTORS_MAX == 2 * DISC_TWO_LAYER_SECTORS_MAX, "two full layers");

/* A limit as text: "4173824". */
#define DISC_LIMIT_TEXT(limit)  DISC_LIMIT_TEXT_(limit)
#define DISC_LIMIT_TEXT_(limit) #limit
/* Title sets of DVD-Video: 0 is the VMG (VIDEO_TS.VOB), 1..99 are VTS_nn. */
#define DISC_TITLE_SETS     100
#define DISC_BCA_MIN        12
#define DISC_BCA_MAX        188
#define DISC_STRUCTURE_SIZE 2048
#define DISC_SEED_DEFAULT   1

enum disc_medium {
    DISC_MEDIUM_DVD_ROM,
    /* No drive recognises it: for tests of "incompatible medium".  Has no image and no sectors. */
    DISC_MEDIUM_UNREADABLE,
};

enum disc_track_path {
    DISC_TRACK_PATH_PARALLEL,
    DISC_TRACK_PATH_OPPOSITE,
};

/* Copyright protection system type, as byte 0 of the copyright information has it. */
enum disc_protection {
    DISC_PROTECTION_NONE = 0,
    DISC_PROTECTION_CSS = 1,
};

/* `count` sectors from `first`. */
struct disc_extent {
    uint32_t first;
    uint32_t count;
    /* Which title key scrambles it, 0..99; unused in a list of defects. */
    unsigned title_set;
};

struct disc_extents {
    struct disc_extent *extent; /* malloc'ed */
    size_t count;
};

/* Settings of a fixture that may turn out to be wrong only when its image is there. */
enum disc_setting {
    DISC_SETTING_IMAGE,
    DISC_SETTING_LAYERS,
    DISC_SETTING_LAYER_BREAK,
    DISC_SETTING_FILES,
    DISC_SETTING_EXTENTS,
    DISC_SETTING_UNREADABLE,
    DISC_SETTINGS,
};

/* Where a description comes from, for messages. */
struct disc_origin {
    char *fixture;                /* its name, malloc'ed; NULL: no fixture */
    unsigned line[DISC_SETTINGS]; /* 0: not stated */
};

/*
 * What a disc is to be.  Made by disc_description_init(), filled by a fixture or by command-line
 * options, released by disc_description_release().  Whatever is "unset" is computed from the image
 * or drawn from the seed.
 */
struct disc_description {
    char *image; /* path, malloc'ed; relative to the working directory of the process */
    enum disc_medium medium;
    uint64_t seed;

    unsigned layers;                 /* 1 or 2; 0 = unset: as many as the image needs */
    enum disc_track_path track_path; /* of two layers */
    uint32_t
        layer_break; /* sectors on layer 0, a multiple of 16; 0 = unset: half, rounded up to 16 */
    unsigned book_version; /* part version, 0..15 */
    bool disc_80mm;

    enum disc_protection protection;
    /* RMI: bit n = 1 means not playable in region n+1. */
    uint8_t regions_forbidden;

    bool has_disc_key;
    struct css_key disc_key;
    bool has_player_key[CSS_PLAYER_KEYS];
    struct css_key player_key[CSS_PLAYER_KEYS]; /* entry j of the key block is [j - 1] */
    bool has_title_key[DISC_TITLE_SETS];
    struct css_key title_key[DISC_TITLE_SETS]; /* plain, not as stored */

    /*
     * What is scrambled.  With `files` and `extents` both empty: every VOB of VIDEO_TS.  Otherwise
     * just what they name.  Within it every scramble_every-th sector, counted from the beginning of
     * its consecutive extent, if it has content (1 = all).
     */
    char **scramble_files; /* names within VIDEO_TS, upper case, malloc'ed strings */
    size_t scramble_file_count;
    struct disc_extents scramble_extents;
    unsigned scramble_every;

    uint8_t bca[DISC_BCA_MAX];
    size_t bca_size;                            /* 0 = none, else DISC_BCA_MIN..DISC_BCA_MAX */
    uint8_t manufacturing[DISC_STRUCTURE_SIZE]; /* zeros if nobody says */

    struct disc_extents defects; /* sectors that cannot be read */

    /* Fault rules of a drive with this disc in it, which media do not understand. */
    struct settings_sections faults;

    struct disc_origin origin;
};

void disc_description_init(struct disc_description *description);
void disc_description_release(struct disc_description *description);

struct disc;

/*
 * Makes the disc: opens the image, looks at it, checks the description against it, finds the VOB
 * files (within limits, examination.h), draws the keys that are unset.  `description` is copied and
 * stays the caller's. Returns a disc with one reference, or NULL after reporting every fault
 * (missing image, not a whole number of sectors is a warning, larger than a disc, layer break
 * outside the image, a file that is not on the disc, ...).
 *
 * A drawn disc key is unambiguous (css_disc_key_is_unambiguous); a stated one that is not gets a
 * warning.
 */
struct disc *disc_create(const struct disc_description *description,
                         struct diagnostics *diagnostics);

struct disc *disc_reference(struct disc *disc);
/* Gives a reference back; the last one closes the image.  NULL is allowed. */
void disc_release(struct disc *disc);

/* The description with everything unset filled in; lives as long as the disc. */
const struct disc_description *disc_description(const struct disc *disc);

enum disc_medium disc_medium(const struct disc *disc);
/* Capacity in sectors; READ CAPACITY and the physical format information derive from this one
 * number. */
uint32_t disc_sectors(const struct disc *disc);
/* 1 or 2. */
unsigned disc_layers(const struct disc *disc);
/* Sectors on layer 0 of a two-layer disc; 0 with one layer. */
uint32_t disc_layer_break(const struct disc *disc);
bool disc_is_css(const struct disc *disc);
/* Region management information; 00h without protection. */
uint8_t disc_regions_forbidden(const struct disc *disc);

/* The 2048 bytes of the disc key block as stored, or NULL on a disc without CSS. */
const uint8_t *disc_key_block(const struct disc *disc);

/* What the header of a data sector says (CPR_MAI). */
struct disc_sector_header {
    uint8_t copyright; /* byte 0: CPM, CP_SEC, CGMS, CPS_MOD; F0h in a scrambled extent, else 00h */
    struct css_key encrypted_title_key; /* as stored; all zero outside every scrambled extent */
};

/* `lba` must be below disc_sectors(). */
struct disc_sector_header disc_sector_header(const struct disc *disc, uint32_t lba);

/* The scrambled extents, sorted by first sector, for reports; lives as long as the disc. */
const struct disc_extents *disc_scrambled_extents(const struct disc *disc);

/* Contents of the lead-in's control data, as DVD structures without their 4-byte header. */
void disc_physical_format(const struct disc *disc, unsigned layer,
                          uint8_t data[DISC_STRUCTURE_SIZE]);
void disc_copyright_information(const struct disc *disc, uint8_t data[4]);
void disc_manufacturing_information(const struct disc *disc, uint8_t data[DISC_STRUCTURE_SIZE]);
/* Returns the size, 0 when the disc has no burst cutting area. */
size_t disc_burst_cutting_area(const struct disc *disc, uint8_t data[DISC_BCA_MAX]);

enum disc_read_end {
    DISC_READ_COMPLETE,
    /* The next sector cannot be read: a defect of the description, a truncated image, an I/O error.
     */
    DISC_READ_UNREADABLE,
    /*
     * The next sector is scrambled and scrambled sectors were not wanted.  On a CSS disc that is a
     * sector of a scrambled extent that is scrambled on the way or was so in the image.
     */
    DISC_READ_SCRAMBLED,
};

/* Why a sector cannot be read. */
enum disc_read_reason {
    DISC_READ_DEFECT,  /* the description says so */
    DISC_READ_MISSING, /* the image has become shorter, or ends in the midst of it */
    DISC_READ_FAILED,  /* the image cannot be read there: `error` */
};

struct disc_read {
    enum disc_read_end end;
    uint32_t sectors;             /* how many whole sectors are good, from the first */
    enum disc_read_reason reason; /* of DISC_READ_UNREADABLE */
    int error;                    /* of DISC_READ_FAILED: errno */
};

/*
 * Reads `count` sectors from `lba` into `iov`, which has room for count * 2048 bytes; the range
 * must be inside the disc.  Plain sectors go from the image straight into the buffers (preadv).
 * With `stop_at_scrambled` the read ends before the first sector that the disc carries scrambled.
 * Never fails otherwise: what could not be read is in `end`, and buffers beyond the good sectors
 * hold no promise.
 */
struct disc_read disc_read(const struct disc *disc, uint32_t lba, uint32_t count,
                           bool stop_at_scrambled, const struct iovec *iov, int iov_count);

#endif
