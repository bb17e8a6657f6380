package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// sealedAtOnce is how many entries one commitment of the log is for, at most.
const sealedAtOnce = 100

// entriesAtOnce is how many entries are read at a time.
const entriesAtOnce = 2000

// Sealed is what the log commits to of the ledger: its entries, in spans that were written together.
func Sealed() audit.Kind {
	return audit.Kind{Name: "ledger_entries", Contents: entriesOf, IDs: spans, Rows: &audit.Rows{
		Part: audit.Part{Model: Entry{}, Key: "number"}, Of: numbersIn, One: func(number string) string { return number + "-" + number },
	}}
}

// numbersIn lists the numbers of a span.
func numbersIn(id string) ([]string, error) {
	s, err := parseSpan(id)
	if err != nil || s.last-s.first >= sealedAtOnce {
		return nil, fmt.Errorf("%q names no span of entries", id)
	}
	var numbers []string
	for n := s.first; n <= s.last; n++ {
		numbers = append(numbers, strconv.FormatInt(n, 10))
	}
	return numbers, nil
}

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

// entriesOf reads the entries of some spans, neighbours together.
func entriesOf(ctx context.Context, tx *database.Tx, ids []string) (map[string][]byte, error) {
	all := make([]entrySpan, len(ids))
	for i, id := range ids {
		s, err := parseSpan(id)
		if err != nil {
			return nil, err
		}
		all[i] = s
	}
	slices.SortFunc(all, func(a, b entrySpan) int { return cmp.Compare(a.first, b.first) })
	contents := make(map[string][]byte, len(ids))
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].first == all[n-1].last+1 && all[n].last-all[0].first < entriesAtOnce {
			n++
		}
		if err := readSpans(ctx, tx, all[:n], contents); err != nil {
			return nil, err
		}
		all = all[n:]
	}
	return contents, nil
}

// readSpans reads the entries of spans that follow one another.
func readSpans(ctx context.Context, tx *database.Tx, run []entrySpan, contents map[string][]byte) error {
	entries, err := database.Of[Entry](database.Gorm(ctx, tx)).
		Where("number BETWEEN ? AND ?", run[0].first, run[len(run)-1].last).Order("number").Find(ctx)
	if err != nil {
		return err
	}
	for _, s := range run {
		n := 0
		for n < len(entries) && entries[n].Number <= s.last {
			n++
		}
		if n > 0 {
			contents[s.String()] = sealedContent(entries[:n])
		}
		entries = entries[n:]
	}
	return nil
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
