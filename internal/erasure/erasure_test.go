package erasure_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/erasure"
	"sochibo/internal/exchange"
	"sochibo/internal/meeting"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

func TestAnErasedMemberIsForgottenAndCounted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		before := s.figures()
		for _, text := range []string{reason, opinion, name} {
			if len(s.traces(text)) == 0 {
				t.Fatalf("%q is nowhere to begin with", text)
			}
		}
		one := s.requested(s.theMember())
		if got := s.superior.Get(t, "/members/"+s.people[2]).Field(t, "full_name"); got != name {
			t.Errorf("a request erases: %s", got)
		}
		answer := s.superior.Post(t, one+"/confirmation", "", `If-Match: "1"`).OK(t, http.StatusOK)
		for _, text := range []string{reason, opinion, name, "DV-Hoàng", "hoang thi kin"} {
			if found := s.traces(text); len(found) > 0 {
				t.Errorf("%q still stands in %v", text, found)
			}
		}
		if diff := cmp.Diff(before, s.figures()); diff != "" {
			t.Errorf("figures changed: %s", diff)
		}
		if wrong := s.wrong(); len(wrong) > 0 {
			t.Errorf("verify: %v", wrong)
		}
		who := s.superior.Get(t, "/members/"+s.people[2]).OK(t, http.StatusOK)
		pseudonym := answer.Field(t, "pseudonym")
		if !strings.HasPrefix(pseudonym, "Đã xóa ") || who.Field(t, "full_name") != pseudonym || who.Field(t, "born_on")+who.Field(t, "card_number") != "" {
			t.Errorf("member: %s", who)
		}
		if len(s.traces(other)) == 0 {
			t.Error("the words of another member are gone too")
		}
		roll := s.superior.Get(t, s.path).OK(t, http.StatusOK).Text
		if !strings.Contains(roll, `"member_id":"`+s.people[2]+`","full_name":"`+pseudonym+`","status":"excused","reason_kind":null,"reason":null`) {
			t.Errorf("roll: %s", roll)
		}
		s.administrator.Patch(t, "/members/"+s.people[2], who.ETag(), `{"full_name":"Hoàng Thị Kín"}`).Problem(t, http.StatusConflict, "member_erased")
	})
}

func TestVerifyNamesTheDecision(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		s.erase(s.theMember())
		s.erase(s.theVersion())
		erased := strings.Join(s.report().Erased, "\n")
		for _, place := range []string{
			"record version 1 of meeting " + s.path[len("/meetings/"):], "record version 2 of meeting " + s.path[len("/meetings/"):], "member " + s.people[2],
		} {
			if !strings.Contains(erased, place+": erased under decision 12-QĐ/ĐU of 2018-05-02") {
				t.Errorf("%s is not in\n%s", place, erased)
			}
		}
		if wrong := s.wrong(); len(wrong) > 0 {
			t.Errorf("an erasure is a fault: %v", wrong)
		}
	})
}

func TestAnErasedVersionKeepsItsCounters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		before := s.figures()
		first := s.superior.Get(t, s.path+"/versions/1").OK(t, http.StatusOK).JSON(t)["content"]
		s.erase(s.theVersion())
		if diff := cmp.Diff(before, s.figures()); diff != "" {
			t.Errorf("figures changed: %s", diff)
		}
		version := s.superior.Get(t, s.path+"/versions/2").OK(t, http.StatusOK)
		content := version.JSON(t)["content"].(map[string]any)
		if content["format"] != meeting.ErasedFormat || version.Field(t, "erasure_id") == "" || strings.Contains(version.Text, other) {
			t.Errorf("version: %s", version)
		}
		if counters := content["counters"].(map[string]any); counters["roster"] != 3.0 || counters["roster_present"] != 2.0 || counters["guests"] != 1.0 {
			t.Errorf("counters: %v", counters)
		}
		if diff := cmp.Diff(first, s.superior.Get(t, s.path+"/versions/1").JSON(t)["content"]); diff != "" {
			t.Errorf("another version changed: %s", diff)
		}
		m := s.superior.Get(t, s.path).OK(t, http.StatusOK)
		if strings.Contains(m.Text, other) || m.Field(t, "title") != "" {
			t.Errorf("the rows keep the texts: %s", m)
		}
		if wrong := s.wrong(); len(wrong) > 0 {
			t.Errorf("verify: %v", wrong)
		}
	})
}

func TestErasureIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		post := func(c apitest.Caller, body string) apitest.Answer { return c.Post(t, "/erasures", body) }
		for _, c := range []apitest.Caller{s.superior, s.secretary, s.As(t, auth.RoleAuditor, ""), s.As(t, auth.RoleAdministrator, "a1")} {
			post(c, asked(s.theMember())).Problem(t, http.StatusForbidden, "forbidden")
		}
		stranger := s.As(t, auth.RoleAdministrator, "b")
		post(stranger, asked(s.theMember())).Problem(t, http.StatusUnprocessableEntity, "erasure_invalid", "/subject/member_id reference_unknown")
		post(stranger, asked(s.theVersion())).Problem(t, http.StatusUnprocessableEntity, "erasure_invalid", "/subject/meeting_id reference_unknown")
		meeting := s.path[len("/meetings/"):]
		for subject, fault := range map[string]string{
			`{}`: "/subject erasure_subject",
			`{"member_id":"` + s.people[2] + `","meeting_id":"` + meeting + `","version":1}`: "/subject erasure_subject",
			`{"meeting_id":"` + meeting + `"}`:                                               "/subject erasure_subject",
			`{"member_id":"` + uuid.NewString() + `"}`:                                       "/subject/member_id reference_unknown",
			`{"meeting_id":"` + meeting + `","version":3}`:                                   "/subject/meeting_id reference_unknown",
		} {
			post(s.administrator, asked(subject)).Problem(t, http.StatusUnprocessableEntity, "erasure_invalid", fault)
		}
		post(s.administrator, `{"subject":`+s.theMember()+`,"legal_basis":" ","explanation":"ngắn","basis":{"number":"","date":"2018-05-11"}}`).
			Problem(t, http.StatusUnprocessableEntity, "erasure_invalid", "/legal_basis field_required", "/explanation text_too_short",
				"/basis/number field_required", "/basis/date date_in_future")

		one := s.requested(s.theMember())
		post(s.administrator, asked(s.theMember())).Problem(t, http.StatusConflict, "erasure_exists")
		confirm := func(c apitest.Caller, etag string) apitest.Answer {
			return c.Post(t, one+"/confirmation", "", "If-Match: "+etag)
		}
		confirm(s.administrator, `"1"`).Problem(t, http.StatusForbidden, "own_erasure")
		confirm(s.As(t, auth.RoleAuditor, ""), `"1"`).Problem(t, http.StatusForbidden, "forbidden")
		confirm(s.As(t, auth.RoleSuperior, "b"), `"1"`).Problem(t, http.StatusNotFound, "erasure_unknown")
		confirm(s.superior, `"7"`).Problem(t, http.StatusPreconditionFailed, "version_stale")
		if len(s.traces(name)) == 0 {
			t.Fatal("a refused confirmation erased")
		}
		confirm(s.As(t, auth.RoleAdministrator, ""), `"1"`).OK(t, http.StatusOK)
		confirm(s.superior, `"2"`).Problem(t, http.StatusConflict, "erasure_confirmed")
		if got := s.superior.Get(t, "/erasures?limit=1").OK(t, http.StatusOK).Rows(t, "status"); fmt.Sprint(got) != "[confirmed]" {
			t.Errorf("list: %v", got)
		}
		if got := s.As(t, auth.RoleSuperior, "b").Get(t, "/erasures").OK(t, http.StatusOK).Rows(t, "id"); len(got) != 0 {
			t.Errorf("out of scope: %v", got)
		}
	})
}

func TestOneOfTwoConfirmationsErases(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		one, statuses := s.requested(s.theMember()), make([]int, 4)
		var callers []apitest.Caller
		for range statuses {
			callers = append(callers, s.As(t, auth.RoleSuperior, "a"))
		}
		var wait sync.WaitGroup
		for i, c := range callers {
			wait.Go(func() { statuses[i] = c.Post(t, one+"/confirmation", "", `If-Match: "1"`).Status })
		}
		wait.Wait()
		won := 0
		for _, status := range statuses {
			if status == http.StatusOK {
				won++
			}
		}
		if won != 1 || s.count("SELECT count(*) FROM erasure WHERE version = 2") != 1 {
			t.Errorf("statuses: %v", statuses)
		}
	})
}

// TestTheStoreLetsNothingElseChange writes past the program: of a record version it may put a tombstone for a confirmed erasure of that
// subject, once, and nothing else.
func TestTheStoreLetsNothingElseChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		id := s.path[len("/meetings/"):]
		waiting := strings.TrimPrefix(s.requested(s.theMember()), "/erasures/")
		confirmed := s.erase(s.theVersion()).Field(t, "id")
		stone := func(erasure string, number int) []byte {
			content, err := json.Marshal(map[string]any{"format": meeting.ErasedFormat, "meeting_id": id, "number": number, "erasure_id": erasure})
			must(t, err)
			return content
		}
		try := func(q string, args ...any) error {
			_, err := database.Write(t.Context(), s.DB, func(tx *database.Tx) (struct{}, error) {
				return struct{}{}, database.Gorm(t.Context(), tx).Exec(q, args...).Error
			})
			return err
		}
		const bury = "UPDATE record_version SET content = ?, erasure_id = ? WHERE meeting_id = ? AND number = ?"
		for what, err := range map[string]error{
			"other bytes":                           try("UPDATE record_version SET content = ? WHERE meeting_id = ? AND number = 1", []byte(`{}`), id),
			"another hash":                          try("UPDATE record_version SET sha256 = ? WHERE meeting_id = ?", bytes.Repeat([]byte{1}, 32), id),
			"another instant":                       try("UPDATE record_version SET recorded_at = ? WHERE meeting_id = ?", apitest.Now(), id),
			"no version":                            try("DELETE FROM record_version WHERE meeting_id = ? AND number = 1", id),
			"a tombstone without an erasure":        try("UPDATE record_version SET content = ? WHERE meeting_id = ? AND number = 1", stone(confirmed, 1), id),
			"an erasure without a tombstone":        try("UPDATE record_version SET erasure_id = ? WHERE meeting_id = ? AND number = 1", confirmed, id),
			"a tombstone of an erasure that waits":  try(bury, stone(waiting, 1), waiting, id, 1),
			"a tombstone of another version's":      try(bury, stone(confirmed, 1), confirmed, id, 1),
			"a tombstone that names another number": try(bury, stone(waiting, 2), waiting, id, 1),
			"a second tombstone of one erasure":     try(bury, stone(confirmed, 2), confirmed, id, 2),
			"a decision undone":                     try("UPDATE erasure SET status = 'requested', confirmed_at = NULL WHERE id = ?", confirmed),
			"no decision":                           try("DELETE FROM erasure WHERE id = ?", waiting),
			"one person twice":                      try("UPDATE erasure SET status = 'confirmed', confirmed_at = requested_at, confirmed_by = requested_by WHERE id = ?", waiting),
		} {
			if err == nil {
				t.Errorf("the store takes %s", what)
			}
		}
		if wrong := s.wrong(); len(wrong) > 0 {
			t.Errorf("verify: %v", wrong)
		}
	})
}

// TestVerifyFindsErasingWithoutDecision erases as an operator would who first takes the guard away.
func TestVerifyFindsErasingWithoutDecision(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		id := s.path[len("/meetings/"):]
		waiting := strings.TrimPrefix(s.requested(s.theMember()), "/erasures/")
		s.Write(t, func(ctx context.Context, tx *database.Tx) error {
			drop := "DROP TRIGGER record_version_no_update"
			if tx.Engine() == database.Postgres {
				drop = "DROP TRIGGER record_version_immutable ON record_version"
			}
			return database.Gorm(ctx, tx).Exec(drop).Error
		})
		for _, c := range []struct {
			change string
			args   []any
			want   string
		}{
			{"UPDATE record_version SET content = ? WHERE meeting_id = ? AND number = 1", []any{[]byte{}, id}, "does not have its SHA-256"},
			{"UPDATE record_version SET sha256 = ? WHERE meeting_id = ? AND number = 1", []any{nothing(), id}, "cannot be read"},
			{"UPDATE record_version SET erasure_id = ? WHERE meeting_id = ? AND number = 2", []any{waiting, id}, "names an erasure and has no tombstone"},
			{"UPDATE member SET erasure_id = ? WHERE id = ?", []any{waiting, s.people[2]}, "is erased, but no confirmed erasure says so"},
		} {
			s.Write(t, func(ctx context.Context, tx *database.Tx) error {
				return database.Gorm(ctx, tx).Exec(c.change, c.args...).Error
			})
			if wrong := strings.Join(s.wrong(), "\n"); !strings.Contains(wrong, c.want) {
				t.Errorf("after %s verify says\n%s", c.change, wrong)
			}
		}
	})
}

// TestErasedRecordsMove exports what is left and imports it elsewhere: the figures are the same, and so is a second export.
func TestErasedRecordsMove(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		s.erase(s.theMember())
		s.erase(s.theVersion())
		first := export(t, s.DB)
		for file, text := range first {
			for _, gone := range []string{reason, opinion, name, other} {
				if strings.Contains(text, gone) {
					t.Errorf("%s still has %q", file, gone)
				}
			}
		}
		there := dbtest.Open(t, s.DB.Engine(), database.Options{Now: apitest.Now})
		dir := t.TempDir()
		for file, text := range first {
			must(t, os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600))
		}
		_, err := exchange.New(there, zone(t)).Import(t.Context(), auth.InstallationActor(), os.DirFS(dir), exchange.ImportOptions{})
		must(t, err)
		if diff := cmp.Diff(first, export(t, there)); diff != "" {
			t.Errorf("a second export differs: %s", diff)
		}
		const sum = "SELECT sum(roster * 1000 + roster_present * 100 + roster_excused * 10 + guests + speakers) FROM balance WHERE basis = 'accepted'"
		moved := &scene{World: apitest.World{DB: there}, t: t}
		if here, now := s.count(sum), moved.count(sum); here != now || here == 0 {
			t.Errorf("figures here %d, there %d", here, now)
		}
		if wrong := moved.wrong(); len(wrong) > 0 {
			t.Errorf("verify there: %v", wrong)
		}
	})
}

func export(t *testing.T, db *database.DB) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	_, err := exchange.New(db, zone(t)).Export(t.Context(), auth.InstallationActor(), dir, exchange.ExportOptions{})
	must(t, err)
	entries, err := os.ReadDir(dir)
	must(t, err)
	files := map[string]string{}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		must(t, err)
		files[entry.Name()] = string(content)
	}
	return files
}

// nothing is the hash of no bytes at all.
func nothing() []byte {
	sum := sha256.Sum256(nil)
	return sum[:]
}

func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { dbtest.Drift(t, db, erasure.Erasure{}) })
}

// TestAmendingGoesOnAfterAnErasure confirms the amendment that waited while member and version were erased, and asks for another one:
// nothing of what was erased comes back.
func TestAmendingGoesOnAfterAnErasure(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		s.erase(s.theMember())
		s.erase(s.theVersion())
		waiting := s.superior.Get(t, s.path+"/amendments").OK(t, http.StatusOK).Rows(t, "id")[1]
		etag := s.superior.Get(t, s.path).ETag()
		etag = s.superior.Post(t, s.path+"/amendments/"+waiting+"/confirmation", "", "If-Match: "+etag).OK(t, http.StatusOK).ETag()
		asked := s.secretary.Post(t, s.path+"/amendments", `{"reason_code":"clerical_error","explanation":"Ghi lại tiêu đề của biên bản",
			"basis":{"number":"2","date":"2018-05-03"},"change":{"title":"Sinh hoạt tháng 3"}}`, "If-Match: "+etag).OK(t, http.StatusCreated)
		one := strings.TrimPrefix(asked.Header.Get("Location"), "/api/v1")
		s.superior.Post(t, one+"/confirmation", "", "If-Match: "+asked.ETag()).OK(t, http.StatusOK)
		m := s.superior.Get(t, s.path).OK(t, http.StatusOK)
		if m.Field(t, "title") != "Sinh hoạt tháng 3" || m.Field(t, "guests") != "2" || m.Field(t, "record_version") != "4" {
			t.Errorf("meeting: %s", m)
		}
		for _, text := range []string{reason, opinion, name} {
			if found := s.traces(text); len(found) > 0 {
				t.Errorf("%q is back in %v", text, found)
			}
		}
		if wrong := s.wrong(); len(wrong) > 0 {
			t.Errorf("verify: %v", wrong)
		}
	})
}
