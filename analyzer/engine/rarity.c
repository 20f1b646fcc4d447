/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A text is as rare as its pairs of neighbouring characters: each is as likely as it follows the
 * one before it in logs of healthy machines. That knows nothing of words (ordinary.def does), but
 * it has an opinion of every text, so it serves literals of rules that nobody here has seen.
 */
#include "analyzer/engine/rarity.h"

enum {
    CLASSES = 32,
    QUARTER_BITS = 4,
    GIB = 30 * QUARTER_BITS, /* rarer than once in a GiB */
};

/* [0] is of a character alone, [1 + class] of one behind a character of that class. */
static const uint8_t rarities[1 + CLASSES][CLASSES] = {
#define ROW(...) { __VA_ARGS__ },
#include "analyzer/engine/ordinary_pairs.def"
#undef ROW
};

/* 0: a character of no class. tests/tools/ordinary_pairs.py counts by the same classes. */
static unsigned char_class(char c)
{
    if (char_is_alpha(c))
        return (unsigned char)c & 31u;
    if (char_is_digit(c))
        return 27;
    switch (c) {
    case ' ': return 28;
    case ':': return 29;
    case '-':
    case '_': return 30;
    case '.':
    case ',':
    case '/':
    case '\\': return 31;
    default: return 0;
    }
}

void rarity_costs(struct str text, size_t gram_bytes, uint32_t *costs, size_t n)
{
    uint8_t alone[RARITY_TEXT_MAX], behind[RARITY_TEXT_MAX];
    unsigned last = 0, sum = 0; /* of the pairs in a gram */

    for (size_t i = 0; i < n + gram_bytes - 1; i++) {
        unsigned class = char_class(text.p[i]);

        alone[i] = rarities[0][class];
        behind[i] = rarities[1 + last][class];
        last = class;
        if (i)
            sum += behind[i];
        if (i >= gram_bytes)
            sum -= behind[i - gram_bytes + 1];
        if (i + 1 >= gram_bytes) {
            size_t at = i + 1 - gram_bytes;
            unsigned rarity = alone[at] + sum;

            costs[at] = rarity < GIB ? UINT32_C(1) << (GIB - rarity) / QUARTER_BITS : 0;
        }
    }
}
