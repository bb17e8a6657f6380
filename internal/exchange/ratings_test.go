package exchange_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/meeting"
	"sochibo/internal/rating"
	"sochibo/internal/rules"
	"sochibo/internal/testkit/dbtest"
)

// rateable is small with four counted sessions: of 2016, which no rubric is for, of 2020, and two of 2026, one of them not accepted.
func rateable() map[string]string {
	return with(small(), "meetings.csv", strings.Join([]string{
		"code,organization_code,body,forms,period_month,started_at,status",
		"M,C,cell,regular,2016-03,2016-03-03T14:00:00+07:00,accepted",
		"N,D,cell,regular,2020-03,2020-03-03T14:00:00+07:00,accepted",
		"O,D,cell,regular;thematic,2026-03,2026-03-03T14:00:00+07:00,accepted",
		"Q,D,cell,regular,2026-04,2026-04-03T14:00:00+07:00,submitted",
		"R,D,cell,extraordinary,2026-04,2026-04-04T14:00:00+07:00,accepted",
		"T,D,cell,regular,2026-05,2026-05-04T14:00:00+07:00,held", "",
	}, "\n"), "attendance.csv", "meeting_code,member_code,status\nM,A,present\n")
}

const ratingHead = "meeting_code,stage,rule_set,grade,points,available,votes_for,votes_against,votes_abstained,vote_base,reason\n"

func TestRatingsComeBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		rated := with(rateable(), "ratings.csv", ratingHead+
			"N,self,hd12-2018,met,,,,,,,\nO,self,hd42-2025,good,92,100,10,1,0,12,\nO,confirmed,hd42-2025,fair,92,100,,,,,Biên bản gửi muộn\n")
		if first := mustImport(t, db, folder(rated)); !first.Changed() {
			t.Errorf("first import: %+v", first)
		}
		rate(t, db)
		dir, files := mustExport(t, db)
		want := []string{"N,self,hd12-2018,met,,", "O,confirmed,hd42-2025,fair,92,100,,,,,Biên bản gửi muộn,", "O,self,hd42-2025,good,92,100,10,1,0,12,,", "Q,self,hd42-2025,"}
		for i, line := range strings.Split(strings.TrimSpace(files["ratings.csv"]), "\n")[1:] {
			if !strings.HasPrefix(line, want[i]) {
				t.Errorf("line %d: %s", i, line)
			}
		}
		if again := mustImport(t, db, os.DirFS(dir)); again.Changed() {
			t.Errorf("a second import changed %+v", again)
		}
		other := dbtest.Open(t, db.Engine(), database.Options{})
		mustImport(t, other, os.DirFS(dir))
		_, copied := mustExport(t, other)
		if diff := cmp.Diff(files, copied); diff != "" {
			t.Error(diff)
		}
		got := places(t, db, with(rateable(), "ratings.csv", ratingHead+"O,self,hd42-2025,fair,88,100,10,1,0,12,\n"), false)
		if !slices.Equal(got, []string{"ratings.csv:2: grade row_differs"}) {
			t.Errorf("another rating of the same session: %q", got)
		}
	})
}

// rate rates the session that is not accepted yet, so that a rating with all that it was computed from is among them.
func rate(t *testing.T, db *database.DB) {
	t.Helper()
	book, err := rules.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var row struct {
		ID      meeting.ID
		Version int64
	}
	if _, err := database.Read(t.Context(), db, func(tx *database.Tx) (int, error) {
		return 0, database.Gorm(t.Context(), tx).Raw("SELECT id, version FROM meeting WHERE code = 'Q'").Scan(&row).Error
	}); err != nil {
		t.Fatal(err)
	}
	yes, points := true, 7
	d, err := rating.New(db, zone(t), book).Rate(t.Context(), auth.InstallationActor(), row.ID, row.Version, rating.Input{Answers: []rules.Answer{
		{Item: "documents", Yes: &yes}, {Item: "discussion", Points: &points}, {Item: "political_task", Points: &points}, {Item: "resolution_kept", Points: &points},
	}})
	if err != nil || d.Self == nil || d.Self.Content == nil {
		t.Fatal(d, err)
	}
}

func TestRatingsAreRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		rows := [][2]string{
			{"M,self,ct10-2007,good,90,100", "grade grade_unknown"}, {"M,confirmed,hd42-2025,good,90,100", "rule_set rule_set_not_in_force"},
			{"N,self,hd42-2025,good,90,100", "rule_set rule_set_not_in_force"}, {"S1,self,hd99,good,90,100", "rule_set rule_set_unknown"},
			{"S2,self,hd42-2025,met,90,100", "grade grade_unknown"}, {"S3,self,hd42-2025,good,101,100", "points points_exceed_available"},
			{"S4,self,hd42-2025,good,90,", "points points_incomplete"}, {"S5,self,hd42-2025,good,x,100", "points number_malformed"},
			{"S6,judge,hd42-2025,good,90,100", "stage word_unknown"}, {"Q,confirmed,hd42-2025,good,90,100", "stage rating_not_accepted"},
			{"R,self,hd42-2025,good,90,100", "meeting_code rating_not_of_such"}, {"T,self,hd42-2025,good,90,100", "meeting_code rating_of_draft"},
			{"X,self,hd42-2025,good,90,100", "meeting_code reference_unknown"}, {",self,hd42-2025,good,90,100", "meeting_code field_required"},
			{"S7,self,hd42-2025,,90,100", "grade field_required"}, {"O,self,hd42-2025,good,90,100", ""},
			{"O,self,hd42-2025,good,90,100", "meeting_code key_duplicate"},
		}
		files, text := rateable(), "meeting_code,stage,rule_set,grade,points,available\n"
		for i := range 7 {
			files["meetings.csv"] += fmt.Sprintf("S%d,D,cell,regular,2026-02,2026-02-%02dT14:00:00+07:00,accepted\n", i+1, i+1)
		}
		var want []string
		for i, row := range rows {
			text += row[0] + "\n" //nolint:perfsprint // a few rows
			if row[1] != "" {
				want = append(want, fmt.Sprintf("ratings.csv:%d: %s", i+2, row[1]))
			}
		}
		if diff := cmp.Diff(want, places(t, db, with(files, "ratings.csv", text), true)); diff != "" {
			t.Error(diff)
		}
		const head = "meeting_code,stage,rule_set,grade,points,available,breakdown\n"
		content, err := rating.Content{Day: calendar.MustDate("2026-03-03"), RuleSet: "local-x", Result: rules.Result{Grade: "good"}}.Write()
		if err != nil {
			t.Fatal(err)
		}
		quoted := `"` + strings.ReplaceAll(content, `"`, `""`) + `"`
		for breakdown, want := range map[string][]string{
			quoted: nil,
			strings.Replace(quoted, "local-x", "local-y", 1): {"ratings.csv:2: breakdown rating_content_differs"},
		} {
			got := places(t, db, with(rateable(), "ratings.csv", head+"O,self,local-x,good,,,"+breakdown+"\n"), true)
			if !slices.Equal(got, want) {
				t.Errorf("%.60s: %q, want %q", breakdown, got, want)
			}
		}
	})
}
