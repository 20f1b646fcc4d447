/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reading the configuration of any boot loader takes (machine_loader.c), and GRUB's
 * (machine_grub.c). machine_next.c knows the others and decides which of them counts.
 */
#pragma once

#include "analyzer/evidence/machine.h"

/* The check of the configuration: the first certain fault stays. */
void machine_fail_config(struct machine *m, enum tri state, struct str subject, struct str why);

/*
 * A path as GRUB sees it, below what the file system of the root, /boot or a subvolume is to it;
 * *found is the path below the root, in m->arena.
 */
enum tree_state machine_find(const struct machine *m, struct str path, struct str *found);

/* The entries of a directory loader/entries, in the order of the menu. */
void machine_read_entries(struct machine *m, struct str dir, struct menu *menu);

/* The entry that will be booted. */
void machine_take_entry(struct machine *m, const struct menu_entry *e);

/* grub.cfg and all that it reads. False: there is none. */
bool machine_read_grub(struct machine *m);
