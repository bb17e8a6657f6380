package directive

import (
	"iter"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
)

// directiveList is a page of directives.
type directiveList struct {
	Data []directiveResponse `json:"data"`
	Next *string             `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name DirectiveList

// listDirectives lists directives.
//
//	@Summary	List directives
//	@ID			listDirectives
//	@Tags		Directives
//	@Security	Bearer
//	@Produce	json
//	@Produce	text/csv
//	@Param		code			query		string	false	"The directive with this code"
//	@Param		number			query		string	false	"Directives with this number"
//	@Param		issued_from		query		string	false	"Issued on this day or later"	format(date)
//	@Param		issued_to		query		string	false	"Issued on this day or earlier"	format(date)
//	@Param		q				query		string	false	"Words of number or title, one after another, the last perhaps only begun; accents do not count"
//	@Param		updated_since	query		string	false	"Changed at this instant or later; orders by the last change"	format(date-time)
//	@Param		sort			query		string	false	"Order"															Enums(issued, updated)
//	@Param		limit			query		int		false	"Rows of a page, 50 unless given"								minimum(1)	maximum(200)
//	@Param		after			query		string	false	"The cursor of the page before"
//	@Param		format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success	200				{object}	directiveList
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	406				{object}	httpapi.Problem
//	@Router		/api/v1/directives [get]
func (s *Service) listDirectives(c *gin.Context) error {
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
		return httpapi.CSV(c, "directives.csv", csvRows(found))
	}
	list := directiveList{Data: make([]directiveResponse, len(found)), Next: next}
	for i, d := range found {
		list.Data[i] = wire(d)
	}
	return httpapi.JSON(c, 0, list)
}

func readFilter(c *gin.Context) (Filter, httpapi.Page, error) {
	q := httpapi.NewQuery(c)
	filter := Filter{
		Code: q.Text("code"), Number: q.Text("number"), Query: q.Text("q"),
		Order: Order(q.StringOr("sort", string(ByIssued), string(ByIssued), string(ByUpdated))),
	}
	if from := q.Date("issued_from"); q.Has("issued_from") {
		filter.From = &from
	}
	if to := q.Date("issued_to"); q.Has("issued_to") {
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
	filter.After.IssuedOn, err = calendar.ParseDate(after[0])
	return err
}

// keys are the sort keys of a row, for the cursor.
func (filter Filter) keys(d Directive) []string {
	if filter.Order == ByUpdated {
		return []string{d.UpdatedAt.UTC().Format(time.RFC3339Nano), d.ID.String()}
	}
	return []string{d.IssuedOn.String(), d.ID.String()}
}

func csvRows(found []Directive) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{"id", "code", "number", "issuer", "issued_on", "title", "version"}) {
			return
		}
		for _, d := range found {
			row := []string{
				d.ID.String(), or(d.Code), d.Number, or(d.Issuer), d.IssuedOn.String(), or(d.Title), strconv.FormatInt(d.Version, 10),
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
