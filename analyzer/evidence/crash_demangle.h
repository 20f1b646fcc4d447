/* SPDX-License-Identifier: Apache-2.0 */
/* Names of Rust functions as their authors wrote them, for titles. */
#pragma once

#include "analyzer/core/str.h"

enum { DEMANGLED_BYTES = 512 };

/*
 * "_RNvNtCs43vy_6kernel10miscdevice4mmap" → "kernel::miscdevice::mmap", in `buf`. A name that is
 * not mangled, or in a way that is not known here, comes back as it is.
 */
struct str crash_demangle(struct str name, char buf[DEMANGLED_BYTES]);
