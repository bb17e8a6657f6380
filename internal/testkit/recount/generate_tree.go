package recount

import (
	"fmt"
	"slices"
	"strings"
)

// parentKinds are the kinds that an organisation of a kind may stand under; they
// always lead upwards, so that no placement can make a cycle.
func parentKinds(kind string) []string {
	switch kind {
	case "provincial":
		return []string{"central"}
	case "superior":
		return []string{"provincial", "central"}
	case "base_party", "base_cell":
		return []string{"superior", "provincial"}
	case "sectional_party":
		return []string{"base_party"}
	case "cell":
		return []string{"base_party", "sectional_party"}
	default:
		return nil
	}
}

// organizations makes the first chain with every kind, the further roots and the further cells, parents first.
func (g *generator) organizations() {
	for _, kind := range []string{
		"central", "provincial", "superior", "base_party", "sectional_party", "base_cell", "cell",
	} {
		g.organization(kind, len(g.orgs) < 4)
	}
	g.organization("base_party", false)
	g.organization("sectional_party", false)
	if g.size.Roots > 1 {
		g.organization("base_party", true)
	}
	if g.size.Roots > 2 {
		g.organization("base_cell", true)
	}
	for range g.size.Cells {
		g.organization(pick(g, []string{"cell", "cell", "cell", "base_cell"}), false)
	}
}

// organization adds one with a random life; a lasting one was founded long ago and stands.
func (g *generator) organization(kind string, lasting bool) {
	n := len(g.orgs) + 1
	code := pick(g, []string{"CB-%03d", "38.168.053.000.%03d", "đb %d", "Chi bộ %d", "z%d"})
	o := Organization{Code: fmt.Sprintf(code, n), Kind: kind, Founded: g.day(2003, 2013)}
	switch {
	case lasting && g.chance(40):
		o.Founded = ""
	case !lasting && g.chance(40):
		o.Founded = g.day(2014, 2018)
	}
	if !lasting && g.chance(25) {
		o.Dissolved = g.day(2015, 2019)
		if o.Dissolved <= o.Founded.Plus(40) {
			o.Dissolved = o.Founded.Plus(400)
		}
	}
	cellType := ""
	if kind == "cell" || kind == "base_cell" {
		cellType = pick(g, []string{
			"", "neighbourhood", "agency", "state_enterprise", "private_enterprise", "students", "armed_forces",
		})
	}
	g.orgs = append(g.orgs, o)
	g.life[o.Code] = span{o.Founded, o.Dissolved}
	g.f.add("organizations.csv", Row{
		"code": o.Code, "kind": kind, "cell_type": cellType,
		"name":       "Tổ chức đảng \"số " + itoa(n) + "\", " + pick(g, []string{"Huế", "Đà Nẵng", "Cà Mau"}),
		"short_name": g.maybe(60, "TCĐ "+itoa(n)),
		"founded_on": string(o.Founded), "dissolved_on": string(o.Dissolved),
	})
}

func (g *generator) placements() {
	for i, o := range g.orgs {
		root := i == 0 || g.size.Roots > 1 && i == 9 || g.size.Roots > 2 && i == 10
		if !root {
			g.place(o)
		}
	}
}

// place gives the organisation a parent for all its life, with moves and at times a gap.
func (g *generator) place(o Organization) {
	from, last := o.Founded, ""
	for from <= end(o.Dissolved) {
		parent, ok := g.parent(o.Kind, from, last)
		if !ok {
			if from = max(from, "2004-01-01").Plus(150); from > "2020" {
				return
			}
			continue
		}
		to := min(end(o.Dissolved), end(g.life[parent].to))
		if move := g.day(2014, 2019); g.chance(45) && from < move && move < to {
			to = move
		}
		g.f.add("placements.csv", Row{
			"organization_code": o.Code, "parent_code": parent, "from": string(from), "to": stated(to),
		})
		if to == end("") {
			return
		}
		from, last = to.Plus(1), parent
		if g.chance(15) {
			from = from.Plus(g.between(5, 60))
		}
	}
}

// parent is an organisation of a fitting kind that exists on the day, another than the last one if there is any.
func (g *generator) parent(kind string, on Date, last string) (string, bool) {
	var fitting []string
	for _, p := range g.orgs {
		if slices.Contains(parentKinds(kind), p.Kind) && g.life[p.Code].holds(on) {
			fitting = append(fitting, p.Code)
		}
	}
	if len(fitting) > 1 {
		fitting = slices.DeleteFunc(fitting, func(code string) bool { return code == last })
	}
	if len(fitting) == 0 {
		return "", false
	}
	return pick(g, fitting), true
}

// terms makes the terms of committees and commissions, with offices inside them.
func (g *generator) terms() {
	for _, o := range g.orgs {
		switch o.Kind {
		case "cell", "base_cell":
			if g.chance(65) {
				g.termsOf(o, "cell_committee")
			} else {
				g.officesOf(Term{o.Code, "cell", g.start(o), o.Dissolved})
			}
		default:
			g.termsOf(o, "party_committee")
			for _, body := range []string{"standing_committee", "inspection_commission"} {
				if g.chance(50) {
					g.termsOf(o, body)
				}
			}
		}
	}
}

// start is the first day of the life, or an early one where that is not known.
func (g *generator) start(o Organization) Date {
	if o.Founded == "" && g.chance(50) {
		return g.day(2004, 2012)
	}
	return o.Founded
}

// termsOf puts terms one after another, from the first day or later, some with gaps in between.
func (g *generator) termsOf(o Organization, body string) {
	from := g.start(o)
	if from != "" && g.chance(30) {
		from = from.Plus(g.between(1, 90))
	}
	for from <= end(o.Dissolved) {
		to := end(o.Dissolved)
		if last := g.day(2014, 2019); g.chance(60) && from < last && last < to {
			to = last
		}
		term := Term{o.Code, body, from, Date(stated(to))}
		g.bodies = append(g.bodies, term)
		g.f.add("bodies.csv", Row{
			"organization_code": o.Code, "body": body, "from": string(from), "to": stated(to),
		})
		g.officesOf(term)
		if to == end("") {
			return
		}
		from = to.Plus(1)
		if g.chance(50) {
			from = from.Plus(g.between(1, 80))
		}
	}
}

// officesOf fills a term: the head for all of it, the others at times for a part.
func (g *generator) officesOf(t Term) {
	offices := []string{"secretary", "deputy_secretary", "committee_member", "committee_member", "committee_member"}
	switch t.Body {
	case "inspection_commission":
		offices = []string{"commission_head", "commission_deputy_head", "commission_member", "commission_member"}
	case "cell":
		offices = offices[:2]
	}
	candidates := g.r.Perm(len(g.people))
	for i, office := range offices {
		from, to := t.From, end(t.To)
		if part := g.day(2014, 2019); i > 0 && g.chance(30) && from < part && part < to {
			if g.chance(50) {
				from = part
			} else {
				to = part
			}
		}
		g.f.add("offices.csv", Row{
			"member_code": g.people[candidates[i]], "organization_code": t.Organization,
			"body": t.Body, "office": office, "from": string(from), "to": stated(to),
		})
	}
}

func isCell(kind string) bool { return strings.HasSuffix(kind, "cell") }
