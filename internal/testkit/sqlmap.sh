#!/usr/bin/env bash
# Lets sqlmap (Debian's package of that name) try every parameter of every reading route, against a server of its own on loopback with the
# sample in it. Says for each route what sqlmap found, and ends with status 1 if that is anything.
#
#   internal/testkit/sqlmap.sh bin/sochibo                                        SQLite
#   go run ./internal/testkit/pgcluster -- internal/testkit/sqlmap.sh bin/sochibo   PostgreSQL, in the throw-away cluster
#
# LEVEL=3 and RISK=1 are sqlmap's; ROUTES=regexp takes some routes only; LIMIT=seconds for each route.
set -euo pipefail

server=$(realpath "${1:?usage: sqlmap.sh SERVER_BINARY}")
command -v sqlmap >/dev/null || { echo "sqlmap is missing: apt-get install sqlmap" >&2; exit 2; }
work=$(mktemp -d)
pid=
finish() {
  status=$?
  [ -z "$pid" ] || { kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; } || true
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT

engine=sqlite dbms=SQLite
export SOCHIBO_DATABASE_URL="sqlite:$work/sqlmap.db"
if [ -n "${SOCHIBO_TEST_POSTGRES_URL:-}" ]; then
  engine=postgres dbms=PostgreSQL
  export SOCHIBO_DATABASE_URL=$SOCHIBO_TEST_POSTGRES_URL
  export SOCHIBO_ALLOW_UNSAFE=postgres_fsync,postgres_full_page_writes,postgres_synchronous_commit # it is thrown away
fi
export SOCHIBO_LISTEN=127.0.0.1:0 SOCHIBO_LOG_LEVEL=INFO
for what in READ WRITE EXPORT STRANGER; do export "SOCHIBO_RATE_$what=off"; done

: >"$work/server.log"
"$server" sample "$work/sample" >/dev/null
"$server" import "$work/sample" >/dev/null 2>&1
"$server" user create --name sqlmap sqlmap >/dev/null
token=$("$server" token create --user sqlmap --role auditor --installation | tail -n 1)
"$server" serve 2>>"$work/server.log" &
pid=$!
address=
for _ in $(seq 100); do
  address=$(grep -oE '127\.0\.0\.1:[1-9][0-9]*' "$work/server.log" | tail -n 1) || true
  [ -z "$address" ] || break
  sleep 0.1
done
[ -n "$address" ] || { cat "$work/server.log" >&2; exit 2; }

# One line for each reading route with parameters: its name, its address with a value in every parameter, the names of those.
python3 - "http://$address" "$token" >"$work/routes" <<'PYTHON'
import json, sys, urllib.error, urllib.parse, urllib.request

server, token = sys.argv[1:]

def get(path):
    request = urllib.request.Request(server + path, headers={"Authorization": "Bearer " + token})
    return json.load(urllib.request.urlopen(request))

document = get("/openapi.json")
pools = {}
for name in "organizations", "members", "meetings", "topics", "directives", "resolutions", "tasks", "inspections":
    rows = get("/api/v1/" + name + "?limit=1")["data"]
    pools[name.rstrip("s") + "_id"] = rows[0]["id"] if rows else "00000000-0000-0000-0000-000000000000"

def value(parameter):
    name, schema = parameter["name"], parameter.get("schema", {})
    if "enum" in schema: return schema["enum"][0]
    if "items" in schema and "enum" in schema["items"]: return schema["items"]["enum"][0]
    if name in pools: return pools[name]
    if name in ("from", "to", "month") or "month" in name: return "2018-03"
    if name == "year": return "2018"
    if schema.get("format") == "date": return "2018-03-15"
    if schema.get("format") == "date-time": return "2010-01-01T00:00:00Z"
    if schema.get("type") == "integer": return "10"
    if schema.get("type") == "boolean": return "true"
    return "a"

for path, item in sorted(document["paths"].items()):
    if "get" not in item or not path.startswith("/api/"): continue
    parameters = item.get("parameters", []) + item["get"].get("parameters", [])
    parameters = [document["components"]["parameters"][p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p for p in parameters]
    query = {p["name"]: value(p) for p in parameters if p["in"] == "query" and p["name"] not in ("cursor", "after", "as_of", "format")}
    for p in parameters:
        if p["in"] == "path": path = path.replace("{%s}" % p["name"], pools.get(p["name"], "1"))
    # What the server does not take as it stands here would be refused whatever is put behind it.
    while query:
        try:
            get(path + "?" + urllib.parse.urlencode(query))
            break
        except urllib.error.HTTPError as refused:
            wrong = {e.get("parameter") for e in json.load(refused).get("errors", [])} & set(query)
            if not wrong: break
            for name in wrong: del query[name]
    if not query: continue
    print(item["get"]["operationId"], server + path + "?" + urllib.parse.urlencode(query), ",".join(query), sep="\t")
PYTHON

found=0
while IFS=$'\t' read -r name url parameters; do
  [[ $name =~ ${ROUTES:-.} ]] || continue
  status=0
  timeout "${LIMIT:-600}" sqlmap -u "$url" -p "$parameters" --headers="Authorization: Bearer $token" --dbms="$dbms" --level="${LEVEL:-3}" --risk="${RISK:-1}" \
    --batch --flush-session --disable-coloring --threads=4 --time-sec=2 --ignore-code='*' --output-dir="$work/out" >"$work/$name.txt" 2>&1 </dev/null || status=$?
  if grep -qE 'is vulnerable|^ +Type: ' "$work/$name.txt"; then
    verdict=FOUND found=1
    grep -E 'is vulnerable|^ +Type: |^ +Payload: ' "$work/$name.txt" >&2
  elif grep -q 'parameters do not appear to be injectable' "$work/$name.txt"; then
    verdict=nothing
  elif [ "$status" = 124 ]; then
    verdict="nothing in the time it had"
  else
    verdict="could not be tried: $(grep -E 'CRITICAL|ERROR' "$work/$name.txt" | tail -n 1)"
  fi
  echo "$engine $name ($parameters): $verdict"
done <"$work/routes"
failed=$(grep -cE '"status":5[0-9][0-9]' "$work/server.log") || true
echo "$engine: $(grep -c '"msg":"request"' "$work/server.log") requests, $failed of them failed for a fault of the server"
[ "$failed" = 0 ] || { grep -E '"status":5[0-9][0-9]' "$work/server.log" | head -n 3 >&2; found=1; }
exit "$found"
