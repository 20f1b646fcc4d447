#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# quickstart.sh beside package managers, compilers and a make that only write down what they are told:
# what it would install, as whom, and that it never asks, from a directory with a blank in its name.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
here="$work/a place"
mkdir -p "$here/samples/photon-wrong-root" "$here/build" "$work/bin"
cp "$top/quickstart.sh" "$here/quickstart.sh"
: > "$here/samples/photon-wrong-root/vmware.log"
for tool in sh cat sort tr grep id dirname echo; do
    ln -s "$(command -v $tool)" "$work/bin/$tool"
done

# fake NAME [LINE]: a program that notes its arguments and then does LINE.
fake() {
    printf '#!/bin/sh\necho "%s $*" >> "%s/told"\n%s\n' "$1" "$work" "${2:-exit 0}" > "$work/bin/$1"
    chmod 755 "$work/bin/$1"
}

# The library probes say no until somebody has installed something.
fresh_machine() {
    rm -f "$work/bin/apt-get" "$work/bin/tdnf" "$work/bin/dnf" "$work/installed" "$work/told"
    : > "$work/told"
    fake gcc
    fake pkg-config "[ -e '$work/installed' ]"
    fake make
    fake nproc 'echo 2'
    fake xmllint
    fake python3 "[ -e '$work/installed' ]"
    printf '#!/bin/sh\necho "the report on $*"\n' > "$here/build/lastwords"
    chmod 755 "$here/build/lastwords"
}

# start_quickly ARGUMENT…: in that place, from another directory, without a terminal.
start_quickly() {
    ran="quickstart.sh $*"
    (cd / && PATH="$work/bin" LASTWORDS_NO_INSTALL="${no_install:-}" sh "$here/quickstart.sh" "$@") \
        > out 2> err < /dev/null
    code=$?
}

told() { if grep -qF -- "$1" told; then pass; else fail "$ran: was not told \"$1\""; sed 's/^/    told: /' told; fi; }
not_told() { if grep -qF -- "$1" told; then fail "$ran: was told \"$1\""; else pass; fi; }

no_install=1
for m in apt-get tdnf dnf; do
    fresh_machine
    fake $m
    start_quickly
    exits 1
    err_has "sudo $m install -y"
    err_has "cannot build without"
    not_told "$m"
    not_told "make"
done
fresh_machine
start_quickly
exits 1
err_has "no apt-get, tdnf or dnf here"

no_install=
for row in "apt-get libyaml-dev libpcre2-dev libjansson-dev zlib1g-dev" \
    "tdnf libyaml-devel pcre2-devel jansson-devel zlib-devel" \
    "dnf libyaml-devel pcre2-devel jansson-devel zlib-devel"; do
    m=${row%% *}
    fresh_machine
    fake "$m" "case \$1 in install) : > '$work/installed';; esac"
    start_quickly
    if [ "$(id -u)" = 0 ]; then
        exits 0
        told "$m install -y"
        for package in ${row#* }; do told "$package"; done
        told "make -j2"
        not_told "make -j2 check"
        out_has "the report on samples/photon-wrong-root/vmware.log"
        out_has "quickstart.sh check"
    else
        exits 1
        not_told "$m install"
    fi
done

# Nothing is missing: nothing is installed, whoever runs it.
fresh_machine
fake apt-get
: > installed
start_quickly
exits 0
not_told "apt-get"
: > told
start_quickly check
exits 0
told "make -j2 check"
told "make -j2 asan"
not_told "apt-get"
start_quickly chekc
exits 2
err_has "usage"
finish
