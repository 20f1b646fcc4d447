/* SPDX-License-Identifier: Apache-2.0 */
/* Symbols that a call names with --kallsyms; see kallsyms.h. */
#include "parsers/memory/kallsyms.h"

#include "parsers/file.h"

#include <fcntl.h>
#include <stddef.h>

static const struct {
    struct str name;
    size_t member; /* of struct kallsyms */
} wanted[] = {
    { { STR_INIT("_text") }, offsetof(struct kallsyms, text) },
    { { STR_INIT("prb") }, offsetof(struct kallsyms, prb) },
    { { STR_INIT("log_buf") }, offsetof(struct kallsyms, log_buf) },
    { { STR_INIT("log_buf_len") }, offsetof(struct kallsyms, log_buf_len) },
};

/* One line; modules' symbols have a fourth word, and their names are no proof. */
static bool take_symbol(struct kallsyms *out, struct str line)
{
    struct str type, name;
    uint64_t address;

    if (!str_take_hex(&line, &address) || str_take_spaces(&line) == 0 ||
        !str_take_word(&line, &type) || str_take_spaces(&line) == 0 ||
        !str_take_word(&line, &name) || line.n)
        return false;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        uint64_t *to = (uint64_t *)(void *)((char *)out + wanted[i].member);

        if (*to == 0 && str_eq(name, wanted[i].name))
            *to = address;
    }
    return true;
}

bool kallsyms_read(struct kallsyms *out, struct lines *in, struct err *err)
{
    struct kallsyms found = { 0 };
    uint64_t symbols = 0;
    struct line line;
    enum step step;

    while ((step = lines_next(in, &line, err)) == STEP_RECORD)
        symbols += take_symbol(&found, line.text);
    if (step == STEP_FAIL)
        return false;
    if (symbols == 0)
        return fail(err, FAIL_FORMAT, "no symbols: expected a System.map or /proc/kallsyms");
    if (found.prb == 0 && (found.log_buf == 0 || found.log_buf_len == 0))
        return fail(err, FAIL_FORMAT,
                    "neither prb nor log_buf has an address in it: copy it as root with "
                    "kernel.kptr_restrict=0, from a kernel with CONFIG_KALLSYMS_ALL");
    *out = found;
    return true;
}

bool kallsyms_open(struct kallsyms *out, const char *path, struct err *err)
{
    struct lines *in;
    struct file file;
    bool ok;

    if (!file_open(&file, AT_FDCWD, path, true, err))
        return fail_wrap(err, "%s", path);
    in = lines_new((struct byte_source){ .read = file_read, .ctx = &file });
    ok = in ? kallsyms_read(out, in, err) : fail(err, FAIL_LIMIT, "out of memory");
    lines_free(in);
    file_close(&file);
    return ok || fail_wrap(err, "%s", path);
}
