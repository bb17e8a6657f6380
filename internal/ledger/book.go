package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// Book collects what one transaction posts. Nothing is written before Close, so that all locks on balances are taken in
// one order, and the head of the book, through which every writer has to pass, is held for as short as can be.
type Book struct {
	tx      *database.Tx
	rules   *rules.Book
	forest  *forest
	paths   map[uuid.UUID]Path
	entries []Entry
	deltas  map[balanceKey]Counters
	sink    sink
	summed  int64 // where there is a sink: the last entry that the balances hold
}

// sink takes entries away while they are posted; a bulk book has one.
type sink func(ctx context.Context, e Entry) error

type balanceKey struct {
	organization org.ID
	via          org.ID
	month        calendar.Month
	body         org.Body
	basis        Basis
}

func (k balanceKey) compare(other balanceKey) int {
	for _, c := range []int{
		strings.Compare(k.organization.String(), other.organization.String()),
		strings.Compare(k.via.String(), other.via.String()),
		k.month.Compare(other.month),
		strings.Compare(string(k.body), string(other.body)),
		strings.Compare(string(k.basis), string(other.basis)),
	} {
		if c != 0 {
			return c
		}
	}
	return 0
}

// Open begins the postings of a transaction. The caller holds the tree lock, shared or alone, and the row of every
// organisation whose obligations it settles.
func Open(_ context.Context, tx *database.Tx) (*Book, error) {
	book, err := rules.Embedded()
	if err != nil {
		return nil, err
	}
	return &Book{tx: tx, rules: book, forest: newForest(), paths: map[uuid.UUID]Path{}, deltas: map[balanceKey]Counters{}}, nil
}

// Post adds one entry on the path of the organisation by the tree of the posting's day.
func (b *Book) Post(ctx context.Context, p Posting) error {
	if p.Counters.IsZero() {
		return nil
	}
	if err := b.forest.grow(ctx, b.tx, p.Organization); err != nil {
		return err
	}
	return b.add(ctx, p.entry(), b.forest.pathOn(p.Organization, p.Day))
}

func (p Posting) entry() Entry {
	return Entry{
		Cause: p.Cause, Source: p.Source, SourceID: p.SourceID, VersionNumber: p.Version, OrganizationID: p.Organization,
		Day: p.Day, Month: p.Month, Body: p.Body, Basis: p.Basis, Counters: p.Counters,
	}
}

// Reverse takes back every entry of the source that still stands, or those of the bases that are named.
func (b *Book) Reverse(ctx context.Context, cause Cause, source Source, id uuid.UUID, bases ...Basis) error {
	standing, err := StandingEntries(ctx, b.tx, source, id)
	if err != nil {
		return err
	}
	for _, e := range standing {
		if len(bases) > 0 && !slices.Contains(bases, e.Basis) {
			continue
		}
		if err := b.reverse(ctx, cause, e); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) reverse(ctx context.Context, cause Cause, e Entry) error {
	path, err := b.pathOf(ctx, e.PathID)
	if err != nil {
		return err
	}
	reversal := e
	reversal.Cause, reversal.Reverses, reversal.Counters = cause, &e.Number, e.Counters.Negated()
	return b.add(ctx, reversal, path)
}

func (b *Book) pathOf(ctx context.Context, id uuid.UUID) (Path, error) {
	if p, ok := b.paths[id]; ok {
		return p, nil
	}
	p, err := findPath(ctx, b.tx, id)
	if err != nil {
		return Path{}, err
	}
	b.paths[id] = p
	return p, nil
}

func (b *Book) add(ctx context.Context, e Entry, path Path) error {
	e.PathID = path.ID
	b.paths[path.ID] = path
	if b.sink != nil {
		return b.sink(ctx, e)
	}
	b.entries = append(b.entries, e)
	for _, s := range path.steps() {
		for _, via := range []org.ID{Total, s.Via} {
			key := balanceKey{s.Organization, via, e.Month, e.Body, e.Basis}
			b.deltas[key] = b.deltas[key].Plus(e.Counters)
		}
	}
	return nil
}

// Close writes what was posted: paths, then balances in one order, then the head, then the entries. It returns the
// number of the last entry of the book.
func (b *Book) Close(ctx context.Context) (int64, error) {
	if len(b.entries) == 0 {
		return headNumber(ctx, b.tx)
	}
	if err := insertPaths(ctx, b.tx, b.usedPaths(b.entries)); err != nil {
		return 0, err
	}
	if err := audit.SealAhead(ctx, b.tx); err != nil { // what follows waits for others, and makes them wait
		return 0, err
	}
	if err := addBalances(ctx, b.tx, b.sortedDeltas()); err != nil {
		return 0, err
	}
	first, recordedAt, err := advanceHead(ctx, b.tx, int64(len(b.entries)))
	if err != nil {
		return 0, err
	}
	number(b.entries, first, recordedAt)
	if err := insertEntries(ctx, b.tx, b.entries); err != nil {
		return 0, err
	}
	last := b.entries[len(b.entries)-1].Number
	b.entries, b.deltas = nil, map[balanceKey]Counters{}
	return last, nil
}

func number(entries []Entry, first int64, recordedAt time.Time) {
	for i := range entries {
		entries[i].Number = first + int64(i)
		entries[i].RecordedAt = recordedAt
	}
}

func (b *Book) usedPaths(entries []Entry) []Path {
	used := map[uuid.UUID]bool{}
	var paths []Path
	for _, e := range entries {
		if !used[e.PathID] {
			used[e.PathID] = true
			paths = append(paths, b.paths[e.PathID])
		}
	}
	slices.SortFunc(paths, func(x, y Path) int { return strings.Compare(x.ID.String(), y.ID.String()) })
	return paths
}

func (b *Book) sortedDeltas() []Balance {
	rows := make([]Balance, 0, len(b.deltas))
	for key, c := range b.deltas {
		if !c.IsZero() {
			rows = append(rows, Balance{OrganizationID: key.organization, ViaID: key.via, Month: key.month, Body: key.body, Basis: key.basis, Counters: c})
		}
	}
	slices.SortFunc(rows, func(x, y Balance) int { return x.key().compare(y.key()) })
	return rows
}

func (r Balance) key() balanceKey {
	return balanceKey{r.OrganizationID, r.ViaID, r.Month, r.Body, r.Basis}
}

func (e Entry) String() string {
	return fmt.Sprintf("entry %d (%s of %s %s, %s, %s)", e.Number, e.Cause, e.Source, e.SourceID, e.Month, e.Basis)
}
