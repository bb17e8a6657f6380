package exchange

import (
	"context"

	"sochibo/internal/meeting"
)

// loadTotals reads the numbers of records that have no roll.
func (s *staging) loadTotals(ctx context.Context, ids []meeting.ID, at map[meeting.ID]*meeting.Record) error {
	var rows []meeting.Totals
	if err := gormRaw(ctx, s.tx, "SELECT * FROM meeting_totals WHERE meeting_id IN ?", ids).Scan(&rows).Error; err != nil {
		return err
	}
	for _, t := range rows {
		at[t.MeetingID].Totals = &t
	}
	return nil
}

// loadVotes reads the votes; what follows from roll or totals, which must be there by now, is added.
func (s *staging) loadVotes(ctx context.Context, ids []meeting.ID, at map[meeting.ID]*meeting.Record) error {
	var rows []meeting.Vote
	if err := gormRaw(ctx, s.tx, "SELECT * FROM meeting_vote WHERE meeting_id IN ? ORDER BY meeting_id, position", ids).Scan(&rows).Error; err != nil {
		return err
	}
	votes := make(map[meeting.ID][]meeting.Vote)
	for _, v := range rows {
		votes[v.MeetingID] = append(votes[v.MeetingID], v)
	}
	for id, list := range votes {
		*at[id] = at[id].WithVotes(list)
	}
	return nil
}
