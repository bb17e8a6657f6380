package member

import "testing"

// usual is the table of the rule sets that come with the program.
func usual() Table {
	return Table{
		Official: {Always, Always}, Probationary: {Always, Never}, Undated: {Always, Never},
		string(Exempt): {IfPresent, IfPresent}, string(TemporarilyAway): {IfPresent, IfPresent},
		string(Suspended): {Never, Never}, string(Detained): {Never, Never}, string(SpecialDuty): {Never, Always},
	}
}

// A table may say otherwise of anybody.
func TestTableDecides(t *testing.T) {
	t.Parallel()
	other := usual()
	other[Probationary], other[string(Exempt)] = Row{Never, Always}, Row{Always, Never}
	probationary, exempt := Person{Probationary: true}, Person{Official: true, Statuses: []StatusKind{Exempt}}
	if other.Standing(probationary, true) != Roster || !other.Votes(probationary, false) {
		t.Error("probationary")
	}
	if other.Standing(exempt, false) != Base || other.Votes(exempt, true) {
		t.Error("exempt")
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		statuses        []StatusKind
		present, absent Standing
	}{
		{"nothing holds", nil, Base, Base},
		{"exempt", []StatusKind{Exempt}, Base, Roster},
		{"away", []StatusKind{TemporarilyAway}, Base, Roster},
		{"exempt and away", []StatusKind{Exempt, TemporarilyAway}, Base, Roster},
		{"here elsewhere as well", []StatusKind{TemporarilyHere}, Base, Base},
		{"suspended", []StatusKind{Suspended}, Roster, Roster},
		{"detained", []StatusKind{Detained}, Roster, Roster},
		{"special duty", []StatusKind{SpecialDuty}, Roster, Roster},
		{"exempt and suspended", []StatusKind{Exempt, Suspended}, Roster, Roster},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := Person{Statuses: test.statuses}
			if got := usual().Standing(p, true); got != test.present {
				t.Errorf("present: %s", got)
			}
			if got := usual().Standing(p, false); got != test.absent {
				t.Errorf("absent: %s", got)
			}
		})
	}
}

// 22 members, 20 official and 2 probationary, 18 present: 20 vote.
func TestVoteBase(t *testing.T) {
	t.Parallel()
	roster := make([]Person, 22)
	present := map[ID]bool{}
	for i := range roster {
		roster[i] = Person{Member: Member{ID: NewID()}, Official: i < 20, Probationary: i >= 20}
		present[roster[i].Member.ID] = i >= 4
	}
	attended := func(id ID) bool { return present[id] }
	if got := usual().VoteBase(roster, attended); got != 20 {
		t.Errorf("got %d", got)
	}
	roster[0].Statuses = []StatusKind{Exempt}          // absent
	roster[5].Statuses = []StatusKind{TemporarilyAway} // present
	roster[6].Statuses = []StatusKind{Suspended}
	roster[1].Statuses = []StatusKind{SpecialDuty}
	if got := usual().VoteBase(roster, attended); got != 18 {
		t.Errorf("got %d", got)
	}
}
