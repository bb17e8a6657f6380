package recount

import (
	"fmt"
	"slices"
)

// roll draws who was recorded and how, and freezes a roll that differs from the
// computed one now and then, as after a back-dated change.
func (g *generator) roll(m Meeting) []Person {
	recorded := map[string]string{}
	percent := 96
	if g.chance(10) {
		percent = 30
	}
	for _, member := range g.book.roster(m.Organization, m.Body, m.Date) {
		if status := g.recordedStatus(member, m.Date); g.chance(percent) && status != "" {
			recorded[member] = status
		}
	}
	for _, s := range g.book.statuses {
		if s.organization == m.Organization && m.Body == "cell" && holds(s.from, s.to, m.Date) && g.chance(60) {
			if recorded[s.member] == "" && !slices.Contains(g.book.roster(m.Organization, m.Body, m.Date), s.member) {
				recorded[s.member] = pick(g, []string{"present", "present", "excused", "unexcused"})
			}
		}
	}
	roll := g.book.computed(m, recorded)
	if m.Status != "held" && g.chance(5) {
		roll = g.changed(m, roll, recorded)
		for _, p := range roll {
			g.f.add("frozen_rolls.csv", Row{
				"meeting_code": m.Code, "member_code": p.Member, "standing": p.Standing,
			})
		}
	}
	for i, p := range roll {
		roll[i].Status = recorded[p.Member]
	}
	return roll
}

// recordedStatus is how a member of the roster came out; one who stays outside the base is often left out.
func (g *generator) recordedStatus(member string, on Date) string {
	if g.book.standing(member, on, false) == "roster" && g.chance(45) {
		return ""
	}
	switch n := g.r.IntN(100); {
	case n < 84:
		return "present"
	case n < 95:
		return "excused"
	default:
		return "unexcused"
	}
}

// changed is the roll with one difference from the computed one.
func (g *generator) changed(m Meeting, roll []Person, recorded map[string]string) []Person {
	out := slices.Clone(roll)
	var plain []int
	for i, p := range out {
		if p.Standing == "base" && len(g.book.statusesOn(p.Member, m.Date)) == 0 {
			plain = append(plain, i)
		}
	}
	switch kind := g.r.IntN(3); {
	case kind == 0 && len(plain) > 1:
		gone := pick(g, plain)
		delete(recorded, out[gone].Member)
		return slices.Delete(out, gone, gone+1)
	case kind == 1 && len(plain) > 1:
		out[pick(g, plain)].Standing = "roster"
		return out
	default:
		return g.joined(m, out, recorded)
	}
}

func (g *generator) joined(m Meeting, roll []Person, recorded map[string]string) []Person {
	for _, i := range g.r.Perm(len(g.people)) {
		member := g.people[i]
		known := slices.ContainsFunc(roll, func(p Person) bool { return p.Member == member })
		if known || g.book.temporarilyHere(member, m.Organization, m.Date) {
			continue
		}
		if g.chance(80) {
			recorded[member] = pick(g, []string{"present", "excused"})
		}
		return append(roll, Person{Member: member, Standing: "base"})
	}
	return roll
}

func onRoster(roll []Person) []string {
	var members []string
	for _, p := range roll {
		if p.Standing != "temporary" {
			members = append(members, p.Member)
		}
	}
	return members
}

func (g *generator) attendance(m Meeting) {
	flag := func(percent int) string {
		if g.chance(percent) {
			return "true"
		}
		return "false"
	}
	for _, p := range m.Roll {
		if p.Status == "" {
			continue
		}
		row := Row{"meeting_code": m.Code, "member_code": p.Member, "status": p.Status}
		row["late"], row["left_early"], row["remote"], row["spoke"] = "false", "false", "false", "false"
		switch p.Status {
		case "present":
			row["late"], row["left_early"], row["remote"], row["spoke"] = flag(8), flag(4), flag(6), flag(40)
		case "excused":
			row["reason_kind"] = pick(g, []string{"business_trip", "sick", "study", "leave", "family", "other", ""})
			row["reason"] = g.maybe(60, g.sentence())
		}
		g.f.add("attendance.csv", row)
	}
}

// minutes writes the lines of a record, in the order in which a record shows its parts unless they may be interleaved.
func (g *generator) minutes(m Meeting) {
	if !g.chance(50) {
		return
	}
	speakers := onRoster(m.Roll)
	var lines []Row
	for range g.r.IntN(4) {
		lines = append(lines, Row{
			"part": "agenda", "content_item": g.maybe(70, pick(g, contentItems())),
			"member_code": g.maybe(70, pick(g, speakers)), "text": g.sentence(),
		})
	}
	for range g.r.IntN(4) {
		lines = append(lines, Row{"part": "opinion", "member_code": pick(g, speakers), "text": g.sentence()})
	}
	for range g.r.IntN(3) {
		lines = append(lines, Row{"part": "conclusion", "text": g.sentence()})
	}
	if g.size.InterleavedMinutes {
		g.r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	}
	for i, line := range lines {
		line["meeting_code"], line["position"] = m.Code, itoa(i+1)
		g.f.add("minutes.csv", line)
	}
}

// outcomes makes the resolutions and tasks of a meeting.
func (g *generator) outcomes(m Meeting) {
	if g.chance(20) {
		g.resolutions++
		n := itoa(g.resolutions)
		row := Row{
			"code": "NQ/" + n, "meeting_code": m.Code, "number": n + "-NQ/CB",
			"adopted_on": string(m.Date), "title": g.title(),
		}
		if g.chance(80) {
			row["votes_for"], row["votes_against"], row["votes_abstained"] = itoa(len(m.Roll)), "0", "0"
		}
		g.f.add("resolutions.csv", row)
	}
	for i := range g.r.IntN(3) {
		status, done := pick(g, []string{"open", "done", "dropped"}), ""
		if status == "done" {
			done = string(m.Date.Plus(g.r.IntN(40)))
		}
		row := Row{
			"code": fmt.Sprintf("nv %d.%d", g.meetings, i), "meeting_code": m.Code, "title": g.title(),
			"assignee_code": g.maybe(90, pick(g, onRoster(m.Roll))),
			"due_on":        g.maybe(85, string(m.Date.Plus(g.between(5, 45)))), "status": status, "done_on": done,
		}
		if g.chance(40) {
			row["result"], row["evidence"] = g.title(), g.maybe(50, g.title())
			row["evidence_address"] = g.maybe(50, "https://example.org/"+itoa(g.meetings)+".pdf")
			row["reported_by_code"] = g.maybe(80, pick(g, onRoster(m.Roll)))
		}
		g.f.add("tasks.csv", row)
	}
}
