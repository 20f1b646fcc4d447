/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The adapter to elfutils; see symbolise.h. Stands beside the crash reports: they ask it when all
 * records were read. Symbols are found here, their source lines in source_lines.c.
 *
 * One Dwfl per file, opened at the first question, so that a file is only parsed behind the
 * sandbox. libdwfl is given no way to look for further files (debug links, debuginfod), and no
 * compressed file, which it would unpack without a limit.
 */
#include "analyzer/evidence/symbolise.h"

#include "analyzer/core/limits.h"
#include "analyzer/evidence/source_lines.h"
#include "analyzer/evidence/symbol_table.h"
#include "parsers/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_LIBDW

#include <elfutils/libdwfl.h>

struct symbol_file {
    struct str name, module;
    int fd; /* -1: the library has it */
    bool opened, told;
    struct err err; /* of opening */
    Dwfl *dwfl;
    Dwfl_Module *elf;
    struct symbol_table table;
};

struct symbols {
    struct arena arena; /* names */
    struct symbol_files {
        VEC(struct symbol_file);
    } files;
};

/* "ext4.ko.debug", "/x/snd-hda.ko" → "ext4", "snd_hda"; empty: not a module. */
static struct str module_of(struct arena *a, struct str path)
{
    struct str name = walk_base(path);
    size_t end = str_find(name, STR(".ko"));
    char *copy;

    if (end == STR_NOT_FOUND || end == 0)
        return (struct str){ 0 };
    copy = arena_new(a, char, end);
    if (!copy)
        return (struct str){ 0 };
    for (size_t i = 0; i < end; i++)
        copy[i] = name.p[i] == '-' ? '_' : name.p[i];
    return (struct str){ copy, end };
}

/* NOLINTNEXTLINE(readability-function-size): the callback of libdwfl */
static int find_no_debuginfo(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                             const char *file, const char *link, GElf_Word crc, char **found)
{
    (void)module, (void)user, (void)name, (void)base, (void)file, (void)link, (void)crc;
    *found = NULL;
    return -1;
}

static int find_no_elf(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                       char **file, Elf **elf)
{
    (void)module, (void)user, (void)name, (void)base, (void)file, (void)elf;
    return -1;
}

static const Dwfl_Callbacks callbacks = {
    .find_elf = find_no_elf,
    .find_debuginfo = find_no_debuginfo,
    .section_address = dwfl_offline_section_address,
};

/* Compiler's labels and the ARM mapping symbols are not in the kernel's table. */
static bool counts(struct str name, const GElf_Sym *sym, GElf_Word section)
{
    int type = GELF_ST_TYPE(sym->st_info);

    return name.n && name.p[0] != '$' && !str_starts(name, STR(".L")) && section != SHN_UNDEF &&
           section != SHN_ABS && (type == STT_FUNC || type == STT_NOTYPE || type == STT_OBJECT);
}

static void load_symbols(struct symbol_file *f, int n_table)
{
    for (int i = 1; i < n_table; i++) {
        GElf_Sym sym;
        GElf_Addr address;
        GElf_Word section = SHN_UNDEF;
        const char *c = dwfl_module_getsym_info(f->elf, i, &sym, &address, &section, NULL, NULL);
        struct str name = str_from(c);

        if (counts(name, &sym, section))
            f->table.by_address[f->table.n++] = (struct symbol){
                .hash = str_hash(name),
                .address = address,
                .size = sym.st_size,
                .section = section,
                .index = i,
                .is_function = GELF_ST_TYPE(sym.st_info) == STT_FUNC,
            };
    }
    symbol_table_sort(&f->table);
}

static bool fail_dwfl(const struct symbol_file *f, struct err *err)
{
    const char *why = dwfl_errmsg(-1);

    return fail(err, FAIL_FORMAT, "%.*s: %s", STR_ARG(f->name), why ? why : "cannot be read");
}

static bool open_elf(struct symbol_file *f, struct err *err)
{
    char magic[SELFMAG];
    int n_table;

    if (pread(f->fd, magic, sizeof magic, 0) != sizeof magic || memcmp(magic, ELFMAG, SELFMAG) != 0)
        return fail(err, FAIL_FORMAT, "%.*s: not an ELF file (a compressed one must be unpacked)",
                    STR_ARG(f->name));
    f->dwfl = dwfl_begin(&callbacks);
    if (!f->dwfl)
        return fail_dwfl(f, err);
    f->elf = dwfl_report_offline(f->dwfl, "symbols", "symbols", f->fd);
    if (!f->elf)
        return fail_dwfl(f, err);
    f->fd = -1;
    dwfl_report_end(f->dwfl, NULL, NULL);
    n_table = dwfl_module_getsymtab(f->elf);
    if (n_table < 0)
        return fail_dwfl(f, err);
    if (n_table > LIMIT_SYMBOLS)
        return fail(err, FAIL_LIMIT, "%.*s: more than %d symbols", STR_ARG(f->name), LIMIT_SYMBOLS);
    if (!symbol_table_init(&f->table, (size_t)n_table))
        return fail(err, FAIL_LIMIT, "out of memory");
    load_symbols(f, n_table);
    return f->table.n > 0 || fail(err, FAIL_FORMAT, "%.*s: has no symbols", STR_ARG(f->name));
}

/* The first question opens the file; its failure is remembered. */
static bool is_open(struct symbol_file *f)
{
    if (!f->opened)
        open_elf(f, &f->err);
    f->opened = true;
    return f->err.code == FAIL_NONE;
}

static struct str name_of(const struct symbol_file *f, const struct symbol *s)
{
    GElf_Sym sym;
    GElf_Addr address;

    return str_from(dwfl_module_getsym_info(f->elf, s->index, &sym, &address, NULL, NULL, NULL));
}

static bool is_named(const struct symbol_file *f, const struct symbol *s, struct str name)
{
    return str_eq(name, name_of(f, s));
}

/* SYMBOL_FITS and the one symbol, or why not. A label without a size proves nothing. */
static enum symbol_answer find_symbol(const struct symbol_file *f, const struct symbol_spot *spot,
                                      const struct symbol **found, uint64_t *size)
{
    const struct symbol_table *t = &f->table;
    uint64_t hash = str_hash(spot->function);
    enum symbol_answer answer = SYMBOL_ELSEWHERE;

    for (size_t i = symbol_table_find(t, hash); i < t->n && t->by_hash[i].hash == hash; i++) {
        const struct symbol *s = &t->by_hash[i];

        if (!is_named(f, s, spot->function))
            continue;
        if (symbol_has_size(t, s, spot->size) && spot->offset <= spot->size) {
            if (answer == SYMBOL_FITS && (*found)->address != s->address)
                return SYMBOL_TWINS;
            answer = SYMBOL_FITS;
            *found = s;
        } else if (answer == SYMBOL_ELSEWHERE && s->is_function) {
            answer = SYMBOL_MISFITS;
            *size = s->size;
        }
    }
    return answer;
}

enum symbol_answer symbols_match(struct symbols *s, size_t file, const struct symbol_spot *spot,
                                 uint64_t *size, struct err *err)
{
    struct symbol_file *f = &s->files.p[file];
    const struct symbol *found = NULL;

    if (!str_eq(f->module, spot->module) || spot->size == 0)
        return SYMBOL_ELSEWHERE;
    if (is_open(f))
        return find_symbol(f, spot, &found, size);
    *err = f->err;
    return SYMBOL_BROKEN;
}

/* Does the file's text begin elsewhere? Files without the kernel's own label do not tell. */
static bool begins_elsewhere(const struct symbol_file *f, uint64_t base)
{
    const struct symbol_table *t = &f->table;
    uint64_t hash = str_hash(STR("_text"));

    for (size_t i = symbol_table_find(t, hash); i < t->n && t->by_hash[i].hash == hash; i++)
        if (is_named(f, &t->by_hash[i], STR("_text")))
            return t->by_hash[i].address != base;
    return false;
}

enum symbol_answer symbols_at(struct symbols *s, size_t file, uint64_t address, uint64_t base,
                              struct symbol_spot *spot, struct arena *a)
{
    struct symbol_file *f = &s->files.p[file];
    const struct symbol *found;
    GElf_Addr bias = 0;

    if (f->module.n || !is_open(f) || address == 0)
        return SYMBOL_ELSEWHERE;
    dwfl_module_getelf(f->elf, &bias);
    if (base && begins_elsewhere(f, base + bias))
        return SYMBOL_MISFITS;
    found = symbol_table_at(&f->table, address + bias - spot->is_return);
    if (!found)
        return SYMBOL_ELSEWHERE;
    spot->function = arena_str(a, name_of(f, found));
    spot->offset = address + bias - found->address;
    spot->size = found->size;
    return SYMBOL_FITS;
}

struct source_places symbols_places(struct symbols *s, size_t file, const struct symbol_spot *spot,
                                    struct arena *a)
{
    struct symbol_file *f = &s->files.p[file];
    struct source_places places = { 0 };
    const struct symbol *found = NULL;
    uint64_t size;

    if (!is_open(f) || find_symbol(f, spot, &found, &size) != SYMBOL_FITS)
        return places;
    places = source_lines_at(
            f->elf, found->address + spot->offset - (spot->is_return && spot->offset > 0), a);
    if (places.n && places.p[places.n - 1].function.n == 0)
        places.p[places.n - 1].function = arena_str(a, spot->function);
    return places;
}

struct symbols *symbols_new(void)
{
    return calloc(1, sizeof(struct symbols));
}

void symbols_free(struct symbols *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->files.n; i++) {
        struct symbol_file *f = &s->files.p[i];

        dwfl_end(f->dwfl);
        symbol_table_done(&f->table);
        if (f->fd >= 0)
            close(f->fd);
    }
    arena_done(&s->arena);
    free(s);
}

bool symbols_add(struct symbols *s, struct str name, int fd, struct err *err)
{
    struct symbol_file *f = vec_push(&s->arena, &s->files);

    if (!f) {
        close(fd);
        return fail(err, FAIL_LIMIT, "out of memory");
    }
    *f = (struct symbol_file){ .name = arena_str(&s->arena, name),
                               .module = module_of(&s->arena, name),
                               .fd = fd };
    return true;
}

size_t symbols_count(const struct symbols *s)
{
    return s->files.n;
}

struct str symbols_name(const struct symbols *s, size_t file)
{
    return s->files.p[file].name;
}

bool symbols_tell(struct symbols *s, size_t file)
{
    bool first = !s->files.p[file].told;

    s->files.p[file].told = true;
    return first;
}

#endif

bool symbols_open(struct symbols *s, const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    return fd >= 0 ? symbols_add(s, str_from(path), fd, err)
                   : fail_sys(err, errno, path, "cannot be opened");
}
