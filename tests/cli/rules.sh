#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rule files: where they come from, whose are refused, and what is said about a wrong one.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
make_log good.log
make_rule made.yaml

run rules list --rules made.yaml
exits 0
out_has "root.made-for-tests"
run rules show --rules made.yaml root.made-for-tests
exits 0
out_has "literal: 'madedrv"
run explain --rules made.yaml root.made-for-tests
exits 0
out_has "1. Make another one."
run explain --rules made.yaml root.made-for-tests good.log
exits 0
out_has "In boot 0"
run explain --rules made.yaml root.made-for-tsts
exits 2
err_has "root.made-for-tests"
run explain
exits 2
run rules check made.yaml
exits 0
out_has "0 faults"
{
    printf '\357\273\277'
    sed 's/$/\r/' made.yaml
} > windows.yaml
chmod 644 windows.yaml
run rules check windows.yaml
exits 0
out_has "0 faults"
sed "s/    literal: .*/    regex: 'made(text, and so on'/" made.yaml > open.yaml
chmod 644 open.yaml
run rules check open.yaml
exits 1
err_has "open.yaml:9:"
err_has "missing closing parenthesis"
{
    sed '/^- id/,$d' made.yaml
    printf '%s{author: %01000d, id: Wrong, title: T, severity: info, match: {literal: text}}\n' '- ' 7
} > wide.yaml
chmod 644 wide.yaml
run rules check wide.yaml
exits 1
err_has "area.what-happened"
if awk 'length > 250 { exit 1 }' err; then pass; else fail "a long line is quoted whole"; fi
run rules test made.yaml
exits 0
out_has "2 passed, 0 failed"
run rules test root.made-for-tests --rules made.yaml
out_has "2 passed, 0 failed"
run rules test root.no-such-rule
exits 2
sed 's/      madedrv.*gave up$/      madedrv 0000:00:01.0: went on/' made.yaml > wrong.yaml
run rules test wrong.yaml
exits 1
out_has "wrong.yaml:"
out_has "does not fire"
out_has "1 passed, 1 failed"
run rules chek
exits 2
err_has "did you mean 'check'"

sed 's/severity: error/severity: eror/' made.yaml > typo.yaml
run rules check typo.yaml
exits 1
err_has "typo.yaml:6:"
err_has "severity: eror"
err_has "^"
run --rules typo.yaml good.log
exits 2
err_has "typo.yaml:6:"
out_empty
sed 's/diagnosis:/diagnossis:/' made.yaml > key.yaml
run rules check key.yaml
err_has "diagnosis"
printf 'lastwords: 1\nrules: [' > torn.yaml
run --rules torn.yaml good.log
exits 2
err_has "torn.yaml:"
run --rules no-such.yaml good.log
exits 2
err_has "no-such.yaml"

# A rule file read twice, as when an embedded one is named, replaces itself.
run rules check made.yaml --rules made.yaml
exits 0
sed 's/^- id:.*/- id: root.made-twice/; s/^  - no_match/&/' made.yaml > twice.yaml
sed -n '/^- id/,$p' twice.yaml > again
cat again >> twice.yaml
run rules check twice.yaml
exits 1
err_has "stands twice"

# The start of a rule: what is printed passes, whatever the line is.
new() {
    run rules new "$@"
    exits 0
    cp out new.yaml
    chmod 644 new.yaml
    run rules test new.yaml
    exits 0
    out_has "2 passed, 0 failed"
}
new '<3>[    1.125700] madedrv 0000:00:01.0: gave up on sdb, error -6'
if grep -q '(?<error>' new.yaml && grep -q 'severity: error' new.yaml; then pass; else fail "rules new: no capture"; fi
run rules check new.yaml
out_has "1 hint"
err_has "a draft"
new "Nov 20 10:00:01 guest frobd[7]: it's 'gone' again: 3 times"
if grep -q 'origin: \[guest-user, guest-kernel\]' new.yaml; then pass; else fail "rules new: a program is no kernel"; fi
new '2031-05-02T10:07:41.310Z In(05) vcpu-2 - Frob fault at 0xdeadbeef.'
if grep -q 'origin: host' new.yaml; then pass; else fail "rules new: the host is no guest"; fi
# A program's line fires wherever it was logged, not only where it was found.
ident_of() {
    new "$1"
    if grep -q "ident: $2\$" new.yaml; then pass; else fail "rules new: $1: no ident: $2"; fi
    printf '%s\n' "$3" > elsewhere.log
    run --rules new.yaml --format json elsewhere.log
    if grep -q '"rule": *"site\.' out; then pass; else fail "rules new: $1 does not fire on $3"; fi
}
ident_of 'frobd[312]: Warning: frob 7 is gone' frobd 'Nov 20 10:00:01 guest frobd[7]: Warning: frob 99 is gone'
ident_of 'Nov 20 10:00:01 guest frobd[7]: frob.service: gone' frobd '[    3.000000] frobd[1]: other.service: gone'
ident_of '[    3.000000] frobd[1]: frob 7 is gone' frobd 'Nov 20 10:00:01 guest frobd[7]: frob 8 is gone'
new 'Nov 20 10:00:01 guest frob*[7]: frob 7 is gone'
new '[    3.000000] frob*[1]: frob 7 is gone'
new 'kernel: frob 7 is gone'
if grep -q "regex: '^frob" new.yaml; then pass; else fail "rules new: journalctl's prefix stays"; fi
new good.log:4
new kernel: "it's" dead
run rules new good.log:400
exits 2
err_has "no record"
run rules new '7 8 9'
exits 2
out_empty
run rules new
exits 2

# The graph: well formed, the same every time, whatever a title holds.
sed 's/  title: .*/  title: "a \\"quoted\\" \\\\ title"/; s/  category:.*/&\n  explains: [root.cannot-open-device]/' made.yaml > edge.yaml
chmod 644 edge.yaml
run rules graph root.made-for-tests --rules edge.yaml
exits 0
out_has '"root.made-for-tests" -> "root.cannot-open-device";'
out_has 'tooltip="a \"quoted\" \\ title"'
if command -v dot > /dev/null; then
    if dot -Tcanon out > canon 2> err; then pass; else fail "dot does not read the graph"; fi
fi
run rules graph 'fs.*'
cp out first
run rules graph 'fs.*'
same out first "rules graph"
run rules graph no.such-rule
exits 2
out_empty

run rules profile good.log --rules made.yaml
exits 0
out_has "root.made-for-tests"
out_has "all rules"
run rules profile
exits 2

# Rules against a kernel: its strings as text, as an image, as an index.
printf 'Linux version 6.1.0-made (a@b)\n%%s %%s: gave up\n' > strings
sed "s/literal: .*/regex: 'madedrv: this was dropped long ago'/; s/made-for-tests/made-dead/" made.yaml > dead.yaml
chmod 644 dead.yaml
run rules check dead.yaml --kernel-strings strings
exits 1
out_has "dead: root.made-dead"
out_has "6.1.0-made: 1 rules for it: 0 alive (0.0 %), 1 dead"
sed "s/literal: .*/literal: 'gave up'/" made.yaml > alive.yaml
chmod 644 alive.yaml
run rules check alive.yaml --kernel-strings strings
exits 0
out_has "1 alive (100.0 %)"
sed 's/^  match:/  applies_to: {kernel: ">=7"}\n  match:/' dead.yaml > later.yaml
chmod 644 later.yaml
run rules check later.yaml --kernel-strings strings
exits 0
out_has "not for this kernel: root.made-dead"
# A module that does not come with the kernel prints it.
sed "s/^  match:/  text_from: 'made-driver: made.c'\n  match:/" dead.yaml > foreign.yaml
sed "s/^  match:/  text_from: 'linux: made.c'\n  match:/" dead.yaml > own.yaml
chmod 644 foreign.yaml own.yaml
run rules check foreign.yaml --kernel-strings strings
exits 0
out_has "not in this build: root.made-dead"
run rules check own.yaml --kernel-strings strings
exits 1
sed 's/^  match:/  needs_config: CONFIG_MADE\n  match:/' dead.yaml > option.yaml
chmod 644 option.yaml
run rules check option.yaml --kernel-strings strings
exits 0
out_has "not in this build: root.made-dead"
echo "CONFIG_MADE=y" > made.config
run rules check option.yaml --kernel-strings strings --kernel-strings made.config
exits 1
out_has "dead: root.made-dead"
sed 's/needs_config: .*/needs_config: CONFIG_MADE=n/' option.yaml > without.yaml
chmod 644 without.yaml
run rules check without.yaml --kernel-strings strings --kernel-strings made.config
exits 0
out_has "not in this build: root.made-dead"
echo "# CONFIG_MADE is not set" > made.config
run rules check without.yaml --kernel-strings strings --kernel-strings made.config
exits 1
out_has "dead: root.made-dead"
sed 's/^  match:/  applies_to: {flavour: made}\n  match:/' dead.yaml > flavour.yaml
chmod 644 flavour.yaml
run rules check flavour.yaml --kernel-strings strings
exits 1
sed 's/flavour: made/flavour: esx/' flavour.yaml > other.yaml
chmod 644 other.yaml
run rules check other.yaml --kernel-strings strings
exits 0
out_has "not for this kernel: root.made-dead"
# Debian's release says 6.1.0 for years; its banner names the source.
printf 'Linux version 6.1.0-made (a@b) # SMP Debian 7.0.3-1 (date)\n' > debian
chmod 644 later.yaml
run rules check later.yaml --kernel-strings debian
exits 1
out_has "6.1.0-made (7.0.3-1): 1 rules for it"
# All of the fixed text counts, not only what is best to search for.
sed "s/literal: .*/regex: 'gave up on the long way: (\\\\d+) of the dropped'/" made.yaml > part.yaml
chmod 644 part.yaml
printf 'Linux version 6.1.0-made (a@b)\ngave up on the long way: %%d\n' > long
run rules check part.yaml --kernel-strings long
exits 1
printf '\0Linux version 6.1.0-made (a@b)\0' > image
run rules check dead.yaml --kernel-strings image
exits 0
out_has "cannot tell: root.made-dead"
printf '\0vermagic=6.1.0-made SMP\0' > mod.ko
run rules check dead.yaml --kernel-strings image --kernel-strings mod.ko
exits 1
printf '<3> drivers/made.c:7 made_probe "gave up\\n"\n' > index
run rules check alive.yaml --printk-index index
exits 0
out_has "1 alive"
run rules check dead.yaml --printk-index strings
exits 2
err_has "printk index"
run rules check --kernel-strings no-such-file
exits 2

# Texts of programs, among the strings of those; the kernel's own are not asked about then.
printf 'made: gave up on %%s\n' > programs
run rules check alive.yaml --program-strings programs
exits 0
out_has "programs: 0 rules for it"
sed 's/^  match:/  match:\n    origin: guest-user/' alive.yaml > program.yaml
sed 's/^  match:/  match:\n    origin: [guest-user, guest-kernel]/' dead.yaml > either.yaml
chmod 644 program.yaml either.yaml
run rules check program.yaml --program-strings programs
exits 0
out_has "programs: 1 rules for it: 1 alive"
run rules check either.yaml --program-strings programs
exits 1
out_has "dead: root.made-dead"
printf 'madedrv: this was dropped long ago\n' > older
run rules check either.yaml --program-strings programs --kernel-strings older
exits 0
out_has "1 alive"
run rules list --kernel-strings strings
exits 2

chmod 666 made.yaml
run --rules made.yaml good.log
exits 2
err_has "others may write to it"
chmod 664 made.yaml
run --rules made.yaml good.log
exits 2
chmod 644 made.yaml
# A fault is told where it stands; what is too much is told once.
sed 's/^  diagnosis:.*/  diagnosis: "it was ${nobody}"/' made.yaml > unbound.yaml
printf 'lastwords: 1\nrules:\n- id: a.b\n  title: "a\377"\n' > bytes.yaml
chmod 644 unbound.yaml bytes.yaml
run rules check unbound.yaml
exits 1
err_has "unbound.yaml:$(grep -n '{nobody}' unbound.yaml | cut -d: -f1):14: '\${nobody}' is no capture"
run rules check bytes.yaml
exits 1
err_has "bytes.yaml:4:12: "
{
    printf 'lastwords: 1\nrules:\n'
    seq 20001 | sed "s/.*/- {id: a.r&, title: T, severity: info, match: {literal: 'made & up'}, diagnosis: D, remediation: [R]}/"
} > many.yaml
chmod 644 many.yaml
run rules check many.yaml
exits 1
err_has "more than 20000 rules"
err_has "no rules: 1 fault in rule files"

mkdir dir
cp made.yaml dir/
echo "not yaml: [" > dir/readme.txt
run --rules dir rules list
exits 0
out_has "root.made-for-tests"

mkdir -p "$XDG_CONFIG_HOME/lastwords/rules.d"
cp made.yaml "$XDG_CONFIG_HOME/lastwords/rules.d/"
run rules list
if [ "$(id -u)" = 0 ]; then
    if grep -q root.made-for-tests out; then fail "root reads a user's rules"; else pass; fi
else
    out_has "root.made-for-tests"
fi
finish
