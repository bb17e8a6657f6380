package exchange_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/dbtest"
)

// folder makes a folder of files given by name and content.
func folder(files map[string]string) fstest.MapFS {
	made := fstest.MapFS{}
	for name, content := range files {
		made[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return made
}

// small is a sound folder of one cell with two members and a counted meeting.
func small() map[string]string {
	return map[string]string{
		"organizations.csv": "code,kind,name,founded_on,dissolved_on\nP,base_party,Đảng bộ,2000-01-01,\nC,cell,Chi bộ một,2010-01-01,2019-12-31\nD,cell,Chi bộ hai,2010-01-01,\n",
		"placements.csv":    "organization_code,parent_code,from\nC,P,2010-01-01\nD,P,2010-01-01\n",
		"members.csv":       "code,full_name\nA,Nguyễn Văn A\nB,Trần Thị B\nE,Lê Văn E\n",
		"memberships.csv":   "member_code,organization_code,from\nA,C,2011-01-01\nB,C,2011-01-01\nE,D,2011-01-01\n",
		"meetings.csv":      "code,organization_code,body,forms,period_month,started_at,status,chair_code\nM,C,cell,regular,2016-03,2016-03-03T14:00:00+07:00,accepted,A\n",
		"attendance.csv":    "meeting_code,member_code,status\nM,A,present\n",
	}
}

// with returns the files with some of them replaced; an empty content leaves a file out.
func with(files map[string]string, changes ...string) map[string]string {
	files = maps.Clone(files)
	for i := 0; i < len(changes); i += 2 {
		if files[changes[i]] = changes[i+1]; changes[i+1] == "" {
			delete(files, changes[i])
		}
	}
	return files
}

// places are the faults of an import as "place code".
func places(tb testing.TB, db *database.DB, files map[string]string, dryRun bool) []string {
	tb.Helper()
	_, err := service(tb, db).Import(tb.Context(), auth.InstallationActor(), folder(files), exchange.ImportOptions{DryRun: dryRun})
	if err == nil {
		return nil
	}
	f, ok := fault.As(err)
	if !ok || f.Code != "folder_invalid" || f.Kind != fault.Invalid {
		tb.Fatalf("%v", err)
	}
	var found []string
	for _, field := range f.Fields {
		found = append(found, field.Place+" "+field.Code)
		if text := field.Text("vi"); text == field.Code || strings.Contains(text, "…") {
			tb.Errorf("%s has no text: %s", field.Code, text)
		}
	}
	return found
}

func TestRefused(t *testing.T) {
	t.Parallel()
	const head = "organization_code,parent_code,from,to\n"
	tests := []struct {
		name string
		to   []string
		want []string
	}{
		{"byte order mark", []string{"members.csv", "\ufeffcode,full_name\r\nA,Nguyễn Văn A\r\nB,Trần Thị B\r\nE,Lê Văn E\r\n"}, nil},
		{"empty from", []string{"placements.csv", "organization_code,parent_code,from\nC,P,\nD,P,2010-01-01\n"}, nil},
		{"other files", []string{"README.md", "x", "expected.json", "{}"}, nil},
		{"unknown file", []string{"member.csv", "code\n", "Members.CSV", "code\n"}, []string{"Members.CSV file_unknown", "member.csv file_unknown"}},
		{"empty file there", []string{"topics.csv", "\ufeff"}, []string{"topics.csv header_missing"}},
		{"no header", []string{"tasks.csv", "\n"}, []string{"tasks.csv header_missing"}},
		{
			"columns", []string{"topics.csv", "code,title,secret,title\n"},
			[]string{"topics.csv:1: category column_missing", "topics.csv:1: secret column_unknown", "topics.csv:1: title column_twice"},
		},
		{"cells", []string{"topics.csv", "code,category,title\na,other\nb,other,x,y\nc,other,x\n"}, []string{"topics.csv:2 cells_miscounted", "topics.csv:3 cells_miscounted"}},
		{"quotes", []string{"topics.csv", "code,category,title\na,other,\"x\"y\nb,sport,x\n"}, []string{"topics.csv:2 row_malformed", "topics.csv:3: category word_unknown"}},
		{"open quote", []string{"topics.csv", "code,category,title\na,other,\"" + strings.Repeat("x\n", 1<<20)}, []string{"topics.csv row_too_long"}},
		{"utf-16", []string{"topics.csv", "\xff\xfec\x00\n\x00"}, []string{
			"topics.csv:1: category column_missing", "topics.csv:1: code column_missing", "topics.csv:1: title column_missing",
			"topics.csv:1: \ufffd\ufffdc\ufffd column_unknown",
		}},
		{
			"texts", []string{"topics.csv", "code,category,title\na,other,\"x\x00\"\nb,other,x\u202ey\nc,other,x\xe9\n" + strings.Repeat("d", 65) + ",other,x\n"},
			[]string{
				"topics.csv:2: title text_control", "topics.csv:3: title text_invisible", "topics.csv:4: title text_encoding",
				"topics.csv:5: code text_too_long",
			},
		},
		{
			"overlap and cycle", []string{"placements.csv", head + "C,P,2010-01-01,\nC,D,2015-01-01,\nD,P,2010-01-01,\nP,D,2012-01-01,2012-01-01\nP,P,2001-01-01,2001-02-01\n"},
			[]string{
				"placements.csv:3: from placement_overlap", "placements.csv:4: parent_code placement_cycle",
				"placements.csv:5: parent_code placement_cycle", "placements.csv:6: parent_code placement_cycle",
			},
		},
		{
			"lives", []string{"placements.csv", head + "C,P,2010-01-01,2020-01-01\nD,P,2009-12-31,\n"},
			[]string{"placements.csv:2: to outside_organization_life", "placements.csv:3: from outside_organization_life"},
		},
		{
			"inspected", []string{
				"inspections.csv", "code,organization_code,body,kind,from,plan_item_code\nK,P,party_committee,regular_supervision,2016-05-01,I3\n",
				"inspection_objects.csv", "inspection_code,object_type,object_code\nK,organization,C\n",
				"inspection_plans.csv", "code,organization_code,body,year,number,approved_on\nN,P,party_committee,2016,1-KH,2016-01-05\nO,P,party_committee,2016,2-KH,2016-01-05\n" +
					"Q,C,cell,2016,3-KH,2016-01-05\n",
				"inspection_plan_items.csv", "code,plan_code,kind,quarter,planned_month\nI1,N,regular_supervision,2016-Q2,2016-07\nI2,N,regular_supervision,2017-Q2,\nI3,Q,regular_supervision,2016-Q2,\n",
				"findings.csv", "code,inspection_code,organization_code,member_code,severity,text\nF,K,D,,strength,x\nG,K,C,A,strength,x\nH,K,C,,bad,x\nI,K,,,violation,x\n",
				"remedies.csv", "code,finding_code,organization_code,text,due_on,status,done_on\nR,I,C,x,2016-04-30,open,\nS,I,C,x,2016-06-30,done,\n" +
					"T,I,C,x,2016-06-30,open,2016-06-01\nU,I,C,x,2016-06-30,done,2016-06-01\n",
				"remedy_checks.csv", "remedy_code,checked_on,result\nU,2016-05-20,remedied\nU,2016-04-20,partly\nU,2016-05-20,partly\nX,2016-06-20,partly\n",
			},
			[]string{
				"findings.csv:2: organization_code no_object_of_round", "findings.csv:3: member_code object_of_other_type",
				"findings.csv:4: severity word_unknown", "inspection_plan_items.csv:2: planned_month month_outside_quarter",
				"inspection_plan_items.csv:3: quarter quarter_outside_year", "inspection_plans.csv:3: year inspection_plan_exists",
				"inspections.csv:2: plan_item_code plan_item_of_other_side", "remedies.csv:2: due_on before_round", "remedies.csv:3: done_on field_required",
				"remedies.csv:4: done_on done_on_without_done", "remedy_checks.csv:2: checked_on check_before_outcome",
				"remedy_checks.csv:3: checked_on before_round", "remedy_checks.csv:4: remedy_code key_duplicate",
				"remedy_checks.csv:5: remedy_code reference_unknown",
			},
		},
		{
			"body of a kind", []string{"bodies.csv", "organization_code,body,from\nC,party_committee,2011-01-01\nC,cell,2011-01-01\n"},
			[]string{"bodies.csv:2: body body_not_possible", "bodies.csv:3: body word_unknown"},
		},
		{
			"rolls", []string{"attendance.csv", "meeting_code,member_code,status\nM,A,present\nM,A,excused\nM,E,present\nM,B,not_recorded\n"},
			[]string{"attendance.csv:3: member_code attendance_duplicate", "attendance.csv:4: member_code attendance_not_on_roster", "attendance.csv:5: status attendance_not_recorded"},
		},
		{
			"registrations", []string{
				"registrations.csv", "code,organization_code,month,status,registered_at,decided_at,reason\n" +
					"a,C,2016-03,agreed,2016-02-20T08:00:00+07:00,,\nb,C,2016-03,returned,2016-02-20T08:00:00+07:00,2016-02-21T08:00:00+07:00,\n" +
					"c,C,2020-01,registered,2016-02-20T08:00:00+07:00,,x\nd,C,2016-13,sent,,,\ne,D,2016-03,registered,2016-02-20T08:00:00+07:00,,\n",
				"registered_sessions.csv", "registration_code,meeting_code,started_at,ended_at\ne,M,2016-03-03T14:00:00+07:00,2016-03-03T13:00:00+07:00\n" +
					"e,M,2016-03-03T14:00:00+07:00,\nx,M,2016-03-03T14:00:00+07:00,\n",
			},
			[]string{
				"registered_sessions.csv:2: ended_at ended_before_started", "registered_sessions.csv:3: registration_code key_duplicate",
				"registered_sessions.csv:4: registration_code reference_unknown",
				"registrations.csv:2: decided_at registration_decision", "registrations.csv:3: reason registration_reason",
				"registrations.csv:4: month outside_organization_life", "registrations.csv:4: reason registration_reason",
				"registrations.csv:5: month month_malformed", "registrations.csv:5: registered_at field_required", "registrations.csv:5: status word_unknown",
			},
		},
		{
			"a session of another organisation", []string{
				"registrations.csv", "code,organization_code,month,status,registered_at\ne,D,2016-03,registered,2016-02-20T08:00:00+07:00\n",
				"registered_sessions.csv", "registration_code,meeting_code,started_at\ne,M,2016-03-03T14:00:00+07:00\n",
			},
			[]string{"registered_sessions.csv:2: meeting_code session_of_other_organization"},
		},
		{
			"notices", []string{
				"notices.csv", "meeting_code,position,kind,title,link,posted_at\nM,0,notice,a,,2016-03-01T08:00:00+07:00\n" +
					"M,1,note,,ftp://x/y,2016-03-01\nN,1,notice,a,,2016-03-01T08:00:00+07:00\n",
			},
			[]string{
				"notices.csv:2: position number_out_of_range", "notices.csv:3: kind word_unknown", "notices.csv:3: link notice_link",
				"notices.csv:3: posted_at instant_malformed", "notices.csv:3: title field_required", "notices.csv:4: meeting_code reference_unknown",
			},
		},
		{
			"delegates", []string{
				"delegates.csv", "code,organization_code,superior_code,member_code,from,to\n" +
					"a,C,P,E,2016-01-01,2016-12-31\nb,C,P,E,2016-06-01,2016-07-01\nc,C,D,E,2018-01-01,2018-01-02\nd,C,P,A,2016-01-01,\ne,C,C,E,2019-01-01,2018-01-01\nf,D,P,A,2016-01-01,2016-02-01\n",
				"delegate_attendance.csv", "delegate_code,meeting_code,attended\na,M,true\nf,M,false\n",
			},
			[]string{
				"delegate_attendance.csv:3: meeting_code delegate_not_for_session", "delegates.csv:3: from delegate_overlap",
				"delegates.csv:4: superior_code delegate_not_above", "delegates.csv:5: member_code delegate_of_own_cell",
				"delegates.csv:6: superior_code delegate_not_above", "delegates.csv:6: to ends_before_start",
			},
		},
		{
			"a faulty row hides nothing behind it",
			[]string{
				"organizations.csv", "code,kind,name,founded_on,dissolved_on\nP,base_party,Đảng bộ,2000-01-01,\nC,sell,,2010-01-01,2009-01-01\nD,cell,Chi bộ hai,2010-01-01,\n",
				"meetings.csv", "code,organization_code,body,forms,period_month,started_at,status,chair_code,topic_code\n" +
					"M,C,cell,regular,2016-13,2016-03-03T14:00:00+07:00,accepted,E,none\n",
			},
			[]string{
				"meetings.csv:2: chair_code chair_not_on_roster", "meetings.csv:2: period_month month_malformed", "meetings.csv:2: topic_code reference_unknown",
				"organizations.csv:3: dissolved_on dissolved_before_founded", "organizations.csv:3: kind word_unknown", "organizations.csv:3: name field_required",
			},
		},
	}
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		for _, test := range tests {
			if diff := cmp.Diff(test.want, places(t, db, with(small(), test.to...), true)); diff != "" {
				t.Errorf("%s: %s", test.name, diff)
			}
		}
	})
}

func TestGrowingFolder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustImport(t, db, folder(small()))
		tests := []struct {
			name  string
			files map[string]string
			want  []string
		}{
			{"the same", small(), nil},
			{"another name", map[string]string{"members.csv": "code,full_name\nA,Nguyễn Văn Khác\n"}, []string{"members.csv:2: full_name row_differs"}},
			{"another home", map[string]string{"memberships.csv": "member_code,organization_code,from\nA,D,2011-01-01\n"}, []string{"memberships.csv:2: organization_code row_differs"}},
			{"a second home", map[string]string{"memberships.csv": "member_code,organization_code,from\nA,D,2012-01-01\n"}, []string{"memberships.csv:2: from membership_overlap"}},
			{"another status", map[string]string{"attendance.csv": "meeting_code,member_code,status\nM,A,excused\n"}, []string{"attendance.csv:2: status row_differs"}},
			{"said too late", map[string]string{"attendance.csv": "meeting_code,member_code,status\nM,B,present\n"}, []string{"attendance.csv:2: status row_differs"}},
			{"a stranger too late", map[string]string{"attendance.csv": "meeting_code,member_code,status\nM,E,present\n"}, []string{"attendance.csv:2: meeting_code meeting_counted"}},
			{"decided too late", map[string]string{"resolutions.csv": "code,meeting_code\nN,M\n"}, []string{"resolutions.csv:2: meeting_code meeting_counted"}},
			{"nothing", map[string]string{"README.md": "x"}, []string{". folder_empty"}},
		}
		for _, test := range tests {
			if diff := cmp.Diff(test.want, places(t, db, test.files, false)); diff != "" {
				t.Errorf("%s: %s", test.name, diff)
			}
		}
		report := mustImport(t, db, folder(map[string]string{
			"meetings.csv":   "code,organization_code,body,forms,period_month,started_at,status\nN,C,cell,regular,2016-04,2016-04-03T14:00:00+07:00,held\n",
			"attendance.csv": "meeting_code,member_code,status\nN,A,present\n",
		}))
		more := mustImport(t, db, folder(map[string]string{"attendance.csv": "meeting_code,member_code,status\nN,A,present\nN,B,excused\n"}))
		if report.Added() != 2 || more.Added() != 1 || more.Unchanged() != 1 || more.Entry != report.Entry {
			t.Errorf("%+v\n%+v", report, more)
		}
	})
}

func TestDryRunKeepsNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		report, err := service(t, db).Import(t.Context(), auth.InstallationActor(), exchange.Sample(), exchange.ImportOptions{DryRun: true})
		if err != nil || !report.DryRun || report.Added() != 2523 {
			t.Fatalf("%+v %v", report, err)
		}
		if again := mustImport(t, db, exchange.Sample()); again.Unchanged() != 0 || again.Entry != report.Entry {
			t.Errorf("%+v", again)
		}
	})
}

func TestOnlyTheInstallation(t *testing.T) {
	t.Parallel()
	db := dbtest.Broken(t)
	if _, err := service(t, db).Import(t.Context(), auth.Actor{}, exchange.Sample(), exchange.ImportOptions{}); fault.KindOf(err) != fault.Forbidden {
		t.Error(err)
	}
	if _, err := service(t, db).Export(t.Context(), auth.Actor{}, t.TempDir(), exchange.ExportOptions{}); fault.KindOf(err) != fault.Forbidden {
		t.Error(err)
	}
}

func TestExportLeavesForeignFoldersAlone(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, database.SQLite, database.Options{})
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := service(t, db).Export(t.Context(), auth.InstallationActor(), dir, exchange.ExportOptions{})
	if fault.CodeOf(err) != "folder_taken" {
		t.Error(err)
	}
	if err := exchange.WriteSample(dir); fault.CodeOf(err) != "folder_taken" {
		t.Error(err)
	}
	broken := filepath.Join(dir, "out")
	if _, err := service(t, dbtest.Broken(t)).Export(t.Context(), auth.InstallationActor(), broken, exchange.ExportOptions{}); fault.KindOf(err) != fault.Unavailable {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"letter.txt"}, slices.Sorted(maps.Keys(contents(t, dir)))); diff != "" {
		t.Error(diff)
	}
	for range 2 {
		if err := exchange.WriteSample(broken); err != nil {
			t.Error(err)
		}
	}
	mustImport(t, db, os.DirFS(broken))
}
