#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# reduce.sh OUT [OPTION...]: the report of all shards that are there; merge says which are not.
set -u
out=$1
shift
exec "${LASTWORDS:-lastwords}" merge "$@" "$out"/*.ndjson
