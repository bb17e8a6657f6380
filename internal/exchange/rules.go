package exchange

import (
	"slices"
	"strings"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/text"
)

// before notes a last day that lies before the first one; an unknown day is no bound. The day is forgotten, so that the row may pass
// while the rest of the folder is checked.
func (r *record) before(last, first, code string) {
	from, started := r.date(first)
	to, ended := r.date(last)
	if started && ended && to.Before(from) {
		r.bad(last, code, nil)
		r.set(last, nil)
	}
}

func checkSpan(r *record) { r.before("to", "from", "ends_before_start") }

func checkOrganization(r *record) {
	r.before("dissolved_on", "founded_on", "dissolved_before_founded")
}

func checkPlacement(r *record) {
	checkSpan(r)
	if below := r.text("organization_code"); below != "" && below == r.text("parent_code") {
		r.bad("parent_code", "placement_cycle", nil)
	}
}

func checkMember(r *record) {
	if text.MixedScripts(r.text("full_name")) {
		r.bad("full_name", "name_mixed_scripts", nil)
	}
	r.before("official_on", "admitted_on", "official_before_admitted")
}

func checkStatus(r *record) {
	checkSpan(r)
	here, organization := r.text("status") == string(member.TemporarilyHere), r.text("organization_code")
	switch {
	case here && organization == "":
		r.bad("organization_code", "field_required", nil)
	case !here && r.text("status") != "" && organization != "":
		r.bad("organization_code", "status_without_organization", nil)
	}
}

func checkOffice(r *record) {
	checkSpan(r)
	body, office := r.text("body"), r.text("office")
	if body != "" && office != "" && !member.OfficeKind(office).FitsBody(org.Body(body)) {
		r.bad("office", "office_not_of_body", fault.Args{"office": office, "body": body})
	}
}

// checkDirective refuses the sign that joins codes to lists, because meetings name directives in lists.
func checkDirective(r *record) {
	if strings.Contains(r.text("code"), ";") {
		r.bad("code", "code_with_semicolon", nil)
	}
}

func checkMeeting(r *record) {
	if forms := r.text("forms"); forms != "" {
		var list []meeting.Form
		for _, form := range strings.Split(forms, ";") {
			list = append(list, meeting.Form(form))
		}
		joined, possible := meeting.FormsOf(list)
		if !possible {
			r.bad("forms", "forms_combination", fault.Args{"forms": forms})
			joined = meeting.Forms(meeting.Other)
		}
		r.set("forms", string(joined))
	}
	started, known := r.instant("started_at")
	if ended, over := r.instant("ended_at"); known && over && ended.Before(started) {
		r.bad("ended_at", "ended_before_started", nil)
		r.set("ended_at", nil)
	}
	checkPaper(r)
}

// checkVote fills in the threshold that is meant where none is named.
func checkVote(r *record) {
	if r.text("threshold") == "" {
		r.set("threshold", string(meeting.MoreThanHalf))
	}
}

// checkTotals notes numbers that do not fit together; those that a row leaves out are 0, but for official and probationary, which are
// then unknown.
func checkTotals(r *record) {
	var t meeting.Totals
	for name, n := range map[string]*int{
		"roster": &t.Roster, "expected": &t.Expected, "present": &t.Present, "excused": &t.Excused, "unexcused": &t.Unexcused,
		"temporary": &t.Temporary,
	} {
		*n = r.number(name)
		r.set(name, int64(*n))
	}
	for name, p := range map[string]**int{"official": &t.Official, "probationary": &t.Probationary} {
		if r.values[r.at(name)] != nil {
			n := r.number(name)
			*p = &n
		}
	}
	if r.faulty {
		return
	}
	for _, wrong := range t.Inconsistent() {
		r.bad(wrong.Name, wrong.Code, wrong.Args) //fault:codes totals_over_roster totals_over_expected totals_not_roster
	}
}

// checkPaper notes a book without a page, and a page without a book.
func checkPaper(r *record) {
	book, page := r.text("paper_book"), r.text("paper_page")
	switch {
	case book == "" && page != "":
		r.bad("paper_book", "field_required", nil)
	case book != "" && page == "":
		r.bad("paper_page", "field_required", nil)
	}
	if r.faulty {
		r.set("paper_book", nil)
		r.set("paper_page", nil)
	}
}

// checkItems notes content items that the rule set in force on the day does not ask for.
func checkItems(r *record, on calendar.Date) {
	book, err := rules.Embedded()
	if err != nil {
		return // the tests keep such a program from being released
	}
	set := book.On(on)
	for _, item := range strings.Split(r.text("content_items"), ";") {
		if item != "" && !slices.Contains(set.ContentItems, item) {
			r.bad("content_items", "content_item_not_asked", fault.Args{"item": item, "rule_set": set.ID})
		}
	}
}

func deriveOrganization(_ *staging, r *record) {
	names := []string{r.text("name")}
	for _, extra := range []string{r.text("short_name"), ownCode(r.text("code"))} {
		if extra != "" {
			names = append(names, extra)
		}
	}
	r.set("search_key", text.SearchKey(strings.Join(names, " ")))
	r.set("sort_key", text.TitleKey(r.text("name")))
}

func deriveMember(_ *staging, r *record) {
	search, sort := member.Keys(r.text("full_name"))
	r.set("search_key", search)
	r.set("sort_key", sort)
}

func deriveDirective(_ *staging, r *record) {
	r.set("search_key", text.SearchKey(strings.TrimSpace(r.text("number")+" "+r.text("title"))))
}

func deriveTopic(_ *staging, r *record) {
	r.set("search_key", text.SearchKey(r.text("title")))
	r.set("sort_key", text.TitleKey(r.text("title")))
}

func deriveInspection(_ *staging, r *record) { r.set("search_key", text.SearchKey(r.text("title"))) }

func deriveMeeting(s *staging, r *record) {
	title := r.text("title")
	r.set("search_key", meeting.SearchKey(&title))
	started, known := r.instant("started_at")
	if known {
		r.set("held_on", s.zone.DateOf(started))
		checkItems(r, s.zone.DateOf(started))
	}
	r.set("doubtful", !known || r.text("body") == "")
}

// deriveExcused gives the month's days, so that a month that is excused or registered is looked for in the life of its organisation.
func deriveExcused(_ *staging, r *record) {
	if m, ok := r.values[r.at("month")].(calendar.Month); ok {
		r.set("first_day", m.First())
		r.set("last_day", m.Last())
	}
}

func deriveObject(_ *staging, r *record) {
	switch r.text("object_type") {
	case "organization":
		r.set("organization_code", r.text("object_code"))
	case "member":
		r.set("member_code", r.text("object_code"))
	}
}
