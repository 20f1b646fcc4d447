/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4), for naming a set of rules: not for secrets. */
#pragma once

#include "analyzer/core/str.h"

struct sha256 {
    uint32_t state[8];
    uint64_t n_bytes;
    unsigned char block[64];
};

void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, struct str bytes);
void sha256_done(struct sha256 *h, unsigned char digest[32]);

/* The first `n` bytes of a digest as hex digits in `hex`, which has room for all 64 and a NUL. */
struct str sha256_hex(const unsigned char *digest, size_t n, char hex[65]);
