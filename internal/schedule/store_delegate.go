package schedule

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// findDelegate returns a delegate of the organisation. Faults: delegate_unknown.
func findDelegate(ctx context.Context, tx *database.Tx, organization org.ID, id uuid.UUID) (Delegate, error) {
	d, err := database.Of[Delegate](database.Gorm(ctx, tx)).Where("organization_id = ? AND id = ?", organization, id).Take(ctx)
	return d, otherwise(err, ErrDelegateUnknown)
}

// insertDelegate keeps an assignment. Faults: id_taken, code_taken, delegate_overlap.
func insertDelegate(ctx context.Context, tx *database.Tx, d *Delegate) error {
	audit.Touch(tx, SealedDelegate(), d.ID)
	if err := fresh[Delegate](ctx, tx, d.ID); err != nil {
		return err
	}
	if err := refuseOverlap(ctx, tx, *d); err != nil {
		return err
	}
	if err := database.Of[Delegate](database.Gorm(ctx, tx)).Create(ctx, d); err != nil {
		return fmt.Errorf("insert delegate %s: %w", d.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// refuseOverlap fails where the member follows the organisation on one of the days already.
func refuseOverlap(ctx context.Context, tx *database.Tx, d Delegate) error {
	rows, err := database.Of[Delegate](database.Gorm(ctx, tx)).
		Where("organization_id = ? AND member_id = ? AND id <> ?", d.OrganizationID, d.MemberID, d.ID).Order("valid_from, id").Find(ctx)
	if err != nil {
		return fmt.Errorf("assignments of member %s: %w", d.MemberID, err)
	}
	for _, other := range rows {
		if other.Span().Overlaps(d.Span()) {
			return fault.With(ErrDelegateOverlap, fault.Args{"span": other.Span().String()})
		}
	}
	return nil
}

// saveDelegate writes the end of an assignment, or gives it its next version because a part changed. Faults: version_stale.
func saveDelegate(ctx context.Context, tx *database.Tx, d *Delegate, match int64) error {
	audit.Touch(tx, SealedDelegate(), d.ID)
	if d.Version != match {
		return fault.WithETag(ErrStale, httpapi.ETag(d.Version))
	}
	d.Version, d.UpdatedAt = match+1, tx.Now
	n, err := database.Of[Delegate](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", d.ID, match).
		Select("valid_to", "version", "updated_at").Updates(ctx, *d)
	if err != nil {
		return fmt.Errorf("save delegate %s: %w", d.ID, err)
	}
	if n == 0 {
		return ErrStale
	}
	return nil
}

// DelegateFilter narrows a list of delegates.
type DelegateFilter struct {
	Organization org.ID
	Scope        string
	On           calendar.Date // those of this day
	Page         httpapi.Page
}

// listDelegates returns up to limit+1 delegates of the filter in sight, the oldest assignment first.
func listDelegates(ctx context.Context, tx *database.Tx, sight org.Sight, f DelegateFilter) ([]Delegate, error) {
	where, args, err := inSight(ctx, tx, "delegate.organization_id", sight, f.Organization, f.Scope)
	if err != nil {
		return nil, err
	}
	query := database.Of[Delegate](database.Gorm(ctx, tx)).Where(where, args...)
	if !f.On.IsZero() {
		query = query.Where("valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?)", f.On, f.On)
	}
	if after := f.Page.After; after != nil {
		query = query.Where("(valid_from, id) > (?, ?)", after[0], after[1])
	}
	rows, err := query.Order("valid_from, id").Limit(f.Page.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list delegates: %w", err)
	}
	return rows, nil
}

// findVisit returns what is recorded of a delegate at a session, and whether anything is.
func findVisit(ctx context.Context, tx *database.Tx, delegate uuid.UUID, of meeting.ID) (Visit, bool, error) {
	rows, err := database.Of[Visit](database.Gorm(ctx, tx)).Where("delegate_id = ? AND meeting_id = ?", delegate, of).Find(ctx)
	if err != nil || len(rows) == 0 {
		return Visit{}, false, err
	}
	return rows[0], true, nil
}

func insertVisit(ctx context.Context, tx *database.Tx, v *Visit) error {
	audit.Touch(tx, SealedDelegate(), v.DelegateID)
	return database.Of[Visit](database.Gorm(ctx, tx)).Create(ctx, v)
}

func saveVisit(ctx context.Context, tx *database.Tx, v *Visit) error {
	audit.Touch(tx, SealedDelegate(), v.DelegateID)
	_, err := database.Of[Visit](database.Gorm(ctx, tx)).Where("id = ?", v.ID).
		Select("attended", "observation", "recorded_by", "updated_at").Updates(ctx, *v)
	return err
}

// Attended is what is recorded of a delegate at a session.
type Attended struct {
	Visit `gorm:"embedded"`

	HeldOn calendar.Date
}

const attendedQuery = `
SELECT a.*, m.held_on FROM delegate_attendance a JOIN meeting m ON m.id = a.meeting_id
WHERE a.delegate_id = ? ORDER BY m.held_on, a.id`

func attendedOf(ctx context.Context, tx *database.Tx, delegate uuid.UUID) ([]Attended, error) {
	var rows []Attended
	if err := database.Gorm(ctx, tx).Raw(attendedQuery, delegate).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("attendance of delegate %s: %w", delegate, err)
	}
	return rows, nil
}

// ForgetMember removes the observations that a member made as a delegate.
func ForgetMember(ctx context.Context, tx *database.Tx, who member.ID) error {
	rows, err := database.Of[Delegate](database.Gorm(ctx, tx)).Where("member_id = ?", who).Order("id").Find(ctx)
	if err != nil {
		return fmt.Errorf("assignments of member %s: %w", who, err)
	}
	for _, d := range rows {
		audit.Touch(tx, SealedDelegate(), d.ID)
		if _, err := database.Of[Visit](database.Gorm(ctx, tx)).Where("delegate_id = ? AND observation IS NOT NULL", d.ID).
			Update(ctx, "observation", nil); err != nil {
			return fmt.Errorf("forget observations of delegate %s: %w", d.ID, err)
		}
	}
	return nil
}
