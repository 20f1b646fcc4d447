#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check.sh: builds the Debian package and the rpm from a copy of this tree, without root or network, unpacks each into a
# scratch root, compares its files with the list and runs the program from there. What a package needs to be built and is not
# here skips with a word. PACKAGE_CHECKS=1 also runs make check inside the builds; PACKAGE_DIR=DIR keeps the packages there.
set -u
cd "$(dirname "$0")/../.." || exit 2
top=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
sample=$top/samples/photon-wrong-root/vmware.log

pass() { passed=$((passed + 1)); }

fail() {
    failed=$((failed + 1))
    echo "FAILED: $1"
    [ -z "${2:-}" ] || tail -n 30 "$2" | sed 's/^/    /'
}

skip() {
    skipped=$((skipped + 1))
    echo "skipped: $*"
}

lacks() {
    for tool; do
        command -v "$tool" > /dev/null || { echo "$tool" && return; }
    done
    return 1
}

# copy DIR: what git would commit, or everything but what was built.
copy() {
    mkdir -p "$1"
    if git rev-parse --git-dir > /dev/null 2>&1; then
        git ls-files -z -co --exclude-standard | tar -c --null -T - | tar -x -C "$1"
    else
        tar -c --exclude=./build . | tar -x -C "$1"
    fi
}

# same_files NAME ROOT UNITS ZSH LICENCE…: every file of the package, after man pages and documents lost their .gz.
same_files() {
    name=$1 root=$2 units=$3 zsh=$4
    shift 4
    {
        printf '%s\n' usr/bin/lastwords usr/share/man/man1/lastwords.1 usr/share/man/man5/lastwords-rules.5 \
            usr/share/bash-completion/completions/lastwords "$zsh/_lastwords" usr/share/fish/vendor_completions.d/lastwords.fish \
            "$units/lastwords-.service.d/confine.conf" "$units/lastwords-boot.service" "$units/lastwords-scan.service" \
            "$units/lastwords-scan.timer" "$@"
        find rules -name '*.yaml' | sed 's|.*/|usr/share/lastwords/rules/|'
    } | sort > "$work/wanted"
    (cd "$root" && find . ! -type d | sed 's|^\./||; s|\.gz$||' | sort) > "$work/files"
    if diff "$work/wanted" "$work/files" > "$work/log"; then pass; else fail "$name: other files than expected" "$work/log"; fi
}

# try NAME ROOT: the installed program diagnoses the sample, reads its rules as files, and its man pages are whole.
try() {
    program=$2/usr/bin/lastwords
    if "$program" "$sample" > "$work/log" 2>&1 && grep -q root.wrong-device-name "$work/log"; then
        pass
    else
        fail "$1: the installed program does not diagnose the sample" "$work/log"
    fi
    if "$program" --rules "$2/usr/share/lastwords/rules" rules check > "$work/log" 2>&1; then pass; else fail "$1: its rules" "$work/log"; fi
    for library in libarchive elfutils SQLite; do
        if "$program" --version | grep -qw "$library"; then pass; else fail "$1: built without $library"; fi
    done
    for page in "$2"/usr/share/man/man?/*; do
        case $page in *.gz) gzip -dc "$page" ;; *) cat "$page" ;; esac > "$work/page"
        if grep -q '^\.SH "\?SEE ALSO' "$work/page"; then pass; else fail "$1: $page is cut short"; fi
    done
}

check_deb() {
    tool=$(lacks dpkg-buildpackage dh fakeroot dpkg-deb) && skip "the Debian package, which needs $tool" && return
    copy "$work/deb/lastwords"
    cp -R packaging/debian "$work/deb/lastwords/debian"
    nocheck=nocheck
    [ -z "${PACKAGE_CHECKS:-}" ] || nocheck=
    if ! (cd "$work/deb/lastwords" && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL DEB_BUILD_PROFILES="$nocheck" \
        DEB_BUILD_OPTIONS="parallel=$(nproc) noautodbgsym $nocheck" dpkg-buildpackage -b -us -uc) > "$work/deb/log" 2>&1; then
        fail "the Debian package does not build" "$work/deb/log"
        return
    fi
    pass
    if grep -q 'dpkg-shlibdeps: warning\|dh_.*: warning' "$work/deb/log"; then fail "the Debian build warns" "$work/deb/log"; else pass; fi
    package=$(echo "$work"/deb/*.deb)
    keep "$package"
    dpkg-deb -x "$package" "$work/deb/root"
    doc=usr/share/doc/lastwords
    same_files "$(basename "$package")" "$work/deb/root" lib/systemd/system usr/share/zsh/vendor-completions \
        $doc/copyright $doc/changelog $doc/README.md $doc/RULES.md $doc/ci.md $doc/scale.md \
        $doc/examples/slurm/lastwords.sbatch $doc/examples/slurm/map.sh $doc/examples/slurm/reduce.sh
    try "$(basename "$package")" "$work/deb/root"
    dpkg-deb -f "$package" Depends > "$work/log"
    for library in libyaml-0-2 libpcre2-8-0 libjansson4 zlib1g libarchive13 libdw1 libsqlite3-0; do
        if grep -qw "$library" "$work/log"; then pass; else fail "the Debian package does not depend on $library" "$work/log"; fi
    done
    if ! command -v lintian > /dev/null; then
        skip "lintian, which is not here"
    elif lintian --fail-on error,warning "$package" > "$work/log" 2>&1; then
        pass
    else
        fail "lintian has words" "$work/log"
    fi
}

check_rpm() {
    tool=$(lacks rpmbuild rpm rpm2cpio cpio) && skip "the rpm, which needs $tool" && return
    version=$(sed -n 's/^Version: *//p' packaging/lastwords.spec)
    copy "$work/rpm/lastwords-$version"
    mkdir -p "$work/rpm/SOURCES" "$work/rpm/root"
    tar -czf "$work/rpm/SOURCES/lastwords-$version.tar.gz" -C "$work/rpm" "lastwords-$version"
    # --nodeps: a machine of another kind has the libraries and no rpm database that knows them.
    if ! env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL rpmbuild -bb --nodeps --define "_topdir $work/rpm" --define "debug_package %{nil}" \
        --define "_build_id_links none" --define "_smp_mflags -j$(nproc)" ${PACKAGE_CHECKS:+--define "with_check 1"} packaging/lastwords.spec > "$work/rpm/log" 2>&1; then
        fail "the rpm does not build" "$work/rpm/log"
        return
    fi
    pass
    package=$(echo "$work"/rpm/RPMS/*/*.rpm)
    keep "$package"
    (cd "$work/rpm/root" && rpm2cpio "$package" | cpio -idm --quiet)
    # Where licence and documents stand is the distribution's choice.
    # shellcheck disable=SC2046
    same_files "$(basename "$package")" "$work/rpm/root" usr/lib/systemd/system usr/share/zsh/site-functions \
        $({ rpm -qp --licensefiles "$package" && rpm -qp --docfiles "$package" | grep /doc/; } | sed 's|^/||')
    try "$(basename "$package")" "$work/rpm/root"
    rpm -qp --licensefiles "$package" > "$work/log" 2>&1
    if grep -q LICENSE "$work/log"; then pass; else fail "the rpm has no licence"; fi
    if rpm -qp --docfiles "$package" | grep -q /RULES.md; then pass; else fail "the rpm has no RULES.md"; fi
    rpm -qpR "$package" > "$work/log" 2>&1
    for library in libyaml-0 libpcre2-8 libjansson libz libarchive libdw libsqlite3; do
        if grep -q "^$library\.so" "$work/log"; then pass; else fail "the rpm does not depend on $library" "$work/log"; fi
    done
}

keep() {
    [ -z "${PACKAGE_DIR:-}" ] || { mkdir -p "$PACKAGE_DIR" && cp "$@" "$PACKAGE_DIR/"; }
}

check_deb
check_rpm
echo "packages: $passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
[ "$failed" = 0 ]
