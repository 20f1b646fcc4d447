/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts by the path that rules write: "disks.partitions", "disks.partitions.name",
 * "disks.partitions[0].uuid", "kernel.drv.nvme". The shape of a fact, and so which paths exist, is
 * read from its type in fact.def: "maps {name, major, …}".
 */
#include "analyzer/evidence/extract.h"

enum shape { SHAPE_SCALAR, SHAPE_TEXTS, SHAPE_MAP, SHAPE_MAPS };

/* One step behind the fact's own path: ".name" or "[2]". */
struct path_step {
    struct str field; /* empty for an index */
    uint64_t index;
};

static enum shape shape_of(enum fact_id id)
{
    static const struct {
        struct str prefix;
        enum shape shape;
    } shapes[] = {
        { { STR_INIT("texts") }, SHAPE_TEXTS },
        { { STR_INIT("maps ") }, SHAPE_MAPS },
        { { STR_INIT("map ") }, SHAPE_MAP },
    };

    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        if (str_starts(fact_infos[id].type, shapes[i].prefix))
            return shapes[i].shape;
    return SHAPE_SCALAR;
}

/* Is `name` one of the words in the braces of the fact's type? */
static bool has_field(enum fact_id id, struct str name)
{
    struct str type = fact_infos[id].type, fields, field;

    if (id == FACT_KERNEL_DRV)
        return driver_known(name);
    if (!str_take_until(&type, '{', &fields) || !str_take_until(&type, '}', &fields))
        return false;
    while (str_take_until(&fields, ',', &field)) {
        if (str_eq(str_trim(field), name))
            return true;
    }
    return name.n && str_eq(str_trim(fields), name);
}

/* The fact with the longest path that begins `path`; `path` becomes what follows it. */
static bool take_fact(struct str *path, enum fact_id *id)
{
    size_t longest = 0;

    for (unsigned i = 0; i < FACT_COUNT; i++) {
        struct str own = fact_infos[i].path;
        struct str rest = str_from_at(*path, own.n);

        if (own.n > longest && str_starts(*path, own) &&
            (rest.n == 0 || rest.p[0] == '.' || rest.p[0] == '[')) {
            longest = own.n;
            *id = (enum fact_id)i;
        }
    }
    *path = str_from_at(*path, longest);
    return longest > 0;
}

static bool take_step(struct str *path, struct path_step *step)
{
    struct str s = *path;
    size_t n = 0;

    *step = (struct path_step){ 0 };
    if (str_take_char(&s, '[')) {
        if (!str_take_u64(&s, &step->index) || !str_take_char(&s, ']'))
            return false;
        *path = s;
        return true;
    }
    if (!str_take_char(&s, '.'))
        return false;
    while (n < s.n && s.p[n] != '.' && s.p[n] != '[')
        n++;
    step->field = str_first(s, n);
    *path = str_from_at(s, n);
    return n > 0;
}

/* The shape after a step; false when that shape has no such step. */
static bool step_shape(enum fact_id id, const struct path_step *step, enum shape *shape)
{
    bool by_field = step->field.n > 0;

    if (by_field && !has_field(id, step->field))
        return false;
    switch (*shape) {
    case SHAPE_SCALAR: return false;
    case SHAPE_TEXTS: *shape = SHAPE_SCALAR; return !by_field;
    case SHAPE_MAP: *shape = SHAPE_SCALAR; return by_field;
    case SHAPE_MAPS: *shape = by_field ? SHAPE_TEXTS : SHAPE_MAP; return true;
    }
    return false;
}

struct str fact_type(struct str path)
{
    for (size_t i = 0; i < FACT_COUNT; i++)
        if (str_eq(fact_infos[i].path, path))
            return fact_infos[i].type;
    return (struct str){ 0 };
}

bool fact_path_valid(struct str path)
{
    enum fact_id id;
    enum shape shape;
    struct path_step step;

    if (!take_fact(&path, &id))
        return false;
    shape = shape_of(id);
    while (path.n)
        if (!take_step(&path, &step) || !step_shape(id, &step, &shape))
            return false;
    return true;
}

bool facts_find(const struct facts *f, struct str path, struct arena *scratch, struct value *out,
                const struct record **proof)
{
    const struct fact *fact;
    struct path_step step;
    struct value value;
    enum fact_id id;

    if (!fact_path_valid(path) || !take_fact(&path, &id))
        return false;
    fact = facts_get(f, id);
    value = fact->value;
    while (take_step(&path, &step)) {
        if (step.field.n)
            value = value_field(scratch, &value, step.field);
        else if (value.type == VALUE_LIST && step.index < value.n_items)
            value = value.items[step.index];
        else
            value = value_unknown();
    }
    *out = value;
    if (proof)
        *proof = fact->proof;
    return true;
}
