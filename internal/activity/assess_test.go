package activity

import (
	"slices"
	"strings"
	"testing"

	"sochibo/internal/rules"
	"sochibo/internal/summary"
)

// TestRules: every rule names figures, sets and bounds that there are, and its sentences leave no place unfilled.
func TestRules(t *testing.T) {
	t.Parallel()
	list, err := ruleBook()
	if err != nil {
		t.Fatal(err)
	}
	book, err := rules.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	figures := figuresOf(Query{}, summary.Summary{}, Activity{}, Completion{})
	(BodyActivity{Prepared: &summary.Ratio{}, Attendance: Presence{Least: &MonthRate{}}}).addTo(figures, Query{})
	var codes []string
	for _, r := range list {
		if _, known := figures[r.Figure]; !known || slices.Contains(codes, r.Code) || r.Rule == "" || len(r.Findings) == 0 {
			t.Errorf("rule %q", r.Code)
		}
		codes = append(codes, r.Code)
		if !slices.Contains([]RuleBasis{OnObligation, OnRuleSet, OnConvention}, r.Basis) || (r.Basis == OnRuleSet) != (len(r.Sets) > 0) {
			t.Errorf("rule %q rests on %q %v", r.Code, r.Basis, r.Sets)
		}
		for _, set := range append(slices.Clone(r.Sets), r.Without...) {
			if _, known := book.Find(set); !known {
				t.Errorf("rule %q names the set %q", r.Code, set)
			}
		}
		for _, o := range r.Findings {
			if _, _, err := o.holds(summary.NewRatio(1, 2)); err != nil || !slices.Contains([]FindingKind{Strength, Shortcoming, Described}, o.Kind) {
				t.Errorf("rule %q: %q, %v", r.Code, o.Kind, err)
			}
			sentence := figure{Ratio: summary.NewRatio(1, 2), month: "05/2016"}.fill(o.Sentence)
			if strings.ContainsAny(sentence, "{}") || !strings.HasSuffix(sentence, ".") {
				t.Errorf("rule %q: %s", r.Code, sentence)
			}
		}
	}
}

// TestRuleSetsInForce: the same attendance is judged by the rule set of its time, and by none where several or none knew a bound.
func TestRuleSetsInForce(t *testing.T) {
	t.Parallel()
	list, err := ruleBook()
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]figure{
		"attendance":  {Ratio: summary.NewRatio(88, 100)},
		"least_month": {Ratio: summary.NewRatio(80, 100), month: "05/2016"},
	}
	for _, test := range []struct {
		sets []string
		want string
	}{
		{[]string{"ct10-2007"}, "attendance_described described"},
		{[]string{"hd12-2018"}, "attendance_hd12 strength"},
		{[]string{"hd42-2025"}, "attendance_hd42 shortcoming"},
		{[]string{"ct10-2007", "hd12-2018"}, ""},
		{[]string{"hd12-2018", "hd42-2025"}, ""},
	} {
		found, err := assess(list, figures, test.sets)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range found {
			got = append(got, f.Code+" "+string(f.Kind))
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%v: %v, want %s", test.sets, got, test.want)
		}
	}
}

// TestBounds compares whole numbers: what is exactly at a bound is not above it.
func TestBounds(t *testing.T) {
	t.Parallel()
	at := summary.NewRatio(17, 20)
	for bound, want := range map[outcome]bool{
		{AtLeast: "85%"}: true, {Above: "85%"}: false, {AtMost: "85%"}: true, {Below: "85%"}: false, {Above: "2/3"}: true, {Below: "86%"}: true,
	} {
		if condition, holds, err := bound.holds(at); err != nil || holds != want {
			t.Errorf("%s: %v %v", condition, holds, err)
		}
	}
}
