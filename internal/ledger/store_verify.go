package ledger

import (
	"context"
	"fmt"
	"strings"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// Mismatch is one place where the book is not what it should be.
type Mismatch = audit.Mismatch

// Verify recounts the book: every balance is the sum of its entries, every standing entry lies on the path of its day,
// every reversal mirrors its entry, and what is posted as obligations is what the facts say. It returns what it finds,
// nothing when all is well.
func Verify(ctx context.Context, tx *database.Tx) ([]Mismatch, error) {
	for _, check := range []func(context.Context, *database.Tx) ([]Mismatch, error){verifyInterned, verifyBalances, verifyHead, verifyReversals, verifyPaths, verifyObligations} {
		found, err := check(ctx, tx)
		if err != nil || len(found) > 0 {
			return found, err // the later checks rest on what this one found wrong
		}
	}
	return nil, nil
}

// verifyBalances compares each balance with the sum of the entries through it. Entries that come to nothing may have none, but where no
// entry went there is none.
func verifyBalances(ctx context.Context, tx *database.Tx) ([]Mismatch, error) {
	sum := make([]string, len(columns))
	negative := make([]string, len(columns))
	differs := make([]string, len(columns))
	for i, c := range columns {
		sum[i] = "sum(" + c + ") AS " + c
		negative[i] = "-e." + c
		differs[i] = "sum(" + c + ") <> 0"
	}
	list := strings.Join(columns[:], ", ")
	part := func(via string) string {
		return `SELECT s.organization_id, ` + via + ` AS via_id, e.month, e.body, e.basis, 0 AS kept, 1 AS made, ` + strings.Join(negative, ", ") + `
			FROM ledger_entry e JOIN ledger_path_step s ON s.path_id = e.path_id`
	}
	q := `SELECT organization_id, via_id, month, body, basis, max(kept) AS kept, max(made) AS made, ` + strings.Join(sum, ", ") + ` FROM (
			SELECT organization_id, via_id, month, body, basis, 1 AS kept, 0 AS made, ` + list + ` FROM balance
			UNION ALL ` + part(totalLiteral(tx)) + ` UNION ALL ` + part("s.via_id") + `
		) both_sides GROUP BY organization_id, via_id, month, body, basis HAVING max(kept) > max(made) OR ` + strings.Join(differs, " OR ") + `
		ORDER BY organization_id, via_id, month, body, basis LIMIT 1000`
	var rows []struct { // texts, since a row that was tampered with may hold anything
		OrganizationID, ViaID, Month, Body, Basis string
		Kept, Made                                int
		Counters                                  `gorm:"embedded"`
	}
	if err := database.Gorm(ctx, tx).Raw(q).Scan(&rows).Error; err != nil {
		return nil, err
	}
	var found []Mismatch
	for _, r := range rows {
		place := fmt.Sprintf("balance organization=%s via=%s month=%s body=%s basis=%s", r.OrganizationID, r.ViaID, r.Month, r.Body, r.Basis)
		if r.Kept > r.Made {
			found = append(found, Mismatch{Place: place, Detail: "has no entries"})
		}
		for i, cell := range r.cells() {
			if *cell != 0 {
				found = append(found, Mismatch{Place: place, Detail: fmt.Sprintf("%s is %+d off the sum of its entries", columns[i], *cell)})
			}
		}
	}
	return found, nil
}

func totalLiteral(tx *database.Tx) string {
	if tx.Engine() == database.Postgres {
		return "CAST('" + Total.String() + "' AS uuid)"
	}
	return "'" + Total.String() + "'"
}

func verifyHead(ctx context.Context, tx *database.Tx) ([]Mismatch, error) {
	var r struct{ Head, Last, Rows, Late int64 }
	const q = `SELECT (SELECT number FROM ledger_head WHERE id = 1) AS head, coalesce(max(number), 0) AS last, count(*) AS rows,
		(SELECT count(*) FROM ledger_entry e JOIN ledger_head h ON h.number = e.number WHERE e.recorded_at <> h.recorded_at) AS late FROM ledger_entry`
	if err := database.Gorm(ctx, tx).Raw(q).Scan(&r).Error; err != nil {
		return nil, err
	}
	if r.Head == r.Last && r.Last == r.Rows && r.Late == 0 {
		return nil, nil
	}
	if r.Head == r.Last && r.Last == r.Rows {
		return []Mismatch{{Place: "ledger_head", Detail: "was not written with the last entry"}}, nil
	}
	return []Mismatch{{Place: "ledger_head", Detail: fmt.Sprintf("the head says %d, the last entry is %d, there are %d entries", r.Head, r.Last, r.Rows)}}, nil
}

func verifyReversals(ctx context.Context, tx *database.Tx) ([]Mismatch, error) {
	same := make([]string, len(columns))
	for i, c := range columns {
		same[i] = "r." + c + " + e." + c + " <> 0"
	}
	q := `SELECT r.* FROM ledger_entry r JOIN ledger_entry e ON e.number = r.reverses
		WHERE r.path_id <> e.path_id OR r.source_id <> e.source_id OR r.month <> e.month OR r.body <> e.body OR r.basis <> e.basis
			OR r.number <= e.number OR ` + strings.Join(same, " OR ")
	return entriesFound(ctx, tx, "is not the mirror of the entry it reverses", q)
}

func entriesFound(ctx context.Context, tx *database.Tx, detail, q string, args ...any) ([]Mismatch, error) {
	var entries []Entry
	if err := database.Gorm(ctx, tx).Raw(q, args...).Scan(&entries).Error; err != nil {
		return nil, err
	}
	var found []Mismatch
	for _, e := range entries {
		found = append(found, Mismatch{Place: e.String(), Detail: detail})
	}
	return found, nil
}

// eachChunk calls do with the ids of all organisations, some hundred at a time.
func eachChunk(ctx context.Context, tx *database.Tx, do func([]org.ID) error) error {
	const size = 400
	after := Total
	for {
		var ids []org.ID
		if err := database.Gorm(ctx, tx).Raw(`SELECT id FROM organization WHERE id > ? ORDER BY id LIMIT ?`, after, size).Scan(&ids).Error; err != nil {
			return err
		}
		if len(ids) == 0 {
			return nil
		}
		if err := do(ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// verifyPaths walks every standing entry that follows the tree of its day.
func verifyPaths(ctx context.Context, tx *database.Tx) ([]Mismatch, error) {
	var found []Mismatch
	f := newForest()
	err := eachChunk(ctx, tx, func(ids []org.ID) error {
		if err := f.grow(ctx, tx, ids...); err != nil {
			return err
		}
		var entries []Entry
		const q = `SELECT e.number, e.cause, e.source, e.source_id, e.month, e.basis, e.organization_id, e.day, e.path_id FROM ledger_entry e
			WHERE e.organization_id IN (?) AND e.source <> 'obligation'` + standing
		if err := database.Gorm(ctx, tx).Raw(q, ids).Scan(&entries).Error; err != nil {
			return err
		}
		for _, e := range entries {
			if f.pathOn(e.OrganizationID, e.Day).ID != e.PathID {
				found = append(found, Mismatch{Place: e.String(), Detail: "does not lie on the chain of its day " + e.Day.String()})
			}
		}
		return nil
	})
	return found, err
}

// verifyObligations asks Settle what it would post: nothing, when all is well.
func verifyObligations(ctx context.Context, tx *database.Tx) ([]Mismatch, error) {
	var found []Mismatch
	book, err := Open(ctx, tx)
	if err != nil {
		return nil, err
	}
	book.sink = func(_ context.Context, e Entry) error {
		place := fmt.Sprintf("obligation organization=%s month=%s body=%s basis=%s", e.OrganizationID, e.Month, e.Body, e.Basis)
		for i, cell := range e.cells() {
			if *cell != 0 {
				found = append(found, Mismatch{Place: place, Detail: fmt.Sprintf("%s is %+d off what the facts say", columns[i], -*cell)})
			}
		}
		return nil
	}
	err = eachChunk(ctx, tx, func(ids []org.ID) error { return book.SettleAll(ctx, ids) })
	return found, err
}
