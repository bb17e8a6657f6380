package meeting

import (
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// getMeeting shows a meeting.
//
//	@Summary	Show a meeting
//	@ID			getMeeting
//	@Tags		Meetings
//	@Security	Bearer
//	@Produce	json
//	@Param		meeting_id	path		string	true	"Meeting"	format(uuid)
//	@Success	200			{object}	meetingResponse
//	@Failure	400			{object}	httpapi.Problem
//	@Failure	401			{object}	httpapi.Problem
//	@Failure	403			{object}	httpapi.Problem
//	@Failure	404			{object}	httpapi.Problem
//	@Router		/api/v1/meetings/{meeting_id} [get]
func (s *Service) getMeeting(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	d, err := s.Get(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, changed(d))
}

// listRecordVersions lists the record versions of a meeting.
//
//	@Summary		List the record versions of a meeting
//	@Description	What was handed in, version by version, with the SHA-256 of the exact bytes.
//	@ID				listRecordVersions
//	@Tags			Meetings
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id	path		string	true	"Meeting"	format(uuid)
//	@Success		200			{object}	versionList
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/versions [get]
func (s *Service) listRecordVersions(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	versions, err := s.Versions(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	list := versionList{Data: make([]versionHead, len(versions))}
	for i, v := range versions {
		list.Data[i] = versionOf(v, len(versions))
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// getRecordVersion shows a record version.
//
//	@Summary		Show a record version
//	@Description	The content is byte for byte what was handed in, or what an amendment made of it. Of an erased version it is the tombstone: the decision, the counters, and the record without the erased texts.
//	@ID				getRecordVersion
//	@Tags			Meetings
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id	path		string	true	"Meeting"						format(uuid)
//	@Param			number		path		int		true	"Number of the version, from 1"	minimum(1)
//	@Success		200			{object}	versionResponse
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/versions/{number} [get]
func (s *Service) getRecordVersion(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	number, err := httpapi.PathInt(c, "number")
	if err != nil {
		return err
	}
	if number > maxVersions {
		return ErrVersionUnknown
	}
	v, err := s.Version(c.Request.Context(), auth.Current(c), id, int(number))
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, versionResponse{versionOf(v.RecordVersion, v.Last), v.Content})
}

// maxVersions is what the column of the numbers can hold.
const maxVersions = 1<<31 - 1

// removedMeeting is the trace of a removed draft.
type removedMeeting struct {
	ID        ID        `json:"id"         swaggertype:"string" format:"uuid"`
	UpdatedAt time.Time `json:"updated_at" format:"date-time"` // when it was removed
} //@name RemovedMeeting

// stubMeeting is a meeting that counts in the figures asked for and is out of the caller's reach today.
type stubMeeting struct {
	ID             ID               `json:"id"              swaggertype:"string" format:"uuid"`
	OrganizationID org.ID           `json:"organization_id" swaggertype:"string" format:"uuid"`
	Body           org.Body         `json:"body"            swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	PeriodMonth    calendar.Month   `json:"period_month"    swaggertype:"string" example:"2015-09"`
	Counters       map[string]int64 `json:"counters"`
} //@name StubMeeting

// meetingList is a page of meetings.
type meetingList struct {
	Data    []meetingHead    `json:"data"`
	Stubs   []stubMeeting    `json:"stubs"`   // with counted_for: counted meetings out of reach; they count as rows of the page
	Removed []removedMeeting `json:"removed"` // drafts removed since updated_since; they count as rows of the page
	Next    *string          `json:"next" extensions:"x-nullable"`
} //@name MeetingList

// listMeetings lists meetings.
//
//	@Summary		List meetings
//	@Description	The heads of the meetings in the caller's reach. With `updated_since`, drafts removed since then stand in `removed`.
//	@ID				listMeetings
//	@Tags			Meetings
//	@Security		Bearer
//	@Produce		json,text/csv
//	@Param			organization_id	query		string	false	"Of this organization"																						format(uuid)
//	@Param			scope			query		string	false	"With what is below it (subtree), or it alone"																enums(subtree,own)	default(subtree)
//	@Param			counted_for		query		string	false	"Behind the figures of this organization, by the tree of the time; `scope` and `basis` as in the summary"	format(uuid)
//	@Param			basis			query		string	false	"With `counted_for`: records that are in, or only accepted ones"											enums(submitted, accepted)	default(submitted)
//	@Param			code			query		string	false	"The meeting with this code"
//	@Param			body			query		string	false	"Of this body"							enums(cell,cell_committee,party_committee,standing_committee,conference,inspection_commission)
//	@Param			form			query		string	false	"With this form"						enums(regular,thematic,extraordinary,congress,other)
//	@Param			status			query		string	false	"In this status"						enums(scheduled,held,submitted,accepted,cancelled)
//	@Param			period_from		query		string	false	"For this month or later (YYYY-MM)"		format(month)
//	@Param			period_to		query		string	false	"For this month or earlier (YYYY-MM)"	format(month)
//	@Param			held_from		query		string	false	"Held on this day or later"				format(date)
//	@Param			held_to			query		string	false	"Held on this day or earlier"			format(date)
//	@Param			topic_id		query		string	false	"On this topic"							format(uuid)
//	@Param			directive_id	query		string	false	"That studied this directive"			format(uuid)
//	@Param			q				query		string	false	"Words of the title, one after another, the last perhaps only begun; accents do not count"
//	@Param			updated_since	query		string	false	"Changed at this instant or later, removed drafts among them; ordered by the change"	format(date-time)
//	@Param			sort			query		string	false	"The order"																				enums(period,-period,held,-held,updated,-updated)	default(period)
//	@Param			limit			query		int		false	"Rows on a page"																		minimum(1)											maximum(200)	default(50)
//	@Param			after			query		string	false	"Where the last page ended"
//	@Param			format			query		string	false	"The format, instead of Accept"	enums(json,csv)
//	@Success		200				{object}	meetingList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/meetings [get]
func (s *Service) listMeetings(c *gin.Context) error {
	return s.listing(c, func(q *httpapi.Query) Form { return Form(q.String("form", texts(AllForms())...)) })
}

// listTopicSessions lists topic sessions.
//
//	@Summary		List topic sessions
//	@Description	The meetings with the form thematic, in the way of the list of meetings.
//	@ID				listTopicSessions
//	@Tags			Topic sessions
//	@Security		Bearer
//	@Produce		json,text/csv
//	@Param			organization_id	query		string	false	"Of this organization"																						format(uuid)
//	@Param			scope			query		string	false	"With what is below it (subtree), or it alone"																enums(subtree,own)	default(subtree)
//	@Param			counted_for		query		string	false	"Behind the figures of this organization, by the tree of the time; `scope` and `basis` as in the summary"	format(uuid)
//	@Param			basis			query		string	false	"With `counted_for`: records that are in, or only accepted ones"											enums(submitted, accepted)	default(submitted)
//	@Param			code			query		string	false	"The meeting with this code"
//	@Param			body			query		string	false	"Of this body"							enums(cell,cell_committee,party_committee,standing_committee,conference,inspection_commission)
//	@Param			status			query		string	false	"In this status"						enums(scheduled,held,submitted,accepted,cancelled)
//	@Param			period_from		query		string	false	"For this month or later (YYYY-MM)"		format(month)
//	@Param			period_to		query		string	false	"For this month or earlier (YYYY-MM)"	format(month)
//	@Param			held_from		query		string	false	"Held on this day or later"				format(date)
//	@Param			held_to			query		string	false	"Held on this day or earlier"			format(date)
//	@Param			topic_id		query		string	false	"On this topic"							format(uuid)
//	@Param			directive_id	query		string	false	"That studied this directive"			format(uuid)
//	@Param			q				query		string	false	"Words of the title, one after another, the last perhaps only begun; accents do not count"
//	@Param			updated_since	query		string	false	"Changed at this instant or later, removed drafts among them; ordered by the change"	format(date-time)
//	@Param			sort			query		string	false	"The order"																				enums(period,-period,held,-held,updated,-updated)	default(period)
//	@Param			limit			query		int		false	"Rows on a page"																		minimum(1)											maximum(200)	default(50)
//	@Param			after			query		string	false	"Where the last page ended"
//	@Param			format			query		string	false	"The format, instead of Accept"	enums(json,csv)
//	@Success		200				{object}	meetingList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/topic-sessions [get]
func (s *Service) listTopicSessions(c *gin.Context) error {
	return s.listing(c, func(*httpapi.Query) Form { return Thematic })
}

func (s *Service) listing(c *gin.Context, form func(*httpapi.Query) Form) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	f := filterOf(q)
	f.Form = form(q)
	page := q.Page(f.order().cursor()...)
	if err := q.Err(); err != nil {
		return err
	}
	rows, next, err := s.List(c.Request.Context(), auth.Current(c), f, page)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "meetings.csv", meetingCells(rows))
	}
	return httpapi.JSON(c, http.StatusOK, pageOf(rows, next))
}

func pageOf(rows []Change, next *string) meetingList {
	list := meetingList{Next: next}
	for _, row := range rows {
		if row.Removed {
			list.Removed = append(list.Removed, removedMeeting{row.Meeting.ID, row.Meeting.UpdatedAt.UTC()})
			continue
		}
		if m := row.Meeting; row.Stub != nil {
			list.Stubs = append(list.Stubs, stubMeeting{m.ID, m.OrganizationID, m.Body, m.PeriodMonth, row.Stub.Named()})
			continue
		}
		list.Data = append(list.Data, headOf(row.Meeting))
	}
	return list
}

func filterOf(q *httpapi.Query) Filter {
	return Filter{
		Organization: org.ID{UUID: q.UUID("organization_id")},
		Scope:        q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn),
		CountedFor:   org.ID{UUID: q.UUID("counted_for")},
		Basis:        ledger.Basis(q.StringOr("basis", "submitted", "submitted", "accepted")),
		Code:         q.String("code"),
		Body:         org.Body(q.String("body", texts(org.Bodies)...)),
		Status:       Status(q.String("status", texts(Statuses())...)),
		PeriodFrom:   q.Month("period_from"),
		PeriodTo:     q.Month("period_to"),
		HeldFrom:     q.Date("held_from"),
		HeldTo:       q.Date("held_to"),
		Topic:        topic.ID{UUID: q.UUID("topic_id")},
		Directive:    directive.ID{UUID: q.UUID("directive_id")},
		Search:       q.Text("q"),
		UpdatedSince: q.Instant("updated_since"),
		Sort:         Sort(q.String("sort", texts(Sorts())...)),
	}
}

// cursor returns the checks of the sort keys.
func (s Sort) cursor() []httpapi.Key {
	var keys []httpapi.Key
	for _, column := range s.columns() {
		switch column {
		case "period_month":
			keys = append(keys, httpapi.KeyMonth)
		case "held_on":
			keys = append(keys, httpapi.KeyDate)
		case "updated_at":
			keys = append(keys, httpapi.KeyInstant)
		default:
			keys = append(keys, httpapi.KeyUUID)
		}
	}
	return keys
}

func texts[W ~string](list []W) []string {
	plain := make([]string, len(list))
	for i, word := range list {
		plain[i] = string(word)
	}
	return plain
}

// meetingCells returns the rows of the list as cells; removed drafts have no row.
func meetingCells(rows []Change) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{
			"id", "code", "organization_id", "body", "forms", "period_month", "held_on", "started_at", "ended_at", "mode", "place",
			"title", "status", "guests", "self_score", "record_version", "version",
		}) {
			return
		}
		for _, row := range rows {
			m := row.Meeting
			if row.Removed {
				continue
			}
			if row.Stub != nil { // no more than the stub tells
				m = Meeting{ID: m.ID, OrganizationID: m.OrganizationID, Body: m.Body, PeriodMonth: m.PeriodMonth}
			}
			if !yield([]string{
				m.ID.String(), deref(m.Code), m.OrganizationID.String(), string(m.Body), string(m.Forms), m.PeriodMonth.String(),
				m.HeldOn.String(), cell(&m.StartedAt), cell(m.EndedAt), word(m.Mode), deref(m.Place), deref(m.Title), string(m.Status),
				number(m.Guests), number(m.SelfScore), strconv.Itoa(m.RecordVersion), strconv.FormatInt(m.Version, 10),
			}) {
				return
			}
		}
	}
}

func cell(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func word[W ~string](w *W) string {
	if w == nil {
		return ""
	}
	return string(*w)
}
