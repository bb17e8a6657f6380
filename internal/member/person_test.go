package member

import (
	"testing"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

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
