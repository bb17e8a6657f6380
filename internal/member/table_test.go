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
