package member

import (
	"testing"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

func TestStandingIf(t *testing.T) {
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
			if got := p.StandingIf(true); got != test.present {
				t.Errorf("present: %s", got)
			}
			if got := p.StandingIf(false); got != test.absent {
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
	if got := VoteBase(roster, attended); got != 20 {
		t.Errorf("got %d", got)
	}
	roster[0].Statuses = []StatusKind{Exempt}          // absent
	roster[5].Statuses = []StatusKind{TemporarilyAway} // present
	roster[6].Statuses = []StatusKind{Suspended}
	roster[1].Statuses = []StatusKind{SpecialDuty}
	if got := VoteBase(roster, attended); got != 18 {
		t.Errorf("got %d", got)
	}
}

func TestOfficialAndProbationary(t *testing.T) {
	t.Parallel()
	day := func(s string) *calendar.Date { d := calendar.MustDate(s); return &d }
	tests := []struct {
		admitted, official *calendar.Date
		wantOfficial       bool
		wantProbationary   bool
	}{
		{nil, nil, false, false},
		{day("2017-05-01"), nil, false, true},
		{day("2017-05-01"), day("2018-05-01"), false, true},
		{day("2017-05-01"), day("2018-04-05"), true, false},
		{nil, day("2018-05-01"), false, false},
		{day("2018-05-01"), nil, false, false},
	}
	on := calendar.MustDate("2018-04-05")
	for _, test := range tests {
		m := Member{AdmittedOn: test.admitted, OfficialOn: test.official}
		if m.OfficialOnDay(on) != test.wantOfficial || m.ProbationaryOnDay(on) != test.wantProbationary {
			t.Errorf("%v: %v %v", test, m.OfficialOnDay(on), m.ProbationaryOnDay(on))
		}
	}
}

func TestFitsBody(t *testing.T) {
	t.Parallel()
	for _, body := range org.Bodies {
		commission := body == org.InspectionCommission
		if Secretary.FitsBody(body) == commission || CommissionMember.FitsBody(body) != commission {
			t.Errorf("%s", body)
		}
	}
}
