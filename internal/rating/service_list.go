package rating

import (
	"context"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// Filter narrows a list of ratings; zero values leave it wide.
type Filter struct {
	Organization org.ID
	Scope        string
	From         calendar.Month
	To           calendar.Month
	Stage        Stage
	Grade        string
	RuleSet      string
}

// Row is the standing judgement of a stage with the session that it is of.
type Row struct {
	Rating         `gorm:"embedded"`
	OrganizationID org.ID
	PeriodMonth    calendar.Month
	HeldOn         calendar.Date
	CurrentVersion int
}

// List returns the standing judgements of counted sessions that the caller may read, in the order of the months.
//
// Faults: forbidden.
func (s *Service) List(ctx context.Context, actor auth.Actor, f Filter, page httpapi.Page) (rows []Row, next *string, err error) {
	rows, err = database.Read(ctx, s.db, func(tx *database.Tx) ([]Row, error) {
		sight, err := org.Scope(ctx, tx, actor, auth.MeetingRead)
		if err != nil {
			return nil, err
		}
		return listRows(ctx, tx, sight, f, page)
	})
	rows, next = httpapi.Cut(rows, page, func(r Row) []string {
		return []string{r.PeriodMonth.String(), r.HeldOn.String(), r.ID.String()}
	})
	return rows, next, err
}

// Graded counts the sessions that a rule set gave a grade; those judged on an earlier version of their record are among them.
type Graded struct {
	RuleSet  string
	Grade    string
	Sessions int64
	Outdated int64
}

// Figures are the ratings of one stage.
type Figures struct {
	Rated  int64
	Grades []Graded
}

// Year is the ratings of a year: of the sessions that a rubric is for, those rated, by stage. Own is what the year of the organisation's
// own cell comes to, nil where its rule set has no yearly rule or it had no session.
type Year struct {
	Organization org.Organization
	RuleSet      rules.Set
	Sessions     int64
	Stages       map[Stage]Figures
	Own          map[Stage]YearGrade
}

// YearGrade is the grade of a year, empty where no rule gives one, and why.
type YearGrade struct {
	Grade string
	Why   string
}

// ForYear returns the ratings of a year, by the tree of the time.
//
// Faults: organization_unknown, forbidden.
func (s *Service) ForYear(ctx context.Context, actor auth.Actor, id org.ID, year calendar.Year, scope string) (Year, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Year, error) {
		if err := org.Authorize(ctx, tx, actor, auth.SummaryRead, id); err != nil {
			return Year{}, err
		}
		o, err := org.Find(ctx, tx, id)
		if err != nil {
			return Year{}, err
		}
		y := Year{Organization: o}
		if y.RuleSet, err = s.book.Holding(ctx, tx, id, year.Period().Last()); err != nil {
			return y, err
		}
		if y.Sessions, y.Stages, err = s.figures(ctx, tx, id, year.Period(), scope == org.ScopeOwn); err != nil {
			return y, err
		}
		own, stages := y.Sessions, y.Stages
		if scope != org.ScopeOwn {
			if own, stages, err = s.figures(ctx, tx, id, year.Period(), true); err != nil {
				return y, err
			}
		}
		y.Own = yearGrades(y.RuleSet.Rubric, own, stages)
		return y, nil
	})
}

// figures counts the sessions that a rubric is for, and the standing judgements of them.
func (s *Service) figures(
	ctx context.Context, tx *database.Tx, id org.ID, months calendar.Period, own bool,
) (int64, map[Stage]Figures, error) {
	sessions := rateable(s.book, id, months, own)
	total, err := countSessions(ctx, tx, sessions)
	if err != nil {
		return 0, nil, err
	}
	graded, err := countGrades(ctx, tx, sessions)
	if err != nil {
		return 0, nil, err
	}
	stages := make(map[Stage]Figures)
	for _, g := range graded {
		f := stages[g.Stage]
		f.Rated += g.Sessions
		f.Grades = append(f.Grades, g.Graded)
		stages[g.Stage] = f
	}
	return total, stages, nil
}

// yearGrades says what a year comes to, by stage.
func yearGrades(rubric *rules.Rubric, sessions int64, stages map[Stage]Figures) map[Stage]YearGrade {
	if rubric == nil || len(rubric.Year) == 0 || sessions == 0 {
		return nil
	}
	grades := make(map[Stage]YearGrade)
	for _, stage := range Stages() {
		counts := make(map[string]int64)
		for _, g := range stages[stage].Grades {
			counts[g.Grade] += g.Sessions
		}
		grade, why := rubric.YearGrade(sessions, counts)
		grades[stage] = YearGrade{grade, why}
	}
	return grades
}
