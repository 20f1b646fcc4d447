/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes C source that holds the named rule files, as they are and packed (packed.h):
 * pack-rules FILE... > embedded_rules.c. Runs while building, on the machine that builds; the bytes
 * are the same on every machine.
 */
#include "analyzer/core/limits.h"
#include "analyzer/engine/packed.h"

#include <stdio.h>

static int refuse(const struct err *err)
{
    fprintf(stderr, "%s:%u:%u: %s\n", err->file, (unsigned)err->line, (unsigned)err->col,
            err->text);
    return 1;
}

static bool read_file(const char *path, struct arena *a, struct str *out, struct err *err)
{
    FILE *f = fopen(path, "rb");
    char *bytes = arena_alloc(a, LIMIT_YAML_BYTES + 1);
    bool ok = f && bytes;

    if (ok) {
        *out = (struct str){ bytes, fread(bytes, 1, LIMIT_YAML_BYTES + 1, f) };
        ok = !ferror(f);
    }
    if (f)
        fclose(f);
    return ok || fail_at(err, FAIL_IO, path, 0, 0, "cannot read");
}

static void print_array(const char *name, size_t index, struct str bytes)
{
    printf("static const unsigned char %s_%zu[] = {", name, index);
    for (size_t i = 0; i < bytes.n; i++)
        printf(i % 32 ? "%u," : "\n%u,", (unsigned)(unsigned char)bytes.p[i]);
    puts("0};");
}

static bool print_file(const char *path, size_t index, struct err *err)
{
    struct arena a = { 0 };
    const struct node *root = NULL;
    struct str yaml, packed = { 0 };
    bool ok =
            read_file(path, &a, &yaml, err) && yaml_read(&a, &a, str_from(path), yaml, &root, err);

    if (ok && (!root || root->kind != NODE_MAP))
        ok = fail_at(err, FAIL_SYNTAX, path, 1, 1, "a rule file starts with 'lastwords: 1'");
    if (ok) {
        packed = packed_write(&a, root);
        ok = packed.n || fail(err, FAIL_LIMIT, "out of memory for rules");
    }
    if (ok) {
        print_array("yaml", index, yaml);
        print_array("packed", index, packed);
    }
    arena_done(&a);
    return ok;
}

int main(int argc, char **argv)
{
    struct err err = { 0 };

    puts("#include \"analyzer/engine/embedded.h\"");
    for (int i = 1; i < argc; i++)
        if (!print_file(argv[i], (size_t)i, &err))
            return refuse(&err);
    puts("#define BYTES(array) { .p = (const char *)array, .n = sizeof array - 1 }\n"
         "const struct embedded_file embedded_rules[] = {");
    for (int i = 1; i < argc; i++)
        printf("{ { STR_INIT(\"%s\") }, BYTES(yaml_%d), BYTES(packed_%d) },\n", argv[i], i, i);
    puts("{ { 0 }, { 0 }, { 0 } } };");
    return fflush(stdout) != 0 || ferror(stdout);
}
