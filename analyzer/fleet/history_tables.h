/* SPDX-License-Identifier: Apache-2.0 */
/* An open history, for the files that write and read its tables: history.c has their shape. */
#pragma once

#include "analyzer/fleet/database.h"

struct history {
    struct database *db;
};
