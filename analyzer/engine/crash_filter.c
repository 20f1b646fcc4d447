/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions on a crash report as a whole; see crash_filter.h. */
#include "analyzer/engine/crash_filter.h"

#include "analyzer/engine/matcher.h"

const struct str crash_names[CRASH_NAMES] = {
    { STR_INIT("title") }, { STR_INIT("kind") },  { STR_INIT("function") }, { STR_INIT("module") },
    { STR_INIT("comm") },  { STR_INIT("taint") }, { STR_INIT("panic") },    { STR_INIT("trap") },
};

static struct str or_unknown(struct str s)
{
    return s.n ? s : (struct str){ 0 };
}

void crash_values(const struct crash *c, struct str values[CRASH_NAMES])
{
    const struct str all[CRASH_NAMES] = {
        c->title, c->kind->name,    c->function, c->module,
        c->comm,  c->taint_letters, c->panic,    c->trap,
    };

    for (size_t i = 0; i < CRASH_NAMES; i++)
        values[i] = or_unknown(all[i]);
}

static bool any_fits(const struct strs *globs, struct str s)
{
    for (size_t i = 0; s.n && i < globs->n; i++)
        if (glob_match(globs->p[i], s))
            return true;
    return false;
}

/* "pvscsi_queue*", "* [vmw_pvscsi]": without the brackets the module does not matter. */
static bool frame_fits(struct str glob, const struct frame *f)
{
    struct str function, module;

    if (!str_take_until_str(&glob, STR(" ["), &function))
        return glob_match(glob, f->function);
    module = str_ends(glob, STR("]")) ? str_first(glob, glob.n - 1) : glob;
    return f->module.n && glob_match(function, f->function) && glob_match(module, f->module);
}

/* Frames of which the kernel is not sure prove nothing. */
static bool frames_fit(const struct strs *globs, const struct frames *frames)
{
    for (size_t i = 0; i < frames->n; i++)
        for (size_t k = 0; frames->p[i].reliable && k < globs->n; k++)
            if (frame_fits(globs->p[k], &frames->p[i]))
                return true;
    return false;
}

static bool taint_fits(const struct strs *letters, struct str taint)
{
    for (size_t i = 0; i < letters->n; i++)
        if (str_find(taint, letters->p[i]) != STR_NOT_FOUND)
            return true;
    return false;
}

struct str crash_filter_refuses(const struct crash_filter *f, const struct crash *c, struct str *is)
{
    const struct {
        enum crash_field field;
        struct str key, value;
    } texts[] = {
        { CRASH_KIND, STR("kind"), c->kind->name },
        { CRASH_FUNCTION, STR("function"), c->function },
        { CRASH_MODULE, STR("module"), c->module },
        { CRASH_COMM, STR("comm"), c->comm },
        { CRASH_PANIC, STR("panic"), c->panic },
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        *is = texts[i].value;
        if (f->wanted[texts[i].field].n && !any_fits(&f->wanted[texts[i].field], *is))
            return texts[i].key;
    }
    *is = c->taint_letters;
    if (f->wanted[CRASH_TAINT].n && !taint_fits(&f->wanted[CRASH_TAINT], *is))
        return STR("taint");
    *is = (struct str){ 0 };
    if (f->wanted[CRASH_FRAME].n && !frames_fit(&f->wanted[CRASH_FRAME], &c->call_trace))
        return STR("frame");
    return (struct str){ 0 };
}

bool crash_filter_passes(const struct crash_filter *f, const struct crash *c)
{
    struct str is;

    return crash_filter_refuses(f, c, &is).n == 0;
}

bool crash_kind_known(struct str glob)
{
    static const struct str kinds[] = {
#define KIND(title, name, meaning) { STR_INIT(name) },
#include "analyzer/evidence/crash_kinds.def"
#undef KIND
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (glob_match(glob, kinds[i]))
            return true;
    return false;
}
