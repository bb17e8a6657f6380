package activity

import (
	_ "embed" // the rules
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/summary"
	"sochibo/internal/text"
)

// FindingKind says what a finding is.
type FindingKind string

// The kinds. A described figure is no judgement.
const (
	Strength    FindingKind = "strength"
	Shortcoming FindingKind = "shortcoming"
	Described   FindingKind = "described"
)

// RuleBasis says what the bound of a rule rests on.
type RuleBasis string

// The bases: what is due by the rule sets, a number of a rule set, or a bound that this program sets for reading.
const (
	OnObligation RuleBasis = "obligation"
	OnRuleSet    RuleBasis = "rule_set"
	OnConvention RuleBasis = "convention"
)

//go:embed assessment.yaml
var assessmentYAML []byte

// rule is one rule of the file.
type rule struct {
	Code     string    `yaml:"code"`
	Figure   string    `yaml:"figure"`
	Basis    RuleBasis `yaml:"basis"`
	Rule     string    `yaml:"rule"`
	Sets     []string  `yaml:"sets"`
	Without  []string  `yaml:"without"`
	Findings []outcome `yaml:"findings"`
}

// outcome is a bound and what follows where it holds.
type outcome struct {
	Kind     FindingKind `yaml:"kind"`
	AtLeast  string      `yaml:"at_least"`
	Above    string      `yaml:"above"`
	AtMost   string      `yaml:"at_most"`
	Below    string      `yaml:"below"`
	Sentence string      `yaml:"sentence"`
}

// ruleBook reads the rules that come with the program; a test keeps faulty ones from being released.
var ruleBook = sync.OnceValues(func() ([]rule, error) {
	var list []rule
	if err := yaml.UnmarshalWithOptions(assessmentYAML, &list, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the rules of assessment: %w", err)
	}
	return list, nil
})

// Assessment is the strengths and shortcomings of a period by fixed rules.
type Assessment struct {
	Organization summary.Named    `json:"organization"`
	Period       summary.PeriodOf `json:"period"`
	Scope        summary.Scope    `json:"scope" swaggertype:"string" enums:"subtree,own"`
	Basis        ledger.Basis     `json:"basis" swaggertype:"string" enums:"submitted,accepted"`
	RuleSets     []string         `json:"rule_sets" example:"ct10-2007"` // in force in the period
	Findings     []Finding        `json:"findings"`
} //	@name	Assessment

// Finding is one strength, shortcoming or description: the rule, the figure it was tried on, the bound that holds, and the sentence.
type Finding struct {
	Code       string        `json:"code" example:"regular_cells"`
	Kind       FindingKind   `json:"kind" swaggertype:"string" enums:"strength,shortcoming,described"`
	Basis      RuleBasis     `json:"rule_basis" swaggertype:"string" enums:"obligation,rule_set,convention"`
	RuleSets   []string      `json:"rule_sets"` // whose number the bound is; none unless it rests on a rule set
	Rule       string        `json:"rule" example:"Chi bộ sinh hoạt thường kỳ mỗi tháng một lần"`
	Figure     summary.Ratio `json:"figure"`
	Condition  string        `json:"condition" example:"89/89 ≥ 100%"`
	SentenceVi string        `json:"sentence_vi" example:"Duy trì sinh hoạt chi bộ thường kỳ đầy đủ: 89/89 tháng phải sinh hoạt."`
	Evidence   string        `json:"evidence" example:"/api/v1/meetings?counted_for=…"`
} //	@name	Finding

// figure is what rules are tried on, with the way to what it was counted from.
type figure struct {
	summary.Ratio

	month    string
	evidence string
}

// assess tries every rule on the figures, in the order of the file. A figure of nothing is not tried.
func assess(list []rule, figures map[string]figure, inForce []string) ([]Finding, error) {
	found := []Finding{}
	for _, r := range list {
		f := figures[r.Figure]
		if f.Denominator == 0 || !r.applies(inForce) {
			continue
		}
		for _, o := range r.Findings {
			condition, holds, err := o.holds(f.Ratio)
			if err != nil {
				return nil, fmt.Errorf("rule %s: %w", r.Code, err)
			}
			if !holds {
				continue
			}
			found = append(found, Finding{
				Code: r.Code, Kind: o.Kind, Basis: r.Basis, RuleSets: append([]string{}, r.Sets...), Rule: r.Rule, Figure: f.Ratio,
				Condition: condition, SentenceVi: f.fill(o.Sentence), Evidence: f.evidence,
			})
			break
		}
	}
	return found, nil
}

// applies reports whether the rule may be tried on a time in which the rule sets were in force.
func (r rule) applies(inForce []string) bool {
	for _, set := range inForce {
		if len(r.Sets) > 0 && !slices.Contains(r.Sets, set) || slices.Contains(r.Without, set) {
			return false
		}
	}
	return true
}

// holds tries the bound, in whole numbers, and writes it with the numbers it was tried on.
func (o outcome) holds(r summary.Ratio) (condition string, holds bool, err error) {
	for _, bound := range []struct {
		share, sign string
		fits        func(by int64) bool
	}{
		{o.AtLeast, "≥", func(by int64) bool { return by >= 0 }},
		{o.Above, ">", func(by int64) bool { return by > 0 }},
		{o.AtMost, "≤", func(by int64) bool { return by <= 0 }},
		{o.Below, "<", func(by int64) bool { return by < 0 }},
	} {
		if bound.share == "" {
			continue
		}
		limit, err := rules.ParseShare(bound.share)
		if err != nil {
			return "", false, err
		}
		by := r.Numerator*limit.D - limit.N*r.Denominator
		return fmt.Sprintf("%d/%d %s %s", r.Numerator, r.Denominator, bound.sign, bound.share), bound.fits(by), nil
	}
	return "", false, fmt.Errorf("no bound before the sentence %q", o.Sentence)
}

// fill puts the numbers of the figure into a sentence, as Vietnamese writes them.
func (f figure) fill(sentence string) string {
	percent := "0"
	if f.Percent != nil {
		percent = text.Percent(float64(*f.Percent) / 10)
	}
	return strings.NewReplacer(
		"{n}", text.FormatInt(f.Numerator), "{d}", text.FormatInt(f.Denominator), "{rest}", text.FormatInt(f.Denominator-f.Numerator),
		"{percent}", percent, "{month}", f.month,
	).Replace(sentence)
}

// figuresOf are what the rules are tried on.
func figuresOf(q Query, sum summary.Summary, a Activity, tasks Completion) map[string]figure {
	months := func(body org.Body) figure {
		return figure{Ratio: sum.Compliance[body].Rate, evidence: q.meetings(body, meeting.Regular)}
	}
	figures := map[string]figure{
		"cell_months": months(org.Cell), "cell_committee_months": months(org.CellCommittee), "party_committee_months": months(org.PartyCommittee),
		"thematic_quarters": {Ratio: sum.ThematicQuarters.Rate, evidence: q.meetings(org.Cell, meeting.Thematic)},
		"attendance":        {Ratio: sum.Attendance[org.Cell].Rate, evidence: q.meetings(org.Cell, "")},
		"unexcused": {
			Ratio:    summary.NewRatio(sum.Attendance[org.Cell].Unexcused, sum.Attendance[org.Cell].Rate.Denominator),
			evidence: q.meetings(org.Cell, ""),
		},
		"tasks_on_time": {Ratio: tasks.Rate, evidence: tasks.Links.Tasks},
	}
	for _, b := range a.Bodies {
		if b.Body == org.Cell {
			b.addTo(figures, q)
		}
	}
	return figures
}

// addTo adds the figures of the cells' sessions.
func (b BodyActivity) addTo(figures map[string]figure, q Query) {
	all := q.meetings(org.Cell, "")
	if b.Prepared != nil {
		figures["prepared"] = figure{Ratio: *b.Prepared, evidence: q.meetings(org.Cell, meeting.Regular)}
	}
	figures["speakers"] = figure{Ratio: b.Speakers.Rate, evidence: all}
	if least := b.Attendance.Least; least != nil {
		figures["least_month"] = figure{
			Ratio: least.Rate, month: fmt.Sprintf("%02d/%04d", least.Month.Number(), least.Month.Year()), evidence: all,
		}
	}
	var trips, officers, known, total int64
	for _, absent := range b.Absences {
		total += absent.Total
		known += absent.Officers + absent.Others
		officers += absent.Officers
		if absent.ReasonKind != nil && *absent.ReasonKind == "business_trip" {
			trips += absent.Total
		}
	}
	figures["business_trips"] = figure{Ratio: summary.NewRatio(trips, total), evidence: all}
	figures["officers_absent"] = figure{Ratio: summary.NewRatio(officers, known), evidence: all}
}

// meetings leads to the counted meetings of a body, of one form where it is named.
func (q Query) meetings(body org.Body, form meeting.Form) string {
	more := url.Values{"body": {string(body)}}
	if form != "" {
		more.Set("form", string(form))
	}
	return q.links().Meetings + "&" + more.Encode()
}

// cells writes the findings as rows.
func (a Assessment) cells() func(yield func([]string) bool) {
	rows := [][]string{{"code", "kind", "rule_basis", "rule_sets", "rule", "condition", "count", "of", "sentence_vi", "evidence"}}
	for _, f := range a.Findings {
		rows = append(rows, []string{
			f.Code, string(f.Kind), string(f.Basis), strings.Join(f.RuleSets, "; "), f.Rule, f.Condition,
			strconv.FormatInt(f.Figure.Numerator, 10), strconv.FormatInt(f.Figure.Denominator, 10), f.SentenceVi, f.Evidence,
		})
	}
	return slices.Values(rows)
}
