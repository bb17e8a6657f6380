package rating

import (
	"context"
	"fmt"
	"strings"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// standing says that no later judgement of the same stage took the place of r.
const standing = "NOT EXISTS (SELECT 1 FROM rating n WHERE n.meeting_id = r.meeting_id AND n.stage = r.stage AND n.number > r.number)"

const ratingRows = `SELECT r.*, m.organization_id, m.period_month, m.held_on, m.record_version AS current_version
	FROM rating r JOIN meeting m ON m.id = r.meeting_id WHERE m.status IN ('submitted', 'accepted') AND ` + standing

// ofOrganization is how many judgements a cell has, about.
const ofOrganization = 30

// listRows returns up to limit+1 standing judgements in sight.
func listRows(ctx context.Context, tx *database.Tx, sight org.Sight, f Filter, page httpapi.Page) ([]Row, error) {
	sight, err := sight.Within(ctx, tx, f.Organization, f.Scope, ofOrganization)
	if err != nil {
		return nil, err
	}
	var where strings.Builder
	where.WriteString(ratingRows)
	var args []any
	add := func(applies bool, condition string, more ...any) {
		if applies {
			where.WriteString(" AND " + condition)
			args = append(args, more...)
		}
	}
	seen, more := sight.WhereRecords("m.organization_id", "m.status")
	add(true, seen, more...)
	add(!f.From.IsZero(), "m.period_month >= ?", f.From)
	add(!f.To.IsZero(), "m.period_month <= ?", f.To)
	add(f.Stage != "", "r.stage = ?", f.Stage)
	add(f.Grade != "", "r.grade = ?", f.Grade)
	add(f.RuleSet != "", "r.rule_set = ?", f.RuleSet)
	if page.After != nil {
		add(true, "(m.period_month, m.held_on, r.id) > (?, ?, ?)", page.After[0], page.After[1], page.After[2])
	}
	where.WriteString(" ORDER BY m.period_month, m.held_on, r.id LIMIT ?")
	var rows []Row
	if err := database.Gorm(ctx, tx).Raw(where.String(), append(args, page.Limit+1)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list ratings: %w", err)
	}
	return rows, nil
}

// selection is a condition on meetings m with its arguments.
type selection struct {
	where string
	args  []any
}

// rateable are the sessions of the months that count for the organisation, by the tree of the time, and that a rubric is for.
func rateable(book *rules.Book, id org.ID, months calendar.Period, own bool) selection {
	where, args := ledger.CountedFor(id, own, ledger.Submitted, "m.id")
	where += " AND m.period_month BETWEEN ? AND ?"
	args = append(args, months.From, months.To)
	either := []string{"FALSE"}
	for _, set := range book.Sets() {
		if set.Rubric == nil {
			continue
		}
		one := "m.held_on >= ? AND m.body IN ? AND ("
		args = append(args, set.From, set.Rubric.Bodies)
		for i, form := range set.Rubric.Forms {
			if i > 0 {
				one += " OR "
			}
			one += "';' || m.forms || ';' LIKE ?" //nolint:perfsprint // a few forms
			args = append(args, "%;"+form+";%")
		}
		one += ")"
		if set.To != nil {
			one += " AND m.held_on <= ?"
			args = append(args, *set.To)
		}
		either = append(either, one)
	}
	return selection{where + " AND ((" + strings.Join(either, ") OR (") + "))", args}
}

func countSessions(ctx context.Context, tx *database.Tx, of selection) (int64, error) {
	var n int64
	err := database.Gorm(ctx, tx).Raw("SELECT count(*) FROM meeting m WHERE "+of.where, of.args...).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count sessions to rate: %w", err)
	}
	return n, nil
}

// gradedStage is how many sessions were given a grade in a stage.
type gradedStage struct {
	Stage  Stage
	Graded `gorm:"embedded"`
}

// countGrades counts the standing judgements of the sessions.
func countGrades(ctx context.Context, tx *database.Tx, of selection) ([]gradedStage, error) {
	q := `SELECT r.stage, r.rule_set, r.grade, count(*) AS sessions, count(*) FILTER (WHERE r.record_version <> m.record_version) AS outdated
		FROM meeting m JOIN rating r ON r.meeting_id = m.id AND ` + standing + ` WHERE ` + of.where + ` GROUP BY r.stage, r.rule_set, r.grade
		ORDER BY r.stage, r.rule_set, r.grade`
	var rows []gradedStage
	if err := database.Gorm(ctx, tx).Raw(q, of.args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count ratings: %w", err)
	}
	return rows, nil
}
