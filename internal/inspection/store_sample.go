package inspection

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
)

// insertSample stores a sample with what it was drawn from and what was drawn.
func insertSample(ctx context.Context, tx *database.Tx, v SampleView) error {
	audit.Touch(tx, SealedSample(), v.Sample.ID)
	if err := database.Of[Sample](database.Gorm(ctx, tx)).Create(ctx, &v.Sample); err != nil {
		return fmt.Errorf("insert sample of inspection %s: %w", v.InspectionID, err)
	}
	from := make([]SampleOrganization, len(v.Organizations))
	for n, organization := range v.Organizations {
		from[n] = SampleOrganization{v.Sample.ID, organization}
	}
	if err := database.Of[SampleOrganization](database.Gorm(ctx, tx)).CreateInBatches(ctx, &from, maxSample); err != nil {
		return fmt.Errorf("insert organizations of sample %s: %w", v.Sample.ID, err)
	}
	drawn := make([]SampleMeeting, len(v.Meetings))
	for n, meeting := range v.Meetings {
		drawn[n] = SampleMeeting{v.Sample.ID, n + 1, meeting}
	}
	if err := database.Of[SampleMeeting](database.Gorm(ctx, tx)).CreateInBatches(ctx, &drawn, maxSample); err != nil {
		return fmt.Errorf("insert meetings of sample %s: %w", v.Sample.ID, err)
	}
	return nil
}

// samplesOf returns the samples of a round in the order in which they were drawn.
func samplesOf(ctx context.Context, tx *database.Tx, id ID) ([]Sample, error) {
	rows, err := database.Of[Sample](database.Gorm(ctx, tx)).Where("inspection_id = ?", id).Order("created_at, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("samples of inspection %s: %w", id, err)
	}
	return rows, nil
}

// visibleSample returns a sample of a round that the actor may see; faults: inspection_unknown, forbidden, sample_unknown.
func visibleSample(ctx context.Context, tx *database.Tx, actor auth.Actor, of ID, id uuid.UUID) (SampleView, error) {
	if _, err := findVisible(ctx, tx, actor, of); err != nil {
		return SampleView{}, err
	}
	sample, err := database.Of[Sample](database.Gorm(ctx, tx)).Where("id = ? AND inspection_id = ?", id, of).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return SampleView{}, ErrSampleUnknown
	}
	if err != nil {
		return SampleView{}, fmt.Errorf("find sample %s: %w", id, err)
	}
	v := SampleView{Sample: sample}
	from, err := database.Of[SampleOrganization](database.Gorm(ctx, tx)).Where("sample_id = ?", id).Order("organization_id").Find(ctx)
	if err != nil {
		return SampleView{}, fmt.Errorf("organizations of sample %s: %w", id, err)
	}
	for _, o := range from {
		v.Organizations = append(v.Organizations, o.OrganizationID)
	}
	drawn, err := database.Of[SampleMeeting](database.Gorm(ctx, tx)).Where("sample_id = ?", id).Order("position").Find(ctx)
	if err != nil {
		return SampleView{}, fmt.Errorf("meetings of sample %s: %w", id, err)
	}
	for _, m := range drawn {
		v.Meetings = append(v.Meetings, m.MeetingID)
	}
	return v, nil
}
