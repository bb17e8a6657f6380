package app_test

import (
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

// logged is an installation with the sample, some users and a signed log, and an operator who can do anything to its store.
type logged struct {
	installation

	engine   database.Engine
	operator operator
	address  string
}

func eachLogged(t *testing.T, fn func(t *testing.T, in logged)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			in := newLogged(t, engine)
			in.operator = operate(t, engine, in.address)
			fn(t, in)
		})
	}
}

func newLogged(t *testing.T, engine database.Engine) logged {
	t.Helper()
	zone, err := calendar.LoadZone("")
	if err != nil {
		t.Fatal(err)
	}
	address := dbtest.URL(t, engine)
	db, err := database.Open(t.Context(), address, database.Options{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	failed := &failures{}
	a := app.Over(db, config.Config{Zone: zone, LogKey: logKey(t)}, "test", slog.New(failed))
	in := logged{installation: installation{App: a, failed: failed}, engine: engine, address: address}
	if in.handler, err = a.Handler(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	in.importSample(t)
	in.as(t, auth.RoleAuditor, "")
	in.sign(t)
	return in
}

func (in logged) sign(tb testing.TB) []byte {
	tb.Helper()
	signed, err := in.Proofs.Checkpoint(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return []byte(signed)
}

// wrong returns what verify finds, a line each.
func (in logged) wrong(tb testing.TB, since []byte) []string {
	tb.Helper()
	found, err := in.Verify(tb.Context(), app.VerifyOptions{Since: since})
	if err != nil {
		tb.Fatal(err)
	}
	lines := make([]string, len(found))
	for i, m := range found {
		lines[i] = m.Place + ": " + m.Detail
	}
	return lines
}

func seedOf(tb testing.TB) uint64 {
	tb.Helper()
	if given := os.Getenv("SOCHIBO_SEED"); given != "" {
		seed, err := strconv.ParseUint(given, 10, 64)
		if err != nil {
			tb.Fatal(err)
		}
		return seed
	}
	return uint64(time.Now().UnixNano())
}

// covered are the tables that verify answers for.
func covered() []string {
	return strings.Fields(`user_account api_token role_grant organization placement body_term excused_month member membership member_status
		office directive study_requirement implementing_plan topic topic_link briefing briefing_line briefing_use topic_plan joint_session
		joint_session_meeting resolution task meeting meeting_content_item meeting_directive attendance minutes_line meeting_event meeting_editor
		record_version amendment erasure user_credential login_session inspection inspection_object ledger_entry ledger_path ledger_path_step balance ledger_head
		log_leaf log_hash log_seal log_checkpoint log_head`)
}

// TestE22OneBit flips single bits anywhere in the store: verify finds each of them, and nothing once they are flipped back.
func TestE22OneBit(t *testing.T) {
	t.Parallel()
	n := 120
	if experiment.Long() {
		n = 10_000
	}
	eachLogged(t, func(t *testing.T, in logged) {
		seed := seedOf(t)
		r := rand.New(rand.NewPCG(seed, 22))
		if before := in.wrong(t, nil); len(before) > 0 {
			t.Fatalf("before any change: %q", before)
		}
		var cells []value
		for _, table := range covered() {
			places := in.operator.places(t, table)
			for _, column := range in.operator.columns(t, table) {
				for range min(3, len(places)) {
					column.place = places[r.IntN(len(places))]
					cells = append(cells, column)
				}
			}
		}
		flipped, found := 0, 0
		for tries := 0; flipped < n && tries < 40*n; tries++ {
			c := cells[r.IntN(len(cells))]
			if places := in.operator.places(t, c.table); len(places) > 0 {
				c.place = places[r.IntN(len(places))]
			}
			undo, ok := in.operator.flip(t, r, c)
			if !ok {
				continue
			}
			flipped++
			if lines := in.wrong(t, nil); len(lines) > 0 {
				found++
			} else {
				t.Errorf("seed %d: a bit of %s in %s was flipped and not found", seed, c, c.place)
			}
			undo()
		}
		if after := in.wrong(t, nil); len(after) > 0 {
			t.Errorf("after every bit was flipped back: %q", after)
		}
		experiment.Report(t, experiment.Result{
			ID: "E-22", Engine: string(in.engine), Seed: seed, N: flipped, Observed: found, Pass: flipped == n && found == n,
		})
	})
}

// untold are the tables whose rows the log does not commit to, each for its reason.
func untold() map[string]string {
	return map[string]string{
		"idempotency_key":  "answers kept for a week, which nothing else rests on",
		"login_attempt":    "counts that slow down guessing; they are forgotten after an hour",
		"login_failure":    "counts that slow down guessing",
		"goose_db_version": "what the migrations know of themselves",
		"balance":          "derived from entries, and recounted",
		"ledger_path":      "derived from the tree, and recounted",
		"ledger_path_step": "derived from the tree, and recounted",
		"ledger_head":      "derived from entries, and recounted",
		"ledger_entry":     "sealed in spans",
		"log_leaf":         "the log itself", "log_hash": "the log itself", "log_seal": "the log itself", "log_head": "the log itself",
		"log_checkpoint": "the log itself",
	}
}

// TestEveryTableIsTold demands that each table is committed to by a kind of the log, or has a reason not to be.
func TestEveryTableIsTold(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, database.SQLite, database.Options{})
	told := map[string]bool{}
	for _, kind := range app.Kinds() {
		for _, part := range kind.Parts {
			if model, ok := part.Model.(interface{ TableName() string }); ok {
				told[model.TableName()] = true
			}
		}
	}
	for _, column := range dbtest.Columns(t, db) {
		if _, excused := untold()[column.Table]; !told[column.Table] && !excused {
			t.Errorf("no leaf commits to %s", column.Table)
			told[column.Table] = true
		}
	}
	for table := range untold() {
		if told[table] {
			t.Errorf("%s is committed to and needs no excuse", table)
		}
	}
}
