package audit_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
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

func kindOfThings() audit.Kind {
	return audit.Kind{Name: "thing", Parts: []audit.Part{{Model: thing{}, Key: "id", Omit: []string{"hidden"}}, {Model: piece{}, Key: "thing_id"}}}
}

// writeThings seals a thing with next to nothing in it and a full one with pieces.
func writeThings(tb testing.TB, db *database.DB) (first, second uuid.UUID) {
	tb.Helper()
	createThings(tb, db)
	first, second = uuid.MustParse("018f0000-0000-7000-8000-000000000001"), uuid.MustParse("018f0000-0000-7000-8000-000000000002")
	day, month := calendar.MustDate("2018-04-30"), calendar.NewMonth(2018, 5)
	at := time.Date(2018, 4, 30, 17, 0, 0, 120000000, time.UTC)
	no, many, remark := false, int64(1)<<60, "đã họp <b>"
	_, err := audit.Write(tb.Context(), db, audit.Act{Name: "test.write", Actor: "installation"}, func(tx *database.Tx) (int, error) {
		audit.Touch(tx, kindOfThings(), first, second)
		things := []thing{{ID: first, Day: day, Month: month, At: at, Hidden: "not committed to"}, {
			ID: second, Owner: &first, Day: day, Until: &day, Month: month, At: at, Ended: &at, Open: true, Asked: &no, Count: -7, Many: &many,
			Word: "đảng", Remark: &remark, Data: []byte{0, 1, 255},
		}}
		pieces := []piece{{second, 2, "a"}, {second, 1, "b"}}
		if err := database.Gorm(tb.Context(), tx).Create(&things).Error; err != nil {
			return 0, err
		}
		return 0, database.Gorm(tb.Context(), tx).Create(&pieces).Error
	})
	if err != nil {
		tb.Fatal(err)
	}
	return first, second
}

// TestContentIsWhatItWas holds the bytes under a commitment against a text that never changes: old leaves committed to it.
func TestContentIsWhatItWas(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		first, second := writeThings(t, db)
		want := map[uuid.UUID]string{
			first: `{"kind":"thing","record":"018f0000-0000-7000-8000-000000000001","rows":{"thing":[{"at":"2018-04-30T17:00:00.120000Z","day":"2018-04-30",` +
				`"id":"018f0000-0000-7000-8000-000000000001","month":"2018-05"}]}}`,
			second: `{"kind":"thing","record":"018f0000-0000-7000-8000-000000000002","rows":{"piece":[{"position":1,"text":"b","thing_id":"018f0000-0000-7000-8000-000000000002"},` +
				`{"position":2,"text":"a","thing_id":"018f0000-0000-7000-8000-000000000002"}],"thing":[{"asked":false,"at":"2018-04-30T17:00:00.120000Z","count":-7,"data":"AAH/",` +
				`"day":"2018-04-30","ended":"2018-04-30T17:00:00.120000Z","id":"018f0000-0000-7000-8000-000000000002","many":1152921504606846976,"month":"2018-05","open":true,` +
				`"owner":"018f0000-0000-7000-8000-000000000001","remark":"đã họp <b>","until":"2018-04-30","word":"đảng"}]}}`,
		}
		for id, content := range want {
			salt, commitment := sealOf(t, db, id.String())
			if sum := sha256.Sum256([]byte("sochibo/object/1\n" + salt + content)); string(sum[:]) != commitment {
				t.Errorf("%s is sealed as something else than %s", id, content)
			}
		}
		verified(t, db, kindOfThings())
	})
}

// TestAnotherTextForTheSameValue writes values into SQLite in a way that means the same, which the commitment alone would not show.
func TestAnotherTextForTheSameValue(t *testing.T) {
	t.Parallel()
	for _, change := range []string{
		"UPDATE thing SET at = replace(at, '.12', ',12')", "UPDATE thing SET at = replace(at, '.12', '.120')",
		"UPDATE thing SET ended = replace(ended, ' ', 'T')", "UPDATE thing SET open = 't' WHERE open",
	} {
		db := dbtest.Open(t, database.SQLite, database.Options{})
		_, second := writeThings(t, db)
		found, err := database.Write(t.Context(), db, func(tx *database.Tx) ([]audit.Mismatch, error) {
			if err := database.Gorm(t.Context(), tx).Exec(change).Error; err != nil {
				return nil, err
			}
			return audit.Verify(t.Context(), tx, audit.Check{Kinds: []audit.Kind{kindOfThings()}})
		})
		named := func(m audit.Mismatch) bool {
			return m.Place == "thing "+second.String() && strings.Contains(m.Detail, "is not written as the program writes it")
		}
		if err != nil || !slices.ContainsFunc(found, named) {
			t.Errorf("%s: %v %v", change, found, err)
		}
	}
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
