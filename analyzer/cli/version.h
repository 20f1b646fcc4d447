/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#define LASTWORDS_VERSION "0.1.0"
