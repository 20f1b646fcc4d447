/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads GRUB's script (grub.cfg) as far as it says what will boot: variables, environment blocks,
 * `if` over files and variables, the menu, and the lines linux and initrd of each entry. GRUB's
 * language is a small shell (grub-core/script/grammar.y); commands that only load modules or paint
 * are passed over. What cannot be known makes `uncertain`, not a guess.
 *
 *     load_env -f /boot/photon.cfg
 *     set rootpartition=PARTUUID=…
 *     menuentry "Photon" {
 *         linux /boot/$photon_linux root=$rootpartition $photon_cmdline $systemd_cmdline
 *         if [ -f /boot/$photon_initrd ]; then initrd /boot/$photon_initrd; fi
 *     }
 */
#include "analyzer/core/limits.h"
#include "analyzer/evidence/grub_words.h"

enum { IFS_MAX = 32, BLOCKS_MAX = 32 };

enum branch { BRANCH_NOT, BRANCH_TAKEN, BRANCH_UNKNOWN };

/* What a '{' opened. */
enum block { BLOCK_OTHER, BLOCK_FUNCTION, BLOCK_ENTRY, BLOCK_SUBMENU };

struct script {
    struct grub *g;
    struct place place;
    struct {
        enum branch now, taken; /* this branch; whether one before it was */
    } ifs[IFS_MAX];
    size_t n_ifs, lost_ifs; /* lost: nested deeper than we look */
    enum block blocks[BLOCKS_MAX];
    size_t n_blocks;
    size_t entry, submenu; /* indices, or SIZE_MAX */
    enum block opens;      /* what the next '{' opens */
};

/* [ -f FILE ], [ TEXT ], [ A = B ], [ A != B ] and test …; anything else is not known. */
static enum branch evaluate(struct script *s, const struct grub_words *w, size_t from)
{
    const struct str *arg = w->p + from + 1;
    size_t n = w->n > from ? w->n - from - 1 : 0;
    bool bracket = w->n > from && str_eq(w->p[from], STR("["));
    int known;

    if (!bracket && !(w->n > from && str_eq(w->p[from], STR("test"))))
        return BRANCH_UNKNOWN;
    if (bracket && n && str_eq(arg[n - 1], STR("]")))
        n--;
    if (n == 0)
        return BRANCH_NOT;
    if (n == 1)
        return arg[0].n ? BRANCH_TAKEN : BRANCH_NOT;
    if (n == 2 &&
        (str_eq(arg[0], STR("-f")) || str_eq(arg[0], STR("-e")) || str_eq(arg[0], STR("-s")))) {
        known = s->g->ask.exists(s->g->ask.ctx, arg[1], str_eq(arg[0], STR("-s")));
        return known < 0 ? BRANCH_UNKNOWN : known ? BRANCH_TAKEN : BRANCH_NOT;
    }
    if (n == 3 && (str_eq(arg[1], STR("=")) || str_eq(arg[1], STR("=="))))
        return str_eq(arg[0], arg[2]) ? BRANCH_TAKEN : BRANCH_NOT;
    if (n == 3 && str_eq(arg[1], STR("!=")))
        return str_eq(arg[0], arg[2]) ? BRANCH_NOT : BRANCH_TAKEN;
    return BRANCH_UNKNOWN;
}

static void begin_if(struct script *s, const struct grub_words *w)
{
    enum branch now = evaluate(s, w, 1);

    if (s->n_ifs == IFS_MAX) {
        s->lost_ifs++;
        return;
    }
    s->ifs[s->n_ifs].now = s->ifs[s->n_ifs].taken = now;
    s->n_ifs++;
}

/* elif and else: taken when nothing before was; in doubt all of them are looked at. */
static void next_branch(struct script *s, const struct grub_words *w, bool otherwise)
{
    enum branch now;

    if (s->n_ifs == 0 || s->lost_ifs)
        return;
    now = otherwise ? BRANCH_TAKEN : evaluate(s, w, 1);
    if (s->ifs[s->n_ifs - 1].taken == BRANCH_TAKEN)
        now = BRANCH_NOT;
    else if (s->ifs[s->n_ifs - 1].taken == BRANCH_UNKNOWN && now == BRANCH_TAKEN)
        now = BRANCH_UNKNOWN;
    s->ifs[s->n_ifs - 1].now = now;
    if (now > s->ifs[s->n_ifs - 1].taken || now == BRANCH_TAKEN)
        s->ifs[s->n_ifs - 1].taken = now;
}

static void end_if(struct script *s)
{
    if (s->lost_ifs)
        s->lost_ifs--;
    else if (s->n_ifs)
        s->n_ifs--;
}

/* Is this line executed? Inside an entry every line counts: it names what may be booted. */
static enum branch active(const struct script *s)
{
    enum branch all = BRANCH_TAKEN;

    for (size_t i = 0; i < s->n_blocks; i++)
        if (s->blocks[i] == BLOCK_FUNCTION)
            return BRANCH_NOT;
    if (s->lost_ifs)
        return BRANCH_UNKNOWN;
    for (size_t i = 0; i < s->n_ifs; i++) {
        if (s->ifs[i].now == BRANCH_NOT && s->entry == SIZE_MAX)
            return BRANCH_NOT;
        if (s->ifs[i].now == BRANCH_UNKNOWN)
            all = BRANCH_UNKNOWN;
    }
    return all;
}

static void run_set(struct script *s, const struct grub_words *w)
{
    struct str name, value = w->n > 1 ? w->p[1] : STR("");

    if (!str_take_until(&value, '=', &name) || name.n == 0)
        return;
    if (active(s) == BRANCH_UNKNOWN && str_eq(name, STR("default")))
        s->g->uncertain = true;
    grub_set(s->g, name, (struct placed){ value, s->place });
}

/* load_env [-f FILE] [NAME…]: all names, or those that are named. */
static void run_load_env(struct script *s, const struct grub_words *w)
{
    struct str path = arena_printf(s->g->arena, "%.*s/grubenv", STR_ARG(s->g->prefix)), bytes, name;
    struct config_lines lines = { 0 };
    struct place place;

    for (size_t i = 1; i < w->n; i++) {
        if ((str_eq(w->p[i], STR("-f")) || str_eq(w->p[i], STR("--file"))) && i + 1 < w->n)
            path = w->p[i + 1];
        else if (str_starts(w->p[i], STR("--file=")))
            path = str_from_at(w->p[i], STR("--file=").n);
    }
    if (!s->g->ask.load(s->g->ask.ctx, path, &s->place, &bytes, &lines.file)) {
        s->g->uncertain |= s->g->ask.exists(s->g->ask.ctx, path, false) != 0;
        return;
    }
    lines.rest = lines.all = bytes;
    while (config_line(&lines, &place)) {
        struct str value = place.text;

        if (!str_starts(value, STR("#")) && str_take_until(&value, '=', &name) && name.n)
            grub_set(s->g, name, (struct placed){ str_trim_end(value), place });
    }
}

static size_t count_in(const struct menu *menu, size_t parent)
{
    size_t n = 0;

    for (size_t i = 0; i < menu->n; i++)
        n += menu->p[i].parent == parent;
    return n;
}

/* menuentry 'Title' --class x --id 'id' { */
static void begin_entry(struct script *s, const struct grub_words *w, bool submenu)
{
    struct menu *menu = &s->g->menu;
    size_t order = count_in(menu, s->submenu);
    struct menu_entry *e;

    s->opens = submenu ? BLOCK_SUBMENU : BLOCK_ENTRY;
    e = menu->n < LIMIT_MACHINE_ENTRIES ? vec_push(s->g->arena, menu) : NULL;
    s->g->full |= !e;
    if (!e) {
        s->opens = BLOCK_FUNCTION; /* passed over */
        return;
    }
    *e = (struct menu_entry){ .title = w->n > 1 ? w->p[1] : STR(""),
                              .parent = s->submenu,
                              .order = order,
                              .submenu = submenu };
    for (size_t i = 2; i + 1 < w->n; i++)
        if (str_eq(w->p[i], STR("--id")))
            e->id = w->p[i + 1];
    for (size_t i = 2; i < w->n; i++)
        if (str_starts(w->p[i], STR("--id=")))
            e->id = str_from_at(w->p[i], STR("--id=").n);
    if (submenu)
        s->submenu = menu->n - 1;
    else
        s->entry = menu->n - 1;
}

/* linux /boot/vmlinuz-… root=… ro; of several (a kernel that is tried first) the last counts. */
static void run_linux(struct script *s, const struct grub_words *w)
{
    struct menu_entry *e = s->entry == SIZE_MAX ? NULL : &s->g->menu.p[s->entry];
    struct str cmdline = { 0 };

    if (!e || w->n < 2)
        return;
    for (size_t i = 2; i < w->n; i++) {
        if (i > 2)
            grub_append(s->g, &cmdline, STR(" "));
        grub_append(s->g, &cmdline, w->p[i]);
    }
    e->kernel = (struct placed){ w->p[1], s->place };
    e->cmdline = (struct placed){ cmdline, s->place };
}

static void run_initrd(struct script *s, const struct grub_words *w)
{
    if (s->entry != SIZE_MAX && w->n > 1)
        s->g->menu.p[s->entry].initrd = (struct placed){ w->p[w->n - 1], s->place };
}

static void run_other(struct script *s, const struct grub_words *w)
{
    (void)w;
    if (s->entry != SIZE_MAX)
        s->g->menu.p[s->entry].other = true;
}

static void run_blscfg(struct script *s, const struct grub_words *w)
{
    (void)w;
    s->g->bls = true;
}

static void run_menuentry(struct script *s, const struct grub_words *w)
{
    begin_entry(s, w, false);
}

static void run_submenu(struct script *s, const struct grub_words *w)
{
    begin_entry(s, w, true);
}

static void run_function(struct script *s, const struct grub_words *w)
{
    (void)w;
    s->opens = BLOCK_FUNCTION;
}

/* Another script that is read here: which one and whether, we do not follow. */
static void run_source(struct script *s, const struct grub_words *w)
{
    if (s->entry == SIZE_MAX && w->n > 1 && s->g->ask.exists(s->g->ask.ctx, w->p[1], true) != 0)
        s->g->uncertain = true;
    else
        run_other(s, w);
}

static const struct {
    struct str name;
    void (*run)(struct script *s, const struct grub_words *w);
} commands[] = {
    { { STR_INIT("set") }, run_set },
    { { STR_INIT("load_env") }, run_load_env },
    { { STR_INIT("menuentry") }, run_menuentry },
    { { STR_INIT("submenu") }, run_submenu },
    { { STR_INIT("function") }, run_function },
    { { STR_INIT("linux") }, run_linux },
    { { STR_INIT("linux16") }, run_linux },
    { { STR_INIT("linuxefi") }, run_linux },
    { { STR_INIT("initrd") }, run_initrd },
    { { STR_INIT("initrd16") }, run_initrd },
    { { STR_INIT("initrdefi") }, run_initrd },
    { { STR_INIT("blscfg") }, run_blscfg },
    { { STR_INIT("chainloader") }, run_other },
    { { STR_INIT("fwsetup") }, run_other },
    { { STR_INIT("multiboot") }, run_other },
    { { STR_INIT("multiboot2") }, run_other },
    { { STR_INIT("configfile") }, run_source },
    { { STR_INIT("source") }, run_source },
};

static void run(struct script *s, struct grub_words *w)
{
    /* "then set x=y": the command stands behind the word. */
    if (w->n && (str_eq(w->p[0], STR("then")) || str_eq(w->p[0], STR("do")))) {
        w->n--;
        for (size_t i = 0; i < w->n; i++)
            w->p[i] = w->p[i + 1];
    }
    if (w->n == 0)
        return;
    if (str_eq(w->p[0], STR("if")))
        begin_if(s, w);
    else if (str_eq(w->p[0], STR("elif")) || str_eq(w->p[0], STR("else")))
        next_branch(s, w, str_eq(w->p[0], STR("else")));
    else if (str_eq(w->p[0], STR("fi")))
        end_if(s);
    if (active(s) == BRANCH_NOT)
        return;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (str_eq(w->p[0], commands[i].name))
            commands[i].run(s, w);
}

static void open_block(struct script *s)
{
    if (s->n_blocks < BLOCKS_MAX)
        s->blocks[s->n_blocks++] = s->opens;
    else
        s->g->full = true;
    s->opens = BLOCK_OTHER;
}

static void close_block(struct script *s)
{
    enum block block = s->n_blocks ? s->blocks[--s->n_blocks] : BLOCK_OTHER;

    if (block == BLOCK_ENTRY)
        s->entry = SIZE_MAX;
    if (block == BLOCK_SUBMENU && s->submenu != SIZE_MAX)
        s->submenu = s->g->menu.p[s->submenu].parent;
}

/* "else" may be followed by a command on the same line. */
static void run_all(struct script *s, struct grub_words *w)
{
    if (w->n > 1 && str_eq(w->p[0], STR("else")) && !str_eq(w->p[1], STR("if"))) {
        struct grub_words head = { .p = { w->p[0] }, .n = 1 };

        run(s, &head);
        w->n--;
        for (size_t i = 0; i < w->n; i++)
            w->p[i] = w->p[i + 1];
    }
    run(s, w);
}

/* What GRUB itself sets before it reads a script: grub-core/normal/main.c, features[]. */
static void set_features(struct grub *g)
{
    static const struct str names[] = {
        { STR_INIT("feature_menuentry_id") },         { STR_INIT("feature_menuentry_options") },
        { STR_INIT("feature_default_font_path") },    { STR_INIT("feature_all_video_module") },
        { STR_INIT("feature_timeout_style") },        { STR_INIT("feature_200_final") },
        { STR_INIT("feature_platform_search_hint") },
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        grub_set(g, names[i], (struct placed){ .text = STR("y") });
    grub_set(g, STR("prefix"), (struct placed){ .text = g->prefix });
    grub_set(g, STR("config_directory"), (struct placed){ .text = g->prefix });
}

void grub_read(struct grub *g, struct str script, uint32_t file)
{
    struct script s = { .g = g, .entry = SIZE_MAX, .submenu = SIZE_MAX };
    struct config_lines lines = { .rest = script, .all = script, .file = file };
    struct grub_words words;
    struct str line;
    char end;

    set_features(g);
    while (config_line(&lines, &s.place)) {
        line = s.place.text;
        while (line.n && (grub_take_command(g, &line, &words, &end) || end)) {
            run_all(&s, &words);
            if (end == '{')
                open_block(&s);
            else if (end == '}')
                close_block(&s);
        }
    }
}
