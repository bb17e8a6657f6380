package recount

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// book holds the typed rows that rolls are computed from.
type book struct {
	placements  []Placement
	memberships []membership
	statuses    []statusRow
	offices     []officeRow
}

type membership struct {
	member, organization string
	from, to             Date
}

type statusRow struct {
	member, status, organization string
	from, to                     Date
}

type officeRow struct {
	member, organization, body string
	from, to                   Date
}

func newBook(f Folder) book {
	var b book
	for _, r := range f["placements.csv"] {
		b.placements = append(b.placements,
			Placement{r["organization_code"], r["parent_code"], Date(r["from"]), Date(r["to"])})
	}
	for _, r := range f["memberships.csv"] {
		b.memberships = append(b.memberships,
			membership{r["member_code"], r["organization_code"], Date(r["from"]), Date(r["to"])})
	}
	for _, r := range f["statuses.csv"] {
		b.statuses = append(b.statuses,
			statusRow{r["member_code"], r["status"], r["organization_code"], Date(r["from"]), Date(r["to"])})
	}
	for _, r := range f["offices.csv"] {
		b.offices = append(b.offices,
			officeRow{r["member_code"], r["organization_code"], r["body"], Date(r["from"]), Date(r["to"])})
	}
	return b
}

// roster is who belongs to the body of the organisation on the day, by rule 7.
func (b book) roster(organization, body string, on Date) []string {
	var members []string
	switch body {
	case "cell", "conference":
		for _, m := range b.memberships {
			if !holds(m.from, m.to, on) {
				continue
			}
			under := body == "conference" && slices.Contains(lineage(b.placements, m.organization, on), organization)
			if m.organization == organization || under {
				members = append(members, m.member)
			}
		}
	default:
		for _, o := range b.offices {
			if o.organization == organization && o.body == body && holds(o.from, o.to, on) {
				members = append(members, o.member)
			}
		}
	}
	slices.Sort(members)
	return slices.Compact(members)
}

// statusesOn are the statuses of the member on the day; several may overlap.
func (b book) statusesOn(member string, on Date) []string {
	var found []string
	for _, s := range b.statuses {
		if s.member == member && holds(s.from, s.to, on) {
			found = append(found, s.status)
		}
	}
	return found
}

// standing is where a member of the roster counts, by rule 8.
func (b book) standing(member string, on Date, present bool) string {
	found := b.statusesOn(member, on)
	for _, never := range []string{"suspended", "detained", "special_duty"} {
		if slices.Contains(found, never) {
			return "roster"
		}
	}
	away := slices.Contains(found, "exempt") || slices.Contains(found, "temporarily_away")
	if away && !present {
		return "roster"
	}
	return "base"
}

func (b book) temporarilyHere(member, organization string, on Date) bool {
	return slices.ContainsFunc(b.statuses, func(s statusRow) bool {
		return s.member == member && s.status == "temporarily_here" &&
			s.organization == organization && holds(s.from, s.to, on)
	})
}

// roll is the frozen roll of a meeting: as given, or else computed for its day.
func (b book) roll(m Meeting, attendance map[string]string, frozen []Person) ([]Person, error) {
	people := frozen
	if len(people) == 0 {
		people = b.computed(m, attendance)
	}
	seen := map[string]bool{}
	for i, p := range people {
		seen[p.Member] = true
		people[i].Status = "not_recorded"
		if status, ok := attendance[p.Member]; ok {
			people[i].Status = status
		}
	}
	for member := range attendance {
		if !seen[member] {
			return nil, fmt.Errorf("meeting %s: %s is neither on the roster nor temporarily here", m.Code, member)
		}
	}
	return people, nil
}

func (b book) computed(m Meeting, attendance map[string]string) []Person {
	var people []Person
	roster := b.roster(m.Organization, m.Body, m.Date)
	for _, member := range roster {
		standing := b.standing(member, m.Date, attendance[member] == "present")
		people = append(people, Person{Member: member, Standing: standing})
	}
	for member := range attendance {
		if !slices.Contains(roster, member) && b.temporarilyHere(member, m.Organization, m.Date) {
			people = append(people, Person{Member: member, Standing: "temporary"})
		}
	}
	slices.SortFunc(people, func(a, b Person) int { return strings.Compare(a.Member, b.Member) })
	return people
}

// FactsFromFolder reads an exchange folder and works out its facts.
func FactsFromFolder(dir string) (Facts, error) {
	folder, err := ReadFolder(dir)
	if err != nil {
		return Facts{}, err
	}
	return FactsFromFolderRows(folder)
}

// FactsFromFolderRows works out the facts of a folder in memory, with the roll of every submitted or accepted meeting.
func FactsFromFolderRows(f Folder) (Facts, error) {
	b := newBook(f)
	facts := Facts{Placements: b.placements}
	for _, r := range f["organizations.csv"] {
		facts.Organizations = append(facts.Organizations,
			Organization{r["code"], r["kind"], Date(r["founded_on"]), Date(r["dissolved_on"])})
	}
	for _, r := range f["bodies.csv"] {
		facts.Bodies = append(facts.Bodies,
			Term{r["organization_code"], r["body"], Date(r["from"]), Date(r["to"])})
	}
	for _, r := range f["excused_months.csv"] {
		facts.Excused = append(facts.Excused, ExcusedMonth{r["organization_code"], r["body"], Month(r["month"])})
	}
	for _, r := range f["inspections.csv"] {
		round := Inspection{Code: r["code"], Organization: r["organization_code"], From: Date(r["from"])}
		for _, o := range f["inspection_objects.csv"] {
			if o["inspection_code"] == round.Code {
				round.Objects = append(round.Objects, Object{o["object_type"], o["object_code"]})
			}
		}
		facts.Inspections = append(facts.Inspections, round)
	}
	var err error
	facts.Meetings, err = meetingsOf(f, b)
	return facts, err
}

func meetingsOf(f Folder, b book) ([]Meeting, error) {
	attendance := map[string]map[string]string{}
	for _, r := range f["attendance.csv"] {
		if attendance[r["meeting_code"]] == nil {
			attendance[r["meeting_code"]] = map[string]string{}
		}
		attendance[r["meeting_code"]][r["member_code"]] = r["status"]
	}
	frozen := map[string][]Person{}
	for _, r := range f["frozen_rolls.csv"] {
		frozen[r["meeting_code"]] = append(frozen[r["meeting_code"]],
			Person{Member: r["member_code"], Standing: r["standing"]})
	}
	totals, err := totalsOf(f)
	if err != nil {
		return nil, err
	}
	var meetings []Meeting
	for _, r := range f["meetings.csv"] {
		m, err := meetingOf(r)
		if err != nil {
			return nil, err
		}
		m.Totals = totals[m.Code]
		if (m.Status == "submitted" || m.Status == "accepted") && m.Totals == nil {
			if m.Roll, err = b.roll(m, attendance[m.Code], frozen[m.Code]); err != nil {
				return nil, err
			}
		}
		meetings = append(meetings, m)
	}
	return meetings, nil
}

func meetingOf(r Row) (Meeting, error) {
	date, err := LocalDate(r["started_at"])
	if err != nil {
		return Meeting{}, fmt.Errorf("meeting %s: %w", r["code"], err)
	}
	guests := 0
	if r["guests"] != "" {
		if guests, err = strconv.Atoi(r["guests"]); err != nil {
			return Meeting{}, fmt.Errorf("meeting %s: guests: %w", r["code"], err)
		}
	}
	return Meeting{
		Code: r["code"], Organization: r["organization_code"], Body: r["body"],
		Forms: strings.Split(r["forms"], ";"), Period: Month(r["period_month"]),
		Date: date, Status: r["status"], Guests: guests, OnPaper: r["paper_book"] != "",
	}, nil
}

// totalsOf reads the numbers of the meetings that have no roll; what a row leaves out is 0.
func totalsOf(f Folder) (map[string]*Totals, error) {
	all := map[string]*Totals{}
	for _, r := range f["totals.csv"] {
		t := &Totals{}
		for column, n := range map[string]*int{
			"roster": &t.Roster, "expected": &t.Expected, "present": &t.Present, "excused": &t.Excused, "unexcused": &t.Unexcused,
			"temporary": &t.Temporary,
		} {
			if r[column] == "" {
				continue
			}
			var err error
			if *n, err = strconv.Atoi(r[column]); err != nil {
				return nil, fmt.Errorf("totals of %s: %s: %w", r["meeting_code"], column, err)
			}
		}
		all[r["meeting_code"]] = t
	}
	return all, nil
}
