#!/usr/bin/env bash
# Compares the reference provider with net/http, echo and Prism's mock: each server on processor 0, the client on 1.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
if command -v npm >/dev/null && npm install --silent --no-audit --no-fund --prefix "$dir" @stoplight/prism-cli@5 >/dev/null 2>&1; then
	export PRISM="$dir/node_modules/.bin/prism"
fi
pin=()
if command -v taskset >/dev/null && [ "$(nproc)" -gt 1 ]; then pin=(taskset -c 1); fi
go test -c -o "$dir/server.test" ./server
go build -o "$dir/quotaspec" ./cmd/quotaspec
export QUOTASPEC=$dir/quotaspec
cd server && "${pin[@]}" "$dir/server.test" -test.run '^$' -test.bench '^BenchmarkServers$' -test.benchtime 1x
