/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What boot loaders are configured with: GRUB's script and environment block (Photon's photon.cfg
 * is one), and the entries of the Boot Loader Specification. Readers of bytes: they open nothing
 * and ask through callbacks for what the text refers to.
 */
#pragma once

#include "analyzer/core/vec.h"

/* A line of a file of the machine. `file` is the number that the caller gave the text. */
struct place {
    uint32_t file, line; /* 1-based; 0: no line, nothing is proved */
    uint64_t offset;
    struct str text; /* of the arena */
};

/* A value and the line that says it. */
struct placed {
    struct str text;
    struct place place;
};

/* Lines of one file, with their numbers. */
struct config_lines {
    struct str rest, all;
    uint32_t file, line;
};

/* The next line; `place` is where. False at the end. */
bool config_line(struct config_lines *in, struct place *place);

/* NAME=VALUE, the last one that is there; .place.line is 0 when there is none. */
struct placed env_find(struct str text, uint32_t file, struct str name);

/* One way to boot. */
struct menu_entry {
    struct str title, id; /* id: --id of GRUB; the name of the entry's file without .conf */
    size_t parent;        /* index of the submenu that holds it, or SIZE_MAX */
    size_t order;         /* its number in there */
    bool submenu,
            other; /* other: starts no kernel of ours (chainloader, firmware setup, EFI program) */
    struct placed kernel, initrd, cmdline;    /* paths as the boot loader sees them */
    struct str version, sort_key, machine_id; /* of an entry's file */
};

struct menu {
    VEC(struct menu_entry);
};

/* Can the entry of this path ("2", "1>0", an id, a title) be found? An index, or SIZE_MAX. */
size_t menu_find(const struct menu *menu, struct str path);

/* The first entry at the top that boots something, or SIZE_MAX: what GRUB falls back to. */
size_t menu_first(const struct menu *menu);

/* What the script asks for while it is read. */
struct grub_ask {
    void *ctx;
    /* 1: the file is there (and holds something), 0: it is not, -1: nobody knows. */
    int (*exists)(void *ctx, struct str path, bool with_bytes);
    /* The bytes of an environment block or another script; false: it cannot be read. */
    bool (*load)(void *ctx, struct str path, const struct place *at, struct str *bytes,
                 uint32_t *file);
};

struct grub_variable {
    struct str name;
    struct placed value;
};

struct grub {
    struct arena *arena;
    struct grub_ask ask;
    struct str prefix; /* $prefix: "/boot/grub2" */
    struct grub_variables {
        VEC(struct grub_variable);
    } variables;
    struct menu menu;
    bool bls;       /* blscfg: the entries of the specification belong to its menu */
    bool uncertain; /* what it boots rests on something that could not be known */
    bool full;      /* a limit was reached */
};

/* Reads a script into `g`, whose arena, ask and prefix are set. */
void grub_read(struct grub *g, struct str script, uint32_t file);

/* The value of a variable; its .place.line is 0 when it was never set. */
struct placed grub_value(const struct grub *g, struct str name);

/* The text with $name and ${name} filled in; in the arena. */
struct str grub_expand(struct grub *g, struct str text);

/* Reads one entry's file (loader/entries/ID.conf). False when it holds none. */
bool bls_read(struct arena *a, struct str text, uint32_t file, struct str name,
              struct menu_entry *out);

/* Negative when `a` stands before `b` in the menu: newest version first. */
int bls_compare(const struct menu_entry *a, const struct menu_entry *b);

/* "default" and its like of loader.conf: the last one; .place.line 0 when there is none. */
struct placed bls_setting(struct str text, uint32_t file, struct str name);

/* Does the pattern of loader.conf (with * and ?) name this entry? */
bool bls_names(struct str pattern, struct str id);
