package exchange

import (
	"context"
	"slices"
	"strings"

	"sochibo/internal/fault"
	"sochibo/internal/rating"
	"sochibo/internal/rules"
)

// standingRating says that rating t stands: it is the last one of its stage, and of the record as it counts now.
const standingRating = "NOT EXISTS (SELECT 1 FROM rating n WHERE n.meeting_id = t.meeting_id AND n.stage = t.stage AND n.number > t.number)" +
	" AND EXISTS (SELECT 1 FROM meeting q WHERE q.id = t.meeting_id AND q.record_version = t.record_version AND q.status IN ('submitted', 'accepted'))"

const mostPoints = 10_000

func ratingFile() file {
	return file{
		name: "ratings", table: "rating", key: []string{"meeting_code", "stage"}, derive: deriveRating, current: standingRating,
		columns: []column{
			ref("meeting_code", "meetings", "meeting_id").must(), oneOf("stage", words(rating.Stages())...).must(), oneLine("rule_set").must(),
			oneLine("grade").must(), count("points", mostPoints), count("available", mostPoints),
			count("votes_for", mostCount), count("votes_against", mostCount), count("votes_abstained", mostCount), count("vote_base", mostCount),
			free("reason"), free("breakdown").as("content"),
		},
	}
}

// ratingConstants number a rating after those that the meeting has, and say that it is of the record as it is.
func ratingConstants() []constant {
	return []constant{
		{column: "number", value: "coalesce((SELECT max(n.number) FROM rating n WHERE n.meeting_id = k0.id), 0) + CASE s.stage WHEN 'self' THEN 1 ELSE 2 END"},
		{column: "record_version", value: "(SELECT q.record_version FROM meeting q WHERE q.id = k0.id)"},
	}
}

// deriveRating checks what a row says of itself. One that brings what it was computed from may name a rule set that is not here.
func deriveRating(s *staging, r *record) {
	if r.faulty {
		return
	}
	points, scored := r.values[r.at("points")].(int64)
	available, bounded := r.values[r.at("available")].(int64)
	if scored != bounded {
		r.bad("points", "points_incomplete", nil)
	} else if points > available {
		r.bad("points", "points_exceed_available", nil)
	}
	set, known := s.book.Find(r.text("rule_set"))
	switch breakdown := r.text("breakdown"); {
	case breakdown != "":
		r.checkBreakdown(breakdown)
	case !known:
		r.bad("rule_set", "rule_set_unknown", nil)
	case set.Rubric == nil || !slices.Contains(set.Rubric.GradeIDs(), r.text("grade")):
		r.bad("grade", "grade_unknown", fault.Args{"given": printable(r.text("grade")), "rule_set": set.ID})
	}
}

// checkBreakdown holds what a rating was computed from against the row. A confirmed grade may be another than the computed one.
func (r *record) checkBreakdown(breakdown string) {
	content, err := rating.ReadContent(breakdown)
	if err != nil {
		r.bad("breakdown", "rating_content_malformed", nil)
		return
	}
	same := content.RuleSet == r.text("rule_set") && r.same("points", content.Points) && r.same("available", content.Available) &&
		(content.Grade == r.text("grade") || r.text("stage") != string(rating.Self))
	if !same {
		r.bad("breakdown", "rating_content_differs", nil)
	}
}

// same reports whether the column holds the number, or nothing where there is none.
func (r *record) same(name string, want *int) bool {
	got, is := r.values[r.at(name)].(int64)
	return is == (want != nil) && (want == nil || got == int64(*want))
}

// checkRatings notes ratings of records that are not in, confirmed ones of records that are not accepted, and such by a rule set that was
// not in force on the day or is not for such sessions.
//
//fault:codes rating_of_draft rating_not_accepted rule_set_not_in_force rating_not_of_such
func (s *staging) checkRatings(ctx context.Context, f *file, joined string) error {
	note := func(place, code, given, stored, where string) error {
		return s.note(ctx, f, place, code, given, stored, joined+where)
	}
	if err := note("meeting_code", "rating_of_draft", "s.meeting_code", "m.status", "m.status NOT IN ('submitted', 'accepted')"); err != nil {
		return err
	}
	if err := note("stage", "rating_not_accepted", "s.stage", "m.status", "s.stage = 'confirmed' AND m.status <> 'accepted'"); err != nil {
		return err
	}
	for _, set := range s.book.All() {
		of := "s.rule_set = '" + set.ID + "' AND "
		outside := "m.held_on < '" + set.From.String() + "'"
		if set.To != nil {
			outside += " OR m.held_on > '" + set.To.String() + "'"
		}
		if err := note("rule_set", "rule_set_not_in_force", "s.rule_set", "CAST(m.held_on AS text)", of+"("+outside+")"); err != nil {
			return err
		}
		if err := note("meeting_code", "rating_not_of_such", "s.meeting_code", none, of+"NOT ("+ratedBy(set)+")"); err != nil {
			return err
		}
	}
	return nil
}

// ratedBy says that the set rates the meeting m.
func ratedBy(set rules.Set) string {
	if set.Rubric == nil {
		return "FALSE"
	}
	var forms []string
	for _, form := range set.Rubric.Forms {
		forms = append(forms, "';' || m.forms || ';' LIKE '%;"+form+";%'")
	}
	return "m.body IN ('" + strings.Join(words(set.Rubric.Bodies), "', '") + "') AND (" + strings.Join(forms, " OR ") + ")"
}
