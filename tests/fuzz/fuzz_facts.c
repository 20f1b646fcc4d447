/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records from bytes: each line is one, its first byte says who wrote it. What comes out must print
 * and project, and fit into a small arena.
 */
#include "analyzer/evidence/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = { .p = (const char *)data, .n = size }, line;
    struct arena a, scratch = { 0 };
    struct facts f;
    struct record r;

    arena_init(&a, 256 << 10);
    if (facts_init(&f, &a, NULL)) {
        while (str_take_line(&in, &line)) {
            record_init(&r);
            r.origin = (enum origin)(line.n ? (unsigned char)line.p[0] % ORIGIN_COUNT : 0);
            r.text = str_from_at(line, 1);
            r.value = r.text;
            r.section = STR("CONFIGURATION");
            if (r.origin == ORIGIN_HOST && str_take_until(&r.value, '=', &r.key))
                r.kind = RECORD_SETTING;
            facts_add(&f, &r);
        }
        for (unsigned i = 0; i < FACT_COUNT; i++) {
            struct value value, name;

            if (facts_find(&f, fact_infos[i].path, &scratch, &value, NULL)) {
                value_print(&scratch, &value);
                name = value_field(&scratch, &value, STR("name"));
                value_eq(&name, &value);
            }
        }
    }
    arena_done(&scratch);
    arena_done(&a);
    return 0;
}
