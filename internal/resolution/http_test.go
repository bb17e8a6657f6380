package resolution_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/rules"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

func each(t *testing.T, fn func(t *testing.T, w apitest.World)) {
	t.Helper()
	apitest.Each(t, func(db *database.DB) []httpapi.Route {
		return append(resolution.New(db, audit.Kind{Name: "meeting"}, meeting.Ballots).Routes(), member.New(db, calendar.Zone{}, rules.CountingOn).Routes()...)
	}, fn)
}

func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { dbtest.Drift(t, db, resolution.Resolution{}, resolution.Task{}) })
}

// hold adds a meeting of the cell with the status and returns its id.
func hold(t *testing.T, w apitest.World, code, status string) uuid.UUID {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	w.Write(t, func(ctx context.Context, tx *database.Tx) error {
		return database.Gorm(ctx, tx).Exec(`INSERT INTO meeting (id, organization_id, body, forms, period_month, held_on, started_at, status,
			search_key, created_at, updated_at) VALUES (?, ?, 'cell', 'regular', '2018-04', '2018-04-05', ?, ?, '', ?, ?)`,
			id, w.Orgs[code], tx.Now, status, tx.Now, tx.Now).Error
	})
	return id
}

// state reads version and number of editors of a meeting.
func state(t *testing.T, w apitest.World, id uuid.UUID) string {
	t.Helper()
	var row struct{ Version, Editors int }
	w.Write(t, func(ctx context.Context, tx *database.Tx) error {
		return database.Gorm(ctx, tx).Raw(`SELECT version, (SELECT count(*) FROM meeting_editor WHERE meeting_id = m.id) AS editors
			FROM meeting m WHERE id = ?`, id).Scan(&row).Error
	})
	return fmt.Sprintf("version %d, editors %d", row.Version, row.Editors)
}

func TestRecordResolution(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary := w.As(t, auth.RoleSecretary, "a1")
		draft, counted, dropped, foreign := hold(t, w, "a1", "held"), hold(t, w, "a1", "submitted"), hold(t, w, "a1", "cancelled"), hold(t, w, "b1", "held")
		body := func(id uuid.UUID, rest string) string { return fmt.Sprintf(`{"meeting_id":%q%s}`, id, rest) }
		made := secretary.Post(t, "/resolutions", body(draft, `,"code":"NQ1","number":"05-NQ/CB","adopted_on":"2018-04-05","votes_for":12`)).OK(t, 201)
		if got := secretary.Get(t, "/resolutions/"+made.Field(t, "id")).OK(t, 200); got.Text != made.Text {
			t.Errorf("%s %s", got, made)
		}
		if got := state(t, w, draft); got != "version 2, editors 1" {
			t.Error(got)
		}
		secretary.Post(t, "/resolutions", body(draft, `,"code":"NQ1"`)).Problem(t, 409, "code_taken")
		secretary.Post(t, "/resolutions", body(draft, fmt.Sprintf(`,"title":"X","id":%q`, made.Field(t, "id")))).Problem(t, 409, "id_taken")
		secretary.Post(t, "/resolutions", body(counted, `,"title":"X"`)).Problem(t, 409, "meeting_counted")
		secretary.Post(t, "/resolutions", body(dropped, `,"title":"X"`)).Problem(t, 409, "meeting_wrong_status")
		secretary.Post(t, "/resolutions", body(foreign, `,"title":"X"`)).Problem(t, 422, "resolution_invalid", "/meeting_id reference_unknown")
		secretary.Post(t, "/resolutions", `{"votes_for":-1}`).Problem(t, 422, "resolution_invalid",
			"/meeting_id field_required", "/title field_required", "/votes_for number_out_of_range")
		w.As(t, auth.RoleSuperior, "a").Post(t, "/resolutions", body(draft, `,"title":"X"`)).Problem(t, 403, "forbidden")
		if got := state(t, w, draft); got != "version 2, editors 1" {
			t.Error(got)
		}
	})
}

func TestScope(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		everybody := w.As(t, auth.RoleSecretary, "province")
		for i, status := range []string{"held", "held", "held"} {
			cell := []string{"a1", "a2", "b1"}[i]
			id := hold(t, w, cell, status)
			everybody.Post(t, "/resolutions", fmt.Sprintf(`{"meeting_id":%q,"code":"R-%s","adopted_on":"2018-04-0%d"}`, id, cell, 3-i)).OK(t, 201)
			everybody.Post(t, "/tasks", fmt.Sprintf(`{"meeting_id":%q,"code":"T-%s","title":"Việc"}`, id, cell)).OK(t, 201)
		}
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec(`UPDATE meeting SET status = 'accepted' WHERE organization_id = ?`, w.Orgs["a2"]).Error
		})
		for _, test := range []struct {
			role auth.Role
			code string
			want []string
		}{
			{auth.RoleSecretary, "a1", []string{"R-a1"}},
			{auth.RoleSuperior, "a", []string{"R-a2", "R-a1"}},
			{auth.RoleMember, "a1", []string{}},
			{auth.RoleMember, "a", []string{"R-a2"}},
			{auth.RoleAuditor, "", []string{"R-b1", "R-a2", "R-a1"}},
		} {
			if diff := cmp.Diff(test.want, w.As(t, test.role, test.code).Get(t, "/resolutions").OK(t, 200).Rows(t, "code")); diff != "" {
				t.Errorf("%s of %q: %s", test.role, test.code, diff)
			}
		}
		w.As(t, auth.RoleAdministrator, "").Get(t, "/tasks").Problem(t, 403, "forbidden")
		auditor := w.As(t, auth.RoleAuditor, "")
		for query, want := range map[string][]string{
			"adopted_to=2018-04-02": {"R-b1", "R-a2"},
			"code=R-a1":             {"R-a1"},
			"sort=updated&limit=2":  {"R-a1", "R-a2"},
			"scope=own&organization_id=" + w.Orgs["a1"].String(): {"R-a1"},
			"organization_id=" + w.Orgs["a"].String():            {"R-a2", "R-a1"},
		} {
			if diff := cmp.Diff(want, auditor.Get(t, "/resolutions?"+query).OK(t, 200).Rows(t, "code")); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		id := auditor.Get(t, "/resolutions?code=R-b1").Rows(t, "id")[0]
		w.As(t, auth.RoleSecretary, "a1").Get(t, "/resolutions/"+id).Problem(t, 404, "resolution_unknown")
		auditor.Get(t, "/resolutions?status=open").Problem(t, 400, "parameter_unknown", "status parameter_unknown")
		auditor.Get(t, "/resolutions?format=csv").OK(t, 200)
		auditor.Get(t, "/tasks?format=csv").OK(t, 200)
	})
}

func TestTasks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		who := admin.Post(t, "/members", fmt.Sprintf(`{"full_name":"Trần An","membership":{"organization_id":%q,"from":"2015-01-01"}}`,
			w.Orgs["a1"])).OK(t, 201).Field(t, "id")
		secretary := w.As(t, auth.RoleSecretary, "a1")
		meeting := hold(t, w, "a1", "scheduled")
		made := secretary.Post(t, "/tasks", fmt.Sprintf(`{"meeting_id":%q,"code":"T1","title":"Việc một","assignee_id":%q,"due_on":"2018-04-30"}`,
			meeting, who)).OK(t, 201)
		path := "/tasks/" + made.Field(t, "id")
		secretary.Post(t, "/tasks", fmt.Sprintf(`{"meeting_id":%q,"code":"T2","title":"Việc hai"}`, meeting)).OK(t, 201)
		secretary.Post(t, "/tasks", fmt.Sprintf(`{"meeting_id":%q,"title":" ","assignee_id":%q,"status":"late","done_on":"2018-01-01"}`, meeting,
			member.NewID())).Problem(t, 422, "task_invalid", "/title field_required", "/assignee_id reference_unknown",
			"/status word_unknown", "/done_on done_on_without_done")
		for query, want := range map[string][]string{
			"":                               {"T1", "T2"},
			"due_to=2018-04-30":              {"T1"},
			"assignee_id=" + who:             {"T1"},
			"status=done":                    {},
			"meeting_id=" + meeting.String(): {"T1", "T2"},
		} {
			if diff := cmp.Diff(want, secretary.Get(t, "/tasks?"+query).OK(t, 200).Rows(t, "code")); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		first := secretary.Get(t, "/tasks?limit=1").OK(t, 200)
		if diff := cmp.Diff([]string{"T2"}, secretary.Get(t, "/tasks?after="+first.Field(t, "next")).Rows(t, "code")); diff != "" {
			t.Error(diff)
		}

		secretary.Patch(t, path, `"1"`, `{"title":"Việc khác"}`).OK(t, 200)
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec(`UPDATE meeting SET status = 'submitted' WHERE id = ?`, meeting).Error
		})
		secretary.Patch(t, path, `"2"`, `{"title":"Việc nữa"}`).Problem(t, 409, "meeting_counted")
		secretary.Patch(t, path, `"1"`, `{"status":"done"}`).Problem(t, 412, "version_stale")
		done := secretary.Patch(t, path, `"2"`, `{"status":"done"}`).OK(t, 200)
		if done.Field(t, "done_on") != "2018-05-10" || done.ETag() != `"3"` {
			t.Errorf("%s", done)
		}
		secretary.Patch(t, path, `"3"`, `{"status":"open","done_on":"2018-05-01"}`).Problem(t, 422, "task_invalid", "/done_on done_on_without_done")
		if open := secretary.Patch(t, path, `"3"`, `{"status":"open"}`).OK(t, 200); open.Field(t, "done_on") != "" {
			t.Errorf("%s", open)
		}
		secretary.Patch(t, path, `"4"`, `{"status":null}`).Problem(t, 422, "task_invalid", "/status field_required")
		w.As(t, auth.RoleMinutesTaker, "a1").Patch(t, path, `"4"`, `{"status":"done"}`).Problem(t, 403, "forbidden")
		w.As(t, auth.RoleSecretary, "b1").Patch(t, path, `"4"`, `{"status":"done"}`).Problem(t, 404, "task_unknown")
	})
}

// What the meeting room does within its own transaction.
func TestOfMeeting(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		id := hold(t, w, "a1", "held")
		at := resolution.Sitting{MeetingID: id, OrganizationID: w.Orgs["a1"], Body: org.Cell, HeldOn: calendar.MustDate("2018-04-05")}
		text := func(s string) *string { return &s }
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			if err := resolution.InsertResolutions(ctx, tx, at, []resolution.Draft{{Code: text("R1")}, {Code: text("R2")}}); err != nil {
				return err
			}
			return resolution.InsertTasks(ctx, tx, id, []resolution.TaskDraft{{Code: text("T1"), Title: text("a")}, {Title: text("b")}})
		})
		before := written(t, w, id)
		done := before.Tasks[0]
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec(`UPDATE task SET status = 'done', done_on = '2018-05-01' WHERE id = ?`, done.ID).Error
		})
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			drafts := []resolution.Draft{{Code: text("R2"), Title: text("new")}, {Code: text("R3")}}
			if err := resolution.ReplaceResolutions(ctx, tx, at, drafts); err != nil {
				return err
			}
			return resolution.ReplaceTasks(ctx, tx, id, []resolution.TaskDraft{{ID: before.Tasks[1].ID, Title: text("c")}, {Code: text("T1"), Title: text("d")}})
		})
		after := written(t, w, id)
		if len(after.Resolutions) != 2 || after.Resolutions[0].ID != before.Resolutions[1].ID || *after.Resolutions[0].Title != "new" {
			t.Errorf("%+v", after.Resolutions)
		}
		for _, task := range after.Tasks {
			switch task.ID {
			case before.Tasks[0].ID:
				if task.Status != resolution.Done || *task.Title != "d" || task.Version != 2 {
					t.Errorf("%+v", task)
				}
			case before.Tasks[1].ID:
				if task.Status != resolution.Open || *task.Title != "c" {
					t.Errorf("%+v", task)
				}
			default:
				t.Errorf("unexpected %+v", task)
			}
		}
		var f fault.Fields
		unknown := member.NewID()
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return resolution.CheckAssignees(ctx, tx, &f, "/tasks", []resolution.TaskDraft{{}, {AssigneeID: &unknown}})
		})
		if f.Len() != 1 || f.All()[0].Pointer != "/tasks/1/assignee_id" {
			t.Errorf("%v", f.All())
		}
	})
}

func written(t *testing.T, w apitest.World, id uuid.UUID) resolution.Written {
	t.Helper()
	found, err := database.Read(t.Context(), w.DB, func(tx *database.Tx) (map[uuid.UUID]resolution.Written, error) {
		return resolution.OfMeetings(t.Context(), tx, []uuid.UUID{id})
	})
	if err != nil {
		t.Fatal(err)
	}
	return found[id]
}
