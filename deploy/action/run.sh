#!/usr/bin/env bash
# The second step of action.yml: runs quotaspec and ends with its exit code.
#
#   ARGS     input args: a command line
#   SUMMARY  input summary: true or false
#   SARIF    input sarif: a file, or empty
#
# It works with bash 3.2 (macOS) and in Git for Windows, too.
set -euo pipefail

fail() {
	echo "::error title=quotaspec::$1"
	echo "exit-code=2" >>"$GITHUB_OUTPUT"
	exit 2
}

# xargs splits words by quotes and backslashes as a shell does, and expands nothing. A backslash at the end of a line may stand
# there, as in a script. The word "end" keeps $() from dropping empty words before it.
ARGS=${ARGS//\\$'\n'/ }
split=$(printf '%s\n' "$ARGS" | xargs printf '%s\n' 2>/dev/null && echo end) || fail "args: a quote is not closed in its line"
split=${split%end} split=${split%$'\n'}
words=()
while IFS= read -r word; do
	words+=("$word")
done <<<"$split"

report=''
[[ ${words[0]} != '' ]] || fail "args: want a verb, such as verify"
case ${words[0]} in
verify | breaking)
	if [[ $SUMMARY == true ]]; then
		report=$RUNNER_TEMP/quotaspec-$$-$RANDOM.md
		words+=(--report "markdown=$report")
	fi
	[[ $SARIF == '' ]] || words+=(--report "sarif=$SARIF")
	;;
proxy | serve | exporter)
	fail "args: ${words[0]} runs until it is stopped: leave args empty, and start it in a step of your own"
	;;
*)
	[[ $SARIF == '' ]] || fail "sarif: only verify and breaking write SARIF"
	;;
esac

# Git for Windows would make /books in an argument a path of Windows.
export MSYS_NO_PATHCONV=1

# Reports quote responses. Without this, a line of theirs could be a command to the runner.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$token"
code=0
quotaspec "${words[@]}" || code=$?
echo "::$token::"

if [[ $report != '' && -s $report ]]; then
	cat "$report" >>"$GITHUB_STEP_SUMMARY"
	echo "report=$report" >>"$GITHUB_OUTPUT"
fi
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
case ${words[0]}:$code in
*:0) ;;
verify:1 | breaking:1) echo "::error title=quotaspec::${words[0]}: judged, and something failed (exit code 1)" ;;
verify:* | breaking:*) echo "::error title=quotaspec::${words[0]}: not judged (exit code $code)" ;;
*) echo "::error title=quotaspec::${words[0]}: exit code $code" ;;
esac
exit "$code"
