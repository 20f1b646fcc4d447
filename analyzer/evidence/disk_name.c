/* SPDX-License-Identifier: Apache-2.0 */
/* Names of block devices; see disk_name.h. */
#include "analyzer/evidence/disk_name.h"

/* How the name goes on behind the prefix. */
enum name_form {
    FORM_LETTERS, /* sda, sda1 */
    FORM_NUMBER,  /* mmcblk0, mmcblk0p1 */
    FORM_NVME,    /* nvme0n1, nvme0n1p1 */
    FORM_DASH,    /* dm-0 */
};

static const struct {
    struct str prefix;
    enum name_form form;
    bool disklike;
    struct str driver, bus;
} families[] = {
    { { STR_INIT("sd") }, FORM_LETTERS, true, { STR_INIT("sd") }, { 0 } },
    { { STR_INIT("nvme") }, FORM_NVME, true, { STR_INIT("nvme") }, { STR_INIT("nvme") } },
    { { STR_INIT("vd") }, FORM_LETTERS, true, { STR_INIT("virtio_blk") }, { STR_INIT("virtio") } },
    { { STR_INIT("xvd") }, FORM_LETTERS, true, { STR_INIT("xen_blkfront") }, { STR_INIT("xen") } },
    { { STR_INIT("hd") }, FORM_LETTERS, true, { 0 }, { STR_INIT("ide") } },
    { { STR_INIT("mmcblk") }, FORM_NUMBER, true, { STR_INIT("mmcblk") }, { STR_INIT("mmc") } },
    { { STR_INIT("mtdblock") }, FORM_NUMBER, true, { 0 }, { STR_INIT("mtd") } },
    { { STR_INIT("pmem") }, FORM_NUMBER, true, { 0 }, { STR_INIT("nvdimm") } },
    { { STR_INIT("md") }, FORM_NUMBER, true, { STR_INIT("md") }, { 0 } },
    { { STR_INIT("dm") }, FORM_DASH, true, { STR_INIT("dm_mod") }, { 0 } },
    { { STR_INIT("sr") }, FORM_NUMBER, false, { STR_INIT("sr") }, { 0 } },
    { { STR_INIT("loop") }, FORM_NUMBER, false, { 0 }, { 0 } },
    { { STR_INIT("ram") }, FORM_NUMBER, false, { 0 }, { 0 } },
    { { STR_INIT("zram") }, FORM_NUMBER, false, { 0 }, { 0 } },
    { { STR_INIT("nbd") }, FORM_NUMBER, false, { 0 }, { 0 } },
    { { STR_INIT("fd") }, FORM_NUMBER, false, { 0 }, { 0 } },
};

static bool take_number(struct str *in)
{
    uint64_t number;

    return str_take_u64(in, &number) && number <= UINT32_MAX;
}

static bool take_letters(struct str *in)
{
    size_t n = 0;

    while (n < in->n && in->p[n] >= 'a' && in->p[n] <= 'z')
        n++;
    *in = str_from_at(*in, n);
    return n > 0 && n <= 4;
}

/* What stands behind the prefix up to the end of the whole disk's name. */
static bool take_unit(struct str *in, enum name_form form)
{
    switch (form) {
    case FORM_LETTERS: return take_letters(in);
    case FORM_NUMBER: return take_number(in);
    case FORM_NVME: return take_number(in) && str_take_char(in, 'n') && take_number(in);
    case FORM_DASH: return str_take_char(in, '-') && take_number(in);
    }
    return false;
}

bool disk_name_parse(struct str name, struct disk_name *out)
{
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        struct str in = name, disk;

        if (!str_take(&in, families[i].prefix) || !take_unit(&in, families[i].form))
            continue;
        disk = str_first(name, name.n - in.n);
        *out = (struct disk_name){ .disk = disk,
                                   .partition = in.n > 0,
                                   .disklike = families[i].disklike,
                                   .driver = families[i].driver,
                                   .bus = families[i].bus };
        if (in.n == 0)
            return true;
        if (families[i].form != FORM_LETTERS && !str_take_char(&in, 'p'))
            continue;
        if (take_number(&in) && in.n == 0)
            return true;
    }
    return false;
}
