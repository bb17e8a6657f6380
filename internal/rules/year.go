package rules

// The reasons why a year has a grade or none.
const (
	YearReached   = "reached"      // a rule gives the grade
	YearUnrated   = "unrated"      // sessions that are not rated could still decide
	YearTooFew    = "too_few"      // too few sessions have the grade that the rule asks for
	YearTooLow    = "too_low"      // a session has a lower grade than the rule allows
	YearOtherRule = "other_grades" // sessions have grades that this rubric does not know
)

// YearGrade returns the grade of a year with so many sessions, of which so many were given each grade, and the reason. The first rule
// that holds decides; the reason is that of the first rule where none does. A rule that every session has to satisfy holds only once
// every session is rated.
func (r *Rubric) YearGrade(sessions int64, graded map[string]int64) (grade, why string) {
	for _, rule := range r.Year {
		reason := r.year(rule, sessions, graded)
		if reason == YearReached {
			return rule.Grade, reason
		}
		if why == "" {
			why = reason
		}
	}
	return "", why
}

func (r *Rubric) year(rule YearRule, sessions int64, graded map[string]int64) string {
	var rated, enough, low, foreign int64
	for grade, n := range graded {
		rated += n
		switch {
		case !r.atLeast(grade, r.Grades[len(r.Grades)-1].ID):
			foreign += n
		case r.atLeast(grade, rule.Of):
			enough += n
		case !r.atLeast(grade, rule.Others):
			low += n
		}
	}
	switch {
	case low > 0:
		return YearTooLow
	case foreign > 0:
		return YearOtherRule
	case rated < sessions:
		return YearUnrated
	case enough < int64(rule.Sessions):
		return YearTooFew
	default:
		return YearReached
	}
}
