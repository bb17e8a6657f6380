package summary

import (
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// missingList is a page of months without a record; the pages are of organisations, so that one may be empty and have a next one.
type missingList struct {
	Data []missingWire `json:"data"`
	Next *string       `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name MissingRecordList

// missingWire is an ended month that is due and not excused, for which no record is in.
type missingWire struct {
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code" extensions:"x-nullable" example:"VPUB-TH"`
	Name           string         `json:"name" example:"Chi bộ Tổng hợp"`
	Body           org.Body       `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Month          calendar.Month `json:"month" swaggertype:"string" format:"month" example:"2018-04"`
	State          MonthState     `json:"state" swaggertype:"string" enums:"nothing,scheduled,held,returned"`
	DueOn          *calendar.Date `json:"due_on" swaggertype:"string" format:"date" extensions:"x-nullable"` // the last day for the record
	MeetingID      *meeting.ID    `json:"meeting_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Secretary      *officerWire   `json:"secretary" extensions:"x-nullable"` // null where nobody is in office today
} //@name MissingRecord

// officerWire is who has to be reminded.
type officerWire struct {
	MemberID member.ID         `json:"member_id" swaggertype:"string" format:"uuid"`
	FullName string            `json:"full_name" example:"Nguyễn Văn An"`
	Body     org.Body          `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Office   member.OfficeKind `json:"office" swaggertype:"string" enums:"secretary"`
} //@name OfficerToRemind

// listMissingRecords lists who has not submitted.
//
//	@Summary		List missing records
//	@Description	The ended months of the period for which a body of the organization, or of one below it today, owes a regular session and has no record in, and who is the secretary in office today. The pages are of organizations: one may be empty and still have a next one.
//	@ID				listMissingRecords
//	@Tags			Summaries
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	path		string	true	"Organization"												format(uuid)
//	@Param			from			query		string	true	"First month"												format(month)	example(2018-01)
//	@Param			to				query		string	true	"Last month, included; at most 36 months"					format(month)	example(2018-04)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			limit			query		int		false	"Organizations of a page, 50 unless given"					minimum(1)	maximum(200)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Param			format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	missingList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/missing-records [get]
func (s *Service) listMissingRecords(c *gin.Context) error {
	format, of, period, page, err := readMap(c)
	if err != nil {
		return err
	}
	found, next, err := s.MissingRecords(c.Request.Context(), auth.Current(c), of, period, page)
	if err != nil {
		return err
	}
	list := missingList{Data: make([]missingWire, len(found)), Next: next}
	for i, m := range found {
		list.Data[i] = wireMissing(m)
	}
	if format == "csv" {
		return httpapi.CSV(c, "missing-records.csv", missingCells(list.Data))
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

func wireMissing(m Missing) missingWire {
	wire := missingWire{
		OrganizationID: m.Organization.ID, Code: m.Organization.Code, Name: m.Organization.Name, Body: m.Body, Month: m.Month, State: m.State,
		DueOn: m.DueOn, MeetingID: m.MeetingID,
	}
	if s := m.Secretary; s != nil {
		wire.Secretary = &officerWire{s.MemberID, s.FullName, s.Body, s.Office}
	}
	return wire
}

func missingCells(rows []missingWire) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{
			"organization_id", "code", "name", "body", "month", "state", "due_on", "meeting_id", "secretary_id", "secretary_name", "secretary_body",
		}) {
			return
		}
		for _, m := range rows {
			row := []string{m.OrganizationID.String(), or(m.Code), m.Name, string(m.Body), m.Month.String(), string(m.State), "", "", "", "", ""}
			if m.DueOn != nil {
				row[6] = m.DueOn.String()
			}
			if m.MeetingID != nil {
				row[7] = m.MeetingID.String()
			}
			if s := m.Secretary; s != nil {
				row[8], row[9], row[10] = s.MemberID.String(), s.FullName, string(s.Body)
			}
			if !yield(row) {
				return
			}
		}
	}
}

// awaitingList is a page of records that wait.
type awaitingList struct {
	Data []awaitingWire `json:"data"`
	Next *string        `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name AwaitingRecordList

// awaitingWire is a record that is in and was neither received nor returned.
type awaitingWire struct {
	MeetingID      meeting.ID     `json:"meeting_id" swaggertype:"string" format:"uuid"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code" extensions:"x-nullable" example:"VPUB-TH"` // of the organization
	Name           string         `json:"name" example:"Chi bộ Tổng hợp"`
	Body           org.Body       `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Forms          []meeting.Form `json:"forms" swaggertype:"array,string" enums:"regular,thematic,extraordinary,congress,other" example:"regular"`
	PeriodMonth    calendar.Month `json:"period_month" swaggertype:"string" example:"2018-04"`
	HeldOn         calendar.Date  `json:"held_on" swaggertype:"string" format:"date" example:"2018-04-05"`
	SubmittedAt    time.Time      `json:"submitted_at" format:"date-time"` // the last time
	Version        int64          `json:"version" example:"2"`             // for If-Match of its acceptance
} //@name AwaitingRecord

// listAwaitingRecords lists the records that wait for the superior.
//
//	@Summary		List the records that wait
//	@Description	The records of the organization, and of those below it today, that are in and that the superior has neither received nor returned; the longest waiting first. `POST /acceptances` receives several at once.
//	@ID				listAwaitingRecords
//	@Tags			Summaries
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	path		string	true	"Organization"												format(uuid)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			limit			query		int		false	"Rows of a page, 50 unless given"							minimum(1)	maximum(200)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Param			format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	awaitingList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/awaiting-records [get]
func (s *Service) listAwaitingRecords(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	id, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	scope := q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn)
	page := q.Page(httpapi.KeyInstant, httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	found, next, err := s.Awaiting(c.Request.Context(), auth.Current(c), Reach{id, scope}, page)
	if err != nil {
		return err
	}
	list := awaitingList{Data: make([]awaitingWire, len(found)), Next: next}
	for i, a := range found {
		list.Data[i] = awaitingWire{
			a.MeetingID, a.OrganizationID, a.OrganizationCode, a.OrganizationName, a.Body, a.Forms.List(), a.PeriodMonth, a.HeldOn,
			a.SubmittedAt.UTC(), a.Version,
		}
	}
	if format == "csv" {
		return httpapi.CSV(c, "awaiting-records.csv", awaitingCells(found))
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

func awaitingCells(rows []Awaiting) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{"meeting_id", "organization_id", "code", "name", "body", "forms", "period_month", "held_on", "submitted_at", "version"}) {
			return
		}
		for _, a := range rows {
			row := []string{
				a.MeetingID.String(), a.OrganizationID.String(), or(a.OrganizationCode), a.OrganizationName, string(a.Body), string(a.Forms),
				a.PeriodMonth.String(), a.HeldOn.String(), a.SubmittedAt.UTC().Format(time.RFC3339), strconv.FormatInt(a.Version, 10),
			}
			if !yield(row) {
				return
			}
		}
	}
}
