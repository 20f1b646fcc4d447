/* SPDX-License-Identifier: Apache-2.0 */
/* The list of formats and the auction between them. */
#include "analyzer/core/limits.h"
#include "parsers/parser.h"

#define PARSER(sym) extern const struct parser parser_##sym;
#include "parsers/parsers.def"
#undef PARSER

const struct parser *const parsers[] = {
#define PARSER(sym) &parser_##sym,
#include "parsers/parsers.def"
#undef PARSER
    NULL
};

void head_fill(struct head *head, struct str name, struct str bytes, struct str *lines)
{
    *head = (struct head){ .bytes = bytes, .lines = lines, .name = name };
    head->has_nul = str_find_char(bytes, '\0') != STR_NOT_FOUND;
    while (head->n_lines < LIMIT_HEAD_LINES && str_take_line(&bytes, &lines[head->n_lines]))
        head->n_lines++;
}

const struct parser *parser_find(struct str name)
{
    for (size_t i = 0; parsers[i]; i++)
        if (str_eq(str_from(parsers[i]->name), name))
            return parsers[i];
    return NULL;
}

const struct parser *parser_detect(const struct head *head, unsigned *bid)
{
    const struct parser *best = NULL;
    unsigned best_bid = 0;

    for (size_t i = 0; parsers[i]; i++) {
        unsigned b = parsers[i]->probe(head);

        if (!best || b > best_bid) {
            best = parsers[i];
            best_bid = b;
        }
    }
    if (best_bid == 0)
        best = parser_find(STR("plain"));
    *bid = best_bid;
    return best;
}
