/* SPDX-License-Identifier: Apache-2.0 */
/* What each shell reads to complete lastwords' words. */
#pragma once

#include "reports/out.h"

void complete_bash(struct out *o);
void complete_zsh(struct out *o);
void complete_fish(struct out *o);
