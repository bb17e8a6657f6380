package app_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/exchange"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/apitest"
)

// badRequest is a request that has to be refused, and how.
type badRequest struct {
	name   string
	send   func() apitest.Answer
	status int
	code   string
	faults []string // "pointer code" or "parameter code"
}

// scene is what the bad requests are about: two cells, a counted session of the first, and people who act.
type scene struct {
	district

	administrator, secretary, superior, both client
	meeting, etag                            string
	keyed                                    string
}

func setScene(tb testing.TB, in installation) scene {
	tb.Helper()
	s := scene{administrator: in.as(tb, auth.RoleAdministrator, "")}
	s.district = found(tb, s.administrator, 2)
	s.secretary = in.as(tb, auth.RoleSecretary, s.root)
	s.superior = in.as(tb, auth.RoleSuperior, s.root)
	somebody := in.user(tb)
	writing := in.acting(tb, somebody, auth.RoleSecretary, s.root)
	s.both = in.acting(tb, somebody, auth.RoleSuperior, s.root)
	counted := writing.must(tb, http.StatusCreated, http.MethodPost, "/meetings", s.cells[0].meeting("2018-03", "02", true))
	s.meeting, s.etag = "/meetings/"+counted.Field(tb, "id"), counted.ETag()
	s.keyed = s.cells[0].meeting("2018-02", "02", false)
	s.secretary.must(tb, http.StatusCreated, http.MethodPost, "/meetings", s.keyed, "Idempotency-Key: da-dung")
	return s
}

// changed is a sound request for a meeting with one member of it replaced or added, as JSON text.
func (s scene) changed(member, value string) string {
	body := s.cells[0].meeting("2018-04", "03", true)
	lines := strings.SplitAfter(strings.NewReplacer("\n", "", "\t", "").Replace(body), ",")
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(strings.Trim(line, "{"), `"`+member+`"`) })
	return fmt.Sprintf(`{%q:%s,`, member, value) + strings.TrimPrefix(strings.Join(lines, ""), "{")
}

func (s scene) attendance(rows ...string) string {
	c := s.cells[0]
	return fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":"2018-04",
		"started_at":"2018-04-03T14:00:00+07:00","submit":true,"attendance":{"others":"present","rows":[%s]}}`, c.id, strings.Join(rows, ","))
}

func row(member string) string { return fmt.Sprintf(`{"member_id":%q,"status":"present"}`, member) }

func (s scene) badRequests(tb testing.TB) []badRequest {
	tb.Helper()
	post := func(c client, path, body string, headers ...string) func() apitest.Answer {
		return func() apitest.Answer { return c.send(tb.Context(), http.MethodPost, path, body, headers...) }
	}
	meeting := func(member, value string) func() apitest.Answer {
		return post(s.secretary, "/meetings", s.changed(member, value))
	}
	get := func(path string) func() apitest.Answer {
		return func() apitest.Answer { return s.superior.send(tb.Context(), http.MethodGet, path, "") }
	}
	patch := func(c client, path, body string, headers ...string) func() apitest.Answer {
		return func() apitest.Answer { return c.send(tb.Context(), http.MethodPatch, path, body, headers...) }
	}
	summary, first, other := "/organizations/"+s.root+"/summary?", s.cells[0], s.cells[1]
	cell := "/organizations/" + first.id
	return []badRequest{
		{"unknown field", meeting("nonsense", "1"), 400, "field_unknown", []string{"/nonsense field_unknown"}},
		{"duplicate field", meeting("title", `"một","title":"hai"`), 400, "field_duplicate", []string{"/title field_duplicate"}},
		{"wrong type", meeting("guests", `"hai"`), 400, "field_type", []string{"/guests field_type"}},
		{"wrong type inside", meeting("attendance", `{"rows":[7]}`), 400, "field_type", []string{"/attendance/rows/0 field_type"}},
		{"null for a truth", meeting("submit", "null"), 400, "field_type", []string{"/submit field_type"}},
		{"bad month", meeting("period_month", `"2018-13"`), 400, "month_malformed", []string{"/period_month month_malformed"}},
		{"bad month in the query", get(summary + "from=2018-00&to=2018-04"), 400, "month_malformed", []string{"from month_malformed"}},
		{"period turned round", get(summary + "from=2018-04&to=2018-03"), 400, "period_reversed", []string{"to period_reversed"}},
		{"period of 601 months", get(summary + "from=1968-01&to=2018-01"), 400, "period_too_long", []string{"to period_too_long"}},
		{"chair not on the roster", meeting("chair_id", fmt.Sprintf("%q", other.members[0])), 422, "meeting_invalid", []string{"/chair_id chair_not_on_roster"}},
		{
			"attendance of a stranger", post(s.secretary, "/meetings", s.attendance(row(first.members[0]), row(other.members[0]))), 422, "meeting_invalid",
			[]string{"/attendance/rows/1/member_id attendance_not_on_roster"},
		},
		{
			"two rows for one member", post(s.secretary, "/meetings", s.attendance(row(first.members[0]), row(first.members[0]))), 422, "meeting_invalid",
			[]string{"/attendance/rows/1/member_id attendance_duplicate"},
		},
		{"end before the start", meeting("ended_at", `"2018-04-03T13:59:00+07:00"`), 422, "meeting_invalid", []string{"/ended_at ended_before_started"}},
		{
			"second home", post(s.administrator, "/members/"+first.members[0]+"/memberships", fmt.Sprintf(`{"organization_id":%q,"from":"2018-01-01"}`, other.id), `If-Match: "1"`),
			422, "member_invalid", []string{"/from membership_overlap"},
		},
		{
			"placement in a circle", post(s.administrator, "/organizations/"+s.root+"/placements", fmt.Sprintf(`{"parent_id":%q,"from":"2018-01-01"}`, first.id), `If-Match: "1"`),
			422, "organization_invalid", []string{"/parent_id placement_cycle"},
		},
		{
			"founded after a counted meeting", patch(s.administrator, cell, `{"founded_on":"2018-03-03"}`, `If-Match: "1"`), 409, "counted_meetings_outside",
			[]string{"/founded_on counted_meeting"},
		},
		{
			"dissolved before a counted meeting", post(s.administrator, cell+"/dissolution", fmt.Sprintf(`{"on":"2018-03-01","merge_into_id":%q}`, other.id), `If-Match: "1"`),
			409, "counted_meetings_outside", []string{"/on counted_meeting"},
		},
		{"stale If-Match", patch(s.administrator, cell, `{"name":"Chi bộ khác"}`, `If-Match: "7"`), 412, "version_stale", nil},
		{"missing If-Match", patch(s.administrator, cell, `{"name":"Chi bộ khác"}`), 428, "if_match_missing", nil},
		{"malformed If-Match", patch(s.administrator, cell, `{"name":"Chi bộ khác"}`, "If-Match: 1"), 400, "if_match_malformed", nil},
		{"key of another body", post(s.secretary, "/meetings", strings.Replace(s.keyed, "02T", "03T", 1), "Idempotency-Key: da-dung"), 422, "idempotency_key_reused", nil},
		{"acceptance by an editor", post(s.both, s.meeting+"/acceptance", "", "If-Match: "+s.etag), 403, "own_record", nil},
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	eachInstallation(t, func(t *testing.T, in installation) {
		s := setScene(t, in)
		before := in.rows(t)
		for _, bad := range s.badRequests(t) {
			t.Run(bad.name, func(t *testing.T) {
				bad.send().Problem(t, bad.status, bad.code, bad.faults...)
				if diff := cmp.Diff(before, in.rows(t)); diff != "" {
					t.Errorf("rows were written (-before +after):\n%s", diff)
				}
			})
		}
		// The same requests without their faults do write, so it is the faults that were refused.
		s.secretary.must(t, http.StatusCreated, http.MethodPost, "/meetings", s.changed("guests", "2"))
		s.superior.must(t, http.StatusOK, http.MethodPost, s.meeting+"/acceptance", "", "If-Match: "+s.etag)
	})
}

// folder is the sample with the files given in place of its own.
func folder(tb testing.TB, change func(files fstest.MapFS)) fs.FS {
	tb.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(exchange.Sample(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(exchange.Sample(), path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	change(files)
	return files
}

// appended adds lines to a file.
func appended(name string, lines ...string) func(fstest.MapFS) {
	return func(files fstest.MapFS) {
		text := strings.TrimRight(string(files[name].Data), "\n") + "\n" + strings.Join(lines, "\n") + "\n"
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
}

func TestBadFolder(t *testing.T) {
	t.Parallel()
	forty := make([]string, 40)
	places := make([]string, 40)
	for i := range forty {
		forty[i] = fmt.Sprintf("X%02d,Nguyễn Văn Sai,neither,1980-01-01,2005-01-01,2006-01-01,", i)
		places[i] = fmt.Sprintf("members.csv:%d: gender word_unknown", 45+i)
	}
	for _, bad := range []struct {
		name   string
		change func(fstest.MapFS)
		places []string
	}{
		{
			"unknown column", func(files fstest.MapFS) {
				text := strings.Replace(string(files["directives.csv"].Data), ",title\n", ",title,colour\n", 1)
				head, rest, _ := strings.Cut(text, "\n")
				files["directives.csv"].Data = []byte(head + "\n" + strings.ReplaceAll(rest, "\n", ",đỏ\n"))
			}, []string{"directives.csv:1: colour column_unknown"},
		},
		{"dangling code", appended("memberships.csv", "DV01-KHONG-CO,VPUB-TH,2008-04-01,"), []string{"memberships.csv:55: member_code reference_unknown"}},
		{
			"wrong encoding", func(files fstest.MapFS) {
				files["topics.csv"].Data = append(files["topics.csv"].Data, "CD99,other,Chi b\xe9,,,,\n"...)
			},
			[]string{"topics.csv:15: title text_encoding"},
		},
		{"40 faults", appended("members.csv", forty...), places},
	} {
		t.Run(bad.name, func(t *testing.T) {
			t.Parallel()
			eachInstallation(t, func(t *testing.T, in installation) {
				before := in.rows(t)
				_, err := in.Exchange.Import(t.Context(), auth.InstallationActor(), folder(t, bad.change), exchange.ImportOptions{})
				f, ok := fault.As(err)
				if !ok || f.Code != "folder_invalid" || f.Kind != fault.Invalid {
					t.Fatalf("want folder_invalid, got %v", err)
				}
				got := make([]string, len(f.Fields))
				for i, field := range f.Fields {
					got[i] = field.Place + " " + field.Code
				}
				if diff := cmp.Diff(bad.places, got); diff != "" {
					t.Errorf("faults (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(before, in.rows(t)); diff != "" {
					t.Errorf("rows were written (-before +after):\n%s", diff)
				}
			})
		})
	}
}
