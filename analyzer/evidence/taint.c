/* SPDX-License-Identifier: Apache-2.0 */
/* The taint flags of a report: letters into words, taint.def. */
#include "analyzer/evidence/crash_read.h"

static const struct {
    char letter;
    struct str words;
} taints[] = {
#define TAINT(character, text) { (character), { STR_INIT(text) } },
#include "analyzer/evidence/taint.def"
#undef TAINT
};

enum { TAINT_LETTERS_MAX = 40 };

#define UNKNOWN_FLAG "a flag that is not known here: "

static const struct str *words_of(char letter)
{
    for (size_t i = 0; i < sizeof taints / sizeof taints[0]; i++)
        if (taints[i].letter == letter)
            return &taints[i].words;
    return NULL;
}

/* 'G' only says that no proprietary module is there; kernels may get flags that we do not know. */
static void add_flag(struct crash *crash, char letter, struct arena *a)
{
    char unknown[] = UNKNOWN_FLAG "?";
    const struct str *words = words_of(letter);
    struct str *slot = letter == 'G' ? NULL : vec_push(a, &crash->taint);

    if (!slot)
        return;
    unknown[sizeof unknown - 2] = letter;
    *slot = words ? *words : arena_str(a, (struct str){ unknown, sizeof unknown - 1 });
}

/*
 * "Tainted: G        W  O    4.19.0-8-amd64 #1", "Tainted: [W]=WARN, [O]=OOT_MODULE",
 * "Tainted: P           ---------------T": single letters, the kernel's version ends them.
 */
void crash_read_taint(struct crash *crash, struct str line, struct arena *a)
{
    char letters[TAINT_LETTERS_MAX];
    size_t n = 0;
    struct str word;

    crash->taint = (struct crash_strs){ 0 };
    crash->taint_letters = (struct str){ 0 };
    while (str_take_spaces(&line), str_take_word(&line, &word)) {
        bool all = word.n < TAINT_LETTERS_MAX;

        if (word.n > 2 && word.p[0] == '[' && word.p[2] == ']')
            break; /* the same flags once more, with names */
        if (str_eq(word, STR("VLI")))
            break; /* old i386: variable length instructions */
        for (size_t i = 0; all && i < word.n; i++)
            all = (word.p[i] >= 'A' && word.p[i] <= 'Z') || word.p[i] == '-' || words_of(word.p[i]);
        if (!all)
            break;
        for (size_t i = 0; i < word.n && n < sizeof letters; i++) {
            if (word.p[i] == '-')
                continue;
            letters[n++] = word.p[i];
            add_flag(crash, word.p[i], a);
        }
    }
    crash->taint_letters = arena_str(a, (struct str){ letters, n });
}
