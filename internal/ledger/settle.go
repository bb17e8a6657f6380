package ledger

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

// Settle brings what is posted as due, excused, covered and reported in these months, and in the quarters they touch,
// to what the facts say, and posts the difference. Every change of a meeting, the tree, a life, a term or an excused
// month calls it, after it has written its own rows and postings.
func (b *Book) Settle(ctx context.Context, organization org.ID, body org.Body, period calendar.Period) error {
	return b.settle(ctx, []org.ID{organization}, []org.Body{body}, period)
}

// SettleAll does so for all bodies of the organisations and all times.
func (b *Book) SettleAll(ctx context.Context, organizations []org.ID) error {
	for chunk := range slices.Chunk(organizations, 50) {
		if err := b.settle(ctx, chunk, org.Bodies, always); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) settle(ctx context.Context, organizations []org.ID, bodies []org.Body, period calendar.Period) error {
	window := widen(period)
	if err := b.forest.grow(ctx, b.tx, organizations...); err != nil {
		return err
	}
	all, err := b.loadFacts(ctx, organizations, bodies, window)
	if err != nil {
		return err
	}
	posted, err := b.postedObligations(ctx, organizations, window)
	if err != nil {
		return err
	}
	for _, f := range all {
		wanted, paths := f.obligations(window)
		if err := b.postDifference(ctx, f, wanted, posted[owner{f.organization, f.body}], paths); err != nil {
			return err
		}
	}
	return nil
}

// owner is who owes an obligation.
type owner struct {
	organization org.ID
	body         org.Body
}

// postedObligations sums what is posted, in the store and in this book, by owner.
func (b *Book) postedObligations(ctx context.Context, organizations []org.ID, window calendar.Period) (map[owner]map[obligationKey]Counters, error) {
	entries, err := obligationSums(ctx, b.tx, organizations, window)
	if err != nil {
		return nil, err
	}
	for _, e := range b.entries {
		if e.Source == Obligation && window.Contains(e.Month) && slices.Contains(organizations, e.OrganizationID) {
			entries = append(entries, e)
		}
	}
	posted := map[owner]map[obligationKey]Counters{}
	for _, e := range entries {
		who := owner{e.OrganizationID, e.Body}
		if posted[who] == nil {
			posted[who] = map[obligationKey]Counters{}
		}
		key := obligationKey{e.PathID, e.Month, e.Basis}
		posted[who][key] = posted[who][key].Plus(e.Counters)
	}
	return posted, nil
}

// postDifference posts wanted − posted, in the order of months, so that a book can be read.
func (b *Book) postDifference(ctx context.Context, f facts, wanted, posted map[obligationKey]Counters, paths map[uuid.UUID]Path) error {
	difference := map[obligationKey]Counters{}
	for key, c := range wanted {
		difference[key] = c
	}
	for key, c := range posted {
		difference[key] = difference[key].Minus(c)
	}
	for _, key := range sortedKeys(difference) {
		c := difference[key].obligations()
		if c.IsZero() {
			continue
		}
		path, ok := paths[key.path]
		if !ok {
			var err error
			if path, err = b.pathOf(ctx, key.path); err != nil {
				return err
			}
		}
		p := Posting{
			Cause: Settlement, Source: Obligation, SourceID: f.organization.UUID, Organization: f.organization,
			Day: key.month.Last(), Month: key.month, Body: f.body, Basis: key.basis, Counters: c,
		}
		if err := b.add(ctx, p.entry(), path); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys(m map[obligationKey]Counters) []obligationKey {
	keys := make([]obligationKey, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y obligationKey) int {
		if c := x.month.Compare(y.month); c != 0 {
			return c
		}
		if c := strings.Compare(string(x.basis), string(y.basis)); c != 0 {
			return c
		}
		return strings.Compare(x.path.String(), y.path.String())
	})
	return keys
}

// loadFacts reads what decides the obligations of the bodies of the organisations within the window.
func (b *Book) loadFacts(ctx context.Context, organizations []org.ID, bodies []org.Body, window calendar.Period) ([]facts, error) {
	byID, err := org.LookupAll(ctx, b.tx, organizations)
	if err != nil {
		return nil, err
	}
	terms, err := termsOf(ctx, b.tx, organizations)
	if err != nil {
		return nil, err
	}
	excused, err := excusedOf(ctx, b.tx, organizations)
	if err != nil {
		return nil, err
	}
	// The last month of the window begins a quarter, which a session in any of its months covers.
	quarters := calendar.Period{From: window.From, To: window.To.Quarter().Last()}
	met, err := b.metOf(ctx, organizations, quarters)
	if err != nil {
		return nil, err
	}
	var all []facts
	for _, id := range organizations {
		o := byID[id]
		for _, body := range bodies {
			who := owner{id, body}
			all = append(all, facts{
				organization: id, kind: o.Kind, body: body, life: o.Life(), terms: merged(terms[who]), excused: excused[who],
				met: met[who], forest: b.forest, rules: b.rules,
			})
		}
	}
	return all, nil
}

// metOf returns what the organisations' own balances count, with what this book is about to add.
func (b *Book) metOf(ctx context.Context, organizations []org.ID, window calendar.Period) (map[owner]map[Basis]map[calendar.Month]Counters, error) {
	rows, err := ownBalances(ctx, b.tx, organizations, window)
	if err != nil {
		return nil, err
	}
	if b.sink != nil {
		taken, err := ownSums(ctx, b.tx, organizations, window, b.summed)
		if err != nil {
			return nil, err
		}
		rows = append(rows, taken...)
	}
	for key, c := range b.deltas {
		if key.organization == key.via && key.basis != Both && window.Contains(key.month) && slices.Contains(organizations, key.organization) {
			rows = append(rows, Balance{OrganizationID: key.organization, Month: key.month, Body: key.body, Basis: key.basis, Counters: c})
		}
	}
	met := map[owner]map[Basis]map[calendar.Month]Counters{}
	for _, r := range rows {
		who := owner{r.OrganizationID, r.Body}
		if met[who] == nil {
			met[who] = map[Basis]map[calendar.Month]Counters{Submitted: {}, Accepted: {}}
		}
		met[who][r.Basis][r.Month] = met[who][r.Basis][r.Month].Plus(r.Counters)
	}
	return met, nil
}
