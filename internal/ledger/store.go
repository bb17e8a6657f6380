package ledger

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// sums is the SQL list of every counter's sum, named like its column.
var sums = func() string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = fmt.Sprintf("CAST(sum(%[1]s) AS bigint) AS %[1]s", "e."+c)
		parts[i] = strings.Replace(parts[i], "AS e.", "AS ", 1)
	}
	return strings.Join(parts, ", ")
}()

const standing = ` AND e.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses = e.number)`

// StandingEntries returns the entries of the source that nothing has reversed, in the order of their numbers.
func StandingEntries(ctx context.Context, tx *database.Tx, source Source, id uuid.UUID) ([]Entry, error) {
	var entries []Entry
	const q = `SELECT e.* FROM ledger_entry e WHERE e.source_id = ? AND e.source = ?` + standing + ` ORDER BY e.number`
	return entries, database.Gorm(ctx, tx).Raw(q, id, source).Scan(&entries).Error
}

// StandingOf is StandingEntries for many sources at once, by their ids.
func StandingOf(ctx context.Context, tx *database.Tx, source Source, ids []uuid.UUID) (map[uuid.UUID][]Entry, error) {
	var entries []Entry
	const q = `SELECT e.* FROM ledger_entry e WHERE e.source_id IN (?) AND e.source = ?` + standing + ` ORDER BY e.number`
	if err := database.Gorm(ctx, tx).Raw(q, ids, source).Scan(&entries).Error; err != nil {
		return nil, err
	}
	found := map[uuid.UUID][]Entry{}
	for _, e := range entries {
		found[e.SourceID] = append(found[e.SourceID], e)
	}
	return found, nil
}

// InspectionsOutside counts the inspection rounds of the organisation that began outside the span.
func InspectionsOutside(ctx context.Context, tx *database.Tx, organization org.ID, span calendar.Span) (int64, error) {
	where, args := "e.day < ?", []any{organization, span.From}
	if span.To != nil {
		where, args = "(e.day < ? OR e.day > ?)", append(args, *span.To)
	}
	var n int64
	q := `SELECT count(*) FROM ledger_entry e WHERE e.organization_id = ? AND e.source = 'inspection' AND ` + where + standing
	return n, database.Gorm(ctx, tx).Raw(q, args...).Scan(&n).Error
}

// CountedFor is the condition that a meeting is counted in the figures of an organisation under the basis: its standing
// entry was posted through the organisation, by the tree of its day, or is the organisation's own. The column holds the
// meeting's id.
func CountedFor(id org.ID, ownOnly bool, basis Basis, column string) (where string, args []any) {
	where = column + ` IN (SELECT e.source_id FROM ledger_entry e JOIN ledger_path_step s ON s.path_id = e.path_id
		WHERE s.organization_id = ? AND e.source = 'meeting' AND e.basis = ?` + standing
	args = []any{id, basis}
	if ownOnly {
		where += " AND s.via_id = s.organization_id"
	}
	return where + ")", args
}

// CountedAs returns what each of the meetings counts under the basis.
func CountedAs(ctx context.Context, tx *database.Tx, meetings []uuid.UUID, basis Basis) (map[uuid.UUID]Counters, error) {
	counted := map[uuid.UUID]Counters{}
	if len(meetings) == 0 {
		return counted, nil
	}
	var entries []Entry
	const q = `SELECT e.* FROM ledger_entry e WHERE e.source_id IN ? AND e.source = 'meeting' AND e.basis = ?` + standing
	if err := database.Gorm(ctx, tx).Raw(q, meetings, basis).Scan(&entries).Error; err != nil {
		return nil, err
	}
	for _, e := range entries {
		counted[e.SourceID] = counted[e.SourceID].Plus(e.Counters)
	}
	return counted, nil
}

// CountedAt returns the meetings that counted when the entry was the last one: of the months, and of the body if one is named, posted
// through any of the organisations, at most so many, in the order of their ids.
func CountedAt(
	ctx context.Context, tx *database.Tx, entry int64, organizations []org.ID, months calendar.Period, body *org.Body, limit int,
) ([]uuid.UUID, error) {
	q := `SELECT DISTINCT e.source_id FROM ledger_entry e JOIN ledger_path_step s ON s.path_id = e.path_id
		WHERE s.organization_id IN ? AND e.source = 'meeting' AND e.basis = 'submitted' AND e.month BETWEEN ? AND ? AND e.number <= ?
		AND e.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses = e.number AND r.number <= ?)`
	args := []any{organizations, months.From, months.To, entry, entry}
	if body != nil {
		q, args = q+" AND e.body = ?", append(args, *body)
	}
	var found []uuid.UUID
	if err := database.Gorm(ctx, tx).Raw(q+" ORDER BY e.source_id LIMIT ?", append(args, limit)...).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("meetings counted at entry %d: %w", entry, err)
	}
	return found, nil
}

// standingOf returns the standing entries of the organisation, but for obligations, whose day is not before the day.
func standingOf(ctx context.Context, tx *database.Tx, id org.ID, from calendar.Date) ([]Entry, error) {
	var entries []Entry
	const q = `SELECT e.* FROM ledger_entry e WHERE e.organization_id = ? AND e.day >= ? AND e.source <> 'obligation'` + standing + ` ORDER BY e.number`
	return entries, database.Gorm(ctx, tx).Raw(q, id, from).Scan(&entries).Error
}

// obligationSums sums the posted obligations of the organisations by path, month, body and basis.
func obligationSums(ctx context.Context, tx *database.Tx, ids []org.ID, window calendar.Period) ([]Entry, error) {
	var entries []Entry
	q := `SELECT e.organization_id, e.body, e.path_id, e.month, e.basis, ` + sums + ` FROM ledger_entry e
		WHERE e.source_id IN (?) AND e.source = 'obligation' AND e.month BETWEEN ? AND ?
		GROUP BY e.organization_id, e.body, e.path_id, e.month, e.basis`
	return entries, database.Gorm(ctx, tx).Raw(q, ids, window.From, window.To).Scan(&entries).Error
}

// ownBalances returns what the organisations' own records count within the window.
func ownBalances(ctx context.Context, tx *database.Tx, ids []org.ID, window calendar.Period) ([]Balance, error) {
	return database.Of[Balance](database.Gorm(ctx, tx)).
		Where("organization_id IN ? AND via_id = organization_id AND basis <> ? AND month BETWEEN ? AND ?", ids, Both, window.From, window.To).
		Where("sittings <> 0").
		Find(ctx)
}

// ownSums adds up what the organisations' own records count in the entries after the number.
func ownSums(ctx context.Context, tx *database.Tx, ids []org.ID, window calendar.Period, after int64) ([]Balance, error) {
	const q = `SELECT e.organization_id, e.month, e.body, e.basis,
			CAST(sum(e.regular) AS bigint) AS regular, CAST(sum(e.thematic) AS bigint) AS thematic, CAST(sum(e.sittings) AS bigint) AS sittings
		FROM ledger_path_step s JOIN ledger_entry e ON e.path_id = s.path_id AND e.number > ?
		WHERE s.organization_id IN (?) AND s.via_id = s.organization_id AND e.sittings <> 0 AND e.basis <> ? AND e.month BETWEEN ? AND ?
		GROUP BY e.organization_id, e.month, e.body, e.basis`
	var rows []Balance
	return rows, database.Gorm(ctx, tx).Raw(q, after, ids, Both, window.From, window.To).Scan(&rows).Error
}

func findPath(ctx context.Context, tx *database.Tx, id uuid.UUID) (Path, error) {
	var chain string
	if err := database.Gorm(ctx, tx).Raw(`SELECT chain FROM ledger_path WHERE id = ?`, id).Scan(&chain).Error; err != nil {
		return Path{}, err
	}
	return parsePath(id, chain)
}

// insertPaths writes the paths, given in the order of their ids, that are not there yet.
func insertPaths(ctx context.Context, tx *database.Tx, paths []Path) error {
	for _, p := range paths {
		result := database.Gorm(ctx, tx).Exec(`INSERT INTO ledger_path (id, chain) VALUES (?, ?) ON CONFLICT DO NOTHING`, p.ID, p.text())
		if result.Error != nil {
			return result.Error
		}
		if result.RowsAffected == 0 {
			continue
		}
		for _, s := range p.steps() {
			const q = `INSERT INTO ledger_path_step (path_id, depth, organization_id, via_id) VALUES (?, ?, ?, ?)`
			if err := database.Gorm(ctx, tx).Exec(q, p.ID, s.Depth, s.Organization, s.Via).Error; err != nil {
				return err
			}
		}
	}
	return nil
}

// insertManyPaths writes the paths that are not there yet. Nobody else may be posting, which the tree lock held alone ensures.
func insertManyPaths(ctx context.Context, tx *database.Tx, paths []Path) error {
	there := map[uuid.UUID]bool{}
	for part := range slices.Chunk(paths, 500) {
		ids := make([]uuid.UUID, len(part))
		for i, p := range part {
			ids[i] = p.ID
		}
		var found []uuid.UUID
		if err := database.Gorm(ctx, tx).Raw(`SELECT id FROM ledger_path WHERE id IN (?)`, ids).Scan(&found).Error; err != nil {
			return err
		}
		for _, id := range found {
			there[id] = true
		}
	}
	paths = slices.DeleteFunc(paths, func(p Path) bool { return there[p.ID] })
	if _, err := database.InsertAll(ctx, tx, "ledger_path", []string{"id", "chain"}, func(yield func([]any) bool) {
		for _, p := range paths {
			if !yield([]any{p.ID, p.text()}) {
				return
			}
		}
	}); err != nil {
		return err
	}
	_, err := database.InsertAll(ctx, tx, "ledger_path_step", []string{"path_id", "depth", "organization_id", "via_id"}, stepRows(paths))
	return err
}

func stepRows(paths []Path) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, p := range paths {
			for _, s := range p.steps() {
				if !yield([]any{p.ID, s.Depth, s.Organization, s.Via}) {
					return
				}
			}
		}
	}
}

// analyze lets PostgreSQL count what a bulk has just written, since it would take the tables for empty.
func analyze(ctx context.Context, tx *database.Tx) error {
	if tx.Engine() != database.Postgres {
		return nil
	}
	return database.Gorm(ctx, tx).Exec(`ANALYZE ledger_entry, ledger_path, ledger_path_step`).Error
}

// addBalances adds the rows, given in key order, to what is there.
func addBalances(ctx context.Context, tx *database.Tx, rows []Balance) error {
	if len(rows) == 0 {
		return nil
	}
	plus := make(clause.Set, len(columns))
	for i, c := range columns {
		plus[i] = clause.Assignment{Column: clause.Column{Name: c}, Value: gorm.Expr("balance." + c + " + excluded." + c)}
	}
	conflict := clause.OnConflict{
		Columns:   []clause.Column{{Name: "organization_id"}, {Name: "via_id"}, {Name: "month"}, {Name: "body"}, {Name: "basis"}},
		DoUpdates: plus,
	}
	return database.Gorm(ctx, tx).Clauses(conflict).CreateInBatches(rows, 500).Error
}

// sumIntoBalances adds every entry after the number to the balances, in one statement: first the entries of each path, then
// the parts through each child, then the totals of the parts, so that little is added up twice.
func sumIntoBalances(ctx context.Context, tx *database.Tx, after int64) error {
	set := make([]string, len(columns))
	for i, c := range columns {
		set[i] = c + " = balance." + c + " + excluded." + c
	}
	names := strings.Join(columns[:], ", ")
	q := `WITH path AS MATERIALIZED (
			SELECT e.path_id, e.month, e.body, e.basis, ` + sums + ` FROM ledger_entry e WHERE e.number > ? GROUP BY 1, 2, 3, 4
		), part AS MATERIALIZED (
			SELECT s.organization_id, s.via_id, e.month, e.body, e.basis, ` + sums + `
			FROM path e JOIN ledger_path_step s ON s.path_id = e.path_id GROUP BY 1, 2, 3, 4, 5
		)
		INSERT INTO balance (organization_id, via_id, month, body, basis, ` + names + `)
		SELECT * FROM (
			SELECT organization_id, via_id, month, body, basis, ` + names + ` FROM part
			UNION ALL
			SELECT e.organization_id, ` + totalLiteral(tx) + `, e.month, e.body, e.basis, ` + sums + ` FROM part e GROUP BY 1, 2, 3, 4, 5
		) rows WHERE true ORDER BY 1, 2, 3, 4, 5
		ON CONFLICT (organization_id, via_id, month, body, basis) DO UPDATE SET ` + strings.Join(set, ", ")
	return database.Gorm(ctx, tx).Exec(q, after).Error
}

// advanceHead takes the next n numbers and holds the head until the transaction ends. Commit order is number order
// because nobody else gets past it meanwhile.
func advanceHead(ctx context.Context, tx *database.Tx, n int64) (first int64, recordedAt time.Time, err error) {
	var head struct {
		Number     int64
		RecordedAt time.Time
	}
	now := tx.Now
	if n == 0 {
		now = time.Time{} // only to hold it: it stands where the last entry left it
	}
	const q = `UPDATE ledger_head SET number = number + ?, recorded_at = CASE WHEN recorded_at > ? THEN recorded_at ELSE ? END
		WHERE id = 1 RETURNING number, recorded_at`
	if err := database.Gorm(ctx, tx).Raw(q, n, now, now).Scan(&head).Error; err != nil {
		return 0, time.Time{}, err
	}
	return head.Number - n + 1, head.RecordedAt, nil
}

func headNumber(ctx context.Context, tx *database.Tx) (int64, error) {
	var number int64
	return number, database.Gorm(ctx, tx).Raw(`SELECT number FROM ledger_head WHERE id = 1`).Scan(&number).Error
}

var entryColumns = append([]string{
	"number", "recorded_at", "cause", "source", "source_id", "version_number", "reverses", "path_id", "organization_id",
	"day", "month", "body", "basis",
}, columns[:]...)

func insertEntries(ctx context.Context, tx *database.Tx, entries []Entry) error {
	for some := range slices.Chunk(entries, sealedAtOnce) {
		audit.TouchContent(tx, Sealed(), entrySpan{some[0].Number, some[len(some)-1].Number}.String(), sealedContent(some))
	}
	_, err := database.InsertAll(ctx, tx, "ledger_entry", entryColumns, func(yield func([]any) bool) {
		for _, e := range entries {
			if !yield(e.row()) {
				return
			}
		}
	})
	return err
}

func (e Entry) row() []any {
	row := []any{
		e.Number, e.RecordedAt, string(e.Cause), string(e.Source), e.SourceID, e.VersionNumber, e.Reverses, e.PathID, e.OrganizationID,
		e.Day, e.Month, string(e.Body), string(e.Basis),
	}
	for _, cell := range e.cells() {
		row = append(row, *cell)
	}
	return row
}

// everBelow returns the organisation and whatever stood below it at any time.
func everBelow(ctx context.Context, tx *database.Tx, id org.ID) ([]org.ID, error) {
	var ids []org.ID
	const q = `WITH RECURSIVE below(id) AS (
			SELECT id FROM organization WHERE id = ?
			UNION
			SELECT p.organization_id FROM placement p JOIN below b ON p.parent_id = b.id
		)
		SELECT id FROM below ORDER BY id`
	return ids, database.Gorm(ctx, tx).Raw(q, id).Scan(&ids).Error
}

func termsOf(ctx context.Context, tx *database.Tx, ids []org.ID) (map[owner][]calendar.Span, error) {
	var rows []org.BodyTerm
	if err := database.Gorm(ctx, tx).Where("organization_id IN ?", ids).Order("valid_from").Find(&rows).Error; err != nil {
		return nil, err
	}
	terms := map[owner][]calendar.Span{}
	for _, r := range rows {
		who := owner{r.OrganizationID, r.Body}
		terms[who] = append(terms[who], calendar.Span{From: r.ValidFrom, To: r.ValidTo})
	}
	return terms, nil
}

func excusedOf(ctx context.Context, tx *database.Tx, ids []org.ID) (map[owner]map[calendar.Month]bool, error) {
	var rows []org.ExcusedMonth
	if err := database.Gorm(ctx, tx).Where("organization_id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, err
	}
	excused := map[owner]map[calendar.Month]bool{}
	for _, r := range rows {
		who := owner{r.OrganizationID, r.Body}
		if excused[who] == nil {
			excused[who] = map[calendar.Month]bool{}
		}
		excused[who][r.Month] = true
	}
	return excused, nil
}
