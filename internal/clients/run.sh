#!/usr/bin/env bash
# Proves that the published contract is enough to work with: takes it from a running server, lints it, generates a client
# in TypeScript and one in Go with tools from elsewhere, compiles both, and lets each walk through the main path; a reader of iCalendar
# from elsewhere reads a schedule back.
# Nothing that is generated stays in the tree.
#
#   internal/clients/run.sh bin/sochibo
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
server=$(realpath "${1:?usage: run.sh SERVER_BINARY}")
work=$(mktemp -d)
pid=
finish() {
  status=$?
  [ -z "$pid" ] || { kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; } || true
  [ "$status" = 0 ] || { echo "clients: FAILED; the server said:" >&2; tail -n 20 "$work/server.log" >&2 2>/dev/null || true; }
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT

say() { printf '\n== %s\n' "$*"; }

# start NAME gives each walk a server of its own with an empty store, and a token for each role it plays.
start() {
  export SOCHIBO_DATABASE_URL="sqlite:$work/$1.db" SOCHIBO_LISTEN=127.0.0.1:0
  "$server" migrate up >"$work/server.log"
  for role in administrator secretary superior; do
    "$server" user create --name "walk $role" "$role" >>"$work/server.log"
    token=$("$server" token create --user "$role" --role "$role" --installation | tail -n 1)
    export "SOCHIBO_TOKEN_${role^^}=$token"
  done
  "$server" serve >>"$work/server.log" 2>&1 &
  pid=$!
  SOCHIBO_URL=
  for _ in $(seq 100); do
    address=$(grep -oE '127\.0\.0\.1:[1-9][0-9]*' "$work/server.log" | tail -n 1) || true
    if [ -n "$address" ] && curl --silent --fail --output /dev/null "http://$address/health/ready"; then
      export SOCHIBO_URL="http://$address"
      return
    fi
    kill -0 "$pid" || return 1
    sleep 0.1
  done
  echo "the server did not come up" >&2
  return 1
}

stop() {
  kill "$pid" && wait "$pid" || true
  pid=
}

tools() {
  say "tools: $(node --version), $(go version | cut -d' ' -f3)"
  mkdir -p "$work/ts" "$work/go"
  cp "$here"/ts/* "$here/ts/.npmrc" "$work/ts"
  cp "$here"/go/* "$work/go"
  (cd "$work/ts" && npm ci --no-progress --loglevel=error)
}

lint() {
  say "lint"
  cd "$work/ts"
  npx --no-install redocly lint --config "$here/redocly.yaml" "$work/openapi.json"
  npx --no-install spectral lint --ruleset "$here/.spectral.yaml" --fail-severity error "$work/openapi.json"
}

walk_typescript() {
  say "TypeScript: openapi-typescript, openapi-fetch"
  cd "$work/ts"
  npx --no-install openapi-typescript "$work/openapi.json" --output schema.ts
  npx --no-install tsc --project .
  node out/walk.js
  say "iCalendar: ical.js"
  node out/calendar.js
}

walk_go() {
  say "Go: oapi-codegen"
  cd "$work/go"
  # The client's module is apart from ours, with build flags of its own.
  export GOFLAGS=-mod=readonly
  go tool oapi-codegen -config oapi-codegen.yaml "$work/openapi.json"
  go vet .
  go run .
}

export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true SCARF_ANALYTICS=false
tools
start typescript
curl --silent --fail --output "$work/openapi.json" "$SOCHIBO_URL/openapi.json"
cmp "$work/openapi.json" "$here/../../api/openapi.json"
(lint)
(walk_typescript)
stop
start go
(walk_go)
stop
say "clients: both walked the whole path"
