package inspection

import (
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// inspectionList is a page of rounds.
type inspectionList struct {
	Data []inspectionHead `json:"data"`
	Next *string          `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name InspectionList

// listInspections lists rounds.
//
//	@Summary		List inspections
//	@Description	Lists the rounds whose inspecting organizations the caller may see, without their objects.
//	@ID				listInspections
//	@Tags			Inspections
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	query		string	false	"Inspected by this organization"							format(uuid)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			code			query		string	false	"The inspection with this code"
//	@Param			body			query		string	false	"Inspected by this body"		Enums(cell, cell_committee, party_committee, standing_committee, conference, inspection_commission)
//	@Param			kind			query		string	false	"Of this kind"					Enums(compliance_inspection, violation_sign_inspection, thematic_supervision, regular_supervision)
//	@Param			from			query		string	false	"Begins on this day or later"	format(date)
//	@Param			to				query		string	false	"Begins on this day or earlier"	format(date)
//	@Param			q				query		string	false	"Words of the title, one after another, the last perhaps only begun; accents do not count"
//	@Param			updated_since	query		string	false	"Changed at this instant or later; orders by the last change"	format(date-time)
//	@Param			sort			query		string	false	"Order"															Enums(from, updated)
//	@Param			limit			query		int		false	"Rows of a page, 50 unless given"								minimum(1)	maximum(200)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Param			format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	inspectionList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/inspections [get]
func (s *Service) listInspections(c *gin.Context) error {
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
		return httpapi.CSV(c, "inspections.csv", csvRows(found))
	}
	list := inspectionList{Data: make([]inspectionHead, len(found)), Next: next}
	for n, i := range found {
		list.Data[n] = wireHead(i)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

func readFilter(c *gin.Context) (Filter, httpapi.Page, error) {
	q := httpapi.NewQuery(c)
	filter := Filter{
		Scope: q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn), Code: q.Text("code"),
		Body: org.Body(q.String("body", words(org.Bodies)...)), Kind: Kind(q.String("kind", words(Kinds())...)), Query: q.Text("q"),
		Order: Order(q.StringOr("sort", string(ByFrom), string(ByFrom), string(ByUpdated))),
	}
	if id := q.UUID("organization_id"); q.Has("organization_id") {
		filter.Organization = &org.ID{UUID: id}
	}
	if from := q.Date("from"); !from.IsZero() {
		filter.From = &from
	}
	if to := q.Date("to"); !to.IsZero() {
		filter.To = &to
	}
	if since := q.Instant("updated_since"); q.Has("updated_since") {
		filter.UpdatedSince, filter.Order = &since, ByUpdated
	}
	key := httpapi.KeyDate
	if filter.Order == ByUpdated {
		key = httpapi.KeyInstant
	}
	page := q.Page(key, httpapi.KeyUUID)
	filter.Limit = page.Limit
	if err := q.Err(); err != nil {
		return filter, page, err
	}
	return filter, page, filter.resume(page.After)
}

// resume sets the position behind which the page begins.
func (filter *Filter) resume(after httpapi.Cursor) error {
	if after == nil {
		return nil
	}
	id, err := ParseID(after[1])
	if err != nil {
		return err
	}
	filter.After = &Position{ID: id}
	if filter.Order == ByUpdated {
		filter.After.UpdatedAt, err = time.Parse(time.RFC3339Nano, after[0])
		filter.After.UpdatedAt = filter.After.UpdatedAt.UTC()
		return err
	}
	filter.After.From, err = calendar.ParseDate(after[0])
	return err
}

// keys are the sort keys of a row, for the cursor.
func (filter Filter) keys(i Inspection) []string {
	if filter.Order == ByUpdated {
		return []string{i.UpdatedAt.UTC().Format(time.RFC3339Nano), i.ID.String()}
	}
	return []string{i.FromOn.String(), i.ID.String()}
}

func csvRows(found []Inspection) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{"id", "code", "organization_id", "body", "kind", "from", "to", "title", "version"}) {
			return
		}
		for _, i := range found {
			to := ""
			if i.ToOn != nil {
				to = i.ToOn.String()
			}
			row := []string{
				i.ID.String(), or(i.Code), i.OrganizationID.String(), string(i.Body), string(i.Kind), i.FromOn.String(), to, or(i.Title),
				strconv.FormatInt(i.Version, 10),
			}
			if !yield(row) {
				return
			}
		}
	}
}

// or returns the text, or nothing.
func or(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
