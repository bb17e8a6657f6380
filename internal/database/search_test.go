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

// manyNames makes names of a few words, more than a search sorts, and things that are typed.
func manyNames(seed uint64) (names map[string]string, typed []string) {
	words := strings.Fields("Chi bộ Trường Mầm non Hoa Sen, Hoà Hòa Hoàng Đảng ủy (khối) cơ-quan 12/2018 số:3 An Ân Ẩn Thị Văn 100% a_b")
	random := rand.New(rand.NewPCG(24, seed))
	names = map[string]string{}
	for n := range 2300 {
		name := []string{"Chi bộ"}
		for range 1 + random.IntN(9) {
			name = append(name, words[random.IntN(len(words))])
		}
		names[uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n)).String()] = strings.Join(name, " ")
	}
	typed = []string{
		"chi", "CHI BỘ", "chi bo", "hi bo", "bo", "hoa", "hoa s", "hoa sen,", "hoa-sen", "an", "thị văn", "12/2018", "2018", "018", "100%", "a_b", "axb",
		"khoi", "(khối) cơ", "quan 12", "so 3", "đảng ủy", "khong co", "chi bộ chi bộ chi bộ chi bộ chi bộ chi bộ chi bộ", `\`,
	}
	for _, name := range names {
		if typed = append(typed, name, name[:len(name)-1]); len(typed) > 35 {
			break
		}
	}
	return names, typed
}

// TestSearch holds what a search finds, among many names and among few, against the names themselves.
func TestSearch(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		names, typed := manyNames(1)
		storeNames(t, db, names)
		for _, q := range append(typed, "", "-") {
			if diff := cmp.Diff(holding(names, q), found(t, db, q)); diff != "" {
				t.Errorf("search for %q: %s", q, diff)
			}
		}
	})
}

// TestMatches reads all that a search finds page by page, in the order of the matches, by the words and by the rows, and holds it against the
// names sorted the naive way.
func TestMatches(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		names, typed := manyNames(2)
		storeNames(t, db, names)
		for _, q := range typed {
			first := map[string]string{} // the first of the words that match
			want := holding(names, q)
			for _, id := range want {
				parted := text.Parted(text.SearchKey(names[id]))
				for at := range parted {
					rest := []rune(parted[at:])
					rest = rest[:min(40, len(rest))]
					begins := strings.HasPrefix(string(rest), string([]rune(text.SearchStart(q))[:min(40, len([]rune(text.SearchStart(q))))]))
					if begins && (at == 0 || parted[at-1] == ' ') && (first[id] == "" || string(rest) < first[id]) {
						first[id] = string(rest)
					}
				}
			}
			slices.SortFunc(want, func(a, b string) int {
				return cmpOf(first[a], first[b], text.SearchKey(names[a]), text.SearchKey(names[b]), a, b)
			})
			for _, few := range []bool{false, true} {
				size := 1 + len(want)/3
				got, err := database.Read(t.Context(), db, func(tx *database.Tx) ([]string, error) {
					ids := []string{}
					var after *database.Match
					for {
						all := database.Matches(database.Of[place](database.Gorm(t.Context(), tx)), q, after, few)
						rows, err := all.Limit(size).Find(t.Context())
						if err != nil || len(rows) == 0 || len(ids) > len(want) { // a page too many ends it
							return ids, err
						}
						for _, row := range rows {
							ids = append(ids, row.ID)
						}
						last := rows[len(rows)-1].ID
						at := database.MatchOf(q, text.SearchKey(names[last]), last)
						after = database.ParseMatch(at.Keys())
					}
				})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("matches of %q, few %v: %s", q, few, diff)
				}
			}
		}
	})
}

// cmpOf compares pairs until one differs.
func cmpOf(pairs ...string) int {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] != pairs[i+1] {
			return strings.Compare(pairs[i], pairs[i+1])
		}
	}
	return 0
}

// TestSearchOrdered reads all that a search finds page by page, in the order of the list and the other way round, where another condition
// leaves out most of the rows and where none does.
func TestSearchOrdered(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		names, typed := manyNames(3)
		storeNames(t, db, names)
		for _, q := range typed {
			for _, down := range []bool{false, true} {
				for _, begins := range []string{"", "0"} {
					want := slices.DeleteFunc(holding(names, q), func(id string) bool { return !strings.HasPrefix(id, begins) })
					slices.SortFunc(want, func(a, b string) int { return cmpOf(text.SearchKey(names[a]), text.SearchKey(names[b]), a, b) })
					order, beyond := "search_key, id", ">"
					if down {
						slices.Reverse(want)
						order, beyond = "search_key DESC, id DESC", "<"
					}
					page := database.Ordered{Order: order, Down: down, AtMost: 1 + len(want)/3, Beyond: "TRUE"}
					got, err := database.Read(t.Context(), db, func(tx *database.Tx) ([]string, error) {
						ids := []string{}
						for {
							all := database.Of[place](database.Gorm(t.Context(), tx)).Where("CAST(id AS text) LIKE ?", begins+"%")
							rows, err := database.SearchOrdered(t.Context(), tx, all, q, page)
							if err != nil || len(rows) == 0 || len(ids) > len(want) {
								return ids, err
							}
							for _, row := range rows {
								ids = append(ids, row.ID)
							}
							last := rows[len(rows)-1].ID
							page.After = []string{text.SearchKey(names[last]), last}
							page.Beyond, page.Values = "(search_key, id) "+beyond+" (?, ?)", []any{page.After[0], last}
						}
					})
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("search for %q, down %v, ids that begin with %q: %s", q, down, begins, diff)
					}
				}
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
