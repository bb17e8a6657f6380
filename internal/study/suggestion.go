package study

import (
	"cmp"
	"fmt"
	"slices"

	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// ReasonCode says why a topic is suggested.
type ReasonCode string

// The reasons, the most pressing first.
const (
	RequiredDirective ReasonCode = "required_directive"
	CategoryUncovered ReasonCode = "category_uncovered"
	SisterCells       ReasonCode = "sister_cells"
)

// ReasonCodes returns every reason in the order in which they rank.
func ReasonCodes() []ReasonCode {
	return []ReasonCode{RequiredDirective, CategoryUncovered, SisterCells}
}

// Evidence is what a suggestion rests on.
type Evidence struct {
	DirectiveIDs    []directive.ID `json:"directive_ids" swaggertype:"array,string" format:"uuid"`
	OrganizationIDs []org.ID       `json:"organization_ids" swaggertype:"array,string" format:"uuid"`
	MeetingIDs      []meeting.ID   `json:"meeting_ids" swaggertype:"array,string" format:"uuid"`
} //@name SuggestionEvidence

// Suggestion is what the next thematic session could be about, and why. Without a topic there is none on offer yet.
type Suggestion struct {
	TopicID  *topic.ID      `json:"topic_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Title    *string        `json:"title" extensions:"x-nullable"`
	Category topic.Category `json:"category" swaggertype:"string" enums:"ho_chi_minh_study,cell_building,party_building,session_quality,political_task,other"`
	Reason   ReasonCode     `json:"reason" swaggertype:"string" enums:"required_directive,category_uncovered,sister_cells"`
	Vi       string         `json:"vi" example:"Văn bản 05-CT/TW phải quán triệt trước hết ngày 31/08/2016, đơn vị chưa quán triệt."`
	En       string         `json:"en" example:"The directive 05-CT/TW has to be studied by 2016-08-31 and was not yet."`
	Evidence Evidence       `json:"evidence"`
} //@name TopicSuggestion

// facts are what suggestions for an organisation on a day are made of.
type facts struct {
	day      calendar.Date
	offered  []topic.Topic // in the order of their titles
	required []requirement // not studied, the earliest day first
	own      []Thematic    // of the organisation, in all years
	sisters  []Thematic    // of those that stand beside it, in the year of the day
}

// requirement is a directive that has to be studied.
type requirement struct {
	directive.Requirement

	Directive directive.Directive
}

// suggest ranks what could come next: directives that have to be studied, categories that the year lacks, what sister cells held. A topic
// is named once, for the first reason there is. The order depends on the facts alone.
func (f facts) suggest() []Suggestion {
	all := make([]Suggestion, 0)
	for _, list := range [][]Suggestion{f.fromDirectives(), f.fromCategories(), f.fromSisters()} {
		for _, s := range list {
			if s.TopicID == nil || !slices.ContainsFunc(all, func(o Suggestion) bool { return o.TopicID != nil && *o.TopicID == *s.TopicID }) {
				all = append(all, s)
			}
		}
	}
	return all
}

// heldEver reports whether the organisation held a session on the topic.
func (f facts) heldEver(id topic.ID) bool {
	return slices.ContainsFunc(f.own, func(s Thematic) bool { return s.TopicID != nil && *s.TopicID == id })
}

// fromDirectives suggests the topics of each directive that has to be studied; where none is offered, the directive alone.
func (f facts) fromDirectives() []Suggestion {
	var all []Suggestion
	for _, r := range f.required {
		why := Suggestion{
			Category: topic.Other, Reason: RequiredDirective, Evidence: evidence([]directive.ID{r.DirectiveID}, []org.ID{r.OrganizationID}, nil),
			Vi: fmt.Sprintf("Văn bản %s phải quán triệt chậm nhất ngày %s, đơn vị chưa quán triệt.", r.Directive.Number, vietnamese(r.StudyBy)),
			En: fmt.Sprintf("The directive %s has to be studied by %s and was not yet.", r.Directive.Number, r.StudyBy),
		}
		if r.Missed(f.day) {
			why.Vi = fmt.Sprintf("Văn bản %s đã quá hạn quán triệt (%s), đơn vị chưa quán triệt.", r.Directive.Number, vietnamese(r.StudyBy))
			why.En = fmt.Sprintf("The directive %s had to be studied by %s and was not; the day has passed.", r.Directive.Number, r.StudyBy)
		}
		topics := f.onOffer(func(t topic.Topic) bool { return t.DirectiveID != nil && *t.DirectiveID == r.DirectiveID })
		if len(topics) == 0 {
			all = append(all, why)
		}
		for _, t := range topics {
			all = append(all, why.about(t))
		}
	}
	return all
}

// fromCategories suggests topics of the categories in which the year has no session yet, but for other.
func (f facts) fromCategories() []Suggestion {
	var all []Suggestion
	for _, category := range topic.Categories() {
		covered := slices.ContainsFunc(f.own, func(s Thematic) bool {
			return s.Category == category && s.PeriodMonth.Year() == f.day.Year()
		})
		if covered || category == topic.Other {
			continue
		}
		why := Suggestion{
			Category: category, Reason: CategoryUncovered, Evidence: evidence(nil, nil, nil),
			Vi: fmt.Sprintf("Năm %d chưa có buổi chuyên đề nào thuộc loại “%s”.", f.day.Year(), categoryName(category, "vi")),
			En: fmt.Sprintf("In %d there is no thematic session of the category “%s” yet.", f.day.Year(), categoryName(category, "en")),
		}
		topics := f.onOffer(func(t topic.Topic) bool { return t.Category == category })
		if len(topics) == 0 {
			all = append(all, why)
		}
		for _, t := range topics[:min(len(topics), eachCategory)] {
			all = append(all, why.about(t))
		}
	}
	return all
}

// eachCategory is how many topics of one category are suggested.
const eachCategory = 3

// fromSisters suggests what sister cells held this year, what most of them held first.
func (f facts) fromSisters() []Suggestion {
	type count struct {
		topic    topic.Topic
		cells    []org.ID
		meetings []meeting.ID
	}
	var counts []count
	for _, t := range f.onOffer(func(topic.Topic) bool { return true }) {
		c := count{topic: t}
		for _, s := range f.sisters {
			if s.TopicID == nil || *s.TopicID != t.ID {
				continue
			}
			c.meetings = append(c.meetings, s.MeetingID)
			if !slices.Contains(c.cells, s.OrganizationID) {
				c.cells = append(c.cells, s.OrganizationID)
			}
		}
		if len(c.cells) > 0 {
			counts = append(counts, c)
		}
	}
	slices.SortStableFunc(counts, func(a, b count) int { return cmp.Compare(len(b.cells), len(a.cells)) })
	all := make([]Suggestion, len(counts))
	for i, c := range counts {
		all[i] = Suggestion{
			Reason: SisterCells, Evidence: evidence(nil, c.cells, c.meetings),
			Vi: fmt.Sprintf("Năm %d có %d chi bộ cùng cấp trên đã sinh hoạt chuyên đề này.", f.day.Year(), len(c.cells)),
			En: fmt.Sprintf("In %d this topic was held by %d cells of the same superior.", f.day.Year(), len(c.cells)),
		}.about(c.topic)
	}
	return all
}

// onOffer returns the topics on offer that the organisation has not held yet.
func (f facts) onOffer(which func(topic.Topic) bool) []topic.Topic {
	return slices.DeleteFunc(slices.Clone(f.offered), func(t topic.Topic) bool { return !which(t) || f.heldEver(t.ID) })
}

// about returns the suggestion for a topic.
func (s Suggestion) about(t topic.Topic) Suggestion {
	s.TopicID, s.Title, s.Category = &t.ID, &t.Title, t.Category
	return s
}

// evidence keeps lists that are empty as lists.
func evidence(directives []directive.ID, organizations []org.ID, meetings []meeting.ID) Evidence {
	return Evidence{
		append([]directive.ID{}, directives...), append([]org.ID{}, organizations...), append([]meeting.ID{}, meetings...),
	}
}

func vietnamese(d calendar.Date) string {
	return fmt.Sprintf("%02d/%02d/%d", d.Day(), d.Month().Number(), d.Year())
}

// categoryName is the name of a category as the enumerations have it, or the word itself.
func categoryName(category topic.Category, lang string) string {
	list, err := org.Enumerations()
	if err != nil {
		return string(category)
	}
	for _, e := range list {
		for _, w := range e.Words {
			if e.Name != "topic_category" || w.Word != string(category) {
				continue
			}
			if lang == "vi" {
				return w.Vi
			}
			return w.En
		}
	}
	return string(category)
}
