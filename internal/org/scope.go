package org

import (
	"fmt"
	"slices"
	"strings"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
)

// Sight is where a caller has a permission today; it filters lists in SQL.
type Sight struct {
	today    calendar.Date
	whole    reach // everything there is
	accepted reach // of the records of meetings, those that were accepted
	windows  []window
	within   *reach // and of all that only these, where it is not nil
}

// window is what a grant that is tied to a round of inspection opens: the records of some months that were handed in. Only those conditions
// know of windows that say so.
type window struct {
	reach
	from, to calendar.Month
}

// how rows are asked whether they belong to a subtree. All ways find the same rows.
type how int

const (
	fromAbove how = iota // the subtree is gathered, and the rows are found from it
	gathered             // the subtree is gathered, and each row is looked up in it
	upward               // each row is asked from below
)

// reach is a set of organisations.
type reach struct {
	all     bool
	alone   []ID // these
	subtree []ID // these and what stands below them today
	asked   how  // of the rows of a list
}

func (r *reach) add(g Grant) {
	switch {
	case g.OrganizationID == nil:
		r.all = true
	case g.Reach == ReachSelf:
		r.alone = append(r.alone, *g.OrganizationID)
	default:
		r.subtree = append(r.subtree, *g.OrganizationID)
	}
}

func (r reach) empty() bool { return !r.all && len(r.alone) == 0 && len(r.subtree) == 0 }

// sightOf gathers where the grants give the permission.
func sightOf(grants []Grant, permission httpapi.Permission, today calendar.Date) Sight {
	sight := Sight{today: today}
	for _, g := range grants {
		switch {
		case !auth.Allows(g.Role, permission):
		case permission == auth.MeetingRead && auth.OnlyAccepted(g.Role):
			sight.accepted.add(g)
		default:
			sight.whole.add(g)
		}
	}
	return sight
}

// None reports whether the caller has the permission nowhere.
func (s Sight) None() bool { return s.whole.empty() && s.accepted.empty() }

// All reports whether the caller has the permission everywhere, without the bound to accepted records.
func (s Sight) All() bool { return s.whole.all }

// AcceptedOnly reports whether the caller sees no records of meetings but accepted ones. A caller may see everything here and accepted
// records there; WhereRecords tells these places apart.
func (s Sight) AcceptedOnly() bool { return s.whole.empty() && !s.accepted.empty() }

// Where returns the condition under which an organisation, named by the column, is in sight.
func (s Sight) Where(column string) (sql string, args []any) {
	sql, args = s.whole.where(column, s.today)
	if s.accepted.empty() || s.whole.all {
		return s.only(column, sql, args)
	}
	accepted, more := s.accepted.where(column, s.today)
	return s.only(column, "("+sql+" OR "+accepted+")", append(args, more...))
}

// only adds the filter to a condition on what is in sight.
func (s Sight) only(column, sql string, args []any) (string, []any) {
	if s.within == nil {
		return sql, args
	}
	within, more := s.within.where(column, s.today)
	return "(" + sql + " AND " + within + ")", append(args, more...)
}

// WhereRecords returns the condition under which the caller sees a meeting's record: its organisation is in sight and, where the
// caller's role shows accepted records only, its status is accepted.
func (s Sight) WhereRecords(organization, status string) (sql string, args []any) {
	sql, args = s.records(organization, status)
	return s.only(organization, sql, args)
}

// records is WhereRecords but for the filter.
func (s Sight) records(organization, status string) (sql string, args []any) {
	sql, args = s.whole.where(organization, s.today)
	if s.accepted.empty() || s.whole.all {
		return sql, args
	}
	accepted, more := s.accepted.where(organization, s.today)
	return "(" + sql + " OR (" + status + " = 'accepted' AND " + accepted + "))", append(args, more...)
}

// WhereInspected is WhereRecords that also lets through what rounds of inspection look at: records of the months, named by the column, that
// were handed in.
func (s Sight) WhereInspected(organization, status, month string) (sql string, args []any) {
	sql, args = s.records(organization, status)
	either := []string{sql}
	for _, w := range s.windows {
		within, more := w.where(organization, s.today)
		either = append(either, "("+within+" AND "+status+" IN ('submitted', 'accepted') AND "+month+" BETWEEN ? AND ?)")
		args = append(append(args, more...), w.from, w.to)
	}
	return s.only(organization, "("+strings.Join(either, " OR ")+")", args)
}

func (r reach) where(column string, today calendar.Date) (sql string, args []any) {
	if r.all {
		return "TRUE", nil
	}
	var either []string
	if len(r.alone) > 0 {
		either = append(either, column+" IN ?")
		args = append(args, r.alone)
	}
	switch {
	case len(r.subtree) == 0:
	case r.asked == gathered:
		either = append(either, database.LookedUp(column+" IN ("+unrolledQuery+")"))
		args = append(args, r.subtree, today, today)
	case r.asked == upward:
		either = append(either, fmt.Sprintf(standsBelowQuery, column))
		args = append(args, r.subtree, today, today)
	default:
		either = append(either, column+" IN ("+unrolledQuery+")")
		args = append(args, r.subtree, today, today)
	}
	if len(either) == 0 {
		return "FALSE", nil
	}
	return "(" + strings.Join(either, " OR ") + ")", args
}

// WhereOffered returns the condition under which what an organisation, named by the column, offers to all below reaches the caller: the
// organisation is in sight, or stands today above one that a grant names.
func (s Sight) WhereOffered(column string) (sql string, args []any) {
	sql, args = s.Where(column)
	named := slices.Concat(s.whole.alone, s.whole.subtree, s.accepted.alone, s.accepted.subtree)
	if len(named) == 0 {
		return sql, args
	}
	return "(" + sql + " OR " + column + " IN (" + aboveQuery + "))", append(args, named, s.today, s.today)
}

// The words of the parameter scope that goes with organization_id.
const (
	ScopeSubtree = "subtree"
	ScopeOwn     = "own"
)

func narrow(id ID, scope, column string, today calendar.Date) (sql string, args []any) {
	if scope == ScopeOwn {
		return column + " = ?", []any{id}
	}
	return reach{subtree: []ID{id}}.where(column, today)
}
