/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual machine as its configuration describes it, and its host.
 *
 * A device is spread over many settings in any order: scsi0:0.present, scsi0:0.fileName,
 * scsi0.virtualDev. All of them are kept; the facts list the devices that are not switched off,
 * alone or with their controller, disks before CDs.
 */
#include "analyzer/evidence/extract.h"

/* More than any virtual machine has; a hostile configuration ends here. */
enum { DEVICES_MAX = 256 };

enum { VD_SLOT, VD_BUS, VD_CONTROLLER, VD_FILE, VD_PRESENT, VD_KIND, N_VD };
enum { VN_SLOT, VN_TYPE, VN_CONNECTED, VN_NETWORK, VN_MAC, N_VN };

static const struct str disk_fields[N_VD] = {
    [VD_SLOT] = { STR_INIT("slot") },
    [VD_BUS] = { STR_INIT("bus") },
    [VD_CONTROLLER] = { STR_INIT("controller") },
    [VD_FILE] = { STR_INIT("file") },
    [VD_PRESENT] = { STR_INIT("present") },
    [VD_KIND] = { STR_INIT("kind") },
};

static const struct str nic_fields[N_VN] = {
    [VN_SLOT] = { STR_INIT("slot") },
    [VN_TYPE] = { STR_INIT("type") },
    [VN_CONNECTED] = { STR_INIT("connected") },
    [VN_NETWORK] = { STR_INIT("network") },
    [VN_MAC] = { STR_INIT("mac") },
};

struct property {
    struct str name;
    void (*set)(struct extraction *x, struct vmx_device *device, const struct property *p);
    unsigned field;
    enum value_sort sort;
};

/* Buses, and the controller where the bus has only one kind. */
static const struct {
    struct str bus, controller;
} buses[] = {
    { { STR_INIT("scsi") }, { 0 } },
    { { STR_INIT("sata") }, { STR_INIT("ahci") } },
    { { STR_INIT("ide") }, { STR_INIT("ide") } },
    { { STR_INIT("nvme") }, { STR_INIT("nvme") } },
};

enum { N_BUSES = sizeof buses / sizeof buses[0] };

static void set_text_field(struct extraction *x, struct vmx_device *device,
                           const struct property *p)
{
    extract_field(x, &device->fields[p->field], x->record->value, p->sort);
}

static void set_flag_field(struct extraction *x, struct vmx_device *device,
                           const struct property *p)
{
    device->fields[p->field] = value_bool(str_eq_nocase(x->record->value, STR("TRUE")));
}

static void set_present(struct extraction *x, struct vmx_device *device, const struct property *p)
{
    device->absent = !str_eq_nocase(x->record->value, STR("TRUE"));
    if (p->field)
        set_flag_field(x, device, p);
}

static void set_type(struct extraction *x, struct vmx_device *device, const struct property *p)
{
    (void)p;
    if (!str_eq(device->type, x->record->value))
        device->type = arena_str(x->facts->arena, x->record->value);
}

/* The controller of "scsi0:1" is "scsi0". */
static struct str controller_slot(struct str slot)
{
    size_t colon = str_find_char(slot, ':');

    return str_first(slot, colon == STR_NOT_FOUND ? slot.n : colon);
}

/* scsi0.virtualDev is the controller's, and so that of every device on it. */
static void set_controller(struct extraction *x, struct vmx_device *device,
                           const struct property *p)
{
    struct vmx_devices *all = &x->facts->state->disks;

    set_text_field(x, device, p);
    for (size_t i = 0; i < all->n; i++)
        if (str_eq_nocase(controller_slot(all->p[i].slot), device->slot))
            all->p[i].fields[VD_CONTROLLER] = device->fields[VD_CONTROLLER];
}

static const struct property disk_properties[] = {
    { { STR_INIT("present") }, set_present, VD_PRESENT, SORT_OTHER },
    { { STR_INIT("fileName") }, set_text_field, VD_FILE, SORT_PATH },
    { { STR_INIT("deviceType") }, set_type, VD_KIND, SORT_OTHER },
    { { STR_INIT("virtualDev") }, set_controller, VD_CONTROLLER, SORT_OTHER },
    { { 0 }, NULL, 0, SORT_OTHER },
};

static const struct property nic_properties[] = {
    { { STR_INIT("present") }, set_present, 0, SORT_OTHER },
    { { STR_INIT("virtualDev") }, set_text_field, VN_TYPE, SORT_OTHER },
    { { STR_INIT("startConnected") }, set_flag_field, VN_CONNECTED, SORT_OTHER },
    { { STR_INIT("networkName") }, set_text_field, VN_NETWORK, SORT_HOST },
    { { STR_INIT("connectionType") }, set_text_field, VN_NETWORK, SORT_OTHER },
    { { STR_INIT("address") }, set_text_field, VN_MAC, SORT_MAC },
    { { STR_INIT("generatedAddress") }, set_text_field, VN_MAC, SORT_MAC },
    { { 0 }, NULL, 0, SORT_OTHER },
};

/* "scsi0:1" and "fileName" of "scsi0:1.fileName". */
static bool take_slot(struct str key, struct str prefix, struct str *slot, struct str *property)
{
    struct str in = key;
    uint64_t number;

    if (!str_take_nocase(&in, prefix) || !str_take_u64(&in, &number))
        return false;
    if (str_take_char(&in, ':') && !str_take_u64(&in, &number))
        return false;
    *slot = str_first(key, key.n - in.n);
    *property = str_from_at(in, 1);
    return in.n > 1 && in.p[0] == '.';
}

static struct vmx_device *find_device(const struct vmx_devices *all, struct str slot)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq_nocase(all->p[i].slot, slot))
            return &all->p[i];
    return NULL;
}

/* A new device without any field but its slot; NULL at a limit. */
static struct vmx_device *add_device(struct extraction *x, struct vmx_devices *all, struct str slot,
                                     size_t n_fields)
{
    struct arena *a = x->facts->arena;
    struct vmx_device *device;
    struct value *fields;
    struct str kept;

    if (all->n >= DEVICES_MAX)
        return NULL;
    if (!all->shown)
        all->shown = arena_new(a, struct value, DEVICES_MAX);
    fields = arena_new(a, struct value, n_fields);
    kept = arena_str(a, slot);
    if (!all->shown || !fields || kept.n != slot.n)
        return NULL;
    device = vec_push(a, all);
    if (!device)
        return NULL;
    fields[0] = value_text(kept, SORT_DEVICE);
    *device = (struct vmx_device){ .slot = kept, .fields = fields };
    return device;
}

/* The device in a slot of bus number `bus`, made with what its bus and controller tell. */
static struct vmx_device *disk_in(struct extraction *x, struct str slot, size_t bus)
{
    struct vmx_devices *all = &x->facts->state->disks;
    struct vmx_device *device = find_device(all, slot), *controller;

    if (device)
        return device;
    device = add_device(x, all, slot, N_VD);
    if (!device)
        return NULL;
    controller = find_device(all, controller_slot(slot));
    device->fields[VD_BUS] = value_text(buses[bus].bus, SORT_OTHER);
    if (controller && controller != device)
        device->fields[VD_CONTROLLER] = controller->fields[VD_CONTROLLER];
    else if (buses[bus].controller.n)
        device->fields[VD_CONTROLLER] = value_text(buses[bus].controller, SORT_OTHER);
    return device;
}

static void set_property(struct extraction *x, struct vmx_device *device,
                         const struct property *properties, struct str name)
{
    if (x->record->value.n == 0)
        return;
    for (const struct property *p = properties; p->set; p++)
        if (str_eq_nocase(p->name, name))
            p->set(x, device, p);
}

/* By deviceType, else by what the file's name tells. */
static struct value kind_of(const struct vmx_device *device)
{
    struct str file = device->fields[VD_FILE].text;

    if (str_find_nocase(device->type, STR("cdrom")) != STR_NOT_FOUND)
        return value_text(STR("cdrom"), SORT_OTHER);
    if (device->type.n == 0 && file.n > 4 &&
        str_eq_nocase(str_from_at(file, file.n - 4), STR(".iso")))
        return value_text(STR("cdrom"), SORT_OTHER);
    if (device->type.n == 0 && file.n == 0)
        return value_unknown();
    return value_text(STR("disk"), SORT_OTHER);
}

/* Disks first, then by slot: the first one is the likely boot disk. */
static bool stands_before(const struct value *a, const struct value *b)
{
    bool a_disk = str_eq(a->items[VD_KIND].text, STR("disk"));
    bool b_disk = str_eq(b->items[VD_KIND].text, STR("disk"));

    return a_disk != b_disk ? a_disk : str_cmp(a->items[0].text, b->items[0].text) < 0;
}

/* Switched off itself, or with its controller: scsi0.present = "FALSE" leaves scsi0:0 out, too. */
static bool is_off(const struct vmx_devices *all, const struct vmx_device *device)
{
    const struct vmx_device *controller = find_device(all, controller_slot(device->slot));

    return device->absent || (controller && controller->absent);
}

static void show(struct extraction *x, struct vmx_devices *all, enum fact_id id,
                 const struct str *names, size_t n_names)
{
    const struct record *proof = x->facts->of[id].proof;
    size_t n = 0, n_off = 0;

    for (size_t i = 0; i < all->n; i++) {
        const struct vmx_device *device = &all->p[i];
        struct value map = value_map(names, device->fields, n_names);
        size_t at = n;

        /* A controller is no disk; its slot has no ':'. */
        if (id == FACT_VMX_DISKS && str_find_char(device->slot, ':') == STR_NOT_FOUND)
            continue;
        if (is_off(all, device)) {
            n_off++;
            continue;
        }
        for (; at > 0 && id == FACT_VMX_DISKS && stands_before(&map, &all->shown[at - 1]); at--)
            all->shown[at] = all->shown[at - 1];
        all->shown[at] = map;
        n++;
    }
    /* Devices that are all switched off are a list of none, which is not the same as no word. */
    if (n || n_off || proof)
        facts_set(x->facts, id, value_list(all->shown, n), proof ? proof : extract_proof(x));
}

void vmx_device_setting(struct extraction *x)
{
    struct facts_state *s = x->facts->state;
    struct str slot, property;
    struct vmx_device *device;

    for (size_t bus = 0; bus < N_BUSES; bus++) {
        if (!take_slot(x->record->key, buses[bus].bus, &slot, &property))
            continue;
        device = disk_in(x, slot, bus);
        if (!device)
            return;
        set_property(x, device, disk_properties, property);
        device->fields[VD_KIND] = kind_of(device);
        show(x, &s->disks, FACT_VMX_DISKS, disk_fields, N_VD);
        return;
    }
    if (!take_slot(x->record->key, STR("ethernet"), &slot, &property))
        return;
    device = find_device(&s->nics, slot);
    if (!device)
        device = add_device(x, &s->nics, slot, N_VN);
    if (!device)
        return;
    set_property(x, device, nic_properties, property);
    show(x, &s->nics, FACT_VMX_NICS, nic_fields, N_VN);
}
