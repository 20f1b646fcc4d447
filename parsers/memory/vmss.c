/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VMware's checkpoints: suspended VMs (.vmss) and snapshots (.vmsn), with the memory inside or in
 * the .vmem beside them. All words are little-endian:
 *
 *     u32 magic, u32 version, u32 number of groups
 *     groups[]: char name[64], u64 position, u64 size
 *
 * At a group's position stand tags, ended by a tag word of 0. Tags are walked by their lengths
 * alone; of interest are those of two groups. The `size` of a group is not always right.
 *
 *     u16 tag = length of the name << 8 | number of indices << 6 | size of the value
 *     char name[], s32 index[]
 *     size 0 to 61: the value. 63, 62: a block, a compressed one:
 *     u64 bytes in the file, u64 bytes in memory, u16 pad; pad; then the bytes
 */
#include "parsers/memory/image.h"

#include "analyzer/core/limits.h"

enum {
    HEADER_BYTES = 12,
    GROUPS_AT = 8,
    GROUP_BYTES = 80,
    GROUP_NAME = 64,
    GROUP_POSITION = 64,
    VALUE_COMPRESSED = 62,
    VALUE_BLOCK = 63,
    BLOCK_HEADER = 18,
    INDICES_MAX = 3,
    CR3 = 3,
    CR3_AT = 24,
    CR_BLOCK_MIN = 40,
};

/* Where VMware cuts memory when regions do not say so. */
static const uint64_t usual_low = (uint64_t)3 << 30;

enum magic { MAGIC_NONE, MAGIC_64, MAGIC_32 };

static const struct {
    uint32_t word;
    enum magic magic;
} magics[] = {
    { 0xbed2bed2, MAGIC_64 }, { 0xbed3bed3, MAGIC_64 }, /* partial */
    { 0xbad1bad1, MAGIC_64 },                           /* restored */
    { 0xbad2bad2, MAGIC_64 },                           /* not to be restored */
    { 0xbed0bed0, MAGIC_32 }, { 0xbed2bed0, MAGIC_32 },
};

/* In pages; `has` has a bit for each word that was seen. */
struct region {
    uint32_t in_file, page, pages;
    unsigned has;
};

enum { REGION_IN_FILE = 1, REGION_PAGE = 2, REGION_PAGES = 4, REGION_ALL = 7 };

struct tag {
    struct str name;
    char name_bytes[64];
    int32_t index[INDICES_MAX];
    unsigned n_index;
    bool block, compressed;
    uint64_t offset, size; /* of the value or the block */
    uint64_t in_memory;    /* of a block */
    uint64_t value;        /* the first eight bytes of it */
};

struct checkpoint {
    struct image *m;
    const struct stored *file;
    uint64_t memory_offset, memory_size;
    bool has_memory, has_compressed;
    uint32_t n_regions;
    struct region regions[LIMIT_IMAGE_REGIONS];
    uint32_t n_tags;
};

static enum magic magic_of(const struct stored *s)
{
    unsigned char word[4];

    if (stored_read(s, 0, word, sizeof word) < sizeof word)
        return MAGIC_NONE;
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (magics[i].word == le32(word))
            return magics[i].magic;
    return MAGIC_NONE;
}

bool vmss_is_checkpoint(const struct stored *s)
{
    return magic_of(s) != MAGIC_NONE;
}

/* `n` bytes at the cursor, or none. */
static bool take(const struct stored *s, uint64_t *at, void *buf, size_t n)
{
    if (*at > s->size_bytes || n > s->size_bytes - *at || stored_read(s, *at, buf, n) < n)
        return false;
    *at += n;
    return true;
}

static bool skip(const struct stored *s, uint64_t *at, uint64_t n)
{
    if (*at > s->size_bytes || n > s->size_bytes - *at)
        return false;
    *at += n;
    return true;
}

static bool take_block_header(const struct stored *s, uint64_t *at, struct tag *out)
{
    unsigned char h[BLOCK_HEADER];

    if (!take(s, at, h, sizeof h) || !skip(s, at, le16(h + 16)))
        return false;
    out->size = le64(h);
    out->in_memory = le64(h + 8);
    /* A block that goes beyond the file is what a copy that was cut short ends with. */
    if (out->size > s->size_bytes - *at)
        out->size = s->size_bytes - *at;
    return true;
}

/* The tag at the cursor; false at the list's end, and where it is torn. */
static bool take_tag(const struct stored *s, uint64_t *at, struct tag *out)
{
    unsigned char word[2], index[4 * INDICES_MAX], value[8] = { 0 };
    size_t name_len, value_size;
    uint64_t p = *at;

    *out = (struct tag){ 0 };
    if (!take(s, &p, word, sizeof word) || le16(word) == 0)
        return false;
    name_len = word[1];
    out->n_index = word[0] >> 6;
    value_size = word[0] & 63;
    out->name = (struct str){ .p = out->name_bytes,
                              .n = name_len < sizeof out->name_bytes ? name_len
                                                                     : sizeof out->name_bytes };
    if (stored_read(s, p, out->name_bytes, out->name.n) < out->name.n || !skip(s, &p, name_len) ||
        !take(s, &p, index, sizeof *out->index * out->n_index))
        return false;
    for (unsigned i = 0; i < out->n_index; i++)
        out->index[i] = (int32_t)le32(index + sizeof *out->index * i);
    out->size = value_size;
    out->block = value_size >= VALUE_COMPRESSED;
    out->compressed = value_size == VALUE_COMPRESSED;
    if (out->block && !take_block_header(s, &p, out))
        return false;
    out->offset = p;
    (void)stored_read(s, p, value, out->size < sizeof value ? (size_t)out->size : sizeof value);
    out->value = le64(value);
    if (!skip(s, &p, out->size))
        return false;
    *at = p;
    return true;
}

static void take_region(struct checkpoint *c, const struct tag *t)
{
    static const struct {
        struct str name;
        unsigned what;
    } words[] = {
        { { STR_INIT("regionPageNum") }, REGION_IN_FILE },
        { { STR_INIT("regionPPN") }, REGION_PAGE },
        { { STR_INIT("regionSize") }, REGION_PAGES },
    };
    struct region *r;

    if (t->n_index == 0 || t->index[0] < 0 || t->index[0] >= LIMIT_IMAGE_REGIONS)
        return;
    r = &c->regions[t->index[0]];
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        uint32_t *to[] = {
            [REGION_IN_FILE] = &r->in_file, [REGION_PAGE] = &r->page, [REGION_PAGES] = &r->pages
        };

        if (!str_eq(t->name, words[i].name))
            continue;
        *to[words[i].what] = (uint32_t)t->value;
        r->has |= words[i].what;
    }
}

static void take_memory_tag(struct checkpoint *c, const struct tag *t)
{
    if (str_eq(t->name, STR("Memory")) && t->block && !c->has_memory) {
        c->has_compressed |= t->compressed;
        c->has_memory = !t->compressed;
        c->memory_offset = t->offset;
        c->memory_size = t->in_memory < t->size ? t->in_memory : t->size;
        if (t->in_memory > t->size)
            c->m->missing += t->in_memory - t->size;
    } else if (str_eq(t->name, STR("regionsCount"))) {
        c->n_regions = t->value < LIMIT_IMAGE_REGIONS ? (uint32_t)t->value : LIMIT_IMAGE_REGIONS;
    } else {
        take_region(c, t);
    }
}

/* CR64[cpu][n], or CR64[cpu] with all of them in a block. */
static void take_cpu_tag(struct checkpoint *c, const struct tag *t)
{
    unsigned char word[8];

    if (!str_eq(t->name, STR("CR64")) || t->n_index == 0)
        return;
    if (t->block && t->size >= CR_BLOCK_MIN &&
        stored_read(c->file, t->offset + CR3_AT, word, sizeof word) == sizeof word)
        image_add_cr3(c->m, le64(word));
    else if (!t->block && t->n_index == 2 && t->index[1] == CR3)
        image_add_cr3(c->m, t->value);
}

static bool take_group(struct checkpoint *c, const unsigned char *group, struct err *err)
{
    static const struct {
        struct str name;
        void (*take)(struct checkpoint *c, const struct tag *t);
    } groups[] = {
        { { STR_INIT("memory\0") }, take_memory_tag },
        { { STR_INIT("cpu\0") }, take_cpu_tag },
    };
    struct str name = { .p = (const char *)group, .n = GROUP_NAME };
    struct tag tag;

    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        uint64_t at = le64(group + GROUP_POSITION);

        if (!str_starts(name, groups[i].name))
            continue;
        while (take_tag(c->file, &at, &tag)) {
            if (++c->n_tags > LIMIT_IMAGE_TAGS)
                return fail(err, FAIL_LIMIT, "more than %d tags in this checkpoint",
                            LIMIT_IMAGE_TAGS);
            groups[i].take(c, &tag);
        }
    }
    return true;
}

static bool take_groups(struct checkpoint *c, struct err *err)
{
    unsigned char head[HEADER_BYTES], group[GROUP_BYTES];
    uint32_t n;

    if (stored_read(c->file, 0, head, sizeof head) < sizeof head)
        return fail(err, FAIL_FORMAT, "the checkpoint's header is cut short");
    n = le32(head + GROUPS_AT);
    if (n > LIMIT_IMAGE_GROUPS || HEADER_BYTES + (uint64_t)n * GROUP_BYTES > c->file->size_bytes)
        return fail(err, FAIL_FORMAT, "the checkpoint's header does not fit the file (%lu groups)",
                    (unsigned long)n);
    for (uint32_t i = 0; i < n; i++) {
        uint64_t at = HEADER_BYTES + (uint64_t)i * GROUP_BYTES;

        if (!take(c->file, &at, group, sizeof group))
            break;
        if (!take_group(c, group, err))
            return false;
    }
    return true;
}

/* Region by region, or the usual layout. */
static void lay_out(struct checkpoint *c, unsigned file, uint64_t offset, uint64_t size)
{
    unsigned n = 0;

    for (uint32_t i = 0; i < c->n_regions; i++) {
        const struct region *r = &c->regions[i];
        uint64_t at = (uint64_t)r->in_file * IMAGE_PAGE, bytes = (uint64_t)r->pages * IMAGE_PAGE;

        if (r->has != REGION_ALL)
            continue;
        n++;
        if (at >= size || bytes > size - at)
            c->m->missing += at >= size ? bytes : bytes - (size - at);
        if (at >= size)
            continue;
        image_add(c->m, (struct segment){ .start = (uint64_t)r->page * IMAGE_PAGE,
                                          .size = bytes < size - at ? bytes : size - at,
                                          .offset = offset + at,
                                          .file = file });
    }
    if (n == 0)
        raw_lay_out(c->m, file, offset, size, usual_low);
    image_settle(c->m);
}

/* Why there is nothing to lay out, and what to do. */
static bool fail_without_memory(const struct checkpoint *c, struct err *err)
{
    if (c->has_compressed)
        return fail(err, FAIL_SUPPORT,
                    "its memory is compressed, which lastwords cannot read: "
                    "resume the VM and take a snapshot with its memory, which "
                    "writes a .vmem");
    return fail(err, FAIL_FORMAT,
                "this checkpoint holds no memory and there is no .vmem of the "
                "same name beside it; a snapshot must be taken with the VM's "
                "memory");
}

bool vmss_lay_out(struct image *m, const struct stored *checkpoint, unsigned memory,
                  struct err *err)
{
    struct checkpoint c = { .m = m, .file = checkpoint };

    if (magic_of(checkpoint) == MAGIC_32)
        return fail(err, FAIL_SUPPORT,
                    "a checkpoint with 32-bit sizes, of a product older than "
                    "this format: open the VM in a newer one and suspend it "
                    "again");
    if (magic_of(checkpoint) == MAGIC_NONE)
        return fail(
                err, FAIL_SUPPORT,
                "it does not begin as a checkpoint does; that of an encrypted VM does not: remove "
                "the encryption (Workstation: Access Control; vSphere: the storage policy) and "
                "suspend the VM again");
    if (!take_groups(&c, err))
        return false;
    if (c.has_memory)
        lay_out(&c, checkpoint == &m->files[IMAGE_COMPANION] ? IMAGE_COMPANION : IMAGE_INPUT,
                c.memory_offset, c.memory_size);
    else if (memory != IMAGE_INPUT || checkpoint != &m->files[IMAGE_INPUT])
        lay_out(&c, memory, 0, m->files[memory].size_bytes);
    return m->segments.n || fail_without_memory(&c, err);
}

bool vmss_open(struct image *m, const struct stored *beside, struct err *err)
{
    m->kind = "checkpoint with its memory inside";
    if (beside) {
        m->files[IMAGE_COMPANION] = *beside;
        m->kind = "checkpoint with the memory beside it";
    }
    return vmss_lay_out(m, &m->files[IMAGE_INPUT], beside ? IMAGE_COMPANION : IMAGE_INPUT, err);
}
