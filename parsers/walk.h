/* SPDX-License-Identifier: Apache-2.0 */
/* Which files a call means: directories descended, rotations in their true order. */
#pragma once

#include "analyzer/core/notes.h"
#include "parsers/file.h"

/* One file that was opened, not read yet. */
struct found {
    struct file file;
    struct str name;      /* as the user would name it */
    struct str given;     /* the path that led to it */
    struct str directory; /* where it lies, empty for the current one */
    bool listed;          /* found in a directory, not named: taken only when it holds a log */
    bool paired;          /* the other half of a VM's memory image lies beside it: */
    struct file other;    /* see input_companion() */
    struct guest *guest;  /* instead of a file; see input_guest() */
};

/* Closes what was opened for it. */
void found_close(struct found *found);

struct found_list {
    VEC(struct found);
    uint64_t skipped; /* neither files nor directories */
};

/*
 * Opens `path` and, when it is a directory, what is in it; appends to *list. What cannot be opened
 * is a note with loss. Names live in `arena`.
 */
void walk_add(struct found_list *list, struct str path, struct arena *arena, struct notes *notes);

/*
 * Opens the files of one case, which somebody found and nobody named: settings first, vmware.log
 * and its rotations in their true order, then the others in the order given. Symbolic links are not
 * followed. `given` outlives the list.
 */
void walk_add_case(struct found_list *list, struct str given, const struct strs *files,
                   struct arena *arena, struct notes *notes);

/* What a base name says: settings, a vmware.log or one of its rotations, or anything else. */
enum walk_kind { WALK_SETTINGS, WALK_VMWARE_LOG, WALK_OTHER };
enum walk_kind walk_kind(struct str name);

/* The part behind the last '/', and the one before it: empty without one. */
struct str walk_base(struct str name);
struct str walk_parent(struct str name);
