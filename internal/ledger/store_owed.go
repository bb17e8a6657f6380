package ledger

import (
	"context"
	"fmt"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// OwedMonth is a month in which a body of an organisation owes a session.
type OwedMonth struct {
	Organization org.ID
	Body         org.Body
	Month        calendar.Month
}

// Kept is what became of an owed month. A month that has not ended is owed as far as is known today.
type Kept struct {
	Excused bool
	Covered bool
}

// owedRow is what is posted in a month of the obligations of a body: due in steps.
type owedRow struct {
	OrganizationID org.ID
	Body           org.Body
	Month          calendar.Month
	Due            int64
	Excused        int64
	Covered        int64
}

const owedRows = `SELECT organization_id, body, month, CAST(sum(due) AS bigint) AS due, CAST(sum(excused) AS bigint) AS excused,
		CAST(sum(covered) AS bigint) AS covered
	FROM balance WHERE via_id = organization_id AND organization_id IN ? AND basis IN ? AND month <= ? AND (month >= ? OR due <> 0)
	GROUP BY organization_id, body, month ORDER BY organization_id, body, month`

// OwedMonths returns the months of the period that bodies of the organisations owe a session in, by the organisations' own balances. A
// month that is absent is not due.
func OwedMonths(
	ctx context.Context, tx *database.Tx, ids []org.ID, period calendar.Period, basis Basis,
) (map[OwedMonth]Kept, error) {
	owed := map[OwedMonth]Kept{}
	if len(ids) == 0 {
		return owed, nil
	}
	var rows []owedRow
	if err := database.Gorm(ctx, tx).Raw(owedRows, ids, []Basis{basis, Both}, period.To, period.From).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("owed months: %w", err)
	}
	posted := map[owner][]owedRow{}
	for _, r := range rows {
		who := owner{r.OrganizationID, r.Body}
		posted[who] = append(posted[who], r)
	}
	for who, of := range posted {
		addOwed(owed, who, of, period)
	}
	return owed, nil
}

// addOwed adds the months of one body, whose rows come in the order of their months.
func addOwed(owed map[OwedMonth]Kept, who owner, rows []owedRow, period calendar.Period) {
	due, next := int64(0), 0
	for month := range period.All() {
		var kept Kept
		for ; next < len(rows) && !rows[next].Month.After(month); next++ {
			due += rows[next].Due
			if rows[next].Month == month {
				kept = Kept{rows[next].Excused > 0, rows[next].Covered > 0}
			}
		}
		if due > 0 {
			owed[OwedMonth{who.organization, who.body, month}] = kept
		}
	}
}
