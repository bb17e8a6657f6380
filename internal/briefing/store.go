package briefing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// For returns the briefings that an organisation is offered for a month, of all months for the zero month: its own and those of all above it
// today, each with its lines. The latest month comes first, within a month the highest organisation.
func For(ctx context.Context, tx *database.Tx, to org.ID, month calendar.Month) ([]Briefing, error) {
	chain, err := org.ChainOn(ctx, tx, to, tx.Today())
	if err != nil {
		return nil, err
	}
	q := database.Of[Briefing](database.Gorm(ctx, tx)).Where("organization_id IN ?", chain)
	if !month.IsZero() {
		q = q.Where("month = ?", month)
	}
	found, err := q.Order("month DESC, created_at, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("briefings for %s: %w", to, err)
	}
	slices.SortStableFunc(found, func(a, b Briefing) int {
		return cmp.Or(b.Month.Compare(a.Month), slices.Index(chain, b.OrganizationID)-slices.Index(chain, a.OrganizationID))
	})
	return found, lined(ctx, tx, found)
}

// Seen returns a briefing that the actor sees, with its lines. Faults: briefing_unknown, forbidden.
func Seen(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) (Briefing, error) {
	if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.RegistryRead); err != nil {
		return Briefing{}, err
	}
	sight, err := org.Scope(ctx, tx, actor, auth.RegistryRead)
	if err != nil {
		return Briefing{}, err
	}
	where, args := sight.ForRow().WhereOffered("briefing.organization_id")
	b, err := database.Of[Briefing](database.Gorm(ctx, tx)).Where("id = ?", id).Where(where, args...).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Briefing{}, ErrUnknown
	}
	if err != nil {
		return Briefing{}, fmt.Errorf("find briefing %s: %w", id, err)
	}
	one := []Briefing{b}
	err = lined(ctx, tx, one)
	return one[0], err
}

// lined fills in the lines of the briefings.
func lined(ctx context.Context, tx *database.Tx, briefings []Briefing) error {
	at := make(map[ID]int, len(briefings))
	ids := make([]ID, len(briefings))
	for i, b := range briefings {
		at[b.ID], ids[i] = i, b.ID
	}
	if len(ids) == 0 {
		return nil
	}
	lines, err := database.Of[Line](database.Gorm(ctx, tx)).Where("briefing_id IN ?", ids).Order("briefing_id, position").Find(ctx)
	if err != nil {
		return fmt.Errorf("lines of briefings: %w", err)
	}
	for _, line := range lines {
		b := &briefings[at[line.BriefingID]]
		b.Lines = append(b.Lines, line)
	}
	return nil
}

// insert stores a new briefing; faults: id_taken, code_taken.
func insert(ctx context.Context, tx *database.Tx, b *Briefing) error {
	audit.Touch(tx, Sealed(), b.ID)
	same, err := database.Of[Briefing](database.Gorm(ctx, tx)).Where("id = ?", b.ID).Count(ctx, "*")
	if err != nil {
		return fmt.Errorf("look for briefing %s: %w", b.ID, err)
	}
	if same > 0 {
		return ErrIDTaken
	}
	if err := database.Of[Briefing](database.Gorm(ctx, tx)).Create(ctx, b); err != nil {
		return fmt.Errorf("insert briefing %s: %w", b.ID, database.Taken(err, ErrCodeTaken))
	}
	return insertLines(ctx, tx, b)
}

func insertLines(ctx context.Context, tx *database.Tx, b *Briefing) error {
	audit.Touch(tx, Sealed(), b.ID)
	if err := database.Of[Line](database.Gorm(ctx, tx)).CreateInBatches(ctx, &b.Lines, maxLines); err != nil {
		return fmt.Errorf("write lines of briefing %s: %w", b.ID, err)
	}
	return nil
}

// save stores the briefing if its version is still the one that was read; faults: version_stale, code_taken.
func save(ctx context.Context, tx *database.Tx, b *Briefing) error {
	audit.Touch(tx, Sealed(), b.ID)
	match := b.Version
	b.Version, b.UpdatedAt = match+1, tx.Now
	n, err := database.Of[Briefing](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", b.ID, match).
		Select("code", "month", "title", "version", "updated_at").Updates(ctx, *b)
	if err != nil {
		return fmt.Errorf("save briefing %s: %w", b.ID, database.Taken(err, ErrCodeTaken))
	}
	if n == 0 {
		return stale(ctx, tx, b.ID)
	}
	if _, err := database.Of[Line](database.Gorm(ctx, tx)).Where("briefing_id = ?", b.ID).Delete(ctx); err != nil {
		return fmt.Errorf("clear lines of briefing %s: %w", b.ID, err)
	}
	return insertLines(ctx, tx, b)
}

// stale says that the version asked for is not the current one, and names that.
func stale(ctx context.Context, tx *database.Tx, id ID) error {
	b, err := database.Of[Briefing](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx)
	if err != nil {
		return fmt.Errorf("find briefing %s: %w", id, err)
	}
	return fault.WithETag(ErrStale, httpapi.ETag(b.Version))
}

// AddUse notes that a meeting used the briefing; fault: briefing_use_exists.
func AddUse(ctx context.Context, tx *database.Tx, id ID, meeting uuid.UUID) (Use, error) {
	u := Use{ID: uuid.Must(uuid.NewV7()), BriefingID: id, MeetingID: meeting, CreatedAt: tx.Now}
	audit.Touch(tx, SealedUse(), u.ID)
	if err := database.Of[Use](database.Gorm(ctx, tx)).Create(ctx, &u); err != nil {
		return Use{}, fmt.Errorf("note use of briefing %s: %w", id, database.Taken(err, ErrUseExists))
	}
	return u, nil
}

// RemoveUse takes back that a meeting used the briefing; fault: briefing_use_unknown.
func RemoveUse(ctx context.Context, tx *database.Tx, id ID, meeting uuid.UUID) error {
	u, err := database.Of[Use](database.Gorm(ctx, tx)).Where("briefing_id = ? AND meeting_id = ?", id, meeting).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ErrUseUnknown
	}
	if err != nil {
		return fmt.Errorf("find use of briefing %s: %w", id, err)
	}
	audit.Touch(tx, SealedUse(), u.ID)
	if _, err := database.Of[Use](database.Gorm(ctx, tx)).Where("id = ?", u.ID).Delete(ctx); err != nil {
		return fmt.Errorf("take back use of briefing %s: %w", id, err)
	}
	return nil
}

// UsedBy is the condition that a meeting, named by the column, used the briefing.
func UsedBy(id ID, column string) (where string, args []any) {
	return column + " IN (SELECT u.meeting_id FROM briefing_use u WHERE u.briefing_id = ?)", []any{id}
}
