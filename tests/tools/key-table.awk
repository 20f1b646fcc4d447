# SPDX-License-Identifier: Apache-2.0
# awk -f key-table.awk keys.def page: the page with the keys of the rule language, from their table, in the place of its line
# `.\" KEYS`. A row is KEY(scope, symbol, "name", type, "meaning"), over one line or several.

BEGIN {
    title["FILE"] = "KEYS OF A FILE"
    title["RULE"] = "KEYS OF A RULE"
    title["MATCHER"] = "KEYS OF A MATCHER"
    title["COUNT"] = "KEYS OF COUNT"
    title["CONDITION"] = "KEYS OF A CONDITION"
    title["FIELD"] = "KEYS OF A CONDITION ON A FIELD"
    title["APPLIES"] = "KEYS OF APPLIES_TO"
    title["SETTER"] = "KEYS OF A CHOICE OF SET"
    title["STEP"] = "KEYS OF A STEP OF REMEDIATION"
    title["LIST"] = "KEYS IN A LIST'S PLACE"
    title["TEST"] = "KEYS OF A TEST"
}

function roff(text) {
    gsub(/\\"/, "\"", text)
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    gsub(/'/, "\\(aq", text)
    sub(/^\./, "\\\\\\&.", text)
    return text
}

# One whole row: what stands between its quotes is the name and, in one piece or several, the meaning.
function add_row(row, scope, n, part, meaning) {
    scope = row
    sub(/^KEY\(/, "", scope)
    sub(/,.*/, "", scope)
    if (!(scope in title)) {
        print "key-table: no title for keys of " scope > "/dev/stderr"
        failed = 1
    }
    gsub(/\\"/, "\001", row)
    n = split(row, part, "\"")
    for (i = 4; i <= n; i += 2)
        meaning = meaning part[i]
    gsub("\001", "\"", meaning)
    if (scope != last)
        table = table ".SH " title[scope] "\n"
    last = scope
    table = table ".TP\n.B " roff(part[2]) "\n" roff(meaning) ".\n"
}

FILENAME ~ /keys\.def$/ && (/^KEY\(/ || row != "") {
    row = row $0
    if ($0 ~ /\)$/) {
        add_row(row)
        row = ""
    }
}

FILENAME ~ /keys\.def$/ { next }
$0 == ".\\\" KEYS" {
    printf "%s", table
    next
}
{ print }

END { exit failed || table == "" }
