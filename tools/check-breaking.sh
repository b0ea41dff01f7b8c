#!/usr/bin/env bash
# Compares openapi/iam.yaml and openapi/ims.yaml with their base, and fails if that breaks a consumer or a provider.
#
# The base is the last tag that has both. Without one, nothing is released: the base is then the commit at which the branch left
# main or, on main, the first parent, and info.version may stay as it is, as openapi/testdata/versions.txt says.
# A change that breaks on purpose needs a line in openapi/breaking-NAME.txt (docs/breaking.md). Only lines that are newer than the
# base count, so that those of an earlier change can stay.
#
# QUOTASPEC is the command to run. A shallow clone without a base says so and passes; with CI=true any other clone without one fails.
set -euo pipefail
cd "$(dirname "$0")/.."

# git refuses a clone that belongs to another user, and so would the git that quotaspec runs.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'

names="iam ims"

has_documents() {
	for name in $names; do git cat-file -e "$1:openapi/$name.yaml" 2>/dev/null || return 1; done
}

base="" why=""
for tag in $(git tag --merged HEAD --sort=-creatordate 2>/dev/null); do
	if has_documents "$tag"; then base=$tag why="the last release"; break; fi
done
if [ -z "$base" ]; then
	head=$(git rev-parse --verify --quiet HEAD 2>/dev/null || true)
	for branch in origin/main main; do
		commit=$(git merge-base HEAD "$branch" 2>/dev/null || true)
		if [ -n "$commit" ] && [ "$commit" != "$head" ] && has_documents "$commit"; then
			base=$commit why="where the branch left $branch"; break
		fi
	done
fi
if [ -z "$base" ] && has_documents HEAD^1; then
	base=$(git rev-parse HEAD^1) why="the commit before"
fi
if [ -z "$base" ]; then
	echo "check-breaking: there is no base, so nothing was compared: get one with git fetch --tags --unshallow" >&2
	# Only the first commit of a repository has no base. A shallow clone may have been made by a CI that can fetch no more.
	[ "${CI:-}" != true ] || [ "$(git rev-parse --is-shallow-repository)" = true ]
	exit
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
shown=$base
[ "$why" = "the last release" ] || shown=${base:0:10}
echo "check-breaking: compared with $shown, $why"

status=0
for name in $names; do
	old=$base:openapi/$name.yaml known=openapi/breaking-$name.txt args=()
	if [ "$why" != "the last release" ]; then
		old=$folder/$name.yaml
		git show "$base:openapi/$name.yaml" | sed '1,/^  version: /s/^  version: .*/  version: unreleased/' >"$old"
	fi
	if [ -e "$known" ]; then
		git show "$base:$known" >"$folder/earlier" 2>/dev/null || true
		grep -vxF -f "$folder/earlier" "$known" >"$folder/breaking-$name.txt" || true
		args=(--known-failing "$folder/breaking-$name.txt")
	fi
	${QUOTASPEC:-go run ./cmd/quotaspec} breaking "$old" "openapi/$name.yaml" "${args[@]}" || status=$?
done
exit "$status"
