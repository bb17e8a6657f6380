package topic

import (
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// topicList is a page of topics.
type topicList struct {
	Data []topicResponse `json:"data"`
	Next *string         `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name TopicList

// listTopics lists topics.
//
//	@Summary	List topics
//	@ID			listTopics
//	@Tags		Topics
//	@Security	Bearer
//	@Produce	json
//	@Produce	text/csv
//	@Param		offered_to		query		string	false	"Offered today to this organization: its own topics, those of all above it, and those of nobody; not retired"	format(uuid)
//	@Param		organization_id	query		string	false	"Owned by this organization"																					format(uuid)
//	@Param		retired			query		bool	false	"Retired today, or not"
//	@Param		code			query		string	false	"The topic with this code"
//	@Param		category		query		string	false	"Topics of this category"			Enums(ho_chi_minh_study, cell_building, party_building, session_quality, political_task, other)
//	@Param		directive_id	query		string	false	"Topics this directive asks for"	format(uuid)
//	@Param		q				query		string	false	"Words of the title, one after another, the last perhaps only begun; accents do not count"
//	@Param		updated_since	query		string	false	"Changed at this instant or later; orders by the last change"	format(date-time)
//	@Param		sort			query		string	false	"Order"															Enums(title, updated)
//	@Param		limit			query		int		false	"Rows of a page, 50 unless given"								minimum(1)	maximum(200)
//	@Param		after			query		string	false	"The cursor of the page before"
//	@Param		format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success	200				{object}	topicList
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Failure	406				{object}	httpapi.Problem
//	@Router		/api/v1/topics [get]
func (s *Service) listTopics(c *gin.Context) error {
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
		return httpapi.CSV(c, "topics.csv", csvRows(found))
	}
	list := topicList{Data: make([]topicResponse, len(found)), Next: next}
	for i, t := range found {
		list.Data[i] = wire(t)
	}
	return httpapi.JSON(c, 0, list)
}

func readFilter(c *gin.Context) (Filter, httpapi.Page, error) {
	q := httpapi.NewQuery(c)
	filter := Filter{
		Code: q.Text("code"), Category: Category(q.String("category", words(Categories())...)), Query: q.Text("q"),
		Order: Order(q.StringOr("sort", string(ByTitle), string(ByTitle), string(ByUpdated))),
	}
	if id := q.UUID("offered_to"); q.Has("offered_to") {
		filter.OfferedTo = &org.ID{UUID: id}
	}
	if id := q.UUID("organization_id"); q.Has("organization_id") {
		filter.Organization = &org.ID{UUID: id}
	}
	if retired := q.Bool("retired"); q.Has("retired") {
		filter.Retired = &retired
	}
	if id := q.UUID("directive_id"); q.Has("directive_id") {
		filter.Directive = &directive.ID{UUID: id}
	}
	if since := q.Instant("updated_since"); q.Has("updated_since") {
		filter.UpdatedSince, filter.Order = &since, ByUpdated
	}
	key := httpapi.KeyText
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
	filter.After = &Position{SortKey: after[0], ID: id}
	if filter.Order == ByUpdated {
		filter.After.UpdatedAt, err = time.Parse(time.RFC3339Nano, after[0])
		filter.After.UpdatedAt = filter.After.UpdatedAt.UTC()
	}
	return err
}

// keys are the sort keys of a row, for the cursor.
func (filter Filter) keys(t Topic) []string {
	if filter.Order == ByUpdated {
		return []string{t.UpdatedAt.UTC().Format(time.RFC3339Nano), t.ID.String()}
	}
	return []string{t.SortKey, t.ID.String()}
}

func csvRows(found []Topic) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{"id", "code", "organization_id", "category", "title", "outline", "directive_id", "retired_on", "version"}) {
			return
		}
		for _, t := range found {
			row := []string{
				t.ID.String(), or(t.Code), cell(t.OrganizationID), string(t.Category), t.Title, or(t.Outline), cell(t.DirectiveID), cell(t.RetiredOn),
				strconv.FormatInt(t.Version, 10),
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

// cell returns the text of what may be missing.
func cell[T fmt.Stringer](value *T) string {
	if value == nil {
		return ""
	}
	return (*value).String()
}
