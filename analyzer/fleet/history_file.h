/* SPDX-License-Identifier: Apache-2.0 */
/* Where a history lies: whether it may lie there, whether the file is one, and how it comes to be.
 */
#pragma once

#include "analyzer/core/err.h"

/* "LWHI", in SQLite's header: whose file it is. */
enum { HISTORY_APPLICATION_ID = 0x4c574849 };

enum { HISTORY_PATH = 4096 };

/*
 * The path without links in its directories, which SQLite asks for; *exists says whether a history
 * is there. False with *err when none can be: another kind of file (nothing is touched), a shared
 * file system, a directory where everybody may replace it.
 */
bool history_file_check(const char *path, char resolved[HISTORY_PATH], bool *exists,
                        struct err *err);

/*
 * Makes a history at `resolved`, which appears whole or not at all: `fill` gets the name of an
 * empty file. That another process was faster is no failure.
 */
bool history_file_create(const char *resolved, bool (*fill)(const char *path, struct err *err),
                         struct err *err);
