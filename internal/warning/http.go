package warning

import (
	"iter"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Routes returns the routes of the slice.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/warnings", Permission: auth.WarningRead, Handler: s.listWarnings, Persons: true},
		{Method: http.MethodGet, Path: "/me/duties", Permission: httpapi.SignedIn, Handler: s.listDuties},
	}
}

// warningList is a page of warnings.
type warningList struct {
	Data []warningWire `json:"data"`
	Next *string       `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name WarningList

// warningWire is one thing that is amiss.
type warningWire struct {
	Key            string         `json:"key" example:"2026-03 record_late cell 0198c0de-0000-7000-8000-000000000001"` // names it among those of its organization
	Code           Code           `json:"code" swaggertype:"string" enums:"month_not_registered,committee_not_met,documents_late,record_late,member_absent,excused_running,few_official_members,committee_missing,quarter_without_thematic,task_overdue,nothing_for_month,attendance_below,grade_not_confirmed,grade_against_condition,entered_late,backdated_membership,full_attendance,identical_text,roster_jump"`
	Audience       Audience       `json:"audience" swaggertype:"string" enums:"secretary,superior,auditor"`
	Severity       Severity       `json:"severity" swaggertype:"string" enums:"info,warning,serious"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Name           string         `json:"name" example:"Chi bộ Tổng hợp"`
	Body           org.Body       `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Month          calendar.Month `json:"month" swaggertype:"string" format:"month" example:"2026-03"`
	Since          calendar.Date  `json:"since" swaggertype:"string" format:"date" example:"2026-03-08"`
	Message        sentenceWire   `json:"message"`
	Rule           ruleWire       `json:"rule"`
	Evidence       []evidenceWire `json:"evidence"` // 50 rows at most
} //@name Warning

// sentenceWire is a text in both languages.
type sentenceWire struct {
	Vi string `json:"vi"`
	En string `json:"en"`
} //@name WarningText

// ruleWire is what the warning rests on.
type ruleWire struct {
	RuleSet *string `json:"rule_set" extensions:"x-nullable" example:"hd42-2025"` // null: the Party's statute, or a mark of this program
	Vi      string  `json:"vi"`
	En      string  `json:"en"`
} //@name WarningRule

// evidenceWire is a row that shows it.
type evidenceWire struct {
	Type EvidenceType `json:"type" swaggertype:"string" enums:"meeting,member,membership,office,task,registration,organization,rating"`
	ID   uuid.UUID    `json:"id" swaggertype:"string" format:"uuid"`
	Href string       `json:"href" example:"/api/v1/meetings/0198c0de-0000-7000-8000-000000000001"`
	Note string       `json:"note" example:"17/20"` // what of the row matters: numbers, days, names
} //@name WarningEvidence

// listWarnings lists what is amiss.
//
//	@Summary		List warnings
//	@Description	What is amiss in the sessions of an organization and of those below it today, for the months asked about, computed from what is kept at this moment: with the rule and its source, since when, and the rows that show it. Nothing is stored, and no warning changes a figure. Those for the secretary are shown to secretaries, superiors and auditors; those for superiors and auditors to these two alone.
//	@ID				listWarnings
//	@Tags			Warnings
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	query		string	true	"Organization"												format(uuid)
//	@Param			from			query		string	true	"First month"												format(month)	example(2026-01)
//	@Param			to				query		string	true	"Last month, included; at most 36 months"					format(month)	example(2026-03)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			audience		query		string	false	"Whom they are for"											Enums(secretary, superior, auditor)
//	@Param			severity		query		string	false	"How much they weigh"										Enums(info, warning, serious)
//	@Param			code			query		string	false	"What is amiss"												Enums(month_not_registered, committee_not_met, documents_late, record_late, member_absent, excused_running, few_official_members, committee_missing, quarter_without_thematic, task_overdue, nothing_for_month, attendance_below, grade_not_confirmed, grade_against_condition, entered_late, backdated_membership, full_attendance, identical_text, roster_jump)
//	@Param			limit			query		int		false	"Rows of a page, 50 unless given"							minimum(1)	maximum(200)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Param			format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	warningList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/warnings [get]
func (s *Service) listWarnings(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	f, page, err := readFilter(c)
	if err != nil {
		return err
	}
	texts, err := readTexts()
	if err != nil {
		return err
	}
	found, next, err := s.List(c.Request.Context(), auth.Current(c), f, page)
	if err != nil {
		return err
	}
	list := warningList{Data: make([]warningWire, len(found)), Next: next}
	for i, w := range found {
		list.Data[i] = w.wire(texts)
	}
	if format == "csv" {
		return httpapi.CSV(c, "warnings.csv", cells(list.Data, httpapi.Language(c)))
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

func readFilter(c *gin.Context) (Filter, httpapi.Page, error) {
	q := httpapi.NewQuery(c)
	q.Required("organization_id")
	f := Filter{
		Organization: org.ID{UUID: q.UUID("organization_id")}, Scope: q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn),
		Period:   q.Period(),
		Audience: Audience(q.String("audience", words(Audiences())...)), Severity: Severity(q.String("severity", words(Severities())...)),
		Code: Code(q.String("code", words(Codes())...)),
	}
	if !f.Period.From.IsZero() && f.Period.Months() > longestPeriod {
		q.Fail("to", "period_over_months", map[string]any{"limit": longestPeriod})
	}
	page := q.Page(httpapi.KeyText, httpapi.KeyUUID, httpapi.KeyText)
	return f, page, q.Err()
}

func words[W ~string](list []W) []string {
	texts := make([]string, len(list))
	for i, word := range list {
		texts[i] = string(word)
	}
	return texts
}

func (w Warning) wire(texts map[string]wording) warningWire {
	said := texts[string(w.Code)]
	rule := said.Rule.filled(w.Args)
	out := warningWire{
		Key: w.Key, Code: w.Code, Audience: w.Code.Audience(), Severity: w.Severity, OrganizationID: w.Organization.ID, Name: w.Organization.Name,
		Body: w.Body, Month: w.Month, Since: w.Since, Message: sentenceWire(said.Message.filled(w.Args)), Rule: ruleWire{nil, rule.Vi, rule.En},
		Evidence: make([]evidenceWire, len(w.Evidence)),
	}
	if w.RuleSet != "" {
		out.Rule.RuleSet = &w.RuleSet
	}
	for i, e := range w.Evidence {
		out.Evidence[i] = evidenceWire(e)
	}
	return out
}

func cells(rows []warningWire, lang string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{
			"code", "audience", "severity", "organization_id", "name", "body", "month", "since", "message", "rule_set", "rule", "evidence",
		}) {
			return
		}
		for _, w := range rows {
			message, rule, set := w.Message.Vi, w.Rule.Vi, ""
			if lang == "en" {
				message, rule = w.Message.En, w.Rule.En
			}
			if w.Rule.RuleSet != nil {
				set = *w.Rule.RuleSet
			}
			evidence := make([]string, len(w.Evidence))
			for i, e := range w.Evidence {
				evidence[i] = strings.TrimSpace(string(e.Type) + " " + e.ID.String() + " " + e.Note)
			}
			row := []string{
				string(w.Code), string(w.Audience), string(w.Severity), w.OrganizationID.String(), w.Name, string(w.Body), w.Month.String(),
				w.Since.String(), message, set, rule, strings.Join(evidence, "; "),
			}
			if !yield(row) {
				return
			}
		}
	}
}
