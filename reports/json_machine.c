/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of preflight in the JSON report; see json_machine.h. */
#include "reports/json_machine.h"

static void put_check(struct emit *e, const struct analysis *a, enum machine_check_id id)
{
    const struct machine_check *check = &a->machine->checks[id];
    bool placed = check->place.line > 0;

    emit_open(e, '{');
    emit_member_str(e, "check", machine_check_name(id));
    emit_member_tri(e, "good", check->state);
    emit_member_str_or_null(e, "subject", check->subject);
    emit_member_str_or_null(e, "why", check->why);
    emit_member_str_or_null(e, "unreadable", check->denied);
    emit_member_uint_or_null(e, "input", placed, a->machine_input + check->place.file);
    emit_member_uint_or_null(e, "line", placed, check->place.line);
    emit_close(e, '}');
}

void json_next_boot_members(struct emit *e, const struct analysis *a)
{
    emit_member_str(e, "verdict", verdict_name(a->verdict));
    emit_member_open(e, "checks", '[');
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        put_check(e, a, (enum machine_check_id)i);
    emit_close(e, ']');
}
