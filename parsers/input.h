/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opened byte sources: files, standard input, FIFOs, members of archives, all of them decompressed
 * on the way. Everything a call names is opened (or refused with a note) before the first byte is
 * analysed, so that the process can then confine itself; nothing is ever extracted to disk.
 *
 *     struct inputs all;
 *     inputs_init(&all, &arena, &notes);
 *     inputs_add(&all, path);              (file, directory, "-")
 *     while (inputs_next(&all, &in, &err) == STEP_RECORD) { … reader … input_close(in); }
 */
#pragma once

#include "analyzer/core/notes.h"
#include "parsers/lines.h"
#include "parsers/stored.h"

struct input {
    struct str name;      /* as the user knows it: "logs/vmware.log", "b.tgz!/vm/vmware.log", "-" */
    struct str given;     /* the path of the call that led to it: of a file, directory or archive */
    uint64_t size_bytes;  /* of the file as stored, 0 when unknown (pipes, members) */
    struct str directory; /* of the file (or inside the bundle): what stands beside it */
    uint32_t index;       /* position among the inputs of this call */
    bool decompressed;    /* bytes are not as stored */
};

/* Reads decompressed bytes; read() semantics. A torn archive gives what there is, then fails. */
ptrdiff_t input_read(struct input *in, char *buf, size_t n, struct err *err);

/* The same as a source for lines_new(). */
struct byte_source input_source(struct input *in);

/*
 * The input as a source that can be read at any place, valid as long as the input. False for pipes,
 * and for what is compressed or a member of an archive.
 */
bool input_stored(const struct input *in, struct stored *out);

/*
 * The other half of a VM's memory image, as it lies beside `in`: the .vmem of a .vmss, the .vmss or
 * .vmsn of a .vmem. NULL: there is none. It belongs to `in`.
 */
struct input *input_companion(const struct input *in);

/* Gives `in` its other half, to be closed with it. */
void input_set_companion(struct input *in, struct input *companion);

/* A guest that runs and was read already, which outlives the inputs; NULL: this is none. */
struct guest;
struct guest *input_guest(const struct input *in);

/* An input over memory that outlives it (tests, fuzzing). Close it with input_close(). */
struct input *input_from_memory(struct str name, struct str bytes);

/* The same over a source that outlives it and is not looked into beforehand: live input. */
struct input *input_from_source(struct str name, struct byte_source source);

void input_close(struct input *in);

struct inputs;

/* `arena` holds names; `notes` gets what could not be opened and what was skipped. */
struct inputs *inputs_new(struct arena *arena, struct notes *notes);
void inputs_free(struct inputs *all);

/*
 * Adds what `path` names: a file (compressed or an archive: its members come later), "-" for
 * standard input, a directory (descended, sorted, symbolic links not followed). A path that cannot
 * be opened is a note with loss. A file named twice is read once. In a directory only logs are
 * taken (vmware*.log, *.vmx, images, journals, archives, text that a parser bids for), the rest is
 * counted in one note.
 */
void inputs_add(struct inputs *all, struct str path);

/*
 * Adds the files of the case `given`, found in directories and not named by anybody: each is taken
 * only when it holds a log. Order: walk_add_case().
 */
void inputs_add_case(struct inputs *all, struct str given, const struct strs *files);

/* Adds a guest under the name that the user knows it by. */
void inputs_add_guest(struct inputs *all, struct str name, struct guest *guest);

/*
 * The next opened input, in case order: the files of one directory together, rotations oldest
 * first, settings (.vmx) before logs. Archives give their members here, one after the other; a torn
 * one ends with a note. STEP_END at the end. Close each before asking for the next.
 */
enum step inputs_next(struct inputs *all, struct input **out, struct err *err);

/* How many files were skipped in directories, and how many inputs were opened so far. */
uint64_t inputs_skipped(const struct inputs *all);
