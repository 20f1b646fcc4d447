/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of a machine that was looked at; each with the line of its files that says it. */
#include "analyzer/evidence/facts_machine.h"

#include "analyzer/evidence/extract.h"

/* One call of facts_set_machine(). */
struct telling {
    struct facts *f;
    const struct machine *m;
    uint32_t first_input;
};

bool fact_is_of_machine(enum fact_id id)
{
    return str_starts(fact_infos[id].path, STR("machine."));
}

/* The line as a record: evidence of facts is records. NULL: nothing is known to say it. */
static const struct record *proof(const struct telling *t, const struct place *place)
{
    struct record r;

    if (place->line == 0)
        return NULL;
    record_init(&r);
    r.text = place->text;
    r.origin = ORIGIN_GUEST_USER;
    r.input = t->first_input + place->file;
    r.line = place->line;
    r.offset = place->offset;
    return record_keep(t->f->arena, &r);
}

static void tell_text(const struct telling *t, enum fact_id id, struct str text,
                      enum value_sort sort, const struct place *place)
{
    if (text.n)
        facts_set(t->f, id, value_text(arena_str(t->f->arena, text), sort), proof(t, place));
}

static void tell_tri(const struct telling *t, enum fact_id id, enum tri tri,
                     const struct place *place)
{
    if (tri != TRI_UNKNOWN)
        facts_set(t->f, id, value_bool(tri == TRI_YES), proof(t, place));
}

/* Of a check: the flag, and in words why it is false. */
static void tell_check(const struct telling *t, enum machine_check_id check, enum fact_id flag,
                       enum fact_id fault)
{
    const struct machine_check *c = &t->m->checks[check];

    if (flag != FACT_COUNT)
        tell_tri(t, flag, c->state, &c->place);
    if (c->state == TRI_NO && fault != FACT_COUNT)
        tell_text(t, fault, c->why, SORT_OTHER, &c->place);
}

static struct str flavour(struct str release)
{
    return kernel_flavour(release, str_find(release, STR(".ph")) != STR_NOT_FOUND);
}

static void tell_running(const struct telling *t)
{
    const struct machine *m = t->m;
    struct value *items = arena_new(t->f->arena, struct value, m->modules.n + 1);

    tell_text(t, FACT_MACHINE_RELEASE, m->running.text, SORT_OTHER, &m->running.place);
    tell_text(t, FACT_MACHINE_FLAVOUR, flavour(m->running.text), SORT_OTHER, &m->running.place);
    tell_text(t, FACT_MACHINE_CMDLINE, m->cmdline.text, SORT_OTHER, &m->cmdline.place);
    for (size_t i = 0; items && i < m->modules.n; i++)
        items[i] = value_text(m->modules.p[i], SORT_OTHER);
    if (items && m->modules_known)
        facts_set(t->f, FACT_MACHINE_MODULES, value_list(items, m->modules.n), NULL);
    if (m->boot_space_known && m->boot_own) {
        facts_set(t->f, FACT_MACHINE_BOOT_FREE, value_int((int64_t)(m->boot_free_kib / 1024)),
                  NULL);
        facts_set(t->f, FACT_MACHINE_BOOT_SIZE, value_int((int64_t)(m->boot_all_kib / 1024)), NULL);
    }
}

static void tell_installed(const struct telling *t)
{
    static const struct str names[] = { { STR_INIT("release") },
                                        { STR_INIT("path") },
                                        { STR_INIT("modules") } };
    size_t n = t->m->installed.n;
    struct value *maps = arena_new(t->f->arena, struct value, n + 1);

    for (size_t i = 0; maps && i < n; i++) {
        const struct installed_kernel *k = &t->m->installed.p[i];
        struct value *fields = arena_new(t->f->arena, struct value, 3);

        if (!fields)
            return;
        fields[0] = value_text(k->release, SORT_OTHER);
        fields[1] = value_text(k->path, SORT_PATH);
        fields[2] = value_bool(k->modules == TRI_YES);
        maps[i] = value_map(names, fields, 3);
    }
    if (maps && n)
        facts_set(t->f, FACT_MACHINE_INSTALLED, value_list(maps, n), NULL);
}

static void tell_next(const struct telling *t)
{
    const struct machine *m = t->m;
    const struct machine_check *checks = m->checks;

    tell_text(t, FACT_MACHINE_NEXT_LOADER, m->loader, SORT_OTHER, &m->config.place);
    tell_text(t, FACT_MACHINE_NEXT_CONFIG, checks[CHECK_CONFIG].subject, SORT_PATH,
              &checks[CHECK_CONFIG].place);
    tell_check(t, CHECK_CONFIG, FACT_COUNT, FACT_MACHINE_NEXT_CONFIG_FAULT);
    tell_text(t, FACT_MACHINE_NEXT_TITLE, m->title, SORT_OTHER, &m->kernel.place);
    tell_text(t, FACT_MACHINE_NEXT_KERNEL, checks[CHECK_KERNEL].subject, SORT_PATH,
              &m->kernel.place);
    tell_text(t, FACT_MACHINE_NEXT_RELEASE, m->release, SORT_OTHER, &m->kernel.place);
    tell_text(t, FACT_MACHINE_NEXT_FLAVOUR, flavour(m->release), SORT_OTHER, &m->kernel.place);
    if (m->kernel.place.line)
        tell_tri(t, FACT_MACHINE_NEXT_KERNEL_FOUND,
                 m->kernel_path.n ? TRI_YES : checks[CHECK_KERNEL].state, &m->kernel.place);
    tell_tri(t, FACT_MACHINE_NEXT_KERNEL_GOOD, m->kernel_good, &m->kernel.place);
    if (m->initrd.place.line) {
        tell_text(t, FACT_MACHINE_NEXT_INITRD, checks[CHECK_INITRD].subject, SORT_PATH,
                  &m->initrd.place);
        tell_tri(t, FACT_MACHINE_NEXT_INITRD_FOUND,
                 m->initrd_path.n ? TRI_YES : checks[CHECK_INITRD].state, &m->initrd.place);
    }
    tell_tri(t, FACT_MACHINE_NEXT_INITRD_GOOD, m->initrd_good, &m->initrd.place);
    tell_text(t, FACT_MACHINE_NEXT_CMDLINE, m->next_cmdline.text, SORT_OTHER,
              &m->next_cmdline.place);
    tell_text(t, FACT_MACHINE_NEXT_ROOT, m->root.text, SORT_DEVICE, &m->root.place);
    tell_check(t, CHECK_ROOT, FACT_MACHINE_NEXT_ROOT_FOUND, FACT_MACHINE_NEXT_ROOT_FAULT);
}

static void tell_system(const struct telling *t)
{
    const struct machine_check *checks = t->m->checks;

    tell_check(t, CHECK_MODULES, FACT_MACHINE_NEXT_MODULES_FOUND, FACT_MACHINE_NEXT_MODULES_FAULT);
    tell_text(t, FACT_MACHINE_NEXT_MODULES, checks[CHECK_MODULES].subject, SORT_PATH,
              &checks[CHECK_MODULES].place);
    tell_text(t, FACT_MACHINE_NEXT_INIT, checks[CHECK_INIT].subject, SORT_PATH,
              &checks[CHECK_INIT].place);
    tell_check(t, CHECK_INIT, FACT_MACHINE_NEXT_INIT_FOUND, FACT_COUNT);
    tell_text(t, FACT_MACHINE_TARGET, t->m->target.text, SORT_OTHER, &t->m->target.place);
    if (t->m->target.text.n)
        tell_check(t, CHECK_TARGET, FACT_MACHINE_TARGET_FOUND, FACT_COUNT);
}

/* Entries that stop the boot; an empty list once all could be checked. */
static void tell_fstab(const struct telling *t)
{
    static const struct str names[] = {
        { STR_INIT("spec") }, { STR_INIT("dir") }, { STR_INIT("line") }, { STR_INIT("text") }
    };
    struct value *maps = arena_new(t->f->arena, struct value, t->m->fstab.n + 1);
    const struct place *first = NULL;
    size_t n = 0;

    for (size_t i = 0; maps && i < t->m->fstab.n; i++) {
        const struct fstab_entry *e = &t->m->fstab.p[i];
        struct value *fields = arena_new(t->f->arena, struct value, 4);

        if (!fields)
            return;
        if (e->found != TRI_NO)
            continue;
        first = first ? first : &e->place;
        fields[0] = value_text(e->spec, SORT_DEVICE);
        fields[1] = value_text(e->dir, SORT_PATH);
        fields[2] = value_int(e->place.line);
        fields[3] = value_text(
                arena_printf(t->f->arena, "%.*s on %.*s", STR_ARG(e->spec), STR_ARG(e->dir)),
                SORT_OTHER);
        maps[n++] = value_map(names, fields, 4);
    }
    if (maps && (n || t->m->checks[CHECK_FSTAB].state == TRI_YES))
        facts_set(t->f, FACT_MACHINE_FSTAB_MISSING, value_list(maps, n),
                  first ? proof(t, first) : NULL);
}

void facts_set_machine(struct facts *f, const struct machine *m, uint32_t first_input)
{
    struct telling t = { f, m, first_input };

    tell_running(&t);
    tell_installed(&t);
    tell_next(&t);
    tell_system(&t);
    tell_fstab(&t);
}
