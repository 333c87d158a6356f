/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_ROW_H
#define TESTS_CONFORMANCE_ROW_H

/*
 * A conformance row: an id, a name in words, and the steps that prove it.  The ids of client
 * checklists are kept (I, M, S, K: Linux; SS, ES, RK, SK, RG, ST, RA, IN, MC, RD: Windows);
 * "MMC n.n" and "CSS n.n" are sections of the project's MMC and CSS references.
 *
 * Steps are lines of text.  A row begins with one of
 *
 *     power-on [SETTING=VALUE]...      a drive just switched on, empty, nexus 1 with 29/00 pending
 *     start DISC [SETTING=VALUE]...    the same, then attentions taken, DISC ("empty": none)
 *                                      inserted, ready, and all attentions and events taken
 *
 * (settings: settings.c; discs: discs.h).  A command is a line of hexadecimal bytes:
 *
 *     [N:] [lun L] CDB [< DATA OUT] [> DATA IN] [! SENSE]
 *
 *     A4 00 00000000 00 00 0008 08 00 > 00 06 00 00 25 FF 01 00
 *     2: 28 00 00000800 00 0001 00 ! 05/21/00 lba 800
 *
 * N: is the nexus, 1 if absent.  Without "!" the status must be GOOD and the sense zero.  Without
 * ">" no data may come; data must be all that is written and no more.  In data '.' is any nibble,
 * 'text' is ASCII, XX{n} repeats a byte n times, a final * is any rest, and
 *
 *     $plain:LBA  $title-1  $title-2   a sector of the image; its first video pack scrambled
 *     $disc-key:BUSKEY                 the disc key block under that bus key
 *
 * SENSE is key/asc/ascq, '.' for any digit, then what bytes 15-17 and 3-6 must be:
 *
 *     cdb 4       field pointer to CDB byte 4, a bit pointer may be there    cdb 4.2   to bit 2
 *                 (of a field of several bits: its highest)                  cdb 4.-   none
 *     cdb 2-5     to one of these bytes                                      cdb ?     to any
 *     list 4      to byte 4 of the parameter list, likewise
 *     lba 101     INFORMATION valid and 101h                          lba? 101  valid or not
 *
 * Without them the fields must be invalid and zero.  Other steps:
 *
 *     attach N [without-autosense]     detach N
 *     clear N                          takes all attentions and events of nexus N
 *     insert DISC | insert nothing     eject | eject keep          press moves | press stays
 *     reset power-on|hard|bus|logical-unit                         wait MILLISECONDS
 *     vendor-reset done | refused      store works | fails
 *     power-cycle [SETTING=VALUE]...   a new drive with the stored non-volatile state, as power-on
 *     handshake A                      a whole authentication with AGID A as a host does it,
 * whatever challenge and variant the drive draws, then the disc key, which must be that of the
 * vectors midway BYTES STEP / COMMAND      STEP (insert, eject, reset, ...) happens when so many
 * bytes of the command's data have been taken sweep A-B COMMAND                the command with
 * every allocation length from 0 to the length of its answer + 2 in CDB bytes A to B; each answer
 * must be the truncated one sweep-anew A-B COMMAND           the same; all steps before it are
 * taken again each time
 *
 * "; text" ends a line as a comment.
 */

#include <stddef.h>

struct row {
    const char *id;
    const char *name;
    const char *const *steps; /* NULL at the end */
};

#define ROW(id, name, ...)                                                                         \
    {                                                                                              \
        id, name, (const char *const[])                                                            \
        {                                                                                          \
            __VA_ARGS__, NULL                                                                      \
        }                                                                                          \
    }

/* All rows, in order. */
struct suite;

struct suite *suite_new(void);
void suite_release(struct suite *suite);
size_t suite_rows(const struct suite *suite);
const struct row *suite_row(const struct suite *suite, size_t index);

/* Rows of a table, which stays in place. */
void suite_add_rows(struct suite *suite, const struct row *rows, size_t count);
#define SUITE_ADD_ROWS(suite, rows) suite_add_rows(suite, rows, sizeof(rows) / sizeof((rows)[0]))

/* A row that is worked out: first this, then its steps one by one. */
__attribute__((format(printf, 3, 4))) void suite_begin_row(struct suite *suite, const char *id,
                                                           const char *name, ...);
__attribute__((format(printf, 2, 3))) void suite_step(struct suite *suite, const char *step, ...);

/* One function for each subject. */
void rows_opcodes(struct suite *suite);
void rows_states(struct suite *suite);
void rows_conditions(struct suite *suite);
void rows_inquiry(struct suite *suite);
void rows_mode_sense(struct suite *suite);
void rows_mode_select(struct suite *suite);
void rows_configuration(struct suite *suite);
void rows_tray(struct suite *suite);
void rows_prevent(struct suite *suite);
void rows_power(struct suite *suite);
void rows_attention(struct suite *suite);
void rows_events(struct suite *suite);
void rows_medium(struct suite *suite);
void rows_read(struct suite *suite);
void rows_toc(struct suite *suite);
void rows_performance(struct suite *suite);
void rows_mechanics(struct suite *suite);
void rows_structures(struct suite *suite);
void rows_scrambled(struct suite *suite);
void rows_agid(struct suite *suite);
void rows_key_formats(struct suite *suite);
void rows_authentication(struct suite *suite);
void rows_key_states(struct suite *suite);
void rows_keys(struct suite *suite);
void rows_region(struct suite *suite);
void rows_linux(struct suite *suite);
void rows_windows(struct suite *suite);
void rows_traces(struct suite *suite);
void rows_read_cd(struct suite *suite);
void rows_measured(struct suite *suite);

#endif
