package inspection

import (
	"context"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// RemedyView is a remedy with what it is about and how it was checked.
type RemedyView struct {
	Remedy

	Finding Finding
	Round   Inspection
	Checks  []Check // the earliest first
	Late    bool    // overdue today
}

// Demand asks an organisation to put right what a finding says.
//
// Faults: forbidden, id_taken, code_taken, remedy_invalid (field_required, text_too_long, reference_unknown, before_round).
func (s *Service) Demand(ctx context.Context, actor auth.Actor, in RemedyInput) (RemedyView, error) {
	return audit.Write(ctx, s.db, actor.Act("remedy.demand"), func(tx *database.Tx) (RemedyView, error) {
		var f fault.Fields
		r := in.row(&f, tx.Now)
		v := RemedyView{Remedy: r}
		var err error
		if v.Finding, v.Round, err = demandable(ctx, tx, actor, &f, r); err != nil {
			return RemedyView{}, err
		}
		f.Check(f.Len() > 0 || !r.DueOn.Before(v.Round.FromOn), "/due_on", "before_round", fault.Args{"day": v.Round.FromOn})
		if err := f.Err(fault.Invalid, "remedy_invalid"); err != nil {
			return RemedyView{}, err
		}
		v.Late = r.Overdue(tx.Today())
		return v, insertRemedy(ctx, tx, &v.Remedy)
	})
}

// demandable returns the finding that a new remedy is about, with its round, and notes what it names that the actor does not see. Fault:
// forbidden.
func demandable(ctx context.Context, tx *database.Tx, actor auth.Actor, f *fault.Fields, r Remedy) (Finding, Inspection, error) {
	found, round, err := visibleFinding(ctx, tx, actor, r.FindingID)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return found, round, err
	}
	known := err == nil
	if known {
		if err := org.Authorize(ctx, tx, actor, auth.InspectionWrite, round.OrganizationID); err != nil {
			return found, round, err
		}
	}
	f.Check(known || f.Len() > 0, "/finding_id", "reference_unknown")
	if r.OrganizationID == (org.ID{}) {
		return found, round, nil
	}
	err = org.Authorize(ctx, tx, actor, auth.OrganizationRead, r.OrganizationID)
	if kind := fault.KindOf(err); err != nil && kind != fault.NotFound && kind != fault.Forbidden {
		return found, round, err
	}
	f.Check(err == nil, "/organization_id", "reference_unknown")
	return found, round, nil
}

// GetRemedy returns a remedy that the actor may see: of the inspecting side, or of the organisation that owes it. Faults: remedy_unknown,
// forbidden.
func (s *Service) GetRemedy(ctx context.Context, actor auth.Actor, id RemedyID) (RemedyView, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (RemedyView, error) { return visibleRemedy(ctx, tx, actor, id) })
}

// ListRemedies returns a page of the remedies that the actor may see, the earliest due first, and the cursor of the next page. Fault:
// forbidden.
func (s *Service) ListRemedies(ctx context.Context, actor auth.Actor, filter RemedyFilter) ([]RemedyView, *string, error) {
	var next *string
	views, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]RemedyView, error) {
		rows, err := listRemedies(ctx, tx, actor, filter)
		if err != nil {
			return nil, err
		}
		rows, next = httpapi.Cut(rows, filter.Page, func(r Remedy) []string { return []string{r.DueOn.String(), r.ID.String()} })
		return viewRemedies(ctx, tx, rows)
	})
	return views, next, err
}

// openRemedy returns a remedy that the actor may see and refuses one whose version is not the one that the actor saw. Faults:
// remedy_unknown, forbidden, version_stale.
func openRemedy(ctx context.Context, tx *database.Tx, actor auth.Actor, id RemedyID, match int64) (RemedyView, error) {
	if err := lockRemedy(ctx, tx, id); err != nil {
		return RemedyView{}, err
	}
	v, err := visibleRemedy(ctx, tx, actor, id)
	if err == nil && v.Version != match {
		err = fault.WithETag(ErrStale, httpapi.ETag(v.Version))
	}
	return v, err
}

// EditRemedy changes what an open remedy demands, if match is the current version.
//
// Faults: remedy_unknown, forbidden, version_stale, remedy_not_open, code_taken, remedy_invalid (field_required, text_too_long, before_round).
func (s *Service) EditRemedy(ctx context.Context, actor auth.Actor, id RemedyID, match int64, change RemedyChange) (RemedyView, error) {
	return audit.Write(ctx, s.db, actor.Act("remedy.edit"), func(tx *database.Tx) (RemedyView, error) {
		v, err := visibleRemedy(ctx, tx, actor, id)
		if err != nil {
			return v, err
		}
		if err := org.Authorize(ctx, tx, actor, auth.InspectionWrite, v.Round.OrganizationID); err != nil {
			return v, hiddenIsForbidden(err)
		}
		if v, err = openRemedy(ctx, tx, actor, id, match); err != nil {
			return v, err
		}
		if v.Status != RemedyOpen {
			return v, ErrRemedyNotOpen
		}
		var f fault.Fields
		change.apply(&v.Remedy)
		v.tidy(&f)
		f.Check(f.Len() > 0 || !v.DueOn.Before(v.Round.FromOn), "/due_on", "before_round", fault.Args{"day": v.Round.FromOn})
		if err := f.Err(fault.Invalid, "remedy_invalid"); err != nil {
			return v, err
		}
		return v.saved(tx), saveRemedy(ctx, tx, &v.Remedy)
	})
}

// hiddenIsForbidden answers for the side that the actor does not reach of a remedy which the actor sees.
func hiddenIsForbidden(err error) error {
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return org.ErrForbidden
	}
	return err
}

// saved gives the remedy its next version.
func (v *RemedyView) saved(tx *database.Tx) RemedyView {
	v.Version, v.UpdatedAt = v.Version+1, tx.Now
	v.Late = v.Overdue(tx.Today())
	return *v
}

// Report says what became of an open remedy: the organisation that owes it or the inspecting side that it is done, the inspecting side
// alone that it is dropped.
//
// Faults: remedy_unknown, forbidden, version_stale, remedy_not_open, outcome_invalid (field_required, word_unknown, text_too_long,
// done_on_without_done, before_round, date_in_future).
func (s *Service) Report(ctx context.Context, actor auth.Actor, id RemedyID, match int64, outcome Outcome) (RemedyView, error) {
	return audit.Write(ctx, s.db, actor.Act("remedy.report"), func(tx *database.Tx) (RemedyView, error) {
		v, err := visibleRemedy(ctx, tx, actor, id)
		if err != nil {
			return v, err
		}
		if err := mayReport(ctx, tx, actor, v, outcome); err != nil {
			return v, err
		}
		if v, err = openRemedy(ctx, tx, actor, id, match); err != nil {
			return v, err
		}
		if v.Status != RemedyOpen {
			return v, ErrRemedyNotOpen
		}
		var f fault.Fields
		outcome.apply(&f, &v.Remedy, v.Round, tx.Today())
		if err := f.Err(fault.Invalid, "outcome_invalid"); err != nil {
			return v, err
		}
		v.ReportedBy = actor.Editor()
		return v.saved(tx), saveRemedy(ctx, tx, &v.Remedy)
	})
}

// mayReport lets pass who may say that of the remedy; fault: forbidden.
func mayReport(ctx context.Context, tx *database.Tx, actor auth.Actor, v RemedyView, outcome Outcome) error {
	inspecting := hiddenIsForbidden(org.Authorize(ctx, tx, actor, auth.InspectionWrite, v.Round.OrganizationID))
	if inspecting == nil || fault.KindOf(inspecting) != fault.Forbidden || outcome.Status == RemedyDropped {
		return inspecting
	}
	return hiddenIsForbidden(org.Authorize(ctx, tx, actor, auth.RemedyReport, v.OrganizationID))
}

// Recheck records that the inspecting side looked again. Who reported what became of the remedy does not check it.
//
// Faults: remedy_unknown, forbidden, own_remedy, version_stale, remedy_dropped, remedy_not_reported, remedy_check_exists, recheck_invalid
// (field_required, word_unknown, text_too_long, before_round, date_in_future, check_before_outcome).
func (s *Service) Recheck(ctx context.Context, actor auth.Actor, id RemedyID, match int64, in CheckInput) (RemedyView, error) {
	return audit.Write(ctx, s.db, actor.Act("remedy.check"), func(tx *database.Tx) (RemedyView, error) {
		v, err := visibleRemedy(ctx, tx, actor, id)
		if err != nil {
			return v, err
		}
		if err := org.Authorize(ctx, tx, actor, auth.InspectionWrite, v.Round.OrganizationID); err != nil {
			return v, hiddenIsForbidden(err)
		}
		if v, err = openRemedy(ctx, tx, actor, id, match); err != nil {
			return v, err
		}
		if v.reportedBy(actor) {
			return v, ErrOwnRemedy
		}
		var f fault.Fields
		check := in.row(&f, v.Remedy, v.Round, tx.Today(), tx.Now)
		if err := f.Err(fault.Invalid, "recheck_invalid"); err != nil {
			return v, err
		}
		if err := v.judge(check); err != nil {
			return v, err
		}
		check.CheckedBy = actor.Editor()
		if err := insertCheck(ctx, tx, check); err != nil {
			return v, err
		}
		v.Checks = append(v.Checks, check)
		return v.saved(tx), saveRemedy(ctx, tx, &v.Remedy)
	})
}
