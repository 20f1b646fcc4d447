/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of preflight in the JSON report; see json_machine.h. */
#include "reports/json_machine.h"

static void put_check(struct emit *e, const struct analysis *a, enum machine_check_id id)
{
    const struct machine_check *check = &a->machine->checks[id];

    emit_open(e, '{');
    emit_key(e, "check");
    emit_str(e, machine_check_name(id));
    emit_key(e, "good");
    if (check->state == TRI_UNKNOWN)
        emit_null(e);
    else
        emit_bool(e, check->state == TRI_YES);
    emit_key(e, "subject");
    emit_str_or_null(e, check->subject);
    emit_key(e, "why");
    emit_str_or_null(e, check->why);
    emit_key(e, "unreadable");
    emit_str_or_null(e, check->denied);
    emit_key(e, "input");
    if (check->place.line)
        emit_uint(e, a->machine_input + check->place.file);
    else
        emit_null(e);
    emit_key(e, "line");
    if (check->place.line)
        emit_uint(e, check->place.line);
    else
        emit_null(e);
    emit_close(e, '}');
}

void json_next_boot_members(struct emit *e, const struct analysis *a)
{
    emit_key(e, "verdict");
    emit_str(e, verdict_name(a->verdict));
    emit_key(e, "checks");
    emit_open(e, '[');
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        put_check(e, a, (enum machine_check_id)i);
    emit_close(e, ']');
}
