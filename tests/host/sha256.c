/* SPDX-License-Identifier: MIT */
#include "tests/host/sha256.h"

#include <sys/types.h>

#include <sha2.h>

_Static_assert(SHA256_HEX_SIZE == SHA256_DIGEST_STRING_LENGTH, "room for the digest");

void sha256_hex(const void *data, size_t size, char hex[SHA256_HEX_SIZE])
{
    SHA256Data(data, size, hex);
}
