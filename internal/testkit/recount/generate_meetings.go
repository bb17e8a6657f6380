package recount

import (
	"fmt"
	"slices"
	"strings"
)

// month makes the meetings that the bodies of an organisation held for the month.
func (g *generator) month(o Organization, m Month) {
	for _, body := range []string{
		"inspection_commission", "standing_committee", "party_committee", "cell_committee", "cell", "conference",
	} {
		if !g.meets(o, body) {
			continue
		}
		if g.chance(80) {
			g.meeting(o, body, m, g.forms(body))
		}
		if g.chance(5) {
			g.meeting(o, body, m, "regular")
		}
		if g.chance(6) {
			g.meeting(o, body, m, pick(g, []string{"extraordinary", "thematic", "congress", "other"}))
		}
	}
}

// meets says whether the body of the organisation is one that has meetings in this month.
func (g *generator) meets(o Organization, body string) bool {
	switch body {
	case "cell":
		return isCell(o.Kind)
	case "cell_committee":
		return true
	case "conference":
		return o.Kind == "base_party" && g.chance(20)
	case "party_committee":
		return true
	default:
		return g.chance(60)
	}
}

func (g *generator) forms(body string) string {
	if body == "cell" && g.chance(15) {
		return "regular;thematic"
	}
	if body == "cell" && g.chance(8) {
		return "thematic"
	}
	return "regular"
}

// startOf is the day of a meeting for the month: mostly in it, at times on its edge or outside.
func (g *generator) startOf(m Month) Date {
	switch g.r.IntN(10) {
	case 0:
		return m.First()
	case 1:
		return m.Last()
	case 2:
		return m.First().Plus(-g.between(1, 8))
	case 3:
		return m.Last().Plus(g.between(1, 6))
	default:
		return m.First().Plus(g.r.IntN(28))
	}
}

// possible says whether the organisation and the body are there on the day.
func (g *generator) possible(o Organization, body string, on Date) bool {
	if !g.life[o.Code].holds(on) {
		return false
	}
	if body == "cell" || body == "conference" {
		return true
	}
	return slices.ContainsFunc(g.bodies, func(t Term) bool {
		return t.Organization == o.Code && t.Body == body && holds(t.From, t.To, on)
	})
}

func (g *generator) meetingStatus(on Date) string {
	if on >= g.size.Today {
		return pick(g, []string{"scheduled", "scheduled", "cancelled"})
	}
	switch n := g.r.IntN(100); {
	case n < 50:
		return "accepted"
	case n < 82:
		return "submitted"
	case n < 89:
		return "held"
	case n < 93:
		return "scheduled"
	default:
		return "cancelled"
	}
}

// meeting makes one meeting with all that belongs to it, if there is anybody to meet.
func (g *generator) meeting(o Organization, body string, period Month, forms string) {
	on := g.startOf(period)
	if !g.possible(o, body, on) {
		return
	}
	roster := g.book.roster(o.Code, body, on)
	if len(roster) == 0 {
		return
	}
	g.meetings++
	m := Meeting{
		Code: fmt.Sprintf("%s/%s/%04d", o.Code, pick(g, []string{"a", "B", "đ"}), g.meetings), Organization: o.Code,
		Body: body, Forms: strings.Split(forms, ";"), Period: period, Date: on, Status: g.meetingStatus(on),
	}
	chairs := roster
	was := m.Status == "held" || m.Status == "submitted" || m.Status == "accepted"
	this := g.size.Today.Month()
	switch {
	case was && m.Period < this && m.Date.Month() < this && g.chance(7):
		m.Totals = g.totals(m, len(roster))
	case was:
		m.Roll = g.roll(m)
		chairs = onRoster(m.Roll)
	}
	m.OnPaper = was && g.chance(6)
	g.meetingRow(m, chairs)
	if was {
		g.votes(m)
	}
	if m.Roll != nil {
		g.attendance(m)
	}
	if m.Roll != nil && !m.OnPaper {
		g.minutes(m)
		g.outcomes(m)
	}
	if body != "cell" && m.Status != "cancelled" {
		g.prepared[o.Code+string(period)] = m.Code
	}
}

func (g *generator) meetingRow(m Meeting, chairs []string) {
	minute := g.minute()
	row := Row{
		"code": m.Code, "organization_code": m.Organization, "body": m.Body, "forms": strings.Join(m.Forms, ";"),
		"period_month": string(m.Period), "started_at": g.instant(m.Date, minute), "status": m.Status,
		"mode":  pick(g, []string{"", "in_person", "in_person", "online", "hybrid"}),
		"place": g.maybe(70, "Phòng họp số "+itoa(g.between(1, 9))+", tầng 2"), "title": g.maybe(80, g.title()),
	}
	if m.Status == "cancelled" {
		row["cancelled_reason"] = g.maybe(80, g.sentence())
	}
	if g.chance(95) {
		row["chair_code"] = pick(g, chairs)
	}
	if g.chance(90) {
		row["minutes_taker_code"] = pick(g, chairs)
	}
	if slices.Contains(m.Forms, "thematic") {
		row["topic_code"] = g.maybe(85, pick(g, g.topics))
	}
	if m.Body == "cell" {
		row["prepared_by_code"] = g.prepared[m.Organization+string(m.Period)]
	}
	if m.Roll != nil || m.Totals != nil {
		g.recordCells(row, m, minute)
	}
	if m.OnPaper {
		row["paper_book"], row["paper_page"] = itoa(g.between(1, 9)), itoa(g.between(1, 200))
	}
	g.f.add("meetings.csv", row)
}

// recordCells fills what is known only after a meeting.
func (g *generator) recordCells(row Row, m Meeting, minute int) {
	if g.chance(93) {
		row["ended_at"] = g.instant(m.Date, minute+g.between(30, 200))
	}
	row["break_minutes"] = g.maybe(80, itoa(g.r.IntN(3)*5))
	row["guests"] = g.maybe(90, itoa(g.r.IntN(4)))
	row["self_score"] = g.maybe(30, itoa(g.between(40, 100)))
	row["fees_reported"] = pick(g, []string{"", "true", "false"})
	var items, directives []string
	for _, item := range contentItems() {
		if g.chance(60) {
			items = append(items, item)
		}
	}
	for _, directive := range g.directives {
		if g.chance(8) {
			directives = append(directives, directive)
		}
	}
	row["content_items"] = strings.Join(items, ";")
	row["directive_codes"] = strings.Join(directives, ";")
}

func contentItems() []string {
	return []string{
		"last_month_tasks", "member_thinking", "propaganda", "inspection_supervision", "party_development",
		"political_task", "next_month_tasks", "ho_chi_minh_study", "resolution_tw4_review",
	}
}

// inspections makes rounds with the same objects over and over.
func (g *generator) inspections() {
	for _, o := range g.orgs {
		if isCell(o.Kind) && !g.chance(20) {
			continue
		}
		for n := range g.between(1, 5) {
			from := g.dayIn(g.size.From.First().Plus(-60), g.size.To.Last())
			if g.chance(15) {
				from = g.dayIn(g.size.Today.Plus(-150), g.size.Today)
			}
			if !g.life[o.Code].holds(from) {
				continue
			}
			body := pick(g, []string{"party_committee", "inspection_commission"})
			if isCell(o.Kind) {
				body = "cell"
			}
			g.inspection(fmt.Sprintf("KT-%s-%d", o.Code, n), o.Code, body, from)
		}
	}
}

func (g *generator) inspection(code, organization, body string, from Date) {
	to := min(from.Plus(g.r.IntN(20)), end(g.life[organization].to))
	g.f.add("inspections.csv", Row{
		"code": code, "organization_code": organization, "body": body,
		"kind": pick(g, []string{
			"compliance_inspection", "violation_sign_inspection", "thematic_supervision", "regular_supervision",
		}),
		"from": string(from), "to": g.maybe(80, string(to)), "title": g.maybe(80, g.title()),
	})
	for _, i := range g.r.Perm(min(len(g.orgs), 6))[:g.r.IntN(4)] {
		g.f.add("inspection_objects.csv", Row{
			"inspection_code": code, "object_type": "organization", "object_code": g.orgs[i].Code,
		})
	}
	for _, i := range g.r.Perm(min(len(g.people), 6))[:g.r.IntN(4)] {
		g.f.add("inspection_objects.csv", Row{
			"inspection_code": code, "object_type": "member", "object_code": g.people[i],
		})
	}
}

// excusedMonths sets months aside within the life of the organisation, whether or not anything was due.
func (g *generator) excusedMonths() {
	for _, o := range g.orgs {
		bodies := []string{"party_committee"}
		if isCell(o.Kind) {
			bodies = []string{"cell", "cell_committee"}
		}
		for _, m := range g.months() {
			for _, body := range bodies {
				if g.chance(5) && g.life[o.Code].holds(m.First()) && g.life[o.Code].holds(m.Last()) {
					g.f.add("excused_months.csv", Row{
						"organization_code": o.Code, "body": body, "month": string(m),
						"reason": g.maybe(70, g.sentence()),
					})
				}
			}
		}
	}
}
