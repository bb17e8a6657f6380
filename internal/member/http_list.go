package member

import (
	"iter"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// memberList is a page of members.
type memberList struct {
	Data []memberResponse `json:"data"`
	Next *string          `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name MemberList

// listMembers lists members.
//
//	@Summary		List members
//	@Description	Lists the members the caller may see, in the Vietnamese order of names unless something is searched for. A member is seen by the home cell of today (else the last one, else the next one), as temporarily here, or by an office.
//	@ID				listMembers
//	@Tags			Members
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	query		string	false	"At home there today"										format(uuid)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			code			query		string	false	"The member with this code"
//	@Param			gender			query		string	false	"Gender"					Enums(male, female)
//	@Param			status			query		string	false	"A status that holds today"	Enums(exempt, temporarily_away, temporarily_here, suspended, detained, special_duty)
//	@Param			q				query		string	false	"Words of the name, one after another, the last perhaps only begun; accents do not count"
//	@Param			same_name		query		string	false	"The whole name, as a possible duplicate would have it: case, spaces and the place of the tone do not count, tones do"
//	@Param			updated_since	query		string	false	"Changed at this instant or later; orders by the last change"	format(date-time)
//	@Param			sort			query		string	false	"Order; match, which is usual with q and possible only with it, shows those first whose name holds exactly what was typed"	Enums(name, updated, match)
//	@Param			limit			query		int		false	"Rows of a page, 50 unless given"								minimum(1)	maximum(200)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Param			format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	memberList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/members [get]
func (s *Service) listMembers(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	filter, page, err := readFilter(c)
	if err != nil {
		return err
	}
	found, err := s.List(c.Request.Context(), auth.Current(c), filter)
	if err != nil {
		return err
	}
	found, next := httpapi.Cut(found, page, filter.keys)
	if format == "csv" {
		return httpapi.CSV(c, "members.csv", csvRows(found))
	}
	list := memberList{Data: make([]memberResponse, len(found)), Next: next}
	for i, v := range found {
		list.Data[i] = wire(v)
	}
	return httpapi.JSON(c, 0, list)
}

func readFilter(c *gin.Context) (Filter, httpapi.Page, error) {
	q := httpapi.NewQuery(c)
	filter := Filter{
		Scope: q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn), Code: q.Text("code"),
		Gender: Gender(q.String("gender", words(Genders())...)), Status: StatusKind(q.String("status", words(StatusKinds())...)),
		Query: q.Text("q"), SameName: q.Text("same_name"),
	}
	usual, orders := ByName, []Order{ByName, ByUpdated}
	if text.Searches(filter.Query) {
		usual, orders = ByMatch, append(orders, ByMatch)
	}
	filter.Order = Order(q.StringOr("sort", string(usual), words(orders)...))
	if id := q.UUID("organization_id"); q.Has("organization_id") {
		filter.Organization = &org.ID{UUID: id}
	}
	if since := q.Instant("updated_since"); q.Has("updated_since") {
		filter.UpdatedSince, filter.Order = &since, ByUpdated
	}
	page := q.Page(filter.Order.keys()...)
	filter.Limit = page.Limit
	if err := q.Err(); err != nil {
		return filter, page, err
	}
	return filter, page, filter.resume(page.After)
}

// keys are the kinds of the keys of a cursor.
func (o Order) keys() []httpapi.Key {
	switch o {
	case ByUpdated:
		return []httpapi.Key{httpapi.KeyInstant, httpapi.KeyUUID}
	case ByMatch:
		return []httpapi.Key{httpapi.KeyText, httpapi.KeyText, httpapi.KeyUUID}
	case ByName:
	}
	return []httpapi.Key{httpapi.KeyText, httpapi.KeyUUID}
}

// resume sets the position behind which the page begins.
func (filter *Filter) resume(after httpapi.Cursor) error {
	if after == nil {
		return nil
	}
	if filter.Order == ByMatch {
		filter.After = &Position{Match: after}
		return nil
	}
	id, err := ParseID(after[1])
	if err != nil {
		return err
	}
	filter.After = &Position{SortKey: after[0], ID: id}
	if filter.Order == ByUpdated {
		filter.After.UpdatedAt, err = time.Parse(time.RFC3339Nano, after[0])
		filter.After.UpdatedAt = filter.After.UpdatedAt.UTC()
	}
	return err
}

// keys are the sort keys of a row, for the cursor.
func (filter Filter) keys(v View) []string {
	switch filter.Order {
	case ByMatch:
		return filter.match(v.Member)
	case ByUpdated:
		return []string{v.UpdatedAt.UTC().Format(time.RFC3339Nano), v.ID.String()}
	case ByName:
	}
	return []string{v.SortKey, v.ID.String()}
}

func csvRows(found []View) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{"id", "code", "full_name", "gender", "born_on", "admitted_on", "official_on", "card_number", "organization_id", "version"}) {
			return
		}
		for _, v := range found {
			home := ""
			if v.Home != nil {
				home = v.Home.String()
			}
			row := []string{
				v.ID.String(), or(v.Code), v.FullName, string(or(v.Gender)), or(v.BornOn).String(), or(v.AdmittedOn).String(),
				or(v.OfficialOn).String(), or(v.CardNumber), home, strconv.FormatInt(v.Version, 10),
			}
			if !yield(row) {
				return
			}
		}
	}
}

// or returns what the pointer points to, or the zero value.
func or[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

// words returns the words of an enumeration as texts.
func words[W ~string](all []W) []string {
	texts := make([]string, len(all))
	for i, w := range all {
		texts[i] = string(w)
	}
	return texts
}

// rosterEntry is a member on a roster as of the day.
type rosterEntry struct {
	MemberID          ID           `json:"member_id"           swaggertype:"string" format:"uuid"`
	Code              *string      `json:"code"                example:"DV0001" extensions:"x-nullable"`
	FullName          string       `json:"full_name"           example:"Nguyễn Văn An"`
	Official          bool         `json:"official"`
	Probationary      bool         `json:"probationary"`
	Statuses          []StatusKind `json:"statuses"            swaggertype:"array,string" enums:"exempt,temporarily_away,temporarily_here,suspended,detained,special_duty"`
	Offices           []OfficeKind `json:"offices"             swaggertype:"array,string" enums:"secretary,deputy_secretary,committee_member,commission_head,commission_deputy_head,commission_member"`
	StandingIfPresent Standing     `json:"standing_if_present" swaggertype:"string" enums:"base,roster,temporary"`
	StandingIfAbsent  Standing     `json:"standing_if_absent"  swaggertype:"string" enums:"base,roster,temporary"`
} //@name RosterEntry

// rosterResponse is the roster of a body on a day.
type rosterResponse struct {
	OrganizationID org.ID        `json:"organization_id" swaggertype:"string" format:"uuid"`
	Body           org.Body      `json:"body"            swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission" example:"cell"`
	On             calendar.Date `json:"on"              swaggertype:"string" format:"date" example:"2018-04-05"`
	Roster         []rosterEntry `json:"roster"`
	Temporary      []rosterEntry `json:"temporary"` // temporarily here that day, not on the roster
} //@name Roster

// Rows is how many people a roster shows.
func (r rosterResponse) Rows() int { return len(r.Roster) + len(r.Temporary) }

// getRoster shows the roster of a body.
//
//	@Summary		Show the roster of a body on a day
//	@Description	The roster as a meeting of that day would find it, with how each member counts when present and when absent. Offices are those held that day in the organization.
//	@ID				getRoster
//	@Tags			Members
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path		string	true	"Organization"				format(uuid)
//	@Param			body			query		string	false	"Body, cell unless given"	Enums(cell, cell_committee, party_committee, standing_committee, conference, inspection_commission)
//	@Param			on				query		string	false	"Day, today unless given"	format(date)
//	@Success		200				{object}	rosterResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/roster [get]
func (s *Service) getRoster(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "organization_id")
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	body := org.Body(q.StringOr("body", string(org.Cell), words(org.Bodies)...))
	var on *calendar.Date
	if day := q.Date("on"); q.Has("on") {
		on = &day
	}
	if err := q.Err(); err != nil {
		return err
	}
	roll, err := s.Roster(c.Request.Context(), auth.Current(c), org.ID{UUID: id}, body, on)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, 0, rosterResponse{
		OrganizationID: roll.Organization, Body: roll.Body, On: roll.On,
		Roster: entries(roll.Roster, roll.Table.Standing), Temporary: entries(roll.Temporary, func(Person, bool) Standing { return Temporary }),
	})
}

func entries(people []Person, standing func(Person, bool) Standing) []rosterEntry {
	list := make([]rosterEntry, len(people))
	for i, p := range people {
		list[i] = rosterEntry{
			MemberID: p.Member.ID, Code: p.Member.Code, FullName: p.Member.FullName, Official: p.Official, Probationary: p.Probationary,
			Statuses: p.Statuses, Offices: p.Offices, StandingIfPresent: standing(p, true), StandingIfAbsent: standing(p, false),
		}
	}
	return list
}
