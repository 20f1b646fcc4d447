/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kernel.drv: how this kernel has a driver, known from its flavour and version without a line of
 * the log. Only Photon's kernels have a table; for all others the fact stays unknown.
 */
#include "analyzer/evidence/extract.h"

enum { PHOTON_OF_TABLE = 5 };

static const struct {
    struct str name, generic, esx;
} drivers[] = {
#define DRIVER(driver, in_generic, in_esx)                                                         \
    { { STR_INIT(#driver) }, { STR_INIT(in_generic) }, { STR_INIT(in_esx) } },
#include "analyzer/evidence/drivers.def"
#undef DRIVER
};

enum { N_DRIVERS = sizeof drivers / sizeof drivers[0] };

static const struct str driver_names[] = {
#define DRIVER(driver, in_generic, in_esx) { STR_INIT(#driver) },
#include "analyzer/evidence/drivers.def"
#undef DRIVER
};

/* What is known of Photon versions other than the table's. */
static const struct {
    uint64_t photon;
    struct str flavour, driver, state;
} exceptions[] = {
    { 3, { STR_INIT("esx") }, { STR_INIT("ata_piix") }, { STR_INIT("y") } },
    { 4, { STR_INIT("esx") }, { STR_INIT("ata_piix") }, { STR_INIT("y") } },
};

bool driver_known(struct str name)
{
    for (size_t i = 0; i < N_DRIVERS; i++)
        if (str_eq(driver_names[i], name))
            return true;
    return false;
}

/* 5 of "6.1.138-5.ph5-esx". */
static bool photon_of(struct str release, uint64_t *photon)
{
    struct str before;

    return str_take_until_str(&release, STR(".ph"), &before) && str_take_u64(&release, photon);
}

static struct str state_in(size_t driver, uint64_t photon, struct str flavour)
{
    bool generic = str_eq(flavour, STR("generic")), esx = str_eq(flavour, STR("esx"));

    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
        if (exceptions[i].photon == photon && str_eq(exceptions[i].flavour, flavour) &&
            str_eq(exceptions[i].driver, drivers[driver].name))
            return exceptions[i].state;
    if (photon != PHOTON_OF_TABLE || (!generic && !esx))
        return (struct str){ 0 };
    return generic ? drivers[driver].generic : drivers[driver].esx;
}

void drivers_from_kernel(struct extraction *x)
{
    const struct facts *f = x->facts;
    struct str flavour = f->of[FACT_KERNEL_FLAVOUR].value.text;
    struct value *states;
    uint64_t photon;
    bool any = false;

    if (!photon_of(f->of[FACT_KERNEL_RELEASE].value.text, &photon))
        return;
    states = arena_new(f->arena, struct value, N_DRIVERS);
    if (!states)
        return;
    for (size_t i = 0; i < N_DRIVERS; i++) {
        struct str state = state_in(i, photon, flavour);

        if (state.n)
            states[i] = value_text(state, SORT_OTHER);
        any = any || state.n;
    }
    if (any)
        facts_set(x->facts, FACT_KERNEL_DRV, value_map(driver_names, states, N_DRIVERS),
                  extract_proof(x));
}
