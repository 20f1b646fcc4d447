#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# JUnit of many cases: no file of more than 5,000 tests, none without a test, none of last night's among them.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Twelve machines of the same name, as clones are. With a test for each of the shipped rules they need several files.
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    mkdir -p lab/vm$i
    make_log lab/vm$i/serial.log
    printf '.encoding = "UTF-8"\nconfig.version = "8"\ndisplayName = "clone"\nmemsize = "384"\n' > lab/vm$i/made.vmx
done
valid() {
    command -v xmllint > /dev/null || return 0
    for file in "$@"; do
        if xmllint --noout --nonet --schema "$top/tests/schema/junit.xsd" "$file" > out 2> err; then pass; else fail "$file is not valid"; fi
    done
}
# sum FILE…: what the heads of the files say.
sum() { sed -n 's/^<testsuites .* tests="\([0-9]*\)".*/\1/p' "$@" | awk '{ s += $1; if ($1 > 5000) s = "too many" } END { print s }'; }

mkdir lw
echo '<testsuites name="another" tests="1">' > lw/report-9.xml
run scan --junit-all-rules --run-time now --junit lw/report.xml lab
exits 0
parts=$(ls lw/report*.xml | grep -vc report-9)
if [ "$parts" -gt 1 ]; then pass; else fail "$ran: all in one file"; fi
run scan --junit-all-rules -f junit lab
exits 0
mv out whole.xml
if [ "$(sum whole.xml)" = "too many" ]; then pass; else fail "standard output is cut"; fi
tests=$(grep -c '<testcase ' whole.xml)
if [ "$(ls lw/report*.xml | grep -v report-9 | xargs cat > all; sum all)" = "$tests" ]; then pass; else fail "the files hold other tests than the whole"; fi
# Together they are the whole: suites are not cut, their names count on through the files.
cat lw/report.xml lw/report-[2-8].xml | grep -E '<testsuite |<testcase ' | sed 's/ timestamp="[^"]*"//' > a
grep -E '<testsuite |<testcase ' whole.xml > b
same a b "the suites of the parts"
if grep -q 'name="clone (12)"' a; then pass; else fail "the last clone has no number"; fi
valid lw/report.xml lw/report-2.xml
if [ "$(grep -c ' time="0.000"' lw/report-2.xml)" -gt 0 ] && sed -n 2p lw/report-2.xml | grep -q 'time="0.000"'; then pass; else fail "the duration is told twice"; fi

# The main report is cut like a file beside it.
mkdir main
run scan --junit-all-rules -f junit -o main/report.xml lab
exits 0
run scan --junit-all-rules --junit lw/report.xml lab
for file in lw/report.xml lw/report-2.xml; do same "$file" "main/$(basename $file)" "a main report"; done

# The next run needs one file: those of before are gone, what is another's stays.
run scan --junit lw/report.xml lab
exits 0
if [ "$(ls lw)" = "$(printf 'report-9.xml\nreport.xml')" ]; then pass; else fail "$ran: $(ls lw | tr '\n' ' ')"; fi
valid lw/report.xml
run scan --junit-all-rules -f ndjson -o lab.ndjson lab
run merge --junit-all-rules --junit merged.xml lab.ndjson
exits 0
same merged-2.xml main/report-2.xml "a merge's second file"

# One that is in the way is a failure that is told.
mkdir blocked blocked/report-2.xml
run scan --junit-all-rules --junit blocked/report.xml lab
exits 3
err_has "blocked/report-2.xml: "

# Nothing new, nothing there: a report without a test would be an error to its readers.
run scan --new-only --baseline lab.ndjson --junit nothing.xml lab
exits 0
valid nothing.xml
if grep -q 'name="no new failure"' nothing.xml; then pass; else fail "$ran: no test"; fi
mkdir empty
: > empty/none.log
run scan --junit none.xml empty
exits 2
if grep -q '<skipped message="no log was found"' none.xml; then pass; else fail "$ran: no skipped test"; fi
valid none.xml
finish
