/* SPDX-License-Identifier: Apache-2.0 */
/* Crash reports for people; see page_crash.h. */
#include "reports/page_crash.h"

#include "reports/wording.h"

#include <inttypes.h>

enum { CRASHES_SHOWN = 3, FRAMES_SHOWN = 8, INDENT = 2, INDENT_TRACE = 4 };

static void put_label(struct page *p, const char *label)
{
    out_repeat(p->out, ' ', INDENT);
    layout_styled(p->out, p->o->color, STYLE_BOLD, str_from(label));
    out_puts(p->out, "  ");
}

/* A label and what is in the scratch behind it. */
static void end_label(struct page *p, const char *label)
{
    put_label(p, label);
    page_flush(p, INDENT + str_from(label).n + 2, INDENT_TRACE);
}

static void put_title(struct page *p, const struct crash *c)
{
    const struct record *r = c->evidence.n ? c->evidence.p[0] : NULL;

    out_puts(p->out, "\n");
    layout_styled(p->out, p->o->color, STYLE_BOLD, STR("CRASH"));
    out_puts(p->out, "  ");
    out_tty(p->scratch, c->title);
    page_flush(p, 7, 7);
    out_raw(p->scratch, c->kind->meaning);
    out_repeat(p->out, ' ', INDENT);
    page_flush(p, INDENT, INDENT);
    if (r) {
        struct page_listing line = { 0 };

        out_puts(p->out, "\n");
        page_list(p, &line, r, 0);
        page_list_end(p, &line);
        out_puts(p->out, "\n");
    }
}

/* " (fs/ext4/inode.c:123)" into the scratch. */
static void add_place(struct page *p, const struct source_place *place)
{
    out_puts(p->scratch, " (");
    out_tty(p->scratch, place->file);
    out_printf(p->scratch, ":%" PRIu32 ")", place->line);
}

/* "tooth (gear.c:4), inlined into " into the scratch, for what a frame stands in. */
static void add_inlined(struct page *p, const struct source_places *places)
{
    for (size_t i = 0; i + 1 < places->n; i++) {
        out_tty(p->scratch, places->p[i].function);
        add_place(p, &places->p[i]);
        out_puts(p->scratch, ", inlined into ");
    }
}

/* The interrupted place, where a file of --vmlinux told its line. */
static void put_interrupted(struct page *p, const struct crash *c)
{
    if (c->ip_places.n == 0)
        return;
    add_inlined(p, &c->ip_places);
    out_tty(p->scratch, c->ip);
    add_place(p, &c->ip_places.p[c->ip_places.n - 1]);
    end_label(p, "At");
}

static void put_culprit(struct page *p, const struct crash *c)
{
    if (c->function.n) {
        out_tty(p->scratch, c->function);
        out_puts(p->scratch,
                 c->module.n ? "() of module " : "(), built into the kernel or unknown");
        out_tty(p->scratch, c->module);
        if (c->comm.n) {
            out_puts(p->scratch, ", while ");
            out_tty(p->scratch, c->comm);
            out_puts(p->scratch, " ran");
        }
        end_label(p, "Culprit");
    }
    if (c->trap.n || c->error_code.n) {
        out_raw(p->scratch, c->trap.n ? c->trap : c->error_code);
        if (c->cr2.n && !c->trap.n) {
            out_puts(p->scratch, ", address ");
            out_tty(p->scratch, c->cr2);
        }
        end_label(p, "Trap");
    }
}

static void put_frame(struct page *p, const struct frame *f)
{
    out_repeat(p->out, ' ', INDENT_TRACE);
    add_inlined(p, &f->places);
    out_tty(p->scratch, f->function);
    if (f->places.n)
        out_printf(p->scratch, "+0x%" PRIx64 "/0x%" PRIx64, f->offset, f->size);
    if (f->module.n) {
        out_puts(p->scratch, " [");
        out_tty(p->scratch, f->module);
        out_puts(p->scratch, "]");
    }
    if (f->places.n)
        add_place(p, &f->places.p[f->places.n - 1]);
    if (f->context != FRAME_TASK) {
        out_puts(p->scratch, "  (");
        out_raw(p->scratch, frame_context_name(f->context));
        out_puts(p->scratch, ")");
    }
    page_flush(p, INDENT_TRACE, INDENT_TRACE + 2);
}

static void put_folded(struct page *p, size_t n)
{
    if (n)
        out_printf(p->out, "    … %zu more\n", n);
}

/* The first frame of interest: what the culprit had called (a timer, the scheduler) says little. */
static size_t first_useful(const struct crash *c)
{
    for (size_t i = 0; c->function.n && i < c->call_trace.n; i++)
        if (c->call_trace.p[i].reliable && str_eq(c->call_trace.p[i].function, c->function))
            return i;
    return 0;
}

/* Frames that only report, check or lock, and those the kernel is not sure of, are folded. */
static void put_trace(struct page *p, const struct crash *c)
{
    size_t first = p->o->all ? 0 : first_useful(c);
    size_t shown = 0, folded = 0, max = p->o->all ? SIZE_MAX : FRAMES_SHOWN;

    if (c->call_trace.n == 0)
        return;
    put_label(p, "Trace");
    out_puts(p->out, "innermost first\n");
    for (size_t i = 0; i < c->call_trace.n; i++) {
        const struct frame *f = &c->call_trace.p[i];

        if (i < first || shown >= max || !f->reliable || f->skipped) {
            folded++;
            continue;
        }
        put_folded(p, folded);
        folded = 0;
        put_frame(p, f);
        shown++;
    }
    put_folded(p, folded);
}

static void put_taint(struct page *p, const struct crash *c)
{
    for (size_t i = 0; i < c->taint.n; i++) {
        out_puts(p->scratch, i ? "; " : "");
        out_raw(p->scratch, c->taint.p[i]);
    }
    if (c->taint.n)
        end_label(p, "Tainted");
}

static void put_search(struct page *p, const struct crash *c)
{
    out_puts(p->scratch, "\"");
    out_tty(p->scratch, c->title);
    out_puts(p->scratch, "\"");
    if (c->module.n) {
        out_puts(p->scratch, " ");
        out_tty(p->scratch, c->module);
    }
    if (c->kernel.n) {
        out_puts(p->scratch, " ");
        out_tty(p->scratch, c->kernel);
    }
    out_printf(p->scratch, " (signature %016" PRIx64 ", family %016" PRIx64 ")", c->signature.exact,
               c->signature.family);
    end_label(p, "Search for");
}

/* The rules above that say what this is, and of what it comes. */
static void put_explained(struct page *p, const struct crash_rank *rank)
{
    for (size_t i = 0; i < rank->explained_by.n; i++) {
        out_puts(p->scratch, i ? ", " : "");
        out_tty(p->scratch, rank->explained_by.p[i]);
    }
    if (rank->explained_by.n)
        end_label(p, "Explained by");
}

/* With --all consequences are shown, too. */
static void put_consequence(struct page *p, const struct crash_list *list, const struct crash *c)
{
    if (c->consequence_of >= list->n)
        return;
    out_tty(p->scratch, list->p[c->consequence_of]->title);
    end_label(p, "Consequence of");
}

static void put_crash(struct page *p, const struct case_boot *cb, size_t index)
{
    const struct crash *c = cb->crashes.list.p[index];

    put_title(p, c);
    if (index < cb->crash_ranks.n)
        put_explained(p, &cb->crash_ranks.p[index]);
    put_consequence(p, &cb->crashes.list, c);
    put_culprit(p, c);
    put_interrupted(p, c);
    /* Of a panic itself the title says it. */
    if (c->panic.n && !str_starts(c->title, STR("kernel panic"))) {
        out_tty(p->scratch, c->panic);
        end_label(p, "Then panicked");
    }
    put_trace(p, c);
    put_taint(p, c);
    if (c->corrupted_reason) {
        out_puts(p->scratch, c->corrupted_reason);
        end_label(p, "Not whole");
    }
    put_search(p, c);
}

static bool holds(const struct evidence *e, const struct record *r)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->p[i]->input == r->input && e->p[i]->line == r->line)
            return true;
    return false;
}

/*
 * A panic that a diagnosis above lists as the symptom of its cause ("Unable to mount root fs" of a
 * wrong root=) has been told: its trace leads nowhere. --all shows it.
 */
static bool is_told(const struct page *p, const struct crash *c)
{
    if (c->evidence.n == 0 || !str_starts(c->title, STR("kernel panic")))
        return false;
    for (size_t i = 0; i < p->a->diagnoses.n; i++) {
        const struct diagnosis *d = &p->a->diagnoses.p[i];

        if (d->role == ROLE_SYMPTOM && !d->superseded && holds(&d->evidence, c->evidence.p[0]))
            return true;
    }
    return false;
}

void page_crashes(struct page *p)
{
    const struct case_boot *cb;
    const struct crash_list *list;
    size_t shown = 0, left = 0;

    if (p->a->focus >= p->a->of_boot.n)
        return;
    cb = &p->a->of_boot.p[p->a->focus];
    list = &cb->crashes.list;
    for (size_t i = 0; i < list->n; i++) {
        const struct crash *c = list->p[i];

        if (!p->o->all && is_told(p, c))
            continue;
        if (p->o->all || (c->consequence_of == UINT32_MAX && shown < CRASHES_SHOWN)) {
            put_crash(p, cb, i);
            shown++;
        } else {
            left++;
        }
    }
    if (left == 0)
        return;
    out_puts(p->out, "\n");
    wording_count(p->scratch, left, "further crash report", "further crash reports");
    out_puts(p->scratch, " of this boot, most likely consequences (--all)");
    page_flush(p, 0, 2);
}
