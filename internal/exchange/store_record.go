package exchange

import (
	"context"
	"iter"

	"github.com/google/uuid"

	"sochibo/internal/database"
	"sochibo/internal/meeting"
)

// writeRecords keeps versions and events of some records.
func (s *staging) writeRecords(ctx context.Context, records []submittedRecord) error {
	versions := make([][]any, len(records))
	for i, r := range records {
		v, err := meeting.NewVersion(r.Record, nil, s.tx.Now)
		if err != nil {
			return err
		}
		versions[i] = []any{v.MeetingID, v.Number, v.Content, v.SHA256, v.RecordedAt}
	}
	columns := []string{"meeting_id", "number", "content", "sha256", "recorded_at"}
	if _, err := database.InsertAll(ctx, s.tx, "record_version", columns, each(versions)); err != nil {
		return err
	}
	var events [][]any
	for _, r := range records {
		events = append(events, s.event(r, meeting.ActSubmitted))
		if r.accepted {
			events = append(events, s.event(r, meeting.ActAccepted))
		}
	}
	_, err := database.InsertAll(ctx, s.tx, "meeting_event", []string{"id", "meeting_id", "act", "version_number", "recorded_at"}, each(events))
	return err
}

func (s *staging) event(r submittedRecord, act meeting.Act) []any {
	return []any{uuid.Must(uuid.NewV7()), r.MeetingID, string(act), r.Number, s.tx.Now}
}

func each(rows [][]any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, row := range rows {
			if !yield(row) {
				return
			}
		}
	}
}
