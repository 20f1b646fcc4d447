/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The disk controllers on the PCI bus, driven or not: when no disk appeared, these say which driver
 * was missed.
 *
 *     pci 0000:03:00.0: [15ad:07c0] type 00 class 0x010700
 *     pci 0000:03:00.0: [15ad:07c0] type 00 class 0x010700 conventional PCI endpoint   (since 6.10)
 *
 * drivers/pci/probe.c, pci_setup_device(); printed at level info, so a log that was cut by level
 * has none. Only a log that shows other PCI devices proves that there is no controller.
 */
#include "analyzer/evidence/extract.h"
#include "analyzer/evidence/facts_boot.h"

enum { F_SLOT, F_ID, F_NAME, F_DRIVER, F_TEXT, N_FIELDS };

static const struct str field_names[N_FIELDS] = {
    [F_SLOT] = { STR_INIT("slot") }, [F_ID] = { STR_INIT("id") },
    [F_NAME] = { STR_INIT("name") }, [F_DRIVER] = { STR_INIT("driver") },
    [F_TEXT] = { STR_INIT("text") },
};

static const struct controller {
    struct str id, class, name, driver;
} controllers[] = {
#define CONTROLLER(pci_id, subclass, title, module)                                                \
    { { STR_INIT(pci_id) }, { STR_INIT(subclass) }, { STR_INIT(title) }, { STR_INIT(module) } },
#include "analyzer/evidence/storage_controllers.def"
#undef CONTROLLER
};

static const struct controller *find_controller(struct str id, struct str subclass)
{
    for (size_t i = 0; i < sizeof controllers / sizeof controllers[0]; i++) {
        const struct controller *c = &controllers[i];

        if ((!c->id.n || str_eq(c->id, id)) && (!c->class.n || str_eq(c->class, subclass)))
            return c;
    }
    return NULL;
}

/* "15ad:07c0" */
static bool is_pci_id(struct str in)
{
    uint64_t vendor, device;

    return in.n == sizeof "15ad:07c0" - 1 && str_take_hex(&in, &vendor) &&
           str_take_char(&in, ':') && str_take_hex(&in, &device) && in.n == 0;
}

void take_pci_device(struct extraction *x)
{
    struct arena *a = x->facts->arena;
    const struct controller *c;
    struct str in = x->rest, slot, id, type, subclass;
    struct value *fields;

    if (!str_take_until_str(&in, STR(": ["), &slot) || !str_take_until(&in, ']', &id) ||
        !str_take_until_str(&in, STR("class 0x"), &type) || !is_pci_id(id) || in.n < 6)
        return;
    if (!extract_known(x, FACT_PCI_STORAGE))
        extract_clear(x, FACT_PCI_STORAGE);
    if (!str_take(&in, STR("01")))
        return;
    subclass = str_first(in, 2);
    c = find_controller(id, subclass);
    fields = extract_map(x, FACT_PCI_STORAGE, field_names, N_FIELDS, slot);
    /* What stands in a slot was told once: a flood must not fill the arena. */
    if (!c || !fields || fields[F_ID].type == VALUE_TEXT)
        return;
    extract_field(x, &fields[F_ID], id, SORT_OTHER);
    extract_field(x, &fields[F_NAME], c->name, SORT_OTHER);
    if (c->driver.n)
        extract_field(x, &fields[F_DRIVER], c->driver, SORT_OTHER);
    fields[F_TEXT] =
            value_text(c->driver.n ? arena_printf(a, "%.*s (driver %.*s)", STR_ARG(c->name),
                                                  STR_ARG(c->driver))
                                   : arena_printf(a, "%.*s [%.*s]", STR_ARG(c->name), STR_ARG(id)),
                       SORT_OTHER);
}

static bool is_bound(const struct facts *f, struct str driver)
{
    const struct value *bound = &facts_get(f, FACT_DRIVERS_BOUND)->value;

    for (size_t i = 0; bound->type == VALUE_LIST && i < bound->n_items; i++)
        if (str_eq(bound->items[i].text, driver))
            return true;
    return false;
}

/* Drivers announce themselves long after the bus was scanned, so this is known at the end only. */
void facts_set_undriven(struct facts *f)
{
    const struct fact *storage = facts_get(f, FACT_PCI_STORAGE);
    const struct value *all = &storage->value;
    struct value *left;
    size_t n = 0;

    if (all->type != VALUE_LIST)
        return;
    left = arena_new(f->arena, struct value, all->n_items + 1);
    if (!left)
        return;
    for (size_t i = 0; i < all->n_items; i++) {
        struct value driver = value_field(f->arena, &all->items[i], field_names[F_DRIVER]);

        if (driver.type != VALUE_TEXT || !is_bound(f, driver.text))
            left[n++] = value_field(f->arena, &all->items[i], field_names[F_TEXT]);
    }
    facts_set(f, FACT_PCI_UNDRIVEN, value_list(left, n), storage->proof);
}
