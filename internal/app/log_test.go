package app_test

import (
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"sochibo/internal/app"
	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

// logged is an installation with the sample, some users and a signed log, and an operator who can do anything to its store.
type logged struct {
	installation

	engine   database.Engine
	operator operator
	address  string
	clock    *movable
	zone     calendar.Zone
	secrets  []config.Secret // the keys of the log, the one in charge last
}

// movable is a clock that a test can put forward.
type movable struct{ ahead atomic.Int64 }

func (m *movable) now() time.Time { return time.Now().Add(time.Duration(m.ahead.Load())) }

// beyondMidnight puts the clock forward where the day is about to end or has just begun: what a test finds must not depend on the hour.
func (m *movable) beyondMidnight(zone calendar.Zone) {
	const about = 45 * time.Minute
	if zone.DateOf(m.now().Add(-about)) != zone.DateOf(m.now().Add(about)) {
		m.forward(2 * about)
	}
}

func (m *movable) forward(d time.Duration) { m.ahead.Add(int64(d)) }

// by is the same installation, started with another key or other settings.
func (in logged) by(tb testing.TB, c config.Config) logged {
	tb.Helper()
	c.Zone = in.zone
	in.App = app.Over(in.DB(), c, "test", slog.New(in.failed))
	var err error
	if in.handler, err = in.Handler(); err != nil {
		tb.Fatal(err)
	}
	return in
}

// rotated hands the log over to a new key and returns the installation started with it.
func (in logged) rotated(tb testing.TB) logged {
	tb.Helper()
	next := logKey(tb)
	if _, _, err := in.RotateKey(tb.Context(), next.Reveal()); err != nil {
		tb.Fatal(err)
	}
	in.secrets = append(slices.Clone(in.secrets), next)
	return in.by(tb, config.Config{LogKey: next})
}

// look has an auditor read n things that are recorded.
func (in logged) look(tb testing.TB, n int) {
	tb.Helper()
	auditor := in.as(tb, auth.RoleAuditor, "")
	for range n {
		auditor.must(tb, http.StatusOK, http.MethodGet, "/members?limit=1", "")
	}
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

// newLogged has the sample in it.
func newLogged(t *testing.T, engine database.Engine) logged {
	t.Helper()
	in := openLogged(t, engine)
	in.importSample(t)
	in.as(t, auth.RoleAuditor, "")
	in.sign(t)
	return in.seasoned(t)
}

// seasoned has a key that took the place of the first, two days of accesses that ended, and one that is running.
func (in logged) seasoned(t *testing.T) logged {
	t.Helper()
	in = in.rotated(t)
	for range 2 {
		in.look(t, 3)
		in.clock.forward(24 * time.Hour)
	}
	in.look(t, 3)
	if err := in.CloseDays(t.Context()); err != nil {
		t.Fatal(err)
	}
	in.sign(t)
	return in
}

// openLogged has a log that has begun, and nothing else.
func openLogged(t *testing.T, engine database.Engine) logged {
	t.Helper()
	zone, err := calendar.LoadZone("")
	if err != nil {
		t.Fatal(err)
	}
	address := dbtest.URL(t, engine)
	clock := &movable{}
	clock.beyondMidnight(zone)
	db, err := database.Open(t.Context(), address, database.Options{Zone: zone, Now: clock.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	failed := &failures{}
	key := logKey(t)
	a := app.Over(db, config.Config{Zone: zone, LogKey: key, SecretKey: secretKey}, "test", slog.New(failed))
	in := logged{
		installation: installation{App: a, failed: failed}, engine: engine, address: address, clock: clock, zone: zone, secrets: []config.Secret{key},
	}
	if in.handler, err = a.Handler(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
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
	return told(found)
}

func told(found []audit.Mismatch) []string {
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

// unverified are the tables that verify does not look at, each for its reason.
func unverified() map[string]string {
	return map[string]string{
		"idempotency_key":  "answers kept for a week, which nothing else rests on",
		"login_attempt":    "counts that slow down guessing; they are forgotten after an hour",
		"login_failure":    "counts that slow down guessing",
		"login_exchange":   "logins under way, for ten minutes; each has a leaf of its own when it begins and when it ends",
		"goose_db_version": "what the migrations know of themselves",
	}
}

// untold are the tables whose rows the log does not commit to, each for its reason.
func untold() map[string]string {
	all := map[string]string{
		"balance":             "derived from entries, and recounted",
		"ledger_path":         "derived from the tree, and recounted",
		"ledger_path_step":    "derived from the tree, and recounted",
		"ledger_head":         "derived from entries, and recounted",
		"organization_above":  "derived from the tree, and unrolled again",
		"organization_member": "derived from where members belong, and derived again",
		"attendance_absent":   "derived from the rolls, and derived again",
		"search_word":         "derived from the texts, and taken apart again",
		"ledger_entry":        "sealed in spans",
		"log_leaf":            "the log itself", "log_hash": "the log itself", "log_seal": "the log itself", "log_head": "the log itself",
		"log_checkpoint": "the log itself",
		"access_entry":   "committed to by the digest of its day, which is a record of its own",
	}
	maps.Copy(all, unverified())
	return all
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
		if _, excused := unverified()[column.Table]; excused == slices.Contains(covered(), column.Table) {
			t.Errorf("%s is to be either among the tables whose bits are flipped or excused", column.Table)
		}
	}
	for table := range untold() {
		if told[table] {
			t.Errorf("%s is committed to and needs no excuse", table)
		}
	}
}
