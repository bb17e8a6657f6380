package audit_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

// TestLeavesOfManyWriters appends leaves from many writers at once, each of whom reads the right edge of the tree that the others grow.
func TestLeavesOfManyWriters(t *testing.T) {
	t.Parallel()
	const writers, writes = 8, 25
	kind := audit.Kind{Name: "page", Contents: func(_ context.Context, _ *database.Tx, ids []string) (map[string][]byte, error) {
		found := map[string][]byte{}
		for _, id := range ids {
			found[id] = []byte("the page " + id)
		}
		return found, nil
	}}
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		var group sync.WaitGroup
		for writer := range writers {
			group.Go(func() {
				for i := range writes {
					_, err := audit.Write(t.Context(), db, audit.Act{Name: "test.write", Actor: "installation"}, func(tx *database.Tx) (int, error) {
						audit.Touch(tx, kind, named(fmt.Sprint(writer, "-", i)))
						return 0, nil
					})
					if err != nil {
						t.Errorf("writer %d: %v", writer, err)
						return
					}
				}
			})
		}
		group.Wait()
		if n := strings.Count(recordsIn(t, db), "-"); n != writers*writes {
			t.Errorf("the leaves name %d records", n)
		}
		verified(t, db, kind)
	})
}

func verified(t *testing.T, db *database.DB, kinds ...audit.Kind) {
	t.Helper()
	found, err := database.Read(t.Context(), db, func(tx *database.Tx) ([]audit.Mismatch, error) {
		return audit.Verify(t.Context(), tx, audit.Check{Kinds: kinds})
	})
	if err != nil || len(found) > 0 {
		t.Errorf("verify: %v %v", found, err)
	}
}

type word string

// thing is a record with a column of every kind there is, some of which may hold nothing.
type thing struct {
	ID     uuid.UUID
	Owner  *uuid.UUID
	Day    calendar.Date
	Until  *calendar.Date
	Month  calendar.Month
	At     time.Time
	Ended  *time.Time
	Open   bool
	Asked  *bool
	Count  int
	Many   *int64
	Word   word
	Remark *string
	Data   []byte
	Hidden string
}

// TableName names the table of things.
func (thing) TableName() string { return "thing" }

// piece is a row that belongs to a thing.
type piece struct {
	ThingID  uuid.UUID `gorm:"primaryKey"`
	Position int       `gorm:"primaryKey"`
	Text     string
}

// TableName names the table of pieces.
func (piece) TableName() string { return "piece" }

func createThings(tb testing.TB, db *database.DB) {
	tb.Helper()
	id, instant, blob := "text", "datetime", "blob"
	if db.Engine() == database.Postgres {
		id, instant, blob = "uuid", "timestamptz", "bytea"
	}
	_, err := database.Write(tb.Context(), db, func(tx *database.Tx) (int, error) {
		for _, q := range []string{
			"CREATE TABLE thing (id " + id + " PRIMARY KEY, owner " + id + ", day date NOT NULL, until date, month text, at " + instant + ", ended " + instant +
				", open boolean, asked boolean, count integer, many bigint, word text, remark text, data " + blob + ", hidden text)",
			"CREATE TABLE piece (thing_id " + id + ", position integer, text text, PRIMARY KEY (thing_id, position))",
		} {
			if err := database.Gorm(tb.Context(), tx).Exec(q).Error; err != nil {
				return 0, err
			}
		}
		return 0, nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// TestContentIsWhatItWas holds the bytes under a commitment against a text that never changes: old leaves committed to it.
func TestContentIsWhatItWas(t *testing.T) {
	t.Parallel()
	kind := audit.Kind{Name: "thing", Parts: []audit.Part{{Model: thing{}, Key: "id", Omit: []string{"hidden"}}, {Model: piece{}, Key: "thing_id"}}}
	first, second := uuid.MustParse("018f0000-0000-7000-8000-000000000001"), uuid.MustParse("018f0000-0000-7000-8000-000000000002")
	day, month := calendar.MustDate("2018-04-30"), calendar.NewMonth(2018, 5)
	at := time.Date(2018, 4, 30, 17, 0, 0, 120000000, time.UTC)
	yes, many, remark := false, int64(1)<<60, "đã họp <b>"
	want := map[string]string{
		first.String(): `{"kind":"thing","record":"018f0000-0000-7000-8000-000000000001","rows":{"thing":[{"at":"2018-04-30T17:00:00.120000Z","day":"2018-04-30",` +
			`"id":"018f0000-0000-7000-8000-000000000001","month":"2018-05"}]}}`,
		second.String(): `{"kind":"thing","record":"018f0000-0000-7000-8000-000000000002","rows":{"piece":[{"position":1,"text":"b","thing_id":"018f0000-0000-7000-8000-000000000002"},` +
			`{"position":2,"text":"a","thing_id":"018f0000-0000-7000-8000-000000000002"}],"thing":[{"asked":false,"at":"2018-04-30T17:00:00.120000Z","count":-7,"data":"AAH/",` +
			`"day":"2018-04-30","ended":"2018-04-30T17:00:00.120000Z","id":"018f0000-0000-7000-8000-000000000002","many":1152921504606846976,"month":"2018-05","open":true,` +
			`"owner":"018f0000-0000-7000-8000-000000000001","remark":"đã họp <b>","until":"2018-04-30","word":"đảng"}]}}`,
	}
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		createThings(t, db)
		_, err := audit.Write(t.Context(), db, audit.Act{Name: "test.write", Actor: "installation"}, func(tx *database.Tx) (int, error) {
			audit.Touch(tx, kind, first, second)
			things := []thing{{ID: first, Day: day, Month: month, At: at, Hidden: "not committed to"}, {
				ID: second, Owner: &first, Day: day, Until: &day, Month: month, At: at, Ended: &at, Open: true, Asked: &yes, Count: -7, Many: &many,
				Word: "đảng", Remark: &remark, Data: []byte{0, 1, 255},
			}}
			pieces := []piece{{second, 2, "a"}, {second, 1, "b"}}
			if err := database.Gorm(t.Context(), tx).Create(&things).Error; err != nil {
				return 0, err
			}
			return 0, database.Gorm(t.Context(), tx).Create(&pieces).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		for id, content := range want {
			salt, commitment := sealOf(t, db, id)
			if sum := sha256.Sum256([]byte("sochibo/object/1\n" + salt + content)); string(sum[:]) != commitment {
				t.Errorf("%s is sealed as something else than %s", id, content)
			}
		}
		verified(t, db, kind)
	})
}

// TestRemovedAndMadeAgain gives a record the id of one that is gone: each leaf follows on the one before.
func TestRemovedAndMadeAgain(t *testing.T) {
	t.Parallel()
	kind := audit.Kind{Name: "piece", Parts: []audit.Part{{Model: piece{}, Key: "thing_id"}}}
	id := uuid.MustParse("018f0000-0000-7000-8000-000000000003")
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		createThings(t, db)
		for _, q := range []string{
			"INSERT INTO piece (thing_id, position, text) VALUES (?, 1, 'a')", "UPDATE piece SET text = 'b' WHERE thing_id = ?",
			"DELETE FROM piece WHERE thing_id = ?", "INSERT INTO piece (thing_id, position, text) VALUES (?, 2, 'c')",
		} {
			_, err := audit.Write(t.Context(), db, audit.Act{Name: "test.write", Actor: "installation"}, func(tx *database.Tx) (int, error) {
				audit.Touch(tx, kind, id)
				return 0, database.Gorm(t.Context(), tx).Exec(q, id).Error
			})
			if err != nil {
				t.Fatalf("%s: %v", q, err)
			}
			verified(t, db, kind)
		}
		if got := len(strings.Fields(recordsIn(t, db))); got != 4 {
			t.Errorf("the leaves name the record %d times", got)
		}
	})
}

func sealOf(tb testing.TB, db *database.DB, id string) (salt, commitment string) {
	tb.Helper()
	seal, err := database.Read(tb.Context(), db, func(tx *database.Tx) (seal struct{ Salt, Commitment []byte }, err error) {
		return seal, database.Gorm(tb.Context(), tx).Raw("SELECT salt, commitment FROM log_seal WHERE object_id = ?", id).Scan(&seal).Error
	})
	if err != nil {
		tb.Fatal(err)
	}
	return string(seal.Salt), string(seal.Commitment)
}
