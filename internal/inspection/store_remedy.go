package inspection

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// visibleFinding returns a finding with its round, whose inspecting organisation the actor may see; faults: finding_unknown, forbidden.
func visibleFinding(ctx context.Context, tx *database.Tx, actor auth.Actor, id uuid.UUID) (Finding, Inspection, error) {
	where, args, err := seen(ctx, tx, actor, "i.organization_id")
	if err != nil {
		return Finding{}, Inspection{}, err
	}
	found, err := database.Of[Finding](database.Gorm(ctx, tx)).Where("id = ?", id).
		Where("inspection_id IN (SELECT i.id FROM inspection i WHERE "+where+")", args...).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Finding{}, Inspection{}, ErrFindingUnknown
	}
	if err != nil {
		return Finding{}, Inspection{}, fmt.Errorf("find finding %s: %w", id, err)
	}
	round, err := find(ctx, tx, found.InspectionID)
	return found, round, err
}

// remediesSeen is the condition under which the actor sees a remedy: by the organisation that owes it, or by the inspecting one. Fault:
// forbidden for those who may see none anywhere.
func remediesSeen(ctx context.Context, tx *database.Tx, actor auth.Actor) (string, []any, error) {
	sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.InspectionRead)
	if err != nil {
		return "", nil, err
	}
	owing, args := sight.ForRow().Where("remedy.organization_id")
	inspecting, more := sight.ForRow().Where("i.organization_id")
	return "(" + owing + " OR EXISTS (SELECT 1 FROM inspection_finding f JOIN inspection i ON i.id = f.inspection_id WHERE f.id = remedy.finding_id AND " +
		inspecting + database.PerRow + "))", append(args, more...), nil
}

// visibleRemedy returns a remedy that the actor may see; faults: remedy_unknown, forbidden.
func visibleRemedy(ctx context.Context, tx *database.Tx, actor auth.Actor, id RemedyID) (RemedyView, error) {
	where, args, err := remediesSeen(ctx, tx, actor)
	if err != nil {
		return RemedyView{}, err
	}
	rows, err := database.Of[Remedy](database.Gorm(ctx, tx)).Where("id = ?", id).Where(where, args...).Find(ctx)
	if err != nil {
		return RemedyView{}, fmt.Errorf("find remedy %s: %w", id, err)
	}
	if len(rows) == 0 {
		return RemedyView{}, ErrRemedyUnknown
	}
	views, err := viewRemedies(ctx, tx, rows)
	if err != nil {
		return RemedyView{}, err
	}
	return views[0], nil
}

// lockRemedy keeps others from changing a remedy until the transaction ends; fault: remedy_unknown.
func lockRemedy(ctx context.Context, tx *database.Tx, id RemedyID) error {
	_, err := database.Of[Remedy](database.Gorm(ctx, tx), clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ErrRemedyUnknown
	}
	return err
}

// RemedyFilter says which remedies to list; zero fields do not narrow.
type RemedyFilter struct {
	Organization *org.ID // which owes them, today
	Scope        string  // org.ScopeOwn, or that organisation with those below it
	Inspection   *ID
	Code         string
	Status       RemedyStatus
	DueBefore    calendar.Date
	Page         httpapi.Page
}

// listRemedies returns the remedies of the filter the actor may see, one more than the limit if there are more.
func listRemedies(ctx context.Context, tx *database.Tx, actor auth.Actor, filter RemedyFilter) ([]Remedy, error) {
	where, args, err := remediesSeen(ctx, tx, actor)
	if err != nil {
		return nil, err
	}
	q := database.Of[Remedy](database.Gorm(ctx, tx)).Where(where, args...)
	if filter.Organization != nil {
		where, args := org.Narrow(ctx, tx, *filter.Organization, filter.Scope, "remedy.organization_id")
		q = q.Where(where, args...)
	}
	if filter.Inspection != nil {
		q = q.Where("finding_id IN (SELECT f.id FROM inspection_finding f WHERE f.inspection_id = ?)", *filter.Inspection)
	}
	if filter.Code != "" {
		q = q.Where("code = ?", filter.Code)
	}
	if filter.Status != "" {
		q = q.Where("status = ?", filter.Status)
	}
	if !filter.DueBefore.IsZero() {
		q = q.Where("due_on < ?", filter.DueBefore)
	}
	if after := filter.Page.After; after != nil {
		q = q.Where("(due_on, id) > (?, ?)", after[0], after[1])
	}
	rows, err := q.Order("due_on, id").Limit(filter.Page.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list remedies: %w", err)
	}
	return rows, nil
}

// viewRemedies adds to remedies their findings, rounds and checks.
func viewRemedies(ctx context.Context, tx *database.Tx, rows []Remedy) ([]RemedyView, error) {
	ids, findings := make([]RemedyID, len(rows)), make([]uuid.UUID, len(rows))
	for n, r := range rows {
		ids[n], findings[n] = r.ID, r.FindingID
	}
	found, err := database.Of[Finding](database.Gorm(ctx, tx)).Where("id IN ?", findings).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("findings of remedies: %w", err)
	}
	rounds, err := database.Of[Inspection](database.Gorm(ctx, tx)).
		Where("id IN (SELECT f.inspection_id FROM inspection_finding f WHERE f.id IN ?)", findings).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("rounds of remedies: %w", err)
	}
	checks, err := database.Of[Check](database.Gorm(ctx, tx)).Where("remedy_id IN ?", ids).Order("checked_on, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("checks of remedies: %w", err)
	}
	return joinRemedies(rows, found, rounds, checks, tx.Today()), nil
}

// joinRemedies puts together what was read of remedies.
func joinRemedies(rows []Remedy, found []Finding, rounds []Inspection, checks []Check, today calendar.Date) []RemedyView {
	byFinding, byRound, byRemedy := map[uuid.UUID]Finding{}, map[ID]Inspection{}, map[RemedyID][]Check{}
	for _, f := range found {
		byFinding[f.ID] = f
	}
	for _, i := range rounds {
		byRound[i.ID] = i
	}
	for _, c := range checks {
		byRemedy[c.RemedyID] = append(byRemedy[c.RemedyID], c)
	}
	views := make([]RemedyView, len(rows))
	for n, r := range rows {
		about := byFinding[r.FindingID]
		views[n] = RemedyView{Remedy: r, Finding: about, Round: byRound[about.InspectionID], Checks: byRemedy[r.ID], Late: r.Overdue(today)}
	}
	return views
}

// insertRemedy stores a new remedy; faults: id_taken, code_taken.
func insertRemedy(ctx context.Context, tx *database.Tx, r *Remedy) error {
	audit.Touch(tx, SealedRemedy(), r.ID)
	taken, err := database.Of[Remedy](database.Gorm(ctx, tx)).Where("id = ?", r.ID).Count(ctx, "*")
	if err != nil {
		return fmt.Errorf("look for remedy %s: %w", r.ID, err)
	}
	if taken > 0 {
		return ErrIDTaken
	}
	if err := database.Of[Remedy](database.Gorm(ctx, tx)).Create(ctx, r); err != nil {
		return fmt.Errorf("insert remedy %s: %w", r.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// saveRemedy stores a changed remedy, which is locked and has its next version already; fault: code_taken.
func saveRemedy(ctx context.Context, tx *database.Tx, r *Remedy) error {
	audit.Touch(tx, SealedRemedy(), r.ID)
	if _, err := database.Of[Remedy](database.Gorm(ctx, tx)).Where("id = ?", r.ID).
		Select("code", "text", "due_on", "status", "done_on", "outcome", "reported_by", "version", "updated_at").Updates(ctx, *r); err != nil {
		return fmt.Errorf("save remedy %s: %w", r.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// insertCheck stores a re-check; fault: remedy_check_exists.
func insertCheck(ctx context.Context, tx *database.Tx, c Check) error {
	audit.Touch(tx, SealedRemedy(), c.RemedyID)
	if err := database.Of[Check](database.Gorm(ctx, tx)).Create(ctx, &c); err != nil {
		return fmt.Errorf("insert check of remedy %s: %w", c.RemedyID, database.Taken(err, ErrChecked))
	}
	return nil
}
