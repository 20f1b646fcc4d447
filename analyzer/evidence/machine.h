/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine as it stands: this one, or the disk of one that is dead, mounted somewhere. What kernel
 * runs, what will boot next, and whether everything that boot needs is there. Every answer says
 * where it was read, and what could not be read is unknown.
 *
 *     machine_look(&m, "/", &arena);          (opens and reads files below "/", changes nothing)
 *     m.checks[CHECK_INITRD].state == TRI_NO  (the next boot's initrd is not there)
 */
#pragma once

#include "analyzer/evidence/boot.h"
#include "analyzer/evidence/boot_config.h"
#include "analyzer/evidence/tree.h"

enum machine_check_id {
#define CHECK(sym, name, words) CHECK_##sym,
#include "analyzer/evidence/machine_check.def"
#undef CHECK
    CHECK_COUNT
};

struct machine_check {
    enum tri state;
    struct str subject; /* what was looked at: a path, root=…; empty: nothing */
    struct str why;     /* own words: why it fails or cannot be known; may be empty */
    struct str denied;  /* the path that we may not read; empty: none */
    struct place place; /* the line that asks for it; .line 0: none */
};

/* A file that was read, for `place.file`. */
struct machine_file {
    struct str name; /* as the machine knows it: "/boot/photon.cfg" */
    struct str bytes;
    uint64_t lines;
};

struct machine_files {
    VEC(struct machine_file);
};

struct installed_kernel {
    struct str release, path;
    enum tri modules; /* its directory of modules is there */
};

/* The block devices that can be seen, by what root= and fstab may call them. */
struct machine_blocks {
    struct tree_names names;                            /* sda1 */
    struct tree_names uuid, partuuid, label, partlabel; /* as /dev/disk/by-… has them */
};

struct fstab_entry {
    struct str spec, dir, type, options;
    struct place place;
    enum tri found; /* a device carries it; TRI_YES for what needs none */
    bool needed;    /* the boot stops in emergency mode without it */
};

struct machine {
    struct arena *arena;
    struct str root_name; /* as the caller named it */
    struct tree tree;
    struct machine_files files;
    struct placed running, cmdline; /* uname -r, /proc/cmdline */
    struct tree_names modules;      /* /proc/modules */
    bool modules_known;
    struct {
        VEC(struct installed_kernel);
    } installed;
    struct str loader;    /* "grub", "systemd-boot", "photon"; empty: unknown */
    struct placed config; /* the file that was read: photon.cfg's link, grub.cfg */
    struct str title;     /* of the menu entry */
    struct placed kernel, initrd, next_cmdline, root, init, target;
    struct str kernel_path, initrd_path; /* where they stand in this machine's files */
    struct str release;                  /* of the next kernel */
    uint64_t kernel_bytes, initrd_bytes;
    enum tri kernel_good, initrd_good; /* it looks like one */
    enum tri modules_dep;
    struct machine_blocks blocks;
    struct {
        VEC(struct fstab_entry);
    } fstab;
    uint64_t boot_free_kib, boot_all_kib;
    bool boot_space_known, boot_own; /* own: /boot is a file system of its own */
    struct str machine_id;
    struct machine_check checks[CHECK_COUNT];
    struct placed missing_env; /* a file of variables that the script reads and that is not there */
    enum tree_state missing_state;
    bool no_kernel; /* what boots next is no kernel of which we know more */
    bool seen;      /* something of a machine is there */
};

/* The words of machine_check.def. */
struct str machine_check_name(enum machine_check_id id);
struct str machine_check_words(enum machine_check_id id);

/*
 * Looks at the machine below `root`. False when that directory cannot be opened. What it says lives
 * in `arena`.
 */
bool machine_look(struct machine *m, const char *root, struct arena *arena, struct err *err);

/* The parts of it, one file each; all of them see what those before them found. */
void machine_next(struct machine *m);        /* machine_next.c: loader, entry, kernel, root= */
void machine_check_next(struct machine *m);  /* machine_check.c */
void machine_read_blocks(struct machine *m); /* machine_blocks.c */
void machine_read_fstab(struct machine *m);  /* machine_blocks.c */

/* Reads a file and remembers it; its number is *file. False: `state` says why. */
bool machine_read(struct machine *m, struct str path, struct str *bytes, uint32_t *file,
                  enum tree_state *state);

/* A link, remembered as a file of one line, "-> target". */
bool machine_read_link(struct machine *m, struct str path, struct placed *target);

/* Is there a device for root=…, or the first field of fstab? Why not, in own words, is *why. */
enum tri machine_has_device(const struct machine *m, struct str spec, struct str *why);

/* The value of the last NAME=… among the words of a command line; false: there is none. */
bool cmdline_value(struct str cmdline, struct str name, struct str *value);
