package summary

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// GroupBy names what a summary is split by.
type GroupBy string

// The groups; ByNothing asks for the total alone.
const (
	ByNothing GroupBy = ""
	ByMonth   GroupBy = "month"
	ByQuarter GroupBy = "quarter"
	ByYear    GroupBy = "year"
	ByChild   GroupBy = "child"
)

// Tree says which tree decides what lies below an organisation.
type Tree string

// The trees: that of the time (the default), or today's for all times.
const (
	AtMeeting Tree = "at_meeting"
	Current   Tree = "current"
)

// Scope says whether what lies below the organisation counts.
type Scope string

// The scopes.
const (
	Subtree Scope = "subtree"
	OwnOnly Scope = "own"
)

// Query asks for a summary. AsOfEntry and AsOfInstant are zero for the present.
type Query struct {
	Organization org.ID
	Period       calendar.Period
	Scope        Scope
	GroupBy      GroupBy
	Basis        ledger.Basis
	Base         Base
	Tree         Tree
	AsOfEntry    int64
	AsOfInstant  time.Time
}

// Check refuses words that a query does not know, for callers that did not take them from a list.
func (q Query) Check() error {
	var f fault.Fields
	word := func(parameter, value string, allowed ...string) {
		f.Param(slices.Contains(allowed, value), parameter, "parameter_value", fault.Args{"name": parameter, "allowed": strings.TrimPrefix(strings.Join(allowed, ", "), ", ")})
	}
	word("group_by", string(q.GroupBy), "", "month", "quarter", "year", "child")
	word("scope", string(q.Scope), "subtree", "own")
	word("basis", string(q.Basis), "submitted", "accepted")
	word("base", string(q.Base), "eligible", "roster", "eligible_minus_excused")
	word("tree", string(q.Tree), "at_meeting", "current")
	return f.Err(fault.Malformed, "parameter_value")
}

// Named is the organisation of a summary or of a group.
type Named struct {
	ID   org.ID  `json:"id" swaggertype:"string" format:"uuid"`
	Code *string `json:"code" extensions:"x-nullable" example:"VPUB"`
	Name string  `json:"name" example:"Đảng bộ Văn phòng UBND tỉnh"`
} //@name NamedOrganization

// PeriodOf is a period with its number of months.
type PeriodOf struct {
	From   calendar.Month `json:"from" swaggertype:"string" format:"month" example:"2015-09"`
	To     calendar.Month `json:"to" swaggertype:"string" format:"month" example:"2018-04"`
	Months int            `json:"months" example:"32"`
} //@name Period

// AsOf is where the ledger stood for the answer: its last entry, when that was recorded, and the day by which months
// count as ended. The same as_of gives the same answer for ever.
type AsOf struct {
	Entry      int64         `json:"entry" example:"215"`
	RecordedAt time.Time     `json:"recorded_at" format:"date-time"`
	Day        calendar.Date `json:"day" swaggertype:"string" format:"date"`
} //@name AsOf

// Group is one part of a summary. Organization is there when the summary is split by child, for children within the
// caller's reach; the key of another child is its id.
type Group struct {
	Key          string `json:"key" example:"2015-09"`
	Organization *Named `json:"organization,omitempty" extensions:"x-omitempty"`
	Figures
} //@name SummaryGroup

// Links lead from a figure to what it was counted from.
type Links struct {
	Meetings string `json:"meetings" example:"/api/v1/meetings?counted_for=…"`
} //@name SummaryLinks

// Summary is the answer: the figures of an organisation over a period, and what they were judged and counted by.
type Summary struct {
	Organization Named        `json:"organization"`
	Period       PeriodOf     `json:"period"`
	Headline     string       `json:"headline" example:"Đảng ủy 12 · chi ủy 36 · chi bộ 36 · chuyên đề 4 · dự 92,7 % (tháng thấp nhất 90,2 %)"`
	Scope        Scope        `json:"scope" swaggertype:"string" enums:"subtree,own"`
	Basis        ledger.Basis `json:"basis" swaggertype:"string" enums:"submitted,accepted"`
	Base         Base         `json:"base" swaggertype:"string" enums:"eligible,roster,eligible_minus_excused"`
	Tree         Tree         `json:"tree" swaggertype:"string" enums:"at_meeting,current"`
	AsOf         AsOf         `json:"as_of"`
	RuleSets     []string     `json:"rule_sets" example:"ct10-2007"`
	Figures
	GroupBy GroupBy `json:"group_by,omitempty" swaggertype:"string" enums:"month,quarter,year,child" extensions:"x-omitempty"`
	Groups  []Group `json:"groups,omitempty" extensions:"x-omitempty"`
	Links   Links   `json:"links"`
} //@name Summary

// headline says the figures in one line, from the figures alone.
func headline(f Figures, b book, period calendar.Period) string {
	var parts []string
	for _, h := range []struct {
		body org.Body
		word string
	}{
		{org.PartyCommittee, "Đảng ủy"},
		{org.StandingCommittee, "thường vụ"},
		{org.CellCommittee, "chi ủy"},
		{org.Cell, "chi bộ"},
		{org.Conference, "hội nghị"},
		{org.InspectionCommission, "UBKT"},
	} {
		if s, ok := f.Sessions[h.body]; ok {
			parts = append(parts, fmt.Sprintf("%s %s", h.word, text.FormatInt(s.Regular)))
		}
	}
	if cell, ok := f.Sessions[org.Cell]; ok {
		parts = append(parts, "chuyên đề "+text.FormatInt(cell.Thematic))
	}
	if rate := f.Attendance[org.Cell].Rate; rate.Percent != nil {
		parts = append(parts, "dự "+percent(rate)+lowest(b, period))
	}
	if len(parts) == 0 {
		return "Chưa có buổi sinh hoạt nào"
	}
	line := strings.Join(parts, " · ")
	first := []rune(line)
	return strings.ToUpper(string(first[:1])) + string(first[1:])
}

// lowest names the lowest monthly rate of the cells' attendance, when there is more than one month with a base.
func lowest(b book, period calendar.Period) string {
	_, months := b.series(org.Cell, period)
	var low *Ratio
	n := 0
	for month := range period.All() {
		rate := attendance(months[month], b.base).Rate
		if rate.Denominator == 0 {
			continue
		}
		n++
		if low == nil || rate.Numerator*low.Denominator < low.Numerator*rate.Denominator {
			low = &rate
		}
	}
	if n < 2 {
		return ""
	}
	return " (tháng thấp nhất " + percent(*low) + ")"
}

func percent(r Ratio) string { return text.Percent(float64(*r.Percent) / 10) }
