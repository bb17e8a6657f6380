package rules

import (
	"cmp"
	"fmt"
	"slices"
)

// checkBands refuses bands that leave a rate out, share one, or never give the maximum.
func (i Item) checkBands(n *notes, at string) {
	order := make([]int, len(i.Bands))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return compareLow(i.Bands[a].Low, i.Bands[b].Low) })
	first, last := i.Bands[order[0]], i.Bands[order[len(order)-1]]
	n.check(first.Low == nil || first.Low.N == 0 && !first.Low.Above, at, "gap: no band for %s", below(first.Low))
	for k := 1; k < len(order); k++ {
		joint(n, at, i.Bands[order[k-1]].High, i.Bands[order[k]].Low, order[k-1], order[k])
	}
	whole := last.High == nil || i.Measure.bounded() && last.High.holds(1, 1)
	n.check(whole, at, "gap: no band for %s", beyond(last.High))
	n.check(slices.ContainsFunc(i.Bands, func(b Band) bool { return b.Points == i.Max }), at, "no band gives the maximum of %d", i.Max)
}

func compareLow(a, b *Least) int {
	switch {
	case a == nil || b == nil:
		return cmp.Compare(boolean(a != nil), boolean(b != nil))
	case a.compare(b.Share) != 0:
		return int(a.compare(b.Share))
	default:
		return cmp.Compare(boolean(a.Above), boolean(b.Above))
	}
}

func boolean(is bool) int {
	if is {
		return 1
	}
	return 0
}

// joint holds the upper bound of a band against the lower bound of the next.
func joint(n *notes, at string, high *Most, low *Least, one, other int) {
	switch {
	case high == nil || low == nil:
		n.bad(at, "overlap: bands %d and %d share %s", one, other, shared(high, low))
	case low.compare(high.Share) > 0:
		n.bad(at, "gap: no band for rates from %s to %s", high.Share, low.Share)
	case low.compare(high.Share) < 0:
		n.bad(at, "overlap: bands %d and %d share rates from %s to %s", one, other, low.Share, high.Share)
	case high.Below && low.Above:
		n.bad(at, "gap: no band for exactly %s", low.Share)
	case !high.Below && !low.Above:
		n.bad(at, "overlap: bands %d and %d share exactly %s", one, other, low.Share)
	}
}

func shared(high *Most, low *Least) string {
	switch {
	case low != nil:
		return "rates from " + low.Share.String() + " on"
	case high != nil:
		return "rates up to " + high.Share.String()
	default:
		return "every rate"
	}
}

func below(low *Least) string {
	if low == nil {
		return "no rate"
	}
	if low.Above {
		return "rates up to " + low.Share.String()
	}
	return "rates below " + low.Share.String()
}

func beyond(high *Most) string {
	if high == nil {
		return "no rate"
	}
	if high.Below {
		return "rates from " + high.Share.String() + " on"
	}
	return "rates above " + high.Share.String()
}

// checkNames refuses ids that stand twice, and gates and yearly rules that name what there is not.
func (r *Rubric) checkNames(n *notes, at string) {
	groups, items := map[string]bool{}, map[string]bool{}
	for i, g := range r.Groups {
		n.check(!groups[g.ID], fmt.Sprintf("%s.groups[%d].id", at, i), "%q stands twice", g.ID)
		groups[g.ID] = true
		for j, item := range g.Items {
			n.check(!items[item.ID], fmt.Sprintf("%s.groups[%d].items[%d].id", at, i, j), "%q stands twice", item.ID)
			items[item.ID] = true
		}
	}
	grades := map[string]bool{}
	for i, g := range r.Grades {
		place := fmt.Sprintf("%s.grades[%d]", at, i)
		n.check(g.ID != "" && !grades[g.ID], place+".id", "is missing or stands twice: %q", g.ID)
		n.check(g.Title != "", place+".title", "is missing")
		grades[g.ID] = true
		for j, id := range g.Full {
			n.check(items[id], fmt.Sprintf("%s.full[%d]", place, j), "there is no item %q", id)
		}
	}
	for i, y := range r.Year {
		place := fmt.Sprintf("%s.year[%d]", at, i)
		for j, grade := range []string{y.Grade, y.Of, y.Others} {
			n.check(grades[grade], place+"."+[]string{"grade", "of", "others"}[j], "there is no grade %q", grade)
		}
		n.check(y.Sessions > 0, place+".sessions", "must be at least 1")
		n.check(!grades[y.Of] || !grades[y.Others] || r.atLeast(y.Of, y.Others), place+".others", "%q is better than %q", y.Others, y.Of)
	}
}

// checkSums refuses maxima that do not add up.
func (r *Rubric) checkSums(n *notes, at string) {
	total := 0
	for i, g := range r.Groups {
		sum := 0
		for _, item := range g.Items {
			sum += item.Max
		}
		n.check(sum == g.Max, fmt.Sprintf("%s.groups[%d].max", at, i), "is %d, but its items add up to %d", g.Max, sum)
		total += g.Max
	}
	n.check(len(r.Groups) > 0, at+".groups", "is missing")
	n.check(total == r.Total, at+".total", "is %d, but the groups add up to %d", r.Total, total)
	n.check(r.Total <= maxTotal, at+".total", "is more than %d", maxTotal)
}

const maxTotal = 10_000

// checkGrades refuses grades that leave points out, stand in the wrong order, or can never be reached: because no points lie
// between them and a better grade, or, in a month in which every item that has an occasion is missing, no points suffice.
func (r *Rubric) checkGrades(n *notes, at string) {
	if !n.check(len(r.Grades) > 0, at+".grades", "is missing") {
		return
	}
	end := len(r.Grades) - 1
	last := r.Grades[end]
	n.check(last.From == 0, fmt.Sprintf("%s.grades[%d].from", at, end), "gap: no grade for less than %d points", last.From)
	n.check(len(last.Full) == 0, fmt.Sprintf("%s.grades[%d].full", at, end), "the last grade takes everything and has no gate")
	possible, ceiling := r.possible(), r.highest()+1
	for i, g := range r.Grades {
		place := fmt.Sprintf("%s.grades[%d]", at, i)
		if !n.check(g.From >= 0, place+".from", "is negative") {
			continue
		}
		if i > 0 && !n.check(g.From <= r.Grades[i-1].From, place+".from", "grades stand from the best to the last, but %d is more than %d", g.From, r.Grades[i-1].From) {
			continue
		}
		from, to := min(g.From, len(possible)), min(ceiling, len(possible))
		n.check(from < to && slices.Contains(possible[from:to], true), place, "%q can never be reached: no points give it", g.ID)
		if len(g.Full) == 0 {
			ceiling = min(ceiling, g.From)
		}
	}
	if least := r.leastAvailable(); r.Scale == OfPoints {
		n.check(r.Grades[0].From <= least, at+".grades[0].from",
			"%q from %d points can never be reached in a month in which only %d are available", r.Grades[0].ID, r.Grades[0].From, least)
	}
}

// highest is the most that can be compared with a threshold.
func (r *Rubric) highest() int {
	if r.Scale == OfAvailable {
		return 100
	}
	return r.Total
}

// leastAvailable is the maximum where no item with an occasion is there.
func (r *Rubric) leastAvailable() int {
	least := r.Total
	for _, item := range r.Items() {
		if item.When != "" {
			least -= item.Max
		}
	}
	return least
}

// possible says which points, or points of 100, can come about where everything is available.
func (r *Rubric) possible() []bool {
	sums := make([]bool, r.Total+1)
	sums[0] = true
	for _, item := range r.Items() {
		next := make([]bool, r.Total+1)
		for sum, is := range sums {
			for _, points := range item.possible() {
				if is {
					next[sum+points] = true
				}
			}
		}
		sums = next
	}
	if r.Scale != OfAvailable || r.Total == 0 {
		return sums
	}
	shares := make([]bool, 101)
	for sum, is := range sums {
		shares[sum*100/r.Total] = shares[sum*100/r.Total] || is
	}
	return shares
}

// possible returns the points that an item can give.
func (i Item) possible() []int {
	points := []int{0, i.Max}
	switch i.Kind {
	case YesNo, Condition:
	case Number:
		for p := 1; p < i.Max; p++ {
			points = append(points, p)
		}
	case Bands:
		points = append(points, i.None, i.Otherwise)
		for _, b := range i.Bands {
			points = append(points, b.Points)
		}
	}
	return points
}
