/* SPDX-License-Identifier: Apache-2.0 */
/* Templates of a rule + bindings and facts of its finding = texts made of pieces. */
#include "analyzer/diagnose/remedy.h"

static void fill(struct analysis *a, const struct template *t, const struct finding *f,
                 struct text *out)
{
    template_fill(t, finding_lookup, f, &a->arena, out);
}

void remedy_fill(struct analysis *a)
{
    for (size_t i = 0; i < a->diagnoses.n; i++) {
        struct diagnosis *d = &a->diagnoses.p[i];

        fill(a, &d->rule->title_template, d->finding, &d->title);
        fill(a, &d->rule->diagnosis, d->finding, &d->text);
        for (size_t s = 0; s < d->rule->remediation.n; s++) {
            const struct rule_step *from = &d->rule->remediation.p[s];
            struct text *step;

            if (!finding_wants_step(d->finding, from, &a->arena))
                continue;
            step = vec_push(&a->arena, &d->remediation);
            if (step)
                fill(a, &from->text, d->finding, step);
        }
    }
}
