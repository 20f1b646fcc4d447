/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of systemd-journald (/var/log/journal/…/system.journal), known by their magic.
 * Source: systemd src/libsystemd/sd-journal/journal-def.h, HEADER_SIGNATURE.
 */
#include "parsers/parser.h"

static unsigned probe(const struct head *head)
{
    return str_starts(head->bytes, STR("LPKSHHRH")) ? PROBE_MAGIC : 0;
}

const struct parser parser_journal_file = {
    .name = "journal",
    .title = "a systemd journal file",
    .probe = probe,
};
