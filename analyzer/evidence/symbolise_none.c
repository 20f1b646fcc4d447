/* SPDX-License-Identifier: Apache-2.0 */
/* Builds without elfutils: there are no files, and so no answers; see symbolise.h. */
#include "analyzer/evidence/symbolise.h"

#ifndef HAVE_LIBDW

#include <stdlib.h>
#include <unistd.h>

struct symbols {
    char none;
};

struct symbols *symbols_new(void)
{
    return calloc(1, sizeof(struct symbols));
}

void symbols_free(struct symbols *s)
{
    free(s);
}

bool symbols_add(struct symbols *s, struct str name, int fd, struct err *err)
{
    (void)s;
    close(fd);
    return fail(err, FAIL_SUPPORT,
                "%.*s: source lines need elfutils (libdw), which this build lacks", STR_ARG(name));
}

size_t symbols_count(const struct symbols *s)
{
    (void)s;
    return 0;
}

struct str symbols_name(const struct symbols *s, size_t file)
{
    (void)s, (void)file;
    return (struct str){ 0 };
}

bool symbols_tell(struct symbols *s, size_t file)
{
    (void)s, (void)file;
    return false;
}

enum symbol_answer symbols_match(struct symbols *s, size_t file, const struct symbol_spot *spot,
                                 uint64_t *size, struct err *err)
{
    (void)s, (void)file, (void)spot, (void)size, (void)err;
    return SYMBOL_ELSEWHERE;
}

enum symbol_answer symbols_at(struct symbols *s, size_t file, uint64_t address, uint64_t base,
                              struct symbol_spot *spot, struct arena *a)
{
    (void)s, (void)file, (void)address, (void)base, (void)spot, (void)a;
    return SYMBOL_ELSEWHERE;
}

struct source_places symbols_places(struct symbols *s, size_t file, const struct symbol_spot *spot,
                                    struct arena *a)
{
    (void)s, (void)file, (void)spot, (void)a;
    return (struct source_places){ 0 };
}

#endif
