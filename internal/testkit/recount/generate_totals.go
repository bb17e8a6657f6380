package recount

// totals draws the numbers of a meeting of which no roll is known, and writes their row. The roster of the day says nothing about them:
// an old book may know of more people than the store.
func (g *generator) totals(m Meeting, roster int) *Totals {
	t := &Totals{Roster: roster + g.r.IntN(4), Temporary: g.r.IntN(2)}
	t.Expected = t.Roster - g.r.IntN(min(3, t.Roster+1))
	t.Present = g.r.IntN(t.Expected + 1)
	t.Excused = g.r.IntN(t.Expected - t.Present + 1)
	t.Unexcused = g.r.IntN(t.Expected - t.Present - t.Excused + 1)
	row := Row{
		"meeting_code": m.Code, "roster": itoa(t.Roster), "expected": itoa(t.Expected), "present": itoa(t.Present),
		"excused": itoa(t.Excused), "unexcused": itoa(t.Unexcused), "temporary": itoa(t.Temporary), "reason": g.sentence(),
	}
	if g.chance(60) {
		probationary := g.r.IntN(min(2, t.Roster) + 1)
		row["probationary"], row["official"] = itoa(probationary), itoa(t.Roster-probationary)
	}
	g.f.add("totals.csv", row)
	return t
}

// votes writes what was voted on; no figure follows from it.
func (g *generator) votes(m Meeting) {
	if !g.chance(20) {
		return
	}
	for i := range g.between(1, 3) {
		row := Row{
			"meeting_code": m.Code, "position": itoa(i + 1), "for": itoa(g.r.IntN(9)), "against": g.maybe(70, itoa(g.r.IntN(3))),
			"abstained": g.maybe(70, itoa(g.r.IntN(3))), "method": pick(g, []string{"", "show_of_hands", "party_card", "secret_ballot"}),
			"threshold": pick(g, []string{"more_than_half", "two_thirds"}), "stated_base": g.maybe(40, itoa(g.between(3, 12))),
		}
		if !m.OnPaper {
			row["subject"] = g.sentence()
		}
		g.f.add("votes.csv", row)
	}
}
