#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes C source that holds the named rule files byte by byte: embed-rules.sh FILE… > embedded_rules.c
set -eu
echo '#include "analyzer/engine/embedded.h"'
i=0
for file; do
    echo "static const unsigned char rule_file_$i[] = {"
    od -An -v -tx1 "$file" | sed 's/ \(..\)/0x\1,/g'
    echo '0};'
    i=$((i + 1))
done
echo 'const struct embedded_file embedded_rules[] = {'
i=0
for file; do
    echo "{ { STR_INIT(\"$file\") }, { .p = (const char *)rule_file_$i, .n = sizeof rule_file_$i - 1 } },"
    i=$((i + 1))
done
echo '{ { 0 }, { 0 } } };'
