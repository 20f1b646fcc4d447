/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The timeline of the HTML report: boots as bands, side by side and each on its own scale; lanes
 * for who spoke; findings and crashes as marks, told apart by shape and then by colour. The same
 * stands in a table below it. See html.h.
 */
#include "reports/html.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    WIDTH = 960,
    LEFT = 100,
    RIGHT = 12,
    TOP = 40,
    LANE = 50,
    NARROW = 530, /* of it a phone shows, see html_style.c */
    BOOTS_SHOWN = 6,
    MARK_WIDTH = 14,
    MARK_ROWS = 3,
    MARK_STEPS = 24, /* beside its time, to either side */
    WIDE_BAND = 400, /* has room for times between its ends */
    MARKS_DRAWN = 300,
};

enum lane { LANE_HOST, LANE_KERNEL, LANE_USER, LANE_COUNT };

static const char *const lane_names[LANE_COUNT] = { "host", "kernel", "user space" };
enum mark { MARK_ROOT, MARK_SYMPTOM, MARK_CONTRIBUTING, MARK_NOTE, MARK_CRASH, MARK_COUNT };

static const char *const mark_names[MARK_COUNT] = { "root cause", "symptom", "contributing",
                                                    "worth knowing", "crash report" };

struct mark_at {
    enum mark mark;
    const char *css; /* severity, or "crash" */
    enum lane lane;
    uint32_t boot;
    double at; /* within its boot, 0 to 1; below 0: unknown */
    double x;  /* in the drawing, with its row */
    int row;
    char anchor[24];          /* of its block on the page */
    const struct text *title; /* of a finding, or NULL */
    struct str words;         /* of a crash */
    const struct record *record;
};

struct timeline {
    const struct html *h;
    uint32_t first, n; /* the boots that are drawn */
    double band;       /* width of one */
    struct arena arena;
    struct marks {
        VEC(struct mark_at);
    } marks;
};

/* Where in the boot the record stands, by the kernel's clock, else by the wall clock. */
static double place_of(const struct boot *b, const struct record *r)
{
    int64_t wall_us = r->wall_us != TIME_UNKNOWN ? r->wall_us : r->host_wall_us;
    int64_t us = r->mono_us, from = b->first_mono_us, to = b->last_mono_us;

    if (us == TIME_UNKNOWN && wall_us != TIME_UNKNOWN && b->wall_offset_us != TIME_UNKNOWN)
        us = wall_us - b->wall_offset_us;
    if (us == TIME_UNKNOWN && wall_us == TIME_UNKNOWN)
        us = r->after_us;
    if (us == TIME_UNKNOWN || from == TIME_UNKNOWN || to <= from) {
        us = wall_us;
        from = b->first_wall_us;
        to = b->last_wall_us;
    }
    if (us == TIME_UNKNOWN || from == TIME_UNKNOWN || to == TIME_UNKNOWN || to <= from)
        return -1;
    if (us <= from)
        return 0;
    return us >= to ? 1 : (double)(us - from) / (double)(to - from);
}

static enum lane lane_of(const struct record *r)
{
    if (r->origin == ORIGIN_HOST || r->origin == ORIGIN_FIRMWARE)
        return LANE_HOST;
    return r->origin == ORIGIN_GUEST_USER ? LANE_USER : LANE_KERNEL;
}

static struct mark_at *add_mark(struct timeline *t, uint32_t boot, const struct record *r)
{
    struct mark_at *m = t->marks.n < MARKS_DRAWN ? vec_push(&t->arena, &t->marks) : NULL;

    if (!m)
        return NULL;
    m->boot = boot;
    m->record = r;
    m->lane = lane_of(r);
    m->at = place_of(boots_at(t->h->a->boots, boot), r);
    return m;
}

static void add_findings(struct timeline *t)
{
    static const enum mark marks[] = { [ROLE_ROOT] = MARK_ROOT,
                                       [ROLE_SYMPTOM] = MARK_SYMPTOM,
                                       [ROLE_CONTRIBUTING] = MARK_CONTRIBUTING,
                                       [ROLE_NOTE] = MARK_NOTE };
    const struct analysis *a = t->h->a;

    for (size_t i = 0; i < a->diagnoses.n; i++) {
        const struct diagnosis *d = &a->diagnoses.p[i];
        uint32_t boot = d->boot == UINT32_MAX ? a->focus : d->boot;
        size_t block =
                d->role == ROLE_SYMPTOM && d->explained_by != UINT32_MAX ? d->explained_by : i;
        struct mark_at *m;

        if (d->superseded || d->evidence.n == 0 || boot - t->first >= t->n ||
            !(m = add_mark(t, boot, d->evidence.p[0])))
            continue;
        m->mark = marks[d->role];
        m->css = severity_name(d->severity).p;
        m->title = &d->title;
        snprintf(m->anchor, sizeof m->anchor, "d%zu", block);
    }
}

static void add_crashes(struct timeline *t)
{
    for (uint32_t boot = t->first; boot < t->first + t->n; boot++) {
        const struct crash_list *list = &t->h->a->of_boot.p[boot].crashes.list;

        for (size_t i = 0; i < list->n; i++) {
            const struct crash *c = list->p[i];
            struct mark_at *m = c->evidence.n ? add_mark(t, boot, c->evidence.p[0]) : NULL;

            if (!m)
                continue;
            m->mark = MARK_CRASH;
            m->css = "crash";
            m->words = c->title;
            if (boot == t->h->a->focus)
                snprintf(m->anchor, sizeof m->anchor, "c%zu", i);
        }
    }
}

/* In order of boot and time; findings of one place stay in the order of their rank. */
static void sort_marks(struct marks *marks)
{
    for (size_t i = 1; i < marks->n; i++) {
        struct mark_at m = marks->p[i];
        size_t k = i;

        while (k > 0 && (marks->p[k - 1].boot > m.boot ||
                         (marks->p[k - 1].boot == m.boot && marks->p[k - 1].at > m.at))) {
            marks->p[k] = marks->p[k - 1];
            k--;
        }
        marks->p[k] = m;
    }
}

/* A shape of its own for each kind of mark, beside its colour: SVG at (x, y), 12 wide. */
static void put_mark(struct out *o, enum mark mark, const char *css, double x, double y)
{
    static const char *const shapes[MARK_COUNT] = {
        [MARK_ROOT] = "<path class=\"full\" d=\"M0-6 6 5-6 5z\"/>",
        [MARK_SYMPTOM] = "<circle r=\"4.6\"/>",
        [MARK_CONTRIBUTING] = "<path d=\"M-4.5-4.5h9v9h-9z\"/>",
        [MARK_NOTE] = "<path d=\"M0-5v10\"/>",
        [MARK_CRASH] = "<path d=\"M-4.5-4.5l9 9m0-9l-9 9\"/>",
    };

    out_printf(o, "<g class=\"m %s\" transform=\"translate(%.1f %.1f)\">%s</g>", css, x, y,
               shapes[mark]);
}

static void put_words(const struct timeline *t, const struct mark_at *m)
{
    if (m->title)
        wording_text(&t->h->words, m->title);
    else
        out_markup(t->h->out, m->words);
}

static double left_of(const struct timeline *t, uint32_t boot)
{
    return LEFT + t->band * (boot - t->first);
}

/* The quarters of a wide band, with their time. */
static void put_ticks(const struct timeline *t, const struct boot *b, double x)
{
    int64_t from = b->first_mono_us, length = b->last_mono_us - from;
    struct out *o = t->h->out;

    if (t->band < WIDE_BAND || from == TIME_UNKNOWN || b->last_mono_us == TIME_UNKNOWN ||
        length < 4)
        return;
    for (int i = 1; i < 4; i++) {
        double at = x + 10 + (t->band - 23) * i / 4;

        out_printf(o,
                   "<path class=\"lane\" d=\"M%.1f %dv%d\"/>\n<text x=\"%.1f\" y=\"%d\" "
                   "text-anchor=\"middle\">",
                   at, TOP, LANE * LANE_COUNT, at, TOP + LANE * LANE_COUNT + 17);
        wording_duration(o, from + length / 4 * i);
        out_puts(o, "</text>\n");
    }
}

static void put_band(const struct timeline *t, uint32_t boot)
{
    const struct boot *b = boots_at(t->h->a->boots, boot);
    struct out *o = t->h->out;
    double x = left_of(t, boot);

    out_printf(o,
               "<rect class=\"band%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n"
               "<text class=\"strong\" x=\"%.1f\" y=\"14\">boot %" PRId64 "</text>\n"
               "<text x=\"%.1f\" y=\"32\">",
               boot % 2 ? " odd" : "", x, TOP, t->band - 3, LANE * LANE_COUNT, x + 2,
               wording_boot_offset(t->h->a, boot), x + 2);
    out_markup(o, ended_name(b->ended_by));
    out_printf(o, "</text>\n<text x=\"%.1f\" y=\"%d\">start</text>\n", x + 2,
               TOP + LANE * LANE_COUNT + 17);
    put_ticks(t, b, x);
    if (b->last_mono_us != TIME_UNKNOWN && b->last_mono_us > 0) {
        out_printf(o, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"end\">", x + t->band - 6,
                   TOP + LANE * LANE_COUNT + 17);
        wording_duration(o, b->last_mono_us);
        out_puts(o, "</text>\n");
    }
}

/* A phone shows the right part first, where logs end: lanes have their names there, too. */
static void put_lanes(const struct timeline *t)
{
    for (int lane = 0; lane < LANE_COUNT; lane++) {
        out_printf(t->h->out, "<text class=\"narrow\" x=\"%d\" y=\"%d\">%s</text>\n",
                   WIDTH - RIGHT - NARROW, TOP + LANE * lane + LANE - 5, lane_names[lane]);
        out_printf(t->h->out, "<text x=\"0\" y=\"%d\">%s</text>\n",
                   TOP + LANE * lane + LANE / 2 + 4, lane_names[lane]);
        if (lane)
            out_printf(t->h->out, "<path class=\"lane\" d=\"M0 %dH%d\"/>\n", TOP + LANE * lane,
                       WIDTH - RIGHT);
    }
}

/* Does a mark that has its place already stand there? */
static bool is_taken(const struct timeline *t, const struct mark_at *m, double x, int row)
{
    for (const struct mark_at *other = t->marks.p; other < m; other++) {
        double apart = other->x > x ? other->x - x : x - other->x;

        if (other->at >= 0 && other->lane == m->lane && other->row == row && apart < MARK_WIDTH)
            return true;
    }
    return false;
}

/* Marks never cover each other: in the rows of their lane first, then a step beside their time. */
static void place_mark(const struct timeline *t, struct mark_at *m)
{
    double from = left_of(t, m->boot) + 10, to = from + t->band - 23;
    double x = from + m->at * (t->band - 23);

    m->x = x;
    m->row = 0;
    for (int step = 0; step < MARK_STEPS; step++) {
        int marks = (step + 1) / 2; /* one to the left, one to the right, two to the left … */
        double beside = x + (step % 2 ? -marks : marks) * MARK_WIDTH;

        if (beside < from - 1 || beside > to + 1)
            continue;
        for (int row = 0; row < MARK_ROWS; row++) {
            if (is_taken(t, m, beside, row))
                continue;
            m->x = beside;
            m->row = row;
            return;
        }
    }
}

static void put_marks(const struct timeline *t)
{
    struct out *o = t->h->out;

    for (size_t i = 0; i < t->marks.n; i++) {
        struct mark_at *m = &t->marks.p[i];

        if (m->at < 0)
            continue;
        place_mark(t, m);
        if (m->anchor[0])
            out_printf(o, "<a href=\"#%s\" tabindex=\"-1\">", m->anchor);
        out_printf(o, "<g><title>%s: ", mark_names[m->mark]);
        put_words(t, m);
        out_puts(o, "</title>");
        put_mark(o, m->mark, m->css, m->x, TOP + LANE * (int)m->lane + 10 + 15 * m->row);
        out_puts(o, m->anchor[0] ? "</g></a>\n" : "</g>\n");
    }
}

static void put_drawing(const struct timeline *t)
{
    struct out *o = t->h->out;

    out_printf(o,
               "<div class=\"scroll time\" tabindex=\"0\" role=\"region\" "
               "aria-label=\"Timeline\">\n<svg viewBox=\"0 0 %d %d\" role=\"img\" "
               "aria-labelledby=\"tl-t tl-d\" xmlns=\"http://www.w3.org/2000/svg\">\n"
               "<title id=\"tl-t\">Timeline</title>\n<desc id=\"tl-d\">Boots side by side, each on "
               "its own time scale; findings and crashes in the lane of who reported them. The "
               "list below says the same.</desc>\n",
               WIDTH, TOP + LANE * LANE_COUNT + 22);
    for (uint32_t i = 0; i < t->n; i++)
        put_band(t, t->first + i);
    put_lanes(t);
    put_marks(t);
    out_puts(o, "</svg>\n</div>\n<p class=\"legend\">");
    for (int i = 0; i < MARK_COUNT; i++) {
        out_puts(o, "<span><svg viewBox=\"-7 -7 14 14\" aria-hidden=\"true\">");
        put_mark(o, (enum mark)i, i == MARK_CRASH ? "crash" : "plain", 0, 0);
        out_printf(o, "</svg> %s</span>", mark_names[i]);
    }
    out_puts(o, "</p>\n");
}

/* What has no stamp stands where the last one before it does. */
static void put_time(struct out *o, const struct record *r)
{
    char clock[CLOCK_TEXT];
    struct str stamp = wording_stamp_text(r, clock);

    if (!stamp.n && r->after_us != TIME_UNKNOWN) {
        out_puts(o, "after ");
        stamp = wording_mono(r->after_us, clock);
    }
    out_raw(o, stamp);
}

static void put_row(const struct timeline *t, const struct mark_at *m)
{
    struct out *o = t->h->out;

    out_printf(o, "<tr><td class=\"n\">%" PRId64 "</td><td class=\"mono\">",
               wording_boot_offset(t->h->a, m->boot));
    put_time(o, m->record);
    out_printf(o, "</td><td>%s</td><td>%s</td><td>", lane_names[m->lane], mark_names[m->mark]);
    if (m->anchor[0])
        out_printf(o, "<a href=\"#%s\">", m->anchor);
    put_words(t, m);
    out_puts(o, m->anchor[0] ? "</a></td><td class=\"mono\">" : "</td><td class=\"mono\">");
    out_markup(o, wording_input_short(t->h->a, m->record->input));
    out_printf(o, ":%" PRIu64 "</td></tr>\n", m->record->line);
}

static void put_list(const struct timeline *t)
{
    struct out *o = t->h->out;

    out_puts(o, "<details><summary>The same as a list</summary>\n<div class=\"scroll\"><table>\n"
                "<tr><th class=\"n\">boot</th><th>time</th><th>by</th><th>what</th><th>title</th>"
                "<th>where</th></tr>\n");
    for (size_t i = 0; i < t->marks.n; i++)
        put_row(t, &t->marks.p[i]);
    out_puts(o, "</table></div>\n</details>\n");
}

/* The boots to draw: all, or those around the one that the answer is about. */
static void choose_boots(struct timeline *t)
{
    uint32_t all = (uint32_t)boots_count(t->h->a->boots), focus = t->h->a->focus;

    t->n = all < BOOTS_SHOWN ? all : BOOTS_SHOWN;
    t->first = focus < all && focus + 2 > t->n ? focus + 2 - t->n : 0;
    if (t->first + t->n > all)
        t->first = all - t->n;
    t->band = (double)(WIDTH - LEFT - RIGHT) / (t->n ? t->n : 1);
}

void html_timeline(const struct html *h)
{
    struct timeline t = { .h = h, .arena = { .limit_bytes = 4 << 20 } };

    choose_boots(&t);
    if (t.n == 0)
        return;
    add_findings(&t);
    add_crashes(&t);
    sort_marks(&t.marks);
    out_puts(h->out, "<section>\n<h2>Timeline</h2>\n<div class=\"card\">\n");
    put_drawing(&t);
    if (t.n < boots_count(h->a->boots))
        out_printf(h->out, "<p class=\"dim\">%" PRIu32 " of %zu boots are drawn.</p>\n", t.n,
                   boots_count(h->a->boots));
    put_list(&t);
    out_puts(h->out, "</div>\n</section>\n");
    arena_done(&t.arena);
}
