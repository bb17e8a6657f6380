package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/org"
	"sochibo/internal/testkit/experiment"
)

// acceptedRows are all rows of a record that is accepted. What becomes of a task may change later, so its state is not among them.
var acceptedRows = map[string]string{
	"meeting":              `SELECT * FROM meeting WHERE id = ?`,
	"meeting_content_item": `SELECT * FROM meeting_content_item WHERE meeting_id = ? ORDER BY 1, 2`,
	"meeting_directive":    `SELECT * FROM meeting_directive WHERE meeting_id = ? ORDER BY 1, 2`,
	"attendance":           `SELECT * FROM attendance WHERE meeting_id = ? ORDER BY member_id`,
	"minutes_line":         `SELECT * FROM minutes_line WHERE meeting_id = ? ORDER BY 1, 2, 3`,
	"meeting_vote":         `SELECT * FROM meeting_vote WHERE meeting_id = ? ORDER BY position`,
	"meeting_totals":       `SELECT * FROM meeting_totals WHERE meeting_id = ?`,
	"record_version":       `SELECT * FROM record_version WHERE meeting_id = ? ORDER BY number`,
	"resolution":           `SELECT * FROM resolution WHERE meeting_id = ? ORDER BY id`,
	"task":                 `SELECT id, code, title, assignee_id, due_on FROM task WHERE meeting_id = ? ORDER BY id`,
}

// accepted returns the bytes of the record as they stand.
func (w *rightsWorld) accepted(tb testing.TB, meeting string) string {
	tb.Helper()
	all, err := database.Read(tb.Context(), w.DB(), func(tx *database.Tx) (map[string][]map[string]any, error) {
		all := map[string][]map[string]any{}
		for table, query := range acceptedRows {
			var rows []map[string]any
			if err := database.Gorm(tb.Context(), tx).Raw(query, meeting).Scan(&rows).Error; err != nil {
				return nil, err
			}
			all[table] = rows
		}
		return all, nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	if len(all["meeting"]) != 1 || len(all["record_version"]) == 0 || len(all["attendance"]) == 0 || len(all["task"]) == 0 {
		tb.Fatalf("the record is not whole: %v", all)
	}
	text, err := json.Marshal(all)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// TestAcceptedRecordsStand sends every write there is, in earnest, at an accepted record and at everything around it, as everybody.
func TestAcceptedRecordsStand(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		x := w.targets["own"]
		before := w.accepted(t, x.ids["accepted"])
		tries, changes := 0, 0
		questions := asks()
		for _, l := range readRights(t) {
			if l.method == http.MethodGet {
				continue
			}
			for _, role := range auth.Roles() {
				c := w.newCaller(t, role, org.ReachSubtree, holding, nil)
				for _, accepted := range []bool{true, false}[:2-strings.Count(l.variant, "record")] {
					a := questions[l.name()](x, w, accepted)
					var headers []string
					if a.tag != "" {
						headers = append(headers, a.tag)
					}
					answer := c.send(t.Context(), l.method, a.path, a.body, headers...)
					tries++
					if after := w.accepted(t, x.ids["accepted"]); after != before {
						changes++
						t.Errorf("%s as %s changes the accepted record (%d):\n%s\n%s", l.name(), role, answer.Status, before, after)
						before = after
					}
				}
			}
		}
		w.set(t, `UPDATE meeting SET title = 'Sửa' WHERE id = ?`, x.ids["accepted"])
		if w.accepted(t, x.ids["accepted"]) == before {
			t.Error("a change behind the back of the program goes unnoticed")
		}
		experiment.Report(t, experiment.Result{ID: "E-20", Engine: w.engine, N: tries, Observed: changes, Pass: changes == 0})
	})
}

// loopers is how many clients ask on and on while rights are taken away.
const loopers = 20

// withdrawal takes the rights of a caller away; it returns when that is committed.
type withdrawal struct {
	name string
	take func(t *testing.T, w *rightsWorld, c caller)
	back func(t *testing.T, w *rightsWorld) // undoes what concerns others
	code int                                // what the caller gets from then on
}

func withdrawals() []withdrawal {
	revoke := func(t *testing.T, w *rightsWorld, c caller) {
		w.admin.must(t, http.StatusOK, http.MethodDelete, "/grants/"+c.actor.GrantID.String(), "", `If-Match: "1"`)
	}
	end := func(t *testing.T, w *rightsWorld, c caller) {
		w.admin.must(t, http.StatusOK, http.MethodPatch, "/grants/"+c.actor.GrantID.String(), `{"to":"2018-05-09"}`, `If-Match: "1"`)
	}
	disable := func(t *testing.T, w *rightsWorld, c caller) {
		w.set(t, `UPDATE user_account SET disabled_at = ? WHERE id = ?`, w.DB().Now(), c.actor.UserID)
	}
	drop := func(t *testing.T, w *rightsWorld, c caller) {
		if _, err := w.Auth.RevokeToken(t.Context(), auth.InstallationActor(), c.actor.TokenID); err != nil {
			t.Fatal(err)
		}
	}
	move := func(to string) func(t *testing.T, w *rightsWorld) {
		return func(t *testing.T, w *rightsWorld) {
			path := "/organizations/" + w.targets["grandchild"].id
			tag := w.admin.must(t, http.StatusOK, http.MethodGet, path, "").ETag()
			w.admin.must(t, http.StatusOK, http.MethodPost, path+"/placements",
				fmt.Sprintf(`{"parent_id":%q,"from":"2018-05-10"}`, w.targets[to].id), "If-Match: "+tag)
		}
	}
	away := move("other root")
	return []withdrawal{
		{"the grant is revoked", revoke, nil, http.StatusNotFound},
		{"the grant ends yesterday", end, nil, http.StatusNotFound},
		{"the user is disabled", disable, nil, http.StatusUnauthorized},
		{"the token is revoked", drop, nil, http.StatusUnauthorized},
		{"the cell moves away", func(t *testing.T, w *rightsWorld, _ caller) { away(t, w) }, move("child"), http.StatusNotFound},
	}
}

// looping lets clients read and write the organization below the grant's, takes the rights away and counts what was allowed to requests
// that began after that was committed.
func (w *rightsWorld) looping(t *testing.T, handler http.Handler, c caller, take func()) (asked, stale int64) {
	t.Helper()
	x := w.targets["grandchild"]
	var gone, stop atomic.Bool
	var before, after, allowedAfter atomic.Int64
	c.handler = handler
	var group sync.WaitGroup
	defer stop.Store(true) // also where taking fails
	for i := range loopers {
		group.Go(func() {
			for !stop.Load() {
				wasGone := gone.Load()
				method, path, body := http.MethodGet, "/organizations/"+x.id, ""
				if i%5 == 0 {
					method, path, body = http.MethodPost, "/meetings?dry_run=true", x.session("2017-12", withRoll)
				}
				answer := c.send(t.Context(), method, path, body)
				if !wasGone {
					before.Add(1)
					continue
				}
				after.Add(1)
				if answer.Status < http.StatusMultipleChoices {
					allowedAfter.Add(1)
				}
			}
		})
	}
	wait := func(count *atomic.Int64, least int64) {
		for count.Load() < least {
			time.Sleep(time.Millisecond) //nolint:forbidigo // it waits for clients that ask as fast as they can
		}
	}
	wait(&before, 2*loopers)
	take()
	gone.Store(true)
	wait(&after, 4*loopers)
	stop.Store(true)
	group.Wait()
	return after.Load(), allowedAfter.Load()
}

// TestRevocationHoldsAtOnce takes rights away in every way while clients loop. A server that remembered for a moment what it allowed
// would be seen: the last round has one.
func TestRevocationHoldsAtOnce(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		rounds := 1
		if experiment.Long() {
			rounds = 10
		}
		var asked, stale int64
		for range rounds {
			for _, way := range withdrawals() {
				c := w.newCaller(t, auth.RoleSecretary, org.ReachSubtree, holding, w.own())
				n, allowed := w.looping(t, w.handler, c, func() { way.take(t, w, c) })
				if answer := c.send(t.Context(), http.MethodGet, "/organizations/"+w.targets["grandchild"].id, ""); answer.Status != way.code {
					t.Errorf("%s: %s", way.name, answer)
				}
				if allowed > 0 {
					t.Errorf("%s: %d requests were allowed afterwards", way.name, allowed)
				}
				if way.back != nil {
					way.back(t, w)
				}
				asked, stale = asked+n, stale+allowed
			}
		}
		remembering := &memory{handler: w.handler}
		c := w.newCaller(t, auth.RoleSecretary, org.ReachSubtree, holding, w.own())
		if _, allowed := w.looping(t, remembering, c, func() { withdrawals()[0].take(t, w, c) }); allowed == 0 {
			t.Error("a server that remembers its answers goes unnoticed")
		}
		experiment.Report(t, experiment.Result{ID: "E-37", Engine: w.engine, N: int(asked), Observed: int(stale), Pass: stale == 0})
	})
}
