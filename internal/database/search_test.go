package database_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/text"
)

// place is a row of a table that can be searched.
type place struct{ ID string }

func (place) TableName() string { return "organization" }

// found returns the ids of the rows that a search finds, in order.
func found(tb testing.TB, db *database.DB, typed string) []string {
	tb.Helper()
	ids, err := database.Read(tb.Context(), db, func(tx *database.Tx) ([]string, error) {
		all, err := database.Search(tb.Context(), tx, database.Of[place](database.Gorm(tb.Context(), tx)).Select("id").Order("id"), typed)
		if err != nil {
			return nil, err
		}
		rows, err := all.Find(tb.Context())
		ids := []string{}
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		return ids, err
	})
	if err != nil {
		tb.Fatalf("search for %q: %v", typed, err)
	}
	return ids
}

// holding returns the ids of the names that hold what is typed, the naive way.
func holding(names map[string]string, typed string) []string {
	ids := []string{}
	for id, name := range names {
		if strings.Contains(" "+text.Parted(text.SearchKey(name)), " "+text.SearchStart(typed)) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// storeNames inserts organisations with names.
func storeNames(tb testing.TB, db *database.DB, names map[string]string) {
	tb.Helper()
	columns := []string{"id", "kind", "name", "search_key", "sort_key", "created_at", "updated_at"}
	_, err := database.Write(tb.Context(), db, func(tx *database.Tx) (int64, error) {
		return database.InsertAll(tb.Context(), tx, "organization", columns, func(yield func([]any) bool) {
			for id, name := range names {
				if !yield([]any{uuid.MustParse(id), "cell", name, text.SearchKey(name), text.TitleKey(name), time.Now(), time.Now()}) {
					return
				}
			}
		})
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func misfiled(tb testing.TB, db *database.DB) []database.Misfiled {
	tb.Helper()
	wrong, err := database.Read(tb.Context(), db, func(tx *database.Tx) ([]database.Misfiled, error) {
		return database.VerifySearch(tb.Context(), tx)
	})
	if err != nil {
		tb.Fatal(err)
	}
	return wrong
}

// TestSearch holds what a search finds, among many names and among few, against the names themselves.
func TestSearch(t *testing.T) {
	t.Parallel()
	words := strings.Fields("Chi bộ Trường Mầm non Hoa Sen, Hoà Hòa Hoàng Đảng ủy (khối) cơ-quan 12/2018 số:3 An Ân Ẩn Thị Văn 100% a_b")
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		random := rand.New(rand.NewPCG(24, 1))
		names := map[string]string{}
		for n := range 1500 {
			name := []string{"Chi bộ"}
			for range 1 + random.IntN(9) {
				name = append(name, words[random.IntN(len(words))])
			}
			names[uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n)).String()] = strings.Join(name, " ")
		}
		storeNames(t, db, names)
		typed := []string{
			"", "chi", "CHI BỘ", "chi bo", "hi bo", "bo", "hoa", "hoa s", "hoa sen,", "hoa-sen", "an", "thị văn", "12/2018", "2018", "018", "100%", "a_b", "axb",
			"khoi", "(khối) cơ", "quan 12", "so 3", "đảng ủy", "-", "khong co", "chi bộ chi bộ chi bộ chi bộ chi bộ chi bộ chi bộ", `\`,
		}
		for _, name := range names {
			if typed = append(typed, name, name[:len(name)-1]); len(typed) > 60 {
				break
			}
		}
		for _, q := range typed {
			if diff := cmp.Diff(holding(names, q), found(t, db, q)); diff != "" {
				t.Errorf("search for %q: %s", q, diff)
			}
		}
	})
}

// TestSearchFollowsWrites changes and removes what was found, and tampers with the words.
func TestSearchFollowsWrites(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		const a, b, c = "018f0000-0000-7000-8000-00000000000a", "018f0000-0000-7000-8000-00000000000b", "018f0000-0000-7000-8000-00000000000c"
		storeNames(t, db, map[string]string{a: "Chi bộ Sen", b: "Chi bộ Sen Sen", c: "Chi bộ Cúc"})
		set := func(id, name string) string {
			return fmt.Sprintf("UPDATE organization SET search_key = '%s' WHERE id = '%s'", text.SearchKey(name), id)
		}
		want := func(typed string, ids ...string) {
			t.Helper()
			if diff := cmp.Diff(append([]string{}, ids...), found(t, db, typed)); diff != "" {
				t.Errorf("search for %q: %s", typed, diff)
			}
		}
		want("sen", a, b)
		mustExec(t, db, "INSERT INTO directive (id, number, issuer, issued_on, title, search_key, created_at, updated_at) VALUES ('"+a+
			"', '1', 'TW', '2018-01-01', 'Cúc', 'cuc', '2018-01-01', '2018-01-01')") // ids may be the same in two tables
		want("cuc", c)
		mustExec(t, db, "DELETE FROM directive")
		mustExec(t, db, set(a, "Chi bộ Hồng"), "DELETE FROM organization WHERE id = '"+b+"'", "UPDATE organization SET name = 'Khác' WHERE id = '"+c+"'")
		want("sen")
		want("hong", a)
		want("cuc", c)
		if wrong := misfiled(t, db); len(wrong) > 0 {
			t.Errorf("misfiled: %v", wrong)
		}
		for _, tampered := range []struct {
			with, back string
			wrong      database.Misfiled
		}{
			{"DELETE FROM search_word WHERE word = 'cuc'", set(c, "x") + ";" + set(c, "Chi bộ Cúc"), database.Misfiled{Table: "organization", ID: c}},
			{"UPDATE search_word SET word = 'hoa' WHERE word = 'hong'", "UPDATE search_word SET word = 'hong' WHERE word = 'hoa'", database.Misfiled{Table: "organization", ID: a}},
			{"INSERT INTO search_word VALUES ('member', 'hoa', '', '" + b + "')", "DELETE FROM search_word WHERE object_id = '" + b + "'", database.Misfiled{}},
		} {
			mustExec(t, db, tampered.with)
			if diff := cmp.Diff([]database.Misfiled{tampered.wrong}, misfiled(t, db)); diff != "" {
				t.Errorf("%s: %s", tampered.with, diff)
			}
			mustExec(t, db, strings.Split(tampered.back, ";")...)
		}
		if wrong := misfiled(t, db); len(wrong) > 0 {
			t.Errorf("misfiled: %v", wrong)
		}
	})
}

// TestSearchTakesAnyTextApart holds what the triggers make of odd texts against what verify makes of them.
func TestSearchTakesAnyTextApart(t *testing.T) {
	t.Parallel()
	odd := []string{
		"ﷺ", "' OR 1=1; --", "%_\\", strings.Repeat("đ", 2000), "👩‍👩‍👧‍👦 gia đình", "ẛ̣ ı ß", "../../etc/passwd", "${jndi:ldap://x}", "<script>", "-", "---", "a - b", "a  b", "(a)(b)",
		"một hai ba bốn năm sáu bảy tám chín mười mười một mười hai mười ba", "\u0020", "a\u00a0b", "x.", ".x", "x y x y", "١٢٣ ٤", "Ａ／Ｂ", "é́́", "\t", "a\nb",
	}
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		names := map[string]string{}
		for n, name := range odd {
			names[uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n)).String()] = name
		}
		storeNames(t, db, names)
		for _, wrong := range misfiled(t, db) {
			t.Errorf("%q is taken apart otherwise", names[wrong.ID])
		}
	})
}
