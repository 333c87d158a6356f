/* SPDX-License-Identifier: MIT */
#include "media/css_key.h"

#include <errno.h>
#include <stdlib.h>

#include "media/css_keystream.h"
#include "media/css_substitution.h"

/*
 * Which other disc keys D have the hash h = encrypt(D, D)?  Those with decrypt(D, h) = D.
 *
 * Let k be the five keystream bytes for D.  With constants a that follow from h,
 *
 *     a0 = F[h0]    ai = F[hi] ^ h(i-1)    Gi(x) = x ^ F[x ^ ai]    t0 = k0 ^ k4 ^ a0 ^ a4
 *     D0 = k0 ^ F[t0]    D1 = G1(k1) ^ t0    Di = Gi(ki) ^ k(i-1) ^ a(i-1)    i = 2..4
 *
 * so k determines D.  In turn k = X + Y modulo 2^40 (bytes as numbers, the first lowest), where X,
 * the output of the 17-bit register, is affine in D0 and D1, and Y, that of the 25-bit register, in
 * D2, D3 and D4.  Every Di is a sum of functions of one ki or of t0 alone, and so is Y:
 *
 *     Y = P1(k1) ^ P2(k2) ^ P3(k3) ^ P4(k4)
 *
 * The search meets in the middle.  The 2^16 pairs (k2, k3) are filed by the low 16 bits of
 * P2 ^ P3.  Each of the 2^24 triples (k0, k1, k4) gives X and, by Y = k - X, the low 16 bits of Y:
 * they say where a fitting pair must be filed.  The highest five bits of Y are known as well, up to
 * a borrow; they turn most triples away at the price of one look.
 */

#define F          css_substitution
#define MASK_40BIT 0xFFFFFFFFFFu

/* The pairs (k2, k3) by the low 16 bits of their P2 ^ P3. */
struct pairs {
    uint32_t top[1 << 16];  /* bit n: some pair here has n as the highest five bits of P2 ^ P3 */
    uint32_t end[1 << 16];  /* the list is pair[end of the list before .. end - 1] */
    uint16_t pair[1 << 16]; /* k2 | k3 << 8 */
};

struct search {
    uint8_t a[CSS_KEY_SIZE];
    uint64_t x0, x_d0[256], x_d1[256]; /* X = x0 ^ x_d0[D0] ^ x_d1[D1] */
    uint64_t x_k1[256];                /* what k1 adds to X through D1 */
    uint64_t p1[256], p2[256], p3[256], p4[256];
    /* Bits 0..15 and 32..39 of x_k1 and p1, for the innermost loop. */
    uint16_t x_low[256], p1_low[256];
    uint8_t x_high[256], p1_high[256];
    struct pairs pairs;
};

/* One column of the search: k0 and k4 are chosen, k1 runs. */
struct column {
    unsigned k0, k4;
    uint8_t d0, t0;
    uint64_t x; /* X without x_k1 */
    uint16_t filed[256];
    uint8_t top[256], top_borrowed[256];
};

static uint8_t g(const struct search *search, unsigned i, unsigned k)
{
    return (uint8_t)(k ^ F[k ^ search->a[i]]);
}

static void tabulate(struct search *search, const struct css_key *hash)
{
    const struct css_key zero = {0};
    uint64_t y0 = css_keystream_register25(&zero);
    uint64_t y_d2[256], y_d3[256], y_d4[256];
    search->x0 = css_keystream_register17(&zero);
    for (unsigned v = 0; v < 256; v++) {
        uint8_t d = (uint8_t)v;
        search->x_d0[v] = css_keystream_register17(&(struct css_key){{d}}) ^ search->x0;
        search->x_d1[v] = css_keystream_register17(&(struct css_key){
                              {0, d}
        }) ^
                          search->x0;
        y_d2[v] = css_keystream_register25(&(struct css_key){
                      {0, 0, d}
        }) ^
                  y0;
        y_d3[v] = css_keystream_register25(&(struct css_key){
                      {0, 0, 0, d}
        }) ^
                  y0;
        y_d4[v] = css_keystream_register25(&(struct css_key){
                      {0, 0, 0, 0, d}
        }) ^
                  y0;
    }
    uint8_t *a = search->a;
    a[0] = F[hash->byte[0]];
    for (unsigned i = 1; i < CSS_KEY_SIZE; i++)
        a[i] = F[hash->byte[i]] ^ hash->byte[i - 1];
    for (unsigned v = 0; v < 256; v++) {
        search->x_k1[v] = search->x_d1[g(search, 1, v)];
        search->p1[v] = y0 ^ y_d2[v ^ a[1]];
        search->p2[v] = y_d2[g(search, 2, v)] ^ y_d3[v ^ a[2]];
        search->p3[v] = y_d3[g(search, 3, v)] ^ y_d4[v ^ a[3]];
        search->p4[v] = y_d4[g(search, 4, v)];
        search->x_low[v] = (uint16_t)search->x_k1[v];
        search->p1_low[v] = (uint16_t)search->p1[v];
        search->x_high[v] = (uint8_t)(search->x_k1[v] >> 32);
        search->p1_high[v] = (uint8_t)(search->p1[v] >> 32);
    }
}

static void file_pairs(struct search *search)
{
    struct pairs *pairs = &search->pairs;
    for (unsigned pair = 0; pair < 1 << 16; pair++) {
        uint64_t share = search->p2[pair & 0xFF] ^ search->p3[pair >> 8];
        pairs->top[share & 0xFFFF] |= 1u << (share >> 35);
        pairs->end[share & 0xFFFF]++;
    }
    uint32_t end = 0;
    for (unsigned i = 0; i < 1 << 16; i++) {
        end += pairs->end[i];
        pairs->end[i] = end;
    }
    /* Filling backwards moves each end to the beginning of its list ... */
    for (unsigned pair = 0; pair < 1 << 16; pair++) {
        uint64_t share = search->p2[pair & 0xFF] ^ search->p3[pair >> 8];
        pairs->pair[--pairs->end[share & 0xFFFF]] = (uint16_t)pair;
    }
    /* ... which is the end of the list before. */
    for (unsigned i = 0; i + 1 < 1 << 16; i++)
        pairs->end[i] = pairs->end[i + 1];
    pairs->end[(1 << 16) - 1] = end;
}

static void column_fill(const struct search *search, struct column *column)
{
    column->t0 = (uint8_t)(column->k0 ^ column->k4 ^ search->a[0] ^ search->a[4]);
    column->d0 = (uint8_t)(column->k0 ^ F[column->t0]);
    column->x = search->x0 ^ search->x_d0[column->d0] ^ search->x_d1[column->t0];
    uint64_t p4 = search->p4[column->k4];
    uint16_t x_low = (uint16_t)column->x, p4_low = (uint16_t)p4;
    uint8_t x_high = (uint8_t)(column->x >> 32), p4_high = (uint8_t)(p4 >> 32);
    uint16_t k0 = (uint16_t)column->k0;
    uint8_t k4 = (uint8_t)column->k4;
    for (unsigned k1 = 0; k1 < 256; k1++) {
        uint16_t y = (uint16_t)((k0 | k1 << 8) - (unsigned)(x_low ^ search->x_low[k1]));
        column->filed[k1] = y ^ p4_low ^ search->p1_low[k1];
    }
    for (unsigned k1 = 0; k1 < 256; k1++) {
        uint8_t y = (uint8_t)(k4 - (x_high ^ search->x_high[k1]));
        uint8_t others = p4_high ^ search->p1_high[k1];
        column->top[k1] = (uint8_t)(y ^ others) >> 3;
        column->top_borrowed[k1] = (uint8_t)((uint8_t)(y - 1) ^ others) >> 3;
    }
}

struct rivals {
    const struct css_key *known; /* does not count */
    struct css_key *found;
    size_t count, room;
};

/* Looks which pairs of its list the triple goes with. */
static void try_triple(const struct search *search, const struct column *column, unsigned k1,
                       struct rivals *rivals)
{
    uint64_t x = column->x ^ search->x_k1[k1];
    uint64_t others = search->p4[column->k4] ^ search->p1[k1];
    uint16_t filed = column->filed[k1];
    uint32_t i = filed == 0 ? 0 : search->pairs.end[filed - 1];
    for (; i < search->pairs.end[filed]; i++) {
        unsigned k2 = search->pairs.pair[i] & 0xFF, k3 = search->pairs.pair[i] >> 8;
        uint64_t y = others ^ search->p2[k2] ^ search->p3[k3];
        uint64_t k =
            column->k0 | k1 << 8 | k2 << 16 | (uint64_t)k3 << 24 | (uint64_t)column->k4 << 32;
        if (((x + y) & MASK_40BIT) != k)
            continue;
        const uint8_t *a = search->a;
        struct css_key found = {
            {
             column->d0,
             g(search, 1, k1) ^ column->t0,
             (uint8_t)(g(search, 2, k2) ^ k1 ^ a[1]),
             (uint8_t)(g(search, 3, k3) ^ k2 ^ a[2]),
             (uint8_t)(g(search, 4, column->k4) ^ k3 ^ a[3]),
             }
        };
        if (rivals->count < rivals->room && !css_key_equal(&found, rivals->known))
            rivals->found[rivals->count++] = found;
    }
}

static void try_column(const struct search *search, const struct column *column,
                       struct rivals *rivals)
{
    /* Collected first, because a jump that nobody can predict would cost more than the look. */
    uint8_t worth[256];
    unsigned count = 0;
    for (unsigned k1 = 0; k1 < 256; k1++) {
        uint32_t top = search->pairs.top[column->filed[k1]];
        worth[count] = (uint8_t)k1;
        count += (top >> column->top[k1] | top >> column->top_borrowed[k1]) & 1;
    }
    for (unsigned i = 0; i < count; i++)
        try_triple(search, column, worth[i], rivals);
}

int css_disc_key_find_rivals(const struct css_key *disc_key, struct css_key *rivals, size_t room)
{
    struct search *search = calloc(1, sizeof *search);
    if (!search) {
        errno = ENOMEM;
        return -1;
    }
    struct css_key hash = css_key_encrypt(CSS_KEY_USE_DISC, disc_key, disc_key);
    tabulate(search, &hash);
    file_pairs(search);
    struct rivals found = {.known = disc_key, .found = rivals, .room = room};
    struct column column;
    for (column.k4 = 0; column.k4 < 256 && found.count < room; column.k4++)
        for (column.k0 = 0; column.k0 < 256 && found.count < room; column.k0++) {
            column_fill(search, &column);
            try_column(search, &column, &found);
        }
    free(search);
    return (int)found.count;
}

int css_disc_key_is_unambiguous(const struct css_key *disc_key)
{
    struct css_key rival;
    int rivals = css_disc_key_find_rivals(disc_key, &rival, 1);
    return rivals < 0 ? -1 : rivals == 0;
}
