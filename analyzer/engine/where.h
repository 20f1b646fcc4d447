/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names, facts and conditions of one way in which a rule's matcher holds: what `set:` computes,
 * what `where:` says of it.
 */
#pragma once

#include "analyzer/engine/match.h"
#include "analyzer/engine/solve.h"

struct bindings {
    VEC(struct binding);
};

/* What conditions may look at. */
struct scene {
    const struct rule *rule;
    const struct boot *boot;   /* NULL in scope case */
    const struct facts *facts; /* may be NULL */
    struct bindings names;
    struct arena *a; /* values that are made live here */
    struct pattern_scratch *scratch;
    struct evidence proofs; /* records that prove the facts of conditions that held */
};

/* Captures of the solution, defaults, then the rule's setters. */
void scene_bind(struct scene *s, const struct solution *sol);

/* A bound name, a field of one, or a fact's path; unknown when nobody knows. */
struct value scene_value(const struct scene *s, struct str path, const struct record **proof);

/* What a condition is about: `fact:` never sees a capture of the same name, `capture:` does. */
struct value condition_value(const struct scene *s, const struct condition *c,
                             const struct record **proof);

/* One condition; `item` is the map that a setter's conditions look into, else NULL. */
enum tri condition_holds(struct scene *s, const struct condition *c, const struct value *item);

/* All of a list. */
enum tri conditions_hold(struct scene *s, const struct condition *list, const struct value *item);

/* The fact as the log or, for boot.*, the boot itself tells it. */
struct value fact_of(const struct facts *facts, const struct boot *boot, struct str path,
                     struct arena *a, const struct record **proof);

/* A name among bindings, or a field of what it is bound to. */
bool binding_find(const struct binding *names, size_t n, struct str path, struct arena *a,
                  struct value *out);
