package app_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// nasty are texts that have broken programs.
var nasty = []string{
	"", " ", "\x00", "a\x00b", "\u202egnp.exe", "\ufeff", strings.Repeat("đ", 30_000), strings.Repeat("e\u0301\u0323", 300), "' OR 1=1; --", "%", "_", `\`, `%\_`,
	"=1+1", "null", "true", "-1", "0", "1e400", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1.5", "+1", "0x10", "NaN", "۱۲",
	"2015-02-30", "0000-00-00", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-0001-01-01", "1899-12-31", "2200-01-01", "2015-13", "2015-00", "9999-12", "0001-01",
	"2015-9", "2016-02-29T25:00:00Z", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-12:00", "2015-01-01T00:00:00", "2015-01-01T00:00:60Z",
	"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "{0198c0de-0000-7000-8000-000000000001}", "urn:uuid:0198c0de-0000-7000-8000-000000000001",
	"👩‍👩‍👧‍👦", "ﷺ", "a\r\nSet-Cookie: x=y", "../../etc/passwd", "${jndi:ldap://x}", "<script>", "\u200b", "\u0085", "\u2028", "ẛ̣", "ı", "ß",
}

// mutate breaks one thing of a request.
func (f *fuzzer) mutate(r *fuzzRequest) {
	switch kind := f.IntN(24); {
	case kind < 13 && r.tree != nil:
		f.mutateBody(r)
	case kind < 16 && r.tree != nil:
		f.mutateText(r)
	case kind < 12 && r.method == http.MethodGet, kind == 16:
		f.mutateQuery(r)
	case kind < 21:
		f.mutateHeader(r)
	case kind < 23:
		f.mutatePath(r)
	default:
		r.method = f.pick(http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "BREW")
		r.astray = true
	}
}

// mutateBody puts a wrong value in a random place of the body.
func (f *fuzzer) mutateBody(r *fuzzRequest) {
	r.tree = f.mutateValue(r.tree, 0)
	if body, err := json.Marshal(r.tree); err == nil {
		r.body = body
	}
}

func (f *fuzzer) mutateValue(value any, depth int) any {
	switch value := value.(type) {
	case map[string]any:
		if len(value) == 0 || f.IntN(6) == 0 {
			value[f.pick("unknown", "Title", "version", "", "\x00", "id")] = f.nastyValue()
			return value
		}
		name := f.pick(sortedKeys(value)...)
		if f.IntN(6) == 0 {
			delete(value, name)
			return value
		}
		value[name] = f.mutateValue(value[name], depth+1)
		return value
	case []any:
		if len(value) > 0 && f.IntN(2) == 0 {
			value[0] = f.mutateValue(value[0], depth+1)
			return value
		}
		value = append(value, f.nastyValue())
		if len(value) < 10 {
			return slices.Repeat(value, 1+f.IntN(3)*f.IntN(300))
		}
		return value
	case string:
		if f.IntN(3) == 0 {
			return value + f.pick(nasty...)
		}
	}
	if depth == 0 {
		return value
	}
	return f.nastyValue()
}

func (f *fuzzer) nastyValue() any {
	switch f.IntN(8) {
	case 0:
		return nil
	case 1:
		return f.IntN(2) == 0
	case 2:
		numbers := []string{"0", "-1", "1", "1e400", "1e-400", "1.5", "9223372036854775807", "9223372036854775808", "-0", "2147483648", "32768", "1000001"}
		return json.RawMessage(f.pick(numbers...))
	case 3:
		return []any{f.pick(nasty...)}
	case 4:
		return object{"id": f.pick(nasty...)}
	case 5:
		return f.id(f.pick("member_id", "organization_id", "meeting_id"))
	default:
		return f.pick(nasty...)
	}
}

// mutateText breaks the JSON itself.
func (f *fuzzer) mutateText(r *fuzzRequest) {
	text := string(r.body)
	inner := strings.TrimSuffix(strings.TrimPrefix(text, "{"), "}")
	bodies := []string{
		"", " ", "null", "[]", `""`, "0", "{", text + "x", text + text, "[" + text + "]", "{" + inner + "," + inner + "}", text[:len(text)/2],
		"\xef\xbb\xbf" + text, strings.ToUpper(text), strings.Repeat(`{"a":`, 100_000), strings.Repeat("[", 40) + strings.Repeat("]", 40),
		strings.ReplaceAll(text, "a", "\xff"), strings.ReplaceAll(text, `":"`, `":"\ud800`), strings.ReplaceAll(text, `":"`, `":"\u0000`),
		strings.ReplaceAll(text, `"`, `'`), "{/*c*/" + inner + "}", text[:max(0, len(text)-1)] + ",}", string([]byte{0x1f, 0x8b, 8, 0}),
	}
	if f.IntN(40) == 0 {
		bodies = []string{`{"title":"` + strings.Repeat("a", 1<<20) + `"}`}
	}
	r.body = []byte(f.pick(bodies...))
}

func (f *fuzzer) mutateQuery(r *fuzzRequest) {
	value := url.QueryEscape(f.pick(nasty...))
	if len(r.query) > 0 && f.IntN(2) == 0 {
		at := f.IntN(len(r.query))
		name, _, _ := strings.Cut(r.query[at], "=")
		r.query[at] = name + "=" + value
		if f.IntN(3) == 0 {
			r.query = append(r.query, name+"="+value)
		}
		return
	}
	cursor := base64.RawURLEncoding.EncodeToString([]byte(f.pick(`["a"]`, `[]`, `["a","b"]`, `["9999-12-31","x"]`, `{}`, `["\u0000","`+uuid.NewString()+`"]`,
		`["2015-09","`+uuid.NewString()+`"]`, `["`+strings.Repeat("z", 5000)+`","`+uuid.NewString()+`"]`, `["1"]`, `["9223372036854775808"]`)))
	r.query = append(r.query, f.pick(
		"unknown="+value, "limit="+value, "limit=100000", "limit=0", "after="+value, "after="+cursor, "after="+cursor, "q="+value, "dry_run="+value, "dry_run=true",
		"%zz=1", "%ff=%fe", "q=%ff", "q=%00", ";", "&&&", "=", "organization_id="+value, "scope="+value, "from="+value, "to="+value, "sort="+value, "format="+value,
		"format=csv", "format=xlsx", "updated_since="+value, "as_of="+value, "body="+value, "group_by="+value, "on="+value, "depth="+value, "to=2999-12", "from=1900-01",
		"parent_id="+value, "code="+value, "status="+value, "source_id="+value, "held_from="+value, "period_to="+value,
	))
}

func (f *fuzzer) mutateHeader(r *fuzzRequest) {
	set := func(name string, values ...string) { r.headers[name] = values }
	text := f.pick(nasty...)
	switch f.IntN(12) {
	case 0:
		set("If-Match")
		delete(r.headers, "If-Match")
	case 1:
		set("If-Match", f.pick(`"0"`, `"999999"`, `W/"1"`, "*", `"1", "2"`, `"01"`, `"9223372036854775808"`, `"-1"`, "1", text))
	case 2:
		set("If-Match", `"1"`, `"2"`)
	case 3:
		set("Idempotency-Key", f.pick(append(f.keys, uuid.NewString())...))
	case 4:
		set("Idempotency-Key", text)
	case 5:
		set("Content-Type", f.pick("text/plain", "application/xml", "application/json; charset=latin1", "application/x-www-form-urlencoded", "multipart/form-data", "", text))
	case 6:
		set("Accept", f.pick("text/html", "text/csv", "application/pdf", "*/*;q=0", "application/json;q=nan", text))
	case 7:
		set("Accept-Language", f.pick("en", "vi", "fr", strings.Repeat("en,", 5000), text))
	case 8:
		delete(r.headers, "Authorization")
	case 9:
		set("Authorization", f.pick("Bearer", "Bearer x", "Basic eDp5", "Bearer scb_"+strings.Repeat("a", 60), "Bearer "+text))
	case 10:
		set("Authorization", "Bearer "+f.callers[f.IntN(len(f.callers))].token)
	default:
		set(f.pick("X-Request-Id", "Origin", "If-None-Match", "Range", "X-Forwarded-For", "Expect", "X-HTTP-Method-Override"), text)
	}
}

func (f *fuzzer) mutatePath(r *fuzzRequest) {
	parts := strings.Split(r.path, "/")
	at := 1 + f.IntN(len(parts)-1)
	if len(parts) > 4 && f.IntN(4) > 0 {
		at = 4
	}
	old := parts[at]
	parts[at] = f.pick(uuid.NewString(), url.PathEscape(f.pick(nasty...)), strings.ToUpper(old), old+"/", "%zz", "%2e%2e", "%00", old+"%20")
	r.path = strings.Join(parts, "/")
	if _, err := uuid.Parse(old); err != nil || strings.Contains(parts[at], "/") || parts[at] == "" {
		r.astray = true
	}
}
