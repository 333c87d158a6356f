/* SPDX-License-Identifier: MIT */
#ifndef MEDIA_CSS_SUBSTITUTION_H
#define MEDIA_CSS_SUBSTITUTION_H

/*
 * The byte substitution of the key and content ciphers: a fixed permutation of 0..255, which is not
 * its own inverse.
 */

#include <stdint.h>

/* Used when something is decrypted. */
extern const uint8_t css_substitution[256];
/* Used when something is encrypted: css_substitution_inverse[css_substitution[x]] == x. */
extern const uint8_t css_substitution_inverse[256];

#endif
