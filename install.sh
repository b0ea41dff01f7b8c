#!/bin/sh
# Installs quotaspec from a release: downloads the archive for this system, checks its SHA-256, and moves the command into a folder.
#
#   curl -fsSL https://raw.githubusercontent.com/quotaspec/quotaspec/main/install.sh | sh
#   sh install.sh --dir /usr/local/bin --version v1.2.3
#
# --dir DIR      where to put the command (default: $HOME/.local/bin)
# --version V    which version (default: the latest)
#
# QUOTASPEC_RELEASES is the URL of a mirror with the paths of https://github.com/quotaspec/quotaspec/releases. It needs curl or
# wget, tar, and sha256sum or shasum. If anything goes wrong, it prints one line, exits with 1 and leaves nothing behind.
set -eu

fail() {
	echo "install.sh: $*" >&2
	exit 1
}

# download URL FILE fails if there is no complete response with status 200; then reason is what curl says, and wget says nothing.
download() {
	reason=""
	if command -v curl >/dev/null; then
		reason=$(curl -fsSL --connect-timeout 30 -o "$2" "$1" 2>&1) || {
			reason=" (${reason%%"$newline"*})"
			return 1
		}
	elif command -v wget >/dev/null; then
		wget -q -t 2 -T 60 -O "$2" "$1" 2>/dev/null
	else
		fail "curl or wget is needed"
	fi
}

newline='
'

# sum FILE prints the SHA-256 of a file.
sum() {
	if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1
}

# system prints OS_ARCH as the archives have it.
system() {
	case $(uname -s) in
	Linux) os=linux ;;
	Darwin) os=darwin ;;
	*) fail "there is no archive for $(uname -s); for Windows, take the zip from $releases" ;;
	esac
	case $(uname -m) in
	x86_64 | amd64) arch=amd64 ;;
	aarch64 | arm64) arch=arm64 ;;
	*) fail "there is no archive for $(uname -m): use go install github.com/quotaspec/quotaspec/cmd/quotaspec@latest" ;;
	esac
	echo "${os}_$arch"
}

# The whole work is in a function, so that a script that is cut off does nothing.
main() {
	releases=${QUOTASPEC_RELEASES:-https://github.com/quotaspec/quotaspec/releases}
	releases=${releases%/}
	dir="" version="" HOME=${HOME-}
	while [ $# -gt 0 ]; do
		case $1 in
		--dir | --version) [ -n "${2-}" ] || fail "$1 wants a value" ;;
		*) fail "unknown argument $1: want --dir DIR or --version V" ;;
		esac
		case $1 in
		--dir) dir=$2 ;;
		--version) version=${2#v} ;;
		esac
		shift 2
	done
	[ -n "$dir$HOME" ] || fail "HOME is not set: use --dir"
	[ -n "$dir" ] || dir=$HOME/.local/bin
	system=$(system)

	command -v sha256sum >/dev/null || command -v shasum >/dev/null || fail "sha256sum or shasum is needed"

	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 1' HUP INT TERM

	from=$releases/latest/download
	[ -z "$version" ] || from=$releases/download/v$version
	download "$from/checksums.txt" "$tmp/checksums.txt" ||
		fail "cannot download $from/checksums.txt$reason: is there such a version, and a connection?"
	# A line is SHA256  NAME. The name says which version is the latest.
	line=$(grep -E "^[0-9a-f]{64}  quotaspec_[^_]+_$system\.tar\.gz\$" "$tmp/checksums.txt") ||
		fail "$from/checksums.txt names no archive for $system"
	want=${line%% *} name=${line##* }
	found=${name#quotaspec_} found=${found%"_$system.tar.gz"}

	from=$releases/download/v$found
	download "$from/$name" "$tmp/$name" || fail "cannot download $from/$name$reason"
	got=$(sum "$tmp/$name")
	[ "$got" = "$want" ] || fail "$from/$name has SHA-256 $got, and checksums.txt says $want: nothing is installed"
	tar -xzf "$tmp/$name" -C "$tmp" quotaspec 2>/dev/null || fail "$from/$name has no file quotaspec"

	full=$(mkdir -p -- "$dir" 2>/dev/null && CDPATH="" cd -- "$dir" && pwd) || fail "cannot write into $dir: use --dir"
	dir=$full
	[ ! -d "$dir/quotaspec" ] || fail "$dir/quotaspec is a folder: use --dir"
	new=$dir/.quotaspec.$$
	trap 'rm -rf "$tmp" "$new"' EXIT
	cp "$tmp/quotaspec" "$new" 2>/dev/null || fail "cannot write into $dir: use --dir"
	chmod 755 "$new"
	mv -f "$new" "$dir/quotaspec" # at once, even if the old one is running
	echo "quotaspec $found is installed as $dir/quotaspec"
	case :$PATH: in
	*:"$dir":*) ;;
	*) echo "$dir is not in PATH yet: export PATH=\"$dir:\$PATH\"" ;;
	esac
	first=$(command -v quotaspec || true)
	case $first in
	"" | "$dir/quotaspec" | "$dir//quotaspec") ;;
	*) echo "another quotaspec is first in PATH: $first" ;;
	esac
}

main "$@"
