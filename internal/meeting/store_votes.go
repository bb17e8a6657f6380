package meeting

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/database"
	"sochibo/internal/resolution"
)

const frozenRecords = `SELECT v.meeting_id, v.content FROM meeting m JOIN record_version v ON v.meeting_id = m.id AND v.number = m.record_version
	WHERE m.id IN ? AND m.status IN ('submitted', 'accepted')`

// Ballots returns by what the decisions of meetings are adopted, from the records that are in.
func Ballots(ctx context.Context, tx *database.Tx, meetings []uuid.UUID) (map[uuid.UUID]resolution.Ballot, error) {
	var rows []RecordVersion
	if err := database.Gorm(ctx, tx).Raw(frozenRecords, meetings).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("records of decisions: %w", err)
	}
	found := map[uuid.UUID]resolution.Ballot{}
	for _, row := range rows {
		record, err := ReadRecord(row.Content)
		if err != nil {
			return nil, err
		}
		if ballot := record.ballot(); ballot != nil {
			found[row.MeetingID.UUID] = *ballot
		}
	}
	return found, nil
}

// loadVotes adds the votes to the details, and the totals where there is no roll.
func (d *Details) loadVotes(ctx context.Context, tx *database.Tx) error {
	id := d.Meeting.ID
	var err error
	if d.Votes, err = database.Of[Vote](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).Order("position").Find(ctx); err != nil {
		return fmt.Errorf("votes of meeting %s: %w", id, err)
	}
	if !d.Meeting.TotalsOnly {
		return nil
	}
	rows, err := database.Of[Totals](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).Find(ctx)
	if err != nil {
		return fmt.Errorf("totals of meeting %s: %w", id, err)
	}
	if len(rows) != 1 {
		return fmt.Errorf("meeting %s has %d rows of totals", id, len(rows))
	}
	d.Totals = &rows[0]
	return nil
}
