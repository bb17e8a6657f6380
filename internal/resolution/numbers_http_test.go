package resolution_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/resolution"
	"sochibo/internal/testkit/apitest"
)

func TestNextNumber(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary := w.As(t, auth.RoleSecretary, "")
		first, second, sister := hold(t, w, "a1", "held"), hold(t, w, "a1", "held"), hold(t, w, "a2", "held")
		post := func(meeting uuid.UUID, rest string) apitest.Answer {
			return secretary.Post(t, "/resolutions", fmt.Sprintf(`{"meeting_id":%q,"title":"Nghị quyết",%s}`, meeting, rest))
		}
		for _, step := range []struct {
			meeting    uuid.UUID
			rest, want string
		}{
			{first, `"next_number":"resolution"`, "01-NQ/CB"},
			{second, `"next_number":"resolution"`, "02-NQ/CB"},
			{first, `"next_number":"conclusion"`, "01-KL/CB"},
			{sister, `"next_number":"resolution"`, "01-NQ/CB"},
			{second, `"number":"07-NQ/CB"`, "07-NQ/CB"},
			{first, `"next_number":"resolution"`, "08-NQ/CB"},
			{first, `"number":"7/2018"`, "7/2018"},
			{second, `"number":"7/2018"`, "7/2018"}, // a number of no known form is free text
		} {
			if got := post(step.meeting, step.rest).OK(t, 201).Field(t, "number"); got != step.want {
				t.Errorf("%s: %s, want %s", step.rest, got, step.want)
			}
		}
		post(first, `"number":"7-NQ/CB"`).Problem(t, 409, "resolution_number_taken")
		post(first, `"number":"09-NQ/CB","next_number":"resolution"`).Problem(t, 422, "resolution_invalid", "/next_number number_given_twice")
		post(first, `"next_number":"letter"`).Problem(t, 422, "resolution_invalid", "/next_number word_unknown")
		// A congress begins a term, and the series with it; papers of days before it stay in the old one.
		congress := hold(t, w, "a1", "held")
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec(`UPDATE meeting SET forms = 'congress', held_on = '2018-04-20' WHERE id = ?`, congress).Error
		})
		if got := post(first, `"adopted_on":"2018-04-20","next_number":"resolution"`).OK(t, 201).Field(t, "number"); got != "01-NQ/CB" {
			t.Errorf("after the congress: %s", got)
		}
		if got := post(first, `"next_number":"resolution"`).OK(t, 201).Field(t, "number"); got != "09-NQ/CB" {
			t.Errorf("before the congress: %s", got)
		}
	})
}

// Numbers taken at one instant are all different and leave no gap.
func TestNextNumberAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary := w.As(t, auth.RoleSecretary, "a1")
		const writers = 8
		numbers := make([]string, writers)
		var all sync.WaitGroup
		for i := range writers {
			meeting := hold(t, w, "a1", "held")
			all.Go(func() {
				answer := secretary.Post(t, "/resolutions", fmt.Sprintf(`{"meeting_id":%q,"next_number":"resolution"}`, meeting))
				numbers[i] = answer.Field(t, "number")
			})
		}
		all.Wait()
		slices.Sort(numbers)
		for i, got := range numbers {
			if want := fmt.Sprintf("%02d-NQ/CB", i+1); got != want {
				t.Errorf("%v: %s, want %s", numbers, got, want)
			}
		}
	})
}

func TestTaskReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		who := w.As(t, auth.RoleAdministrator, "").Post(t, "/members", fmt.Sprintf(
			`{"full_name":"Trần An","membership":{"organization_id":%q,"from":"2015-01-01"}}`, w.Orgs["a1"])).OK(t, 201).Field(t, "id")
		secretary := w.As(t, auth.RoleSecretary, "a1")
		meeting := hold(t, w, "a1", "held")
		made := secretary.Post(t, "/tasks", fmt.Sprintf(`{"meeting_id":%q,"title":"Việc một"}`, meeting)).OK(t, 201)
		path := "/tasks/" + made.Field(t, "id")
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec(`UPDATE meeting SET status = 'submitted' WHERE id = ?`, meeting).Error
		})
		secretary.Patch(t, path, `"1"`, fmt.Sprintf(`{"status":"done","result":"Xong","evidence":"Báo cáo 12","reported_by_id":%q,
			"evidence_address":"http://x"}`, who)).Problem(t, 422, "task_invalid", "/evidence_address address_malformed")
		told := secretary.Patch(t, path, `"1"`, fmt.Sprintf(`{"status":"done","result":"Xong","evidence":"Báo cáo 12","reported_by_id":%q,
			"evidence_address":"https://example.org/12.pdf"}`, who)).OK(t, 200)
		for name, want := range map[string]string{
			"result": "Xong", "evidence": "Báo cáo 12", "evidence_address": "https://example.org/12.pdf", "reported_by_id": who,
		} {
			if got := secretary.Get(t, path).OK(t, 200).Field(t, name); got != want || told.Field(t, name) != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		secretary.Patch(t, path, `"2"`, `{"reported_by_id":"0198c0de-0000-7000-8000-000000000999"}`).
			Problem(t, 422, "task_invalid", "/reported_by_id reference_unknown")
		// An erasure of the meeting's texts takes these as well.
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return resolution.ForgetTexts(ctx, tx, meeting, "[đã xóa]")
		})
		erased := secretary.Get(t, path).OK(t, 200)
		for name, want := range map[string]string{"title": "[đã xóa]", "result": "[đã xóa]", "evidence": "[đã xóa]", "evidence_address": "", "status": "done"} {
			if got := erased.Field(t, name); got != want {
				t.Errorf("after the erasure, %s is %q, want %q", name, got, want)
			}
		}
		// What became of a task whose meeting keeps its text on paper has no text here either.
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec(`UPDATE meeting SET paper_book = '02', paper_page = '17' WHERE id = ?`, meeting).Error
		})
		secretary.Patch(t, path, `"3"`, `{"result":"Khác"}`).Problem(t, 422, "task_invalid", "/result paper_without_text")
	})
}
