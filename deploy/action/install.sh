#!/usr/bin/env bash
# The first step of action.yml: installs quotaspec and adds it to the PATH of the steps that follow.
#
#   WANTED       input version: v1.2.0, latest, or empty for the release of the action's ref
#   ACTION_REF   the ref of "uses: quotaspec/quotaspec@REF"
#   ACTION_PATH  the folder of the action
#
# It works with bash 3.2 (macOS) and in Git for Windows, too.
set -euo pipefail

fail() {
	echo "::error title=quotaspec::$1"
	exit 2
}

if [[ $WANTED != '' && $WANTED != latest && ! $WANTED =~ ^v?[0-9][0-9A-Za-z.+-]*$ ]]; then
	fail "version: want a release such as v1.2.0, or latest"
fi

# A job that compiles for another system, or that fixes its own version of Go, does not mean this program.
unset GOOS GOARCH GO111MODULE
export GOTOOLCHAIN=auto

folder=$RUNNER_TEMP/quotaspec-bin
command=$folder/quotaspec
[[ ${RUNNER_OS:-} != Windows ]] || command+=.exe
mkdir -p "$folder"

# archive installs a release from its archive; without an argument, the latest one. There is none for Windows.
archive() {
	sh "$ACTION_PATH/install.sh" --dir "$folder" ${1:+--version "$1"}
}

# release installs a release that the user wants; where there is no archive for the system, with the Go of the runner.
release() {
	archive "$@" || GOBIN=$folder go install "github.com/quotaspec/quotaspec/cmd/quotaspec@${1:-latest}"
}

# releaseOfRef installs the release that the ref names. v1 moves with the releases of this major version, so it is the latest one,
# unless that has another major version by now. Any other ref, such as a branch or a commit, has no release.
releaseOfRef() {
	if [[ $ACTION_REF =~ ^v[0-9]+\.[0-9]+\.[0-9]+ ]]; then
		archive "$ACTION_REF"
	elif [[ $ACTION_REF =~ ^v[0-9]+$ ]]; then
		archive && [[ $("$command" --version) == "quotaspec ${ACTION_REF#v}."* ]]
	else
		return 1
	fi
}

# compile builds the action's own source, whatever module the workflow's repository has.
compile() {
	command -v go >/dev/null ||
		fail "no release for ${ACTION_REF:-this ref}, and no Go to compile it: add actions/setup-go, or give a version"
	(cd "$ACTION_PATH" && GOWORK=off GOFLAGS=-mod=readonly CGO_ENABLED=0 go build -trimpath -buildvcs=false \
		-ldflags "-X main.version=${ACTION_REF//[^0-9A-Za-z.+-]/-}" -o "$command" ./cmd/quotaspec)
}

echo "::group::Install quotaspec"
case $WANTED in
'')
	if ! releaseOfRef; then
		echo "no release for ${ACTION_REF:-this ref}: compiling the action's source ..."
		compile || fail "the action's source does not compile"
	fi
	;;
latest) release || fail "the latest release could not be installed" ;;
*) release "v${WANTED#v}" || fail "release v${WANTED#v} could not be installed" ;;
esac
installed=$("$command" --version)
echo "$installed"
echo "::endgroup::"
echo "$folder" >>"$GITHUB_PATH"
version=${installed#quotaspec }
echo "version=${version%% *}" >>"$GITHUB_OUTPUT"
