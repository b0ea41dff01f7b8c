#!/usr/bin/env bash
# check-vulnerabilities.sh FOLDER fails if what is linked into the command of a folder has a known vulnerability, and says how it
# looked:
#
# - by govulncheck, which reads the advisories of vuln.go.dev (or GOVULNDB) and whether the code calls what they are about;
# - if no database can be reached, by module: the versions are compared with tools/vulnerabilities.txt. That finds only what
#   somebody has written there: a pass means little, and the last line says so.
#
# Either way the modules must not be retracted or deprecated, as far as the module proxy responds.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD command=$1
cd "$command"

fail=0
# A module that is replaced by a folder is ours.
modules=$(go list -deps -f '{{with .Module}}{{if not (or .Main .Replace)}}{{.Path}}{{end}}{{end}}' . | sort -u)

# shellcheck disable=SC2086 # one argument for each module
if withdrawn=$(go list -m -u -retracted \
	-f '{{if .Retracted}}{{.Path}} {{.Version}} is retracted: {{.Retracted}}{{end}}{{if .Deprecated}}{{.Path}} is deprecated: {{.Deprecated}}{{end}}' \
	$modules 2>/dev/null); then
	if [ -n "$withdrawn" ]; then
		echo "$withdrawn" >&2
		fail=1
	fi
else
	echo "check-vulnerabilities: $command: the module proxy does not respond: retracted and deprecated modules were not looked for" >&2
fi

found=$(go tool -modfile="$root/tools/go.mod" govulncheck -db "${GOVULNDB:-https://vuln.go.dev}" . 2>&1) && code=0 || code=$?
case $code in
0) how="by govulncheck, with ${GOVULNDB:-vuln.go.dev}" ;;
3)
	how="by govulncheck, with ${GOVULNDB:-vuln.go.dev}" fail=1
	echo "$found" >&2
	;;
*)
	if [[ $found != *"fetching vulnerabilities"* ]]; then
		echo "$found" >&2
		exit 1
	fi
	reason=$(grep -o 'fetching vulnerabilities.*' <<<"$found" | tail -1)
	# Also those of tests.
	versions=$(go list -m -f '{{.Path}} {{.Version}}' all)
	advisories=0
	while read -r module least advisory; do
		if [ -z "$advisory" ]; then
			echo "tools/vulnerabilities.txt: \"$module $least\": want MODULE VERSION ADVISORY" >&2
			exit 1
		fi
		advisories=$((advisories + 1))
		version=$(awk -v module="$module" '$1 == module {print $2}' <<<"$versions")
		if [ -n "$version" ] && [ "$(printf '%s\n' "$least" "$version" | sort -V | head -1)" != "$least" ]; then
			echo "$module $version has $advisory: $least does not" >&2
			fail=1
		fi
	done < <(grep -vE '^(#|[[:space:]]*$)' "$root/tools/vulnerabilities.txt")
	how="by module alone, with the $advisories advisories of tools/vulnerabilities.txt: newer ones are unknown, since the database cannot be read ($reason)"
	;;
esac
if ((fail)); then
	echo "check-vulnerabilities: $command failed, $how" >&2
	exit 1
fi
echo "check-vulnerabilities: none known in $command, $how"
