/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an address to file and line, and to what was inlined there; see source_lines.h. symbolise.c
 * has found the address by a function's name and size.
 */
#include "analyzer/evidence/source_lines.h"

#include "analyzer/core/limits.h"

#include <stdlib.h>

#ifdef HAVE_LIBDW

#include <dwarf.h>
#include <elfutils/libdwfl.h>

/* "/build/linux/./fs/inode.c", made in /build/linux → "fs/inode.c"; so with "../" of O= builds. */
static struct str shorten(struct str file, struct str folder)
{
    struct str s = file;

    if (folder.n && str_take(&s, folder) && str_take_char(&s, '/'))
        file = s;
    while (str_take(&file, STR("./")) || str_take(&file, STR("../")))
        continue;
    return file;
}

static void add_place(struct source_places *places, struct arena *a, const char *file, int line,
                      struct str folder)
{
    struct source_place *slot = places->n < LIMIT_INLINED ? vec_push(a, places) : NULL;

    if (!slot)
        return;
    slot->file = arena_str(a, shorten(str_from(file), folder));
    slot->line = line > 0 ? (uint32_t)line : 0;
}

static Dwarf_Word number_of(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0;

    if (dwarf_formudata(dwarf_attr(die, name, &attribute), &value) != 0)
        return 0;
    return value;
}

static struct str folder_of(Dwarf_Die *cu)
{
    Dwarf_Attribute attribute;

    return str_from(dwarf_formstring(dwarf_attr(cu, DW_AT_comp_dir, &attribute)));
}

/* Of the physical scopes around an address, innermost first, those that are functions. */
static void add_callers(struct source_places *places, Dwarf_Die *cu, Dwarf_Die *scopes, int n,
                        struct arena *a)
{
    struct str folder = folder_of(cu);
    Dwarf_Files *files = NULL;

    if (dwarf_getsrcfiles(cu, &files, NULL) != 0)
        files = NULL;
    for (int i = 0; i < n; i++) {
        int tag = dwarf_tag(&scopes[i]);
        struct source_place *inner = &places->p[places->n - 1];

        if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
            continue;
        inner->function = arena_str(a, str_from(dwarf_diename(&scopes[i])));
        if (tag == DW_TAG_subprogram || !files || places->n >= LIMIT_INLINED)
            return;
        add_place(places, a,
                  dwarf_filesrc(files, number_of(&scopes[i], DW_AT_call_file), NULL, NULL),
                  (int)number_of(&scopes[i], DW_AT_call_line), folder);
    }
}

/*
 * dwarf_getscopes() goes on with where an inlined function was written, dwarf_getscopes_die() with
 * where it was put: the innermost scope of the one is asked for again from the other.
 */
static int physical_scopes(Dwarf_Die *cu, Dwarf_Addr pc, Dwarf_Die **scopes)
{
    Dwarf_Die *around = NULL, inner;
    int n = dwarf_getscopes(cu, pc, &around);
    bool found = n > 0 && dwarf_offdie(dwarf_cu_getdwarf(cu->cu), dwarf_dieoffset(&around[0]),
                                       &inner) != NULL;

    free(around);
    *scopes = NULL;
    return found ? dwarf_getscopes_die(&inner, scopes) : 0;
}

/* clang writes no .debug_aranges, and then every unit has to be asked. */
static Dwarf_Die *unit_of(Dwfl_Module *elf, Dwarf_Addr address, Dwarf_Addr *bias)
{
    Dwarf_Die *cu = dwfl_module_addrdie(elf, address, bias);

    if (cu)
        return cu;
    while ((cu = dwfl_module_nextcu(elf, cu, bias)) != NULL)
        if (dwarf_haspc(cu, address - *bias) > 0)
            return cu;
    return NULL;
}

struct source_places source_lines_at(struct Dwfl_Module *elf, uint64_t address, struct arena *a)
{
    struct source_places places = { 0 };
    Dwarf_Addr bias = 0;
    Dwarf_Die *cu = unit_of(elf, address, &bias), *scopes = NULL;
    Dwarf_Line *line = cu ? dwarf_getsrc_die(cu, address - bias) : NULL;
    const char *name = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
    int number = 0, n;

    if (!name || dwarf_lineno(line, &number) != 0)
        return places;
    add_place(&places, a, name, number, folder_of(cu));
    n = physical_scopes(cu, address - bias, &scopes);
    if (places.n)
        add_callers(&places, cu, scopes, n, a);
    free(scopes);
    return places;
}

#endif
