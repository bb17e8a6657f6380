package exchange

import (
	"strings"

	"sochibo/internal/member"
	"sochibo/internal/rules"
)

// standings writes the tables of the rule sets as SQL, so that a folder's rolls are frozen as a submission freezes one.
type standings struct{ sets []rules.Set }

// embedded are those of the rule sets that come with the program; local sets do not change who counts.
func embedded() (standings, error) {
	book, err := rules.Embedded()
	if err != nil {
		return standings{}, err
	}
	return standings{book.Sets()}, nil
}

// of is the standing of a member of the roster of the meeting m; x.member_id is null where the member never had a status of its own.
func (s standings) of(who, status string) string {
	present := "coalesce(" + status + ", '') = 'present'"
	sql := "CASE"
	if s.plain() {
		sql += " WHEN x.member_id IS NULL THEN 'base'"
	}
	for _, set := range s.sets {
		within := "m.held_on >= '" + set.From.String() + "'"
		if set.To != nil {
			within += " AND m.held_on <= '" + set.To.String() + "'"
		}
		never, ifPresent := holding(set.Standing, who, member.Never), holding(set.Standing, who, member.IfPresent)
		sql += " WHEN " + within + " THEN CASE WHEN " + never + " THEN 'roster' WHEN NOT (" + present + ") AND " + ifPresent + " THEN 'roster' ELSE 'base' END" //nolint:perfsprint // a few sets
	}
	return sql + " END"
}

// plain reports whether everybody without a status is in the base, by every set.
func (s standings) plain() bool {
	for _, set := range s.sets {
		for _, kind := range []string{member.Official, member.Probationary, member.Undated} {
			if set.Standing[kind].Base != member.Always {
				return false
			}
		}
	}
	return true
}

// holding says that one of the lines of the table that are such in the base holds for the member.
func holding(table member.Table, who string, when member.When) string {
	var statuses, either []string
	for _, word := range member.TableWords() {
		if table[word].Base != when {
			continue
		}
		if dated := datedAs(word); dated != "" {
			either = append(either, "EXISTS (SELECT 1 FROM member d WHERE d.id = "+who+" AND "+dated+")")
		} else {
			statuses = append(statuses, "'"+word+"'")
		}
	}
	if len(statuses) > 0 {
		either = append(either, "EXISTS (SELECT 1 FROM member_status e WHERE e.member_id = "+who+" AND e.status IN ("+
			strings.Join(statuses, ", ")+") AND "+holds("e")+")")
	}
	if len(either) == 0 {
		return "FALSE"
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// datedAs says that member d is official, probationary or neither on the day of the meeting m; empty for a status.
func datedAs(word string) string {
	const official, admitted = "coalesce(d.official_on <= m.held_on, FALSE)", "coalesce(d.admitted_on <= m.held_on, FALSE)"
	switch word {
	case member.Official:
		return official
	case member.Probationary:
		return admitted + " AND NOT " + official
	case member.Undated:
		return "NOT " + admitted + " AND NOT " + official
	default:
		return ""
	}
}
