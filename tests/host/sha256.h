/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HOST_SHA256_H
#define TESTS_HOST_SHA256_H

/*
 * SHA-256 (FIPS 180-4), for comparing long byte strings with known values.
 */

#include <stddef.h>
#include <stdint.h>

#define SHA256_HEX_SIZE 65

/* Writes the digest of `size` bytes in lower-case hexadecimal, NUL-terminated. */
void sha256_hex(const void *data, size_t size, char hex[SHA256_HEX_SIZE]);

#endif
