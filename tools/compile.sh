#!/usr/bin/env bash
# compile.sh COMMAND...: runs a "go build -v" or alike. If it has anything to do, compile.sh says so on stderr at once, and every
# five seconds how far it is. Of the output it prints errors only.
set -euo pipefail

log=$(mktemp)
count() { grep -cE "$1" "$log" || true; }
progress() {
	local since=$SECONDS
	until [ -s "$log" ]; do sleep 0.2; done
	echo "compiling (some 40 s in a fresh clone, less after that) ..." >&2
	while sleep 5 >/dev/null 2>&1; do
		echo "compiling: $((SECONDS - since)) s, $(count '^go: downloading ') modules downloaded, $(count "$package") packages" >&2
	done
}
package='^[a-zA-Z0-9._/~-]+$' # -v prints the path of each package before it is compiled

progress & ticker=$!
trap 'kill $ticker 2>/dev/null; rm -f "$log"' EXIT
disown # the shell is not to report the end of it
"$@" >"$log" 2>&1 || {
	code=$?
	grep -vE "$package|^go: downloading " "$log" >&2 || true
	exit "$code"
}
