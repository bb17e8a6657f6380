package database

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"sochibo/internal/text"
)

// searchable are the tables whose texts are found by search_word, with what its order_key has of each.
func searchable(engine Engine) map[string]string {
	day := "held_on"
	if engine == Postgres {
		day = "to_char(held_on, 'YYYY-MM-DD')"
	}
	return map[string]string{
		"organization": "search_key", "member": "search_key", "directive": "''", "topic": "''", "inspection": "''",
		"meeting": "period_month || ' ' || " + day,
	}
}

// Misfiled is a text whose words are not those by which it is found; none where words belong to no text.
type Misfiled struct{ Table, ID string }

// textsAtOnce is how many texts are compared at a time.
const textsAtOnce = 500

// word is a row of search_word, as texts, since one that was tampered with may hold anything.
type word struct{ Source, Word, OrderKey, ObjectID string }

// VerifySearch takes every text that can be searched apart again and returns those that search_word has otherwise.
func VerifySearch(ctx context.Context, tx *Tx) ([]Misfiled, error) {
	var found []Misfiled
	var right, kept int64
	for table, orderKey := range searchable(tx.Engine()) {
		after := uuid.Nil.String()
		for after != "" {
			wrong, n, next, err := verifyTexts(ctx, tx, table, orderKey, after)
			if err != nil {
				return nil, fmt.Errorf("verify the words of %s: %w", table, err)
			}
			found, right, after = append(found, wrong...), right+n, next
		}
	}
	if err := Gorm(ctx, tx).Raw("SELECT count(*) FROM search_word").Scan(&kept).Error; err != nil {
		return nil, err
	}
	if len(found) == 0 && kept != right {
		found = append(found, Misfiled{})
	}
	slices.SortFunc(found, func(a, b Misfiled) int { return strings.Compare(a.Table+a.ID, b.Table+b.ID) })
	return found, nil
}

// verifyTexts compares some texts, in the order of their ids. It returns those that are found otherwise, how many words the others have, and
// the last id, or nothing after the last texts.
func verifyTexts(ctx context.Context, tx *Tx, table, orderKey, after string) (wrong []Misfiled, right int64, last string, err error) {
	var texts []struct{ ID, SearchKey, OrderKey string }
	q := "SELECT CAST(id AS text) AS id, search_key, " + orderKey + " AS order_key FROM " + table + " WHERE id > ? ORDER BY id LIMIT ?"
	if err := Gorm(ctx, tx).Raw(q, after, textsAtOnce).Scan(&texts).Error; err != nil || len(texts) == 0 {
		return nil, 0, "", err
	}
	ids := make([]string, len(texts))
	for i, t := range texts {
		ids[i] = t.ID
	}
	var words []word
	const kept = "SELECT source, word, order_key, CAST(object_id AS text) AS object_id FROM search_word WHERE source = ? AND object_id IN ?"
	if err := Gorm(ctx, tx).Raw(kept, table, ids).Scan(&words).Error; err != nil {
		return nil, 0, "", err
	}
	byID := map[string][]word{}
	for _, w := range words {
		byID[w.ObjectID] = append(byID[w.ObjectID], w)
	}
	for _, t := range texts {
		expected := wordsOf(table, t.ID, t.SearchKey, t.OrderKey)
		if !sameWords(expected, byID[t.ID]) {
			wrong = append(wrong, Misfiled{table, t.ID})
			continue
		}
		right += int64(len(expected))
	}
	return wrong, right, ids[len(ids)-1], nil
}

// wordsOf takes a text apart as the triggers do.
func wordsOf(table, id, searchKey, orderKey string) []word {
	signs := []rune(text.Parted(searchKey))
	seen := map[word]bool{}
	var all []word
	for i, sign := range signs {
		if sign == ' ' || i > 0 && signs[i-1] != ' ' {
			continue
		}
		w := word{table, string(signs[i:min(len(signs), i+wordSigns)]), orderKey, id}
		if !seen[w] {
			seen[w], all = true, append(all, w)
		}
	}
	return all
}

func sameWords(a, b []word) bool {
	by := func(a, b word) int { return strings.Compare(a.Word+a.Source+a.OrderKey, b.Word+b.Source+b.OrderKey) }
	slices.SortFunc(a, by)
	slices.SortFunc(b, by)
	return slices.Equal(a, b)
}
