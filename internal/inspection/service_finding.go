package inspection

import (
	"context"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
)

// Edit changes a round if match is the current version: its code, its title, its last day, what it carries out. What it counts by stays.
//
// Faults: inspection_unknown, forbidden, version_stale, code_taken, inspection_invalid (text_too_long, ends_before_start,
// reference_unknown).
func (s *Service) Edit(ctx context.Context, actor auth.Actor, id ID, match int64, change Change) (View, error) {
	return audit.Write(ctx, s.db, actor.Act("inspection.edit"), func(tx *database.Tx) (View, error) {
		i, err := openRound(ctx, tx, actor, id, match)
		if err != nil {
			return View{}, err
		}
		var f fault.Fields
		change.apply(&f, &i)
		if err := checkPlanned(ctx, tx, &f, i); err != nil {
			return View{}, err
		}
		if err := f.Err(fault.Invalid, "inspection_invalid"); err != nil {
			return View{}, err
		}
		if err := saveHead(ctx, tx, i); err != nil {
			return View{}, err
		}
		objects, err := objectsOf(ctx, tx, id)
		return View{i, objects}, err
	})
}

// openRound gives a round that the actor may write its next version, which keeps it for the transaction; AnyVersion matches every version.
// Faults: inspection_unknown, forbidden, version_stale.
func openRound(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID, match int64) (Inspection, error) {
	i, err := findVisible(ctx, tx, actor, id)
	if err != nil {
		return i, err
	}
	if err := org.Authorize(ctx, tx, actor, auth.InspectionWrite, i.OrganizationID); err != nil {
		return i, err
	}
	return i, touch(ctx, tx, &i, match)
}

// Found is a finding that was added or changed, with the round's new version.
type Found struct {
	Finding

	Version int64
}

// AddFinding adds a finding to a round; AnyVersion matches every version.
//
// Faults: inspection_unknown, forbidden, version_stale, id_taken, code_taken, finding_invalid (field_required, word_unknown, text_too_long,
// object_of_other_type, no_object_of_round, reference_unknown).
func (s *Service) AddFinding(ctx context.Context, actor auth.Actor, id ID, match int64, in FindingInput) (Found, error) {
	return audit.Write(ctx, s.db, actor.Act("inspection.add_finding"), func(tx *database.Tx) (Found, error) {
		i, err := openRound(ctx, tx, actor, id, match)
		if err != nil {
			return Found{}, err
		}
		var f fault.Fields
		found := in.row(&f, id, tx.Now)
		if err := checkFinding(ctx, tx, actor, &f, found); err != nil {
			return Found{}, err
		}
		return Found{found, i.Version}, insertFinding(ctx, tx, found)
	})
}

// checkFinding refuses a finding with something wrong in it: also one about what is no object of its round, or found in a meeting that
// the actor may not read.
func checkFinding(ctx context.Context, tx *database.Tx, actor auth.Actor, f *fault.Fields, found Finding) error {
	objects, err := objectsOf(ctx, tx, found.InspectionID)
	if err != nil {
		return err
	}
	found.isAbout(f, objects)
	if found.MeetingID != nil {
		_, err := meeting.Visible(ctx, tx, actor, *found.MeetingID)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		f.Check(err == nil, "/meeting_id", "reference_unknown")
	}
	return f.Err(fault.Invalid, "finding_invalid")
}

// EditFinding changes a finding if match is the current version of its round. Remedies stay as they are.
//
// Faults: inspection_unknown, forbidden, version_stale, finding_unknown, code_taken, finding_invalid as in AddFinding.
func (s *Service) EditFinding(ctx context.Context, actor auth.Actor, of ID, id uuid.UUID, match int64, change FindingChange) (Found, error) {
	return audit.Write(ctx, s.db, actor.Act("inspection.edit_finding"), func(tx *database.Tx) (Found, error) {
		i, err := openRound(ctx, tx, actor, of, match)
		if err != nil {
			return Found{}, err
		}
		found, err := findFinding(ctx, tx, of, id)
		if err != nil {
			return Found{}, err
		}
		var f fault.Fields
		before := found.MeetingID
		change.apply(&found)
		found.tidy(&f)
		judged := found
		if before != nil && found.MeetingID != nil && *before == *found.MeetingID {
			judged.MeetingID = nil // it stays, whoever may read it
		}
		if err := checkFinding(ctx, tx, actor, &f, judged); err != nil {
			return Found{}, err
		}
		found.UpdatedAt = tx.Now
		return Found{found, i.Version}, saveFinding(ctx, tx, found)
	})
}

// Findings are those of a round, with the round's version.
type Findings struct {
	List    []Finding
	Version int64
}

// ListFindings returns the findings of a round in the order in which they were added; faults: inspection_unknown, forbidden.
func (s *Service) ListFindings(ctx context.Context, actor auth.Actor, id ID) (Findings, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Findings, error) {
		i, err := findVisible(ctx, tx, actor, id)
		if err != nil {
			return Findings{}, err
		}
		found, err := findingsOf(ctx, tx, id)
		return Findings{found, i.Version}, err
	})
}
