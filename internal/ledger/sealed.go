package ledger

import (
	"context"
	"fmt"
	"strconv"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// sealedAtOnce is how many entries one commitment of the log is for, at most.
const sealedAtOnce = 100

// Sealed is what the log commits to of the ledger: its entries, in spans that were written together.
func Sealed() audit.Kind { return audit.Kind{Name: "ledger_entries", Contents: entriesOf, IDs: spans} }

// entrySpan names entries by the first and last of their numbers.
type entrySpan struct{ first, last int64 }

func (s entrySpan) String() string { return fmt.Sprintf("%d-%d", s.first, s.last) }

// spans names all entries there are.
func spans(ctx context.Context, tx *database.Tx) ([]string, error) {
	last, err := headNumber(ctx, tx)
	var ids []string
	for first := int64(1); err == nil && first <= last; first += sealedAtOnce {
		ids = append(ids, entrySpan{first, min(first+sealedAtOnce-1, last)}.String())
	}
	return ids, err
}

func parseSpan(id string) (entrySpan, error) {
	var s entrySpan
	n, err := fmt.Sscanf(id, "%d-%d", &s.first, &s.last)
	if err != nil || n != 2 || s.last < s.first || s.String() != id {
		return entrySpan{}, fmt.Errorf("%q names no entries", id)
	}
	return s, nil
}

func entriesOf(ctx context.Context, tx *database.Tx, ids []string) (map[string][]byte, error) {
	contents := make(map[string][]byte, len(ids))
	for _, id := range ids {
		s, err := parseSpan(id)
		if err != nil {
			return nil, err
		}
		entries, err := database.Of[Entry](database.Gorm(ctx, tx)).Where("number BETWEEN ? AND ?", s.first, s.last).Order("number").Find(ctx)
		if err != nil {
			return nil, err
		}
		if len(entries) > 0 {
			contents[id] = sealedContent(entries)
		}
	}
	return contents, nil
}

// sealedContent writes entries a line each: every column in the order of entryColumns, nothing for a value that is not there.
func sealedContent(entries []Entry) []byte {
	content := make([]byte, 0, 300*len(entries))
	for i := range entries {
		e := &entries[i]
		content = strconv.AppendInt(content, e.Number, 10)
		content = e.RecordedAt.UTC().AppendFormat(append(content, '|'), "2006-01-02T15:04:05.000000Z")
		for _, text := range []string{
			string(e.Cause), string(e.Source), e.SourceID.String(), optional(e.VersionNumber), optional(e.Reverses), e.PathID.String(),
			e.OrganizationID.String(), e.Day.String(), e.Month.String(), string(e.Body), string(e.Basis),
		} {
			content = append(append(content, '|'), text...)
		}
		cells := e.cells()
		for _, cell := range cells[:sealedCells(cells[:])] {
			content = strconv.AppendInt(append(content, '|'), *cell, 10)
		}
		content = append(content, '\n')
	}
	return content
}

// sealedCells returns how many counters are written: the first ones, and all where one of the later ones is not 0.
func sealedCells(cells []*int64) int {
	for _, cell := range cells[firstColumns:] {
		if *cell != 0 {
			return len(cells)
		}
	}
	return firstColumns
}

func optional[N int | int64](n *N) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(int64(*n), 10)
}
