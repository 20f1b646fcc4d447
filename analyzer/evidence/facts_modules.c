/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Modules: those of the last report's "Modules linked in:", and those that could not be loaded.
 *
 *     Modules linked in: vmw_balloon(E) vmxnet3 ahci(+) [last unloaded: nls_utf8]
 *
 * A list that is longer than a record goes on in the next one, which holds nothing but module
 * names.
 */
#include "analyzer/evidence/extract.h"

/* A record is cut at about 1000 bytes; a shorter list is whole. */
enum { LIST_CUT_BYTES = 900, MORE_LINES = 3 };

/* "vmw_balloon" of "vmw_balloon(OE)"; false for what is no module. */
static bool take_module(struct str word, struct str *name)
{
    size_t n = 0;

    while (n < word.n && (char_is_word(word.p[n]) || word.p[n] == '-'))
        n++;
    *name = str_first(word, n);
    /* Flags: taint letters, + loading, - going away. */
    if (n < word.n && (word.p[n] != '(' || word.p[word.n - 1] != ')'))
        return false;
    return n > 0 && n < 64;
}

static void add_modules(struct extraction *x, struct str in)
{
    struct str word, name;

    while (str_take_spaces(&in), str_take_word(&in, &word)) {
        if (!take_module(word, &name))
            return;
        extract_add(x, FACT_MODULES_LOADED, name, SORT_OTHER);
    }
}

void take_modules(struct extraction *x)
{
    struct facts_state *s = x->facts->state;
    uint64_t hash = str_hash(x->rest);

    s->modules.more_lines = x->line.n > LIST_CUT_BYTES ? MORE_LINES : 0;
    extract_want(x, s->modules.more_lines);
    if (hash == s->modules.hash && extract_known(x, FACT_MODULES_LOADED))
        return;
    s->modules.hash = hash;
    extract_clear(x, FACT_MODULES_LOADED);
    add_modules(x, x->rest);
}

static bool only_modules(struct str in)
{
    struct str word, name;

    while (str_take_spaces(&in), str_take_word(&in, &word)) {
        if (str_starts(word, STR("[last")))
            return true;
        if (!take_module(word, &name))
            return false;
    }
    return true;
}

void modules_follow(struct extraction *x)
{
    if (x->facts->state->modules.more_lines == 0 || str_starts(x->line, STR("Modules linked in:")))
        return;
    if (x->line.n && only_modules(x->line))
        add_modules(x, x->line);
    else
        x->facts->state->modules.more_lines = 0;
}

static void add_failed(struct extraction *x, struct str name)
{
    struct str module;

    if (take_module(name, &module) && module.n == name.n)
        extract_add(x, FACT_MODULES_FAILED, module, SORT_OTHER);
}

/* "vmxnet3: disagrees about version of symbol module_layout": the word before is the module. */
void take_module_before(struct extraction *x)
{
    struct str before = str_trim(x->before);
    size_t blank;

    if (!str_ends(before, STR(":")))
        return;
    before.n--;
    blank = str_find_last_char(before, ' ');
    add_failed(x, blank == STR_NOT_FOUND ? before : str_from_at(before, blank + 1));
}

/* "Failed to insert module 'foo': …", "FATAL: Module foo not found in directory …" */
void take_module_after(struct extraction *x)
{
    struct str in = x->rest, name;

    if (str_take_char(&in, '\'')) {
        if (str_take_until(&in, '\'', &name))
            add_failed(x, name);
        return;
    }
    if (str_take_word(&in, &name))
        add_failed(x, name);
}
