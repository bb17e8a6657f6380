package inspection

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
)

// SampleView is a sample with what it was drawn from and what was drawn.
type SampleView struct {
	Sample

	Organizations []org.ID
	Meetings      []uuid.UUID // in the order in which they were chosen
	Reproduced    bool        // drawn again from the ledger as it stood, it is the same
}

// DrawSample draws meetings at random: of the counted ones that the round's organisations and those below them held, by the tree of their
// days, in the months.
//
// Faults: inspection_unknown, forbidden, sample_without_population, sample_too_wide, sample_invalid (field_required, number_out_of_range,
// word_unknown, seed_malformed, period_reversed, period_too_long, no_object_of_round, reference_unknown).
//
//fault:codes sample_invalid
func (s *Service) DrawSample(ctx context.Context, actor auth.Actor, id ID, in SampleInput) (SampleView, error) {
	return audit.Write(ctx, s.db, actor.Act("inspection.draw_sample"), func(tx *database.Tx) (SampleView, error) {
		i, err := findVisible(ctx, tx, actor, id)
		if err != nil {
			return SampleView{}, err
		}
		if err := org.Authorize(ctx, tx, actor, auth.InspectionWrite, i.OrganizationID); err != nil {
			return SampleView{}, err
		}
		var f fault.Fields
		v := SampleView{Sample: in.row(&f, id, tx.Now), Reproduced: true}
		v.DrawnBy = actor.Editor()
		if v.Organizations, err = drawnFrom(ctx, tx, actor, &f, id, in); err != nil {
			return SampleView{}, err
		}
		if err := f.Err(fault.Invalid, "sample_invalid"); err != nil {
			return SampleView{}, err
		}
		head, err := ledger.At(ctx, tx, 0, time.Time{})
		if err != nil {
			return SampleView{}, err
		}
		v.Entry = head.Number
		if err := v.draw(ctx, tx); err != nil {
			return SampleView{}, err
		}
		return v, insertSample(ctx, tx, v)
	})
}

// drawnFrom returns the organisations from whose meetings the sample is drawn, and notes what is wrong with those named.
func drawnFrom(ctx context.Context, tx *database.Tx, actor auth.Actor, f *fault.Fields, id ID, in SampleInput) ([]org.ID, error) {
	objects, err := objectsOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	organizations := in.organizations(f, objects)
	for _, organization := range organizations {
		err := org.Authorize(ctx, tx, actor, auth.MeetingRead, organization)
		if kind := fault.KindOf(err); err != nil && kind != fault.NotFound && kind != fault.Forbidden {
			return nil, err
		}
		f.Check(err == nil, "/organization_ids", "reference_unknown")
	}
	slices.SortFunc(organizations, func(a, b org.ID) int { return slices.Compare(a.UUID[:], b.UUID[:]) })
	return organizations, nil
}

// population returns the meetings that a sample is drawn from, in the order of their ids.
//
// Faults: sample_too_wide.
func (v SampleView) population(ctx context.Context, tx *database.Tx) ([]uuid.UUID, error) {
	months := calendar.Period{From: v.FromMonth, To: v.ToMonth}
	all, err := ledger.CountedAt(ctx, tx, v.Entry, v.Organizations, months, v.Body, maxPopulation+1)
	if err == nil && len(all) > maxPopulation {
		err = fault.With(ErrSampleTooWide, fault.Args{"limit": maxPopulation})
	}
	return all, err
}

// draw fills in how many meetings there are and which were chosen.
//
// Faults: sample_without_population, sample_too_wide.
func (v *SampleView) draw(ctx context.Context, tx *database.Tx) error {
	all, err := v.population(ctx, tx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return ErrNothingThere
	}
	v.Population, v.Meetings = len(all), Draw(v.Seed, all, v.Wanted)
	return nil
}

// ListSamples returns the samples of a round in the order in which they were drawn, without drawing them again; faults:
// inspection_unknown, forbidden.
func (s *Service) ListSamples(ctx context.Context, actor auth.Actor, id ID) ([]Sample, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Sample, error) {
		if _, err := findVisible(ctx, tx, actor, id); err != nil {
			return nil, err
		}
		return samplesOf(ctx, tx, id)
	})
}

// GetSample returns a sample and draws it again from the ledger as it stood; faults: inspection_unknown, forbidden, sample_unknown.
func (s *Service) GetSample(ctx context.Context, actor auth.Actor, of ID, id uuid.UUID) (SampleView, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (SampleView, error) {
		v, err := visibleSample(ctx, tx, actor, of, id)
		if err != nil {
			return SampleView{}, err
		}
		again := v
		if err := again.draw(ctx, tx); err != nil && fault.KindOf(err) != fault.Conflict {
			return SampleView{}, err
		}
		v.Reproduced = again.Population == v.Population && slices.Equal(again.Meetings, v.Meetings)
		return v, nil
	})
}

// Population returns the meetings that a sample was drawn from, in the order of their ids, with the sample; faults: inspection_unknown,
// forbidden, sample_unknown.
func (s *Service) Population(ctx context.Context, actor auth.Actor, of ID, id uuid.UUID) (Sample, []uuid.UUID, error) {
	var sample Sample
	all, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]uuid.UUID, error) {
		v, err := visibleSample(ctx, tx, actor, of, id)
		if err != nil {
			return nil, err
		}
		sample = v.Sample
		return v.population(ctx, tx)
	})
	return sample, all, err
}
