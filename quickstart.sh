#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sh quickstart.sh         installs what is missing, builds, diagnoses the sample blank-screen reboot
# sh quickstart.sh check   installs what is missing, builds, runs every test
#
# Works from any directory and without a terminal. As root it installs packages with apt-get, tdnf or
# dnf; as another user it prints the one line to run. With LASTWORDS_NO_INSTALL=1 it never installs.
set -eu

cd "$(dirname "$0")"
mode=${1:-demo}
case $mode in
demo | check) ;;
*)
    echo "usage: sh quickstart.sh [check]" >&2
    exit 2
    ;;
esac

# What a build needs and what it gains: "kind probe debian photon fedora"; kind: need, want (an optional
# library), test (for `check` only). Package names: Debian 12, Photon 5, Fedora.
packages='
need cmd:gcc gcc build-essential gcc
need cmd:make make build-essential make
need cmd:pkg-config pkg-config build-essential pkgconf-pkg-config
need hdr:stdio.h libc6-dev build-essential glibc-devel
need lib:yaml-0.1 libyaml-dev libyaml-devel libyaml-devel
need lib:libpcre2-8 libpcre2-dev pcre2-devel pcre2-devel
need lib:jansson libjansson-dev jansson-devel jansson-devel
need lib:zlib zlib1g-dev zlib-devel zlib-devel
want lib:libarchive libarchive-dev libarchive-devel libarchive-devel
want lib:libdw libdw-dev elfutils-devel elfutils-devel
want lib:sqlite3 libsqlite3-dev sqlite-devel sqlite-devel
test lib:check check check-devel check-devel
test cmd:python3 python3 python3 python3
test py:jsonschema python3-jsonschema python3-jsonschema python3-jsonschema
test py:html5lib python3-html5lib - python3-html5lib
test py:prometheus_client python3-prometheus-client - python3-prometheus_client
test cmd:xmllint libxml2-utils libxml2 libxml2
test san:address - - libasan
test san:undefined - - libubsan
'

# Is what a probe names there?
present() {
    case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
    lib:*) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "${1#lib:}" ;;
    hdr:*) echo "#include <${1#hdr:}>" | gcc -E - >/dev/null 2>&1 ;;
    py:*) python3 -c "import ${1#py:}" >/dev/null 2>&1 ;;
    san:*) echo 'int main(void){return 0;}' | gcc -fsanitize="${1#san:}" -x c -o /dev/null - >/dev/null 2>&1 ;;
    esac
}

manager() {
    for m in apt-get tdnf dnf; do
        command -v "$m" >/dev/null 2>&1 && echo "$m" && return
    done
    echo none
}

# The packages of one kind list ("need want") that are missing, by the names of manager $2, once each.
missing() {
    echo "$packages" | while read -r kind probe debian photon fedora; do
        case " $1 " in *" $kind "*) ;; *) continue ;; esac
        present "$probe" && continue
        case $2 in
        apt-get) echo "$debian" ;;
        tdnf) echo "$photon" ;;
        *) echo "$fedora" ;;
        esac
    done | grep -v '^-$' | sort -u | tr '\n' ' '
}

# The package step: installs the named packages, or says how. Returns non-zero when it could not.
install_packages() {
    m=$1
    shift
    case $m in
    apt-get) line="apt-get install -y --no-install-recommends $*" ;;
    tdnf | dnf) line="$m install -y $*" ;;
    *)
        echo "quickstart: no apt-get, tdnf or dnf here; please install: $*" >&2
        return 1
        ;;
    esac
    if [ "$(id -u)" != 0 ] || [ "${LASTWORDS_NO_INSTALL:-}" = 1 ]; then
        echo "quickstart: these packages are missing; run: sudo $line" >&2
        return 1
    fi
    echo "quickstart: $line"
    [ "$m" != apt-get ] || DEBIAN_FRONTEND=noninteractive apt-get update -q >/dev/null || true
    DEBIAN_FRONTEND=noninteractive $line >/dev/null
}

# Installs what of the kinds is missing. Needed packages must be there afterwards; wanted ones only cost
# a feature, so a package that a distribution does not have does not end the run.
provide() {
    m=$(manager)
    names=$(missing "$1" "$m")
    [ -n "$names" ] || return 0
    # shellcheck disable=SC2086
    install_packages "$m" $names && return 0
    for name in $names; do
        [ "$(id -u)" = 0 ] && [ "${LASTWORDS_NO_INSTALL:-}" != 1 ] && install_packages "$m" "$name" || true
    done
}

provide need
lacking=$(missing need "$(manager)")
if [ -n "$lacking" ]; then
    echo "quickstart: cannot build without: $lacking" >&2
    exit 1
fi
provide want
[ -z "$(missing want "$(manager)")" ] ||
    echo "quickstart: building without $(missing want "$(manager)")(without libarchive, archives other than .gz are named, not read; without libdw, no --vmlinux; without sqlite3, no --history)"

jobs=$(nproc 2>/dev/null || echo 2)
if [ "$mode" = check ]; then
    provide test
    make -j"$jobs" WERROR="${WERROR:-0}" >/dev/null
    make -j"$jobs" check
    if present san:address && present san:undefined; then
        make -j"$jobs" asan
    else
        echo "quickstart: no sanitizer runtime for gcc here; skipping make asan"
    fi
    exit 0
fi

make -j"$jobs" >/dev/null
sample=samples/photon-wrong-root/vmware.log
echo "\$ build/lastwords $sample"
build/lastwords "$sample"
echo
echo "next: build/lastwords YOUR.log · build/lastwords explain root.wrong-device-name · sh quickstart.sh check"
