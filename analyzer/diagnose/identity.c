/* SPDX-License-Identifier: Apache-2.0 */
/* The case's identity; see identity.h and DESIGN.md's word "machine". */
#include "analyzer/diagnose/identity.h"

#include "analyzer/core/limits.h"
#include "parsers/walk.h"

enum { MACHINES_NAMED = 8 }; /* in a note; reports list all boots */

static void add_host(struct analysis *a, struct str host)
{
    if (str_set_find(&a->hosts, host) != STR_NOT_FOUND)
        return;
    if (a->hosts.of.n >= LIMIT_HOSTS || str_set_add(&a->arena, &a->hosts, host) == STR_NOT_FOUND)
        a->more_hosts = true;
}

static bool is_name_char(char c)
{
    return char_is_alnum(c) || c == '.' || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/*
 * "systemd[1]: Hostname set to <web-7.lab>." and, before version 249, "Set hostname to <";
 * "Hostname=esx-3" of VMware's hosts, systemd.hostname= of a command line.
 */
static void look_for_hostname(struct analysis *a, const struct record *r)
{
    struct str text = str_first(r->text, 4000), name;
    size_t at = str_find(text, STR("ostname")), n = 0;

    if (at == STR_NOT_FOUND)
        return;
    text = str_from_at(text, at + sizeof "ostname" - 1);
    if (str_take(&text, STR("="))) {
        while (n < text.n && is_name_char(text.p[n]))
            n++;
        if (n)
            add_host(a, str_first(text, n));
        return;
    }
    str_take(&text, STR(" set"));
    if (str_take(&text, STR(" to <")) && str_take_until(&text, '>', &name) && name.n)
        add_host(a, name);
}

/* "web-7 login: " on a console; "Last login: Tue Nov 20" names nobody. */
static void look_for_prompt(struct analysis *a, struct str text)
{
    size_t n = 0;

    while (n < text.n && is_name_char(text.p[n]))
        n++;
    if (n && str_eq(str_trim(str_from_at(text, n)), STR("login:")))
        add_host(a, str_first(text, n));
}

/* Of a VM's settings: its name, what its owner told the guest, the network that it is in. */
static bool names_something(struct str key)
{
    size_t dot = str_find_last_char(key, '.');
    struct str last = dot == STR_NOT_FOUND ? key : str_from_at(key, dot + 1);

    return str_eq_nocase(key, STR("displayName")) || str_eq_nocase(last, STR("networkName")) ||
           str_eq_nocase(last, STR("hostname"));
}

void identity_look(struct analysis *a, const struct record *r)
{
    struct identity_clues *clues = &a->clues;

    if (r->machine_id.n && !clues->machine_id.n)
        clues->machine_id = arena_str(&a->arena, r->machine_id);
    if (r->host.n)
        add_host(a, r->host);
    if (r->host.n && !clues->host.n)
        clues->host = arena_str(&a->arena, r->host);
    if (r->kind != RECORD_SETTING) {
        look_for_hostname(a, r);
        look_for_prompt(a, r->text);
    } else if (r->value.n && names_something(r->key)) {
        add_host(a, r->value);
    }
    /* "DICT --- CONFIGURATION /vmfs/volumes/…/vm.vmx" */
    if (r->kind == RECORD_SETTING && !clues->vmx_path.n && r->key.n == 0 && r->value.n &&
        str_eq(r->section, STR("CONFIGURATION")))
        clues->vmx_path = arena_str(&a->arena, r->value);
}

void identity_input(struct analysis *a, const struct input *in)
{
    struct identity_clues *clues = &a->clues;

    if (!clues->input.n)
        clues->input = arena_str(&a->arena, in->name);
    if (!clues->directory.n)
        clues->directory = arena_str(&a->arena, in->directory);
}

static struct str fact_text(const struct analysis *a, enum fact_id id)
{
    const struct fact *f = facts_get(&a->case_facts, id);

    return f->value.type == VALUE_TEXT ? f->value.text : (struct str){ 0 };
}

void identity_settle(struct analysis *a)
{
    const struct identity_clues *clues = &a->clues;
    const struct {
        struct str source, id;
    } sources[] = {
        { STR("vmx-uuid"), fact_text(a, FACT_VMX_UUID) },
        { STR("machine-id"), clues->machine_id },
        { STR("vmx-path"), clues->vmx_path },
        { STR("directory"), clues->directory },
        { STR("input"), clues->input },
    };
    const struct str names[] = { fact_text(a, FACT_VMX_NAME), clues->host,
                                 walk_base(clues->vmx_path), clues->directory,
                                 walk_base(clues->input) };

    for (size_t i = 0; i < sizeof sources / sizeof sources[0] && !a->identity.id.n; i++) {
        a->identity.id = sources[i].id;
        a->identity.source = sources[i].source;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !a->identity.name.n; i++)
        a->identity.name = names[i];
}

/* Unless it is among those from `from` on. */
static bool add_name(struct arena *arena, struct strs *names, size_t from, struct str name)
{
    struct str *slot;

    for (size_t i = from; i < names->n; i++)
        if (str_eq(names->p[i], name))
            return true;
    slot = name.n ? vec_push(arena, names) : NULL;
    if (slot)
        *slot = name;
    return slot || !name.n;
}

/* "web-7" of "/vmfs/volumes/x/web-7/web-7.vmx". */
static struct str stem_of(struct str path)
{
    struct str base = walk_base(path);
    size_t dot = str_find_last_char(base, '.');

    return dot == STR_NOT_FOUND ? base : str_first(base, dot);
}

static bool is_machine_name(struct str s)
{
    bool letters = false;

    for (size_t i = 0; i < s.n; i++) {
        if (!is_name_char(s.p[i]))
            return false;
        letters = letters || !char_is_digit(s.p[i]);
    }
    return letters;
}

/* Hosts and users that a text names: "nas4" of "nfs: server nas4 not responding". */
static bool add_named(const struct analysis *a, struct arena *arena, struct strs *names,
                      size_t from, const struct text *text)
{
    bool ok = true;

    for (size_t i = 0; ok && i < text->n; i++) {
        const struct piece *p = &text->p[i];

        if (p->is_value && (p->sort == SORT_HOST || p->sort == SORT_USER) &&
            is_machine_name(p->text) && str_set_find(&a->hosts, p->text) == STR_NOT_FOUND)
            ok = add_name(arena, names, from, p->text);
    }
    return ok;
}

static bool add_diagnosed(const struct analysis *a, struct arena *arena, struct strs *names,
                          size_t from)
{
    bool ok = true;

    for (size_t i = 0; ok && i < a->diagnoses.n; i++) {
        const struct diagnosis *d = &a->diagnoses.p[i];

        ok = add_named(a, arena, names, from, &d->title) &&
             add_named(a, arena, names, from, &d->text);
        for (size_t k = 0; ok && k < d->remediation.n; k++)
            ok = add_named(a, arena, names, from, &d->remediation.p[k]);
    }
    return ok;
}

bool analysis_names(const struct analysis *a, struct arena *arena, struct strs *names)
{
    struct str vm = fact_text(a, FACT_VMX_NAME);
    /* A directory that is a VM's is named like it. */
    bool is_vm = vm.n || a->clues.vmx_path.n;
    const struct str others[] = { vm, stem_of(a->clues.vmx_path),
                                  is_vm ? walk_base(a->clues.directory) : vm };
    bool ok = !a->more_hosts;

    for (size_t i = 0; ok && i < a->hosts.of.n; i++)
        ok = add_name(arena, names, names->n, a->hosts.of.p[i]);
    for (size_t i = 0; ok && i < sizeof others / sizeof others[0]; i++)
        ok = str_set_find(&a->hosts, others[i]) != STR_NOT_FOUND ||
             add_name(arena, names, a->hosts.of.n, others[i]);
    return ok && add_diagnosed(a, arena, names, a->hosts.of.n);
}

void identity_note_machines(struct analysis *a)
{
    struct str list = { 0 };
    size_t n = 0;

    for (size_t i = 0; i < boots_count(a->boots); i++) {
        const struct boot *b = boots_at(a->boots, i);

        /* Boots of one machine stand together. */
        if (!b->machine_id.n || (i && str_eq(boots_at(a->boots, i - 1)->machine_id, b->machine_id)))
            continue;
        if (++n <= MACHINES_NAMED)
            list = arena_printf(&a->arena, "%.*s%s%.*s (%.*s)", STR_ARG(list), n > 1 ? ", " : "",
                                STR_ARG(b->machine_id), STR_ARG(b->host));
    }
    if (n > 1)
        note_add(&a->notes, NOTE_MACHINES, NOTE_NO_INPUT, 0,
                 "journals of %zu machines are here, --machine-id reads one alone: %.*s%s", n,
                 STR_ARG(list), n > MACHINES_NAMED ? ", …" : "");
}
