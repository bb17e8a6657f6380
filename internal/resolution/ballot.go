package resolution

import (
	"context"

	"github.com/google/uuid"

	"sochibo/internal/database"
	"sochibo/internal/rules"
)

// Ballot is by what the decisions of a meeting are adopted: how many have a vote by its frozen roll, and how many votes it takes by the
// rule set of its day.
type Ballot struct {
	Base  int
	Takes rules.Adoption
}

// Ballots returns the ballots of meetings; one whose record is not in, or whose roll does not tell who has a vote, is absent.
type Ballots func(ctx context.Context, tx *database.Tx, meetings []uuid.UUID) (map[uuid.UUID]Ballot, error)

// Outcome is what follows from the votes of a decision: the base, the votes it takes, and whether it got them. All are nil where the votes
// for it or the base are not known.
type Outcome struct {
	Base    *int
	Needed  *int
	Adopted *bool
}

// Of returns the outcome of a decision with so many votes for it.
func (b *Ballot) Of(votesFor *int) Outcome {
	if b == nil || votesFor == nil {
		return Outcome{}
	}
	base, needed, adopted := b.Base, int(b.Takes.Needed(int64(b.Base))), b.Takes.Enough(int64(*votesFor), int64(b.Base))
	return Outcome{&base, &needed, &adopted}
}

// Shown is a resolution with the outcome of its vote.
type Shown struct {
	Resolution

	Outcome Outcome
}

// shown adds the outcomes, with one look for all meetings.
func (s *Service) shown(ctx context.Context, tx *database.Tx, rows []Resolution) ([]Shown, error) {
	ids := make([]uuid.UUID, 0, len(rows))
	for _, r := range rows {
		if r.VotesFor != nil {
			ids = append(ids, r.MeetingID)
		}
	}
	ballots := map[uuid.UUID]Ballot{}
	if len(ids) > 0 {
		var err error
		if ballots, err = s.ballots(ctx, tx, ids); err != nil {
			return nil, err
		}
	}
	all := make([]Shown, len(rows))
	for i, r := range rows {
		all[i].Resolution = r
		if b, known := ballots[r.MeetingID]; known {
			all[i].Outcome = b.Of(r.VotesFor)
		}
	}
	return all, nil
}
