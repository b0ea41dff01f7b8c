#!/bin/sh
# notes.sh TAG prints the section of CHANGELOG.md about a version, such as "## 1.2.3" for v1.2.3, and fails if there is none.
set -eu
cd "$(dirname "$0")/../.."
awk -v title="## ${1#v}" '/^## /{on = ($0 == title || index($0, title " ") == 1); next} on {print; found = 1} END {exit !found}' CHANGELOG.md || {
	echo "notes.sh: CHANGELOG.md has no section ## ${1#v}" >&2
	exit 1
}
