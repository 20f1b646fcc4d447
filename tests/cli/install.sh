#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make install puts there what it should and nothing else, make uninstall takes it away; the systemd units confine what
# they start and use options that exist; the packages ask for the libraries that the Makefile looks for.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
root=$work/root

# install_to TARGET ARGUMENT…: the program under test as it is, whatever the other files' times say.
install_to() {
    ran="make $*"
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$top" BUILD="${LASTWORDS%/*}" -o "$LASTWORDS" "$@" > out 2> err
    code=$?
}

# expected BIN SHARE ZSH UNITS: every file, relative to the root.
expected() {
    printf '%s\n' "$1/lastwords" "$2/man/man1/lastwords.1" "$2/man/man5/lastwords-rules.5" \
        "$2/bash-completion/completions/lastwords" "$3/_lastwords" "$2/fish/vendor_completions.d/lastwords.fish" \
        "$4/lastwords-.service.d/confine.conf" "$4/lastwords-boot.service" "$4/lastwords-scan.service" "$4/lastwords-scan.timer"
    find "$top/rules" -name '*.yaml' | sed "s|.*/|$2/lastwords/rules/|"
}

files_are() {
    (cd "$root" && find . ! -type d | sed 's|^\./||' | sort) > files
    expected "$@" | sort > wanted
    if diff wanted files > out; then pass; else fail "$ran: other files than expected"; fi
}

install_to install DESTDIR="$root"
exits 0
files_are usr/local/bin usr/local/share usr/local/share/zsh/site-functions usr/local/lib/systemd/system
if grep -q '^ExecStart=/usr/local/bin/lastwords ' "$root/usr/local/lib/systemd/system/lastwords-scan.service"; then
    pass
else
    fail "the unit does not start the program that was installed"
fi
if [ "$(find "$root" -type f -perm /022 -o -type f ! -perm -044 | wc -l)" = 0 ]; then pass; else fail "modes of files"; fi
install_to uninstall DESTDIR="$root"
exits 0
if [ -z "$(find "$root" ! -type d)" ]; then pass; else fail "make uninstall leaves files"; fi

rm -rf "$root"
install_to install DESTDIR="$root" PREFIX=/usr ZSHCOMPDIR=/usr/share/zsh/vendor-completions UNITDIR=/lib/systemd/system
exits 0
files_are usr/bin usr/share usr/share/zsh/vendor-completions lib/systemd/system

# --- the units ------------------------------------------------------------------------------------

"$LASTWORDS" --help > help
for unit in "$top"/packaging/systemd/*.service; do
    sed -n '/^ExecStart=/,/[^\\]$/p' "$unit" | tr -s ' \\' '\n\n' > words
    # A program without SQLite has no history.
    if grep -qx scan words && ! { grep -q '^  scan ' help && grep -q -e ' --history ' help; }; then
        skip "$(basename "$unit"): this program has no scan with a history"
        continue
    fi
    for option in $(grep -e '^-[-a-z]' words); do
        if grep -qE -- "(^| )$option( |,|\$)" help; then pass; else fail "$unit: no option $option"; fi
    done
done

if command -v systemd-analyze > /dev/null; then
    rm -rf "$root"
    install_to install PREFIX="$root"
    units=$root/lib/systemd/system
    SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no "$units"/*.service "$units"/*.timer > out 2>&1
    if [ -s out ]; then fail "systemd-analyze verify has words"; else pass; fi
    for unit in "$units"/*.service; do
        # The threshold is in tenths: 10 is an exposure of 1.0.
        if systemd-analyze security --offline=true --threshold=10 --no-pager "$unit" > out 2>&1; then
            pass
        else
            fail "$unit: exposed by more than 1.0"
        fi
    done
else
    skip "how far the units confine, which needs systemd-analyze"
fi

# --- the packages ---------------------------------------------------------------------------------

version=$(sed -n 's/^#define LASTWORDS_VERSION "\(.*\)"/\1/p' "$top/analyzer/cli/version.h")
packaging=$top/packaging
if [ "$(sed -n '1s/^lastwords (\(.*\)) .*/\1/p' "$packaging/debian/changelog")" = "$version" ]; then pass; else fail "debian/changelog: not version $version"; fi
if grep -qx "Version: *$version" "$packaging/lastwords.spec"; then pass; else fail "lastwords.spec: not version $version"; fi

# Names of packages have one home, the table in quickstart.sh.
for library in $(sed -n 's/^\(REQUIRED\|OPTIONAL\) := //p' "$top/Makefile"); do
    row=$(grep " lib:$library " "$top/quickstart.sh")
    # shellcheck disable=SC2086
    set -- $row
    if [ $# -ge 4 ]; then pass; else fail "quickstart.sh: no row for $library"; continue; fi
    if grep -qw -- "$3" "$packaging/debian/control"; then pass; else fail "debian/control: no $3"; fi
    if grep -qxE "BuildRequires: *$4" "$packaging/lastwords.spec"; then pass; else fail "lastwords.spec: no $4"; fi
done
finish
