package resolution

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// numberer gives the decisions of one sitting their places in the series.
type numberer struct {
	at           Sitting
	organization org.Organization
	terms        []org.BodyTerm
	congresses   []calendar.Date
}

// newNumberer reads what the terms of the sitting's body follow from.
func newNumberer(ctx context.Context, tx *database.Tx, at Sitting) (*numberer, error) {
	n := &numberer{at: at}
	var err error
	if n.organization, err = org.Find(ctx, tx, at.OrganizationID); err != nil {
		return nil, err
	}
	if n.terms, err = org.Terms(ctx, tx, at.OrganizationID, termBody(at.Body)); err != nil {
		return nil, err
	}
	n.congresses, err = congresses(ctx, tx, at)
	return n, err
}

const congressDays = `SELECT held_on FROM meeting WHERE organization_id = ? AND forms = 'congress' AND status IN ('held', 'submitted', 'accepted')
	ORDER BY held_on`

func congresses(ctx context.Context, tx *database.Tx, at Sitting) ([]calendar.Date, error) {
	var days []calendar.Date
	if err := database.Gorm(ctx, tx).Raw(congressDays, at.OrganizationID).Scan(&days).Error; err != nil {
		return nil, fmt.Errorf("congresses of %s: %w", at.OrganizationID, err)
	}
	return days, nil
}

// dayOf is the day by whose term a decision is numbered.
func (n *numberer) dayOf(row *Resolution) calendar.Date {
	if row.AdoptedOn != nil {
		return *row.AdoptedOn
	}
	return n.at.HeldOn
}

// used is where a number of a series stands.
type used struct {
	ID        ID
	Number    string
	MeetingID uuid.UUID
	HeldOn    calendar.Date
}

const numbersOfTerm = `SELECT r.id, r.number, r.meeting_id, m.held_on FROM resolution r JOIN meeting m ON m.id = r.meeting_id
	WHERE m.organization_id = ? AND r.number IS NOT NULL AND coalesce(r.adopted_on, m.held_on) >= ? AND coalesce(r.adopted_on, m.held_on) <= ?`

// taken returns what the organisation has numbered in the series, by sequence, but for the row itself. A number stays taken if its
// meeting is cancelled: it was given out.
func taken(ctx context.Context, tx *database.Tx, s series, t term, but ID) (map[int]used, error) {
	last := noDay()
	if t.to != nil {
		last = *t.to
	}
	var rows []used
	if err := database.Gorm(ctx, tx).Raw(numbersOfTerm, s.organization, t.from, last).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("numbers of %s: %w", s.organization, err)
	}
	found := map[int]used{}
	for _, row := range rows {
		number, ok := ParseNumber(row.Number)
		if ok && row.ID != but && number.Paper == s.paper && number.Issuer == s.issuer {
			found[number.Sequence] = row
		}
	}
	return found, nil
}

// place says where the number of the row stands in which series; ok is false for one that stands in none.
func (n *numberer) place(row *Resolution) (number Number, s series, t term, ok bool) {
	if row.Number == nil {
		return Number{}, series{}, term{}, false
	}
	if number, ok = ParseNumber(*row.Number); !ok {
		return Number{}, series{}, term{}, false
	}
	t = termOn(n.dayOf(row), n.terms, n.organization.FoundedOn, n.congresses)
	return number, series{n.at.OrganizationID, number.Paper, number.Issuer, t.from}, t, true
}

// claim gives the row the key of its number. A number that is new to the meeting must be free; one that was there before stays, without a
// key where another has it. Fault: resolution_number_taken.
func (n *numberer) claim(ctx context.Context, tx *database.Tx, row *Resolution, kept bool) error {
	row.NumberKey = nil
	number, s, t, ok := n.place(row)
	if !ok {
		return nil
	}
	others, err := taken(ctx, tx, s, t, row.ID)
	if err != nil {
		return err
	}
	other, is := others[number.Sequence]
	switch {
	case is && kept:
		return nil
	case is:
		return fault.With(ErrNumberTaken, fault.Args{
			"number": number.String(), "meeting_id": other.MeetingID.String(), "held_on": other.HeldOn.String(), "term_from": t.from.String(),
		})
	}
	key := s.key(number.Sequence)
	row.NumberKey = &key
	return nil
}

// next gives the row the number that follows the largest of its series. Fault: resolution_series_full.
func (n *numberer) next(ctx context.Context, tx *database.Tx, row *Resolution, paper Paper) error {
	known, err := lettersOf()
	if err != nil {
		return err
	}
	t := termOn(n.dayOf(row), n.terms, n.organization.FoundedOn, n.congresses)
	s := series{n.at.OrganizationID, paper, known.issuer(n.at.Body, n.organization.Kind), t.from}
	others, err := taken(ctx, tx, s, t, row.ID)
	if err != nil {
		return err
	}
	sequence := 1
	for used := range others {
		sequence = max(sequence, used+1)
	}
	if sequence > largestSequence {
		return ErrSeriesUsedUp
	}
	number, key := Number{sequence, paper, s.issuer}.String(), s.key(sequence)
	row.Number, row.NumberKey = &number, &key
	return nil
}

// attempts is how often a number is looked for while others take the same one at the same instant.
const attempts = 50

// insertNumbered stores a resolution with the number it states, or the next one of the kind it asks for. The unique key lets two who take
// the same number at one instant wait for each other: the later one looks again.
// Faults: id_taken, code_taken, resolution_number_taken, resolution_series_full.
func (n *numberer) insertNumbered(ctx context.Context, tx *database.Tx, row *Resolution, next Paper, kept bool) error {
	audit.Touch(tx, Sealed(), row.ID)
	if err := idFree[Resolution](ctx, tx, row.ID.UUID); err != nil {
		return err
	}
	for range attempts {
		var err error
		if next != "" {
			err = n.next(ctx, tx, row, next)
		} else {
			err = n.claim(ctx, tx, row, kept)
		}
		if err != nil {
			return err
		}
		done := database.Gorm(ctx, tx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "number_key"}}, DoNothing: true}).Create(row)
		if done.Error != nil {
			return fmt.Errorf("insert resolution %s: %w", row.ID, database.Taken(done.Error, ErrCodeTaken))
		}
		if done.RowsAffected == 1 {
			return nil
		}
	}
	return ErrNumberCrowded
}

// Renumber moves the numbers of a meeting's decisions to the terms that hold on its new day. Those of a draft must be free there; a record
// that is in keeps what it states. Fault: resolution_number_taken.
func Renumber(ctx context.Context, tx *database.Tx, at Sitting, isIn bool) error {
	present, err := database.Of[Resolution](database.Gorm(ctx, tx)).Where("meeting_id = ? AND number IS NOT NULL", at.MeetingID).
		Order("created_at, id").Find(ctx)
	if err != nil {
		return fmt.Errorf("numbers of meeting %s: %w", at.MeetingID, err)
	}
	if len(present) == 0 {
		return nil
	}
	n, err := newNumberer(ctx, tx, at)
	if err != nil {
		return err
	}
	for i := range present {
		row, before := &present[i], present[i].NumberKey
		if err := n.claim(ctx, tx, row, isIn || before == nil); err != nil {
			return err
		}
		if same(before, row.NumberKey) || before == nil && row.NumberKey == nil {
			continue
		}
		audit.Touch(tx, Sealed(), row.ID)
		if _, err := database.Of[Resolution](database.Gorm(ctx, tx)).Where("id = ?", row.ID).Update(ctx, "number_key", row.NumberKey); err != nil {
			return fmt.Errorf("renumber resolution %s: %w", row.ID, database.Taken(err, ErrNumberTaken))
		}
	}
	return nil
}
