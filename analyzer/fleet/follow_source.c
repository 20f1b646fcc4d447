/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One live source; see follow_source.h. When to speak:
 *
 * a finding    when the source waits, or every LOOK_US in a stream that never does, if a pattern
 *              hit since the last look and the finding is certain.
 * a report     SILENCE_US after the last byte when the guest panicked (the kernel prints its call
 *              trace behind the headline), NOISE_US after it when it goes on printing; when another
 *              boot began and is no dump of this one; at the end.
 *
 * A file's text of before counts as what led here: boots that ended in it are not reported.
 */
#include "analyzer/fleet/follow_source.h"
#include "reports/redact.h"

#include <stdlib.h>

enum {
    SILENCE_US = 300000, /* a serial line at 9600 baud writes a line of 80 in 80 ms */
    NOISE_US = 2000000,
    LOOK_US = 250000,
    ENDING_US = 3000000, /* a boot that says it ends: its last units may still fail */
};

/* Findings remembered as said; a boot has a few. */
enum { SAID_MAX = 1024 };

/* Records taken when a source falls silent, and at the end of one that never does. */
enum { SETTLE_MAX = 4096, FINISH_MAX = 1 << 20 };

struct said {
    uint64_t boot; /* its serial */
    uint64_t hash; /* of rule and title */
};

struct follow_source {
    const struct follow_options *options;
    struct analysis_options analysis;
    struct str name;
    struct feed *feed;
    struct input *in;
    struct reader *reader;
    struct analysis *a;
    uint64_t boot;    /* serial of the boot that is written; 0: none yet */
    uint64_t over;    /* of one that another one followed and that is to be reported; 0: none */
    uint64_t told;    /* of the boot that was reported, */
    size_t told_said; /* the findings said of it by then, */
    enum ended_by told_end; /* and the end it was seen to have */
    struct said said[SAID_MAX];
    size_t n_said;
    bool matched; /* since the last look */
    bool history; /* what the file held when it was opened is still being read */
    bool settled; /* the silence after the last bytes was used */
    bool ended;
    uint64_t bytes;                      /* of the feed, when the last ones came */
    int64_t bytes_us, look_us, panic_us; /* when that was; 0: not */
    struct follow_sums sums;
};

struct follow_source *follow_source_new(const struct follow_options *options, struct str name,
                                        struct feed *feed)
{
    struct follow_source *s = calloc(1, sizeof *s);

    if (s) {
        s->options = options;
        s->analysis = options->analysis;
        s->analysis.live = true;
        s->analysis.wire = feed_is_wire(feed);
        s->name = name;
        s->feed = feed;
        s->history = feed_has_history(feed);
        s->in = input_from_source(name, feed_source(feed));
        s->a = analysis_new(options->rules);
    }
    if (!s || !s->in || !s->a) {
        if (!s)
            feed_close(feed);
        follow_source_free(s);
        return NULL;
    }
    boots_keep(s->a->boots, 3);
    s->reader = analysis_begin(s->a, s->in, &s->analysis);
    s->ended = s->reader == NULL;
    return s;
}

void follow_source_free(struct follow_source *s)
{
    if (!s)
        return;
    reader_close(s->reader);
    analysis_free(s->a);
    input_close(s->in);
    feed_close(s->feed);
    free(s);
}

/* The place of a boot among those that are kept, or SIZE_MAX. */
static size_t place_of(const struct follow_source *s, uint64_t serial)
{
    for (size_t i = boots_count(s->a->boots); i > 0; i--)
        if (boots_at(s->a->boots, i - 1)->serial == serial)
            return i - 1;
    return SIZE_MAX;
}

static const struct boot *boot_of(const struct follow_source *s, uint64_t serial)
{
    size_t place = place_of(s, serial);

    return place == SIZE_MAX ? NULL : boots_at(s->a->boots, place);
}

static struct analysis *look_at(struct follow_source *s, uint64_t serial, bool silent)
{
    size_t place = place_of(s, serial);

    return place == SIZE_MAX ? NULL : analysis_look(s->a, s->reader, place, silent, &s->analysis);
}

static uint64_t hash_of(const struct diagnosis *d)
{
    uint64_t hash = str_hash(d->rule->id);

    for (size_t i = 0; i < d->title.n; i++)
        hash = hash * 31 + str_hash(d->title.p[i].text);
    return hash;
}

/* True when it was not said before. */
static bool say_once(struct follow_source *s, uint64_t boot, const struct diagnosis *d)
{
    uint64_t hash = hash_of(d);

    for (size_t i = 0; i < s->n_said; i++)
        if (s->said[i].boot == boot && s->said[i].hash == hash)
            return false;
    if (s->n_said < SAID_MAX)
        s->said[s->n_said++] = (struct said){ boot, hash };
    s->sums.findings++;
    if (!s->sums.has_worst || d->severity > s->sums.worst)
        s->sums.worst = d->severity;
    s->sums.has_worst = true;
    return true;
}

static void forget_said(struct follow_source *s, uint64_t boot)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_said; i++)
        if (s->said[i].boot != boot)
            s->said[n++] = s->said[i];
    s->n_said = n;
}

static size_t count_said(const struct follow_source *s, uint64_t boot)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_said; i++)
        n += s->said[i].boot == boot;
    return n;
}

/* Writes the findings of the open boot that became certain. */
static void say_findings(struct follow_source *s, int64_t now_us)
{
    const struct boot *b = boot_of(s, s->boot);
    struct analysis *look;

    s->look_us = now_us;
    /* Of a guest that panicked the report comes in a moment, and says which of them is the cause.
     */
    if (!s->matched || s->history || (b && b->ending && b->ended_by == ENDED_PANIC))
        return;
    s->matched = false;
    look = look_at(s, s->boot, s->settled);
    if (look)
        redact_learn_analysis(out_redactor(s->options->out), look);
    for (size_t i = 0; look && i < look->diagnoses.n; i++) {
        const struct diagnosis *d = &look->diagnoses.p[i];

        if (d->finding->certain && !d->superseded && say_once(s, s->boot, d))
            s->options->report->write_finding(s->options->out, look, d, &s->options->how);
    }
    analysis_look_free(look);
}

/* The full report of a boot, unless it was written and nothing was found since. */
static void report_boot(struct follow_source *s, uint64_t serial)
{
    struct analysis *look;

    if (serial == 0 || s->history)
        return;
    look = look_at(s, serial, true);
    if (look)
        redact_learn_analysis(out_redactor(s->options->out), look);
    for (size_t i = 0; look && i < look->diagnoses.n; i++)
        if (!look->diagnoses.p[i].superseded)
            say_once(s, serial, &look->diagnoses.p[i]);
    if (look && (s->told != serial || s->told_said != count_said(s, serial) ||
                 s->told_end != boot_of(s, serial)->ended_by))
        s->options->report->write(s->options->out, look, &s->options->how);
    if (look)
        s->told_end = boot_of(s, serial)->ended_by;
    analysis_look_free(look);
    s->told = serial;
    s->told_said = count_said(s, serial);
}

/* A boot that another one followed, once that is certain. */
static void report_over(struct follow_source *s)
{
    if (s->over == 0)
        return;
    report_boot(s, s->over);
    forget_said(s, s->over);
    s->over = 0;
}

static void take_event(struct follow_source *s, const struct analysis_event *event)
{
    s->sums.records++;
    s->matched |= event->matched;
    if (!event->boot || event->boot->serial == s->boot)
        return;
    if (event->started) {
        report_over(s);
        s->over = s->boot;
        s->sums.boots++;
        s->panic_us = 0;
    } else if (event->boot->serial == s->over) {
        /* The new boot was the old one, dumped again. */
        forget_said(s, s->boot);
        s->over = 0;
        s->sums.boots--;
    }
    s->boot = event->boot->serial;
    s->matched = true;
}

enum pulled { PULLED_MOST, PULLED_ALL, PULLED_END };

static enum pulled pull_records(struct follow_source *s, unsigned most)
{
    struct analysis_event event;
    struct err err;

    for (unsigned i = 0; i < most; i++) {
        switch (analysis_step(s->a, s->reader, &event, &err)) {
        case STEP_RECORD: take_event(s, &event); break;
        case STEP_WAIT: return PULLED_ALL;
        case STEP_FAIL: s->sums.error = str_from(s->a->inputs.p[0].err.text); return PULLED_END;
        case STEP_END: return PULLED_END;
        }
    }
    return PULLED_MOST;
}

/* The file ended and another one follows. */
static void turn(struct follow_source *s)
{
    reader_pause(s->reader, PAUSE_LAST);
    while (pull_records(s, UINT32_MAX) == PULLED_MOST)
        ;
    feed_turn(s->feed);
    reader_restart(s->reader);
}

/* What is there is all of it, for now. */
static void settle(struct follow_source *s)
{
    reader_pause(s->reader, PAUSE_QUIET);
    pull_records(s, SETTLE_MAX);
    reader_pause(s->reader, PAUSE_WAIT);
    s->settled = true;
    s->matched = true; /* a crash report that was open is whole now */
}

/* Reports that are due; returns in how many microseconds the next one is, or 0. */
static int64_t report_due(struct follow_source *s, int64_t now_us)
{
    const struct boot *b = boot_of(s, s->boot);
    int64_t silent_us = now_us - s->bytes_us, wait_us;

    if (s->over && (boots_on_trial(s->a->boots) != b || silent_us >= SILENCE_US))
        report_over(s);
    if (!b || !b->ending || (s->told == s->boot && s->told_end == b->ended_by))
        return s->over ? SILENCE_US - silent_us : 0;
    wait_us = b->ended_by == ENDED_PANIC ? SILENCE_US : ENDING_US;
    if (s->panic_us == 0)
        s->panic_us = now_us;
    if (silent_us >= wait_us || (b->ended_by == ENDED_PANIC && now_us - s->panic_us >= NOISE_US)) {
        report_boot(s, s->boot);
        s->panic_us = 0;
        return 0;
    }
    return wait_us - silent_us;
}

static int in_ms(int64_t us)
{
    return us <= 0 ? FOLLOW_FOREVER : (int)(us / 1000 + 1);
}

int follow_source_pull(struct follow_source *s, unsigned most, int64_t now_us)
{
    enum pulled pulled = pull_records(s, most);
    int64_t due_us;

    if (feed_stats(s->feed).bytes != s->bytes) {
        s->bytes = feed_stats(s->feed).bytes;
        s->bytes_us = now_us;
        s->settled = false;
    }
    if (pulled == PULLED_END) {
        follow_source_finish(s);
        return FOLLOW_ENDED;
    }
    if (pulled == PULLED_ALL && feed_at_turn(s->feed)) {
        turn(s);
        return 0;
    }
    if (pulled == PULLED_ALL && !s->settled && now_us - s->bytes_us >= SILENCE_US)
        settle(s);
    if (pulled == PULLED_ALL && s->history) {
        s->history = false;
        s->over = 0;
    }
    if (pulled == PULLED_ALL || now_us - s->look_us >= LOOK_US)
        if (boots_on_trial(s->a->boots) == NULL || s->settled)
            say_findings(s, now_us);
    due_us = report_due(s, now_us);
    if (pulled == PULLED_MOST)
        return 0;
    if (!s->settled && (due_us == 0 || due_us > SILENCE_US - (now_us - s->bytes_us)))
        due_us = SILENCE_US - (now_us - s->bytes_us);
    return in_ms(due_us);
}

void follow_source_finish(struct follow_source *s)
{
    if (s->ended)
        return;
    s->ended = true;
    if (s->history)
        s->over = 0;
    s->history = false;
    reader_pause(s->reader, PAUSE_LAST);
    while (pull_records(s, FINISH_MAX) == PULLED_END && feed_at_turn(s->feed)) {
        turn(s);
        reader_pause(s->reader, PAUSE_LAST);
    }
    report_over(s);
    report_boot(s, s->boot);
}

bool follow_source_ended(const struct follow_source *s)
{
    return s->ended;
}

const struct feed *follow_source_feed(const struct follow_source *s)
{
    return s->feed;
}

struct str follow_source_name(const struct follow_source *s)
{
    return s->name;
}

struct follow_sums follow_source_sums(const struct follow_source *s)
{
    struct follow_sums sums = s->sums;

    sums.feed = feed_stats(s->feed);
    if (!sums.error.n && s->a->inputs.n)
        sums.error = str_from(s->a->inputs.p[0].err.text);
    return sums;
}
