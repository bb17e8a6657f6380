package recount

import "fmt"

func (g *generator) cells() []Organization {
	var cells []Organization
	for _, o := range g.orgs {
		if isCell(o.Kind) {
			cells = append(cells, o)
		}
	}
	return cells
}

// members makes the members of every cell and their home memberships, one after another.
func (g *generator) members() {
	for _, o := range g.cells() {
		for range g.between(max(2, g.size.MembersPerCell-2), g.size.MembersPerCell+3) {
			first := g.day(2004, 2013)
			if g.chance(20) {
				first = g.day(2014, 2018)
			}
			g.home(g.member(first), o, max(first, o.Founded))
		}
	}
}

// member adds one admitted on the day, official a year later, at times still on probation.
func (g *generator) member(admitted Date) string {
	code := fmt.Sprintf(pick(g, []string{"DV%03d", "đv%03d", "ĐV-%d", "dv %d"}), len(g.people)+1)
	g.people = append(g.people, code)
	official := string(admitted.Plus(365))
	if admitted > "2014" {
		official = g.maybe(70, official)
	}
	g.f.add("members.csv", Row{
		"code": code, "full_name": g.personName(), "gender": pick(g, []string{"male", "female", ""}),
		"born_on": g.maybe(80, string(admitted.Plus(-7000-g.r.IntN(9000)))), "admitted_on": string(admitted),
		"official_on": official, "card_number": g.maybe(70, fmt.Sprintf("99.%06d", len(g.people))),
	})
	return code
}

// home lets the member belong to the cell from the day on, and to others after it.
func (g *generator) home(member string, o Organization, from Date) {
	for from <= end(o.Dissolved) {
		to := end(o.Dissolved)
		if leave := g.day(2014, 2019); g.chance(30) && from < leave && leave < to {
			to = leave
		}
		g.f.add("memberships.csv", Row{
			"member_code": member, "organization_code": o.Code, "from": string(from), "to": stated(to),
		})
		if to == end("") || g.chance(15) {
			return
		}
		from = to.Plus(1)
		if g.chance(20) {
			from = from.Plus(g.between(1, 200))
		}
		if o = pick(g, g.cells()); !g.life[o.Code].holds(from) {
			return
		}
	}
}

// visitors have their home outside the folder and stay in a cell for a time.
func (g *generator) visitors() {
	for _, o := range g.cells() {
		if g.chance(60) {
			g.stay(g.member(g.day(2004, 2012)), o)
		}
	}
}

// stay makes the member temporarily here in the cell, within its life.
func (g *generator) stay(member string, o Organization) {
	from := max(g.day(2014, 2017), o.Founded)
	to := min(from.Plus(g.between(60, 900)), end(o.Dissolved))
	if from > to {
		return
	}
	if g.chance(20) {
		to = end(o.Dissolved)
	}
	g.status(member, "temporarily_here", o.Code, from, stated(to))
}

func (g *generator) status(member, status, organization string, from Date, to string) {
	g.f.add("statuses.csv", Row{
		"member_code": member, "status": status, "organization_code": organization,
		"from": string(from), "to": to, "basis": g.maybe(60, g.sentence()),
	})
}

// statuses gives a third of the members dated statuses, those of different kinds at times at once.
func (g *generator) statuses() {
	for _, member := range g.people {
		if !g.chance(35) {
			continue
		}
		kinds := []string{"exempt", "temporarily_away", "suspended", "detained", "special_duty"}
		g.r.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
		from := g.day(2013, 2017)
		for _, kind := range kinds[:g.between(1, 2)] {
			to := ""
			if g.chance(75) {
				to = string(from.Plus(g.between(0, 500)))
			}
			g.status(member, kind, "", from, to)
			if kind == "temporarily_away" && g.chance(50) {
				g.stayAway(member, from)
			}
			from = from.Plus(g.between(0, 300))
		}
	}
}

// stayAway lets a member who is away from home be here in another cell, unless a stay is known already.
func (g *generator) stayAway(member string, from Date) {
	for _, s := range g.f["statuses.csv"] {
		if s["member_code"] == member && s["status"] == "temporarily_here" {
			return
		}
	}
	if o := pick(g, g.cells()); g.life[o.Code].holds(from) && g.life[o.Code].holds(from.Plus(90)) {
		g.status(member, "temporarily_here", o.Code, from, string(from.Plus(90)))
	}
}
