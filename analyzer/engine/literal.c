/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Literals that a regular expression cannot do without; see literal.h.
 *
 * One pass over the pattern with a stack of open groups. In each branch a *run* grows: the set of
 * texts that the last atoms can have matched, side by side. An atom that can match too many things
 * ends the run; the run is then a requirement of the branch (one of its texts must stand in any
 * subject), and the best requirement is kept. A group whose branches all are short closed sets goes
 * on as part of the run around it ("[Kk]ernel (bug|panic)" is four texts); otherwise its
 * requirement is the union of its branches' requirements, when all have one.
 *
 * Sound means: what is unknown ends a run, and syntax that could mean something else to another
 * version of PCRE2 makes the whole answer "none". Runs hold printable ASCII only: formats escape
 * other bytes, and records that span lines have prefixes between them on disk.
 */
#include "analyzer/engine/literal.h"

#include "analyzer/engine/pattern.h"
#include "analyzer/engine/regex_atom.h"
#include "analyzer/engine/words.h"

#include <string.h>

enum { DEPTH = 16 };

/* An open group; [0] is the pattern itself. */
struct frame {
    struct words run;      /* of the branch being read */
    struct words best;     /* requirement of that branch so far; .n == 0: none */
    bool whole;            /* run is all that the branch can match up to here */
    struct words closed;   /* what the finished branches can match, if all_closed */
    struct words required; /* one of these, if all_required */
    bool all_closed, all_required;
    bool looks; /* a lookaround: takes part in nothing */
};

struct reading {
    struct str in;
    unsigned depth; /* of the innermost frame */
    struct frame frames[DEPTH];
};

/* Length finds less by chance; each further text costs about what a byte gains. 0: no use. */
static size_t worth(const struct words *w)
{
    size_t least = words_shortest(w);

    return least < PREFILTER_MIN ? 0 : least + WORDS - w->n;
}

static void require(struct frame *f, const struct words *w)
{
    if (worth(w) > worth(&f->best))
        words_copy(&f->best, w);
}

static void end_run(struct frame *f)
{
    require(f, &f->run);
    words_init(&f->run);
    f->whole = false;
}

/* run × w; a run that grows out of bounds ends, and `w` starts the next. */
static void append(struct frame *f, const struct words *w)
{
    if (words_multiply(&f->run, w))
        return;
    end_run(f);
    words_copy(&f->run, w);
}

static void open_branch(struct frame *f)
{
    words_init(&f->run);
    f->best.n = 0;
    f->whole = true;
}

static void open_frame(struct frame *f, bool looks)
{
    open_branch(f);
    f->closed.n = 0;
    f->required.n = 0;
    f->all_closed = f->all_required = true;
    f->looks = looks;
}

static void close_branch(struct frame *f)
{
    require(f, &f->run);
    f->all_closed = f->all_closed && f->whole && words_add(&f->closed, &f->run);
    f->all_required = f->all_required && f->best.n && words_add(&f->required, &f->best);
}

/* "(?<name>", "(?:", "(?!" …, the '(' taken. False: something we don't follow. */
static bool open_group(struct reading *r)
{
    static const struct {
        struct str text;
        char ends; /* the name behind it */
        bool looks;
    } openings[] = {
        { { STR_INIT("?:") }, 0, false },    { { STR_INIT("?>") }, 0, false },
        { { STR_INIT("?|") }, 0, false },    { { STR_INIT("?=") }, 0, true },
        { { STR_INIT("?!") }, 0, true },     { { STR_INIT("?<=") }, 0, true },
        { { STR_INIT("?<!") }, 0, true },    { { STR_INIT("?<") }, '>', false },
        { { STR_INIT("?P<") }, '>', false }, { { STR_INIT("?'") }, '\'', false },
    };
    struct str name;
    bool looks = false;

    /* Options that change no literal; others are not followed. */
    if (str_take(&r->in, STR("?s)")) || str_take(&r->in, STR("?m)")))
        return true;
    if (r->depth + 1 == DEPTH || str_starts(r->in, STR("*")))
        return false;
    if (str_starts(r->in, STR("?"))) {
        size_t i = 0;

        while (i < sizeof openings / sizeof openings[0] && !str_take(&r->in, openings[i].text))
            i++;
        if (i == sizeof openings / sizeof openings[0])
            return false;
        if (openings[i].ends && !str_take_until(&r->in, openings[i].ends, &name))
            return false;
        looks = openings[i].looks;
    }
    open_frame(&r->frames[++r->depth], looks);
    return true;
}

/* Adds `w`, repeated, to the run of `f`. */
static void add_closed(struct frame *f, struct words *w, struct repeat repeat)
{
    if (repeat.none && !repeat.again && w->n == 1 && w->at[0].n <= 2) {
        /* "CPUs?" is two texts. */
        w->at[w->n++].n = 0;
        append(f, w);
        return;
    }
    if (repeat.none) {
        end_run(f);
        return;
    }
    append(f, w);
    if (repeat.again) {
        /* It starts with one of `w` and ends with one. */
        end_run(f);
        words_copy(&f->run, w);
    }
}

/* The group that was closed becomes an atom of the frame around it. */
static void add_group(struct reading *r, struct repeat repeat)
{
    struct frame *group = &r->frames[r->depth + 1], *f = &r->frames[r->depth];

    if (group->looks)
        return;
    if (group->all_closed) {
        add_closed(f, &group->closed, repeat);
        return;
    }
    end_run(f);
    if (group->all_required && !repeat.none)
        require(f, &group->required);
}

static void add_atom(struct frame *f, const struct atom *atom, struct repeat repeat)
{
    struct words w;

    switch (atom->kind) {
    case ATOM_CHARS:
        for (w.n = 0; w.n < atom->n; w.n++) {
            w.at[w.n].n = 1;
            w.at[w.n].p[0] = atom->chars[w.n];
        }
        add_closed(f, &w, repeat);
        return;
    case ATOM_ANY: end_run(f); return;
    case ATOM_EMPTY:
    case ATOM_GROUP: return;
    }
}

/* The same without one that has a quantifier behind it: nearly all of most patterns. */
static void take_plain(struct reading *r)
{
    struct str text = str_first(r->in, atom_plain_length(r->in));

    if (text.n && text.n < r->in.n && strchr("*+?{", r->in.p[text.n]))
        text.n--;
    r->in = str_from_at(r->in, words_append(&r->frames[r->depth].run, text));
}

/* One step: an atom with its quantifier, a '(' or a '|'. False: not followed. */
static bool read_atom(struct reading *r)
{
    struct frame *f = &r->frames[r->depth];
    struct atom atom;
    struct repeat repeat;
    char c;

    if (!str_take_any(&r->in, &c))
        return false;
    switch (c) {
    case '(': return open_group(r);
    case '|':
        close_branch(f);
        open_branch(f);
        return true;
    case ')':
        if (r->depth == 0)
            return false;
        close_branch(f);
        r->depth--;
        atom = (struct atom){ .kind = ATOM_GROUP };
        break;
    case '\\':
        if (!atom_take_escape(&r->in, &atom))
            return false;
        break;
    case '[':
        if (!atom_take_class(&r->in, &atom))
            return false;
        break;
    case '.': atom = (struct atom){ .kind = ATOM_ANY }; break;
    case '^':
    case '$': atom = (struct atom){ .kind = ATOM_EMPTY }; break;
    case '*':
    case '+':
    case '?': return false;
    default: atom = atom_of(c); break;
    }
    if (!atom_take_repeat(&r->in, &repeat))
        return false;
    if (atom.kind == ATOM_GROUP)
        add_group(r, repeat);
    else
        add_atom(&r->frames[r->depth], &atom, repeat);
    return true;
}

bool literal_extract(struct arena *a, struct str regex, bool nocase, struct literals *out)
{
    struct reading r;
    struct literals found = { 0 };

    if (nocase && !pattern_is_plain(regex))
        return false;
    r.in = regex;
    r.depth = 0;
    open_frame(&r.frames[0], false);
    for (take_plain(&r); r.in.n; take_plain(&r))
        if (!read_atom(&r))
            return false;
    if (r.depth)
        return false;
    close_branch(&r.frames[0]);
    if (!r.frames[0].all_required)
        return false;
    for (unsigned i = 0; i < r.frames[0].required.n; i++) {
        const struct word *w = &r.frames[0].required.at[i];
        struct literal *to = vec_push(a, &found);

        if (!to)
            return false;
        to->nocase = nocase;
        to->text = arena_str(a, (struct str){ .p = w->p, .n = w->n });
        if (to->text.n != w->n)
            return false;
    }
    *out = found;
    return true;
}
