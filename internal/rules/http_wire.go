package rules

import (
	"sochibo/internal/calendar"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// ruleSetHead is a rule set as a list shows it.
type ruleSetHead struct {
	ID               string         `json:"id"                format:"code" example:"hd42-2025"`
	Title            string         `json:"title"             example:"Hướng dẫn 42-HD/BTCTW"`
	Parent           *string        `json:"parent"            example:"hd42-2025" extensions:"x-nullable"` // of a local set
	OrganizationCode *string        `json:"organization_code" example:"38" extensions:"x-nullable"`        // for which a local set holds, and for all below
	From             calendar.Date  `json:"from"              swaggertype:"string" format:"date"`
	To               *calendar.Date `json:"to"                swaggertype:"string" format:"date" extensions:"x-nullable"`
	Sources          []string       `json:"sources"`
	AttendanceBase   string         `json:"attendance_base"   enums:"eligible,roster,eligible_minus_excused"`
	Rates            bool           `json:"rates"` // whether it has a rubric
	SHA256           string         `json:"sha256"`
} //@name RuleSet

// ruleSetList is a list of rule sets.
type ruleSetList struct {
	Data []ruleSetHead `json:"data"`
	Next *string       `json:"next" extensions:"x-nullable"`
} //@name RuleSetList

// ruleSetResponse is a rule set.
type ruleSetResponse struct {
	ruleSetHead
	Obligations  []obligationWire `json:"obligations"`
	ContentItems []string         `json:"content_items"`
	Minutes      minutesWire      `json:"minutes"`
	Deadlines    deadlinesWire    `json:"deadlines"`
	Standing     []standingWire   `json:"standing"` // who counts; where several lines hold for a member, the least counts
	Adoption     []adoptionWire   `json:"adoption"`
	Rubric       *rubricWire      `json:"rubric" extensions:"x-nullable"`
} //@name RuleSetDetail

type obligationWire struct {
	Body   org.Body   `json:"body"   swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Kinds  []org.Kind `json:"kinds"  swaggertype:"array,string" enums:"central,provincial,superior,base_party,sectional_party,base_cell,cell"`
	Rhythm Rhythm     `json:"rhythm" swaggertype:"string" enums:"monthly,quarterly"`
	Form   string     `json:"form"   enums:"regular,thematic,extraordinary"`
} //@name Obligation

// minutesWire is how long a session has to last; 0 where nothing is asked for.
type minutesWire struct {
	Single   int `json:"single"   example:"90"`
	Combined int `json:"combined" example:"120"`
} //@name RequiredMinutes

// deadlinesWire are days before and after a session; null where the set names none.
type deadlinesWire struct {
	Registration *int `json:"registration_day" extensions:"x-nullable"`
	Documents    *int `json:"documents_days_before"    example:"1" extensions:"x-nullable"`
	Record       *int `json:"record_days_after"        example:"2" extensions:"x-nullable"`
} //@name Deadlines

type standingWire struct {
	Is   string      `json:"is"   enums:"official,probationary,undated,exempt,temporarily_away,suspended,detained,special_duty"`
	Base member.When `json:"base" swaggertype:"string" enums:"never,if_present,always"`
	Vote member.When `json:"vote" swaggertype:"string" enums:"never,if_present,always"`
} //@name StandingRule

// adoptionWire is a share of the vote base that votes have to reach, or to exceed.
type adoptionWire struct {
	Rule        string `json:"rule"        enums:"more_than_half,two_thirds"`
	Numerator   int64  `json:"numerator"   example:"2"`
	Denominator int64  `json:"denominator" example:"3"`
	Exceed      bool   `json:"exceed"`
} //@name AdoptionRule

type rubricWire struct {
	Bodies []org.Body  `json:"bodies" swaggertype:"array,string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Forms  []string    `json:"forms"  enums:"regular,thematic,extraordinary"`
	Scale  Scale       `json:"scale"  swaggertype:"string" enums:"points,available"`
	Total  int         `json:"total"  example:"100"`
	Groups []groupWire `json:"groups"`
	Grades []gradeWire `json:"grades"`
	Year   []yearWire  `json:"year"`
} //@name Rubric

type groupWire struct {
	ID    string     `json:"id"    format:"code" example:"attendance"`
	Title string     `json:"title" example:"Đảng viên dự sinh hoạt"`
	Max   int        `json:"max"   example:"10"`
	Items []itemWire `json:"items"`
} //@name RubricGroup

type itemWire struct {
	ID        string     `json:"id"        format:"code" example:"attendance"`
	Title     string     `json:"title"     example:"Tỷ lệ dự họp"`
	Kind      ItemKind   `json:"kind"      swaggertype:"string" enums:"bands,yes_no,number,condition"`
	Max       int        `json:"max"       example:"10"`
	When      *Occasion  `json:"when"      swaggertype:"string" enums:"thematic_session,cell_committee" extensions:"x-nullable"`
	Asked     bool       `json:"asked"` // whether a person answers it
	Measure   *Measure   `json:"measure"   swaggertype:"string" enums:"attendance,content_covered,duration,tasks_on_time,excused_running" extensions:"x-nullable"`
	Fact      *Fact      `json:"fact"      swaggertype:"string" enums:"nobody_unexcused,duration_kept,record_in_time,committee_met_first,conclusions_recorded,tasks_assigned,topic_named,thematic_in_quarter" extensions:"x-nullable"`
	Bands     []bandWire `json:"bands"`
	None      *int       `json:"none"      extensions:"x-nullable"` // points where there is nothing to measure
	Needs     []Fact     `json:"needs"     swaggertype:"array,string" enums:"nobody_unexcused,duration_kept,record_in_time,committee_met_first,conclusions_recorded,tasks_assigned,topic_named,thematic_in_quarter"`
	Otherwise *int       `json:"otherwise" extensions:"x-nullable"`
	Low       *boundWire `json:"low"       extensions:"x-nullable"` // of a condition
	High      *boundWire `json:"high"      extensions:"x-nullable"`
} //@name RubricItem

type bandWire struct {
	Low    *boundWire `json:"low"    extensions:"x-nullable"`
	High   *boundWire `json:"high"   extensions:"x-nullable"`
	Points int        `json:"points" example:"7"`
} //@name RubricBand

// boundWire is an end of a band; the rate itself is inside if it is included.
type boundWire struct {
	Numerator   int64 `json:"numerator"   example:"90"`
	Denominator int64 `json:"denominator" example:"100"`
	Included    bool  `json:"included"`
} //@name RubricBound

type gradeWire struct {
	ID    string   `json:"id"    format:"code" example:"good"`
	Title string   `json:"title" example:"Tốt"`
	From  int      `json:"from"  example:"90"`
	Full  []string `json:"full"` // items that must have full marks
} //@name RubricGrade

type yearWire struct {
	Grade    string `json:"grade"    example:"good"`
	Sessions int    `json:"sessions" example:"7"`
	Of       string `json:"of"       example:"good"`
	Others   string `json:"others"   example:"fair"`
} //@name RubricYear

func headOf(s Set) ruleSetHead {
	return ruleSetHead{
		ID: s.ID, Title: s.Title, Parent: given(s.Parent), OrganizationCode: given(s.Organization), From: s.From, To: s.To,
		Sources: append([]string{}, s.Sources...), AttendanceBase: s.AttendanceBase, Rates: s.Rubric != nil, SHA256: s.SHA256,
	}
}

func wire(s Set) ruleSetResponse {
	r := ruleSetResponse{
		ruleSetHead: headOf(s), ContentItems: append([]string{}, s.ContentItems...), Minutes: minutesWire(s.Minutes),
		Deadlines: deadlinesWire(s.Deadlines),
	}
	r.Obligations = mapped(s.Obligations, func(o Obligation) obligationWire {
		form := o.Form
		if form == "" {
			form = "regular"
		}
		return obligationWire{o.Body, o.Kinds, o.Rhythm, form}
	})
	r.Standing = mapped(member.TableWords(), func(word string) standingWire {
		return standingWire{word, s.Standing[word].Base, s.Standing[word].Vote}
	})
	r.Adoption = mapped(s.Adoption, func(a Adoption) adoptionWire { return adoptionWire{a.Rule, a.N, a.D, a.Above} })
	if s.Rubric != nil {
		r.Rubric = s.Rubric.wire()
	}
	return r
}

func (r *Rubric) wire() *rubricWire {
	return &rubricWire{
		Bodies: r.Bodies, Forms: r.Forms, Scale: r.Scale, Total: r.Total,
		Groups: mapped(r.Groups, func(g Group) groupWire { return groupWire{g.ID, g.Title, g.Max, mapped(g.Items, Item.wire)} }),
		Grades: mapped(r.Grades, func(g Grade) gradeWire { return gradeWire{g.ID, g.Title, g.From, append([]string{}, g.Full...)} }),
		Year:   mapped(r.Year, func(y YearRule) yearWire { return yearWire(y) }),
	}
}

func (i Item) wire() itemWire {
	w := itemWire{
		ID: i.ID, Title: i.Title, Kind: i.Kind, Max: i.Max, When: given(i.When), Asked: i.Asked(), Measure: given(i.Measure), Fact: given(i.Fact),
		Needs: append([]Fact{}, i.Needs...), Low: i.Least.wire(), High: i.Most.wire(),
		Bands: mapped(i.Bands, func(b Band) bandWire { return bandWire{b.Low.wire(), b.High.wire(), b.Points} }),
	}
	if i.Kind == Bands {
		w.None = &i.None
	}
	if len(i.Needs) > 0 {
		w.Otherwise = &i.Otherwise
	}
	return w
}

func (l *Least) wire() *boundWire {
	if l == nil {
		return nil
	}
	return &boundWire{l.N, l.D, !l.Above}
}

func (m *Most) wire() *boundWire {
	if m == nil {
		return nil
	}
	return &boundWire{m.N, m.D, !m.Below}
}

// given returns nothing for an empty word.
func given[W ~string](word W) *W {
	if word == "" {
		return nil
	}
	return &word
}

func mapped[T, U any](list []T, of func(T) U) []U {
	made := make([]U, len(list))
	for i, one := range list {
		made[i] = of(one)
	}
	return made
}
