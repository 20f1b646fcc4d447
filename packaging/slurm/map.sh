#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# map.sh PLAN OUT SHARD: scans one shard of a plan. A result that is there is left alone, so a task may
# be started again at any time. Exit code 3 (something of the logs could not be read) is a result, too.
set -u
plan=$1 out=$2 shard=$3
"${LASTWORDS:-lastwords}" scan --plan "$plan" --shard "$shard" --output-dir "$out" ${LASTWORDS_OPTIONS:-}
code=$?
[ "$code" = 3 ] && code=0
exit "$code"
