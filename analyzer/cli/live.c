/* SPDX-License-Identifier: Apache-2.0 */
/* Guests that run; see live.h. */
#include "analyzer/cli/live.h"

#include "parsers/memory/gdb_socket.h"

#include <stddef.h>

bool live_prepare(struct live *l, const char *kallsyms, struct arena *arena)
{
    if (l->prepared)
        return true;
    l->prepared = true;
    l->arena = arena;
    l->has_symbols = kallsyms && kallsyms_open(&l->symbols, kallsyms, &l->err);
    return l->has_symbols || !kallsyms;
}

bool live_is_name(struct str name)
{
    return gdb_socket_is_name(name);
}

static void hold_signals(struct live *l)
{
    sigset_t set;

    if (l->waits)
        return;
    gdb_socket_signals(&set);
    l->waits = sigprocmask(SIG_BLOCK, &set, &l->before) == 0;
}

static struct guest *known(const struct live *l, struct str name)
{
    for (size_t i = 0; i < l->guests.n; i++)
        if (str_eq(l->guests.p[i].name, name))
            return l->guests.p[i].guest;
    return NULL;
}

void live_add(struct live *l, struct str name, struct inputs *inputs, struct notes *notes)
{
    struct guest *guest = known(l, name);
    struct live_guest *slot;
    struct err err;

    if (!guest) {
        hold_signals(l);
        guest = guest_open(name, &err);
        if (!guest) {
            note_add(notes, NOTE_INPUT_UNREADABLE, NOTE_NO_INPUT, 0, "%.*s: %s", STR_ARG(name),
                     err.text);
            return;
        }
        slot = vec_push(l->arena, &l->guests);
        if (!slot) {
            guest_close(guest);
            return;
        }
        *slot = (struct live_guest){ guest, name };
    }
    inputs_add_guest(inputs, name, guest);
}

void live_finish(struct live *l, bool read)
{
    for (size_t i = 0; i < l->guests.n; i++) {
        if (read)
            guest_fetch(l->guests.p[i].guest, l->has_symbols ? &l->symbols : NULL);
        else
            guest_let_go(l->guests.p[i].guest);
    }
    if (l->waits)
        sigprocmask(SIG_SETMASK, &l->before, NULL);
    l->waits = false;
}

void live_close(struct live *l)
{
    for (size_t i = 0; i < l->guests.n; i++)
        guest_close(l->guests.p[i].guest);
    l->guests.n = 0;
}
