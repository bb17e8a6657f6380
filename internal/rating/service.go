package rating

import (
	"context"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/rules"
)

// Service keeps the ratings.
type Service struct {
	db   *database.DB
	zone calendar.Zone
	book *rules.Book
}

// New returns the service over a store and the rule sets by which it rates.
func New(db *database.DB, zone calendar.Zone, book *rules.Book) *Service {
	return &Service{db: db, zone: zone, book: book}
}

// Detail is the judgements of one session: the last of each stage, nil where there is none, and the number of the last of all.
type Detail struct {
	Meeting   meeting.Meeting
	Self      *Rating
	Confirmed *Rating
	Last      int
	All       []Rating

	contents map[int]Content // what those of them rest on that stand, by number
}

// Get returns the judgements of a session.
//
// Faults: meeting_unknown, rating_unknown.
func (s *Service) Get(ctx context.Context, actor auth.Actor, of meeting.ID) (Detail, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Detail, error) {
		m, err := meeting.Visible(ctx, tx, actor, of)
		if err != nil {
			return Detail{}, err
		}
		d, err := detail(ctx, tx, m)
		if err == nil && d.Last == 0 {
			err = ErrUnknown
		}
		return d, err
	})
}

// detail loads the judgements of a meeting.
func detail(ctx context.Context, tx *database.Tx, m meeting.Meeting) (Detail, error) {
	rows, err := list(ctx, tx, m.ID)
	d := Detail{Meeting: m, All: rows, contents: map[int]Content{}}
	for i := range rows {
		d.Last = rows[i].Number
		if rows[i].Stage == Self {
			d.Self = &rows[i]
		} else {
			d.Confirmed = &rows[i]
		}
	}
	if err != nil {
		return d, err
	}
	for _, row := range []*Rating{d.Self, d.Confirmed} {
		if row == nil || row.Content == nil {
			continue
		}
		if d.contents[row.Number], err = ReadContent(*row.Content); err != nil {
			return d, err
		}
	}
	return d, nil
}

// Rate judges a counted session for its own cell, by the rule set of its day. What the records say is computed; the answers are about the
// rest. A later one takes the place of an earlier one until it is confirmed; after that only a new version of the record is rated anew.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_wrong_status, rating_not_of_such, rating_without_rubric, rating_confirmed,
// rating_invalid with the places.
func (s *Service) Rate(ctx context.Context, actor auth.Actor, of meeting.ID, match int64, in Input) (Detail, error) {
	return audit.Write(ctx, s.db, actor.Act("rating.rate"), func(tx *database.Tx) (Detail, error) {
		m, err := meeting.Hold(ctx, tx, actor, auth.MeetingSubmit, of, &match, meeting.Submitted, meeting.Accepted)
		if err != nil {
			return Detail{}, err
		}
		before, err := detail(ctx, tx, m)
		if err != nil {
			return Detail{}, err
		}
		if before.confirmed(m.RecordVersion) {
			return Detail{}, ErrConfirmed
		}
		judged, err := s.subject(ctx, tx, m)
		if err != nil {
			return Detail{}, err
		}
		row, err := s.judge(ctx, tx, judged, in)
		if err != nil {
			return Detail{}, err
		}
		row.Number, row.RatedBy, row.CreatedAt = before.Last+1, actor.Editor(), tx.Now
		if err := insert(ctx, tx, &row); err != nil {
			return Detail{}, err
		}
		return detail(ctx, tx, m)
	})
}

// confirmed reports whether the last self-rating was confirmed and is of the version.
func (d Detail) confirmed(version int) bool {
	return d.Confirmed != nil && d.Self != nil && d.Confirmed.Number > d.Self.Number && d.Self.RecordVersion == version
}

// subject loads what is judged, and refuses what no rubric is for.
func (s *Service) subject(ctx context.Context, tx *database.Tx, m meeting.Meeting) (subject, error) {
	set, err := s.book.Holding(ctx, tx, m.OrganizationID, m.HeldOn)
	if err != nil {
		return subject{}, err
	}
	if set.Rubric == nil {
		return subject{}, fault.With(ErrNoRubric, fault.Args{"rule_set": set.ID})
	}
	var forms []string
	for _, form := range m.Forms.List() {
		forms = append(forms, string(form))
	}
	if !set.Rubric.Rates(m.Body, forms) {
		return subject{}, fault.With(ErrNotRated, fault.Args{"rule_set": set.ID})
	}
	record, err := meeting.RecordAt(ctx, tx, m.ID, m.RecordVersion)
	if err != nil {
		return subject{}, err
	}
	months := calendar.Period{From: calendar.Year(m.PeriodMonth.Year()).Period().From, To: m.PeriodMonth}
	if before := m.PeriodMonth.Quarter().Add(-1).First(); before.Before(months.From) {
		months.From = before
	}
	around, err := meeting.CountedIn(ctx, tx, m.OrganizationID, months)
	return subject{m, record, set, around}, err
}

// judge computes the judgement of the cell.
func (s *Service) judge(ctx context.Context, tx *database.Tx, judged subject, in Input) (Rating, error) {
	found, err := judged.findings(ctx, tx, s.zone)
	if err != nil {
		return Rating{}, err
	}
	var f fault.Fields
	result := judged.set.Rubric.Assess(found, in.Answers, &f, "/answers")
	base := judged.record.VoteBase()
	in.Vote.check(&f, base)
	if err := f.Err(fault.Invalid, "rating_invalid"); err != nil {
		return Rating{}, err
	}
	content := Content{Day: judged.meeting.HeldOn, RuleSet: judged.set.ID, SHA256: judged.set.SHA256, Result: result}
	if parent, local := s.book.Find(judged.set.Parent); local {
		content.Parent, content.ParentSHA256 = &parent.ID, &parent.SHA256
	}
	written, err := content.Write()
	row := Rating{
		ID: NewID(), MeetingID: judged.meeting.ID, Stage: Self, RecordVersion: judged.meeting.RecordVersion, RuleSet: judged.set.ID,
		Grade: result.Grade, Points: result.Points, Available: result.Available, Content: &written,
	}
	if in.Vote != nil {
		row.VotesFor, row.VotesAgainst, row.VotesAbstained, row.VoteBase = &in.Vote.For, &in.Vote.Against, &in.Vote.Abstained, base
	}
	return row, err
}

// Confirm judges a session for the organisation above: it confirms the grade that the cell gave itself, or sets another one with the
// reason. match is the number of the last judgement the caller has seen.
//
// Faults: meeting_unknown, forbidden, meeting_wrong_status, rating_unknown, version_stale, rating_outdated, rating_confirmed, own_rating,
// own_record, rating_invalid with the places.
func (s *Service) Confirm(ctx context.Context, actor auth.Actor, of meeting.ID, match int64, in Decision) (Detail, error) {
	return audit.Write(ctx, s.db, actor.Act("rating.confirm"), func(tx *database.Tx) (Detail, error) {
		m, own, err := s.deciding(ctx, tx, actor, of, match)
		if err != nil {
			return Detail{}, err
		}
		decided := in
		if err := decided.check(own, s.grades(own)); err != nil {
			return Detail{}, err
		}
		row := own
		row.ID, row.Number, row.Stage, row.Grade, row.Reason = NewID(), int(match)+1, Confirmed, decided.Grade, decided.Reason
		row.VotesFor, row.VotesAgainst, row.VotesAbstained, row.VoteBase = nil, nil, nil, nil
		row.RatedBy, row.CreatedAt = actor.Editor(), tx.Now
		if err := insert(ctx, tx, &row); err != nil {
			return Detail{}, err
		}
		return detail(ctx, tx, m)
	})
}

// deciding holds an accepted meeting for a superior who neither rated it nor wrote on its record, and returns what the cell says of it.
func (s *Service) deciding(
	ctx context.Context, tx *database.Tx, actor auth.Actor, of meeting.ID, match int64,
) (meeting.Meeting, Rating, error) {
	m, err := meeting.Hold(ctx, tx, actor, auth.MeetingReceive, of, nil, meeting.Accepted)
	if err != nil {
		return m, Rating{}, err
	}
	d, err := detail(ctx, tx, m)
	switch {
	case err != nil:
		return m, Rating{}, err
	case d.Self == nil:
		return m, Rating{}, ErrUnknown
	case int64(d.Last) != match:
		return m, Rating{}, fault.WithETag(ErrStale, httpapi.ETag(int64(d.Last)))
	case d.Self.RecordVersion != m.RecordVersion:
		return m, Rating{}, fault.With(ErrOutdated, fault.Args{"rated": d.Self.RecordVersion, "version": m.RecordVersion})
	case d.confirmed(m.RecordVersion):
		return m, Rating{}, ErrConfirmed
	}
	for _, row := range d.All {
		if user := actor.Editor(); user != nil && row.Stage == Self && row.RatedBy != nil && *row.RatedBy == *user {
			return m, Rating{}, ErrOwn
		}
	}
	return m, *d.Self, meeting.NotAnEditor(ctx, tx, actor, of)
}

// grades are those of the rule set that a judgement names; where it is there no longer, the grade that was given is the only one.
func (s *Service) grades(own Rating) []string {
	set, known := s.book.Find(own.RuleSet)
	if !known || set.Rubric == nil {
		return []string{own.Grade}
	}
	return set.Rubric.GradeIDs()
}
