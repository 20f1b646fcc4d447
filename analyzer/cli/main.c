/* SPDX-License-Identifier: Apache-2.0 */
#include "analyzer/cli/version.h"

#include <stdio.h>

int main(void)
{
    puts("lastwords " LASTWORDS_VERSION);
    return 0;
}
